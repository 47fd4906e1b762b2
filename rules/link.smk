# link: who answered for which organisation, and who answered again; names end here
CLEANED = expand(
    "data/processed/clean/recode_items/{source}.cleaned.parquet", source=[source.source for source in study.surveys]
)
IDENTIFIERS = expand(
    "data/processed/ingest/read_wave/{source}.identifiers.parquet",
    source=[source.source for source in study.surveys],
)
LINKAGE = study.config.linkage.model_dump(mode="json", exclude={"organisations"})
DECISIONS = [{"line": line, **decision.model_dump(mode="json")} for line, decision in study.decisions]


rule hash_identifiers:
    input:
        identifiers=IDENTIFIERS,
        code=code("link.hash_identifiers"),
    output:
        pseudonyms="data/processed/link/hash_identifiers/pseudonyms.parquet",
        key="data/processed/link/hash_identifiers/key.json",
    log:
        "logs/hash_identifiers/hash_identifiers.log",
    benchmark:
        "logs/hash_identifiers/hash_identifiers.tsv"
    priority: 2
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        secret=[study.config.secret.name, study.config.secret.file],
        synthetic=study.config.synthetic,
        known_key=study.config.secret.key_id,
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
    priority: 2
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
        typed_names=[entry.model_dump(mode="json") for entry in study.config.linkage.organisations],
        said={source.source: said_in(source) for source in study.surveys},
    message:
        "place_respondents: find each response's organisation and area"
    script:
        "step.py"


rule score_pairs:
    input:
        identifiers=IDENTIFIERS,
        placed="data/processed/link/place_respondents/placed.parquet",
        code=code("link.score_pairs"),
    output:
        pairs="data/processed/link/score_pairs/pairs.parquet",
        decoys="data/processed/link/score_pairs/decoys.parquet",
    log:
        "logs/score_pairs/score_pairs.log",
    benchmark:
        "logs/score_pairs/score_pairs.tsv"
    priority: 2
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        linkage={name: LINKAGE[name] for name in ("scorer", "weights", "accept", "review", "gap", "loose")},
        waves=list(study.waves),
        seed=study.config.seed,
    message:
        "score_pairs: how alike respondents of one area are"
    script:
        "step.py"


rule link_respondents:
    input:
        placed="data/processed/link/place_respondents/placed.parquet",
        pseudonyms="data/processed/link/hash_identifiers/pseudonyms.parquet",
        pairs="data/processed/link/score_pairs/pairs.parquet",
        cleaned=CLEANED,
        code=code("link.link_respondents"),
    output:
        respondents="data/processed/link/link_respondents/respondents.parquet",
        links="data/processed/link/link_respondents/links.parquet",
        review="data/processed/link/link_respondents/review.parquet",
        variants="data/processed/link/link_respondents/variants.parquet",
        rejects="data/processed/link/link_respondents/rejects.parquet",
        match_rates="data/processed/link/link_respondents/match_rates.parquet",
        flow="data/processed/link/link_respondents/flow.parquet",
        moved="data/processed/link/link_respondents/moved.parquet",
        faults="data/processed/link/link_respondents/faults.parquet",
    log:
        "logs/link_respondents/link_respondents.log",
    benchmark:
        "logs/link_respondents/link_respondents.tsv"
    priority: 2
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        linkage=LINKAGE,
        decisions=DECISIONS,
        waves=list(study.waves),
    message:
        "link_respondents: follow respondents from wave to wave"
    script:
        "step.py"


rule write_cases:
    input:
        identifiers=IDENTIFIERS,
        placed="data/processed/link/place_respondents/placed.parquet",
        links="data/processed/link/link_respondents/links.parquet",
        review="data/processed/link/link_respondents/review.parquet",
        key="data/processed/link/hash_identifiers/key.json",
        code=code("link.write_cases"),
    output:
        cases="data/processed/link/write_cases/cases.csv",
        named="data/processed/link/write_cases/cases.identifiers.csv",
    log:
        "logs/write_cases/write_cases.log",
    benchmark:
        "logs/write_cases/write_cases.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        decisions=DECISIONS,
        size=LINKAGE["sample"],
        seed=study.config.seed,
    message:
        "write_cases: pairs that a person should decide"
    script:
        "step.py"


rule audit_links:
    input:
        placed="data/processed/link/place_respondents/placed.parquet",
        pseudonyms="data/processed/link/hash_identifiers/pseudonyms.parquet",
        pairs="data/processed/link/score_pairs/pairs.parquet",
        decoys="data/processed/link/score_pairs/decoys.parquet",
        respondents="data/processed/link/link_respondents/respondents.parquet",
        links="data/processed/link/link_respondents/links.parquet",
        cleaned=CLEANED,
        code=code("link.audit_links"),
    output:
        audit="data/processed/link/audit_links/audit.parquet",
    log:
        "logs/audit_links/audit_links.log",
    benchmark:
        "logs/audit_links/audit_links.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        linkage=LINKAGE,
        decisions=DECISIONS,
        waves=list(study.waves),
        seed=study.config.seed,
    message:
        "audit_links: how often links are wrong, and persons missed"
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
        faults="data/processed/link/pair_dyads/faults.parquet",
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
        register=study.source(study.config.registers.links.source).path if study.config.registers.links else "",
    message:
        "pair_dyads: bring both sides of each link together"
    script:
        "step.py"
