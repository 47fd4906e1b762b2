"""Right-censored normal outcomes: a row adds the density of what was seen, or the probability of more than that.

Given eta the outcome is normal with mean eta and standard deviation sigma; a censored row adds
log Phi((eta - y) / sigma) (Tobin 1958, Econometrica 26, 24-36). Both are log-concave in eta.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import Bools, Floats
from .errors import ModelError
from .families import PsiRows, Rows

HALF_LOG_2PI = 0.5 * float(np.log(2.0 * np.pi))


@dataclass(frozen=True)
class CensoredNormal:
    """Outcomes `y`, where `seen` is False only known to be at least that; psi is log(sigma)."""

    y: Floats
    seen: Bools
    name: str = "censored-normal"
    n_psi: int = 1

    def start_psi(self) -> Floats:
        return np.array([np.log(max(float(self.y.std()), 1e-8))])

    def start_eta(self) -> Floats:
        return self.y.copy()

    def rows(self, eta: Floats, psi: Floats) -> Rows:
        sigma = float(np.exp(psi[0]))
        z = (self.y - eta) / sigma
        density = -0.5 * z * z - psi[0] - HALF_LOG_2PI
        tail, mills, bend = self._tail(-z)
        return Rows(
            np.where(self.seen, density, tail),
            np.where(self.seen, z, mills) / sigma,
            np.where(self.seen, 1.0, bend) / sigma**2,
            np.where(self.seen, 0.0, mills - bend * (2.0 * mills - z)) / sigma**3,
        )

    def psi_rows(self, eta: Floats, psi: Floats) -> PsiRows:
        sigma = float(np.exp(psi[0]))
        z = (self.y - eta) / sigma
        _, mills, bend = self._tail(-z)
        # with a = -z: da/dpsi = z, dmills/da = -bend, dbend/da = mills - bend (a + 2 mills)
        loglik = np.where(self.seen, z * z - 1.0, mills * z)
        score = np.where(self.seen, -2.0 * z, -bend * z - mills) / sigma
        weight = np.where(self.seen, -2.0, (mills - bend * (2.0 * mills - z)) * z - 2.0 * bend) / sigma**2
        return PsiRows(loglik[None], score[None], weight[None])

    @staticmethod
    def _tail(a: Floats) -> tuple[Floats, Floats, Floats]:
        """log Phi(a), its first derivative and minus its second."""
        from scipy.special import log_ndtr

        tail = log_ndtr(a)
        mills = np.exp(-0.5 * a * a - HALF_LOG_2PI - tail)
        return tail, mills, np.maximum(mills * (a + mills), 1e-12)

    def mean(self, eta: Floats, psi: Floats) -> Floats:
        return eta

    def draw(self, eta: Floats, psi: Floats, rng: np.random.Generator) -> Floats:
        raise ModelError("a censored outcome cannot be drawn again: when rows that were seen would have been censored "
                         "is not known")  # fmt: skip
