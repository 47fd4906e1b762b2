"""Minus the log-likelihood of a generalised mixed model, integrated over u by Laplace, and its exact gradient.

F(psi) = min_u f(u, psi) + 1/2 log|M|,  f = sum of -log densities + u'u/2,  M = I + V'WV (observed information).
The inner minimum is found by penalised Newton steps (penalised iteratively reweighted least squares); f is convex
for these families. The gradient differentiates the minimum implicitly: with t = h d3 (h the leverages) and
s = M^-1 V't,  dF/d eta = d1 + a,  a = (t - w Vs)/2  (Kristensen et al. 2016, J. Stat. Softw. 70(5)).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..arrays import Floats, Ints
from ..layout import Layout
from .blocks import Blocks, Effects
from .factor import Factor, factorise
from .families import Family, RowTerms

MAX_INNER = 100
#: squared length, in posterior standard deviations, of the last Newton step that is taken
INNER_TOLERANCE = 1e-13


@dataclass(frozen=True)
class Arrays:
    """A model as arrays: X (n, p), offset (n,), and each factor's columns (n, q_f) and codes (n,)."""

    family: Family
    x: Floats
    offset: Floats
    z: list[Floats]
    codes: list[Ints]
    layout: Layout
    blocks: Blocks

    @property
    def n_parameters(self) -> int:
        return int(self.family.n_extra + self.x.shape[1] + self.layout.n_theta)

    def split(self, psi: Floats) -> tuple[Floats, Floats, Floats]:
        """(extra, beta, theta)."""
        e, p = self.family.n_extra, self.x.shape[1]
        return psi[:e], psi[e : e + p], psi[e + p :]

    def v(self, theta: Floats) -> tuple[Floats, Floats]:
        """Rows of V: the finest factor's (n, q_0), the others' side by side (n, k)."""
        parts = [z @ t.matrix(theta[None])[0] for z, t in zip(self.z, self.layout.templates, strict=True)]
        rest = np.concatenate(parts[1:], axis=1) if len(parts) > 1 else np.zeros((len(self.x), 0))
        return parts[0], rest

    def by_factor(self, pair: tuple[Floats, Floats]) -> list[Floats]:
        """The columns of a pair like `v`, cut by factor."""
        ends = np.cumsum([z.shape[1] for z in self.z[1:]])
        return [pair[0], *np.split(pair[1], ends[:-1], axis=1)] if len(self.z) > 1 else [pair[0]]

    def theta_gradient(self, parts: list[Floats]) -> Floats:
        """Sum over rows of z (q) times part (q) for each factor, collected in theta."""
        out = np.zeros((1, self.layout.n_theta))
        for z, part, template in zip(self.z, parts, self.layout.templates, strict=True):
            template.collect((z.T @ part)[None], out)
        collected: Floats = out[0]
        return collected


class Evaluation(NamedTuple):
    """F, its gradient (None if not asked), and the minimum it was taken at."""

    value: float
    gradient: Floats | None
    u: Effects
    eta: Floats


class NotFinite(ArithmeticError):
    """The parameters lead to numbers beyond floating point; the optimiser steps back."""


@dataclass(frozen=True)
class Inner:
    """The minimum over u at given parameters."""

    u: Effects
    eta: Floats
    rows: RowTerms
    v: tuple[Floats, Floats]
    factor: Factor
    f: float


def inner_minimum(arrays: Arrays, psi: Floats, start: Effects) -> Inner:
    """Penalised Newton steps with halving.

    Raises
    ------
    NotFinite
        The row terms overflow, or the steps do not settle.
    """
    extra, beta, theta = arrays.split(psi)
    v, blocks, family = arrays.v(theta), arrays.blocks, arrays.family
    fixed = arrays.offset + arrays.x @ beta

    def at(u: Effects) -> tuple[Floats, RowTerms, float]:
        eta = fixed + blocks.times(v, u)
        rows = family.rows(eta, extra)
        return eta, rows, float(np.sum(rows.value)) + 0.5 * u.dot(u)

    u = start
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        eta, rows, f = at(u)
        if not np.isfinite(f):
            u = blocks.zeros()
            eta, rows, f = at(u)
        for _ in range(MAX_INNER):
            if not (np.isfinite(f) and np.isfinite(rows.d2).all()):
                raise NotFinite
            factor = factorise(blocks, v, rows.d2)
            slope = blocks.transpose(v, rows.d1).plus(1.0, u)
            step = factor.solve(slope)
            decrement = slope.dot(step)
            share = 1.0
            while True:
                trial = u.plus(-share, step)
                eta, rows, g = at(trial)
                if decrement < 1e-8 or g <= f - 0.1 * share * decrement or share < 1e-8:
                    break
                share *= 0.5
            u, f = trial, g
            if decrement < INNER_TOLERANCE:
                return Inner(u, eta, rows, v, factorise(blocks, v, rows.d2), f)
    raise NotFinite


class Laplace:
    """F and its gradient as a function of psi = (extra, beta, theta); remembers u to start the next search there."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = arrays
        self.u = arrays.blocks.zeros()
        self.evaluations = 0

    def __call__(self, psi: Floats, gradient: bool = True) -> Evaluation:
        self.evaluations += 1
        found = inner_minimum(self.arrays, psi, self.u)
        value = found.f + 0.5 * found.factor.logdet
        if not np.isfinite(value):
            raise NotFinite
        self.u = found.u
        return Evaluation(value, self._gradient(psi, found) if gradient else None, found.u, found.eta)

    def _gradient(self, psi: Floats, found: Inner) -> Floats:
        arrays, blocks = self.arrays, self.arrays.blocks
        extra, _, _ = arrays.split(psi)
        _, d1, w, d3 = found.rows
        k0, k1, h = found.factor.leverages(found.v)
        t = h * d3
        s = found.factor.solve(blocks.transpose(found.v, t))
        vs = blocks.times(found.v, s)
        slope = d1 + 0.5 * (t - w * vs)
        parts = []
        own_u, own_s = arrays.by_factor(blocks.own(found.u)), arrays.by_factor(blocks.own(s))
        for u_f, s_f, k_f in zip(own_u, own_s, arrays.by_factor((k0, k1)), strict=True):
            parts.append(slope[:, None] * u_f - 0.5 * d1[:, None] * s_f + w[:, None] * k_f)
        of_extra = arrays.family.extra_gradient(found.eta, extra, np.ones_like(t), -0.5 * vs, 0.5 * h)
        return np.concatenate([of_extra, arrays.x.T @ slope, arrays.theta_gradient(parts)])
