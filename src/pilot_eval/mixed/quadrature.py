"""Adaptive Gauss-Hermite quadrature for one random intercept (Pinheiro & Bates 1995)."""

from __future__ import annotations

import numpy as np

from .arrays import Floats, Ints
from .laplace import Laplace


class Quadrature:
    """F = -2 log-likelihood by `n_agq` nodes per group around the conditional mode; gradient by differences.

    With one node it equals the Laplace approximation.
    """

    def __init__(self, laplace: Laplace, n_agq: int) -> None:
        nodes, weights = np.polynomial.hermite_e.hermegauss(n_agq)
        self.laplace = laplace
        self.nodes: Floats = nodes
        self.log_weights: Floats = np.log(weights / weights.sum())

    @property
    def n_omega(self) -> int:
        return self.laplace.n_omega

    @property
    def evaluations(self) -> int:
        return self.laplace.evaluations

    def value(self, omega: Floats) -> float:
        """F at one omega; infinite where the modes cannot be found."""
        lap = self.laplace
        lap.evaluations += 1
        if not np.isfinite(omega).all():
            return np.inf
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            modes = lap.modes(omega)
            if not modes.ok:
                return np.inf
            theta, beta, psi = lap.split(omega)
            codes, n = lap.structure.codes[0], lap.structure.n_groups[0]
            t = float(theta[0])
            column = lap.columns[:, lap.z[0][0]]
            rows = lap.family.rows(modes.eta, psi)
            m = 1.0 + t * t * np.bincount(codes, weights=rows.weight * column**2, minlength=n)
            sd = 1.0 / np.sqrt(m)
            centre = modes.u[0][:, 0]
            fixed = lap.offset + lap.x @ beta
            terms = np.empty((len(self.nodes), n))
            for k, (z, w) in enumerate(zip(self.nodes, self.log_weights, strict=True)):
                u = centre + sd * z
                loglik = lap.family.rows(fixed + t * column * u[codes], psi).loglik
                terms[k] = np.bincount(codes, weights=loglik, minlength=n) - 0.5 * u * u + 0.5 * z * z + w
            top = terms.max(axis=0)
            integral = np.log(np.exp(terms - top).sum(axis=0)) + top + np.log(sd)
        return float(-2.0 * integral.sum())

    def __call__(self, omega: Floats, which: Ints | None = None) -> tuple[Floats, Floats]:
        """F (k,) and central-difference gradient (k, n_omega)."""
        values, gradients = [], []
        for row in omega:
            values.append(self.value(row))
            gradient = np.zeros(len(row))
            if np.isfinite(values[-1]):
                for i in range(len(row)):
                    step = np.zeros(len(row))
                    step[i] = 1e-4 * max(1.0, abs(row[i]))
                    gradient[i] = (self.value(row + step) - self.value(row - step)) / (2.0 * step[i])
            gradients.append(gradient)
        return np.array(values), np.array(gradients).reshape(len(omega), -1)
