"""What a family is, and the binomial one: minus the log-density in the linear predictor, and its derivatives.

Observed information everywhere (as TMB and ordinal use it); for the canonical links it is Fisher's, as in lme4.
All densities carry their constants.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np

from ..arrays import Floats


class RowTerms(NamedTuple):
    """Minus log-density of each row and its first three derivatives in the linear predictor, each (n,)."""

    value: Floats
    d1: Floats
    d2: Floats
    d3: Floats


class Family(Protocol):
    """A response given its linear predictor; `extra` are the family's own parameters on an unbounded scale."""

    @property
    def name(self) -> str: ...

    @property
    def n_extra(self) -> int: ...

    def start(self) -> tuple[Floats, float]:
        """First values of `extra` and of the intercept."""
        ...

    def rows(self, eta: Floats, extra: Floats) -> RowTerms: ...

    def extra_gradient(self, eta: Floats, extra: Floats, m0: Floats, m1: Floats, m2: Floats) -> Floats:
        """Sum over rows of m0 * d value + m1 * d d1 + m2 * d d2, differentiated in `extra`: (n_extra,)."""
        ...

    def draw(self, eta: Floats, extra: Floats, rng: np.random.Generator) -> Floats:
        """New responses, coded as the family holds them."""
        ...


class WithoutExtra:
    """Families that have no parameter of their own."""

    n_extra = 0

    def extra_gradient(self, eta: Floats, extra: Floats, m0: Floats, m1: Floats, m2: Floats) -> Floats:
        return np.zeros(0)


def softplus(x: Floats) -> Floats:
    """log(1 + exp(x))."""
    out: Floats = np.logaddexp(0.0, x)
    return out


def expit(x: Floats) -> Floats:
    from scipy.special import expit as logistic

    out: Floats = logistic(x)
    return out


@dataclass(frozen=True)
class Binomial(WithoutExtra):
    """Successes `y` of `trials`, logit link; `weight` multiplies a row's log-density."""

    y: Floats
    trials: Floats
    weight: Floats
    name: str = "binomial"

    @cached_property
    def constant(self) -> Floats:
        from scipy.special import gammaln

        out: Floats = gammaln(self.y + 1) + gammaln(self.trials - self.y + 1) - gammaln(self.trials + 1)
        return out

    def start(self) -> tuple[Floats, float]:
        share = (np.sum(self.weight * self.y) + 0.5) / (np.sum(self.weight * self.trials) + 1.0)
        return np.zeros(0), float(np.log(share / (1.0 - share)))

    def rows(self, eta: Floats, extra: Floats) -> RowTerms:
        mu = expit(eta)
        d2 = self.weight * self.trials * mu * expit(-eta)
        value = self.weight * (self.trials * softplus(eta) - self.y * eta + self.constant)
        return RowTerms(value, self.weight * (self.trials * mu - self.y), d2, d2 * (1.0 - 2.0 * mu))

    def draw(self, eta: Floats, extra: Floats, rng: np.random.Generator) -> Floats:
        return rng.binomial(self.trials.astype(np.int64), expit(eta)).astype(float)

    def mean(self, eta: Floats) -> Floats:
        """Expected share of successes."""
        return expit(eta)

    def variance(self, eta: Floats, extra: Floats) -> Floats:
        """Variance of the share of successes."""
        return expit(eta) * expit(-eta) / self.trials

    def deviance(self, eta: Floats, extra: Floats) -> Floats:
        """Twice the gap of each row's log-density to the saturated one."""
        from scipy.special import xlogy

        left = self.trials - self.y
        best = xlogy(self.y, self.y / self.trials) + xlogy(left, left / self.trials)
        out: Floats = 2.0 * self.weight * (self.trials * softplus(eta) - self.y * eta + best)
        return out

    @property
    def observed(self) -> Floats:
        """The response on the scale of `mean`."""
        return self.y / self.trials
