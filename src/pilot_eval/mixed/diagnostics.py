"""What to look at before a fit is believed: gradient, Hessian, boundary, condition, quantiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .optimise import BOUNDARY, difference_hessian

if TYPE_CHECKING:
    from .lmm import LmmFit

QUANTILES = (0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)


@dataclass(frozen=True)
class Diagnostics:
    """Numbers that judge an optimum.

    `scaled_gradient` is the largest element of |H^-1/2 g| (criterion units; small is good), `hessian_eigenvalues`
    those in theta at the optimum, `singular_directions` the boundary in words, `condition` the condition number
    of the scaled fixed part, `residual_quantiles` of residuals over sigma, `effect_quantiles` of the conditional
    modes over their standard deviation by group and term.
    """

    converged: bool
    singular: bool
    scaled_gradient: float
    hessian_eigenvalues: tuple[float, ...]
    positive_definite: bool
    singular_directions: tuple[str, ...]
    condition: float
    optima: int
    restarts: int
    evaluations: int
    rows_dropped: dict[str, int]
    residual_quantiles: pd.Series
    effect_quantiles: pd.DataFrame


def diagnose(fit: LmmFit) -> Diagnostics:
    """See `LmmFit.diagnostics`."""
    from .estimate import singular_directions

    theta = fit.optimum.theta[None]
    layout = fit.problem.layout
    free = ~(layout.diagonal & (np.abs(theta[0]) < BOUNDARY))
    scaled, eigenvalues = 0.0, np.zeros(0)
    if layout.n_theta:
        _, gradient = fit.objective(theta)
        hessian = difference_hessian(lambda t, _: fit.objective(t), theta, gradient, np.zeros(1, dtype=np.int64))[0]
        eigenvalues, vectors = np.linalg.eigh(hessian[np.ix_(free, free)])
        inner = vectors.T @ gradient[0][free]
        usable = eigenvalues > 1e-8 * max(float(np.abs(eigenvalues).max(initial=0.0)), 1e-12)
        scaled = float(np.max(np.abs(inner[usable]) / np.sqrt(eigenvalues[usable]), initial=0.0))
    xx = fit.products.top[0][np.ix_(fit.products.x, fit.products.x)]
    condition = 1.0
    if len(xx):
        size = np.sqrt(np.diag(xx))
        condition = float(np.sqrt(np.linalg.cond(xx / np.outer(size, size))))
    residuals = fit.residuals("scaled").to_numpy()
    effects = {}
    for grouping, cov in zip(fit.problem.groupings, fit.covariances, strict=True):
        modes = fit.ranef(grouping.name)
        sd = np.sqrt(np.diag(cov))
        for i, name in enumerate(modes.columns):
            if sd[i] > 0:
                effects[grouping.name, name] = np.quantile(modes[name].to_numpy() / sd[i], QUANTILES)
    columns = [f"{100 * q:g}%" for q in QUANTILES]
    table = pd.DataFrame.from_dict(effects, orient="index", columns=columns)
    return Diagnostics(
        fit.converged,
        fit.singular,
        scaled,
        tuple(float(v) for v in eigenvalues),
        bool((eigenvalues > -1e-6 * max(1.0, float(np.abs(eigenvalues).max(initial=0.0)))).all()),
        tuple(singular_directions(fit.problem, fit.optimum.theta)),
        condition,
        fit.optimum.optima,
        fit.optimum.restarts,
        fit.optimum.evaluations,
        fit.dropped,
        pd.Series(np.quantile(residuals, QUANTILES), index=columns),
        table,
    )
