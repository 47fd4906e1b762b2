"""Rule ``leave_areas_out``: the change overall with each area left out in turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.change.fitting import fit_planned, overall
from pilot_eval.change.planned import Planned
from pilot_eval.change.rows import answered, organisations
from pilot_eval.parts import measured, part_of


def leave_areas_out(
    analysis: pd.DataFrame,
    model: str,
    formula: str,
    reml: bool,
    outcome: Mapping[str, Any],
    weights: Mapping[str, float],
    waves: Sequence[str],
    areas: Sequence[str],
) -> dict[str, pd.DataFrame]:
    """Fit an outcome's primary model without one area after the other.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table of ``score``.
    model, formula, reml, outcome, weights, waves, areas
        As for ``fit_change``.

    Returns
    -------
    dict
        ``part`` with one row of the table ``challenge``: the least and the greatest change (which areas they leave out
        is not told); and ``estimates``, exact, one row an area that has answers.
    """
    planned = Planned(outcome, formula, reml, weights, waves, model)
    rows = answered(analysis, outcome["column"], outcome["roles"], waves)
    there = set(rows["area"])
    found = [_without(analysis, planned, area) for area in areas if area in there]
    names = {"area": "str", "estimate": "float64", "low": "float64", "high": "float64", "reason": "str"}
    estimates = pd.DataFrame(found, columns=list(names)).astype(names)
    known = estimates["estimate"].dropna()
    values = {"least": known.min() if len(known) else None, "greatest": known.max() if len(known) else None}
    cells = measured(
        values, outcome["digits"], outcome["unit"], outcome=outcome["outcome"], group="leave_areas_out",
        n=int(rows["respondent"].nunique()), n_organisations=organisations(rows),
        estimand=f"mean change from {waves[0]} to {waves[-1]}, range over fits that leave out one area",
    )  # fmt: skip
    return {"part": part_of("leave_areas_out", {"challenge": cells}), "estimates": estimates}


def _without(analysis: pd.DataFrame, planned: Planned, area: str) -> dict[str, Any]:
    fitted = fit_planned(analysis, planned, lambda rows: rows.loc[rows["area"] != area])
    # Without slopes by area it would be another model, whose change does not compare.
    if fitted.refused or fitted.overall_only:
        return {"area": area, "reason": fitted.refused or fitted.overall_only}
    estimate = overall(fitted)
    return {"area": area, **{name: float(estimate[name]) for name in ("estimate", "low", "high")}, "reason": ""}
