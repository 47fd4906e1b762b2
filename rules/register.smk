"""Register: the study's authority tables, and what was rated and counted by area."""


rule read_registers:
    input:
        deliveries=deliveries_of("register")[0],
        code=code("register.read_registers"),
    output:
        areas="data/processed/register/read_registers/areas.parquet",
        aliases="data/processed/register/read_registers/aliases.parquet",
        organisations="data/processed/register/read_registers/organisations.parquet",
        groups="data/processed/register/read_registers/groups.parquet",
        links="data/processed/register/read_registers/links.parquet",
        predecessors="data/processed/register/read_registers/predecessors.parquet",
        faults="data/processed/register/read_registers/faults.parquet",
    log:
        "logs/read_registers/read_registers.log",
    benchmark:
        "logs/read_registers/read_registers.tsv"
    priority: 2
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        sources=deliveries_of("register")[1],
        contents=[content_of(path) for path in deliveries_of("register")[0]],
        areas=[area.model_dump(mode="json") for area in study.config.areas],
        registers=study.config.registers.model_dump(mode="json"),
        secret=[study.config.secret.name, study.config.secret.file],
    message:
        "read_registers: areas, organisations, groups and links"
    script:
        "step.py"


rule read_evidence:
    input:
        deliveries=deliveries_of("evidence")[0],
        code=code("register.read_evidence"),
    output:
        ratings="data/processed/register/read_evidence/ratings.parquet",
        codings="data/processed/register/read_evidence/codings.parquet",
        attendance="data/processed/register/read_evidence/attendance.parquet",
        faults="data/processed/register/read_evidence/faults.parquet",
    log:
        "logs/read_evidence/read_evidence.log",
    benchmark:
        "logs/read_evidence/read_evidence.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        sources=deliveries_of("evidence")[1],
        contents=[content_of(path) for path in deliveries_of("evidence")[0]],
        evidence=[table.model_dump(mode="json") for table in study.config.evidence],
        attendance=study.config.attendance.model_dump(mode="json") if study.config.attendance else None,
        areas=[area.model_dump(mode="json") for area in study.config.areas],
    message:
        "read_evidence: ratings and attendance by area"
    script:
        "step.py"
