"""Models that name no wave, such as an analysis of covariance of the last wave: their terms, and no change."""

from __future__ import annotations

import re
import warnings

import pandas as pd

from pilot_eval.change.fitting import Fitted, step_faults
from pilot_eval.change.ladder import descend
from pilot_eval.change.planned import AREA, PAGES, Planned, lost, told
from pilot_eval.change.rows import answered
from pilot_eval.change.specification import fit_to_rows

NO_WAVE = "the model names no wave: it tells no change"


def fit_level(analysis: pd.DataFrame, planned: Planned) -> Fitted:
    """Fit a model to all answers to an outcome, whichever wave they are from.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table.
    planned : Planned
        With a formula that names no wave.

    Returns
    -------
    Fitted
        ``change`` is None. Refused where nothing varies, or neither the model nor a simpler one can be fitted.
    """
    from numpy.linalg import LinAlgError

    from pilot_eval.mixed import ModelError, lmer

    column = planned.outcome["column"]
    everybody = answered(analysis, column, planned.outcome["roles"], planned.waves)
    placed = everybody.loc[everybody[AREA] != ""]
    formula = planned.formula.replace("{outcome}", column)
    names = sorted(set(re.findall(r"[^\W\d]\w*", formula)) & set(placed.columns))
    rows = placed.dropna(subset=names).reset_index(drop=True)
    faults = list(lost(planned, "DES-03", "a known area", len(everybody) - len(placed)))
    faults += lost(planned, "SCO-03", "every variable of the formula", len(placed) - len(rows))
    if rows["value"].nunique() < 2:
        saw = "no answer can be modelled" if rows.empty else "no variation; not modelled"
        return Fitted(rows, saw, [*faults, told(planned, "SCO-02", saw, "answers that vary", "Check the delivery")])
    rows["role"] = rows["role"].cat.remove_unused_categories()
    specification = fit_to_rows(formula, rows)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            fit, used, steps = descend(specification, rows, lambda one, given: lmer(one, given, reml=planned.reml))
        except (ModelError, LinAlgError) as error:
            fault = told(planned, "MOD-02", f"no fit: {str(error)[:80]}", "a model that converges", "Simplify it")
            return Fitted(rows, "the model could not be fitted to these answers", [*faults, fault])
    faults += [
        told(planned, "MOD-04", f"{term} is left out: {reason}", "a term that the rows can tell", PAGES)
        for term, reason in specification.dropped
    ]
    return Fitted(rows, "", [*faults, *step_faults(steps, planned)], used, fit, None, NO_WAVE, steps)
