"""Distributions of the outcome given the linear predictor: log-likelihood and its derivatives by row.

Each family gives, for a linear predictor eta (n,) and its own parameters psi: the log-likelihood with all constants,
its first derivative, the weight W = -d2l/deta2 (observed, always positive here), dW/deta, and for psi the
derivatives of the log-likelihood, of dl/deta and of W.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from .arrays import Floats

#: counts above this take the gamma function in place of a sum over all smaller counts
LONGEST_SUM = 10_000


@dataclass(frozen=True)
class Rows:
    """Values at one eta, each (n,)."""

    loglik: Floats
    score: Floats
    weight: Floats
    weight_slope: Floats


@dataclass(frozen=True)
class PsiRows:
    """Derivatives with respect to each of the family's own parameters, each (n_psi, n)."""

    loglik: Floats
    score: Floats
    weight: Floats


class Family(Protocol):
    """A distribution of the outcome."""

    @property
    def name(self) -> str: ...

    @property
    def n_psi(self) -> int: ...

    @property
    def y(self) -> Floats: ...

    def start_psi(self) -> Floats: ...

    def start_eta(self) -> Floats: ...

    def rows(self, eta: Floats, psi: Floats) -> Rows: ...

    def psi_rows(self, eta: Floats, psi: Floats) -> PsiRows: ...

    def mean(self, eta: Floats, psi: Floats) -> Floats: ...

    def draw(self, eta: Floats, psi: Floats, rng: np.random.Generator) -> Floats: ...


def _no_psi(eta: Floats) -> PsiRows:
    empty = np.zeros((0, len(eta)))
    return PsiRows(empty, empty, empty)


def logistic(eta: Floats) -> Floats:
    from scipy.special import expit

    out: Floats = expit(eta)
    return out


@dataclass(frozen=True)
class Binomial:
    """Shares `y` of `trials` successes, logit link."""

    y: Floats
    trials: Floats
    name: str = "binomial"
    n_psi: int = 0

    def start_psi(self) -> Floats:
        return np.zeros(0)

    def start_eta(self) -> Floats:
        share = (self.y * self.trials + 0.5) / (self.trials + 1.0)
        return np.log(share / (1.0 - share))

    def rows(self, eta: Floats, psi: Floats) -> Rows:
        from scipy.special import gammaln

        m, k = self.trials, self.y * self.trials
        mu = logistic(eta)
        constant = gammaln(m + 1.0) - gammaln(k + 1.0) - gammaln(m - k + 1.0)
        weight = m * mu * logistic(-eta)
        return Rows(k * eta - m * np.logaddexp(0.0, eta) + constant, k - m * mu, weight, weight * (1.0 - 2.0 * mu))

    def psi_rows(self, eta: Floats, psi: Floats) -> PsiRows:
        return _no_psi(eta)

    def mean(self, eta: Floats, psi: Floats) -> Floats:
        return logistic(eta)

    def draw(self, eta: Floats, psi: Floats, rng: np.random.Generator) -> Floats:
        return rng.binomial(self.trials.astype(np.int64), logistic(eta)) / self.trials


@dataclass(frozen=True)
class Poisson:
    """Counts, log link."""

    y: Floats
    name: str = "poisson"
    n_psi: int = 0

    def start_psi(self) -> Floats:
        return np.zeros(0)

    def start_eta(self) -> Floats:
        return np.log(self.y + 0.3)

    def rows(self, eta: Floats, psi: Floats) -> Rows:
        from scipy.special import gammaln

        mu = np.exp(np.minimum(eta, 500.0))
        return Rows(self.y * eta - mu - gammaln(self.y + 1.0), self.y - mu, mu, mu)

    def psi_rows(self, eta: Floats, psi: Floats) -> PsiRows:
        return _no_psi(eta)

    def mean(self, eta: Floats, psi: Floats) -> Floats:
        return np.exp(np.minimum(eta, 500.0))

    def draw(self, eta: Floats, psi: Floats, rng: np.random.Generator) -> Floats:
        return np.asarray(rng.poisson(np.exp(np.minimum(eta, 30.0))), dtype=float)


@dataclass(frozen=True)
class NegativeBinomial:
    """Counts with Var = mu + mu^2 / dispersion, log link; psi is log(dispersion)."""

    y: Floats
    name: str = "negative-binomial"
    n_psi: int = 1

    def start_psi(self) -> Floats:
        mean, variance = float(self.y.mean()), float(self.y.var())
        return np.array([np.log(np.clip(mean**2 / max(variance - mean, 0.1 * mean), 0.2, 50.0))])

    def start_eta(self) -> Floats:
        return np.log(self.y + 0.3)

    def rows(self, eta: Floats, psi: Floats) -> Rows:
        from scipy.special import gammaln

        y, mu, phi = self.y, np.exp(np.minimum(eta, 500.0)), float(np.exp(psi[0]))
        lost = -np.log1p(mu / phi)
        loglik = self._rising(phi) - gammaln(y + 1.0) + phi * lost + y * (eta + lost)
        weight = (y + phi) * phi * mu / (phi + mu) ** 2
        return Rows(loglik, phi * (y - mu) / (phi + mu), weight, weight * (phi - mu) / (phi + mu))

    def _rising(self, phi: float) -> Floats:
        """log(Gamma(y + phi) / Gamma(phi)) - y log(phi), as sums of log1p: no cancellation where phi is large."""
        from scipy.special import gammaln

        top = self.y.max()
        if top > LONGEST_SUM:
            out: Floats = gammaln(self.y + phi) - gammaln(phi) - self.y * np.log(phi)
            return out
        sums: Floats = np.r_[0.0, np.cumsum(np.log1p(np.arange(int(top)) / phi))]
        return sums[self.y.astype(np.int64)]

    def _rising_slope(self, phi: float) -> Floats:
        """The derivative of `_rising` in phi."""
        from scipy.special import digamma

        top = self.y.max()
        if top > LONGEST_SUM:
            out: Floats = digamma(self.y + phi) - digamma(phi) - self.y / phi
            return out
        steps = np.arange(int(top))
        sums: Floats = np.r_[0.0, np.cumsum(steps / (phi * (phi + steps)))]
        return -sums[self.y.astype(np.int64)]

    def psi_rows(self, eta: Floats, psi: Floats) -> PsiRows:
        y, mu, phi = self.y, np.exp(np.minimum(eta, 500.0)), float(np.exp(psi[0]))
        loglik = self._rising_slope(phi) - np.log1p(mu / phi) + mu / (phi + mu) + y * mu / (phi * (phi + mu))
        score = (y - mu) * mu / (phi + mu) ** 2
        weight = mu * (y * mu - y * phi + 2.0 * phi * mu) / (phi + mu) ** 3
        return PsiRows(phi * loglik[None], phi * score[None], phi * weight[None])

    def mean(self, eta: Floats, psi: Floats) -> Floats:
        return np.exp(np.minimum(eta, 500.0))

    def draw(self, eta: Floats, psi: Floats, rng: np.random.Generator) -> Floats:
        mu, phi = np.exp(np.minimum(eta, 30.0)), float(np.exp(psi[0]))
        return np.asarray(rng.poisson(mu * rng.gamma(phi, 1.0 / phi, len(mu))), dtype=float)


@dataclass(frozen=True)
class CumulativeLogit:
    """Ordered categories 0 ... n_levels - 1: logit P(Y <= j) = psi_j - eta; psi are the thresholds, increasing."""

    y: Floats
    n_levels: int
    name: str = "cumulative-logit"

    @property
    def n_psi(self) -> int:
        return self.n_levels - 1

    def start_psi(self) -> Floats:
        share = np.bincount(self.y.astype(np.int64), minlength=self.n_levels).cumsum()[:-1] / len(self.y)
        return np.log(share / (1.0 - share))

    def start_eta(self) -> Floats:
        return np.zeros(len(self.y))

    def _ends(self, eta: Floats, psi: Floats) -> tuple[Floats, Floats]:
        ends = np.r_[-np.inf, psi, np.inf]
        j = self.y.astype(np.int64)
        return ends[j + 1] - eta, ends[j] - eta

    def rows(self, eta: Floats, psi: Floats) -> Rows:
        if (np.diff(psi) <= 0).any():
            bad = np.full(len(eta), -np.inf)
            return Rows(bad, 0.0 * eta, np.ones(len(eta)), 0.0 * eta)
        a, b = self._ends(eta, psi)
        p, d = self._pieces(a, b)
        r1, r2, r3 = -d[0] / p, d[1] / p, -d[2] / p
        second = r2 - r1 * r1
        third = r3 - 3.0 * r2 * r1 + 2.0 * r1**3
        return Rows(np.log(p), r1, -second, -third)

    @staticmethod
    def _densities(x: Floats) -> tuple[Floats, Floats, Floats]:
        """Logistic density and its first two derivatives."""
        upper = logistic(x)
        f = upper * logistic(-x)
        skew = 1.0 - 2.0 * upper
        return f, f * skew, f * (skew * skew - 2.0 * f)

    def _pieces(self, a: Floats, b: Floats) -> tuple[Floats, tuple[Floats, Floats, Floats]]:
        # the tail with the smaller probabilities loses no digits in the difference
        flip = b > 0
        p = np.where(flip, logistic(-b) - logistic(-a), logistic(a) - logistic(b))
        fa, fb = self._densities(a), self._densities(b)
        return np.maximum(p, 1e-300), (fa[0] - fb[0], fa[1] - fb[1], fa[2] - fb[2])

    def psi_rows(self, eta: Floats, psi: Floats) -> PsiRows:
        a, b = self._ends(eta, psi)
        p, d = self._pieces(a, b)
        n = len(eta)
        loglik, score, weight = (np.zeros((self.n_psi, n)) for _ in range(3))
        j, rows = self.y.astype(np.int64), np.arange(n)
        for ends, sign, at in ((a, 1.0, j), (b, -1.0, j - 1)):
            inside = (at >= 0) & (at < self.n_psi)
            f, f1, f2 = (sign * v for v in self._densities(ends))
            l_psi = f / p
            s_psi = -f1 / p + d[0] * f / p**2
            second = f2 / p - d[1] * f / p**2 - 2.0 * (d[0] / p) * (f1 / p - d[0] * f / p**2)
            loglik[at[inside], rows[inside]] += l_psi[inside]
            score[at[inside], rows[inside]] += s_psi[inside]
            weight[at[inside], rows[inside]] -= second[inside]
        return PsiRows(loglik, score, weight)

    def mean(self, eta: Floats, psi: Floats) -> Floats:
        """Expected category, counted from 1."""
        out: Floats = 1.0 + (1.0 - logistic(psi[:, None] - eta)).sum(axis=0)
        return out

    def probabilities(self, eta: Floats, psi: Floats) -> Floats:
        """Probability of each category (n, n_levels)."""
        cumulative = logistic(psi[None, :] - eta[:, None])
        return np.diff(np.concatenate([np.zeros((len(eta), 1)), cumulative, np.ones((len(eta), 1))], axis=1), axis=1)

    def draw(self, eta: Floats, psi: Floats, rng: np.random.Generator) -> Floats:
        latent = eta + rng.logistic(size=len(eta))
        out: Floats = np.searchsorted(psi, latent).astype(float)
        return out
