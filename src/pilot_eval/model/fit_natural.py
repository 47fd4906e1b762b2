"""Rule ``fit_natural``: change of an outcome on its natural scale, averaged over the random effects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pilot_eval.change.planned import LEAST_AREAS, PAGES, too_few_areas
from pilot_eval.change.seed import seed_of
from pilot_eval.faults import Fault
from pilot_eval.model.descent import descent_faults
from pilot_eval.model.natural_cells import Report
from pilot_eval.model.natural_fit import NaturalFit, fit_form
from pilot_eval.model.natural_rows import Answers, answers_of, told_by
from pilot_eval.parts import part_of
from pilot_eval.tables import fault_table


def fit_natural(
    analysis: pd.DataFrame,
    question: Mapping[str, Any],
    label: str,
    levels: Sequence[tuple[float, str]],
    roles: Mapping[str, str],
    waves: Sequence[str],
    seed: int,
) -> dict[str, Any]:
    """Estimate one question's change in percentage points, as a ratio, in weeks or as odds.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table of ``score``.
    question : mapping
        ``question`` (its name), ``form, item, trials, exposure, came, matched, estimand``.
    label : str
        The question's name in tables, for rows within it.
    levels : sequence of (float, str)
        Codes of the item and what they mean, for ordered outcomes.
    roles : mapping of str to str
        Roles asked and their labels.
    waves : sequence of str
        In order.
    seed : int
        Of the study.

    Returns
    -------
    dict
        ``part`` with the tables ``natural_change``, ``natural_levels`` (ordered outcomes) and ``natural_waits``, and
        ``faults``. What cannot be estimated has cells that are not available, with the reason.
    """
    answers = answers_of(analysis, question, list(roles), waves)
    report = Report(question, label, dict(levels), roles, waves)
    faults = list(answers.faults)
    found, stated, told = _fitted(answers, question, waves, seed_of(seed, "fit_natural", question["question"]))
    faults += told
    tables = {
        "natural_change": report.changes(answers.rows, found, stated),
        "natural_levels": report.given(answers.rows, found),
        "natural_waits": report.waits(answers.rows) if not answers.refused else [],
    }
    return {"part": part_of("fit_natural", tables), "faults": fault_table(faults)}


def _fitted(
    answers: Answers, question: Mapping[str, Any], waves: Sequence[str], seed: int
) -> tuple[NaturalFit | None, NaturalFit | None, list[Fault]]:
    """The model, that of waits as they were stated (where some were not over), and what to know of them."""
    from pilot_eval.mixed import ModelError

    rows, place = answers.rows, f"question {question['question']}"
    if answers.refused:
        return None, None, []
    few = too_few_areas(rows, waves[0], waves[-1])
    notes = list(_one_sided(rows, waves, place))
    if few:
        saw, expected = f"{few}; areas have no change of their own", f"{LEAST_AREAS} areas"
        notes.append(Fault("MOD-03", "WARN", place, saw, expected, PAGES))
    try:
        found = fit_form(rows, question["form"], few, seed)
        stated = None
        if question["form"] == "weeks" and not rows["came"].all():
            stated = fit_form(rows, "weeks", few, seed, stated=True)
    except (ModelError, np.linalg.LinAlgError) as error:
        separated = "separation" in str(error)
        saw = "some answers follow from the wave or role" if separated else f"no fit: {str(error)[:80]}"
        kind, action = ("MOD-01", "Ask of fewer roles") if separated else ("MOD-02", "Look at the answers")
        notes.append(Fault(kind, "WARN", place, f"{saw}; not available", "answers of both kinds", action))
        return None, None, notes
    for term, reason in found.specification.dropped:
        if term.startswith("(") and reason != few:
            saw = f"{term} is left out: {reason}"
            notes.append(Fault("MOD-04", "WARN", place, saw, "a term that the rows can tell", PAGES))
    return found, stated, [*notes, *descent_faults(place, found.steps, found.fit.singular, "groups")]


def _one_sided(rows: pd.DataFrame, waves: Sequence[str], place: str) -> Iterator[Fault]:
    """Roles without a change of their own."""
    for role in rows["role"].cat.categories:
        if role not in told_by(rows, waves[0], waves[-1]):
            saw = f"role {role} did not answer at both waves; no change of its own"
            yield Fault("MOD-03", "WARN", place, saw, f"answers of it at {waves[0]} and {waves[-1]}", PAGES)
