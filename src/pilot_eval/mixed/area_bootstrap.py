"""Bootstrap intervals of a group's own coefficient: from the errors of prediction in simulated data.

In each replicate the true coefficient of every group is known, so the quantiles of (estimate - truth), theta
estimated anew, hold what the mixed-model equations leave out: the uncertainty of theta.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .arrays import Floats
from .bootstrap import curvature_at, lifted, refit_products
from .crossprod import batch_reserve, batch_width
from .effects import area_effects, factor_index
from .simulate import simulate_with_effects
from .solve import solve_batch

if TYPE_CHECKING:
    from .lmm import LmmFit


@dataclass(frozen=True)
class PredictionErrors:
    """Of the replicates that converged (k): estimate less truth of each group, and the spread that was estimated.

    `own` (k, groups) is the error of a group's coefficient, fixed and random part together, `deviation` that of its
    random part alone, groups in label order; `spread` (k,) the standard deviation between groups; `failures` counts
    the replicates that did not converge.
    """

    own: Floats
    deviation: Floats
    spread: Floats
    failures: int


def prediction_errors(fit: LmmFit, group: str, fixed: Floats, own: Floats, n: int, seed: int) -> PredictionErrors:
    """Simulate, fit anew, and compare a linear function of fixed effects and a group's own effects with the truth.

    Parameters
    ----------
    fixed, own
        Weights of the coefficients (p,), and of the group's random columns (q,).
    n, seed
        Replicates; the random numbers of replicate k depend on the seed and on k alone.
    """
    problem = fit.problem
    f = factor_index(fit, group)
    back = problem.scaled.z_back[f]
    order = problem.structure.original[f]
    template = problem.layout.templates[f]
    hessian, start = curvature_at(fit), lifted(fit)
    # clusters of crossed groups are dense: one replicate at a time
    step = batch_width(fit.products) if problem.structure.nested else 1
    deviation = np.full((n, problem.structure.n_groups[f]), np.nan)
    shift, spread = np.full(n, np.nan), np.full(n, np.nan)
    reserve = batch_reserve(fit.products)
    for begin in range(0, n, reserve):
        size = min(reserve, n - begin)
        y, effects = simulate_with_effects(fit, range(begin, begin + size), seed)
        products = problem.products(y)
        refits = refit_products(fit, products, start, hessian)
        for first in range(0, size, step):
            part = np.arange(first, min(first + step, size))
            _, top, modes = solve_batch(products.take(part), problem.layout, refits.theta[part])
            gap = (fit.scale_y * modes[f] - effects[f][part]) @ (own @ back)
            gap[~refits.converged[part]] = np.nan
            deviation[np.ix_(begin + part, order)] = gap
            shift[begin + part] = (problem.scaled.coefficients(top.beta) - fit.beta) @ fixed
            sigma = fit.scale_y * np.sqrt(top.rss / fit.objective.nu)
            half = own @ back @ template.matrix(refits.theta[part])
            spread[begin + part] = sigma * np.sqrt((half * half).sum(axis=1))
    used = ~np.isnan(deviation[:, 0])
    deviation = deviation[used]
    return PredictionErrors(deviation + shift[used, None], deviation, spread[used], int(n - used.sum()))


def area_bootstrap(fit: LmmFit, term: str, group: str, n: int, seed: int, level: float) -> pd.DataFrame:
    """See `LmmFit.area_effects`: `estimate se low high`, the spread and quantiles of the prediction error."""
    table = area_effects(fit, term, group, False, level)
    fixed = np.array([float(name == term) for name in fit.problem.names])
    columns = fit.problem.groupings[factor_index(fit, group)].columns
    errors = prediction_errors(fit, group, fixed, np.array([float(name == term) for name in columns]), n, seed)
    low, high = np.quantile(errors.own, [0.5 - level / 2.0, 0.5 + level / 2.0], axis=0)
    table["se"] = errors.own.std(axis=0, ddof=1)
    table["low"], table["high"] = table["estimate"] - high, table["estimate"] - low
    table.attrs.update(replicates=len(errors.own), failures=errors.failures)
    return table
