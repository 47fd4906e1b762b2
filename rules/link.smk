# link: who answered for which organisation, and who answered again; names end here
CLEANED = expand(
    "data/processed/clean/recode_items/{source}.cleaned.parquet", source=[source.source for source in study.surveys]
)


rule hash_identifiers:
    input:
        identifiers=expand(
            "data/processed/ingest/read_wave/{source}.identifiers.parquet",
            source=[source.source for source in study.surveys],
        ),
        code=code("link.hash_identifiers"),
    output:
        pseudonyms="data/processed/link/hash_identifiers/pseudonyms.parquet",
        key="data/processed/link/hash_identifiers/key.json",
    log:
        "logs/hash_identifiers/hash_identifiers.log",
    benchmark:
        "logs/hash_identifiers/hash_identifiers.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        secret=[study.config.secret.name, study.config.secret.file],
        synthetic=study.config.synthetic,
    message:
        "hash_identifiers: replace names and addresses by keyed hashes"
    script:
        "step.py"


rule place_respondents:
    input:
        cleaned=CLEANED,
        areas="data/processed/register/read_registers/areas.parquet",
        organisations="data/processed/register/read_registers/organisations.parquet",
        aliases="data/processed/register/read_registers/aliases.parquet",
        predecessors="data/processed/register/read_registers/predecessors.parquet",
        links="data/processed/register/read_registers/links.parquet",
        code=code("link.place_respondents"),
    output:
        placed="data/processed/link/place_respondents/placed.parquet",
        changes="data/processed/link/place_respondents/changes.parquet",
        rejects="data/processed/link/place_respondents/rejects.parquet",
        review="data/processed/link/place_respondents/review.parquet",
        faults="data/processed/link/place_respondents/faults.parquet",
    log:
        "logs/place_respondents/place_respondents.log",
    benchmark:
        "logs/place_respondents/place_respondents.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        instruments=[
            instrument.model_dump(mode="json", include={"id", "role", "organisation"})
            for instrument in study.config.instruments
        ],
        roles=[role.model_dump(mode="json", include={"id", "label"}) for role in study.config.roles],
        patterns={entry.kind: entry.pattern for entry in study.config.registers.organisations},
        said={source.source: said_in(source) for source in study.surveys},
    message:
        "place_respondents: find each response's organisation and area"
    script:
        "step.py"


rule link_respondents:
    input:
        placed="data/processed/link/place_respondents/placed.parquet",
        pseudonyms="data/processed/link/hash_identifiers/pseudonyms.parquet",
        cleaned=CLEANED,
        code=code("link.link_respondents"),
    output:
        respondents="data/processed/link/link_respondents/respondents.parquet",
        rejects="data/processed/link/link_respondents/rejects.parquet",
        match_rates="data/processed/link/link_respondents/match_rates.parquet",
        moved="data/processed/link/link_respondents/moved.parquet",
        faults="data/processed/link/link_respondents/faults.parquet",
    log:
        "logs/link_respondents/link_respondents.log",
    benchmark:
        "logs/link_respondents/link_respondents.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        linkage=study.config.linkage.model_dump(mode="json"),
        waves=list(study.waves),
    message:
        "link_respondents: follow respondents from wave to wave"
    script:
        "step.py"


rule pair_dyads:
    input:
        placed="data/processed/link/place_respondents/placed.parquet",
        respondents="data/processed/link/link_respondents/respondents.parquet",
        links="data/processed/register/read_registers/links.parquet",
        code=code("link.pair_dyads"),
    output:
        dyads="data/processed/link/pair_dyads/dyads.parquet",
    log:
        "logs/pair_dyads/pair_dyads.log",
    benchmark:
        "logs/pair_dyads/pair_dyads.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        waves=list(study.waves),
    message:
        "pair_dyads: bring both sides of each link together"
    script:
        "step.py"
