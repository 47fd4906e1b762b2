"""M = I + V'WV factored block by block: log-determinant, solutions, and the entries of its inverse that matter.

The finest factor is eliminated group by group; the Schur complement falls into the components of `Blocks`. For the
gradient only v_i' M^-1 v_i and its like are needed: entries of the inverse between effects that share a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..arrays import Floats
from .blocks import Blocks, Effects

#: numbers that an intermediate array of the leverages may hold
CHUNK = 4_000_000


@dataclass(frozen=True)
class Factor:
    """M after elimination: D and its inverse (n_0, q, q), D^-1 E (n_0, q, t), the components' matrices."""

    blocks: Blocks
    d: Floats
    inverse: Floats
    de: Floats
    stacks: list[Floats]

    @cached_property
    def logdet(self) -> float:
        out = float(np.sum(np.linalg.slogdet(self.d)[1]))
        for stack in self.stacks:
            diagonal = np.diagonal(np.linalg.cholesky(stack), axis1=1, axis2=2)
            out += 2.0 * float(np.sum(np.log(diagonal)))
        return out

    def solve(self, r: Effects) -> Effects:
        """M^-1 r."""
        b = self.blocks
        y0 = np.einsum("nab,nb->na", self.inverse, r.finest)
        carried = np.einsum("nat,na->nt", self.de, r.finest)
        rest = r.rest - np.bincount(b.touched.ravel(), carried.ravel(), b.n_slots + 1)
        out = np.zeros(b.n_slots + 1)
        for bucket, stack in zip(b.buckets, self.stacks, strict=True):
            span = slice(bucket.slot, bucket.slot + bucket.count * bucket.size)
            right = rest[span].reshape(bucket.count, bucket.size, 1)
            out[span] = np.linalg.solve(stack, right).ravel()
        return Effects(y0 - np.einsum("nat,nt->na", self.de, out[b.touched]), out)

    @cached_property
    def _touched_inverse(self) -> Floats:
        """Entries of the components' inverses for each finest group's touched columns: (n_0, t, t)."""
        b = self.blocks
        flat = np.zeros(b.n_cells + 1)
        for bucket, stack in zip(b.buckets, self.stacks, strict=True):
            flat[bucket.start : bucket.start + stack.size] = np.linalg.inv(stack).ravel()
        return flat[b.touched_cells]

    def leverages(self, v: tuple[Floats, Floats]) -> tuple[Floats, Floats, Floats]:
        """M^-1 v_i at the row's own columns, (n, q_0) and (n, k), and v_i' M^-1 v_i (n,)."""
        b = self.blocks
        v0, v1 = v
        n = len(v0)
        reduced = -np.einsum("nat,na->nt", self.de[b.codes], v0)
        np.add.at(reduced, (np.arange(n)[:, None], b.place), v1)
        solved = np.empty_like(reduced)
        step = max(1, CHUNK // max(b.t * b.t, 1))
        for at in range(0, n, step):
            part = slice(at, at + step)
            solved[part] = np.einsum("nst,nt->ns", self._touched_inverse[b.codes[part]], reduced[part])
        k0 = np.einsum("nab,nb->na", self.inverse[b.codes], v0) - np.einsum("nat,nt->na", self.de[b.codes], solved)
        k1 = np.take_along_axis(solved, b.place, axis=1)
        return k0, k1, np.sum(v0 * k0, axis=1) + np.sum(v1 * k1, axis=1)

    def covariance(self, factor: int) -> Floats:
        """The block of M^-1 of each group of a factor (n_f, q_f, q_f)."""
        b = self.blocks
        if factor == 0:
            finest: Floats = self.inverse + self.de @ self._touched_inverse @ np.swapaxes(self.de, 1, 2)
            return finest
        out = np.zeros((*b.slots[factor - 1].shape, b.slots[factor - 1].shape[1]))
        for bucket, stack in zip(b.buckets, self.stacks, strict=True):
            inside = (b.slots[factor - 1][:, 0] >= bucket.slot) & (
                b.slots[factor - 1][:, 0] < bucket.slot + bucket.count * bucket.size
            )
            at = b.slots[factor - 1][inside] - bucket.slot
            block, place = at // bucket.size, at % bucket.size
            inside_block = np.linalg.inv(stack)
            out[inside] = inside_block[block[:, :1, None], place[:, :, None], place[:, None, :]]
        return out


def factorise(blocks: Blocks, v: tuple[Floats, Floats], w: Floats) -> Factor:
    """M = I + V'WV, made ready for solving; w (n,) are not negative."""
    v0, v1 = v
    q, n0, t = blocks.q, blocks.n_finest, blocks.t
    d = np.zeros((n0, q, q))
    e = np.zeros((n0, q, t))
    at = blocks.codes[:, None] * t + blocks.place
    for a in range(q):
        wa = w * v0[:, a]
        for b in range(a, q):
            d[:, a, b] = d[:, b, a] = np.bincount(blocks.codes, wa * v0[:, b], n0)
        if t:
            e[:, a] = np.bincount(at.ravel(), (wa[:, None] * v1).ravel(), n0 * t).reshape(n0, t)
    d[:, np.arange(q), np.arange(q)] += 1.0
    inverse = 1.0 / d if q == 1 else np.linalg.inv(d)
    de = inverse @ e
    rows = w[:, None, None] * v1[:, :, None] * v1[:, None, :]
    cells = np.bincount(blocks.row_cells.ravel(), rows.ravel(), blocks.n_cells + 1)
    update = np.swapaxes(e, 1, 2) @ de
    cells -= np.bincount(blocks.touched_cells.ravel(), update.ravel(), blocks.n_cells + 1)
    stacks = []
    for bucket in blocks.buckets:
        stack = cells[bucket.start : bucket.start + bucket.count * bucket.size**2]
        stack = stack.reshape(bucket.count, bucket.size, bucket.size)
        stacks.append(stack + np.eye(bucket.size))
    return Factor(blocks, d, inverse, de, stacks)
