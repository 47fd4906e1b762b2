"""What to look at before a fit is believed: gradient, Hessian, boundary, condition, quantiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .arrays import Floats
from .optimise import BOUNDARY, difference_hessian

if TYPE_CHECKING:
    from .glmm import GlmmFit
    from .lmm import LmmFit

QUANTILES = (0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)
COLUMNS = [f"{100 * q:g}%" for q in QUANTILES]


@dataclass(frozen=True)
class Diagnostics:
    """Numbers that judge an optimum.

    `scaled_gradient` is the largest element of |H^-1/2 g| (criterion units; small is good), `hessian_eigenvalues`
    those in the parameters that are optimised (theta; all of them in a generalised model), `singular_directions` the
    boundary in words, `condition` the condition number of the scaled fixed part, `residual_quantiles` of residuals
    over sigma (Pearson residuals of a generalised model), `effect_quantiles` of the conditional modes over their
    standard deviation by group and term.
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


def _curvature(gradient: Floats, hessian: Floats) -> tuple[float, Floats]:
    """Largest element of |H^-1/2 g|, and H's eigenvalues."""
    eigenvalues, vectors = np.linalg.eigh(hessian)
    inner = vectors.T @ gradient
    usable = eigenvalues > 1e-8 * max(float(np.abs(eigenvalues).max(initial=0.0)), 1e-12)
    return float(np.max(np.abs(inner[usable]) / np.sqrt(eigenvalues[usable]), initial=0.0)), eigenvalues


def _effect_quantiles(fit: Any) -> pd.DataFrame:
    effects = {}
    for grouping, cov in zip(fit.problem.groupings, fit.covariances, strict=True):
        modes = fit.ranef(grouping.name)
        sd = np.sqrt(np.diag(cov))
        for i, name in enumerate(modes.columns):
            if sd[i] > 0:
                effects[grouping.name, name] = np.quantile(modes[name].to_numpy() / sd[i], QUANTILES)
    return pd.DataFrame.from_dict(effects, orient="index", columns=COLUMNS)


def _judge(fit: Any, curvature: tuple[float, Floats], condition: float, residuals: Floats) -> Diagnostics:
    from .estimate import singular_directions

    scaled, eigenvalues = curvature
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
        pd.Series(np.quantile(residuals, QUANTILES), index=COLUMNS),
        _effect_quantiles(fit),
    )


def diagnose(fit: LmmFit) -> Diagnostics:
    """See `LmmFit.diagnostics`."""
    theta = fit.optimum.theta[None]
    layout = fit.problem.layout
    free = ~(layout.diagonal & (np.abs(theta[0]) < BOUNDARY))
    curvature = 0.0, np.zeros(0)
    if layout.n_theta:
        _, gradient = fit.objective(theta)
        hessian = difference_hessian(lambda t, _: fit.objective(t), theta, gradient, np.zeros(1, dtype=np.int64))[0]
        curvature = _curvature(gradient[0][free], hessian[np.ix_(free, free)])
    xx = fit.products.top[0][np.ix_(fit.products.x, fit.products.x)]
    condition = 1.0
    if len(xx):
        size = np.sqrt(np.diag(xx))
        condition = float(np.sqrt(np.linalg.cond(xx / np.outer(size, size))))
    return _judge(fit, curvature, condition, fit.residuals("scaled").to_numpy())


def diagnose_general(fit: GlmmFit) -> Diagnostics:
    """See `GlmmFit.diagnostics`; gradient and Hessian are those of -2 log-likelihood in all parameters."""
    best, layout = fit.optimum, fit.problem.layout
    held = np.zeros(len(best.omega), dtype=bool)
    held[: layout.n_theta] = layout.diagonal & (np.abs(best.theta) < BOUNDARY)
    curvature = _curvature(best.gradient[~held], best.hessian[np.ix_(~held, ~held)])
    x = fit.target.x
    condition = float(np.linalg.cond(x / np.linalg.norm(x, axis=0))) if x.shape[1] else 1.0
    return _judge(fit, curvature, condition, fit.residuals("pearson").to_numpy())
