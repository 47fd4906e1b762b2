"""From starting values to an optimum: BFGS, Newton polish, boundary, restarts, Hessian.

The criterion is even in each column of T, so no bounds are needed: a variance of zero is an ordinary stationary
point, where the derivatives that cross from it to all other parameters vanish and the Hessian stays usable.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..arrays import Bools, Floats
from ..layout import Layout
from ..optimise import BOUNDARY
from .laplace import Evaluation, NotFinite

#: Newton decrement at which an optimum is reached: a hundred-thousandth of a standard error
TOLERANCE = 1e-10
MAX_STEPS = 300

Objective = Callable[[Floats], Evaluation]


@dataclass(frozen=True)
class Optimum:
    """Where a fit ended, internal units.

    `psi` (extra, beta, theta), `value` minus the log-likelihood, `hessian` in all parameters, `decrement` the
    distance to the optimum in squared standard errors, `optima` seen and `restarts` made.
    """

    psi: Floats
    value: float
    gradient: Floats
    hessian: Floats
    covariance: Floats
    decrement: float
    converged: bool
    singular: bool
    optima: int
    restarts: int


def _try(objective: Objective, psi: Floats) -> tuple[float, Floats]:
    try:
        found = objective(psi)
    except (NotFinite, np.linalg.LinAlgError):
        return np.inf, np.zeros(len(psi))
    assert found.gradient is not None
    return found.value, found.gradient


def difference_hessian(objective: Objective, psi: Floats, step: Floats) -> Floats:
    """Central differences of the exact gradient, made symmetric."""
    rows = []
    for j, h in enumerate(step):
        move = np.zeros(len(psi))
        move[j] = h
        (up, right), (down, left) = _try(objective, psi + move), _try(objective, psi - move)
        if not np.isfinite(up + down):
            raise NotFinite
        rows.append((right - left) / (2.0 * h))
    out = np.stack(rows) if rows else np.zeros((0, 0))
    return 0.5 * (out + out.T)


def inverse(hessian: Floats, free: Bools | None = None) -> tuple[Floats, Floats]:
    """Inverse over the usable directions, and the eigenvalues of the Hessian scaled to a unit diagonal.

    Directions without curvature (a correlation of a variance that is zero) are left out; so are those held.
    """
    size = np.sqrt(np.maximum(np.abs(np.diag(hessian)), 1e-12))
    scaled = hessian / np.outer(size, size)
    keep = np.ones(len(size), dtype=bool) if free is None else free
    scaled = scaled[np.ix_(keep, keep)]
    values, vectors = np.linalg.eigh(scaled)
    good = values > 1e-9 * max(float(values.max(initial=0.0)), 1e-300)
    part = (vectors[:, good] / values[good]) @ vectors[:, good].T
    out = np.zeros_like(hessian)
    out[np.ix_(keep, keep)] = part / np.outer(size[keep], size[keep])
    return out, values


def _descent_inverse(hessian: Floats) -> Floats:
    """A positive definite stand-in for the inverse: negative curvature counts by its size."""
    size = np.sqrt(np.maximum(np.abs(np.diag(hessian)), 1e-8))
    values, vectors = np.linalg.eigh(hessian / np.outer(size, size))
    steep = np.maximum(np.abs(values), 1e-3)
    out: Floats = (vectors / steep) @ vectors.T / np.outer(size, size)
    return out


def _line(objective: Objective, psi: Floats, f: float, g: Floats, step: Floats) -> tuple[Floats, float, Floats] | None:
    """Halve the step until the value falls; None if it does not."""
    slope = float(g @ step)
    share = min(1.0, 3.0 / max(float(np.abs(step).max(initial=0.0)), 1e-300))
    for _ in range(30):
        trial = psi + share * step
        value, gradient = _try(objective, trial)
        # below the noise of the value, the gradient decides
        noise = 1e-12 * (1.0 + abs(f))
        if np.isfinite(value) and value <= f + 1e-4 * share * slope + noise:
            return trial, value, gradient
        share *= 0.4
    return None


def minimise(objective: Objective, psi: Floats) -> tuple[Floats, float, Floats, Floats]:
    """BFGS from a differenced Hessian, then Newton steps: where it ended, value, gradient, Hessian there.

    Raises
    ------
    NotFinite
        The starting values lead beyond floating point.
    """
    f, g = _try(objective, psi)
    if not np.isfinite(f):
        raise NotFinite
    b = _descent_inverse(difference_hessian(objective, psi, np.full(len(psi), 1e-4)))
    for _ in range(MAX_STEPS):
        step = -b @ g
        if -float(g @ step) < 1e-7:
            break
        found = _line(objective, psi, f, g, step)
        if found is None:
            break
        s, y = found[0] - psi, found[2] - g
        psi, f, g = found
        sy = float(s @ y)
        if sy > 1e-12 * float(np.linalg.norm(s) * np.linalg.norm(y)):
            turn = np.eye(len(s)) - np.outer(s, y) / sy
            b = turn @ b @ turn.T + np.outer(s, s) / sy
    spread = np.sqrt(np.diag(b))
    for _ in range(20):
        hessian = difference_hessian(objective, psi, np.clip(1e-3 * spread, 1e-6, 1e-3))
        eigenvalues, vectors = np.linalg.eigh(hessian)
        b = _descent_inverse(hessian)
        step = -b @ g
        if eigenvalues.size and eigenvalues[0] < -1e-6 * abs(eigenvalues[-1]):
            down = vectors[:, 0]  # a saddle: leave it along the negative curvature
            step = step + 0.1 * down * (-1.0 if g @ down > 0 else 1.0)
        elif float(g @ b @ g) < TOLERANCE:
            break
        found = _line(objective, psi, f, g, step)
        if found is None:
            break
        psi, f, g = found
    return psi, f, g, hessian


def snap(objective: Objective, psi: Floats, f: float, diagonal: Bools) -> tuple[Floats, bool]:
    """Set diagonal elements of T that are nearly zero to zero where that costs nothing."""
    out, moved = psi.copy(), False
    for j in np.flatnonzero(diagonal):
        if 0.0 < abs(out[j]) < 100.0 * BOUNDARY:
            trial = out.copy()
            trial[j] = 0.0
            if _try(objective, trial)[0] <= f + 1e-9 + 1e-12 * abs(f):
                out, moved = trial, True
    return out, moved


def restart_points(layout: Layout, theta: Floats) -> list[Floats]:
    """Interior starts for a fit that ended at the boundary."""
    one = layout.start()
    lifted = np.where(layout.diagonal & (np.abs(theta) < 0.1), 0.5, theta * layout.diagonal)
    return [0.3 * one, lifted]


def optimise(objective: Objective, psi: Floats, layout: Layout) -> Optimum:
    """Minimise from `psi`; a fit that ends at the boundary is tried again from the interior, the best is kept.

    Raises
    ------
    NotFinite
        Not even the starting values can be evaluated.
    """
    lead = len(psi) - layout.n_theta
    diagonal = np.r_[np.zeros(lead, dtype=bool), layout.diagonal]
    best = minimise(objective, psi)
    values, restarts = [best[1]], 0
    if layout.n_theta and np.abs(best[0][diagonal]).min() < BOUNDARY * 10.0:
        for theta in restart_points(layout, best[0][lead:]):
            restarts += 1
            other = minimise(objective, np.r_[best[0][:lead], theta])
            values.append(other[1])
            if other[1] < best[1] - 1e-7:
                best = other
    point, f, g, hessian = best
    snapped, moved = snap(objective, point, f, diagonal)
    if moved:
        point = snapped
        f, g = _try(objective, point)
    point = np.r_[point[:lead], layout.fold(point[None, lead:])[0]]
    spread = np.sqrt(np.diag(_descent_inverse(hessian)))
    f, g = _try(objective, point)
    hessian = difference_hessian(objective, point, np.clip(1e-3 * spread, 1e-6, 1e-3))
    zero = diagonal & (np.abs(point) < BOUNDARY)
    covariance, eigenvalues = inverse(hessian, ~zero)
    decrement = float(g @ covariance @ g)
    singular = bool(zero.any())
    converged = decrement < 1e-6 and bool((eigenvalues > -1e-5).all())
    optima = len(np.unique(np.round(np.array(values), 4)))
    return Optimum(point, f, g, hessian, covariance, decrement, converged, singular, optima, restarts)
