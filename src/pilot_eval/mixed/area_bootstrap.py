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
from .solve import solve

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
    errors = np.full((n, len(table)), np.nan)
    for begin in range(0, n, width):
        numbers = range(begin, min(begin + width, n))
        y, effects = simulate_with_effects(fit, range(begin, begin + width), seed)
        products = problem.products(y)
        refits = refit_products(fit, products, start, hessian)
        for place, k in enumerate(numbers):
            if not refits.converged[place]:
                continue
            one = products.take(np.array([place]))
            solved = solve(one, problem.layout, refits.theta[place])
            gap = fit.scale_y * solved.modes[f] @ back - effects[f][place] @ back
            if i is not None:
                gap = gap + problem.scaled.coefficients(solved.top.beta[0])[i] - fit.beta[i]
            errors[k, order] = gap
    used = errors[~np.isnan(errors[:, 0])]
    low, high = np.quantile(used, [0.5 - level / 2.0, 0.5 + level / 2.0], axis=0)
    table["se"] = used.std(axis=0, ddof=1)
    table["low"], table["high"] = table["estimate"] - high, table["estimate"] - low
    table.attrs.update(replicates=len(used), failures=n - len(used))
    return table
