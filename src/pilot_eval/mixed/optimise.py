"""A batch of quasi-Newton minimisations at once, with restarts from boundaries.

All members of a batch (several starts of one fit, hundreds of bootstrap responses) go through one stacked
evaluation. The first Hessian comes from differences of the analytic gradient, BFGS keeps it up. There are no
bounds: the criterion is even in each column of T, so a variance of zero is an ordinary stationary point.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .arrays import Bools, Floats, Ints

#: a diagonal element of T below this counts as zero (lme4's isSingular)
BOUNDARY = 1e-4
#: predicted decrease of the criterion at which a minimisation stops
TOLERANCE = 1e-13
MAX_ITERATIONS = 200
#: steps with a Hessian each before the optimiser that keeps one up takes over
MAX_NEWTON = 25
#: by how much an element of theta is moved for a difference of gradients, as a share of its size
STEP = 1e-5


#: value and gradient for theta (k, m); the second argument (k,) names the member of the batch of each row
Function = Callable[[Floats, Ints], tuple[Floats, Floats]]


@dataclass(frozen=True)
class Minima:
    """Where each member of a batch ended: theta (k, m), value (k,), gradient (k, m), converged (k,)."""

    theta: Floats
    value: Floats
    gradient: Floats
    converged: Bools
    hessian: Floats
    iterations: int


def difference_hessian(function: Function, theta: Floats, gradient: Floats, which: Ints, step: float = STEP) -> Floats:
    """Hessian (k, m, m) by forward differences of the gradient, in one evaluation of k m rows."""
    k, m = theta.shape
    moved, h = _displaced(theta, step)
    g = function(moved.reshape(k * m, m), np.repeat(which, m))[1].reshape(k, m, m)
    return _differences(g, gradient, h)


def _displaced(theta: Floats, step: float = STEP) -> tuple[Floats, Floats]:
    """Each theta (k, m) with one element at a time moved a little (k, m, m), and by how much (k, m)."""
    m = theta.shape[1]
    h = step * np.maximum(1.0, np.abs(theta))
    moved = np.repeat(theta[:, None, :], m, axis=1)
    moved[:, np.arange(m), np.arange(m)] += h
    return moved, h


def _differences(moved: Floats, gradient: Floats, h: Floats) -> Floats:
    out = (moved - gradient[:, None, :]) / h[:, :, None]
    return 0.5 * (out + np.swapaxes(out, 1, 2))


def _with_hessian(function: Function, theta: Floats, which: Ints) -> tuple[Floats, Floats, Floats]:
    """Value, gradient and Hessian (k, m, m) in one evaluation of k (m + 1) rows."""
    k, m = theta.shape
    moved, h = _displaced(theta)
    rows = np.concatenate([theta, moved.reshape(k * m, m)])
    value, gradient = function(rows, np.concatenate([which, np.repeat(which, m)]))
    return value[:k], gradient[:k], _differences(gradient[k:].reshape(k, m, m), gradient[:k], h)


def make_positive(hessian: Floats) -> Floats:
    """The same curvature with all eigenvalues positive: a direction of descent even where it bends down."""
    values, vectors = np.linalg.eigh(hessian)
    values = np.abs(values)
    values = np.maximum(values, 1e-7 * np.maximum(values.max(axis=1, keepdims=True), 1e-8))
    out: Floats = (vectors * values[:, None, :]) @ np.swapaxes(vectors, 1, 2)
    return out


def minimise(
    function: Function,
    start: Floats,
    hessian: Floats | None = None,
    tolerance: float = TOLERANCE,
    max_iterations: int = MAX_ITERATIONS,
    arrived: Callable[[Floats, Floats, Ints], Bools] | None = None,
    width: int | None = None,
) -> Minima:
    """Minimise for each row of `start` (k, m); `hessian` (m, m) or (k, m, m) is the curvature to begin with.

    A member stops when the next step promises no more than `tolerance`; that step is still taken, since near the
    minimum it is a Newton step, but not evaluated. `arrived` says of theta (k, m), value (k,) and member (k,) which
    need not go on, since where they will end is known; they do not count as converged. No more than `width` members
    are under way at once: where one ends the next begins, so that a few slow ones do not make many small evaluations.
    """
    k, m = start.shape
    width = width or max(k, 1)
    theta = np.array(start, dtype=float)
    which = np.arange(k)
    value, gradient = np.empty(k), np.empty((k, m))
    for begin in range(0, k, width):
        part = which[begin : begin + width]
        value[part], gradient[part] = function(theta[part], part)
    if hessian is None:
        curvature = make_positive(difference_hessian(function, theta, gradient, which))
    else:
        curvature = np.array(np.broadcast_to(hessian, (k, m, m)), dtype=float)
    active, waiting = which[:0], which
    converged = np.zeros(k, dtype=bool)
    refreshed, age = np.zeros(k, dtype=np.int64), np.zeros(k, dtype=np.int64)
    while len(active) or len(waiting):
        room = width - len(active)
        active, waiting = np.concatenate([active, waiting[:room]]), waiting[room:]
        if arrived is not None:
            active = active[~arrived(theta[active], value[active], active)]
        active = active[age[active] < max_iterations]
        if not len(active):
            continue
        age[active] += 1
        t, f, g, b = theta[active], value[active], gradient[active], curvature[active]
        step = -np.linalg.solve(b, g[..., None])[..., 0]
        slope = (step * g).sum(axis=1)
        uphill = slope >= 0
        if uphill.any():
            step[uphill], slope[uphill] = -g[uphill], -(g[uphill] ** 2).sum(axis=1)
        done = -0.5 * slope <= tolerance
        if done.any():
            converged[active[done]] = True
            value[active[done]] += 0.5 * slope[done]
            theta[active[done]] += step[done]
            keep = ~done
            active, t, f, g, b = active[keep], t[keep], f[keep], g[keep], b[keep]
            step, slope = step[keep], slope[keep]
            if not len(active):
                continue
        # no step longer than the parameters themselves: far from the minimum the quadratic is only local
        longest = np.maximum(1.0, np.abs(t).max(axis=1))
        alpha = np.minimum(1.0, longest / np.maximum(np.abs(step).max(axis=1), 1e-300))
        new_t, new_f, new_g, moved = _search(function, active, t, f, step, slope, alpha)
        stuck = ~moved
        if stuck.any():
            # no descent along this direction: renew the curvature once, then accept what rounding allows
            again = stuck & (refreshed[active] < 3)
            settled = stuck & ~again
            converged[active[settled]] = -0.5 * slope[settled] <= 1e-9 * (1.0 + np.abs(f[settled]))
            if again.any():
                who = active[again]
                refreshed[who] += 1
                fresh = difference_hessian(function, theta[who], gradient[who], who)
                curvature[who] = make_positive(fresh)
        ok = active[moved]
        s, y = new_t[moved] - t[moved], new_g[moved] - g[moved]
        curvature[ok] = _update(b[moved], s, y)
        theta[ok], value[ok], gradient[ok] = new_t[moved], new_f[moved], new_g[moved]
        active = active[moved | (stuck & (refreshed[active] < 3))] if stuck.any() else active
        # a Hessian from the start is far from the one at the minimum, and BFGS can go stale
        early = np.isin(age[active], (2, 4)) & (hessian is None)
        stale = active[early | (age[active] % 12 == 0)]
        if len(stale):
            curvature[stale] = make_positive(difference_hessian(function, theta[stale], gradient[stale], stale))
    return Minima(theta, value, gradient, converged, curvature, int(age.max(initial=0)))


def newton(function: Function, start: Floats) -> Minima:
    """Minimise from one start (1, m) by Newton steps, each with the Hessian of its own point.

    A value, its gradient and the m displaced gradients of the Hessian come from one stacked evaluation. For a problem
    whose evaluation takes hardly longer for m + 1 rows than for one, this needs half the time of `minimise`, which
    begins anew where Newton's steps do not arrive.
    """
    which = np.zeros(1, dtype=np.int64)
    theta = np.array(start, dtype=float)
    value, gradient, hessian = _with_hessian(function, theta, which)
    for iteration in range(1, MAX_NEWTON + 1):
        curvature = make_positive(hessian)
        step = -np.linalg.solve(curvature[0], gradient[0])
        slope = float(step @ gradient[0])
        if -0.5 * slope <= TOLERANCE:
            done = np.ones(1, dtype=bool)
            return Minima(theta + step, value + 0.5 * slope, gradient, done, curvature, iteration)
        longest = max(1.0, float(np.abs(theta).max()))
        alpha = min(1.0, longest / float(np.abs(step).max()))
        for _ in range(4):
            trial = theta + alpha * step
            at_trial = _with_hessian(function, trial, which)
            if at_trial[0][0] <= value[0] + 1e-4 * alpha * slope + 1e-14 * (1.0 + abs(value[0])):
                theta, (value, gradient, hessian) = trial, at_trial
                break
            alpha *= 0.3
        else:
            break
    return minimise(function, start)


def _search(
    function: Function, active: Ints, t: Floats, f: Floats, step: Floats, slope: Floats, alpha: Floats
) -> tuple[Floats, Floats, Floats, Bools]:
    """Backtracking line search for all active members; returns the points and whether each moved."""
    new_t, new_f, new_g = t.copy(), f.copy(), np.zeros_like(t)
    pending = np.arange(len(active))
    moved = np.zeros(len(active), dtype=bool)
    slack = 1e-14 * (1.0 + np.abs(f))
    for _ in range(25):
        trial = t[pending] + alpha[pending, None] * step[pending]
        value, gradient = function(trial, active[pending])
        good = np.isfinite(value) & (value <= f[pending] + 1e-4 * alpha[pending] * slope[pending] + slack[pending])
        at = pending[good]
        new_t[at], new_f[at], new_g[at] = trial[good], value[good], gradient[good]
        moved[at] = True
        bad = ~good
        if not bad.any():
            break
        rise = np.where(np.isfinite(value[bad]), value[bad], np.inf) - f[pending[bad]]
        a, s = alpha[pending[bad]], slope[pending[bad]]
        with np.errstate(invalid="ignore"):
            best = -s * a * a / (2.0 * (rise - s * a))
        best = np.where(np.isfinite(best), best, 0.1 * a)
        pending = pending[bad]
        alpha[pending] = np.clip(best, 0.1 * a, 0.5 * a)
    return new_t, new_f, new_g, moved


def _update(b: Floats, s: Floats, y: Floats) -> Floats:
    """BFGS with Powell's damping, so that the curvature stays positive."""
    bs = (b @ s[..., None])[..., 0]
    sbs = (s * bs).sum(axis=1)
    sy = (s * y).sum(axis=1)
    weak = sy < 0.1 * sbs
    with np.errstate(divide="ignore", invalid="ignore"):
        damp = np.where(weak, 0.9 * sbs / (sbs - sy), 1.0)
    r = damp[:, None] * y + (1.0 - damp)[:, None] * bs
    sr = (s * r).sum(axis=1)
    fine = (sbs > 1e-300) & (sr > 1e-300) & np.isfinite(sr)
    out = b.copy()
    if fine.any():
        u, v = bs[fine], r[fine]
        out[fine] += v[:, :, None] * v[:, None, :] / sr[fine, None, None]
        out[fine] -= u[:, :, None] * u[:, None, :] / sbs[fine, None, None]
    return out
