# clean: the codebook applied to each delivery, and each held against the wave before


rule recode_items:
    input:
        answers="data/processed/ingest/read_wave/{source}.answers.parquet",
        variables="data/processed/ingest/read_wave/{source}.variables.parquet",
        code=code("clean.recode_items"),
    output:
        cleaned="data/processed/clean/recode_items/{source}.cleaned.parquet",
        missing="data/processed/clean/recode_items/{source}.missing.parquet",
        flags="data/processed/clean/recode_items/{source}.flags.parquet",
        changes="data/processed/clean/recode_items/{source}.changes.parquet",
        rejects="data/processed/clean/recode_items/{source}.rejects.parquet",
        faults="data/processed/clean/recode_items/{source}.faults.parquet",
        balance="data/processed/clean/recode_items/{source}.balance.json",
    log:
        "logs/recode_items/{source}.log",
    benchmark:
        "logs/recode_items/{source}.tsv"
    priority: 2
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        source=lambda wildcards: {
            key: study.source(wildcards.source).model_dump(mode="json")[key]
            for key in (
                "source",
                "instrument",
                "wave",
                "path",
                "format",
                "decimal",
                "thousands",
                "date_format",
                "timezone",
            )
        },
        codebook=lambda wildcards: [
            item.model_dump(mode="json") for item in study.codebooks[study.source(wildcards.source).instrument]
        ],
        waves=[wave.model_dump(mode="json", include={"id", "label", "start", "end"}) for wave in study.config.waves],
        turned=lambda wildcards: turned_of(study.source(wildcards.source)),
        exclude=sorted(study.config.exclude),
    message:
        "recode_items: apply the codebook to {wildcards.source}"
    script:
        "step.py"


rule report_drift:
    input:
        cleaned="data/processed/clean/recode_items/{source}.cleaned.parquet",
        variables="data/processed/ingest/read_wave/{source}.variables.parquet",
        earlier_cleaned=lambda wildcards: expand(
            "data/processed/clean/recode_items/{source}.cleaned.parquet",
            source=earlier_of(study.source(wildcards.source)),
        ),
        earlier_variables=lambda wildcards: expand(
            "data/processed/ingest/read_wave/{source}.variables.parquet",
            source=earlier_of(study.source(wildcards.source)),
        ),
        code=code("clean.report_drift"),
    output:
        drift="data/processed/clean/report_drift/{source}.drift.parquet",
        faults="data/processed/clean/report_drift/{source}.faults.parquet",
    log:
        "logs/report_drift/{source}.log",
    benchmark:
        "logs/report_drift/{source}.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        source=lambda wildcards: study.source(wildcards.source).model_dump(mode="json", include={"path"}),
        codebook=lambda wildcards: [
            item.model_dump(mode="json") for item in study.codebooks[study.source(wildcards.source).instrument]
        ],
        waves=list(study.waves),
        scales=lambda wildcards: scales_of(study.source(wildcards.source)),
    message:
        "report_drift: hold {wildcards.source} against the wave before"
    script:
        "step.py"
