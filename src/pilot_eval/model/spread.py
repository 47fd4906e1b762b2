"""How much areas differ, and which level the differences between answers belong to."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pilot_eval.change.contrasts import start
from pilot_eval.change.fitting import Fitted, overall
from pilot_eval.change.planned import AREA
from pilot_eval.model.area_errors import AreaErrors, Draws, own_step

if TYPE_CHECKING:
    from pilot_eval.mixed.lmm import LmmFit

MEASURED = ("sd_change", "low", "high", "boot_low", "boot_high", "statistic", "p", "sd_start", "icc_area", "new_low",
            "new_high")  # fmt: skip


@dataclass(frozen=True)
class Spread:
    """Measures of how areas differ (``MEASURED``; None where the model has no such part), and how the test was made."""

    values: dict[str, float | None]
    test: str = ""


def spread(fitted: Fitted, first: str, last: str, errors: AreaErrors | None, draws: Draws) -> Spread:
    """How much areas differ.

    Returns
    -------
    Spread
        ``sd_change`` between areas with its 95 % profile interval ``low, high`` and the percentile interval of the
        parametric bootstrap ``boot_low, boot_high``; ``statistic`` and ``p`` of the likelihood-ratio test of no
        difference (`pilot_eval.mixed.compare`: mixture of chi-squares at the boundary, bootstrap where none is known);
        ``sd_start``; ``icc_area`` (share of the areas in the variance at the first wave); ``new_low`` and ``new_high``
        (range of the change of a further area, by t with areas - 2 degrees of freedom: Higgins, Thompson &
        Spiegelhalter 2009).
    """
    from scipy.special import stdtrit

    found: dict[str, float | None] = dict.fromkeys(MEASURED)
    fit = fitted.fit
    if fit is None or AREA not in fit.ngroups:
        return Spread(found)
    shares = variances_at(fitted, first)
    total = sum(shares.values())
    found["sd_start"] = float(np.sqrt(shares[AREA]))
    found["icc_area"] = shares[AREA] / total if total > 0 else None
    step = own_step(fitted, first, last)
    if step is None:
        return Spread(found)
    variance = _quadratic(fit, AREA, step)
    estimate = overall(fitted)
    half = float(stdtrit(max(fit.ngroups[AREA] - 2, 1), 0.975)) * float(np.sqrt(variance + estimate["se"] ** 2))
    found["sd_change"] = float(np.sqrt(variance))
    found["low"], found["high"] = _profile(fit, step)
    if errors is not None:
        found["boot_low"], found["boot_high"] = errors.spread_low, errors.spread_high
    found["new_low"], found["new_high"] = float(estimate["estimate"]) - half, float(estimate["estimate"]) + half
    found["statistic"], found["p"], test = _test(fitted, draws)
    return Spread(found, test)


def variances_at(fitted: Fitted, wave: str) -> dict[str, float]:
    """Variance of an answer at a wave by level, in the order of the formula; the last one is within respondents."""
    assert fitted.specification is not None and fitted.fit is not None
    found = {
        group: _quadratic(fitted.fit, group, start(fitted.specification.columns_of(group) or "0", fitted.rows, wave))
        for group in fitted.specification.groups
    }
    return {**found, "residual": fitted.fit.sigma**2}


def _profile(fit: LmmFit, step: pd.Series) -> tuple[float | None, float | None]:
    """Profile interval of the spread of change, where one random column alone makes the change."""
    from numpy.linalg import LinAlgError

    from pilot_eval.mixed import ModelError

    own = step[step != 0]
    if len(own) != 1:
        return None, None
    try:
        interval = fit.profile_ci(group=AREA, term=str(own.index[0]))
    except (ModelError, LinAlgError):
        return None, None
    size = abs(float(own.iloc[0]))
    return size * float(interval["low"].iloc[0]), size * float(interval["high"].iloc[0])


def _test(fitted: Fitted, draws: Draws) -> tuple[float | None, float | None, str]:
    """Likelihood ratio against the same model in which areas have no slopes: statistic, p, and its law in words."""
    from numpy.linalg import LinAlgError

    from pilot_eval.mixed import ModelError, compare, lmer

    assert fitted.specification is not None and fitted.fit is not None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            null = lmer(fitted.specification.without_slope(AREA).formula, fitted.rows, reml=fitted.fit.reml)
            tested = compare(null, fitted.fit, n=draws.replicates, seed=draws.seed)
        except (ModelError, LinAlgError):
            return None, None, ""
    return tested.statistic, tested.p, str(tested)


def _quadratic(fit: LmmFit, group: str, weights: pd.Series) -> float:
    from pilot_eval.mixed.effects import factor_index

    factor = factor_index(fit, group)
    own = weights.reindex(fit.problem.groupings[factor].columns).to_numpy()
    return max(float(own @ fit.covariances[factor] @ own), 0.0)
