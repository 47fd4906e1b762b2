"""Satterthwaite's degrees of freedom (Kuznetsova, Brockhoff & Christensen 2017, J. Stat. Softw. 82(13)).

df = 2 (c'Vc)^2 / (g'Ag), A = 2 H^-1, H the Hessian of the criterion in (theta, log sigma), g the gradient of c'Vc.
H comes from central differences of the analytic gradient at fixed sigma; what involves log sigma is exact.
Along a direction that the criterion does not determine (a rotation of T at a boundary) the covariance does not
change either, so such directions are left out of A.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import Floats
from .layout import Layout
from .objective import Objective, backward, eliminate, solve_top


@dataclass(frozen=True)
class Curvature:
    """Hessian in (theta, log sigma), A = 2 H^-1, and the derivatives of V(b), all in internal units.

    `jacobian` (m + 1, p, p) is dV/d(theta, log sigma); `free` counts the determined directions.
    """

    hessian: Floats
    a: Floats
    vcov: Floats
    jacobian: Floats
    free: int


def _gradient_fixed(
    objective: Objective, thetas: Floats, inverse_variance: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """At fixed sigma: gradient of the criterion, of rss, rss and V/sigma^2 at each of the thetas."""
    products, layout = objective.products, objective.layout
    state = eliminate(products, layout, thetas)
    s = solve_top(products, state.top)
    k = len(thetas)
    tau = np.full(k, inverse_variance)
    gradient = backward(products, layout, state, objective.top_bar(products, s, tau))
    only = objective.top_bar(products, s, 0.0 * tau)
    rss_gradient = (gradient - backward(products, layout, state, only)) / inverse_variance
    return gradient, rss_gradient, s.rss, s.inverse


def curvature(objective: Objective, theta: Floats) -> Curvature:
    """Hessian and Jacobians at an optimum theta (m,), by Richardson-extrapolated central differences."""
    m = len(theta)
    layout: Layout = objective.layout
    here = solve_top(objective.products, eliminate(objective.products, layout, theta[None]).top)
    sigma2 = float(here.rss[0] / objective.nu)
    p = here.inverse.shape[-1]
    h = 1e-3 * np.maximum(1.0, np.abs(theta)) * np.where(np.abs(theta) < 0.1, 0.3, 1.0)
    offsets = [s * np.diag(h) for s in (0.5, -0.5, 1.0, -1.0)]
    points = np.concatenate([theta + o for o in offsets] + [theta[None]])
    gradient, rss_gradient, _, inverse = _gradient_fixed(objective, points, 1.0 / sigma2)

    def richardson(values: Floats) -> Floats:
        blocks = [values[i * m : (i + 1) * m] for i in range(4)]
        scale = h.reshape(-1, *([1] * (values.ndim - 1)))
        near, far = (blocks[0] - blocks[1]) / scale, (blocks[2] - blocks[3]) / (2.0 * scale)
        out: Floats = (4.0 * near - far) / 3.0
        return out

    hessian = np.zeros((m + 1, m + 1))
    block = richardson(gradient[:-1])
    hessian[:m, :m] = 0.5 * (block + block.T)
    hessian[:m, m] = hessian[m, :m] = -2.0 * rss_gradient[-1] / sigma2
    hessian[m, m] = 4.0 * objective.nu
    vcov = sigma2 * here.inverse[0]
    jacobian = np.empty((m + 1, p, p))
    jacobian[:m] = sigma2 * richardson(inverse[:-1])
    jacobian[m] = 2.0 * vcov
    values, vectors = np.linalg.eigh(hessian)
    determined = values > 1e-6 * values.max()
    a = 2.0 * (vectors[:, determined] / values[determined]) @ vectors[:, determined].T
    return Curvature(hessian, a, vcov, jacobian, int(determined.sum()))


def degrees_of_freedom(curve: Curvature, contrasts: Floats) -> Floats:
    """df (r,) of each row of contrasts (r, p), internal coefficients."""
    variance = np.einsum("rp,pq,rq->r", contrasts, curve.vcov, contrasts)
    gradient = np.einsum("rp,mpq,rq->rm", contrasts, curve.jacobian, contrasts)
    spread = np.einsum("rm,mn,rn->r", gradient, curve.a, gradient)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(spread > 0, 2.0 * variance**2 / spread, np.inf)


def f_test(curve: Curvature, contrasts: Floats, beta: Floats) -> tuple[float, int, float]:
    """F, numerator and denominator df of L b = 0 (Fai & Cornelius 1996, as lmerTest combines them)."""
    covariance = contrasts @ curve.vcov @ contrasts.T
    values, vectors = np.linalg.eigh(covariance)
    keep = values > 1e-10 * values.max()
    q = int(keep.sum())
    rows = vectors[:, keep].T @ contrasts
    values = values[keep]
    statistic = float(((rows @ beta) ** 2 / values).sum() / q)
    df = degrees_of_freedom(curve, rows)
    if q == 1:
        return statistic, 1, float(df[0])
    if np.ptp(df) < 1e-8:
        return statistic, q, float(df.mean())
    if (df <= 2.0).any():
        return statistic, q, 2.0
    e = float((df / (df - 2.0)).sum())
    return statistic, q, 2.0 * e / (e - q)
