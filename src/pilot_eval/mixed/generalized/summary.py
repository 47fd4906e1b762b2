"""A fit judged and shown: diagnostics, and the summary as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..diagnostics import QUANTILES
from ..optimise import BOUNDARY
from ..summary import coefficients, counts, dropped_text, random_part
from .effects import modes_table
from .optimum import inverse
from .singular import singular_directions

if TYPE_CHECKING:
    from .fit import GeneralizedFit


@dataclass(frozen=True)
class Diagnostics:
    """Numbers that judge an optimum.

    `scaled_gradient` is the distance to the optimum in standard errors, `hessian_eigenvalues` those of the Hessian
    of minus the log-likelihood in all parameters scaled to a unit diagonal, `condition` the condition number of the
    scaled fixed part, `effect_quantiles` of the conditional modes over their standard deviation.
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
    rows_dropped: dict[str, int]
    effect_quantiles: pd.DataFrame


def diagnose(fit: GeneralizedFit) -> Diagnostics:
    """See `GeneralizedFit.diagnostics`."""
    best, problem = fit.optimum, fit.problem
    lead = len(best.psi) - problem.layout.n_theta
    diagonal = np.r_[np.zeros(lead, dtype=bool), problem.layout.diagonal]
    eigenvalues = inverse(best.hessian, ~(diagonal & (np.abs(best.psi) < BOUNDARY)))[1]
    x = problem.arrays.x
    size = np.linalg.norm(x, axis=0)
    condition = float(np.linalg.cond(x / np.where(size > 0, size, 1.0))) if x.shape[1] else 1.0
    effects = {}
    for f, (grouping, cov) in enumerate(zip(problem.groupings, fit.covariances, strict=True)):
        table, sd = modes_table(fit, f), np.sqrt(np.diag(cov))
        for i, name in enumerate(table.columns):
            if sd[i] > 0:
                effects[grouping.name, name] = np.quantile(table[name].to_numpy() / sd[i], QUANTILES)
    return Diagnostics(
        fit.converged,
        fit.singular,
        float(np.sqrt(max(best.decrement, 0.0))),
        tuple(float(v) for v in eigenvalues),
        bool((eigenvalues > 0).all()),
        tuple(singular_directions(problem, fit.theta_internal)),
        condition,
        best.optima,
        best.restarts,
        fit.dropped,
        pd.DataFrame.from_dict(effects, orient="index", columns=[f"{100 * q:g}%" for q in QUANTILES]),
    )


def _thresholds(fit: Any) -> list[str]:
    table = pd.DataFrame({"estimate": fit.thresholds, "se": fit.se.iloc[: len(fit.thresholds)]})
    return ["", "Thresholds:", str(table.map(lambda v: f"{v:.4g}").to_string())]


def summary(fit: GeneralizedFit) -> str:
    """See `GeneralizedFit.summary`."""
    diagnostics = fit.diagnostics()
    ordered = bool(fit.problem.response.labels)
    how = "Laplace approximation" if fit.n_agq == 1 else f"adaptive Gauss-Hermite quadrature, {fit.n_agq} nodes"
    title = "Cumulative link mixed model" if ordered else "Generalised linear mixed model"
    lines = [
        f"{title} fit by maximum likelihood ({how})",
        f"Family: {fit.family}"
        + ("" if fit.family != "negative-binomial" else f" (dispersion {_dispersion(fit):.4g})"),
        f"Formula: {fit.formula}",
        "",
        f"AIC {fit.aic:.2f}  BIC {fit.bic:.2f}  logLik {fit.loglik:.3f}",
        "",
        "Random effects:",
        random_part(fit.varcorr),
        counts(fit.nobs, fit.ngroups),
        dropped_text(fit.problem.rows.n_dropped, fit.dropped),
        "",
        "Fixed effects (z-tests, standard errors from the Hessian in all parameters):",
        coefficients(fit.tests()),
        *(_thresholds(fit) if ordered else []),
        "",
        f"Optimum: {diagnostics.scaled_gradient:.1e} standard errors away, "
        f"{diagnostics.restarts} restarts, {diagnostics.optima} optima seen",
    ]
    if fit.singular:
        lines.append("Singular fit: " + "; ".join(diagnostics.singular_directions))
    return "\n".join(lines)


def _dispersion(fit: Any) -> str:
    return f" (dispersion {fit.dispersion:.4g})" if fit.family == "negative-binomial" else ""
