# verify: does this run say what the release says? And the way in to all of it

from pilot_eval.study.load import sha256_of
from pilot_eval.verify.machine import machine

MADE = [
    "results/ledger.csv",
    *(path for path in everything() if re.fullmatch(r"results/(tables|figures)/.*\.csv", path)),
]
RELEASED = sorted(file for file in (study.root / "published").rglob("*") if file.suffix in (".csv", ".json"))
OUTPUTS = [path for path in everything() if path.startswith("results/")]
# What a title block says of the study, without the labels of its outcomes.
TITLED = ("title", "short_title", "geography", "period", "organisation", "synthetic", "release", "final")
TITLES = {key: wording(study)[key] for key in (*TITLED, "areas_public_as", "words")}


rule meet_claims:
    input:
        cells="data/processed/disclose/hide_cells/cells.parquet",
        code=code("verify.meet_claims"),
    output:
        claims="results/verify/claims.csv",
    log:
        "logs/meet_claims/meet_claims.log",
    benchmark:
        "logs/meet_claims/meet_claims.tsv"
    threads: 1
    resources:
        mem_mb=200,
        runtime=5,
    params:
        claims=[claim.model_dump(mode="json", exclude={"note"}) for claim in study.claims],
        round_counts_to=study.config.disclosure.round_counts_to,
    message:
        "meet_claims: hold numbers published elsewhere against the ledger"
    script:
        "step.py"


rule compare_release:
    input:
        made=MADE,
        released=[os.path.relpath(file, study.root) for file in RELEASED],
        claims="results/verify/claims.csv",
        base=asset("publish/assets/base.html.jinja"),
        style=asset("publish/assets/style.css"),
        page=asset("verify/assets/comparison.html.jinja"),
        code=code("verify.compare_release"),
    output:
        comparison="results/verify/comparison.csv",
        verdict="results/verify/verdict.json",
        html="results/verify/index.html",
    log:
        "logs/compare_release/compare_release.log",
    benchmark:
        "logs/compare_release/compare_release.tsv"
    priority: -1
    threads: 1
    resources:
        mem_mb=400,
        runtime=5,
    params:
        made_paths=[path.removeprefix("results/") for path in MADE],
        checksums={file.relative_to(study.root / "published").as_posix(): sha256_of(file) for file in RELEASED},
        platform=machine(),
        study=TITLES,
    message:
        "compare_release: hold every number against the release"
    script:
        "step.py"


rule write_index:
    input:
        checked=OUTPUTS,
        verdict="results/verify/verdict.json",
        checks="results/qa/checks.json",
        titles="results/tables/catalogue.json",
        base=asset("publish/assets/base.html.jinja"),
        style=asset("publish/assets/style.css"),
        page=asset("verify/assets/index.html.jinja"),
        code=code("verify.write_index"),
    output:
        html="results/index.html",
    log:
        "logs/write_index/write_index.log",
    benchmark:
        "logs/write_index/write_index.tsv"
    threads: 1
    resources:
        mem_mb=200,
        runtime=5,
    params:
        study=TITLES,
    message:
        "write_index: the way in to everything produced"
    script:
        "step.py"


rule find_leaks:
    input:
        # Beside link, the one rule that reads who answered: it has to know whom to look for.
        identifiers=written(".identifiers.parquet"),
        # A text of good practice is no public word: whom it names, it names.
        public=[
            *written_by("register"),
            *(path for path in settings() if not path.startswith("config/good_practice/")),
            *(path for path in programs() if "/publish/" in path),
        ],
        # Everything made after link, and what earlier stages say of their faults.
        scanned=[path for path in everything() if may_be_seen(path)],
        code=code("verify.find_leaks"),
    output:
        leaks="results/verify/leaks.json",
    log:
        "logs/find_leaks/find_leaks.log",
    benchmark:
        "logs/find_leaks/find_leaks.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        study=TITLES,
    message:
        "find_leaks: look for respondents in everything that was made"
    script:
        "step.py"


rule write_manifest:
    input:
        checked=sorted(
            {
                *(source.path for source in study.sources),
                *settings(),
                *programs(),
                *OUTPUTS,
                "results/index.html",
                "results/verify/leaks.json",
            }
        ),
        code=code("verify.write_manifest"),
    output:
        manifest="results/manifest.json",
    log:
        "logs/write_manifest/write_manifest.log",
    benchmark:
        "logs/write_manifest/write_manifest.tsv"
    threads: 1
    resources:
        mem_mb=200,
        runtime=5,
    params:
        home=os.path.relpath(HOME, study.root),
        study=TITLES,
    message:
        "write_manifest: checksums of all that went in and came out"
    script:
        "step.py"
