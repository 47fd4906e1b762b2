"""The profiled deviance and its analytic gradient, for a batch of parameter vectors at once.

Eliminating a group with Z'Z = A and Z'D = B gives M = I + T'AT, adds log|M| to the log-determinant and takes
B'CB, C = T M^-1 T', from the cross-products of everything above it (Bates, Maechler, Bolker & Walker 2015,
section 3; Pinheiro & Bates 2000, section 2.4). What remains is S = [X|y]'V^-1[X|y]. The gradient runs the same
elimination backwards (reverse accumulation): with N the derivative of the criterion with respect to what a
source's update was taken from,  dB = -C B (N + N'),  dC = -B N B',  dA = C - C dC C,
dT = 2 A T M^-1 + 2 (I - A C) dC T M^-1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .arrays import Floats, Ints
from .cluster import SplitCluster, around, backward_split, eliminate_split, own_blocks, scatter_split, split_of
from .crossprod import Products
from .layout import Layout
from .shrink import shrink
from .structure import Stage


@dataclass
class Eliminated:
    """What one stage leaves behind for the way back: all of shape (k, n, ...)."""

    t: Floats
    a: Floats
    b: Floats
    c: Floats
    p: Floats  # T M^-1
    cb: Floats


@dataclass
class State:
    """One elimination: log-determinant (k,), top (k, d, d), and each stage's pieces."""

    logdet: Floats
    top: Floats
    stages: list[Eliminated | SplitCluster]
    rows: list[Floats]

    @property
    def whole(self) -> list[Eliminated]:
        """The stages' pieces of an elimination in which no cluster was split."""
        out = [e for e in self.stages if isinstance(e, Eliminated)]
        assert len(out) == len(self.stages)
        return out


def _multiply(c: Floats, b: Floats) -> Floats:
    return c * b if c.shape[-1] == 1 else c @ b


def _segment(values: Floats, order: Ints | None, starts: Ints) -> Floats:
    if len(starts) == values.shape[1] and order is None:
        return values
    return np.add.reduceat(values if order is None else values[:, order], starts, axis=1)


def _stage_t(stage: Stage, layout: Layout, theta: Floats) -> Floats:
    """T of a stage's sources (k, 1, Q, Q): block diagonal over the slots."""
    blocks = [layout.templates[f].matrix(theta) for f, _ in stage.slots]
    if len(blocks) == 1:
        return blocks[0][:, None]
    size = sum(b.shape[-1] for b in blocks)
    out = np.zeros((len(theta), 1, size, size))
    at = 0
    for block in blocks:
        q = block.shape[-1]
        out[:, 0, at : at + q, at : at + q] = block
        at += q
    return out


def _gather(
    stage: Stage, products: Products, rows: list[Floats], pairs: dict[tuple[int, int], Floats], k: int
) -> tuple[Floats, Floats]:
    """A (k, n, Q, Q) and B (k, n, Q, d) of a stage's sources."""
    if stage.is_plain:
        f, groups = stage.slots[0]
        b = rows[f] if len(groups) == rows[f].shape[1] else rows[f][:, groups]
        return b[..., products.z[f]], b
    pieces = [rows[f][:, groups] for f, groups in stage.slots]
    b = np.concatenate([np.broadcast_to(p, (k, *p.shape[1:])) for p in pieces], axis=2)
    size = b.shape[2]
    a = np.zeros((k, stage.n_sources, size, size))
    offsets = stage_offsets(stage, products)
    for piece, (f, _), at in zip(pieces, stage.slots, offsets, strict=True):
        q = piece.shape[2]
        a[:, :, at : at + q, at : at + q] = piece[..., products.z[f]]
    for block in stage.blocks:
        values = pairs[block.factors][:, block.pair]
        row, col = offsets[block.slot_first], offsets[block.slot_second]
        for i in range(values.shape[2]):
            for j in range(values.shape[3]):
                a[:, block.cluster, row + i, col + j] = values[:, :, i, j]
                a[:, block.cluster, col + j, row + i] = values[:, :, i, j]
    return a, b


def stage_offsets(stage: Stage, products: Products) -> Ints:
    """First column of each slot in a cluster's matrices."""
    return np.cumsum([0] + [len(products.z[f]) for f, _ in stage.slots])[:-1].astype(np.int64)


def eliminate(products: Products, layout: Layout, theta: Floats, split: bool = True) -> State:
    """Run the elimination for theta (k, m); the products hold 1 or k responses.

    With ``split=False`` clusters are eliminated in one step: slower, but every stage's C and P are there whole.
    """
    k = len(theta)
    rows = list(products.rows)
    pairs = dict(products.pairs)
    fresh = [False] * len(rows)
    fresh_pairs = dict.fromkeys(pairs, False)
    logdet, top = np.zeros(k), np.broadcast_to(products.top, (k, *products.top.shape[1:]))
    done: list[Eliminated | SplitCluster] = []
    for number, stage in enumerate(products.structure.stages):
        if number == 0 and products.patterns is not None:
            t = _stage_t(stage, layout, theta)
            pattern = products.patterns
            c, p, logs = shrink(t, pattern.a[None])
            logdet = logdet + (logs * pattern.counts).sum(axis=1)
            flat = np.ascontiguousarray(c).reshape(k, 1, -1)
            top = top - (flat @ pattern.top).reshape(k, *top.shape[1:])
            for link, gain in zip(stage.links, pattern.links, strict=True):
                rows[link.factor] = rows[link.factor] - (flat @ gain).reshape(k, *rows[link.factor].shape[1:])
                fresh[link.factor] = True
            done.append(Eliminated(t, pattern.a[None], c, c, p, c))
            continue
        parts = None if stage.is_plain or not split else split_of(stage, products)
        if parts is not None:
            cluster = eliminate_split(stage, parts, products, layout, theta, rows, pairs)
            logdet, top = logdet + cluster.logdet, top - cluster.top_update()
        else:
            t = _stage_t(stage, layout, theta)
            a, b = _gather(stage, products, rows, pairs, k)
            c, p, logs = shrink(t, a)
            logdet = logdet + logs.sum(axis=1)
            cb = _multiply(c, b)
            d = b.shape[-1]
            flat_b = np.broadcast_to(b, cb.shape).reshape(k, -1, d)
            top = top - np.swapaxes(flat_b, 1, 2) @ cb.reshape(k, -1, d)
        taken = []
        for link in stage.links:
            if parts is not None:
                update = cluster.taken(products.z[link.factor])
            else:
                left = b[..., products.z[link.factor]]
                update = left[..., 0, :, None] * cb if left.shape[2] == 1 else np.swapaxes(left, -1, -2) @ cb
            taken.append(update)
            total = _segment(update, link.order, link.starts)
            f = link.factor
            if not fresh[f]:
                rows[f] = np.repeat(rows[f], k, axis=0) if len(rows[f]) != k else rows[f].copy()
                fresh[f] = True
            if len(link.targets) == rows[f].shape[1]:
                rows[f] -= total
            else:
                rows[f][:, link.targets] -= total
        for pair in stage.pair_links:
            key = (stage.links[pair.first].factor, stage.links[pair.second].factor)
            if not fresh_pairs[key]:
                pairs[key] = np.repeat(pairs[key], k, axis=0) if len(pairs[key]) != k else pairs[key].copy()
                fresh_pairs[key] = True
            update = taken[pair.first][:, pair.sources][..., products.z[key[1]]]
            pairs[key][:, pair.targets] -= _segment(update, pair.order, pair.starts)
        done.append(cluster if parts is not None else Eliminated(t, a, b, c, p, cb))
    return State(logdet, top, done, rows)


@dataclass
class Bars:
    """Derivatives with respect to the cross-products that a backward pass leaves, if asked.

    `own` holds those with respect to each group's Z'Z alone (k, n_f, q, q): a column of Z that a group shares with the
    groups around it makes one entry of `rows` stand for its Z'Z and for its products with them.
    """

    rows: list[Floats | None]
    pairs: dict[tuple[int, int], Floats]
    own: dict[int, Floats] = field(default_factory=dict)

    def keep_own(self, f: int, n_groups: int, groups: Ints, block: Floats) -> None:
        store = self.own.setdefault(f, np.zeros((len(block), n_groups, *block.shape[2:])))
        store[:, groups] = block


def backward(
    products: Products,
    layout: Layout,
    state: State,
    top_bar: Floats,
    logdet_bar: float = 1.0,
    keep: Bars | None = None,
) -> Floats:
    """Gradient with respect to theta (k, m), given that with respect to the top (k, d, d), symmetric."""
    k = len(top_bar)
    stages = products.structure.stages
    out = np.zeros((k, layout.n_theta))
    rows_bar: list[Floats | None] = [None] * len(products.rows)
    pairs_bar: dict[tuple[int, int], Floats] = {}
    if keep is not None:
        keep.rows, keep.pairs = rows_bar, pairs_bar
    for number in range(len(stages) - 1, -1, -1):
        stage, e = stages[number], state.stages[number]
        t_side = np.swapaxes
        if number == 0 and products.patterns is not None:
            pattern = products.patterns
            u, q = pattern.a.shape[0], pattern.a.shape[-1]
            assert isinstance(e, Eliminated)
            c_bar = pattern.top @ top_bar.reshape(k, -1, 1)
            for link, gain in zip(stage.links, pattern.links, strict=True):
                bar = rows_bar[link.factor]
                assert bar is not None
                c_bar = c_bar + gain @ bar.reshape(k, -1, 1)
            c_bar = -c_bar.reshape(k, u, q, q)
            c_bar = 0.5 * (c_bar + t_side(c_bar, -1, -2))
            counts = pattern.counts[:, :, None, None] * logdet_bar
            t_bar = (2.0 * ((e.a @ e.p) * counts + (c_bar - e.a @ (e.c @ c_bar)) @ e.p)).sum(axis=1)
            layout.templates[stage.slots[0][0]].collect(t_bar, out)
            continue
        if isinstance(e, SplitCluster):
            parts = split_of(stage, products)
            assert parts is not None
            value = around(products, stage, top_bar, rows_bar, pairs_bar)
            bars = backward_split(e, stage, parts, products, layout, value, logdet_bar, out)
            for f, _ in stage.slots:
                _store(rows_bar, f, products, k)
            for block in stage.blocks:
                pairs_bar.setdefault(block.factors, np.zeros((k, *products.pairs[block.factors].shape[1:])))
            scatter_split(bars, stage, parts, {f: _store(rows_bar, f, products, k) for f, _ in stage.slots}, pairs_bar)
            if keep is not None:
                for f, groups, own in own_blocks(bars, stage, parts, products):
                    keep.keep_own(f, products.rows[f].shape[1], groups, own)
            continue
        b, c = e.b, e.c
        d = b.shape[-1]
        kb = b.shape[0]
        y = (b.reshape(kb, -1, d) @ (2.0 * top_bar)).reshape(k, *b.shape[1:])
        lefts = []
        for link in stage.links:
            bar = rows_bar[link.factor]
            assert bar is not None
            bar = bar[:, link.of_source]
            z = products.z[link.factor]
            left = b[..., z]
            lefts.append(left)
            if b.shape[2] == 1:  # element by element: a stack of 1 x q products is slow
                for r, column in enumerate(z):
                    y[:, :, 0] += left[:, :, 0, r, None] * bar[:, :, r]
                    y[:, :, 0, column] += np.einsum(
                        "knd,knd->kn", np.broadcast_to(b[:, :, 0], bar[:, :, r].shape), bar[:, :, r]
                    )
            else:
                y += left @ bar
                y[..., z] += b @ t_side(bar, -1, -2)
        for pair in stage.pair_links:
            first, second = stage.links[pair.first].factor, stage.links[pair.second].factor
            which = np.repeat(pair.targets, np.diff(np.r_[pair.starts, len(pair.sources)]))
            sources = pair.sources if pair.order is None else pair.sources[pair.order]
            bar = pairs_bar[first, second][:, which]
            extra = np.zeros((k, len(sources), *y.shape[2:]))
            extra[..., products.z[second]] += lefts[pair.first][:, sources] @ bar
            extra[..., products.z[first]] += lefts[pair.second][:, sources] @ t_side(bar, -1, -2)
            y[:, sources] += extra
        c_bar = -0.5 * ((y * b).sum(axis=-1)[..., None] if b.shape[2] == 1 else y @ t_side(b, -1, -2))
        b_bar = -_multiply(c, y)
        if b.shape[2] == 1:
            shrink = 1.0 - e.a * c
            a_bar = logdet_bar * c - c * c * c_bar
            t_bar = (2.0 * e.p * (logdet_bar * e.a + shrink * c_bar)).sum(axis=1)
        else:
            c_bar = 0.5 * (c_bar + t_side(c_bar, -1, -2))
            a_bar = logdet_bar * c - c @ c_bar @ c
            t_bar = (2.0 * (logdet_bar * (e.a @ e.p) + (c_bar - e.a @ (c @ c_bar)) @ e.p)).sum(axis=1)
        if stage.is_plain:
            f, groups = stage.slots[0]
            layout.templates[f].collect(t_bar, out)
            b_bar[..., products.z[f]] += a_bar
            if keep is not None:
                keep.keep_own(f, products.rows[f].shape[1], groups, a_bar)
            if len(groups) == products.rows[f].shape[1]:
                rows_bar[f] = b_bar
            else:
                _store(rows_bar, f, products, k)[:, groups] = b_bar
            continue
        offsets = stage_offsets(stage, products)
        for (f, groups), at in zip(stage.slots, offsets, strict=True):
            q = len(products.z[f])
            layout.templates[f].collect(t_bar[:, at : at + q, at : at + q], out)
            part = b_bar[:, :, at : at + q].copy()
            own = a_bar[:, :, at : at + q, at : at + q]
            part[..., products.z[f]] += own
            if keep is not None:
                keep.keep_own(f, products.rows[f].shape[1], groups, own)
            _store(rows_bar, f, products, k)[:, groups] = part
        for block in stage.blocks:
            shape = products.pairs[block.factors].shape[1:]
            store = pairs_bar.setdefault(block.factors, np.zeros((k, *shape)))
            row, col = offsets[block.slot_first], offsets[block.slot_second]
            for i in range(shape[1]):
                for j in range(shape[2]):
                    value = 2.0 * a_bar[:, block.cluster, row + i, col + j]
                    store[:, block.pair, i, j] = value
    return out


def _store(rows_bar: list[Floats | None], f: int, products: Products, k: int) -> Floats:
    store = rows_bar[f]
    if store is None:
        store = rows_bar[f] = np.zeros((k, *products.rows[f].shape[1:]))
    return store


@dataclass(frozen=True)
class Solution:
    """What the top of the elimination says: coefficients (k, p), rss (k,), inverse of X'V^-1X (k, p, p)."""

    beta: Floats
    rss: Floats
    inverse: Floats
    logdet_x: Floats


def solve_top(products: Products, top: Floats) -> Solution:
    """Generalised least squares from S = [X|y]'V^-1[X|y]."""
    x, y = products.x, products.d - 1
    if len(x) == 0:
        k = len(top)
        return Solution(np.zeros((k, 0)), top[:, y, y].copy(), np.zeros((k, 0, 0)), np.zeros(k))
    xx = top[:, x[:, None], x]
    xy = top[:, x, y]
    inverse = np.linalg.inv(xx)
    inverse = 0.5 * (inverse + np.swapaxes(inverse, 1, 2))
    beta = (inverse @ xy[..., None])[..., 0]
    # one step of refinement: the inverse alone loses digits where columns are nearly dependent
    beta = beta + (inverse @ (xy - (xx @ beta[..., None])[..., 0])[..., None])[..., 0]
    rss = top[:, y, y] - (beta * xy).sum(axis=1)
    return Solution(beta, rss, inverse, np.linalg.slogdet(xx)[1])


class Objective:
    """The criterion of a model as a function of theta.

    The criterion is in internal units; `constant` brings it to those of the data.
    """

    def __init__(self, products: Products, layout: Layout, reml: bool, constant: float = 0.0) -> None:
        self.products, self.layout, self.reml, self.constant = products, layout, reml, constant
        self.evaluations = 0

    @property
    def nu(self) -> int:
        """Degrees of freedom of the residual variance: n - p for REML, n for ML."""
        return int(np.max(self.nu_of(self.products)))

    def nu_of(self, products: Products) -> int | Ints:
        """The same for other products, one number or (k,)."""
        return products.n - len(products.x) if self.reml else products.n

    def value(self, theta: Floats, products: Products | None = None) -> Floats:
        """Criterion (k,) for theta (k, m)."""
        products = products or self.products
        state = eliminate(products, self.layout, theta)
        return self._value(state, solve_top(products, state.top), self.nu_of(products))

    def _value(self, state: State, s: Solution, nu: int | Ints) -> Floats:
        out = state.logdet + nu * (1.0 + np.log(2.0 * np.pi * s.rss / nu)) + self.constant
        return out + s.logdet_x if self.reml else out

    def top_bar(self, products: Products, s: Solution, inverse_variance: Floats) -> Floats:
        """Derivative of log|X'V^-1X| (if REML) + rss * inverse_variance with respect to S (k, d, d)."""
        x, d = products.x, products.d
        v = np.zeros((len(s.rss), d))
        v[:, x] = -s.beta
        v[:, d - 1] = 1.0
        bar = inverse_variance[:, None, None] * v[:, :, None] * v[:, None, :]
        if self.reml:
            bar[:, x[:, None], x] += s.inverse
        return bar

    def __call__(self, theta: Floats, products: Products | None = None) -> tuple[Floats, Floats]:
        """Criterion (k,) and gradient (k, m) for theta (k, m)."""
        products = products or self.products
        self.evaluations += len(theta)
        state = eliminate(products, self.layout, theta)
        s = solve_top(products, state.top)
        nu = self.nu_of(products)
        bar = self.top_bar(products, s, nu / s.rss)
        return self._value(state, s, nu), backward(products, self.layout, state, bar)
