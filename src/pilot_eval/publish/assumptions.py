"""The logs of what was assumed and planned: what a study's configuration gives a reason for, and how its analysis plan
deviates from the frozen one. Free of pandas, for rule files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pilot_eval.study.freeze import deviations

if TYPE_CHECKING:
    from pilot_eval.study import Study


def assumptions(study: Study) -> list[list[str]]:
    """What was assumed or chosen, where it stands, and why.

    Returns
    -------
    list of [str, str, str]
        Subject, choice, reason; in the order of the configuration.
    """
    config, plan = study.config, study.plan
    limits = config.disclosure
    chosen = f"{limits.min_respondents} respondents, {limits.min_organisations} organisations"
    found = [["study", name, because] for name, because in config.assumptions.items()]
    found.append(["disclosure", f"{chosen}, counts rounded to {limits.round_counts_to}", limits.because])
    found += [["outcome", outcome.label, outcome.because] for outcome in plan.outcomes.values()]
    found += [["model", f"{model.label}: {model.formula}", model.because] for model in plan.models.values()]
    found += [["agreement", entry.label, entry.because] for entry in plan.agreements.values()]
    found += [["replication", entry.label, entry.because] for entry in plan.replications.values()]
    found += [["perception", entry.label, entry.because] for entry in plan.perceptions.values()]
    found += [["question", question.asks, question.because] for question in plan.questions.values()]
    return found


def plan_log(study: Study) -> dict[str, Any]:
    """When the analysis plan was frozen, and what is run beyond or unlike it.

    Returns
    -------
    dict
        ``frozen`` (ISO day; empty: never), ``sha256``, ``deviations`` (subject, planned, now).
    """
    if study.frozen is None:
        return {"frozen": "", "sha256": "", "deviations": []}
    found = [[one.subject, one.planned, one.now] for one in deviations(study.plan, study.frozen)]
    return {"frozen": study.frozen.day, "sha256": study.frozen.sha256, "deviations": found}
