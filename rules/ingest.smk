"""Ingest: one job per delivered survey file."""


rule read_wave:
    input:
        delivery=lambda wildcards: study.source(wildcards.source).path,
        code=code("ingest.read_wave"),
    output:
        answers="data/processed/ingest/read_wave/{source}.answers.parquet",
        identifiers="data/processed/ingest/read_wave/{source}.identifiers.parquet",
        variables="data/processed/ingest/read_wave/{source}.variables.parquet",
        rejects="data/processed/ingest/read_wave/{source}.rejects.parquet",
        receipt="data/processed/ingest/read_wave/{source}.receipt.json",
        faults="data/processed/ingest/read_wave/{source}.faults.parquet",
    log:
        "logs/read_wave/{source}.log",
    benchmark:
        "logs/read_wave/{source}.tsv"
    priority: 2
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        source=lambda wildcards: study.source(wildcards.source).model_dump(mode="json", exclude=NOT_READ_OF_SOURCE),
        codebook=codebook_columns,
        content=lambda wildcards: content_of(study.source(wildcards.source).path),
    message:
        "read_wave: {wildcards.source} as delivered"
    script:
        "step.py"
