# clean: the codebook applied to each delivery


rule recode_items:
    input:
        answers="data/processed/ingest/read_wave/{source}.answers.parquet",
        variables="data/processed/ingest/read_wave/{source}.variables.parquet",
        code=code("clean.recode_items"),
    output:
        cleaned="data/processed/clean/recode_items/{source}.cleaned.parquet",
        missing="data/processed/clean/recode_items/{source}.missing.parquet",
        changes="data/processed/clean/recode_items/{source}.changes.parquet",
        rejects="data/processed/clean/recode_items/{source}.rejects.parquet",
        faults="data/processed/clean/recode_items/{source}.faults.parquet",
        balance="data/processed/clean/recode_items/{source}.balance.json",
    log:
        "logs/recode_items/{source}.log",
    benchmark:
        "logs/recode_items/{source}.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        source=lambda wildcards: {
            key: study.source(wildcards.source).model_dump(mode="json")[key]
            for key in ("source", "instrument", "wave", "path", "format", "decimal", "date_format", "timezone")
        },
        codebook=lambda wildcards: [
            item.model_dump(mode="json") for item in study.codebooks[study.source(wildcards.source).instrument]
        ],
        waves=[wave.model_dump(mode="json", include={"id", "label", "start", "end"}) for wave in study.config.waves],
    message:
        "recode_items: apply the codebook to {wildcards.source}"
    script:
        "step.py"
