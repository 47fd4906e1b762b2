"""A generalised model fitted again to other outcomes: one refit, and the parametric bootstrap made of them.

Each replicate is a fit of its own, begun at the optimum of the first; what cannot be fitted (one answer only, perfect
separation, no convergence) is a failure with its reason, never a missing row.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .arrays import Floats
from .bootstrap import Bootstrap, Statistic
from .errors import ModelError
from .estimate_general import fit_general
from .families import CumulativeLogit
from .simulate import simulate_general

if TYPE_CHECKING:
    from .glmm import GlmmFit


def refit_general(fit: GlmmFit, y: Any) -> GlmmFit:
    """The same model for another outcome (n,), as `simulate` gives them; starts where the fit ended.

    Raises
    ------
    ModelError
        Another length, values that are not finite, one answer in all rows, a category without answers, separation.
    ConvergenceError
        No stationary point was reached.
    """
    values = np.asarray(y, dtype=float)
    if values.shape != (fit.nobs,) or not np.isfinite(values).all():
        raise ModelError(f"refit needs {fit.nobs} finite values, one per row used, not shape {np.shape(y)}")
    if np.ptp(values) == 0.0:
        raise ModelError(f"refit: the outcome is {values[0]:g} in all {len(values)} rows; there is nothing to model")
    if isinstance(fit.family, CumulativeLogit):
        empty = np.flatnonzero(np.bincount(values.astype(np.int64), minlength=fit.family.n_levels) == 0)
        if len(empty):
            raise ModelError(f"refit: no row has category {empty[0] + 1} of {fit.family.n_levels}")
    layout = fit.problem.layout
    start = fit.optimum.omega.copy()
    m = layout.n_theta
    # a variance of zero is a stationary point: begin beside it
    start[:m] = np.where(layout.diagonal & (start[:m] < 0.1), 0.1, start[:m])
    family: Any = replace(fit.family, y=values)  # type: ignore[type-var]
    problem = replace(fit.problem, design=replace(fit.problem.design, y=values))
    return fit_general(problem, family, fit.n_agq, type(fit), start)


def standard_statistics(fit: GlmmFit) -> pd.Series:
    """Fixed effects, thresholds (if any), standard deviations, correlations and dispersion (if any)."""
    parts = dict(fit.fixef)
    if hasattr(fit, "thresholds"):
        parts |= dict(fit.thresholds)
    for group, first, second, _, sdcor in fit.varcorr.to_numpy():
        name = f"cor({first},{second}|{group})" if isinstance(second, str) else f"sd({first}|{group})"
        parts[name] = float(sdcor)
    if fit.family.name == "negative-binomial":
        parts["dispersion"] = fit.dispersion
    return pd.Series(parts, dtype=float)


def replicate(fit: GlmmFit, model: GlmmFit, k: int, seed: int) -> GlmmFit:
    """`model` fitted to replicate k drawn from `fit`; singular fits are results and bring no warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return refit_general(model, simulate_general(fit, range(k, k + 1), seed)[:, 0])


def bootstrap_general(fit: GlmmFit, statistic: Statistic | None, n: int, seed: int, first: int = 0) -> Bootstrap:
    """See `GlmmFit.bootstrap`."""
    measure: Any = standard_statistics if statistic is None else statistic
    observed = pd.Series(measure(fit), dtype=float)
    values = np.full((n, len(observed)), np.nan)
    singular = np.zeros(n, dtype=bool)
    failures: dict[int, str] = {}
    for place, k in enumerate(range(first, first + n)):
        try:
            again = replicate(fit, fit, k, seed)
            values[place] = pd.Series(measure(again), dtype=float).reindex(observed.index).to_numpy()
            singular[place] = again.singular
        except (ArithmeticError, ValueError, np.linalg.LinAlgError) as error:
            failures[k] = f"{type(error).__name__}: {error}"
    index = pd.RangeIndex(first, first + n, name="replicate")
    table = pd.DataFrame(values, index=index, columns=observed.index)
    return Bootstrap(table, observed, failures, pd.Series(singular, index=index), seed)


def ratios_general(null: GlmmFit, full: GlmmFit, n: int, seed: int) -> Floats:
    """Likelihood ratios (n,) of outcomes drawn from the null; NaN where either model could not be fitted."""
    out = np.full(n, np.nan)
    for k in range(n):
        try:
            small, large = replicate(null, null, k, seed), replicate(null, full, k, seed)
        except (ArithmeticError, ValueError, np.linalg.LinAlgError):
            continue
        out[k] = max(0.0, small.criterion - large.criterion)
    return out
