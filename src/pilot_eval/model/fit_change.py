"""Rule ``fit_change``: one model of one outcome, and the change that it estimates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pilot_eval.change.contrasts import change_contrasts
from pilot_eval.change.fitting import Fitted, fit_planned, overall, read_contrast
from pilot_eval.change.planned import Planned
from pilot_eval.change.rows import organisations
from pilot_eval.change.standardise import standardised
from pilot_eval.faults import Fault
from pilot_eval.model.areas import area_changes, variation
from pilot_eval.model.boundary import boundary, boundary_faults
from pilot_eval.model.record import record
from pilot_eval.parts import measured, part_of
from pilot_eval.tables import fault_table

Rows = list[dict[str, Any]]
TESTED = ("estimate", "low", "high", "se", "statistic", "df", "p")
#: A level of a factor in the name of a term, such as ``role[T.lead]`` or ``C(role)[T.lead]``.
LEVEL = re.compile(r"(?:\w+\()?(\w+)[^\[\]:]*\[(?:T\.)?([^\]]*)\]")
TERMS = ("estimate", "se", "df", "statistic", "p", "low", "high")


def fit_change(
    analysis: pd.DataFrame,
    model: str,
    formula: str,
    reml: bool,
    primary: bool,
    outcome: Mapping[str, Any],
    weights: Mapping[str, float],
    waves: Sequence[str],
    areas: Sequence[str],
) -> dict[str, Any]:
    """Fit a model and read change off it: overall, by role, by area.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table of ``score``.
    model, formula : str
        Name and lme4 formula with ``{outcome}``.
    reml : bool
    primary : bool
        Whether this is the outcome's primary model: only then its change goes into the ledger; the terms always do.
    outcome : mapping
        ``outcome, column, roles, unit, digits``.
    weights : mapping of str to float
        Share of each role in the overall change.
    waves, areas : sequence of str
        In order.

    Returns
    -------
    dict
        ``part`` of the ledger, ``areas`` (change by area, exact), ``coefficients`` (tests of fixed effects), ``fit``
        (the record) and ``faults``. An outcome that cannot be modelled gives cells that are not available, with the
        reason.
    """
    planned = Planned(outcome, formula, reml, weights, waves, model)
    fitted = fit_planned(analysis, planned)
    changes = area_changes(fitted, areas, waves[0], waves[-1])
    limits = boundary(fitted)
    notes = [
        *fitted.faults,
        *_borrowed(changes, planned),
        *_one_sided(fitted, planned),
        *boundary_faults(limits, planned),
    ]
    tables: dict[str, Rows] = {}
    if primary:
        tables["change_overall"] = overall_rows(fitted, planned)
        tables["change_by_role"] = role_rows(fitted, planned)
        tables["change_by_area"] = area_rows(changes, planned)
        tables["change_variation"] = _cells(
            fitted, planned, variation(fitted, waves[0], waves[-1]), "spread of change between areas"
        )
    coefficients = _coefficients(fitted)
    tables["model_terms"] = term_rows(coefficients, fitted, planned)
    return {
        "part": part_of("fit_change", tables),
        "areas": changes,
        "coefficients": coefficients,
        "fit": record(fitted, planned, limits),
        "faults": fault_table(notes),
    }


def _borrowed(changes: pd.DataFrame, planned: Planned) -> Iterator[Fault]:
    """Areas with answers at one wave only: what the model says of them is the programme's change."""
    first, last = planned.waves[0], planned.waves[-1]
    for row in changes.loc[(changes["n_first"] == 0) != (changes["n_last"] == 0)].to_dict("records"):
        saw = f"area {row['area']}: {row['n_first']} answers at {first}, {row['n_last']} at {last}"
        action = "It has no change of its own: what is shown comes from all others"
        yield Fault("DES-02", "WARN", planned.place, saw, "answers at both", action)


def _one_sided(fitted: Fitted, planned: Planned) -> Iterator[Fault]:
    """Groups in which all gave one of two possible answers: a logistic model would have no finite estimate there."""
    rows = fitted.rows
    if fitted.fit is None or rows["value"].nunique() != 2:
        return
    for kind in ("area", "role"):
        for name, values in rows.groupby(kind, observed=True, sort=True)["value"]:
            if len(values) > 1 and values.nunique() == 1 and rows[kind].nunique() > 1:
                saw = f"{kind} {name}: all {len(values)} answers are {values.iloc[0]:g}"
                action = "The model is linear, so its estimates stay finite; no odds ratio is given"
                yield Fault("MOD-01", "WARN", planned.place, saw, "both answers", action)


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
    return _cells(fitted, planned, values, words, wave=wave)


def role_rows(fitted: Fitted, planned: Planned) -> Rows:
    """Change of each role that was asked, where more than one was."""
    roles = planned.outcome["roles"]
    found: Rows = []
    for role in roles if len(roles) > 1 else ():
        own = fitted.rows.loc[fitted.rows["role"] == role]
        contrast = fitted.change.by_role.get(role) if fitted.change else None
        estimate = read_contrast(fitted.fit, contrast) if fitted.fit and contrast is not None else None
        values = {name: None if estimate is None else float(estimate[name]) for name in TESTED}
        words = f"mean change from {planned.waves[0]} to {planned.waves[-1]} in one role"
        found += _cells(fitted, planned, values, words, own, group=role)
    return found


def area_rows(changes: pd.DataFrame, planned: Planned) -> Rows:
    """Raw and modelled change of each area."""
    found: Rows = []
    words = f"change from {planned.waves[0]} to {planned.waves[-1]} in one area, drawn towards the change overall"
    for row in changes.to_dict("records"):
        shared = {
            "outcome": planned.outcome["outcome"], "area": row["area"], "n": row["n"], "estimand": words,
            "n_organisations": row["n_organisations"],
        }  # fmt: skip
        unit, digits = planned.outcome["unit"], planned.outcome["digits"]
        raw = "" if row["raw"] == row["raw"] else "x"
        # a difference of two means gives away the thinner of them: its n is what counts
        thinner = {"n": min(row["n_first"], row["n_last"]), "n_organisations": row["n_organisations_least"]}
        found += measured({"raw": row["raw"]}, digits, unit, **{**shared, **thinner}, status=raw)
        values = {name: row[name] for name in ("estimate", "se", "low", "high")}
        found += measured(values, digits, unit, **shared, status=row["status"])
    return found


def term_rows(coefficients: pd.DataFrame, fitted: Fitted, planned: Planned) -> Rows:
    """Fixed effects of the model; behind that of a level stand those who have it."""
    found: Rows = []
    for row in coefficients.to_dict("records"):
        values = {name: row[name] for name in ("estimate", "se", "statistic")}
        own = _of_levels(fitted.rows, row["term"])
        found += _cells(fitted, planned, values, "fixed effect", own, group=f"{planned.name}.{row['term']}")
    return found


def _of_levels(rows: pd.DataFrame, term: str) -> pd.DataFrame:
    """Rows that have every level that a term names."""
    for column, level in LEVEL.findall(term):
        if column in rows:
            rows = rows.loc[rows[column].astype(str) == level]
    return rows


def _cells(
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
        n=int(rows["respondent"].nunique()), n_organisations=organisations(rows), estimand=estimand, **place,
    )  # fmt: skip


def _coefficients(fitted: Fitted) -> pd.DataFrame:
    if fitted.fit is None:
        return pd.DataFrame({"term": pd.Series(dtype="str"), **{name: pd.Series(dtype="float64") for name in TERMS}})
    table = fitted.fit.tests().reset_index()
    return table.loc[:, ["term", *TERMS]].astype({"term": "str"})
