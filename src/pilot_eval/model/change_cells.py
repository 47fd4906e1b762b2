"""Cells of the tables of change, from a fit and what was planned."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pilot_eval.change.contrasts import change_contrasts
from pilot_eval.change.fitting import Fitted, overall, read_contrast
from pilot_eval.change.planned import Planned
from pilot_eval.change.rows import behind
from pilot_eval.change.specification import grouped, public
from pilot_eval.change.standardise import standardised
from pilot_eval.model.spread import variances_at
from pilot_eval.parts import measured

Rows = list[dict[str, Any]]
TESTED = ("estimate", "low", "high", "se", "statistic", "df", "p")
#: What is modelled of an area, as tables have it.
OF_AREAS = ("estimate", "se", "low", "high", "above_zero", "above_mean", "above_smallest")
#: A level of a factor in the name of a term, such as ``role[T.lead]`` or ``C(role)[T.lead]``.
LEVEL = re.compile(r"(?:\w+\()?(\w+)[^\[\]:]*\[(?:T\.)?([^\]]*)\]")


def overall_rows(fitted: Fitted, planned: Planned) -> Rows:
    """Change from the first to the last wave, and to every later one where there are more than two."""
    first = planned.waves[0]
    start = fitted.rows.loc[fitted.rows["wave"] == first, "value"].to_numpy(dtype=np.float64)
    found = _tested(fitted, overall(fitted) if fitted.fit else None, planned, start)
    for wave in planned.waves[1:] if len(planned.waves) > 2 else ():
        estimate = None
        if fitted.fit and fitted.specification and wave in set(fitted.rows["wave"]):
            change = change_contrasts(fitted.specification.fixed, fitted.rows, first, wave, planned.weights)
            estimate = None if change.overall is None else read_contrast(fitted.fit, change.overall)
        found += _tested(fitted, estimate, planned, start, wave)
    return found


def _tested(
    fitted: Fitted, estimate: pd.Series | None, planned: Planned, start: np.ndarray[Any, Any], wave: str = ""
) -> Rows:
    values = {name: None if estimate is None else float(estimate[name]) for name in TESTED}
    values["standardised"] = standardised(values["estimate"], start)
    words = f"mean change from {planned.waves[0]} to {wave or planned.waves[-1]}, roles weighted by their shares"
    return cells_of(fitted, planned, values, words, wave=wave)


def role_rows(fitted: Fitted, planned: Planned, questions: Sequence[Mapping[str, Any]] = ()) -> Rows:
    """Change of each role that was asked, where more than one was, or a question of the plan is about that role."""
    roles = planned.outcome["roles"]
    named = [list(question["roles"]) for question in questions]
    found: Rows = []
    for role in [role for role in roles if len(roles) > 1 or [role] in named]:
        own = fitted.rows.loc[fitted.rows["role"] == role]
        contrast = fitted.change.by_role.get(role) if fitted.change else None
        estimate = read_contrast(fitted.fit, contrast) if fitted.fit and contrast is not None else None
        values = {name: None if estimate is None else float(estimate[name]) for name in TESTED}
        words = f"mean change from {planned.waves[0]} to {planned.waves[-1]} in one role"
        found += cells_of(fitted, planned, values, words, own, group=role)
    return found


def area_rows(changes: pd.DataFrame, planned: Planned) -> Rows:
    """Raw and modelled change of each area."""
    found: Rows = []
    words = f"change from {planned.waves[0]} to {planned.waves[-1]} in one area, drawn towards the change overall"
    for row in changes.to_dict("records"):
        shared = {
            "outcome": planned.outcome["outcome"], "area": row["area"], "n": row["n"], "estimand": words,
            "n_organisations": row["n_organisations_least"], "n_least": row["n_least"], "dominance": row["dominance"],
        }  # fmt: skip
        unit, digits = planned.outcome["unit"], planned.outcome["digits"]
        # A difference of two means gives away the thinner of them, and one that all answers share: they tell the other.
        raw = "x" if row["raw"] != row["raw"] else "c" if row["alike"] else ""
        thinner = {"n": min(row["n_first"], row["n_last"])}
        found += measured({"raw": row["raw"]}, digits, unit, **{**shared, **thinner}, status=raw)
        values = {name: row[name] for name in OF_AREAS}
        found += measured(values, digits, unit, **shared, status=row["status"])
    return found


def term_rows(coefficients: pd.DataFrame, fitted: Fitted, planned: Planned) -> Rows:
    """Fixed effects of the model; behind that of a level stand those who have it."""
    found: Rows = []
    for row in coefficients.to_dict("records"):
        values = {name: row[name] for name in ("estimate", "se", "statistic")}
        own = _of_levels(fitted.rows, row["term"])
        found += cells_of(fitted, planned, values, "fixed effect", own, group=f"{planned.name}.{row['term']}")
    return found


def _of_levels(rows: pd.DataFrame, term: str) -> pd.DataFrame:
    """Rows that have every level that a term names."""
    for column, level in LEVEL.findall(term):
        if column in rows:
            rows = rows.loc[rows[column].astype(str) == level]
    return rows


def cells_of(
    fitted: Fitted,
    planned: Planned,
    values: Mapping[str, float | None],
    estimand: str,
    own: pd.DataFrame | None = None,
    **place: Any,
) -> Rows:
    """Cells of one row that rests on the rows of the fit, or on some of them."""
    rows = fitted.rows if own is None else own
    return measured(
        values, planned.outcome["digits"], planned.outcome["unit"], outcome=planned.outcome["outcome"],
        n=int(rows["respondent"].nunique()), **behind(rows), estimand=estimand, **place,
    )  # fmt: skip


def share_rows(fitted: Fitted, planned: Planned) -> Rows:
    """Share of each level in the variance of an answer at the first wave, and how alike answers of one group are."""
    if fitted.fit is None or fitted.specification is None:
        return []
    found: Rows = []
    variances = variances_at(fitted, planned.waves[0])
    total = sum(variances.values())
    levels = sorted(fitted.specification.groups, key=lambda group: -int(grouped(fitted.rows, group).nunique()))
    for place, level in enumerate([*levels, "residual"]):
        above = sum(variances[other] for other in levels[place:])
        values = {
            "variance_share": variances[level] / total if total > 0 else None,
            "icc": None if level == "residual" or not total > 0 else above / total,
        }
        words = f"share of the variance of an answer at {planned.waves[0]}; correlation of two answers of one group"
        found += cells_of(fitted, planned, values, words, group=public(level))
    return found
