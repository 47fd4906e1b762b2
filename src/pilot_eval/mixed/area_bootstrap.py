"""Bootstrap intervals of a group's own coefficient: from the errors of prediction in simulated data.

In each replicate the true coefficient of every group is known, so the quantiles of (estimate - truth), theta
estimated anew, hold what the mixed-model equations leave out: the uncertainty of theta.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .bootstrap import curvature_at, lifted, refit_products
from .crossprod import batch_width
from .effects import area_effects, factor_index
from .simulate import simulate_with_effects
from .solve import solve_batch

if TYPE_CHECKING:
    from .lmm import LmmFit


def area_bootstrap(fit: LmmFit, term: str, group: str, n: int, seed: int, level: float) -> pd.DataFrame:
    """See `LmmFit.area_effects`: `estimate se low high`, the spread and quantiles of the prediction error."""
    table = area_effects(fit, term, group, False, level)
    problem = fit.problem
    f = factor_index(fit, group)
    j = problem.groupings[f].columns.index(term)
    i = problem.names.index(term) if term in problem.names else None
    back = problem.scaled.z_back[f][j]
    order = problem.structure.original[f]
    hessian, start = curvature_at(fit), lifted(fit)
    width = batch_width(fit.products)
    # clusters of crossed groups are dense: one replicate at a time
    step = width if problem.structure.nested else 1
    errors = np.full((n, len(table)), np.nan)
    for begin in range(0, n, width):
        y, effects = simulate_with_effects(fit, range(begin, begin + width), seed)
        products = problem.products(y)
        refits = refit_products(fit, products, start, hessian)
        for first in range(0, min(width, n - begin), step):
            part = np.arange(first, min(first + step, n - begin))
            _, top, modes = solve_batch(products.take(part), problem.layout, refits.theta[part])
            gap = (fit.scale_y * modes[f] - effects[f][part]) @ back
            if i is not None:
                gap += (problem.scaled.coefficients(top.beta)[:, i] - fit.beta[i])[:, None]
            gap[~refits.converged[part]] = np.nan
            errors[np.ix_(begin + part, order)] = gap
    used = errors[~np.isnan(errors[:, 0])]
    low, high = np.quantile(used, [0.5 - level / 2.0, 0.5 + level / 2.0], axis=0)
    table["se"] = used.std(axis=0, ddof=1)
    table["low"], table["high"] = table["estimate"] - high, table["estimate"] - low
    table.attrs.update(replicates=len(used), failures=n - len(used))
    return table
