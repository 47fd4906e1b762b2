"""Adaptive Gauss-Hermite quadrature for one random intercept, with its exact gradient.

Each group's integral is summed at u_k = u + c_k / sqrt(M), with u and M the group's own mode and curvature
(Pinheiro & Bates 1995); nodes move with the parameters, and the gradient follows them. One node is Laplace.
"""

from __future__ import annotations

import numpy as np

from ..arrays import Floats
from .laplace import Arrays, Evaluation, Inner, NotFinite, inner_minimum


class Quadrature:
    """Minus the log-likelihood with `n` nodes per group as a function of psi = (extra, beta, theta)."""

    def __init__(self, arrays: Arrays, n: int) -> None:
        nodes, weights = np.polynomial.hermite.hermgauss(n)
        self.arrays = arrays
        self.c = np.sqrt(2.0) * nodes
        self.log_w = np.log(weights) + nodes**2 - 0.5 * np.log(np.pi)
        self.u = arrays.blocks.zeros()
        self.evaluations = 0

    def __call__(self, psi: Floats, gradient: bool = True) -> Evaluation:
        self.evaluations += 1
        arrays = self.arrays
        found = inner_minimum(arrays, psi, self.u)
        self.u = found.u
        extra, _, _ = arrays.split(psi)
        code, size = arrays.codes[0], arrays.blocks.n_finest
        v, m = found.v[0][:, 0], found.factor.d[:, 0, 0]
        u, root = found.u.finest[:, 0], np.sqrt(m)
        at = u[:, None] + self.c / root[:, None]
        shift = v[:, None] * (at - u[:, None])[code]
        terms = [arrays.family.rows(found.eta + shift[:, k], extra) for k in range(len(self.c))]
        f = np.stack([np.bincount(code, t.value, size) for t in terms], axis=1) + 0.5 * at**2
        if not np.isfinite(f).all():
            raise NotFinite
        logs = self.log_w - f
        top = logs.max(axis=1, keepdims=True)
        p = np.exp(logs - top)
        total = p.sum(axis=1, keepdims=True)
        value = float(np.sum(0.5 * np.log(m)) - np.sum(top + np.log(total)))
        if not gradient:
            return Evaluation(value, None, found.u, found.eta)
        d1 = np.stack([t.d1 for t in terms], axis=1)
        return Evaluation(value, self._gradient(psi, found, at, shift, p / total, d1), found.u, found.eta)

    def _gradient(self, psi: Floats, found: Inner, at: Floats, shift: Floats, p: Floats, d1: Floats) -> Floats:
        arrays = self.arrays
        extra, _, _ = arrays.split(psi)
        code, size = arrays.codes[0], arrays.blocks.n_finest
        v, m = found.v[0][:, 0], found.factor.d[:, 0, 0]
        u = found.u.finest[:, 0]
        slope = at + np.stack([np.bincount(code, v * d1[:, k], size) for k in range(len(self.c))], axis=1)
        to_mode = np.sum(p * slope, axis=1)
        # weight of log M: its own half, and what it moves the nodes by
        to_logdet = 0.5 - 0.5 * np.sum(p * slope * self.c, axis=1) / np.sqrt(m)
        _, g, w, d3 = found.rows
        h = v * v / m[code]
        t = to_logdet[code] * h * d3
        s = (to_mode + np.bincount(code, v * t, size)) / m
        mean = np.sum(p[code] * d1, axis=1)
        of_eta = t - w * v * s[code]
        of_v = np.sum(p[code] * d1 * at[code], axis=1) + of_eta * u[code] - g * s[code]
        of_v += 2.0 * to_logdet[code] * w * v / m[code]
        none = np.zeros_like(v)
        of_extra = arrays.family.extra_gradient(found.eta, extra, none, -v * s[code], to_logdet[code] * h)
        for k in range(len(self.c)):
            of_extra = of_extra + arrays.family.extra_gradient(found.eta + shift[:, k], extra, p[code, k], none, none)
        return np.concatenate([of_extra, arrays.x.T @ (mean + of_eta), arrays.theta_gradient([of_v[:, None]])])
