"""The families of counts, with a log link: Poisson, and NB2 with Var(y) = mu + mu^2 / dispersion."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..arrays import Floats
from .families import RowTerms, WithoutExtra, expit, softplus

#: log dispersion beyond which NB2 is Poisson to the last digit
LOG_DISPERSION = 16.0


@dataclass(frozen=True)
class Poisson(WithoutExtra):
    """Counts `y`, log link."""

    y: Floats
    weight: Floats
    name: str = "poisson"

    @cached_property
    def constant(self) -> Floats:
        from scipy.special import gammaln

        out: Floats = gammaln(self.y + 1)
        return out

    def start(self) -> tuple[Floats, float]:
        return np.zeros(0), float(np.log(np.average(self.y, weights=self.weight)))

    def rows(self, eta: Floats, extra: Floats) -> RowTerms:
        d2 = self.weight * np.exp(eta)
        value = d2 + self.weight * (self.constant - self.y * eta)
        return RowTerms(value, d2 - self.weight * self.y, d2, d2)

    def draw(self, eta: Floats, extra: Floats, rng: np.random.Generator) -> Floats:
        return rng.poisson(np.exp(eta)).astype(float)

    def mean(self, eta: Floats) -> Floats:
        out: Floats = np.exp(eta)
        return out

    def variance(self, eta: Floats, extra: Floats) -> Floats:
        return self.mean(eta)

    def deviance(self, eta: Floats, extra: Floats) -> Floats:
        from scipy.special import xlogy

        mu = np.exp(eta)
        out: Floats = 2.0 * self.weight * (xlogy(self.y, self.y) - self.y * eta - self.y + mu)
        return out

    @property
    def observed(self) -> Floats:
        return self.y


@dataclass(frozen=True)
class NegativeBinomial:
    """Counts `y` with Var = mu + mu^2 / phi, log link; extra = (log phi,)."""

    y: Floats
    weight: Floats
    name: str = "negative-binomial"
    n_extra: int = 1

    @staticmethod
    def dispersion(extra: Floats) -> float:
        return float(np.exp(np.clip(extra[0], -LOG_DISPERSION, LOG_DISPERSION)))

    def start(self) -> tuple[Floats, float]:
        mean = float(np.average(self.y, weights=self.weight))
        excess = float(np.average((self.y - mean) ** 2, weights=self.weight)) - mean
        phi = mean**2 / excess if excess > 0 else 10.0 * mean
        return np.array([np.log(np.clip(2.0 * phi, 0.1, 100.0))]), float(np.log(mean))

    def rows(self, eta: Floats, extra: Floats) -> RowTerms:
        from scipy.special import betaln

        phi, y, w = self.dispersion(extra), self.y, self.weight
        share = expit(eta - np.log(phi))  # mu / (mu + phi)
        # (y + phi) log(mu + phi) - phi log(phi) = (y + phi) log(1 + mu / phi) + y log(phi)
        value = (y + phi) * softplus(eta - np.log(phi)) + y * np.log(phi) - y * eta
        # lgamma(y + 1) + lgamma(phi) - lgamma(y + phi) = log(y) + log B(y, phi), exact for large phi too
        at = np.maximum(y, 1.0)
        value = value + np.where(y > 0, np.log(at) + betaln(at, phi), 0.0)
        d2 = w * (y + phi) * share * (1.0 - share)
        return RowTerms(w * value, w * ((y + phi) * share - y), d2, d2 * (1.0 - 2.0 * share))

    def extra_gradient(self, eta: Floats, extra: Floats, m0: Floats, m1: Floats, m2: Floats) -> Floats:
        from scipy.special import psi

        if abs(extra[0]) >= LOG_DISPERSION:
            return np.zeros(1)
        phi, y, w = self.dispersion(extra), self.y, self.weight
        share = expit(eta - np.log(phi))
        value = softplus(eta - np.log(phi)) - (y + phi) * share / phi + y / phi - psi(y + phi) + psi(phi)
        slope = share * (1.0 - share)
        d1 = share - (y + phi) * slope / phi
        d2 = slope - (y + phi) * slope * (1.0 - 2.0 * share) / phi
        return np.array([phi * np.sum(w * (m0 * value + m1 * d1 + m2 * d2))])

    def draw(self, eta: Floats, extra: Floats, rng: np.random.Generator) -> Floats:
        phi = self.dispersion(extra)
        return rng.negative_binomial(phi, phi / (phi + np.exp(eta))).astype(float)

    def mean(self, eta: Floats) -> Floats:
        out: Floats = np.exp(eta)
        return out

    def variance(self, eta: Floats, extra: Floats) -> Floats:
        mu = np.exp(eta)
        out: Floats = mu + mu**2 / self.dispersion(extra)
        return out

    def deviance(self, eta: Floats, extra: Floats) -> Floats:
        from scipy.special import xlogy

        phi, mu, y = self.dispersion(extra), np.exp(eta), self.y
        out: Floats = 2.0 * self.weight * (xlogy(y, y) - y * eta - (y + phi) * np.log((y + phi) / (mu + phi)))
        return out

    @property
    def observed(self) -> Floats:
        return self.y
