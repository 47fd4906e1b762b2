"""The record of a fit: what was fitted, how it went, and whether a second program agrees."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pilot_eval.change.fitting import Fitted, Planned
from pilot_eval.change.rows import organisations

#: Largest differences at which two programs agree: fixed effects in standard errors, log-likelihood.
AGREE_FIXED, AGREE_LOGLIK = 0.01, 0.01


def record(fitted: Fitted, planned: Planned, limits: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Everything about a fit that is not a published number, as plain values.

    Parameters
    ----------
    fitted : Fitted
    planned : Planned
    limits : sequence of mapping
        Random effects at a boundary (``boundary``).

    Returns
    -------
    dict
        ``status`` is ``fitted`` or ``refused`` (then ``reason`` says why, and only plan and rows are told).
    """
    rows = fitted.rows
    found: dict[str, Any] = {
        "model": planned.name,
        "outcome": planned.outcome["outcome"],
        "planned": planned.formula,
        "status": "refused" if fitted.refused else "fitted",
        "reason": fitted.refused,
        "answers": len(rows),
        "respondents": int(rows["respondent"].nunique()),
        "organisations": organisations(rows) or 0,
        "areas": int(rows["area"].nunique()),
        "answers_by_wave": {wave: int((rows["wave"] == wave).sum()) for wave in planned.waves},
    }
    if fitted.fit is None or fitted.specification is None or fitted.change is None:
        return found
    fit = fitted.fit
    return found | {
        "formula": fitted.specification.formula,
        "left_out": [{"term": term, "reason": reason} for term, reason in fitted.specification.dropped],
        "overall_only": fitted.overall_only,
        "role_weights": fitted.change.weights,
        "method": "REML" if fit.reml else "ML",
        "groups": {name: int(count) for name, count in fit.ngroups.items()},
        "loglik": fit.loglik,
        "criterion": fit.criterion,
        "aic": fit.aic,
        "bic": fit.bic,
        "sigma": fit.sigma,
        "converged": bool(fit.converged),
        "singular": bool(fit.singular),
        "boundary": [dict(one) for one in limits],
        "df_method": fit.default_df(),
        "variances": _plain(fit.varcorr),
        "second_fit": second_opinion(fitted),
    }


def second_opinion(fitted: Fitted) -> dict[str, Any]:
    """How far the independent second fit is from the first.

    Returns
    -------
    dict
        ``largest_fixed_difference`` in standard errors, ``loglik_difference`` (first minus second: above zero the
        first found the better optimum), ``largest_sd_difference`` of the random effects relative to the residual
        standard deviation, ``agrees``; or ``reason`` why there is none.
    """
    from pilot_eval.model.second_fit import NoSecondFit, second_fit

    assert fitted.fit is not None and fitted.specification is not None
    fit = fitted.fit
    try:
        second = second_fit(fitted.specification, fitted.rows, fit.reml)
    except NoSecondFit as error:
        return {"done": False, "reason": str(error)}
    fixed = float(((fit.fixef - second.fixef.reindex(fit.fixef.index)) / fit.se).abs().max())
    loglik = float(fit.loglik - second.loglik)
    return {
        "done": True,
        "optimiser": second.optimiser,
        "converged": second.converged,
        "singular": second.singular,
        "loglik": second.loglik,
        "largest_fixed_difference": fixed,
        "loglik_difference": loglik,
        "largest_sd_difference": _deviations(fit.varcorr, second.varcorr, fit.sigma),
        "agrees": bool(fixed <= AGREE_FIXED and abs(loglik) <= AGREE_LOGLIK),
    }


def _deviations(first: pd.DataFrame, second: pd.DataFrame, sigma: float) -> float:
    """Largest difference of standard deviations, in residual standard deviations."""

    def by_name(table: pd.DataFrame) -> dict[tuple[str, str], float]:
        plain = table.loc[table["term2"].fillna("") == ""]
        names = zip(plain["group"], plain["term1"].fillna(""), strict=True)
        return dict(zip(names, plain["sdcor"].astype(float), strict=True))

    ours, theirs = by_name(first), by_name(second)
    return float(np.max([abs(ours[name] - theirs[name]) for name in ours])) / sigma


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            str(name): (None if value is None or (isinstance(value, float) and math.isnan(value)) else value)
            for name, value in row.items()
        }
        for row in table.to_dict("records")
    ]
