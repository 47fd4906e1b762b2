"""Draws of all parameters of a fit from their asymptotic distribution: fixed effects, variances, the family's own.

What depends on several of them, as a share averaged over the random effects does, gets its interval from such draws
(King, Tomz & Wittenberg 2000, Am. J. Polit. Sci. 44, 347-361). Covariance parameters are drawn as variances and
covariances: a standard deviation near zero is told by the likelihood to a certain size of its square, while the
curvature in itself, next to nothing there, would say that it may be anything. A draw that is no covariance is projected
on the nearest that is one (negative eigenvalues count as zero).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import Floats, Ints
from .glmm import GlmmFit
from .lmm import LmmFit
from .optimise import BOUNDARY
from .simulate import generator


@dataclass(frozen=True)
class Parameters:
    """Parameters in the data's units, one set a row; the first is the estimate itself.

    `covariances[f]` (n, q, q) belong to the fit's groupings in order; `psi` are the family's own (thresholds, log of
    dispersion or of sigma), none for linear models; `sigma` (n,) is the residual deviation, 0 where there is none.
    """

    beta: Floats
    psi: Floats
    covariances: list[Floats]
    sigma: Floats


def omega_covariance(fit: GlmmFit | LmmFit) -> Floats:
    """Covariance of all parameters, internal units: (theta, b, psi), for linear models (theta, log sigma, b).

    What lies at its boundary is held there, as an estimate of zero has no normal distribution. Of a linear model the
    fixed effects are independent of the others, as they are in its expected information.
    """
    theta = fit.optimum.theta
    held = np.flatnonzero(fit.problem.layout.diagonal & (np.abs(theta) < BOUNDARY))
    if isinstance(fit, LmmFit):
        m, p = len(theta) + 1, len(fit.beta)
        out = np.zeros((m + p, m + p))
        out[:m, :m] = _inverse(fit.curvature.hessian, held)
        out[m:, m:] = fit.sigma_internal**2 * fit.solved.top.inverse[0]
        return out
    return _inverse(fit.optimum.hessian, held)


def _inverse(hessian: Floats, held: Ints) -> Floats:
    """2 H^-1 in the parameters that are not held; directions that the criterion does not determine have none."""
    free = np.setdiff1d(np.arange(len(hessian)), held)
    values, vectors = np.linalg.eigh(hessian[np.ix_(free, free)])
    fine = values > 1e-7 * values.max()
    out = np.zeros_like(hessian)
    out[np.ix_(free, free)] = 2.0 * (vectors[:, fine] / values[fine]) @ vectors[:, fine].T
    return out


def draw_parameters(fit: GlmmFit | LmmFit, n: int, seed: int) -> Parameters:
    """The estimate and `n` draws around it.

    Parameters
    ----------
    fit
        Of `lmer`, `glmer`, `clmm` or `tobit`.

    Returns
    -------
    Parameters
        n + 1 rows.
    """
    covariance = omega_covariance(fit)
    values, vectors = np.linalg.eigh(covariance)
    # the symmetric root does not depend on the signs of eigenvectors, which differ between machines
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    moved = np.vstack([np.zeros(len(covariance)), generator(seed, 0).standard_normal((n, len(covariance))) @ root])
    m = fit.problem.layout.n_theta
    if isinstance(fit, LmmFit):
        grown = moved[:, m]
        beta = fit.beta + moved[:, m + 1 :] @ fit.to_data.T
        covariances = _covariances(fit, fit.sigma**2, moved[:, :m], grown)
        return Parameters(beta, np.zeros((n + 1, 0)), covariances, fit.sigma * np.exp(grown))
    own = (fit.optimum.omega[m:] + moved[:, m:]) @ fit.back.T
    p = len(fit.beta)
    beta, psi = own[:, :p], own[:, p:]
    sigma = np.exp(psi[:, 0]) if fit.family.name == "censored-normal" else np.zeros(n + 1)
    return Parameters(beta, psi, _covariances(fit, 1.0, moved[:, :m], np.zeros(n + 1)), sigma)


def _covariances(fit: GlmmFit | LmmFit, scale: float, moved: Floats, grown: Floats) -> list[Floats]:
    """Covariance of each factor's effects, in the columns' own units: (n, q, q).

    The estimate is scale TT'; to first order it moves by scale (dT T' + T dT' + 2 TT' dlog sigma) with theta (n, m) and
    log sigma (n,).
    """
    problem = fit.problem
    out = []
    for template, back in zip(problem.layout.templates, problem.scaled.z_back, strict=True):
        half = back @ template.matrix(fit.optimum.theta[None])[0]
        step = back @ template.matrix(moved) @ half.T
        estimate = half @ half.T
        drawn = scale * (estimate + step + np.swapaxes(step, 1, 2) + 2.0 * grown[:, None, None] * estimate)
        values, vectors = np.linalg.eigh(drawn)
        out.append((vectors * np.maximum(values, 0.0)[:, None, :]) @ np.swapaxes(vectors, 1, 2))
    return out
