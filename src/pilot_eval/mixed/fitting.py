"""From a prepared problem to an optimum: start, minimise, restart from boundaries, snap, judge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import Bools, Floats, Ints
from .crossprod import Products
from .layout import Layout
from .objective import Objective
from .optimise import BOUNDARY, Minima, minimise

#: where a fit begins, as a share of lme4's identity: groups mostly spread less than rows, which saves evaluations
FIRST = 0.35
#: where a member of a batch stops: the step that is still taken leaves about a millionth of a standard error
BATCH_TOLERANCE = 1e-10


@dataclass(frozen=True)
class Optimum:
    """Where a fit ended: theta (m,), criterion, gradient (m,); how many optima were seen and what it took."""

    theta: Floats
    value: float
    gradient: Floats
    converged: bool
    singular: bool
    optima: int
    restarts: int
    evaluations: int


def restart_points(layout: Layout, theta: Floats) -> Floats:
    """Interior starts for a fit that ended at a boundary (r, m): other scales, and the boundary lifted."""
    one = layout.start()
    starts = [0.15 * one, 0.5 * one, 2.0 * one]
    lifted = np.where(layout.diagonal & (np.abs(theta) < 0.1), 0.3, theta * layout.diagonal)
    starts.append(lifted)
    for template in layout.templates:
        # each factor in turn holds most of the variance
        inside = np.isin(np.arange(layout.n_theta), template.index)
        starts.append(np.where(inside, 0.8, 0.15) * one)
        off = np.isin(np.arange(layout.n_theta), template.index[template.rows != template.cols])
        if off.any():
            starts.append(lifted - 0.2 * off)
            starts.append(lifted + 0.2 * off)
    return np.unique(np.stack(starts), axis=0)


def interior_points(layout: Layout, theta: Floats) -> Floats:
    """The two starts from which a member of a batch that ended at a boundary is tried again (2, m)."""
    lifted = np.where(layout.diagonal & (np.abs(theta) < 0.1), 0.3, theta * layout.diagonal)
    return np.stack([0.5 * layout.start(), lifted])


def at_boundary(layout: Layout, theta: Floats) -> Bools:
    """For theta (k, m): whether a diagonal element counts as zero (k,)."""
    out: Bools = np.any(np.abs(theta[:, layout.diagonal]) < BOUNDARY, axis=1)
    return out


def snap(objective: Objective, theta: Floats, value: float) -> tuple[Floats, float, Floats]:
    """Diagonal elements below the boundary made exactly zero where that does not raise the criterion."""
    small = objective.layout.diagonal & (np.abs(theta) < BOUNDARY)
    snapped = np.where(small, 0.0, theta)[None]
    new, gradient = objective(snapped)
    if new[0] <= value + 1e-8:
        return snapped[0], float(new[0]), gradient[0]
    back, gradient = objective(theta[None])
    return theta, float(back[0]), gradient[0]


def optimise(objective: Objective, start: Floats | None = None, hessian: Floats | None = None) -> Optimum:
    """Minimise the criterion; a fit that ends at a boundary is started again from the interior."""
    layout = objective.layout
    if layout.n_theta == 0:
        value = float(objective.value(np.zeros((1, 0)))[0])
        return Optimum(np.zeros(0), value, np.zeros(0), True, False, 1, 0, 1)

    def function(theta: Floats, which: Ints) -> tuple[Floats, Floats]:
        return objective(theta)

    first = FIRST * layout.start()[None] if start is None else start[None]
    best = minimise(function, first, hessian)
    theta, value, converged, gradient = best.theta[0], float(best.value[0]), bool(best.converged[0]), best.gradient[0]
    optima, restarts = 1, 0
    if at_boundary(layout, best.theta)[0] or not converged:
        starts = restart_points(layout, theta)
        again: Minima = minimise(function, starts)
        restarts = len(starts)
        ended = np.r_[value, again.value[again.converged]]
        optima = 1 + int((np.diff(np.sort(ended)) > 1e-5).sum())
        # an interior optimum is preferred only where it is really better
        pick = int(np.argmin(np.where(again.converged, again.value, np.inf)))
        if again.converged[pick] and (again.value[pick] < value - 1e-9 or not converged):
            theta, value = again.theta[pick], float(again.value[pick])
            converged, gradient = True, again.gradient[pick]
    theta = layout.fold(theta[None])[0]
    singular = bool(at_boundary(layout, theta[None])[0])
    if singular:
        theta, value, gradient = snap(objective, theta, value)
    return Optimum(theta, value, gradient, converged, singular, optima, restarts, objective.evaluations)


def batch(objective: Objective, products: Products, start: Floats, hessian: Floats) -> Minima:
    """Minimise for all responses of `products` at once, from one start (m,) and its Hessian (m, m)."""

    def function(theta: Floats, which: Ints) -> tuple[Floats, Floats]:
        return objective(theta, products.take(which))

    k = len(products.top)
    return minimise(function, np.broadcast_to(start, (k, len(start))), hessian, BATCH_TOLERANCE)
