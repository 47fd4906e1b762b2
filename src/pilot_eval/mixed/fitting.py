"""From a prepared problem to an optimum: start, minimise, restart from boundaries, snap, judge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import Bools, Floats, Ints
from .crossprod import Products, batch_width
from .layout import Layout
from .objective import Objective
from .optimise import BOUNDARY, Function, Minima, difference_hessian, make_positive, minimise, newton

#: where a fit begins, as shares of lme4's identity for a term's first column and for the others: groups mostly spread
#: less than rows, and their slopes less than their levels, so that this saves evaluations
LEVEL, SLOPE = 0.3, 0.1
#: a restart is taken to end at the optimum found first where its criterion is within the first of that one's and
#: within the second, as a share, of what the curvature there predicts
NEAR, ALIKE = 0.5, 0.25
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


def first_point(layout: Layout) -> Floats:
    """Where a fit begins (m,)."""
    out = SLOPE * layout.start()
    for template in layout.templates:
        for start, _ in template.terms:
            out[template.index[(template.rows == start) & (template.cols == start)]] = LEVEL
    return out


def restart_points(layout: Layout, theta: Floats) -> Floats:
    """Interior starts for a fit that ended at a boundary (r, m).

    lme4's own start; each factor in turn with most of the variance; the boundary lifted, with correlations to either
    side.
    """
    one = layout.start()
    starts = [one]
    lifted = np.where(layout.diagonal & (np.abs(theta) < 0.1), 0.3, theta * layout.diagonal)
    for template in layout.templates:
        inside = np.isin(np.arange(layout.n_theta), template.index)
        starts.append(np.where(inside, 0.8, 0.15) * one)
        off = np.isin(np.arange(layout.n_theta), template.index[template.rows != template.cols])
        starts += [lifted - 0.2 * off, lifted + 0.2 * off]
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

    first = first_point(layout)[None] if start is None else start[None]
    if hessian is None and layout.n_theta < batch_width(objective.products):
        best = newton(function, first)
    else:
        best = minimise(function, first, hessian)
    theta, value, converged, gradient = best.theta[0], float(best.value[0]), bool(best.converged[0]), best.gradient[0]
    optima, restarts = 1, 0
    if at_boundary(layout, best.theta)[0] or not converged:
        starts = restart_points(layout, theta)
        again = _restart(function, layout, best, starts)
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


def _restart(function: Function, layout: Layout, best: Minima, starts: Floats) -> Minima:
    """Minimise from other starts (r, m); one that comes close to a true minimum found first is left there.

    Both ends of a line through a boundary are the same model, so the criterion is stationary at every boundary: only
    where it also bends up in all directions is the end that was found a minimum.
    """
    if not best.converged[0]:
        return minimise(function, starts)
    hessian = difference_hessian(function, best.theta, best.gradient, np.zeros(1, dtype=np.int64))
    curvature = np.linalg.eigvalsh(hessian[0])
    if curvature[0] < -1e-6 * curvature[-1]:
        return minimise(function, starts)
    theta, value = layout.fold(best.theta)[0], best.value[0]

    def arrived(t: Floats, f: Floats, which: Ints) -> Bools:
        away = layout.fold(t) - theta
        predicted = 0.5 * ((away @ hessian[0]) * away).sum(axis=1)
        near: Bools = (np.abs(f - value) < NEAR) & (np.abs(f - value - predicted) <= ALIKE * predicted + 1e-7)
        return near

    return minimise(function, starts, make_positive(hessian), arrived=arrived)


def batch(objective: Objective, products: Products, start: Floats, hessian: Floats) -> Minima:
    """Minimise for all responses of `products` from one start (m,) and its Hessian (m, m)."""

    def function(theta: Floats, which: Ints) -> tuple[Floats, Floats]:
        return objective(theta, products.take(which))

    k = len(products.top)
    width = batch_width(objective.products)
    return minimise(function, np.broadcast_to(start, (k, len(start))), hessian, BATCH_TOLERANCE, width=width)
