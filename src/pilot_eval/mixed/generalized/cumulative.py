"""The cumulative logit: logit P(Y <= j) = threshold_j - eta, for answers in order.

With F the logistic distribution function, a and b the thresholds above and below an answer less eta, the logistic
identity (f_a - f_b) / (F_a - F_b) = 1 - F_a - F_b makes the derivatives short: d1 = 1 - F_a - F_b, d2 = f_a + f_b.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Floats, Ints
from .families import RowTerms, expit, softplus


@dataclass(frozen=True)
class Cumulative:
    """Answers `y` (n,) coded 0 … n_categories - 1; extra = (first threshold, logs of the gaps between them)."""

    y: Ints
    n_categories: int
    name: str = "cumulative-logit"

    @property
    def n_extra(self) -> int:
        return self.n_categories - 1

    @staticmethod
    def thresholds(extra: Floats) -> Floats:
        return np.cumsum(np.r_[extra[:1], np.exp(extra[1:])])

    @staticmethod
    def jacobian(extra: Floats) -> Floats:
        """d thresholds / d extra, lower triangular."""
        return np.tril(np.broadcast_to(np.r_[1.0, np.exp(extra[1:])], (len(extra), len(extra))))

    def start(self) -> tuple[Floats, float]:
        count = np.bincount(self.y, minlength=self.n_categories)
        below = (np.cumsum(count)[:-1] + 0.5) / (len(self.y) + 1.0)
        at = np.log(below / (1.0 - below))
        return np.r_[at[:1], np.log(np.maximum(np.diff(at), 1e-3))], 0.0

    def bounds(self, extra: Floats, y: Ints) -> tuple[Floats, Floats]:
        """Thresholds above and below each answer; infinite at the ends."""
        padded = np.r_[-np.inf, self.thresholds(extra), np.inf]
        return padded[y + 1], padded[y]

    def rows(self, eta: Floats, extra: Floats) -> RowTerms:
        high, low = self.bounds(extra, self.y)
        a, b = high - eta, low - eta
        above, below = expit(a), expit(b)
        f_a, f_b = above * expit(-a), below * expit(-b)
        # log(F_a - F_b) = log F(a) + log F(-b) + log(1 - exp(b - a)), without cancellation
        value = softplus(-a) + softplus(b) - np.log(-np.expm1(low - high))
        d3 = -(f_a * (1.0 - 2.0 * above) + f_b * (1.0 - 2.0 * below))
        return RowTerms(value, 1.0 - above - below, f_a + f_b, d3)

    def extra_gradient(self, eta: Floats, extra: Floats, m0: Floats, m1: Floats, m2: Floats) -> Floats:
        high, low = self.bounds(extra, self.y)
        a, b = high - eta, low - eta
        above, below = expit(a), expit(b)
        f_a, f_b = above * expit(-a), below * expit(-b)
        p = above * expit(-b) * -np.expm1(low - high)
        to_a = -m0 * f_a / p - m1 * f_a + m2 * f_a * (1.0 - 2.0 * above)
        to_b = m0 * f_b / p - m1 * f_b + m2 * f_b * (1.0 - 2.0 * below)
        size = self.n_categories + 1
        total = np.bincount(self.y + 1, to_a, size) + np.bincount(self.y, to_b, size)
        out: Floats = total[1:-1] @ self.jacobian(extra)
        return out

    def probabilities(self, eta: Floats, extra: Floats) -> Floats:
        """P(Y = j) for each row, (n, n_categories)."""
        at = self.thresholds(extra) - eta[:, None]
        none, all_ = np.zeros(len(eta)), np.ones(len(eta))
        # differences of whichever tail is small
        below = np.column_stack([none, expit(at), all_])
        above = np.column_stack([all_, expit(-at), none])
        lower, upper = np.diff(below, axis=1), -np.diff(above, axis=1)
        out: Floats = np.where(below[:, :-1] > 0.5, upper, lower)
        return out

    def draw(self, eta: Floats, extra: Floats, rng: np.random.Generator) -> Floats:
        u = rng.random(len(eta))
        out: Floats = (u[:, None] > expit(self.thresholds(extra) - eta[:, None])).sum(axis=1).astype(float)
        return out
