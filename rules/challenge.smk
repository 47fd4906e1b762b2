# challenge: does the change stand?


CHALLENGED = {
    "refit_matched": [name for name in study.plan.challenges.matched or study.outcomes if study.primary(name)],
    "vary_links": [name for name, outcome in study.outcomes.items() if outcome.headline and study.primary(name)],
    "leave_areas_out": [name for name in study.plan.challenges.leave_areas_out if study.primary(name)],
}


rule refit_matched:
    input:
        analysis="data/processed/score/score_scales/analysis.parquet",
        code=code("challenge.refit_matched"),
    output:
        part="data/processed/challenge/refit_matched/{outcome}.part.parquet",
        estimates="data/processed/challenge/refit_matched/{outcome}.estimates.parquet",
    log:
        "logs/refit_matched/{outcome}.log",
    benchmark:
        "logs/refit_matched/{outcome}.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    params:
        model=lambda wildcards: study.primary(wildcards.outcome),
        formula=lambda wildcards: study.plan.models[study.primary(wildcards.outcome)].formula,
        reml=lambda wildcards: study.plan.models[study.primary(wildcards.outcome)].reml,
        outcome=lambda wildcards: outcome_of(wildcards.outcome),
        weights=lambda wildcards: role_weights(wildcards.outcome),
        waves=list(study.waves),
    message:
        "refit_matched: {wildcards.outcome} from those who answered at both ends"
    script:
        "step.py"


rule leave_areas_out:
    input:
        analysis="data/processed/score/score_scales/analysis.parquet",
        code=code("challenge.leave_areas_out"),
    output:
        part="data/processed/challenge/leave_areas_out/{outcome}.part.parquet",
        estimates="data/processed/challenge/leave_areas_out/{outcome}.estimates.parquet",
    log:
        "logs/leave_areas_out/{outcome}.log",
    benchmark:
        "logs/leave_areas_out/{outcome}.tsv"
    priority: 1
    threads: 1
    resources:
        mem_mb=500,
        runtime=20,
    params:
        model=lambda wildcards: study.primary(wildcards.outcome),
        formula=lambda wildcards: study.plan.models[study.primary(wildcards.outcome)].formula,
        reml=lambda wildcards: study.plan.models[study.primary(wildcards.outcome)].reml,
        outcome=lambda wildcards: outcome_of(wildcards.outcome),
        weights=lambda wildcards: role_weights(wildcards.outcome),
        waves=list(study.waves),
        areas=list(study.areas),
    message:
        "leave_areas_out: {wildcards.outcome} without each area in turn"
    script:
        "step.py"


rule vary_links:
    input:
        analysis="data/processed/score/score_scales/analysis.parquet",
        variants="data/processed/link/link_respondents/variants.parquet",
        code=code("challenge.vary_links"),
    output:
        part="data/processed/challenge/vary_links/{outcome}.part.parquet",
        estimates="data/processed/challenge/vary_links/{outcome}.estimates.parquet",
    log:
        "logs/vary_links/{outcome}.log",
    benchmark:
        "logs/vary_links/{outcome}.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    params:
        model=lambda wildcards: study.primary(wildcards.outcome),
        formula=lambda wildcards: study.plan.models[study.primary(wildcards.outcome)].formula,
        reml=lambda wildcards: study.plan.models[study.primary(wildcards.outcome)].reml,
        outcome=lambda wildcards: outcome_of(wildcards.outcome),
        weights=lambda wildcards: role_weights(wildcards.outcome),
        waves=list(study.waves),
    message:
        "vary_links: {wildcards.outcome} with stricter, looser and no links"
    script:
        "step.py"


rule compare_linked:
    input:
        analysis="data/processed/score/score_scales/analysis.parquet",
        code=code("challenge.compare_linked"),
    output:
        differences="data/processed/challenge/compare_linked/differences.parquet",
    log:
        "logs/compare_linked/compare_linked.log",
    benchmark:
        "logs/compare_linked/compare_linked.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        outcomes=[outcome_of(name, "outcome", "column") for name in study.outcomes],
        attributes=[
            "role",
            "area",
            *dict.fromkeys(name for entry in study.config.registers.organisations for name in entry.attributes),
        ],
        waves=list(study.waves),
    message:
        "compare_linked: do those who could be followed differ"
    script:
        "step.py"


rule correct_slopes:
    input:
        analysis="data/processed/score/score_scales/analysis.parquet",
        audit="data/processed/link/audit_links/audit.parquet",
        links="data/processed/link/link_respondents/links.parquet",
        code=code("challenge.correct_slopes"),
    output:
        slopes="data/processed/challenge/correct_slopes/slopes.parquet",
    log:
        "logs/correct_slopes/correct_slopes.log",
    benchmark:
        "logs/correct_slopes/correct_slopes.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        outcomes=[outcome_of(name, "outcome", "column", "roles") for name in study.outcomes],
        waves=list(study.waves),
    message:
        "correct_slopes: change on the start without what false links add"
    script:
        "step.py"


rule adjust_tests:
    input:
        parts=[
            *[
                f"data/processed/model/fit_change/{study.primary(name)}/{name}.part.parquet"
                for name in study.outcomes
                if study.primary(name)
            ],
            *answers("part.parquet"),
        ],
        code=code("challenge.adjust_tests"),
    output:
        part="data/processed/challenge/adjust_tests/part.parquet",
        tests="data/processed/challenge/adjust_tests/tests.parquet",
    log:
        "logs/adjust_tests/adjust_tests.log",
    benchmark:
        "logs/adjust_tests/adjust_tests.tsv"
    threads: 1
    resources:
        mem_mb=400,
        runtime=5,
    params:
        questions=[tested(name) for name in study.plan.questions],
        method=study.plan.multiplicity,
    message:
        "adjust_tests: tests of change adjusted for their number"
    script:
        "step.py"
