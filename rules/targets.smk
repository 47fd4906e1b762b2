"""Goals named for people: `snakemake tables`, `snakemake report`, `snakemake verified`."""

from pilot_eval.runs.versions import LOCK, other_versions


rule tables:
    input:
        results_of("tables/", "workbook", "ledger"),
    message:
        "tables: every table as CSV, and the workbook"


rule figures:
    input:
        results_of("figures/"),
    message:
        "figures: every figure with its data and words"


rule packs:
    input:
        results_of("packs/"),
    message:
        "packs: one page per area"


rule report:
    input:
        results_of("report/"),
    message:
        "report: the report"


rule pdf:
    input:
        report="results/report/report.html",
        summary="results/report/summary.html",
        checked=["results/verify/leaks.json"],
        code=code("publish.pdf"),
    output:
        report="results/report/report.pdf",
        summary="results/report/summary.pdf",
    log:
        "logs/pdf/pdf.log",
    message:
        "pdf: report and summary as tagged PDF"
    script:
        "step.py"


rule verified:
    input:
        verdict="results/verify/verdict.json",
        code=code("verify.verified"),
    log:
        "logs/verified/verified.log",
    params:
        versions=[fault.saw for fault in other_versions(HOME / LOCK)],
    message:
        "verified: fail unless every published number came out again"
    script:
        "step.py"
