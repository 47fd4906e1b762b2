"""Draws of all parameters of a fit from their asymptotic distribution: fixed effects, variances, the family's own.

What depends on several of them, as a share averaged over the random effects does, gets its interval from such draws
(King, Tomz & Wittenberg 2000, Am. J. Polit. Sci. 44, 347-361). The covariance parameters are drawn as theta, whose T
makes a covariance TT' of every draw, also beside a boundary.
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
    theta = fit.optimum.theta + moved[:, :m]
    if isinstance(fit, LmmFit):
        sigma = fit.sigma * np.exp(moved[:, m])
        beta = fit.beta + moved[:, m + 1 :] @ fit.to_data.T
        return Parameters(beta, np.zeros((n + 1, 0)), _covariances(fit, theta, sigma), sigma)
    own = (fit.optimum.omega[m:] + moved[:, m:]) @ fit.back.T
    p = len(fit.beta)
    beta, psi = own[:, :p], own[:, p:]
    sigma = np.exp(psi[:, 0]) if fit.family.name == "censored-normal" else np.zeros(n + 1)
    return Parameters(beta, psi, _covariances(fit, theta, np.ones(n + 1)), sigma)


def _covariances(fit: GlmmFit | LmmFit, theta: Floats, sigma: Floats) -> list[Floats]:
    """Covariance of each factor's effects for each theta (n, m), in the columns' own units: (n, q, q)."""
    out = []
    for template, back in zip(fit.problem.layout.templates, fit.problem.scaled.z_back, strict=True):
        half = back @ template.matrix(theta) * sigma[:, None, None]
        out.append(half @ np.swapaxes(half, 1, 2))
    return out
