"""The Laplace approximation to -2 log-likelihood of a generalised linear mixed model, with analytic gradient.

For parameters omega = (theta, b, psi) the conditional modes maximise sum l_i(eta_i) - |u|^2 / 2, eta = offset + X b +
Z T u, by Newton steps through the elimination of the linear model with weights W = -l''. Then
F = -2 sum l_i + |u|^2 + log|M|, M = I + T'Z'WZT (Bates et al. 2015; Tierney & Kadane 1986). The gradient needs no
derivative of u: with s = dlog|M|/deta at fixed u and (Z'WZ + Sigma^-1) c = Z's, g = Zc,
dF/db = X'(-2 l' + s - W g), and likewise for theta and psi (implicit function theorem).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import Floats, Ints
from .cluster import SplitCluster, split_of
from .crossprod import Products, group_sums
from .families import Family
from .layout import Layout
from .objective import Bars, State, backward, eliminate, stage_offsets
from .structure import Stage, Structure

MAX_STEPS = 100


@dataclass(frozen=True)
class Modes:
    """Conditional modes at one omega: spherical u and effects by factor (n_f, q_f), eta (n,), and F's pieces."""

    u: list[Floats]
    effects: list[Floats]
    eta: Floats
    value: float
    products: Products
    state: State
    ok: bool


class Laplace:
    """F as a function of omega = (theta, b, psi) for internal columns.

    Parameters
    ----------
    columns
        Distinct columns of Z (n, dz), unweighted; `z[f]` their positions by factor.
    x
        Internal columns of the fixed part (n, p).
    """

    def __init__(
        self,
        structure: Structure,
        layout: Layout,
        columns: Floats,
        z: list[Ints],
        x: Floats,
        offset: Floats | None,
        family: Family,
    ) -> None:
        self.structure, self.layout, self.columns, self.z, self.x = structure, layout, columns, z, x
        self.offset = np.zeros(len(x)) if offset is None else offset
        self.family = family
        self.evaluations = 0
        self._pair_at: dict[tuple[int, int], tuple[Ints, Ints, int]] = {}
        for (f, h), pairs in structure.pair_rows.items():
            size = structure.n_groups[h]
            keys = pairs[:, 0] * size + pairs[:, 1]
            wanted = structure.codes[f] * size + structure.codes[h]
            at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
            hit = np.flatnonzero(keys[at] == wanted)
            self._pair_at[f, h] = (at[hit], hit, len(pairs))
        self._warm: list[Floats] | None = None

    def reset(self) -> None:
        """Forget the last modes."""
        self._warm = None

    @property
    def n_omega(self) -> int:
        return int(self.layout.n_theta + self.x.shape[1] + self.family.n_psi)

    def split(self, omega: Floats) -> tuple[Floats, Floats, Floats]:
        m, p = self.layout.n_theta, self.x.shape[1]
        return omega[:m], omega[m : m + p], omega[m + p :]

    def weighted(self, weight: Floats, right: Floats) -> Products:
        """Cross-products Z'W[Z] and Z'right as the elimination takes them."""
        data = np.concatenate([self.columns * weight[:, None], right[:, None]], axis=1)
        rows = []
        for f, codes in enumerate(self.structure.codes):
            part = np.empty((1, self.structure.n_groups[f], len(self.z[f]), data.shape[1]))
            for a, column in enumerate(self.z[f]):
                left = np.ascontiguousarray(self.columns[:, column])
                part[0, :, a] = group_sums(codes, self.structure.n_groups[f], left, data)
            rows.append(part)
        pairs = {}
        for (f, h), (at, hit, n) in self._pair_at.items():
            block = np.empty((1, n, len(self.z[f]), len(self.z[h])))
            for a, column in enumerate(self.z[f]):
                block[0, :, a] = group_sums(at, n, self.columns[hit, column], data[np.ix_(hit, self.z[h])])
            pairs[f, h] = block
        d = data.shape[1]
        top = np.zeros((1, d, d))
        return Products(self.structure, self.z, np.zeros(0, np.int64), rows, pairs, top, None, len(data))

    def solve_modes(self, products: Products, state: State, t: list[Floats]) -> tuple[list[Floats], list[Floats]]:
        """u and effects T u for the right side in the last column."""
        y = products.d - 1
        u_all = [np.zeros((n, len(z))) for n, z in zip(self.structure.n_groups, self.z, strict=True)]
        effects = [u.copy() for u in u_all]
        for stage, e in zip(reversed(self.structure.stages), reversed(state.stages), strict=True):
            if isinstance(e, SplitCluster):
                self._solve_split(stage, e, products, t, u_all, effects)
                continue
            b = e.b[0]
            rest = b[..., y].copy()
            for link in stage.links:
                rest -= (b[..., self.z[link.factor]] @ effects[link.factor][link.of_source][..., None])[..., 0]
            u = (np.swapaxes(e.p[0], -1, -2) @ rest[..., None])[..., 0]
            for (f, groups), at in zip(stage.slots, stage_offsets(stage, products), strict=True):
                part = u[:, at : at + len(self.z[f])]
                u_all[f][groups], effects[f][groups] = part, part @ t[f].T
        return u_all, effects

    def _solve_split(
        self,
        stage: Stage,
        e: SplitCluster,
        products: Products,
        t: list[Floats],
        u_all: list[Floats],
        effects: list[Floats],
    ) -> None:
        """The same for clusters that were eliminated in two steps: the dense rest first."""
        y = products.d - 1
        inner, outer = e.by_cluster(e.b0)[0], e.b1[0]
        rest0, rest1 = inner[..., y].copy(), outer[..., y].copy()
        for link in stage.links:
            known = effects[link.factor][link.of_source][..., None]
            rest0 -= (inner[..., self.z[link.factor]] @ known)[..., 0]
            rest1 -= (outer[..., self.z[link.factor]] @ known)[..., 0]
        u1 = (np.swapaxes(e.p1[0], -1, -2) @ rest1[..., None])[..., 0]
        dense = (e.c1[0] @ rest1[..., None])[..., 0]
        rest0 -= (e.by_cluster(e.e0)[0] @ dense[..., None])[..., 0]
        u0 = (np.swapaxes(e.p0[0], -1, -2) @ rest0.reshape(*e.b0.shape[1:3], 1))[..., 0]
        split = split_of(stage, products)
        assert split is not None
        f0 = stage.slots[int(split.inner[0])][0]
        groups = np.stack([stage.slots[int(i)][1] for i in split.inner], axis=1).reshape(-1)
        u_all[f0][groups], effects[f0][groups] = u0, u0 @ t[f0].T
        for i in split.outer:
            f, own = stage.slots[int(i)]
            part = u1[:, split.begins[i] : split.begins[i] + len(self.z[f])]
            u_all[f][own], effects[f][own] = part, part @ t[f].T

    def spread(self, effects: list[Floats]) -> Floats:
        """Z times effects: (n,)."""
        out = np.zeros(len(self.x))
        for f, codes in enumerate(self.structure.codes):
            out += np.einsum("nq,nq->n", self.columns[:, self.z[f]], effects[f][codes])
        return out

    def gather(self, values: Floats, f: int) -> Floats:
        """Z_f' values: (n_f, q_f)."""
        return group_sums(
            self.structure.codes[f],
            self.structure.n_groups[f],
            np.ones(len(values)),
            self.columns[:, self.z[f]] * values[:, None],
        )

    def modes(self, omega: Floats) -> Modes:
        """Conditional modes by damped Newton steps, warm-started from the last call."""
        theta, beta, psi = self.split(omega)
        t = [template.matrix(theta[None])[0] for template in self.layout.templates]
        fixed = self.offset + self.x @ beta
        u = self._warm or [np.zeros((n, len(z))) for n, z in zip(self.structure.n_groups, self.z, strict=True)]
        eta_random = self.spread([v @ tt.T for v, tt in zip(u, t, strict=True)])
        rows = self.family.rows(fixed + eta_random, psi)
        penalised = self._penalised(rows.loglik, u)
        if not np.isfinite(penalised):
            u = [0.0 * v for v in u]
            eta_random = np.zeros(len(fixed))
            rows = self.family.rows(fixed, psi)
            penalised = self._penalised(rows.loglik, u)
        ok = False
        for _ in range(MAX_STEPS):
            products = self.weighted(rows.weight, rows.weight * eta_random + rows.score)
            state = eliminate(products, self.layout, theta[None])
            new_u, effects = self.solve_modes(products, state, t)
            new_eta = self.spread(effects)
            change = new_eta - eta_random
            gap = float(np.abs(change).max(initial=0.0))
            if not np.isfinite(gap):
                break
            # where a variance is zero eta does not move, but the last call's modes may still stand in u
            if gap < 1e-9 and all(np.abs(b - a).max(initial=0.0) < 1e-8 for a, b in zip(u, new_u, strict=True)):
                ok = True
                break
            share = 1.0
            for _ in range(30):
                trial = eta_random + share * change
                trial_u = [a + share * (b - a) for a, b in zip(u, new_u, strict=True)]
                trial_rows = self.family.rows(fixed + trial, psi)
                value = self._penalised(trial_rows.loglik, trial_u)
                if np.isfinite(value) and value <= penalised + 1e-9 * (1.0 + abs(penalised)):
                    break
                share *= 0.5
            u, eta_random, rows, penalised = trial_u, trial, trial_rows, value
        value = penalised + float(state.logdet[0]) if ok else np.inf
        if ok:
            self._warm = u
        effects = [v @ tt.T for v, tt in zip(u, t, strict=True)]
        return Modes(u, effects, fixed + eta_random, value, products, state, ok)

    @staticmethod
    def _penalised(loglik: Floats, u: list[Floats]) -> float:
        with np.errstate(invalid="ignore"):
            return float(-2.0 * loglik.sum() + sum((v * v).sum() for v in u))

    def leverage(self, modes: Modes, bars: Bars) -> Floats:
        """d log|M| / dW_i = variance of row i's random part given the data (n,)."""
        out = np.zeros(len(self.x))
        dz = self.columns.shape[1]
        for f, codes in enumerate(self.structure.codes):
            bar = bars.rows[f]
            if bar is None:
                continue
            inner = np.einsum("nqd,nd->nq", bar[0][codes][..., :dz], self.columns)
            out += np.einsum("nq,nq->n", self.columns[:, self.z[f]], inner)
        for (f, h), bar in bars.pairs.items():
            at, hit, _ = self._pair_at[f, h]
            left, right = self.columns[np.ix_(hit, self.z[f])], self.columns[np.ix_(hit, self.z[h])]
            out[hit] += np.einsum("nq,nqr,nr->n", left, bar[0][at], right)
        return out

    def value_and_gradient(self, omega: Floats) -> tuple[float, Floats]:
        """F and dF/domega; F is infinite where the modes cannot be found."""
        self.evaluations += 1
        gradient = np.zeros(self.n_omega)
        if not np.isfinite(omega).all():
            return np.inf, gradient
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            modes = self.modes(omega)
        if not modes.ok:
            return np.inf, gradient
        theta, _, psi = self.split(omega)
        d = modes.products.d
        bars = Bars([], {})
        theta_bar = backward(modes.products, self.layout, modes.state, np.zeros((1, d, d)), 1.0, bars)[0]
        rows = self.family.rows(modes.eta, psi)
        h = self.leverage(modes, bars)
        s = h * rows.weight_slope
        t = [template.matrix(theta[None])[0] for template in self.layout.templates]
        products = self.weighted(rows.weight, s)
        # the elimination is the same but for its last column
        state = eliminate(products, self.layout, theta[None])
        _, c = self.solve_modes(products, state, t)
        g = self.spread(c)
        pull = -2.0 * rows.score + s - rows.weight * g
        m, p = self.layout.n_theta, self.x.shape[1]
        t_out = np.zeros((1, m))
        for f, template in enumerate(self.layout.templates):
            score = self.gather(rows.score, f)
            adjoint = self.gather(s - rows.weight * g, f) @ t[f]
            bar = self.gather(pull, f).T @ modes.u[f] + score.T @ adjoint
            template.collect(bar[None], t_out)
        gradient[:m] = theta_bar + t_out[0]
        gradient[m : m + p] = self.x.T @ pull
        if self.family.n_psi:
            own = self.family.psi_rows(modes.eta, psi)
            gradient[m + p :] = -2.0 * own.loglik.sum(axis=1) + own.weight @ h + own.score @ g
        return modes.value, gradient

    def __call__(self, omega: Floats, which: Ints | None = None) -> tuple[Floats, Floats]:
        """F (k,) and gradient (k, n_omega), one row after the other."""
        pairs = [self.value_and_gradient(row) for row in omega]
        return np.array([v for v, _ in pairs]), np.array([g for _, g in pairs]).reshape(len(omega), -1)
