# publish: tables, workbook, quality pages; then figures, packs, report, notebooks

from pilot_eval.publish.assumptions import assumptions, plan_log
from pilot_eval.publish.catalogue import tables_for, wording
from pilot_eval.publish.figures.plan import SUMMARY, planned_figures
from pilot_eval.publish.printed import DRAWN, PACKED, REPORTED, SUMMED, TITLE, printed
from pilot_eval.study.good_practice import FOLDER

TABLES = tables_for(study)


PLANNED = planned_figures(printed(study, *DRAWN))
FIGURES = [figure["name"] for figure in PLANNED]
# A study's own notebooks stand beside its config; one of ours with the same name gives way.
NOTEBOOKS = {
    file.stem: os.path.relpath(file, study.root)
    for home in (HOME, study.root)
    for file in sorted(home.glob("notebooks/*.py"))
}
# Pages that are done before the quality pages, which say how they keep the rules, by what they are called there: the
# files of packs have the names of areas. Notebooks read what the quality pages say.
PAGES = {
    "report": "results/report/report.html",
    "summary": "results/report/summary.html",
    **{f"good practice {page.name}": f"results/good_practice/{page.name}.html" for page in study.good_practice},
    **{f"pack {number}": f"results/packs/{area}.html" for number, area in enumerate(study.areas, start=1)},
}


rule write_tables:
    input:
        cells="data/processed/disclose/hide_cells/cells.parquet",
        code=code("publish.write_tables"),
    output:
        tables=expand("results/tables/{table}.csv", table=TABLES),
        catalogue="results/tables/catalogue.json",
        faults="data/processed/publish/write_tables/faults.parquet",
    log:
        "logs/write_tables/write_tables.log",
    benchmark:
        "logs/write_tables/write_tables.tsv"
    threads: 1
    resources:
        mem_mb=400,
        runtime=5,
    params:
        tables=TABLES,
        wording=wording(study),
    message:
        "write_tables: every table as tidy CSV"
    script:
        "step.py"


rule write_findings:
    input:
        cells="data/processed/disclose/hide_cells/cells.parquet",
        code=code("publish.write_findings"),
    output:
        findings="results/findings.csv",
    log:
        "logs/write_findings/write_findings.log",
    benchmark:
        "logs/write_findings/write_findings.tsv"
    threads: 1
    resources:
        mem_mb=400,
        runtime=5,
    params:
        questions=[worded(name) for name in study.plan.questions],
        synthetic=study.config.synthetic,
    message:
        "write_findings: one sentence per question of the plan"
    script:
        "step.py"


rule build_workbook:
    input:
        cells="data/processed/disclose/hide_cells/cells.parquet",
        code=code("publish.build_workbook"),
    output:
        workbook="results/workbook.xlsx",
        ods="results/workbook.ods",
    log:
        "logs/build_workbook/build_workbook.log",
    benchmark:
        "logs/build_workbook/build_workbook.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        tables=TABLES,
        wording=wording(study),
    message:
        "build_workbook: all tables as an accessible workbook"
    script:
        "step.py"


rule lint_workbook:
    input:
        workbook="results/workbook.xlsx",
        code=code("publish.lint_workbook"),
    output:
        kept="results/qa/workbook_rules.csv",
    log:
        "logs/lint_workbook/lint_workbook.log",
    benchmark:
        "logs/lint_workbook/lint_workbook.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        synthetic=study.config.synthetic,
    message:
        "lint_workbook: read the workbook back and hold it against every rule"
    script:
        "step.py"


rule write_qa:
    input:
        cells="data/processed/disclose/hide_cells/cells.parquet",
        hidden="data/processed/disclose/hide_cells/hidden.parquet",
        receipts=written("receipt.json"),
        rejects=written("rejects.parquet"),
        changes=written("changes.parquet"),
        faults=written("faults.parquet"),
        balance="data/processed/score/score_scales/balance.parquet",
        rates="data/processed/link/link_respondents/match_rates.parquet",
        flow="data/processed/link/link_respondents/flow.parquet",
        audit="data/processed/link/audit_links/audit.parquet",
        differences="data/processed/challenge/compare_linked/differences.parquet",
        slopes="data/processed/challenge/correct_slopes/slopes.parquet",
        fits=[f"data/processed/model/fit_change/{model}/{outcome}.fit.json" for model, outcome in study.fits],
        workbook_rules="results/qa/workbook_rules.csv",
        figure_rules="results/qa/figure_rules.csv",
        page_rules="results/qa/page_rules.csv",
        contracts=sorted(asset(file.relative_to(HOME / "src/pilot_eval")) for file in HOME.glob("src/*/*/contracts.py")),
        lock=os.path.relpath(HOME / "requirements.lock", study.root),
        base=asset("publish/assets/base.html.jinja"),
        style=asset("publish/assets/style.css"),
        page=asset("publish/assets/qa.html.jinja"),
        code=code("publish.write_qa"),
    output:
        data_log="results/qa/data_log.csv",
        changes="results/qa/changes.csv",
        rejects="results/qa/rejects.csv",
        faults="results/qa/faults.csv",
        match_rates="results/qa/match_rates.csv",
        link_flow="results/qa/link_flow.csv",
        link_audit="results/qa/link_audit.csv",
        linked_compared="results/qa/linked_compared.csv",
        start_slopes="results/qa/start_slopes.csv",
        models="results/qa/models.csv",
        reliability="results/qa/reliability.csv",
        disclosure="results/qa/disclosure.csv",
        contract_list="results/qa/contract_list.csv",
        assumption_log="results/qa/assumption_log.csv",
        deviations="results/qa/deviations.csv",
        software="results/qa/software.csv",
        checks="results/qa/checks.json",
        html="results/qa/index.html",
    log:
        "logs/write_qa/write_qa.log",
    benchmark:
        "logs/write_qa/write_qa.tsv"
    threads: 1
    resources:
        mem_mb=400,
        runtime=5,
    params:
        sources=[source.model_dump(mode="json") for source in study.sources],
        people=study.config.people.model_dump(mode="json"),
        assumptions=assumptions(study),
        plan=plan_log(study),
        wording=wording(study),
    message:
        "write_qa: what was read, changed, rejected, linked and checked"
    script:
        "step.py"


rule draw_figures:
    input:
        cells="data/processed/disclose/hide_cells/cells.parquet",
        code=code("publish.draw_figures"),
    output:
        svg=expand("results/figures/{figure}.svg", figure=FIGURES),
        png=expand("results/figures/{figure}.png", figure=FIGURES),
        data=expand("results/figures/{figure}.csv", figure=FIGURES),
        words=expand("results/figures/{figure}.json", figure=FIGURES),
        kept="results/qa/figure_rules.csv",
    log:
        "logs/draw_figures/draw_figures.log",
    benchmark:
        "logs/draw_figures/draw_figures.tsv"
    priority: 1
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        figures=PLANNED,
        study=printed(study, *DRAWN),
    message:
        "draw_figures: every figure as picture, data and words, held against every rule"
    script:
        "step.py"


rule write_packs:
    input:
        cells="data/processed/disclose/hide_cells/cells.parquet",
        areas="data/processed/register/read_registers/areas.parquet",
        base=asset("publish/assets/base.html.jinja"),
        template=asset("publish/assets/pack.html.jinja"),
        css=asset("publish/assets/style.css"),
        code=code("publish.write_packs"),
    output:
        packs=expand("results/packs/{area}.html", area=study.areas),
    log:
        "logs/write_packs/write_packs.log",
    benchmark:
        "logs/write_packs/write_packs.tsv"
    threads: 1
    resources:
        mem_mb=400,
        runtime=5,
    params:
        pages=list(study.areas),
        questions=[worded(name) for name, question in study.plan.questions.items() if question.family != EXPLORATORY],
        study=printed(study, *PACKED),
    message:
        "write_packs: feedback for every area, each alone"
    script:
        "step.py"


rule write_good_practice:
    input:
        texts=[f"{FOLDER}/{page.name}.md" for page in study.good_practice],
        base=asset("publish/assets/base.html.jinja"),
        template=asset("publish/assets/good_practice.html.jinja"),
        css=asset("publish/assets/style.css"),
        code=code("publish.write_good_practice"),
    output:
        pages=expand("results/good_practice/{page}.html", page=[page.name for page in study.good_practice]),
    log:
        "logs/write_good_practice/write_good_practice.log",
    benchmark:
        "logs/write_good_practice/write_good_practice.tsv"
    threads: 1
    resources:
        mem_mb=200,
        runtime=5,
    params:
        pages=[{"name": page.name, **page.about.model_dump(mode="json")} for page in study.good_practice],
        study=printed(study, *TITLE, "people", "areas_public_as", "good_practice"),
    message:
        "write_good_practice: what case studies tell of critical success factors"
    script:
        "step.py"


rule run_notebooks:
    input:
        notebooks=list(NOTEBOOKS.values()),
        checked=[
            "data/processed/score/score_scales/analysis.parquet",
            *(f"results/qa/{name}" for name in ("data_log.csv", "rejects.csv", "match_rates.csv", "checks.json")),
            *expand("results/tables/{table}.csv", table=TABLES),
        ],
        base=asset("publish/assets/base.html.jinja"),
        template=asset("publish/assets/notebook.html.jinja"),
        css=asset("publish/assets/style.css"),
        code=code("publish.run_notebooks"),
    output:
        pages=expand("results/notebooks/{notebook}.html", notebook=NOTEBOOKS),
    log:
        "logs/run_notebooks/run_notebooks.log",
    benchmark:
        "logs/run_notebooks/run_notebooks.tsv"
    priority: 1
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    params:
        names=list(NOTEBOOKS),
        study=printed(study, *TITLE, "people", "scales", "questions"),
    message:
        "run_notebooks: executed and written as pages"
    script:
        "step.py"


rule write_report:
    input:
        cells="data/processed/disclose/hide_cells/cells.parquet",
        svg=expand("results/figures/{figure}.svg", figure=FIGURES),
        words=expand("results/figures/{figure}.json", figure=FIGURES),
        fits=[f"data/processed/model/fit_change/{model}/{outcome}.fit.json" for model, outcome in study.fits],
        base=asset("publish/assets/base.html.jinja"),
        template=asset("publish/assets/report.html.jinja"),
        css=asset("publish/assets/style.css"),
        script=asset("publish/assets/report.js"),
        code=code("publish.write_report"),
    output:
        report="results/report/report.html",
    log:
        "logs/write_report/write_report.log",
    benchmark:
        "logs/write_report/write_report.tsv"
    threads: 1
    resources:
        mem_mb=400,
        runtime=5,
    params:
        figures=PLANNED,
        questions=[worded(name) for name in study.plan.questions],
        deviations=plan_log(study)["deviations"],
        study=printed(study, *REPORTED),
        wording=wording(study),
    message:
        "write_report: findings, methods, results and limits on one page"
    script:
        "step.py"


rule write_summary:
    input:
        cells="data/processed/disclose/hide_cells/cells.parquet",
        svg=f"results/figures/{SUMMARY}.svg",
        words=f"results/figures/{SUMMARY}.json",
        base=asset("publish/assets/base.html.jinja"),
        template=asset("publish/assets/summary.html.jinja"),
        css=asset("publish/assets/style.css"),
        look=asset("publish/assets/summary.css"),
        code=code("publish.write_summary"),
    output:
        summary="results/report/summary.html",
    log:
        "logs/write_summary/write_summary.log",
    benchmark:
        "logs/write_summary/write_summary.tsv"
    threads: 1
    resources:
        mem_mb=400,
        runtime=5,
    params:
        study=printed(study, *SUMMED),
    message:
        "write_summary: the main findings on one sheet"
    script:
        "step.py"


rule lint_pages:
    input:
        pages=list(PAGES.values()),
        code=code("publish.lint_pages"),
    output:
        kept="results/qa/page_rules.csv",
    log:
        "logs/lint_pages/lint_pages.log",
    benchmark:
        "logs/lint_pages/lint_pages.tsv"
    threads: 1
    resources:
        mem_mb=400,
        runtime=5,
    params:
        names=list(PAGES),
        synthetic=study.config.synthetic,
        final=wording(study)["final"],
    message:
        "lint_pages: read report, summary, good practice and packs back and hold them against every rule"
    script:
        "step.py"


rule write_documents:
    input:
        report="results/report/report.html",
        packs=expand("results/packs/{area}.html", area=study.areas),
        png=expand("results/figures/{figure}.png", figure=FIGURES),
        code=code("publish.write_documents"),
    output:
        report="results/report/report.docx",
        packs=expand("results/packs/{area}.docx", area=study.areas),
    log:
        "logs/write_documents/write_documents.log",
    benchmark:
        "logs/write_documents/write_documents.tsv"
    priority: -1
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        figures=FIGURES,
    message:
        "write_documents: report and packs as documents to annotate"
    script:
        "step.py"
