# disclose: the one gate between exact numbers and everything published


rule hide_cells:
    input:
        # Every part that any rule writes: a number that passed by the gate could not be published.
        parts=[path for path in everything() if path.endswith("part.parquet")],
        areas="data/processed/register/read_registers/areas.parquet",
        # Whoever reads this release may have the last one beside it.
        released=[path for path in ["published/ledger.csv"] if (study.root / path).is_file()],
        code=code("disclose.hide_cells"),
    output:
        cells="data/processed/disclose/hide_cells/cells.parquet",
        hidden="data/processed/disclose/hide_cells/hidden.parquet",
        faults="data/processed/disclose/hide_cells/faults.parquet",
        ledger="results/ledger.csv",
    log:
        "logs/hide_cells/hide_cells.log",
    benchmark:
        "logs/hide_cells/hide_cells.tsv"
    priority: 2
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        thresholds=study.config.disclosure.model_dump(mode="json", exclude={"because"}),
        public_as=study.config.areas_public_as,
        outcomes=list(study.outcomes),
    message:
        "hide_cells: let through what may be published, rounded"
    script:
        "step.py"
