"""Rule ``fit_change``: one model of one outcome, and the change that it estimates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.change.fitting import Fitted, fit_planned
from pilot_eval.change.level import fit_level
from pilot_eval.change.planned import Planned
from pilot_eval.change.seed import seed_of
from pilot_eval.faults import Fault
from pilot_eval.model.area_errors import Draws, area_errors
from pilot_eval.model.areas import area_changes
from pilot_eval.model.asked_change import asked_tables
from pilot_eval.model.boundary import boundary, boundary_faults
from pilot_eval.model.change_cells import (
    Rows,
    area_rows,
    cells_of,
    overall_rows,
    role_rows,
    share_rows,
    term_rows,
)
from pilot_eval.model.fallback import fallback, fallback_faults, fallback_rows
from pilot_eval.model.record import record
from pilot_eval.model.spread import spread
from pilot_eval.parts import part_of
from pilot_eval.tables import fault_table

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
    smallest: float | None,
    questions: Sequence[Mapping[str, Any]],
    replicates: int,
    seed: int,
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
    smallest : float or None
        Smallest change that matters.
    questions : sequence of mapping
        The plan's questions about the change of this outcome.
    replicates : int
        Of every bootstrap.
    seed : int
        Of the study.

    Returns
    -------
    dict
        ``part`` of the ledger, ``areas`` (change by area, exact), ``coefficients`` (tests of fixed effects), ``fit``
        (the record) and ``faults``. An outcome that cannot be modelled gives cells that are not available, with the
        reason.
    """
    planned = Planned(outcome, formula, reml, weights, waves, model)
    fitted = fit_planned(analysis, planned)
    first, last = waves[0], waves[-1]
    drawn = Draws(replicates, seed_of(seed, "fit_change", model, outcome["outcome"]))
    errors = area_errors(fitted, first, last, drawn) if primary else None
    changes = area_changes(fitted, areas, first, last, errors, smallest)
    limits = boundary(fitted)
    simpler = fallback(fitted, planned)
    notes = [
        *fitted.faults,
        *_borrowed(changes, planned),
        *_one_sided(fitted, planned),
        *boundary_faults(limits, planned),
        *fallback_faults(simpler, planned),
    ]
    tables: dict[str, Rows] = {}
    test = ""
    if primary:
        differ = spread(fitted, first, last, errors, drawn)
        test = differ.test
        tables["change_overall"] = overall_rows(fitted, planned)
        tables["change_by_role"] = role_rows(fitted, planned, questions)
        tables["change_by_area"] = area_rows(changes, planned)
        tables["change_variation"] = cells_of(fitted, planned, differ.values, "spread of change between areas")
        tables["variance_shares"] = share_rows(fitted, planned)
        tables["challenge"] = fallback_rows(simpler, fitted, planned)
        asked, more = asked_tables(analysis, planned, fitted, differ, questions, drawn)
        tables |= asked
        notes += more
    if not planned.tells_change:
        # An analysis of covariance, say: its terms are told, and the refusal of a change is no news.
        fitted = fit_level(analysis, planned)
        notes = [*fitted.faults, *(notes if primary else [])]
        limits = boundary(fitted)
    coefficients = _coefficients(fitted)
    tables["model_terms"] = term_rows(coefficients, fitted, planned)
    return {
        "part": part_of("fit_change", tables),
        "areas": changes,
        "coefficients": coefficients,
        "fit": record(fitted, planned, limits, simpler, test),
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


def _coefficients(fitted: Fitted) -> pd.DataFrame:
    if fitted.fit is None:
        return pd.DataFrame({"term": pd.Series(dtype="str"), **{name: pd.Series(dtype="float64") for name in TERMS}})
    table = fitted.fit.tests().reset_index()
    return table.loc[:, ["term", *TERMS]].astype({"term": "str"})
