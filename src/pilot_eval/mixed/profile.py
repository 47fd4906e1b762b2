"""Profile-likelihood intervals of standard deviations and correlations.

The quantity is made a coordinate and held: with the columns of a term reordered so that the ones concerned come
first, the first diagonal element of the covariance's Cholesky factor L is a standard deviation, and
(L_10, L_11) = s (r, sqrt(1 - r^2)) holds a correlation r. The deviance minimised over everything else is the
profile; an interval ends where it crosses chi-square(level, 1). Zero, one and minus one are ordinary held values,
so whether an interval reaches them needs no special rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .arrays import Floats, Ints
from .layout import Layout, Template
from .objective import Objective, backward, eliminate, solve_top
from .optimise import minimise

if TYPE_CHECKING:
    from .lmm import LmmFit

#: predicted decrease of the deviance at which one point of a profile counts as minimised
TOLERANCE = 1e-9


@dataclass(frozen=True)
class _Held:
    """What is held: a standard deviation (i == j) or a correlation of columns of one term; factor None: sigma."""

    factor: int | None
    start: int
    width: int
    i: int
    j: int

    @property
    def order(self) -> list[int]:
        """Columns of the term, the held ones first."""
        first = list(dict.fromkeys([self.i, self.j]))
        return first + [c for c in range(self.width) if c not in first]


class _Coordinates:
    """The ML deviance in coordinates of which one is held.

    Free coordinates: all of theta outside the held term, L's free entries in the data's units, log sigma.
    """

    def __init__(self, fit: LmmFit, held: _Held) -> None:
        self.fit, self.held = fit, held
        problem = fit.problem
        templates, self.other, n = [], [], 0
        for f, template in enumerate(problem.layout.templates):
            inside = np.zeros(len(template.rows), dtype=bool)
            rows, cols = template.rows, template.cols
            if f == held.factor:
                span = range(held.start, held.start + held.width)
                inside = np.isin(rows, span)
                a, b = np.meshgrid(span, span, indexing="ij")
                rows, cols = np.r_[rows[~inside], a.ravel()], np.r_[cols[~inside], b.ravel()]
            kept = np.flatnonzero(~inside)
            self.other.append((template.index[kept], n + np.arange(len(kept))))
            templates.append(Template(template.q, rows, cols, n + np.arange(len(rows)), template.terms))
            if f == held.factor:
                self.block = n + len(kept) + np.arange(held.width**2)
            n += len(rows)
        self.layout = Layout(tuple(templates), n, np.zeros(n, dtype=bool))
        self.objective: Objective = fit.objective
        w = held.width
        if held.factor is not None:
            own = slice(held.start, held.start + w)
            turn = np.zeros((w, w))
            turn[held.order, np.arange(w)] = 1.0
            back = problem.scaled.y_scale * problem.scaled.z_back[held.factor][own, own]
            self.to_t: Floats = np.linalg.solve(back, turn)
            lower = [(r, c) for c in range(w) for r in range(c, w)]
            fixed = {(0, 0)} if held.i == held.j else {(1, 0), (1, 1)}
            free = [e for e in lower if e not in fixed]
            self.free = (np.array([r for r, _ in free], dtype=np.int64), np.array([c for _, c in free], dtype=np.int64))

    def start(self) -> tuple[Floats, float]:
        """Free coordinates and held value at the fit's optimum."""
        theta, log_sigma = self.fit.optimum.theta, float(np.log(self.fit.sigma_internal))
        outside = np.concatenate([theta[old] for old, _ in self.other])
        if self.held.factor is None:
            return outside, log_sigma
        t = self.fit.problem.layout.templates[self.held.factor].matrix(theta[None])[0]
        span = slice(self.held.start, self.held.start + self.held.width)
        l_full = np.linalg.solve(self.to_t, t[span, span]) * np.exp(log_sigma)
        r = np.linalg.qr(l_full.T)[1]
        lower = (r * np.where(np.diag(r) < 0, -1.0, 1.0)[:, None]).T
        inner = lower[self.free]
        if self.held.i == self.held.j:
            return np.r_[outside, inner, log_sigma], float(lower[0, 0])
        size = float(np.hypot(lower[1, 0], lower[1, 1]))
        value = float(lower[1, 0] / size) if size else 0.0
        return np.r_[outside, inner, size, log_sigma], value

    def __call__(self, points: Floats, held: Floats) -> tuple[Floats, Floats]:
        """Deviance (k,) and gradient in the free coordinates (k, m) for held values (k,)."""
        k = len(points)
        n_out = sum(len(old) for old, _ in self.other)
        full = np.zeros((k, self.layout.n_theta))
        at = 0
        for old, new in self.other:
            full[:, new] = points[:, at : at + len(old)]
            at += len(old)
        plain = self.held.factor is None
        log_sigma = held if plain else points[:, -1]
        w = self.held.width
        if not plain:
            lower = np.zeros((k, w, w))
            rows, cols = self.free
            lower[:, rows, cols] = points[:, n_out : n_out + len(rows)]
            if self.held.i == self.held.j:
                lower[:, 0, 0] = held
            else:
                across = np.sqrt(np.maximum(1.0 - held**2, 0.0))
                lower[:, 1, 0], lower[:, 1, 1] = points[:, -2] * held, points[:, -2] * across
            t = (self.to_t @ lower) * np.exp(-log_sigma)[:, None, None]
            full[:, self.block] = t.reshape(k, -1)
        value, bar, sigma_bar = self._deviance(full, log_sigma)
        gradient = np.zeros_like(points)
        at = 0
        for old, new in self.other:
            gradient[:, at : at + len(old)] = bar[:, new]
            at += len(old)
        if plain:
            return value, gradient
        t_bar = bar[:, self.block].reshape(k, w, w)
        l_bar = self.to_t.T @ t_bar * np.exp(-log_sigma)[:, None, None]
        gradient[:, n_out : n_out + len(rows)] = l_bar[:, rows, cols]
        if self.held.i != self.held.j:
            gradient[:, -2] = l_bar[:, 1, 0] * held + l_bar[:, 1, 1] * across
        gradient[:, -1] = sigma_bar - (t_bar * t).sum(axis=(1, 2))
        return value, gradient

    def _deviance(self, theta: Floats, log_sigma: Floats) -> tuple[Floats, Floats, Floats]:
        o = self.objective
        state = eliminate(o.products, self.layout, theta)
        s = solve_top(o.products, state.top)
        tau = np.exp(-2.0 * log_sigma)
        n = o.nu
        value = state.logdet + n * (np.log(2.0 * np.pi) + 2.0 * log_sigma) + s.rss * tau + o.constant
        bar = backward(o.products, self.layout, state, o.top_bar(o.products, s, tau))
        return value, bar, 2.0 * n - 2.0 * s.rss * tau


class _Profile:
    """The profiled deviance of one quantity, above its minimum."""

    def __init__(self, fit: LmmFit, held: _Held, height: float) -> None:
        self.coordinates = _Coordinates(fit, held)
        self.point, self.best = self.coordinates.start()
        self.least, self.height = fit.criterion, height
        self.low_bound = -np.inf if held.factor is None else (0.0 if held.i == held.j else -1.0)
        self.high_bound = 1.0 if held.factor is not None and held.i != held.j else np.inf

    def above(self, values: Floats, start: Floats) -> tuple[Floats, Floats]:
        """Profile minus height at held values (k,), and the minimising coordinates (k, m)."""
        held = np.asarray(values, dtype=float)

        def function(points: Floats, which: Ints) -> tuple[Floats, Floats]:
            value, gradient = self.coordinates(points, held[which])
            return np.where(np.isfinite(value), value, np.inf), gradient

        if start.shape[-1] == 0:
            value = function(np.zeros((len(held), 0)), np.arange(len(held)))[0]
            return value - self.least - self.height, np.zeros((len(held), 0))
        ends = minimise(function, np.broadcast_to(start, (len(held), start.shape[-1])), None, TOLERANCE)
        return ends.value - self.least - self.height, ends.theta

    def end(self, sign: float) -> float:
        """Where the profile crosses the height, or the bound if it never does."""
        bound = self.low_bound if sign < 0 else self.high_bound
        inside, point = self.best, self.point
        below = -self.height
        step = self._first_step(sign)
        for _ in range(40):
            outside = inside + sign * step
            if np.isfinite(bound) and sign * (outside - bound) >= 0:
                outside = bound
            gap, found = self.above(np.array([outside]), point)
            if gap[0] > 0:
                break
            if outside == bound:
                return float(bound)
            inside, point, below, step = outside, found[0], float(gap[0]), 1.6 * step
        return self._refine((inside, self._root(below)), (outside, self._root(float(gap[0]))), point)

    def _root(self, gap: float) -> float:
        """Root of the deviance less that at the end: nearly linear in the held value."""
        return float(np.sqrt(max(gap + self.height, 0.0)) - np.sqrt(self.height))

    def _first_step(self, sign: float) -> float:
        """A step of about one and a half standard errors, from the curvature of the profile nearby."""
        scale = 0.05 * max(abs(self.best), 0.05)
        trial = self.best + sign * scale
        if not self.low_bound <= trial <= self.high_bound:
            trial = self.best - sign * scale
        rise = float(self.above(np.array([trial]), self.point)[0][0]) + self.height
        return float(np.clip(scale * np.sqrt(0.6 * self.height / max(rise, 1e-8)), scale, 20.0 * scale))

    def _refine(self, inside: tuple[float, float], outside: tuple[float, float], point: Floats) -> float:
        """Regula falsi on the root scale (Illinois variant) between a value inside and one outside."""
        (a, fa), (b, fb) = inside, outside
        side = 0
        c = 0.5 * (a + b)
        for _ in range(60):
            c = b - fb * (b - a) / (fb - fa)
            if not min(a, b) < c < max(a, b):
                c = 0.5 * (a + b)
            gap, found = self.above(np.array([c]), point)
            fc = self._root(float(gap[0]))
            if abs(fc) < 1e-6 or abs(b - a) < 1e-7 * max(1e-3, abs(c)):
                break
            if fc < 0:
                a, fa, point = c, fc, found[0]
                fb, side = (0.5 * fb if side == -1 else fb), -1
            else:
                b, fb = c, fc
                fa, side = (0.5 * fa if side == 1 else fa), 1
        return float(c)


def profile_ci(fit: LmmFit, level: float, group: str | None = None, term: str | None = None) -> pd.DataFrame:
    """See `LmmFit.profile_ci`; `fit` is an ML fit."""
    from scipy.special import chdtri

    height = float(chdtri(1, 1.0 - level))

    def interval(held: _Held) -> tuple[float, float]:
        profile = _Profile(fit, held, height)
        return profile.end(-1.0), profile.end(1.0)

    rows: list[tuple[str, str | None, str | None, float, float]] = []
    # a search tries points where nothing is finite, and turns back
    with np.errstate(all="ignore"):
        for f, grouping in enumerate(fit.problem.groupings):
            if group is not None and grouping.name != group:
                continue
            spans = fit.problem.layout.templates[f].terms
            for own, (start, width) in zip(grouping.terms, spans, strict=True):
                for i in range(width):
                    if term in (None, own.names[i]):
                        rows.append((grouping.name, own.names[i], None, *interval(_Held(f, start, width, i, i))))
                for i in range(width):
                    for j in range(i + 1, width):
                        if term is None:
                            ends = interval(_Held(f, start, width, i, j))
                            rows.append((grouping.name, own.names[i], own.names[j], *ends))
        if group is None:
            low, high = np.exp(interval(_Held(None, 0, 0, 0, 0))) * fit.problem.scaled.y_scale
            rows.append(("Residual", None, None, float(low), float(high)))
    table = pd.DataFrame(rows, columns=["group", "term1", "term2", "low", "high"])
    return table.astype({"group": object, "term1": object, "term2": object})
