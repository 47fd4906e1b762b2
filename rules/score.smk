# score: composites, the analysis table, and how reliable the composites are
SCALED = {
    name: scale.model_dump(mode="json", include={"items", "minimum", "low", "high"})
    for name, scale in study.scales.items()
}
SURVEYED = [source.source for source in study.surveys]


rule score_scales:
    input:
        cleaned=expand("data/processed/clean/recode_items/{source}.cleaned.parquet", source=SURVEYED),
        placed="data/processed/link/place_respondents/placed.parquet",
        respondents="data/processed/link/link_respondents/respondents.parquet",
        organisations="data/processed/register/read_registers/organisations.parquet",
        predecessors="data/processed/register/read_registers/predecessors.parquet",
        receipts=expand("data/processed/ingest/read_wave/{source}.receipt.json", source=SURVEYED),
        balances=expand("data/processed/clean/recode_items/{source}.balance.json", source=SURVEYED),
        rejects=[
            "data/processed/link/place_respondents/rejects.parquet",
            "data/processed/link/link_respondents/rejects.parquet",
        ],
        code=code("score.score_scales"),
    output:
        analysis="data/processed/score/score_scales/analysis.parquet",
        balance="data/processed/score/score_scales/balance.parquet",
        second="data/processed/score/score_scales/second.parquet",
        faults="data/processed/score/score_scales/faults.parquet",
    log:
        "logs/score_scales/score_scales.log",
    benchmark:
        "logs/score_scales/score_scales.tsv"
    priority: 2
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        scales=SCALED,
        waves=[wave.model_dump(mode="json", include={"id", "months"}) for wave in study.config.waves],
        merge=study.config.registers.predecessors.merge if study.config.registers.predecessors else "",
    message:
        "score_scales: composite scores and the analysis table"
    script:
        "step.py"


rule measure_scales:
    input:
        analysis="data/processed/score/score_scales/analysis.parquet",
        code=code("score.measure_scales"),
    output:
        reliability="data/processed/score/measure_scales/reliability.parquet",
        item_statistics="data/processed/score/measure_scales/item_statistics.parquet",
        stability="data/processed/score/measure_scales/stability.parquet",
        part="data/processed/score/measure_scales/part.parquet",
        faults="data/processed/score/measure_scales/faults.parquet",
    log:
        "logs/measure_scales/measure_scales.log",
    benchmark:
        "logs/measure_scales/measure_scales.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        scales=SCALED,
        roles=[role.model_dump(mode="json", include={"id", "label"}) for role in study.config.roles],
        waves=list(study.waves),
        questions=questions_of_scales(),
    message:
        "measure_scales: reliability, loadings, floor and ceiling of the composites"
    script:
        "step.py"
