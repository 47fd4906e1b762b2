"""The model behind a question of change against the start: with changes of organisations where they can be told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pilot_eval.change.fitting import Fitted, fit_planned
from pilot_eval.change.planned import AREA, Planned, told
from pilot_eval.faults import Fault
from pilot_eval.model.start_means import Naive, naive_slope
from pilot_eval.model.start_model import Slope, relates, slopes_of, start_formula, with_time

UNIT = "unit"
TOO_LITTLE = "starts differ too little to say"


@dataclass(frozen=True)
class Related:
    """A question's model and its slopes.

    Attributes
    ----------
    fitted : Fitted
    planned : Planned
        Of the model with start and change of areas.
    faults : list of Fault
    naive : Naive or None
        Between areas; None where the model does not relate start and change.
    slopes : dict of str to Slope
        By grouping column: ``area`` and, from a regular model with changes of organisations, ``unit``.
    """

    fitted: Fitted
    planned: Planned
    faults: list[Fault]
    naive: Naive | None
    slopes: Mapping[str, Slope]


def related(
    analysis: pd.DataFrame,
    outcome: Mapping[str, Any],
    formula: str,
    weights: Mapping[str, float],
    waves: Sequence[str],
    name: str,
    population: Callable[[pd.DataFrame], pd.DataFrame],
    replicates: int,
    seed: int,
) -> Related:
    """Fit start and change of areas and, where a model can tell them, of organisations; the slopes of both.

    Organisations that change each in its own way make areas' changes differ by chance, with a sign that depends on how
    they began: a model that knows of it is the better one for areas too. Mostly it is singular; then the plan's stays.
    """
    timed = with_time(analysis, waves)

    def planned(level: str) -> Planned:
        return Planned(outcome, start_formula(formula, len(weights), level), True, weights, waves, name)

    own = planned(AREA)
    fitted = fit_planned(timed, own, population)
    faults = list(fitted.faults)
    if fitted.fit is None or fitted.specification is None:
        return Related(fitted, own, faults, None, {})
    levels = []
    if UNIT in fitted.fit.ngroups:
        # one answer of each at a wave cannot tell its own change from an error
        told_apart = fitted.rows.duplicated([UNIT, "wave"]).any()
        wider = fit_planned(timed, planned("organisation"), population) if told_apart else None
        reason = _unfit(wider)
        if wider is None or reason:
            saw = f"the model with start and change of organisations {reason}; no slope between organisations"
            faults.append(told(own, "MOD-02", saw, "a regular model", "Read the slope between areas alone"))
        else:
            fitted, levels = wider, [UNIT]
    assert fitted.fit is not None and fitted.specification is not None
    if not relates(fitted.specification, AREA):
        saw = "the model has no related start and change of areas; no slope"
        faults.append(told(own, "MOD-03", saw, "areas with both", "Read what was left out above"))
        return Related(fitted, own, faults, None, {})
    ends = waves[0], waves[-1]
    naive = naive_slope(fitted.fit, fitted.rows, AREA, *ends)
    sampling = {AREA: naive.sampling}
    sampling |= {level: naive_slope(fitted.fit, fitted.rows, level, *ends).sampling for level in levels}
    slopes = slopes_of(fitted.fit, sampling, replicates, seed)
    return Related(fitted, own, [*faults, *_told(slopes, fitted.fit.singular, own)], naive, slopes)


def _unfit(wider: Fitted | None) -> str:
    """Why a model with changes of organisations is not used; empty when it is."""
    if wider is None:
        return "needs two answers of one organisation at one wave"
    if wider.fit is None or wider.specification is None or wider.steps:
        return "cannot be fitted"
    if not all(relates(wider.specification, group) for group in (AREA, UNIT)):
        return "cannot be told"
    return "is singular" if wider.fit.singular else ""


def _told(slopes: Mapping[str, Slope], singular: bool, planned: Planned) -> list[Fault]:
    """Starts that differ too little, bootstrap fits that failed, and a fit at a boundary."""
    found = []
    for group, slope in slopes.items():
        if not slope.told:
            share = "" if slope.zero_share == 1.0 else f" in {100 * slope.zero_share:.0f} % of the bootstrap fits"
            who, action = (
                ("areas", "Ask of change overall") if group == AREA else ("organisations", "Read that of areas")
            )
            saw = f"the {who}' {TOO_LITTLE}: their spread counts as zero{share}"
            found.append(told(planned, "MOD-06", saw, "starts that differ", action))
    failures = max(slope.failures for slope in slopes.values())
    if failures:
        saw = f"{failures} bootstrap fits have no solution and are left out"
        found.append(told(planned, "MOD-02", saw, "none", "Read the interval with care"))
    if singular and slopes[AREA].told:
        saw = "the fit lies at a boundary: a spread is zero or a correlation is one"
        found.append(told(planned, "MOD-02", saw, "a fit inside", "Read the interval, not the slope alone"))
    return found
