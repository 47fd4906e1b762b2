"""The record of a fit: what was fitted, how it went, and whether a second program agrees."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.change.fitting import Fitted
from pilot_eval.change.planned import Planned
from pilot_eval.change.rows import organisations
from pilot_eval.model.fallback import Fallback, fallback_record


def record(
    fitted: Fitted,
    planned: Planned,
    limits: Sequence[Mapping[str, Any]],
    simpler: Fallback | None = None,
    area_test: str = "",
) -> dict[str, Any]:
    """Everything about a fit that is not a published number, as plain values.

    Parameters
    ----------
    fitted : Fitted
    planned : Planned
    limits : sequence of mapping
        Random effects at a boundary (``boundary``).
    simpler : Fallback, optional
        The regular model below a singular one.
    area_test : str
        How the test of differences between areas was made.

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
    if fitted.fit is None or fitted.specification is None:
        return found
    fit = fitted.fit
    return found | {
        "formula": fitted.specification.formula,
        "left_out": [{"term": term, "reason": reason} for term, reason in fitted.specification.dropped],
        "ladder": [{"formula": step.formula, "why": step.why, "dropped": step.dropped} for step in fitted.steps],
        "overall_only": fitted.overall_only,
        "role_weights": fitted.change.weights if fitted.change else {},
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
        "off_boundary": fallback_record(simpler),
        "area_test": area_test,
        "df_method": fit.default_df(),
        "variances": _plain(fit.varcorr),
        "second_fit": second_opinion(fitted),
    }


def second_opinion(fitted: Fitted) -> dict[str, Any]:
    """How far an independent second fit is from the first.

    Returns
    -------
    dict
        ``largest_fixed_difference`` in standard errors, ``loglik_difference`` (first minus second: above zero the
        first found the better optimum), ``largest_sd_difference`` of the random effects relative to the residual
        standard deviation, ``verdict`` and ``agrees``; or ``reason`` why there is none.
    """
    from pilot_eval.mixed import ModelError

    assert fitted.fit is not None
    fit = fitted.fit
    try:
        found = fit.agreement()
    except ModelError as error:
        return {"done": False, "reason": str(error)}
    return {
        "done": True,
        "optimiser": found.optimiser,
        "converged": found.converged,
        "singular": found.singular,
        "loglik": fit.loglik - found.loglik,
        "largest_fixed_difference": found.coefficients,
        "loglik_difference": found.loglik,
        "largest_sd_difference": found.deviations,
        "verdict": found.verdict,
        "agrees": found.verdict == "agree",
    }


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            str(name): (None if value is None or (isinstance(value, float) and math.isnan(value)) else value)
            for name, value in row.items()
        }
        for row in table.to_dict("records")
    ]
