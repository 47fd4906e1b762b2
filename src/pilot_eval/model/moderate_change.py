"""Rule ``moderate_change``: does change go with a property of areas, organisations or respondents?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from pilot_eval.change.fitting import Fitted, fit_planned, read_contrast
from pilot_eval.change.planned import Planned
from pilot_eval.change.rows import answered, organisations
from pilot_eval.change.specification import read_formula
from pilot_eval.faults import Fault
from pilot_eval.model.moderated import Answer, answer_of, no_answer
from pilot_eval.model.moderators import Moderator, moderator_of
from pilot_eval.model.population import known_outcome, of_interest, population, roles_with, unanswered
from pilot_eval.parts import measured, part_of
from pilot_eval.tables import fault_table

Rows = list[dict[str, Any]]
RULE = "moderate_change"
TESTED = ("estimate", "low", "high", "se", "statistic", "df", "p")


def moderate_change(
    analysis: pd.DataFrame,
    ratings: pd.DataFrame,
    groups: pd.DataFrame,
    question: Mapping[str, Any],
    label: str,
    outcome: Mapping[str, Any] | None,
    formula: str,
    reml: bool,
    weights: Mapping[str, float],
    waves: Sequence[str],
    occasions: Mapping[str, Sequence[str]],
    labels: Mapping[str, str],
) -> dict[str, Any]:
    """Answer one question of kind ``moderator``.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table of ``score``.
    ratings, groups : DataFrame
        Evidence on areas; commissioning groups.
    question : mapping
        ``question, outcome, moderator, roles, matched, estimand``.
    label : str
        Its name in tables.
    outcome : mapping or None
        ``outcome, column, roles, unit, digits``; None: the plan has no such outcome.
    formula, reml
        Of the outcome's primary model; an empty formula: it has none.
    weights : mapping of str to float
        Share of each role.
    waves : sequence of str
        In order of time.
    occasions : mapping
        Occasions of each evidence, in order of time.
    labels : mapping
        Words for the codes of the moderator, where it is an item that has them.

    Returns
    -------
    dict
        ``part`` of the ledger: ``moderators`` (a row a question: difference or slope, joint F test) and
        ``moderator_levels`` (the change at each level; of a number one standard deviation below and above its mean);
        and ``faults``.
    """
    known = known_outcome(outcome, question)
    found = moderator_of(analysis, question["moderator"], ratings, groups, occasions, labels)
    if outcome is None or not formula:
        found = Moderator(found.column, found.values, {}, f"the plan has no model of {question['outcome']}")
    faults: list[Fault] = []
    fitted, answer = Fitted(analysis.iloc[:0]), no_answer(found.reason)
    if not found.reason:
        fitted, planned, gone = _fit(analysis, found, question, known, formula, reml, weights, waves)
        answer = answer_of(fitted, found, planned)
        left_out = [(level, found.labels.get(level, level), None) for level in gone]
        answer = replace(answer, levels=[*answer.levels, *left_out], left_out=[*gone, *answer.left_out])
        faults += of_interest(fitted.faults)
    if answer.reason:
        faults.append(unanswered(answer.reason, question))
    place, ends = f"question {question['question']}", f"answers at {waves[0]} and {waves[-1]}"
    for level in answer.left_out:
        saw = f"level {level} was not seen at both ends; no change of its own"
        faults.append(Fault("MOD-03", "WARN", place, saw, ends, "The quality pages list it"))
    tables = {
        "moderators": question_row(answer, fitted, known, question, label),
        "moderator_levels": level_rows(answer, fitted, found, known, question, label),
    }
    return {"part": part_of(RULE, tables), "faults": fault_table(faults)}


def _fit(
    analysis: pd.DataFrame,
    found: Moderator,
    question: Mapping[str, Any],
    outcome: Mapping[str, Any],
    formula: str,
    reml: bool,
    weights: Mapping[str, float],
    waves: Sequence[str],
) -> tuple[Fitted, Planned, list[str]]:
    """The outcome's model with the moderator and its product with time, in the roles that have a value of it.

    A level that was not seen at both ends, which the last of the results names, is left out: the change of those who
    have it is not known, and so would that of all not be.
    """
    table = analysis.assign(**{found.column: found.values})
    roles = roles_with(table.loc[found.values.notna().to_numpy()], outcome, question)
    keep = population(question, waves)
    gone: list[str] = []
    if not found.numeric:
        ends = keep(answered(table, outcome["column"], roles, waves)).dropna(subset=[found.column])
        seen = [set(ends.loc[ends["wave"] == wave, found.column]) for wave in (waves[0], waves[-1])]
        gone = sorted(str(level) for level in set(ends[found.column]) - (seen[0] & seen[1]))
        table = table.loc[~table[found.column].isin(gone)]
    planned = Planned(
        {**outcome, "roles": roles}, with_moderator(formula, found.column), reml, weights, waves, question["question"]
    )
    return fit_planned(table, planned, keep), planned, gone


def with_moderator(formula: str, column: str) -> str:
    """A formula with a moderator and its product with time, whichever time the formula has."""
    specification = read_formula(formula)
    time = "wave" if "wave" in specification.fixed.replace("*", " ").replace(":", " ").split() else "months"
    random = " + ".join("({} {} {})".format(*term) for term in specification.random)
    return f"{specification.response} ~ {specification.fixed} + {time} * {column}" + (f" + {random}" if random else "")


def question_row(
    answer: Answer, fitted: Fitted, outcome: Mapping[str, Any], question: Mapping[str, Any], label: str
) -> Rows:
    """The difference of change between two levels, or per unit and standard deviation; and the test of all of them."""
    shared = _shared(fitted.rows, outcome, question) | {"group": question["question"], "group_label": label}
    found: Rows = []
    for values, status in ((answer.size, answer.size_status), (answer.per_sd, answer.per_sd_status), (answer.test, "")):
        found += measured(values, outcome["digits"], outcome["unit"], **shared, status=status)
    return found


def level_rows(
    answer: Answer,
    fitted: Fitted,
    moderator: Moderator,
    outcome: Mapping[str, Any],
    question: Mapping[str, Any],
    label: str,
) -> Rows:
    """The change at each level; of a number at one standard deviation below and above its mean."""
    found: Rows = []
    for level, words, contrast in answer.levels:
        own = fitted.rows
        if not moderator.numeric:
            own = own.loc[own[moderator.column].astype(str) == level]
        values: dict[str, float | None] = dict.fromkeys(TESTED)
        if contrast is not None and fitted.fit is not None:
            estimate = read_contrast(fitted.fit, contrast)
            values = {name: float(estimate[name]) for name in TESTED}
        shared = _shared(own, outcome, question) | {
            "group": f"{question['question']}.{level}", "group_label": f"{label}: {words}",
            "estimand": "mean change in one level of the moderator, roles weighted by their shares",
        }  # fmt: skip
        found += measured(values, outcome["digits"], outcome["unit"], **shared)
    return found


def _shared(rows: pd.DataFrame, outcome: Mapping[str, Any], question: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "outcome": outcome["outcome"],
        "n": int(rows["respondent"].nunique()),
        "n_organisations": organisations(rows),
        "estimand": question["estimand"],
    }
