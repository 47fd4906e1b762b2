# model: change overall, by role and by area, and the answers to the plan's questions


# Rule: the questions that it answers.
ANSWERED = {
    "relate_start": study.questions_of("start"),
    "moderate_change": study.questions_of("moderator"),
    "separate_levels": study.questions_of("levels"),
    "fit_sides": study.questions_of("sides"),
    "fit_natural": study.questions_of("natural"),
    "fit_ratings": study.questions_of("ratings"),
    "join_factors": study.questions_of("factors"),
}


rule fit_change:
    input:
        analysis="data/processed/score/score_scales/analysis.parquet",
        code=code("model.fit_change"),
    output:
        part="data/processed/model/fit_change/{model}/{outcome}.part.parquet",
        areas="data/processed/model/fit_change/{model}/{outcome}.areas.parquet",
        coefficients="data/processed/model/fit_change/{model}/{outcome}.coefficients.parquet",
        fit="data/processed/model/fit_change/{model}/{outcome}.fit.json",
        faults="data/processed/model/fit_change/{model}/{outcome}.faults.parquet",
    log:
        "logs/fit_change/{model}/{outcome}.log",
    benchmark:
        "logs/fit_change/{model}/{outcome}.tsv"
    priority: 1
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    params:
        model=lambda wildcards: wildcards.model,
        formula=lambda wildcards: study.plan.models[wildcards.model].formula,
        reml=lambda wildcards: study.plan.models[wildcards.model].reml,
        primary=lambda wildcards: study.primary(wildcards.outcome) == wildcards.model,
        outcome=lambda wildcards: outcome_of(wildcards.outcome),
        weights=lambda wildcards: role_weights(wildcards.outcome),
        waves=list(study.waves),
        areas=list(study.areas),
        smallest=lambda wildcards: smallest_change(wildcards.outcome),
        questions=lambda wildcards: asked_of_change(wildcards.outcome),
        replicates=study.plan.replicates,
        seed=study.config.seed,
    message:
        "fit_change: {wildcards.model} of {wildcards.outcome}"
    script:
        "step.py"


rule relate_start:
    input:
        analysis="data/processed/score/score_scales/analysis.parquet",
        code=code("model.relate_start"),
    output:
        part="data/processed/model/relate_start/{question}.part.parquet",
        faults="data/processed/model/relate_start/{question}.faults.parquet",
    log:
        "logs/relate_start/{question}.log",
    benchmark:
        "logs/relate_start/{question}.tsv"
    priority: 1
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    params:
        question=lambda wildcards: question_of(wildcards.question),
        outcome=lambda wildcards: fitted_outcome(study.plan.questions[wildcards.question].outcome),
        formula=lambda wildcards: formula_of(study.plan.questions[wildcards.question].outcome),
        weights=lambda wildcards: known_weights(study.plan.questions[wildcards.question].outcome),
        waves=list(study.waves),
        areas=list(study.areas),
        seed=study.config.seed,
    message:
        "relate_start: {wildcards.question}"
    script:
        "step.py"


rule moderate_change:
    input:
        analysis="data/processed/score/score_scales/analysis.parquet",
        ratings="data/processed/register/read_evidence/ratings.parquet",
        groups="data/processed/register/read_registers/groups.parquet",
        code=code("model.moderate_change"),
    output:
        part="data/processed/model/moderate_change/{question}.part.parquet",
        faults="data/processed/model/moderate_change/{question}.faults.parquet",
    log:
        "logs/moderate_change/{question}.log",
    benchmark:
        "logs/moderate_change/{question}.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        question=lambda wildcards: question_of(wildcards.question),
        label=lambda wildcards: labelled(wildcards.question),
        outcome=lambda wildcards: fitted_outcome(study.plan.questions[wildcards.question].outcome),
        formula=lambda wildcards: formula_of(study.plan.questions[wildcards.question].outcome),
        reml=lambda wildcards: fitted_by_reml(study.plan.questions[wildcards.question].outcome),
        weights=lambda wildcards: known_weights(study.plan.questions[wildcards.question].outcome),
        waves=list(study.waves),
        occasions={one.id: list(one.occasions) for one in study.config.evidence},
        labels=lambda wildcards: codes_of(study.plan.questions[wildcards.question].moderator),
    message:
        "moderate_change: {wildcards.question}"
    script:
        "step.py"


rule separate_levels:
    input:
        analysis="data/processed/score/score_scales/analysis.parquet",
        code=code("model.separate_levels"),
    output:
        part="data/processed/model/separate_levels/{question}.part.parquet",
        faults="data/processed/model/separate_levels/{question}.faults.parquet",
    log:
        "logs/separate_levels/{question}.log",
    benchmark:
        "logs/separate_levels/{question}.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        question=lambda wildcards: question_of(wildcards.question),
        label=lambda wildcards: labelled(wildcards.question),
        outcome=lambda wildcards: fitted_outcome(study.plan.questions[wildcards.question].outcome),
        formula=lambda wildcards: formula_of(study.plan.questions[wildcards.question].outcome),
        reml=lambda wildcards: fitted_by_reml(study.plan.questions[wildcards.question].outcome),
        weights=lambda wildcards: known_weights(study.plan.questions[wildcards.question].outcome),
        waves=list(study.waves),
    message:
        "separate_levels: {wildcards.question}"
    script:
        "step.py"


rule fit_ratings:
    input:
        ratings="data/processed/register/read_evidence/ratings.parquet",
        code=code("model.fit_ratings"),
    output:
        part="data/processed/model/fit_ratings/{question}.part.parquet",
        faults="data/processed/model/fit_ratings/{question}.faults.parquet",
    log:
        "logs/fit_ratings/{question}.log",
    benchmark:
        "logs/fit_ratings/{question}.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        question=lambda wildcards: question_of(wildcards.question),
        scheme=lambda wildcards: scheme_of(study.plan.questions[wildcards.question].evidence),
        seed=study.config.seed,
    message:
        "fit_ratings: {wildcards.question}"
    script:
        "step.py"


rule join_factors:
    input:
        ratings="data/processed/register/read_evidence/ratings.parquet",
        codings="data/processed/register/read_evidence/codings.parquet",
        changes=lambda wildcards: areas_of(study.plan.questions[wildcards.question].outcome),
        code=code("model.join_factors"),
    output:
        part="data/processed/model/join_factors/{question}.part.parquet",
        faults="data/processed/model/join_factors/{question}.faults.parquet",
    log:
        "logs/join_factors/{question}.log",
    benchmark:
        "logs/join_factors/{question}.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        question=lambda wildcards: question_of(wildcards.question),
        outcome=lambda wildcards: known_outcome(study.plan.questions[wildcards.question].outcome),
        scheme=lambda wildcards: scheme_of(study.plan.questions[wildcards.question].evidence),
        seed=study.config.seed,
    message:
        "join_factors: {wildcards.question}"
    script:
        "step.py"


rule fit_natural:
    input:
        analysis="data/processed/score/score_scales/analysis.parquet",
        code=code("model.fit_natural"),
    output:
        part="data/processed/model/fit_natural/{question}.part.parquet",
        faults="data/processed/model/fit_natural/{question}.faults.parquet",
    log:
        "logs/fit_natural/{question}.log",
    benchmark:
        "logs/fit_natural/{question}.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    params:
        question=lambda wildcards: question_of(wildcards.question),
        label=lambda wildcards: study.plan.questions[wildcards.question].label,
        levels=lambda wildcards: levels_of(study.plan.questions[wildcards.question].item),
        roles=lambda wildcards: roles_asked(wildcards.question),
        waves=list(study.waves),
        seed=study.config.seed,
    message:
        "fit_natural: {wildcards.question}"
    script:
        "step.py"


rule fit_sides:
    input:
        analysis="data/processed/score/score_scales/analysis.parquet",
        dyads="data/processed/link/pair_dyads/dyads.parquet",
        code=code("model.fit_sides"),
    output:
        part="data/processed/model/fit_sides/{question}.part.parquet",
        faults="data/processed/model/fit_sides/{question}.faults.parquet",
    log:
        "logs/fit_sides/{question}.log",
    benchmark:
        "logs/fit_sides/{question}.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    params:
        question=lambda wildcards: question_of(wildcards.question),
        perception=lambda wildcards: perceived(study.plan.questions[wildcards.question].perception),
        waves=list(study.waves),
        seed=study.config.seed,
    message:
        "fit_sides: {wildcards.question}"
    script:
        "step.py"
