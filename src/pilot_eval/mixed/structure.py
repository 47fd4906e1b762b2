"""Finds the order in which random effects can be eliminated without fill-in.

A group that lies in exactly one group of every later factor is eliminated by itself: its update only meets
columns that its rows already share. Groups for which that is not so (someone who moved between schools, two
crossed factors) are joined into clusters, the smallest sets that lie in exactly one group of every factor
outside them. So nested data cost what nested data should, a few movers cost a few small dense blocks, and
fully crossed data become one dense block.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import Ints


@dataclass(frozen=True)
class Link:
    """Where the update of a stage's sources goes in a later factor: sources sorted by target.

    `order` sorts the sources (None: sorted already), `starts` begins each run, `targets` are the groups hit.
    """

    factor: int
    of_source: Ints
    order: Ints | None
    starts: Ints
    targets: Ints


@dataclass(frozen=True)
class PairLink:
    """Update of a cluster's off-diagonal block: sources that touch both groups of a pair."""

    first: int
    second: int
    sources: Ints
    order: Ints | None
    starts: Ints
    targets: Ints


@dataclass(frozen=True)
class Block:
    """Off-diagonal blocks of clusters: pair index, cluster, and the slots of the two factors' groups."""

    factors: tuple[int, int]
    pair: Ints
    cluster: Ints
    slot_first: Ints
    slot_second: Ints


@dataclass(frozen=True)
class Stage:
    """Sources of one shape that are eliminated together.

    `slots` lists (factor, group of each source): one slot for plain groups, several for clusters.
    `blocks` say where the off-diagonal blocks stand in the clusters' matrices.
    """

    slots: tuple[tuple[int, Ints], ...]
    links: tuple[Link, ...]
    pair_links: tuple[PairLink, ...] = ()
    blocks: tuple[Block, ...] = ()

    @property
    def n_sources(self) -> int:
        return len(self.slots[0][1])

    @property
    def is_plain(self) -> bool:
        return len(self.slots) == 1


@dataclass(frozen=True)
class Structure:
    """Factors from fine to coarse, their codes renumbered so that children lie together, and the stages.

    `codes[f]` (n,) are the renumbered group codes, `labels_of[f]` the original code of each renumbered group,
    `pair_rows[(f, h)]` the (group of f, group of h) of each off-diagonal block between clustered groups.
    """

    order: list[int]
    n_groups: list[int]
    codes: list[Ints]
    original: list[Ints]
    stages: tuple[Stage, ...]
    pair_rows: dict[tuple[int, int], Ints]
    nested: bool


def _runs(targets: Ints) -> tuple[Ints | None, Ints, Ints]:
    order = None
    if len(targets) > 1 and (np.diff(targets) < 0).any():
        order = np.argsort(targets, kind="stable")
        targets = targets[order]
    starts = np.flatnonzero(np.r_[True, np.diff(targets) != 0]) if len(targets) else np.zeros(0, np.int64)
    return order, starts.astype(np.int64), targets[starts]


def _first_rows(codes: Ints, n_groups: int) -> Ints:
    first = np.empty(n_groups, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return first


def _components(codes: list[Ints], sizes: list[int], base: Ints) -> Ints:
    """Cluster label of each (factor, group) node: joined until each cluster has one group of every factor outside."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    total = int(base[-1])
    label = np.arange(total, dtype=np.int64)
    while True:
        joined: list[Ints] = []
        for f in range(len(codes)):
            unit = label[base[f] + codes[f]]
            for h in range(f + 1, len(codes)):
                node = base[h] + codes[h]
                first = np.full(total, -1, dtype=np.int64)
                first[unit[::-1]] = node[::-1]
                # a unit that meets more than one group of a later factor is joined with all of them
                torn = np.zeros(total, dtype=bool)
                torn[unit[first[unit] != node]] = True
                hit = torn[unit] & (label[node] != unit)
                if hit.any():
                    joined.append(np.unique(np.stack([unit[hit], label[node[hit]]], axis=1), axis=0))
        if not joined:
            return label
        edges = np.concatenate(joined)
        graph = coo_array((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(total, total))
        label = connected_components(graph, directed=False)[1].astype(np.int64)[label]
        # representative: the first node of each cluster, so that labels stay node numbers
        label = _first_rows(label, int(label.max()) + 1)[label]


def analyse(codes_in: list[Ints], n_groups_in: list[int]) -> Structure:
    """Order the grouping factors and find the stages of the elimination.

    Parameters
    ----------
    codes_in
        One array (n,) of group codes per factor.
    n_groups_in
        Number of groups of each factor; every code occurs.
    """
    order = sorted(range(len(codes_in)), key=lambda f: -n_groups_in[f])
    codes = [codes_in[f] for f in order]
    sizes = [n_groups_in[f] for f in order]
    original: list[Ints] = [np.arange(s, dtype=np.int64) for s in sizes]
    nested = True
    for f in range(len(codes) - 1, -1, -1):  # coarse to fine: children of one parent lie together
        if f + 1 < len(codes):
            up = codes[f + 1][_first_rows(codes[f], sizes[f])]
            nested &= bool(np.array_equal(up[codes[f]], codes[f + 1]))
            original[f] = np.argsort(up, kind="stable").astype(np.int64)
            rank = np.empty(sizes[f], dtype=np.int64)
            rank[original[f]] = np.arange(sizes[f])
            codes[f] = rank[codes[f]]
    if nested:
        stages = _nested_stages(codes, sizes)
        return Structure(order, sizes, codes, original, stages, {}, True)
    return _clustered(order, sizes, codes, original)


def _nested_stages(codes: list[Ints], sizes: list[int]) -> tuple[Stage, ...]:
    stages = []
    for f in range(len(codes)):
        first = _first_rows(codes[f], sizes[f])
        links = [Link(h, codes[h][first], *_runs(codes[h][first])) for h in range(f + 1, len(codes))]
        stages.append(Stage(((f, np.arange(sizes[f], dtype=np.int64)),), tuple(links)))
    return tuple(stages)


def _clustered(order: list[int], sizes: list[int], codes: list[Ints], original: list[Ints]) -> Structure:
    base = np.cumsum([0, *sizes]).astype(np.int64)
    label = _components(codes, sizes, base)
    factor_of = np.repeat(np.arange(len(sizes)), sizes)
    count = np.bincount(label, minlength=int(base[-1]))
    clustered = count[label] > 1
    # off-diagonal blocks: pairs of groups of one cluster that share rows, sorted by key
    pair_rows: dict[tuple[int, int], Ints] = {}
    for f in range(len(sizes)):
        for h in range(f + 1, len(sizes)):
            same = label[base[f] + codes[f]] == label[base[h] + codes[h]]
            if same.any():
                keys = np.unique(codes[f][same] * sizes[h] + codes[h][same])
                pair_rows[f, h] = np.stack([keys // sizes[h], keys % sizes[h]], axis=1)
    plans: list[tuple[int, int, list[tuple[int, Ints]]]] = []
    for f in range(len(sizes)):
        plain = np.flatnonzero(~clustered[base[f] : base[f + 1]])
        if len(plain):
            plans.append((f, 0, [(f, plain)]))
    shapes: dict[tuple[int, ...], list[Ints]] = {}
    nodes = np.flatnonzero(clustered)
    nodes = nodes[np.argsort(label[nodes], kind="stable")]
    for members in np.split(nodes, np.flatnonzero(np.diff(label[nodes])) + 1) if len(nodes) else []:
        shapes.setdefault(tuple(int(v) for v in factor_of[members]), []).append(members)
    for shape, clusters in shapes.items():
        stack = np.stack(clusters)
        plans.append((max(shape), 1, [(f, stack[:, i] - base[f]) for i, f in enumerate(shape)]))
    plans.sort(key=lambda plan: (plan[0], plan[1]))
    firsts = [_first_rows(codes[f], sizes[f]) for f in range(len(sizes))]
    stages = tuple(_stage(slots, codes, sizes, firsts, pair_rows) for _, _, slots in plans)
    return Structure(order, sizes, codes, original, stages, pair_rows, False)


def _pair_of(first: Ints, second: Ints, pairs: Ints, size: int) -> Ints:
    """Index of the pair (first, second) among `pairs`, -1 where it is none."""
    keys = pairs[:, 0] * size + pairs[:, 1]
    wanted = first * size + second
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, at, -1)


def _stage(
    slots: list[tuple[int, Ints]],
    codes: list[Ints],
    sizes: list[int],
    firsts: list[Ints],
    pair_rows: dict[tuple[int, int], Ints],
) -> Stage:
    inside = {f for f, _ in slots}
    # the first row of a source's finest group shows the groups around the source
    finest, groups = min(slots, key=lambda s: s[0])
    rows = firsts[finest][groups]
    links = tuple(
        Link(h, codes[h][rows], *_runs(codes[h][rows])) for h in range(finest + 1, len(sizes)) if h not in inside
    )
    pair_links = []
    for i, first in enumerate(links):
        for j in range(i + 1, len(links)):
            key = (first.factor, links[j].factor)
            if key in pair_rows:
                target = _pair_of(first.of_source, links[j].of_source, pair_rows[key], sizes[key[1]])
                sources = np.flatnonzero(target >= 0)
                if len(sources):
                    pair_links.append(PairLink(i, j, sources, *_runs(target[sources])))
    blocks = []
    if len(slots) > 1:
        for (f, h), pairs in pair_rows.items():
            if f in inside and h in inside:
                at_f, at_h = _places(slots, f, sizes[f])[pairs[:, 0]], _places(slots, h, sizes[h])[pairs[:, 1]]
                mine = np.flatnonzero((at_f[:, 0] >= 0) & (at_f[:, 0] == at_h[:, 0]))
                if len(mine):
                    blocks.append(Block((f, h), mine, at_f[mine, 0], at_f[mine, 1], at_h[mine, 1]))
    return Stage(tuple(slots), links, tuple(pair_links), tuple(blocks))


def _places(slots: list[tuple[int, Ints]], factor: int, size: int) -> Ints:
    """(cluster, slot) of each group of a factor, -1 for groups that are not in these clusters."""
    places = np.full((size, 2), -1, dtype=np.int64)
    for slot, (f, groups) in enumerate(slots):
        if f == factor:
            places[groups, 0] = np.arange(len(groups))
            places[groups, 1] = slot
    return places
