"""The linear algebra of u: M = I + V'WV, factored by eliminating the finest factor and what remains by components.

Row i of V has one entry per random column: v = T'z of each factor, at the columns of the row's own groups. Groups of
the finest factor never share a row, so their part of M is block diagonal and goes first. The columns that remain
(schools and areas, crossed factors, ...) fall into components that no finest group connects: small dense blocks in
nested data, one dense block in crossed data. Blocks are padded with the identity to a few sizes and stacked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Floats, Ints


@dataclass(frozen=True)
class Effects:
    """A vector over all random effects: `finest` (n_0, q_0), `rest` (n_slots + 1,), whose last entry is idle."""

    finest: Floats
    rest: Floats

    def dot(self, other: Effects) -> float:
        return float(np.sum(self.finest * other.finest) + self.rest @ other.rest)

    def plus(self, scale: float, other: Effects) -> Effects:
        return Effects(self.finest + scale * other.finest, self.rest + scale * other.rest)


@dataclass(frozen=True)
class Bucket:
    """`count` components of padded size `size`: their matrices from `start` on, their slots from `slot` on."""

    start: int
    slot: int
    count: int
    size: int


class Blocks:
    """Where every entry of M stands, found once.

    Parameters
    ----------
    codes
        Group codes (n,) of each factor, the factor with most groups first.
    n_groups, widths
        Number of groups and of random columns of each factor.
    """

    def __init__(self, codes: list[Ints], n_groups: list[int], widths: list[int]) -> None:
        n = len(codes[0])
        self.codes, self.n_finest, self.q = codes[0], n_groups[0], widths[0]
        base = np.cumsum([0, *(g * q for g, q in zip(n_groups[1:], widths[1:], strict=True))]).astype(np.int64)
        parts = [
            base[f] + codes[f + 1][:, None] * widths[f + 1] + np.arange(widths[f + 1]) for f in range(len(codes) - 1)
        ]
        columns = np.concatenate(parts, axis=1) if parts else np.zeros((n, 0), dtype=np.int64)
        slot, within, size, start = self._components(columns, int(base[-1]))
        self.columns = np.append(slot, self.n_slots)[columns]
        # slots of each factor's effects (n_f, q_f)
        self.slots = [
            slot[base[f] : base[f + 1]].reshape(n_groups[f + 1], widths[f + 1]) for f in range(len(codes) - 1)
        ]
        # columns that each finest group touches (n_0, t), and each row's place among them (n, k)
        pairs, place = np.unique(self.codes[:, None] * (self.n_slots + 1) + self.columns, return_inverse=True)
        owner = pairs // (self.n_slots + 1)
        first = np.searchsorted(owner, np.arange(self.n_finest))
        rank = np.arange(len(pairs)) - first[owner]
        self.t = int(rank.max(initial=-1)) + 1
        self.touched = np.full((self.n_finest, self.t), self.n_slots, dtype=np.int64)
        self.touched[owner, rank] = pairs % (self.n_slots + 1)
        self.place = rank[place.reshape(columns.shape)]
        # where the products of two columns go in the flat store of all components; the last cell is idle
        back = np.full(self.n_slots + 1, -1, dtype=np.int64)
        back[slot] = np.arange(len(slot))
        self.row_cells = self._cells(columns, columns, within, size, start)
        origin = back[self.touched]
        cells = self._cells(origin, origin, within, size, start)
        idle = (origin[:, :, None] < 0) | (origin[:, None, :] < 0)
        self.touched_cells = np.where(idle, self.n_cells, cells)

    def _components(self, columns: Ints, total: int) -> tuple[Ints, Ints, Ints, Ints]:
        """For each remaining column its slot, its place in its component, that block's size and start."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        self.buckets: list[Bucket] = []
        self.n_slots = self.n_cells = 0
        empty = np.zeros(0, dtype=np.int64)
        if not total:
            return empty, empty, empty, empty
        left = np.repeat(self.codes, columns.shape[1]) + total
        shape = (total + self.n_finest,) * 2
        graph = coo_array((np.ones(columns.size), (left, columns.ravel())), shape=shape)
        found = connected_components(graph, directed=False)[1][:total]
        label = np.unique(found, return_inverse=True)[1].astype(np.int64)
        count = np.bincount(label)
        order = np.argsort(label, kind="stable")
        within = np.empty(total, dtype=np.int64)
        within[order] = np.arange(total) - np.r_[0, np.cumsum(count)[:-1]][label[order]]
        # sizes in steps of a quarter of an octave: few stacks, little padding
        padded = np.ceil(2.0 ** (np.ceil(4.0 * np.log2(count)) / 4.0) - 1e-9).astype(np.int64)
        slot_of, start_of = np.empty(len(count), dtype=np.int64), np.empty(len(count), dtype=np.int64)
        for size in np.unique(padded):
            members = np.flatnonzero(padded == size)
            slot_of[members] = self.n_slots + size * np.arange(len(members))
            start_of[members] = self.n_cells + size * size * np.arange(len(members))
            self.buckets.append(Bucket(self.n_cells, self.n_slots, len(members), int(size)))
            self.n_slots += int(size) * len(members)
            self.n_cells += int(size) ** 2 * len(members)
        return slot_of[label] + within, within, padded[label], start_of[label]

    @staticmethod
    def _cells(left: Ints, right: Ints, within: Ints, size: Ints, start: Ints) -> Ints:
        a, b = left[:, :, None], right[:, None, :]
        if not len(within):
            return np.zeros((len(left), left.shape[1], right.shape[1]), dtype=np.int64)
        out: Ints = start[a] + within[a] * size[a] + within[b]
        return out

    # --- V times a vector, and back --------------------------------------------------------------------------

    def zeros(self) -> Effects:
        return Effects(np.zeros((self.n_finest, self.q)), np.zeros(self.n_slots + 1))

    def own(self, u: Effects) -> tuple[Floats, Floats]:
        """The effects of each row's own groups: (n, q_0) and (n, k)."""
        return u.finest[self.codes], u.rest[self.columns]

    def times(self, v: tuple[Floats, Floats], u: Effects) -> Floats:
        """V u, (n,)."""
        finest, rest = self.own(u)
        out: Floats = np.sum(v[0] * finest, axis=1) + np.sum(v[1] * rest, axis=1)
        return out

    def transpose(self, v: tuple[Floats, Floats], r: Floats) -> Effects:
        """V'r."""
        finest = np.column_stack([np.bincount(self.codes, v[0][:, a] * r, self.n_finest) for a in range(self.q)])
        return Effects(finest, np.bincount(self.columns.ravel(), (v[1] * r[:, None]).ravel(), self.n_slots + 1))
