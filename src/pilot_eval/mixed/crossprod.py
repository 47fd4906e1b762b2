"""Cross-products by group, made once: after this a deviance costs nothing per row.

D = [distinct columns of Z and X | y], every row times the square root of its weight. For each factor f the rows
Z_f'D of each group are kept, and D'D. Where the finest groups have few distinct Z'Z (everyone answered once or
twice), their update is linear in as many small matrices and is summed in advance ("patterns").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .arrays import Floats, Ints
from .structure import Structure


@dataclass(frozen=True)
class Patterns:
    """Pre-summed update of the finest factor: one q x q block `a` per pattern, `counts` (k, u) groups each.

    `links[i]` (k, u q q, n q_f d) is what one unit of the pattern's C takes from the i-th parent's rows,
    `top` (k, u q q, d d) what it takes from D'D.
    """

    a: Floats
    counts: Floats
    links: tuple[Floats, ...]
    top: Floats


@dataclass(frozen=True)
class Products:
    """Everything a deviance needs. The leading axis k is 1, or the number of responses that share X and Z.

    `rows[f]` (k, n_f, q_f, d), `pairs` (k, n_pairs, q_f, q_h), `top` (k, d, d), `n` rows, one number or (k,).
    """

    structure: Structure
    z: list[Ints]
    x: Ints
    rows: list[Floats]
    pairs: dict[tuple[int, int], Floats]
    top: Floats
    patterns: Patterns | None
    n: int | Ints

    @property
    def d(self) -> int:
        return int(self.top.shape[-1])

    def take(self, k: Ints) -> Products:
        """The products of some of the responses."""
        if len(self.top) == 1:
            return self
        n = self.n[k] if isinstance(self.n, np.ndarray) else self.n
        pairs = {key: v[k] if len(v) > 1 else v for key, v in self.pairs.items()}
        p = self.patterns
        if p is not None:
            counts = p.counts[k] if len(p.counts) > 1 else p.counts
            p = Patterns(p.a, counts, tuple(g[k] for g in p.links), p.top[k])
        rows = [r[k] if len(r) > 1 else r for r in self.rows]
        return Products(self.structure, self.z, self.x, rows, pairs, self.top[k], p, n)


def batch_width(products: Products) -> int:
    """How many members of a batch are evaluated at once: as many as keep the larger arrays in the cache.

    It depends on the model alone, so that results do not depend on who computes what.
    """
    return int(np.clip(60_000 // max(1, _size(products)), 4, 64))


def batch_reserve(products: Products) -> int:
    """How many members of a batch are held, those that wait for their turn included: as many as take some 32 MB."""
    width = batch_width(products)
    return width * int(np.clip(4_000_000 // max(1, _size(products) * width), 1, 1024 // width))


def _size(products: Products) -> int:
    """Numbers that an evaluation makes anew for each member."""
    first = 1 if products.patterns is not None else 0
    return int(sum(r.shape[1] * r.shape[2] for r in products.rows[first:])) * products.d


#: Up to so many products are summed column by column.
SMALL = 6_000


def group_sums(codes: Ints, size: int, left: Floats, right: Floats) -> Floats:
    """Sum over each group's rows of left[i] * right[i, :]: shape (size, c); one pass, no sorting."""
    n = len(codes)
    if 0 < n * right.shape[1] <= SMALL:
        # the same sums in the same order: to make a sparse matrix costs more than the sums themselves
        return np.stack([np.bincount(codes, left * column, size) for column in right.T], axis=1)
    from scipy.sparse import csc_array

    index = np.int32 if max(n, size) < 2**31 - 1 else np.int64
    ends: Ints = np.arange(n + 1, dtype=index)
    parts: Any = (left, codes.astype(index), ends)
    picker = csc_array(parts, shape=(size, n))
    return np.asarray(picker @ right)


class CrossProducts:
    """The part that depends on X and Z alone, and the way to join responses to it.

    Parameters
    ----------
    structure
        Order of elimination.
    columns
        Distinct columns of Z and X, weighted, shape (n, d - 1).
    z, x
        Positions of each factor's columns and of X's columns among them.
    """

    def __init__(self, structure: Structure, columns: Floats, z: list[Ints], x: Ints) -> None:
        self.structure, self.columns, self.z, self.x = structure, columns, z, x
        self.rows = [self._rows(f, columns) for f in range(len(z))]
        self.top = columns.T @ columns
        self.pairs = {}
        for (f, h), pairs in structure.pair_rows.items():
            size = structure.n_groups[h]
            keys = pairs[:, 0] * size + pairs[:, 1]
            wanted = structure.codes[f] * size + structure.codes[h]
            at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
            hit = np.flatnonzero(keys[at] == wanted)
            block = np.empty((len(pairs), len(z[f]), len(z[h])))
            for a, column in enumerate(z[f]):
                block[:, a, :] = group_sums(at[hit], len(pairs), columns[hit, column], columns[np.ix_(hit, z[h])])
            self.pairs[f, h] = block[None]
        self.pattern = self._find_patterns()

    def _rows(self, f: int, right: Floats) -> Floats:
        """Z_f' right by group: (n_f, q_f, c)."""
        out = np.empty((self.structure.n_groups[f], len(self.z[f]), right.shape[1]))
        for a, column in enumerate(self.z[f]):
            left = np.ascontiguousarray(self.columns[:, column])
            out[:, a, :] = group_sums(self.structure.codes[f], self.structure.n_groups[f], left, right)
        return out

    def _find_patterns(self) -> tuple[Floats, Ints, Ints] | None:
        """Distinct Z'Z of the finest factor, the groups' pattern, counts; None where it would not save work."""
        stage = self.structure.stages[0]
        n, q = self.structure.n_groups[0], len(self.z[0])
        if not stage.is_plain or stage.n_sources != n or q > 3:
            return None
        a = self.rows[0][:, :, self.z[0]].reshape(n, q * q)
        scale = np.abs(a).max(axis=0)
        scale[scale == 0] = 1.0
        rounded = np.round(a / scale, 12)
        width = sum(self.structure.n_groups[link.factor] for link in stage.links)
        limit = max(1, min(64, 4 * n // max(1, width))) / (q * q)
        if q == 1:
            _, first, index, counts = np.unique(
                rounded[:, 0], return_index=True, return_inverse=True, return_counts=True
            )
        else:
            if len(np.unique(rounded[: 20 * int(limit + 1)], axis=0)) > limit:
                return None
            _, first, index, counts = np.unique(
                rounded, axis=0, return_index=True, return_inverse=True, return_counts=True
            )
        if len(first) > limit:
            return None
        return a[first].reshape(-1, q, q), index.reshape(-1).astype(np.int64), counts

    def _pattern_link(self, factor: int, parent: Ints, b: Floats) -> Floats:
        """(u q q, n q_f c): sums over groups of one pattern and parent of B[a, z_f]' B[b, :]."""
        assert self.pattern is not None
        a_of, index, counts = self.pattern
        u, q, n = len(counts), a_of.shape[1], self.structure.n_groups[factor]
        z = self.z[factor]
        out = np.empty((u, q, q, n, len(z), b.shape[-1]))
        code = index * n + parent
        for i in range(q):
            for r, column in enumerate(z):
                left = np.ascontiguousarray(self.rows[0][:, i, column])
                for j in range(q):
                    out[:, i, j, :, r] = group_sums(code, u * n, left, b[:, j]).reshape(u, n, -1)
        return out.reshape(u * q * q, n * len(z), -1)

    def with_responses(self, y: Floats, with_finest: bool = True) -> Products:
        """Join responses: y of shape (n, k), weighted as the columns are.

        With ``with_finest=False`` the finest factor's rows keep no y column where patterns stand for them
        (they are needed for conditional modes only).
        """
        k, dx = y.shape[1], self.columns.shape[1]
        rows = []
        y_rows: list[Floats] = []
        for f, shared in enumerate(self.rows):
            if f == 0 and self.pattern is not None and not with_finest:
                y_rows.append(self._rows(f, y))
                rows.append(shared[None])
                continue
            y_rows.append(self._rows(f, y))
            rows.append(_join(shared, y_rows[-1]))
        cross = self.columns.T @ y
        top = np.empty((k, dx + 1, dx + 1))
        top[:, :dx, :dx] = self.top
        top[:, :dx, dx] = top[:, dx, :dx] = cross.T
        top[:, dx, dx] = np.einsum("ik,ik->k", y, y)
        patterns = None
        if self.pattern is not None:
            patterns = self._patterns(y_rows[0], k)
        return Products(self.structure, self.z, self.x, rows, self.pairs, top, patterns, len(y))

    def _patterns(self, y_rows: Floats, k: int) -> Patterns:
        assert self.pattern is not None
        a, index, counts = self.pattern
        u, q, dx = len(counts), a.shape[1], self.columns.shape[1]
        if not hasattr(self, "_shared_patterns"):
            links = [
                self._pattern_link(link.factor, link.of_source, self.rows[0]) for link in self.structure.stages[0].links
            ]
            members = [np.flatnonzero(index == p) for p in range(u)]
            self._shared_patterns = links, members
        links, members = self._shared_patterns
        joined = []
        for link, shared in zip(self.structure.stages[0].links, links, strict=True):
            own = self._pattern_link(link.factor, link.of_source, y_rows)
            joined.append(_join(shared, own).reshape(k, shared.shape[0], -1))
        top = np.empty((k, u, q, q, dx + 1, dx + 1))
        for p, member in enumerate(members):
            b, by = self.rows[0][member], y_rows[member]
            for i in range(q):
                for j in range(q):
                    top[:, p, i, j, :dx, :dx] = b[:, i].T @ b[:, j]
                    top[:, p, i, j, :dx, dx] = (b[:, i].T @ by[:, j]).T
                    top[:, p, i, j, dx, :dx] = (b[:, j].T @ by[:, i]).T
                    top[:, p, i, j, dx, dx] = np.einsum("nk,nk->k", by[:, i], by[:, j])
        top = top.reshape(k, u * q * q, (dx + 1) ** 2)
        return Patterns(a, counts.astype(float)[None], tuple(joined), top)


def _join(shared: Floats, own: Floats) -> Floats:
    """(a, b, dx) and (a, b, k) as (k, a, b, dx + 1)."""
    k, dx = own.shape[-1], shared.shape[-1]
    out = np.empty((k, *shared.shape[:-1], dx + 1))
    out[..., :dx] = shared
    out[..., dx] = np.moveaxis(own, -1, 0)
    return out
