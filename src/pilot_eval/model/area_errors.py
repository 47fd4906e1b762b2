"""How well the areas' own changes are known, and how much areas differ: equations of the model, and its bootstrap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilot_eval.change.contrasts import slope
from pilot_eval.change.fitting import Fitted
from pilot_eval.change.planned import AREA

if TYPE_CHECKING:
    from pilot_eval.mixed.area_bootstrap import PredictionErrors

Floats = NDArray[np.float64]
#: With fewer areas their intervals come from the bootstrap: the equations take the spread of areas as known.
MANY_AREAS = 30
#: With more answers the bootstrap would take minutes, and the covariance parameters are known well enough.
MANY_ROWS = 10_000
#: Digits of what comes from a bootstrap: more of them could differ between processors.
DIGITS = 6


@dataclass(frozen=True)
class Draws:
    """Size and seed of the bootstraps of a fit."""

    replicates: int
    seed: int


@dataclass(frozen=True)
class AreaErrors:
    """The areas' own changes, in the order of ``labels``, and how well they are known.

    Attributes
    ----------
    estimate, se, low, high : array of shape (areas,)
        Change with its error and 95 % interval: from the bootstrap for fewer than ``MANY_AREAS``, else from the
        equations.
    deviation, deviation_se : array of shape (areas,)
        The same change less the change overall.
    se_known : array of shape (areas,)
        Standard error from the mixed-model equations, Var(b + u - u_true): covariance parameters taken as known.
    spread_low, spread_high : float
        Percentile interval of the standard deviation of change between areas; NaN without a bootstrap.
    """

    labels: pd.Index
    estimate: Floats
    se: Floats
    low: Floats
    high: Floats
    deviation: Floats
    deviation_se: Floats
    se_known: Floats
    spread_low: float
    spread_high: float


def own_step(fitted: Fitted, first: str, last: str) -> pd.Series | None:
    """What an area's effects add to its change, by random column; None when they add nothing."""
    columns = fitted.specification.columns_of(AREA) if fitted.specification else None
    if columns is None:
        return None
    step = slope(columns, fitted.rows, first, last)
    return step if (step != 0).any() else None


def area_errors(fitted: Fitted, first: str, last: str, draws: Draws) -> AreaErrors | None:
    """The areas' own changes and how well they are known; None when the model gives areas none.

    Parameters
    ----------
    fitted : Fitted
    first, last : str
        Waves.
    draws : Draws
        Of the parametric bootstrap: new areas, organisations, respondents and answers are drawn from the fit, the
        model is fitted anew, and its estimates are compared with what was drawn.
    """
    from numpy.linalg import LinAlgError
    from scipy.special import ndtri

    from pilot_eval.mixed.area_bootstrap import prediction_errors
    from pilot_eval.mixed.effects import error_covariance, factor_index, modes_table

    step = own_step(fitted, first, last)
    if step is None or fitted.fit is None or fitted.change is None or fitted.change.overall is None:
        return None
    fit = fitted.fit
    factor = factor_index(fit, AREA)
    modes = modes_table(fit, factor)
    fixed = fitted.change.overall.reindex(fit.fixef.index).to_numpy(dtype=np.float64)
    own = step.reindex(modes.columns).to_numpy(dtype=np.float64)
    deviation = modes.to_numpy(dtype=np.float64) @ own
    estimate = float(fixed @ fit.fixef.to_numpy()) + deviation
    covariance = error_covariance(fit, factor)
    weight = np.concatenate([fixed, own])
    known = _root(np.einsum("i,nij,j->n", weight, covariance, weight))
    p = len(fixed)
    apart = _root(np.einsum("i,nij,j->n", own, covariance[:, p:, p:], own))
    half = float(ndtri(0.975)) * known
    found = AreaErrors(modes.index, estimate, known, estimate - half, estimate + half, deviation, apart, known,
                       np.nan, np.nan)  # fmt: skip
    if fit.nobs > MANY_ROWS:
        return found
    try:
        drawn = prediction_errors(fit, AREA, fixed, own, draws.replicates, draws.seed)
    except LinAlgError:  # of answers that the terms all but reproduce
        return found
    return _with_bootstrap(found, drawn) if len(drawn.spread) > draws.replicates / 2 else found


def _with_bootstrap(found: AreaErrors, drawn: PredictionErrors) -> AreaErrors:
    """The same with what the bootstrap says; of many areas, of the spread only."""
    low, high = _rounded(np.quantile(drawn.spread, [0.025, 0.975]))
    if len(found.labels) >= MANY_AREAS:
        return AreaErrors(**{**found.__dict__, "spread_low": float(low), "spread_high": float(high)})
    # The quantiles by which one more error falls between with 95 % (Davison and Hinkley 1997, section 5.2.1).
    below, above = np.quantile(drawn.own, [0.025, 0.975], axis=0, method="weibull")
    return AreaErrors(
        found.labels, found.estimate, _rounded(_root((drawn.own**2).mean(axis=0))),
        _rounded(found.estimate - above), _rounded(found.estimate - below), found.deviation,
        _rounded(_root((drawn.deviation**2).mean(axis=0))), found.se_known, float(low), float(high),
    )  # fmt: skip


def _root(variance: Floats) -> Floats:
    return np.sqrt(np.maximum(variance, 0.0))


def _rounded(values: Floats) -> Floats:
    return np.array([float(f"{value:.{DIGITS}g}") for value in values])
