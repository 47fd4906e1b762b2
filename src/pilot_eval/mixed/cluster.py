"""Elimination of a cluster in two steps: its most numerous factor first, then the rest as one dense block.

Groups of one factor share no row, so their part of M is block diagonal. With E their cross-products with the
cluster's other columns, step one takes E'CE and E'CB from those columns' matrices; only these are dense. Two crossed
factors of 500 and 40 groups so cost 500 x 40^2 instead of 540^3. The way back is that of a plain stage with
[B | E] in place of B.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .arrays import Floats, Ints
from .crossprod import Products
from .layout import Layout
from .shrink import shrink
from .structure import Stage

#: clusters of fewer groups are eliminated in one step
SMALL = 8


@dataclass
class SplitCluster:
    """Both steps' pieces: `n` clusters of `m` inner groups of width q, `wide` columns in the rest.

    Inner arrays are (k, n m, q, .), those of the rest (k, n, wide, .).
    """

    m: int
    t0: Floats
    a0: Floats
    b0: Floats
    e0: Floats
    c0: Floats
    p0: Floats
    t1: Floats
    a1: Floats
    b1: Floats
    c1: Floats
    p1: Floats
    logdet: Floats

    def by_cluster(self, values: Floats) -> Floats:
        """(k, n m, q, c) as (k, n, m q, c)."""
        k, nm, q, c = values.shape
        return values.reshape(k, nm // self.m, self.m * q, c)

    def taken(self, z: Ints) -> Floats:
        """What the cluster takes from the rows of a factor outside: (k, n, q_h, d)."""
        b0, cb0 = self.by_cluster(self.b0), self.by_cluster(self.c0 @ self.b0)
        inner = np.swapaxes(b0[..., z], -1, -2) @ cb0
        out: Floats = inner + np.swapaxes(self.b1[..., z], -1, -2) @ (self.c1 @ self.b1)
        return out

    def top_update(self) -> Floats:
        """What the clusters take from the top (k, d, d)."""
        k, d = self.b0.shape[0], self.b0.shape[-1]
        b0, b1 = self.b0.reshape(k, -1, d), self.b1.reshape(k, -1, d)
        out: Floats = np.swapaxes(b0, 1, 2) @ (self.c0 @ self.b0).reshape(k, -1, d)
        out += np.swapaxes(b1, 1, 2) @ (self.c1 @ self.b1).reshape(k, -1, d)
        return out


@dataclass(frozen=True)
class Split:
    """Which slots are inner, and where the others' columns begin among the rest."""

    inner: Ints
    outer: Ints
    begins: Ints
    wide: int


def split_of(stage: Stage, products: Products) -> Split | None:
    """The split of a cluster stage; None where one step is as good."""
    if len(stage.slots) <= SMALL:
        return None
    factors = np.array([f for f, _ in stage.slots])
    counts = {int(f): int((factors == f).sum()) for f in np.unique(factors)}
    chosen = max(counts, key=lambda f: (counts[f] * len(products.z[f]), -f))
    inner, outer = np.flatnonzero(factors == chosen), np.flatnonzero(factors != chosen)
    widths = [len(products.z[int(factors[i])]) for i in outer]
    begins = np.full(len(factors), -1, dtype=np.int64)
    begins[outer] = np.cumsum([0, *widths])[:-1]
    return Split(inner, outer, begins, int(sum(widths)))


def eliminate_split(
    stage: Stage,
    split: Split,
    products: Products,
    layout: Layout,
    theta: Floats,
    rows: list[Floats],
    pairs: dict[tuple[int, int], Floats],
) -> SplitCluster:
    """Both steps for all clusters of a stage, theta (k, m)."""
    k, n, m = len(theta), stage.n_sources, len(split.inner)
    f0 = stage.slots[int(split.inner[0])][0]
    groups = np.stack([stage.slots[int(i)][1] for i in split.inner], axis=1).reshape(-1)
    b0 = np.broadcast_to(rows[f0][:, groups], (k, n * m, *rows[f0].shape[2:]))
    a0 = b0[..., products.z[f0]]
    q = b0.shape[2]
    e0 = np.zeros((k, n * m, q, split.wide))
    a1 = np.zeros((k, n, split.wide, split.wide))
    b1 = np.empty((k, n, split.wide, b0.shape[-1]))
    t1 = np.zeros((k, 1, split.wide, split.wide))
    for i in split.outer:
        f, own = stage.slots[int(i)]
        at, w = int(split.begins[i]), len(products.z[f])
        b1[:, :, at : at + w] = rows[f][:, own]
        a1[:, :, at : at + w, at : at + w] = rows[f][:, own][..., products.z[f]]
        t1[:, 0, at : at + w, at : at + w] = layout.templates[f].matrix(theta)
    rank = np.full(len(stage.slots), -1, dtype=np.int64)
    rank[split.inner] = np.arange(m)
    for block in stage.blocks:
        values = pairs[block.factors][:, block.pair]
        for start, to, swapped, inside in _ends(block.slot_first, block.slot_second, block.cluster, rank, split, m):
            for i in range(values.shape[2]):
                for j in range(values.shape[3]):
                    if inside:
                        row, col = (j, i) if swapped else (i, j)
                        e0[:, start, row, to + col] = values[:, :, i, j]
                    else:
                        a1[:, block.cluster, start + i, to + j] = values[:, :, i, j]
                        a1[:, block.cluster, to + j, start + i] = values[:, :, i, j]
    t0 = layout.templates[f0].matrix(theta)[:, None]
    c0, p0, log0 = shrink(t0, a0)
    ce0 = c0 @ e0
    flat_e = e0.reshape(k, n, m * q, split.wide)
    left = np.swapaxes(flat_e, -1, -2)
    a1 -= left @ ce0.reshape(k, n, m * q, split.wide)
    b1 -= left @ (c0 @ b0).reshape(k, n, m * q, -1)
    c1, p1, log1 = shrink(t1, a1)
    return SplitCluster(m, t0, a0, b0, e0, c0, p0, t1, a1, b1, c1, p1, log0.sum(axis=1) + log1.sum(axis=1))


def _ends(
    first: Ints, second: Ints, cluster: Ints, rank: Ints, split: Split, m: int
) -> list[tuple[Ints, Ints, bool, bool]]:
    """Where the blocks of two factors stand: (rows, columns, transposed, whether in E)."""
    if rank[first[0]] >= 0:
        return [(cluster * m + rank[first], split.begins[second], False, True)]
    if rank[second[0]] >= 0:
        return [(cluster * m + rank[second], split.begins[first], True, True)]
    return [(split.begins[first], split.begins[second], False, False)]


def around(
    products: Products,
    stage: Stage,
    top_bar: Floats,
    rows_bar: list[Floats | None],
    pairs_bar: dict[tuple[int, int], Floats],
) -> Floats:
    """N + N' of each source of a stage: what an update of its is worth, (k, n, d, d)."""
    k, d = top_bar.shape[0], top_bar.shape[-1]
    out = np.repeat(2.0 * top_bar[:, None], stage.n_sources, axis=1).reshape(k, stage.n_sources, d, d)
    for link in stage.links:
        bar = rows_bar[link.factor]
        assert bar is not None
        bar = bar[:, link.of_source]
        for r, column in enumerate(products.z[link.factor]):
            out[:, :, column, :] += bar[:, :, r]
            out[:, :, :, column] += bar[:, :, r]
    for pair in stage.pair_links:
        first, second = stage.links[pair.first].factor, stage.links[pair.second].factor
        which = np.repeat(pair.targets, np.diff(np.r_[pair.starts, len(pair.sources)]))
        sources = pair.sources if pair.order is None else pair.sources[pair.order]
        bar = pairs_bar[first, second][:, which]
        for i, row in enumerate(products.z[first]):
            for j, column in enumerate(products.z[second]):
                out[:, sources, row, column] += bar[:, :, i, j]
                out[:, sources, column, row] += bar[:, :, i, j]
    return out


@dataclass
class SplitBars:
    """Derivatives with respect to a split cluster's inputs."""

    b0: Floats
    e0: Floats
    b1: Floats
    a0: Floats
    a1: Floats


def backward_split(
    e: SplitCluster,
    stage: Stage,
    split: Split,
    products: Products,
    layout: Layout,
    around: Floats,
    ld: float,
    out: Floats,
) -> SplitBars:
    """The way back; `around` (k, n, d, d) is N + N' of each cluster, theta's gradient is added to `out`."""

    def side(v: Floats) -> Floats:
        return np.swapaxes(v, -1, -2)

    y1 = e.b1 @ around
    c1_bar = y1 @ side(e.b1)
    c1_bar = -0.25 * (c1_bar + side(c1_bar))
    b1_bar = -e.c1 @ y1
    a1_bar = ld * e.c1 - e.c1 @ c1_bar @ e.c1
    t1_bar = (2.0 * (ld * (e.a1 @ e.p1) + (c1_bar - e.a1 @ (e.c1 @ c1_bar)) @ e.p1)).sum(axis=1)
    for i in split.outer:
        f = stage.slots[int(i)][0]
        at, w = int(split.begins[i]), len(products.z[f])
        layout.templates[f].collect(t1_bar[:, at : at + w, at : at + w], out)
    shape = e.b0.shape
    b0, e0 = e.by_cluster(e.b0), e.by_cluster(e.e0)
    y_d = (b0 @ around + e0 @ b1_bar).reshape(shape)
    y_e = (b0 @ side(b1_bar) + 2.0 * (e0 @ a1_bar)).reshape(e.e0.shape)
    c0_bar = y_d @ side(e.b0) + y_e @ side(e.e0)
    c0_bar = -0.25 * (c0_bar + side(c0_bar))
    a0_bar = ld * e.c0 - e.c0 @ c0_bar @ e.c0
    t0_bar = (2.0 * (ld * (e.a0 @ e.p0) + (c0_bar - e.a0 @ (e.c0 @ c0_bar)) @ e.p0)).sum(axis=1)
    f0 = stage.slots[int(split.inner[0])][0]
    layout.templates[f0].collect(t0_bar, out)
    b0_bar = -e.c0 @ y_d
    b0_bar[..., products.z[f0]] += a0_bar
    for i in split.outer:
        f = stage.slots[int(i)][0]
        at, w = int(split.begins[i]), len(products.z[f])
        b1_bar[:, :, at : at + w, products.z[f]] += a1_bar[:, :, at : at + w, at : at + w]
    return SplitBars(b0_bar, -e.c0 @ y_e, b1_bar, a0_bar, a1_bar)


def own_blocks(bars: SplitBars, stage: Stage, split: Split, products: Products) -> Iterator[tuple[int, Ints, Floats]]:
    """Factor, groups and derivatives with respect to each group's own Z'Z."""
    yield stage.slots[int(split.inner[0])][0], _inner_groups(stage, split), bars.a0
    for i in split.outer:
        f, groups = stage.slots[int(i)]
        at, w = int(split.begins[i]), len(products.z[f])
        yield f, groups, bars.a1[:, :, at : at + w, at : at + w]


def _inner_groups(stage: Stage, split: Split) -> Ints:
    return np.stack([stage.slots[int(i)][1] for i in split.inner], axis=1).reshape(-1)


def scatter_split(
    bars: SplitBars, stage: Stage, split: Split, rows: dict[int, Floats], pairs: dict[tuple[int, int], Floats]
) -> None:
    """Put a split cluster's derivatives where its inputs came from."""
    m = len(split.inner)
    f0 = stage.slots[int(split.inner[0])][0]
    rows[f0][:, _inner_groups(stage, split)] = bars.b0
    for i in split.outer:
        f, own = stage.slots[int(i)]
        at = int(split.begins[i])
        rows[f][:, own] = bars.b1[:, :, at : at + rows[f].shape[2]]
    rank = np.full(len(stage.slots), -1, dtype=np.int64)
    rank[split.inner] = np.arange(m)
    for block in stage.blocks:
        store = pairs[block.factors]
        for start, to, swapped, inside in _ends(block.slot_first, block.slot_second, block.cluster, rank, split, m):
            for i in range(store.shape[2]):
                for j in range(store.shape[3]):
                    if inside:
                        row, col = (j, i) if swapped else (i, j)
                        store[:, block.pair, i, j] = bars.e0[:, start, row, to + col]
                    else:
                        store[:, block.pair, i, j] = 2.0 * bars.a1[:, block.cluster, start + i, to + j]
