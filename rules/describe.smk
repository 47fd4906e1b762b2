# describe: who answered, and what they said


rule count_flow:
    input:
        analysis="data/processed/score/score_scales/analysis.parquet",
        organisations="data/processed/register/read_registers/organisations.parquet",
        receipts=[f"data/processed/ingest/read_wave/{one.source}.receipt.json" for one in study.surveys],
        rejects=[
            *(f"data/processed/ingest/read_wave/{one.source}.rejects.parquet" for one in study.surveys),
            *(f"data/processed/clean/recode_items/{one.source}.rejects.parquet" for one in study.surveys),
            "data/processed/link/place_respondents/rejects.parquet",
            "data/processed/link/link_respondents/rejects.parquet",
        ],
        code=code("describe.count_flow"),
    output:
        part="data/processed/describe/count_flow/part.parquet",
    log:
        "logs/count_flow/count_flow.log",
    benchmark:
        "logs/count_flow/count_flow.tsv"
    threads: 1
    resources:
        mem_mb=400,
        runtime=5,
    params:
        waves=list(study.waves),
        areas=list(study.areas),
        invited=[role.invited for role in study.config.roles],
        outcomes=[outcome_of(name, "column", "roles") for name in study.outcomes],
    message:
        "count_flow: count records, respondents, organisations and areas from wave to wave"
    script:
        "step.py"


rule measure_response:
    input:
        analysis="data/processed/score/score_scales/analysis.parquet",
        register="data/processed/register/read_registers/organisations.parquet",
        code=code("describe.measure_response"),
    output:
        part="data/processed/describe/measure_response/part.parquet",
        faults="data/processed/describe/measure_response/faults.parquet",
    log:
        "logs/measure_response/measure_response.log",
    benchmark:
        "logs/measure_response/measure_response.tsv"
    threads: 1
    resources:
        mem_mb=400,
        runtime=5,
    params:
        outcomes=[outcome_of(name) for name in study.outcomes],
        roles=[{"id": role.id, "invited": role.invited} for role in study.config.roles],
        areas=list(study.areas),
        waves=list(study.waves),
        least=study.config.disclosure.min_respondents,
    message:
        "measure_response: response and retention by area and role"
    script:
        "step.py"


rule tabulate_items:
    input:
        analysis="data/processed/score/score_scales/analysis.parquet",
        code=code("describe.tabulate_items"),
    output:
        part="data/processed/describe/tabulate_items/part.parquet",
    log:
        "logs/tabulate_items/tabulate_items.log",
    benchmark:
        "logs/tabulate_items/tabulate_items.tsv"
    threads: 1
    resources:
        mem_mb=400,
        runtime=5,
    params:
        questions=labelled_items(),
        waves=list(study.waves),
    message:
        "tabulate_items: distribution of the answers to each question"
    script:
        "step.py"


rule compare_waves:
    input:
        analysis="data/processed/score/score_scales/analysis.parquet",
        code=code("describe.compare_waves"),
    output:
        part="data/processed/describe/compare_waves/part.parquet",
    log:
        "logs/compare_waves/compare_waves.log",
    benchmark:
        "logs/compare_waves/compare_waves.tsv"
    threads: 1
    resources:
        mem_mb=400,
        runtime=5,
    params:
        outcomes=[outcome_of(name) for name in study.outcomes],
        waves=list(study.waves),
        replications=[
            {"replication": name, "outcomes": list(one.outcomes), "role": one.role}
            for name, one in study.plan.replications.items()
        ],
        agreements=[
            {"agreement": name, "column": one.item, "wave": one.wave, "agree": list(one.agree)}
            for name, one in study.plan.agreements.items()
        ],
    message:
        "compare_waves: means, paired change and agreement"
    script:
        "step.py"


rule compare_leavers:
    input:
        analysis="data/processed/score/score_scales/analysis.parquet",
        register="data/processed/register/read_registers/organisations.parquet",
        code=code("describe.compare_leavers"),
    output:
        part="data/processed/describe/compare_leavers/part.parquet",
    log:
        "logs/compare_leavers/compare_leavers.log",
    benchmark:
        "logs/compare_leavers/compare_leavers.tsv"
    threads: 1
    resources:
        mem_mb=400,
        runtime=5,
    params:
        attributes=attributes_of_study(),
        roles=[{"id": role.id, "label": role.label} for role in study.config.roles],
        areas=list(study.areas),
        waves=list(study.waves),
    message:
        "compare_leavers: who answered and who left"
    script:
        "step.py"


rule compare_items:
    input:
        analysis="data/processed/score/score_scales/analysis.parquet",
        code=code("describe.compare_items"),
    output:
        part="data/processed/describe/compare_items/part.parquet",
    log:
        "logs/compare_items/compare_items.log",
    benchmark:
        "logs/compare_items/compare_items.tsv"
    threads: 1
    resources:
        mem_mb=400,
        runtime=5,
    params:
        questions=labelled_items(),
        roles=study_roles(),
        waves=list(study.waves),
    message:
        "compare_items: paired answers to each question"
    script:
        "step.py"


rule compare_sides:
    input:
        analysis="data/processed/score/score_scales/analysis.parquet",
        dyads="data/processed/link/pair_dyads/dyads.parquet",
        code=code("describe.compare_sides"),
    output:
        part="data/processed/describe/compare_sides/part.parquet",
    log:
        "logs/compare_sides/compare_sides.log",
    benchmark:
        "logs/compare_sides/compare_sides.tsv"
    threads: 1
    resources:
        mem_mb=400,
        runtime=5,
    params:
        perceptions=[
            {"perception": name, **outcome_of(one.outcome, "column", "unit", "digits")}
            for name, one in study.plan.perceptions.items()
        ],
        waves=list(study.waves),
    message:
        "compare_sides: how both sides of each dyad rate it"
    script:
        "step.py"


rule summarise_ratings:
    input:
        ratings="data/processed/register/read_evidence/ratings.parquet",
        attendance="data/processed/register/read_evidence/attendance.parquet",
        code=code("describe.summarise_ratings"),
    output:
        part="data/processed/describe/summarise_ratings/part.parquet",
    log:
        "logs/summarise_ratings/summarise_ratings.log",
    benchmark:
        "logs/summarise_ratings/summarise_ratings.tsv"
    threads: 1
    resources:
        mem_mb=400,
        runtime=5,
    params:
        evidence=[
            {
                "id": one.id,
                "elements": list(map(list, one.items.items())),
                "occasions": list(map(list, one.occasions.items())),
            }
            for one in study.config.evidence
        ],
        areas=list(study.areas),
    message:
        "summarise_ratings: ratings of areas and attendance at events"
    script:
        "step.py"
