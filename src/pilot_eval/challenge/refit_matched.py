"""Rule ``refit_matched``: the same change from those alone who answered at the first and at the last wave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.change.fitting import fit_planned, overall
from pilot_eval.change.planned import Planned
from pilot_eval.change.rows import organisations, pairs
from pilot_eval.parts import measured, part_of


def refit_matched(
    analysis: pd.DataFrame,
    model: str,
    formula: str,
    reml: bool,
    outcome: Mapping[str, Any],
    weights: Mapping[str, float],
    waves: Sequence[str],
) -> dict[str, pd.DataFrame]:
    """Fit an outcome's primary model to matched respondents.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table of ``score``.
    model, formula, reml, outcome, weights, waves
        As for ``fit_change``.

    Returns
    -------
    dict
        ``part`` with one row of the table ``challenge`` and ``estimates``, the same exact; not available where the
        model cannot be fitted, with the reason in ``estimates``.
    """

    def matched(rows: pd.DataFrame) -> pd.DataFrame:
        both = set(pairs(rows, waves[0], waves[-1])["respondent"])
        return rows.loc[rows["respondent"].isin(both)]

    fitted = fit_planned(analysis, Planned(outcome, formula, reml, weights, waves, model), matched)
    rows = fitted.rows
    estimate = None if fitted.refused else overall(fitted)
    values = {name: None if estimate is None else float(estimate[name]) for name in ("estimate", "low", "high")}
    cells = measured(
        values, outcome["digits"], outcome["unit"], outcome=outcome["outcome"], group="matched",
        n=int(rows["respondent"].nunique()), n_organisations=organisations(rows),
        estimand=f"mean change from {waves[0]} to {waves[-1]} of respondents with both answers",
    )  # fmt: skip
    estimates = pd.DataFrame([{"outcome": outcome["outcome"], **values, "n": len(rows), "reason": fitted.refused}])
    numbers = dict.fromkeys(values, "float64")
    return {
        "part": part_of("refit_matched", {"challenge": cells}),
        "estimates": estimates.astype({"outcome": "str", **numbers, "n": "Int64", "reason": "str"}),
    }
