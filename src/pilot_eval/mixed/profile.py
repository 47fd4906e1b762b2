"""Profile-likelihood intervals of standard deviations and correlations.

An end of an interval is the extreme of the quantity over all parameters whose ML deviance lies within
chi-square(level, 1) of the minimum; that is where the profiled deviance crosses the same height. Whether the
interval reaches a boundary (a standard deviation of zero, a correlation of one) is decided by the deviance there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .arrays import Floats, Ints
from .objective import Objective, backward, eliminate, solve_top
from .optimise import difference_hessian, make_positive, minimise
from .reduce import plain_deviance, without_column

if TYPE_CHECKING:
    from .lmm import LmmFit


@dataclass(frozen=True)
class _Quantity:
    """One row of the table: a standard deviation (i == j) or a correlation of factor's columns; None: sigma."""

    factor: int | None
    i: int
    j: int


class _Deviance:
    """ML deviance in (theta, log sigma) with gradient, internal units."""

    def __init__(self, objective: Objective) -> None:
        self.objective = objective

    def __call__(self, points: Floats, which: Ints | None = None) -> tuple[Floats, Floats]:
        o = self.objective
        theta, log_sigma = points[:, :-1], points[:, -1]
        state = eliminate(o.products, o.layout, theta)
        s = solve_top(o.products, state.top)
        tau = np.exp(-2.0 * log_sigma)
        n = o.products.n
        value = state.logdet + n * (np.log(2.0 * np.pi) + 2.0 * log_sigma) + s.rss * tau + o.constant
        gradient = np.empty_like(points)
        gradient[:, :-1] = backward(o.products, o.layout, state, o.top_bar(o.products, s, tau))
        gradient[:, -1] = 2.0 * n - 2.0 * s.rss * tau
        return value, gradient


class _Profiler:
    def __init__(self, fit: LmmFit, level: float) -> None:
        from scipy.special import chdtri

        self.fit = fit
        self.problem = fit.problem
        self.deviance = _Deviance(fit.objective)
        self.best = np.r_[fit.optimum.theta, np.log(fit.sigma_internal)]
        self.height = float(chdtri(1, 1.0 - level))
        self.target = fit.criterion + self.height
        zero = np.zeros(1, dtype=np.int64)
        gradient = self.deviance(self.best[None])[1]
        hessian = difference_hessian(self.deviance, self.best[None], gradient, zero)
        self.inverse = np.linalg.inv(make_positive(hessian)[0])

    def halves(self, points: Floats, factor: int) -> Floats:
        """sigma * (back T) of a factor: rows whose products are the covariances."""
        template = self.problem.layout.templates[factor]
        t = template.matrix(points[None, :-1])[0]
        out: Floats = np.exp(points[-1]) * self.problem.scaled.y_scale * (self.problem.scaled.z_back[factor] @ t)
        return out

    def value(self, points: Floats, q: _Quantity) -> float:
        if q.factor is None:
            return float(points[-1])
        h = self.halves(points, q.factor)
        a, b = h[q.i], h[q.j]
        if q.i == q.j:
            return float(a @ a)
        return float(a @ b / np.sqrt((a @ a) * (b @ b)))

    def gradient(self, points: Floats, q: _Quantity) -> Floats:
        out = np.zeros_like(points)
        if q.factor is None:
            out[-1] = 1.0
            return out
        template = self.problem.layout.templates[q.factor]
        h = self.halves(points, q.factor)
        bar = np.zeros_like(h)
        a, b = h[q.i], h[q.j]
        if q.i == q.j:
            bar[q.i] = 2.0 * a
            out[-1] = 2.0 * (a @ a)
        else:
            na, nb = np.sqrt(a @ a), np.sqrt(b @ b)
            r = a @ b / (na * nb)
            bar[q.i] = b / (na * nb) - r * a / na**2
            bar[q.j] = a / (na * nb) - r * b / nb**2
        scale = np.exp(points[-1]) * self.problem.scaled.y_scale
        t_bar = scale * self.problem.scaled.z_back[q.factor].T @ bar
        out[template.index] += t_bar[template.rows, template.cols]
        return out

    def end(self, q: _Quantity, sign: float) -> float:
        """The extreme of the quantity within the region, upwards (+1) or downwards (-1)."""
        from scipy.optimize import minimize

        g = self.gradient(self.best, q)
        spread = float(np.sqrt(max(float(g @ self.inverse @ g), 1e-300)))
        step = sign * np.sqrt(self.height) * (self.inverse @ g) / spread
        here = self.value(self.best, q)
        scale = max(spread, 1e-8 * (1.0 + abs(here)))
        answers: list[float] = []
        for share in (0.9, 0.4, 0.1):
            constraint: Any = {
                "type": "ineq",
                "fun": lambda x: self.target - self.deviance(x[None])[0][0],
                "jac": lambda x: -self.deviance(x[None])[1][0],
            }
            solver: Any = minimize
            result = solver(
                lambda x: -sign * (self.value(x, q) - here) / scale,
                self.best + share * step,
                jac=lambda x: -sign * self.gradient(x, q) / scale,
                constraints=constraint,
                method="SLSQP",
                options={"ftol": 1e-10, "maxiter": 200},
            )
            inside = self.deviance(result.x[None])[0][0] <= self.target + 1e-4
            if np.isfinite(result.fun) and inside:
                answers.append(self.value(result.x, q))
                if result.success:
                    break
        if not answers:
            return float("nan")
        return max(answers) if sign > 0 else min(answers)

    def at_zero(self, factor: int, column: int) -> float:
        """Deviance of the model without the column."""
        from .estimate import fit_response

        smaller = without_column(self.problem, factor, column)
        if smaller is None:
            return plain_deviance(self.problem, self.fit.response, False)
        return fit_response(smaller, self.fit.response, False, quiet=True).criterion

    def at_one(self, factor: int, start: int) -> dict[float, float]:
        """Smallest deviance with a correlation of -1 and of +1 in the two-column term that begins at `start`."""
        template = self.problem.layout.templates[factor]
        last = template.index[(template.rows == start + 1) & (template.cols == start + 1)][0]
        free = np.array([i for i in range(len(self.best) - 1) if i != last])
        objective = self.fit.objective

        def function(theta: Floats, which: object) -> tuple[Floats, Floats]:
            full = np.zeros((len(theta), len(self.best) - 1))
            full[:, free] = theta
            value, gradient = objective(full)
            return value, gradient[:, free]

        slope = template.index[(template.rows == start + 1) & (template.cols == start)][0]
        starts = []
        for sign in (-1.0, 1.0):
            point = self.fit.optimum.theta.copy()
            size = float(np.hypot(point[slope], point[last])) or 0.1
            point[slope] = sign * size
            starts.append(point[free])
        ends = minimise(function, np.array(starts))
        out = {-1.0: np.inf, 1.0: np.inf}
        for theta, value in zip(ends.theta, ends.value, strict=True):
            full = np.zeros(len(self.best) - 1)
            full[free] = theta
            h = self.halves(np.r_[full, 0.0], factor)
            sign = float(np.sign(h[start] @ h[start + 1])) or 1.0
            out[sign] = min(out[sign], float(value))
        return out


def profile_ci(fit: LmmFit, level: float) -> pd.DataFrame:
    """See `LmmFit.profile_ci`; `fit` is an ML fit."""
    profiler = _Profiler(fit, level)
    rows: list[tuple[str, str | None, str | None, float, float]] = []
    for f, grouping in enumerate(fit.problem.groupings):
        for term, (start, width) in zip(grouping.terms, fit.problem.layout.templates[f].terms, strict=True):
            for i in range(width):
                q = _Quantity(f, start + i, start + i)
                low = 0.0
                if profiler.at_zero(f, start + i) > profiler.target:
                    low = np.sqrt(max(profiler.end(q, -1.0), 0.0))
                high = float(np.sqrt(profiler.end(q, 1.0)))
                rows.append((grouping.name, term.names[i], None, float(low), high))
            ones = profiler.at_one(f, start) if width == 2 else {-1.0: np.inf, 1.0: np.inf}
            for i in range(width):
                for j in range(i + 1, width):
                    q = _Quantity(f, start + i, start + j)
                    ends = [sign if ones[sign] <= profiler.target else profiler.end(q, sign) for sign in (-1.0, 1.0)]
                    rows.append((grouping.name, term.names[i], term.names[j], ends[0], ends[1]))
    q = _Quantity(None, 0, 0)
    scale = fit.problem.scaled.y_scale
    ends = [float(np.exp(profiler.end(q, sign))) * scale for sign in (-1.0, 1.0)]
    rows.append(("Residual", None, None, ends[0], ends[1]))
    table = pd.DataFrame(rows, columns=["group", "term1", "term2", "low", "high"])
    return table.astype({"group": object, "term1": object, "term2": object})
