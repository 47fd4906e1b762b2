"""Answers to the plan's questions about change that stand in no other row: of a population, between roles or areas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from pilot_eval.change.contrasts import Change
from pilot_eval.change.fitting import Fitted, fit_planned, read_contrast
from pilot_eval.change.planned import Planned
from pilot_eval.faults import Fault
from pilot_eval.model.area_errors import Draws, area_errors
from pilot_eval.model.change_cells import TESTED, Rows, cells_of
from pilot_eval.model.population import population, roles_with, unanswered
from pilot_eval.model.spread import Spread, spread

Question = Mapping[str, Any]
#: Contrast: the table that answers it.
TABLES = {"overall": "change_of_population", "between_roles": "change_between_roles",
          "between_areas": "change_between_areas"}  # fmt: skip
DIFFER = ("sd_change", "low", "high", "boot_low", "boot_high", "statistic", "p")


def asked_tables(
    analysis: pd.DataFrame,
    planned: Planned,
    fitted: Fitted,
    differ: Spread,
    questions: Sequence[Question],
    draws: Draws,
) -> tuple[dict[str, Rows], list[Fault]]:
    """Rows of the questions, each under its own name, and what to know of them.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table.
    planned : Planned
    fitted : Fitted
        The outcome's primary model in everybody.
    differ : Spread
        How areas differ in it.
    questions : sequence of mapping
        Of kind ``change``, about this outcome. A population of matched respondents, or of some roles where areas are
        compared, has a fit of its own; the change of some roles, and the difference of two, are read off the one fit.
    draws : Draws
    """
    tables: dict[str, Rows] = {name: [] for name in TABLES.values()}
    faults: list[Fault] = []
    for question in questions:
        contrast = question["contrast"]
        if contrast == "overall" and not question["matched"] and len(question["roles"]) < 2:
            continue  # it stands in the row of its outcome, or of its role
        unknown = sorted({*question["roles"], *(question["between"] or ())} - set(planned.outcome["roles"]))
        own, spread_of = fitted, differ
        restricted = contrast == "between_areas" and question["roles"]
        if not unknown and (question["matched"] or restricted):
            own, spread_of = _in_population(analysis, planned, question, draws)
        reason = f"role {unknown[0]} was not asked for the outcome" if unknown else own.refused
        values, lacking = _answer(own, spread_of, question, planned) if not reason else (_none(contrast), reason)
        tables[TABLES[contrast]] += cells_of(
            own, planned, values, question["estimand"], _behind(own, question), group=question["question"]
        )
        if lacking:
            faults.append(unanswered(lacking, question))
    return tables, faults


def _in_population(analysis: pd.DataFrame, planned: Planned, question: Question, draws: Draws) -> tuple[Fitted, Spread]:
    """The primary model of a part of the respondents, and how areas differ in it."""
    first, last = planned.waves[0], planned.waves[-1]

    roles = roles_with(analysis, planned.outcome, question)
    narrowed = replace(planned, outcome={**planned.outcome, "roles": roles})
    own = fit_planned(analysis, narrowed, population(question, planned.waves))
    if question["contrast"] != "between_areas":
        return own, Spread({})
    errors = area_errors(own, first, last, draws)
    return own, spread(own, first, last, errors, draws)


def _answer(own: Fitted, differ: Spread, question: Question, planned: Planned) -> tuple[dict[str, float | None], str]:
    """Values of a question's row, and why there are none."""
    contrast = question["contrast"]
    if contrast == "between_areas":
        values = {name: differ.values.get(name) for name in DIFFER}
        known = values["sd_change"] is not None
        return values, "" if known else own.overall_only or "the model gives areas no change of their own"
    assert own.fit is not None and own.change is not None
    if contrast == "between_roles":
        if question["between"] is None:
            return _none(contrast), "no pair of roles is named"
        one, other = question["between"]
        missing = [role for role in (one, other) if role not in own.change.by_role]
        if missing:
            return _none(contrast), f"role {missing[0]} did not answer at both ends"
        weights = own.change.by_role[one] - own.change.by_role[other]
        if not (weights.abs() > 1e-12).any():
            return _none(contrast), "the model gives the roles one change: wave * role is not in its formula"
    else:
        found = of_roles(own.change, question["roles"], planned.weights)
        if found is None:
            return _none(contrast), "none of its roles answered at both ends"
        weights = found
    estimate = read_contrast(own.fit, weights)
    return {name: float(estimate[name]) for name in TESTED}, ""


def of_roles(change: Change, roles: Sequence[str], weights: Mapping[str, float]) -> pd.Series | None:
    """Contrast of the change in some roles (none named: all), by their shares; None where none can be told."""
    kept = [role for role in change.by_role if not roles or role in roles]
    total = sum(weights[role] for role in kept)
    if not kept:
        return None
    parts = np.array([weights[role] / total for role in kept])
    table = pd.DataFrame([change.by_role[role] for role in kept])
    return pd.Series(parts @ table.to_numpy(), index=table.columns)


def _behind(own: Fitted, question: Question) -> pd.DataFrame:
    """The answers that a question's row rests on."""
    roles = question["between"] or question["roles"]
    return own.rows.loc[own.rows["role"].isin(list(roles))] if roles else own.rows


def _none(contrast: str) -> dict[str, float | None]:
    return dict.fromkeys(DIFFER if contrast == "between_areas" else TESTED)
