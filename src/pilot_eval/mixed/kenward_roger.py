"""Kenward-Roger adjusted covariance, degrees of freedom and F (Kenward & Roger 1997, Biometrics 53, 983-997).

The parameters are the variances and covariances themselves, so V is linear in them and the term with second
derivatives vanishes. Only Z'V^-1 Z and Z'V^-1 X are needed, block by block of the coarsest group:
with K = Z'V^-1 Z,  tr(V^-1 V_r V^-1 V_s) for V_r = Z_a Z_b' is a sum of products of entries of K, and what
involves the residual follows from V = sigma^2 W^-1 + sum_r phi_r V_r. The scaling of F is pbkrtest's
(Halekoh & Hojsgaard 2014, J. Stat. Softw. 59(9)).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from .arrays import Floats, Ints
from .problem import Problem


@dataclass(frozen=True)
class KenwardRoger:
    """Unadjusted and adjusted covariance (p, p), P_r (r, p, p), and W = 2 I_E^-1 (r, r), internal coefficients."""

    vcov: Floats
    adjusted: Floats
    p: Floats
    w: Floats


@dataclass(frozen=True)
class _Parameter:
    """One (co)variance: V_r = sum_g z_a z_b' (+ transpose); `value` in internal units."""

    factor: int
    a: int
    b: int
    value: float


def _parameters(problem: Problem, theta: Floats, sigma2: float) -> list[_Parameter]:
    out = []
    for f, (template, t) in enumerate(zip(problem.layout.templates, problem.t_internal(theta), strict=True)):
        cov = sigma2 * t @ t.T
        for a, b in zip(template.rows, template.cols, strict=True):
            out.append(_Parameter(f, int(a), int(b), float(cov[a, b])))
    return out


def block_labels(problem: Problem) -> Ints:
    """Blocks of rows that share no group: the coarsest factor's groups, or connected components."""
    structure = problem.structure
    if structure.nested:
        return structure.codes[-1]
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    base = np.cumsum([0, *structure.n_groups])
    ends = [base[f] + structure.codes[f] for f in range(len(structure.codes))]
    rows = np.concatenate([ends[0]] * (len(ends) - 1))
    cols = np.concatenate(ends[1:])
    graph = coo_array((np.ones(len(rows)), (rows, cols)), shape=(base[-1], base[-1]))
    labels = connected_components(graph, directed=False)[1].astype(np.int64)
    out: Ints = labels[ends[0]]
    return out


def largest_block(problem: Problem) -> int:
    """Rows of the largest block."""
    return int(np.bincount(block_labels(problem)).max())


def kenward_roger(problem: Problem, theta: Floats, sigma2: float) -> KenwardRoger:
    """Adjusted covariance and what the degrees of freedom need, at theta (m,) and internal sigma^2 of a REML fit."""
    parameters = _parameters(problem, theta, sigma2)
    n_par = len(parameters) + 1
    p = len(problem.scaled.x)
    t_of = problem.t_internal(theta)
    blocks = [_at_theta(design, t_of, sigma2) for design in problem.design_blocks]
    info = np.zeros((n_par, n_par))  # tr(V^-1 V_r V^-1 V_s)
    ps = np.zeros((n_par, p, p))  # X'V^-1 V_r V^-1 X
    qs = np.zeros((n_par, n_par, p, p))  # X'V^-1 V_r V^-1 V_s V^-1 X
    trace = np.zeros(n_par)  # tr(V^-1 V_r)
    xvx = np.zeros((p, p))
    for block in blocks:
        xvx += block.xvx.sum(axis=0)
        _accumulate(parameters, block, trace, info, ps, qs)
    for r, s in combinations(range(n_par - 1), 2):
        info[s, r], qs[s, r] = info[r, s], qs[r, s].T
    # the residual's entries from sum_r phi_r V_r + sigma^2 W^-1 = V
    phi = np.array([q.value for q in parameters])
    m = n_par - 1
    trace[m] = (problem.n - phi @ trace[:m]) / sigma2
    ps[m] = (xvx - np.einsum("r,rij->ij", phi, ps[:m])) / sigma2
    for s in range(m):
        info[m, s] = info[s, m] = (trace[s] - phi @ info[:m, s]) / sigma2
        qs[m, s] = (ps[s] - np.einsum("r,rij->ij", phi, qs[:m, s])) / sigma2
        qs[s, m] = qs[m, s].T
    info[m, m] = (trace[m] - phi @ info[:m, m]) / sigma2
    qs[m, m] = (ps[m] - np.einsum("r,rij->ij", phi, qs[:m, m])) / sigma2
    vcov = np.linalg.inv(xvx)
    vcov = 0.5 * (vcov + vcov.T)
    vp = vcov @ ps
    expected = 0.5 * info
    for r in range(n_par):
        for s in range(n_par):
            expected[r, s] += -np.sum(vcov * qs[r, s].T) + 0.5 * np.sum(vp[r] * vp[s].T)
    expected = 0.5 * (expected + expected.T)
    scale = np.sqrt(np.maximum(np.diag(expected), 1e-300))
    values, vectors = np.linalg.eigh(expected / np.outer(scale, scale))
    fine = values > 1e-10 * values.max()
    inverse = (vectors[:, fine] / values[fine]) @ vectors[:, fine].T / np.outer(scale, scale)
    # I_E = expected information; W = I_E^-1 (the usual 1/2 is inside `expected`)
    adjust = np.zeros((p, p))
    for r in range(n_par):
        for s in range(n_par):
            adjust += inverse[r, s] * (0.5 * (qs[r, s] + qs[r, s].T) - ps[r] @ vcov @ ps[s])
    adjusted = vcov + 2.0 * vcov @ (0.5 * (adjust + adjust.T)) @ vcov
    return KenwardRoger(vcov, adjusted, ps, inverse)


@dataclass(frozen=True)
class DesignBlocks:
    """Blocks of one shape, stacked, as X and Z alone make them: Z'Z (c, Q, Q), Z'X (c, Q, p), X'X (c, p, p);
    `where[f]` is the first column of each of factor f's groups."""

    zz: Floats
    zx: Floats
    xx: Floats
    where: list[Ints]


@dataclass(frozen=True)
class _Block:
    """A stack at one theta: K = Z'V^-1Z (c, Q, Q), J = Z'V^-1X (c, Q, p), `xvx` = X'V^-1X (c, p, p)."""

    k: Floats
    j: Floats
    where: list[Ints]
    xvx: Floats


def _at_theta(design: DesignBlocks, t_of: list[Floats], sigma2: float) -> _Block:
    """K, J and X'V^-1X by M = I + T'Z'ZT."""
    a, b = design.zz, design.zx
    size = a.shape[-1]
    t = np.zeros((size, size))
    for starts, own in zip(design.where, t_of, strict=True):
        for s in starts:
            t[s : s + len(own), s : s + len(own)] = own
    m = t.T @ a @ t
    m[:, np.arange(size), np.arange(size)] += 1.0
    p = t @ np.linalg.inv(m) @ t.T
    pb = p @ b
    k = (a - a @ (p @ a)) / sigma2
    j = (b - a @ pb) / sigma2
    return _Block(k, j, design.where, (design.xx - np.swapaxes(b, 1, 2) @ pb) / sigma2)


def design_blocks(problem: Problem) -> list[DesignBlocks]:
    """The blocks of a design, stacked by shape; see `Problem.design_blocks`, which keeps them for refits."""
    structure, cross = problem.structure, problem.cross
    label = block_labels(problem)
    n_blocks = int(label.max()) + 1
    members = []
    for f, codes in enumerate(structure.codes):
        first = np.empty(structure.n_groups[f], dtype=np.int64)
        first[codes] = label
        members.append(first)
    counts = np.stack([np.bincount(m, minlength=n_blocks) for m in members], axis=1)
    # position of each group within its block
    place = []
    for f in range(len(members)):
        order = np.argsort(members[f], kind="stable")
        start = np.concatenate([[0], np.cumsum(counts[:, f])[:-1]])
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order)) - start[members[f][order]]
        place.append(rank)
    shapes, shape_of = np.unique(_rounded_up(counts), axis=0, return_inverse=True)
    shape_of = shape_of.reshape(-1)
    widths = [len(z) for z in cross.z]
    xx = _xx_by_block(problem, label, n_blocks)
    out = []
    for number, shape in enumerate(shapes):
        which = np.flatnonzero(shape_of == number)
        slot = np.full(n_blocks, -1, dtype=np.int64)
        slot[which] = np.arange(len(which))
        offsets = np.cumsum([0, *(shape * np.array(widths))])
        size = int(offsets[-1])
        a = np.zeros((len(which), size, size))
        b = np.zeros((len(which), size, len(cross.x)))
        where = []
        for f, q in enumerate(widths):
            where.append(offsets[f] + q * np.arange(shape[f]))
            groups = np.flatnonzero(slot[members[f]] >= 0)
            at, col = slot[members[f][groups]], offsets[f] + q * place[f][groups]
            rows = cross.rows[f][groups]
            for i in range(q):
                b[at, col + i] = rows[:, i][:, cross.x]
                for j in range(q):
                    a[at, col + i, col + j] = rows[:, i, cross.z[f][j]]
        for f in range(len(widths)):
            for h in range(f + 1, len(widths)):
                _cross_blocks(problem, f, h, label, slot, place, offsets, a)
        out.append(DesignBlocks(a, b, xx[which], where))
    return out


def _rounded_up(counts: Ints) -> Ints:
    """Numbers of groups to which blocks are filled up: few shapes make few stacks, and empty groups add nothing."""
    doubled = 2 ** np.ceil(np.log2(np.maximum(counts, 1))).astype(np.int64)
    out: Ints = np.where(counts <= 16, np.where(counts > 0, doubled, 0), -16 * (-counts // 16))
    return out


def _xx_by_block(problem: Problem, label: Ints, n_blocks: int) -> Floats:
    """X'X of each block (n_blocks, p, p)."""
    cross = problem.cross
    x = np.ascontiguousarray(cross.columns[:, cross.x])
    order = np.argsort(label, kind="stable")
    bounds = np.searchsorted(label[order], np.arange(n_blocks + 1))
    if n_blocks > 500:  # many small blocks: one pass of sums
        from .crossprod import group_sums

        return np.stack([group_sums(label, n_blocks, x[:, i].copy(), x) for i in range(x.shape[1])], axis=1)
    x = x[order]
    return np.stack([x[lo:hi].T @ x[lo:hi] for lo, hi in pairwise(bounds)])


def _cross_blocks(
    problem: Problem, f: int, h: int, label: Ints, slot: Ints, place: list[Ints], offsets: Ints, a: Floats
) -> None:
    """Fill Z_f'Z_h of every pair of groups that share rows."""
    structure, cross = problem.structure, problem.cross
    rows = np.flatnonzero(slot[label] >= 0)
    size = structure.n_groups[h]
    keys, index = np.unique(structure.codes[f][rows] * size + structure.codes[h][rows], return_inverse=True)
    g, up = keys // size, keys % size
    first = np.empty(len(keys), dtype=np.int64)
    first[index.reshape(-1)] = rows
    block = slot[label[first]]
    from .crossprod import group_sums

    q, r = len(cross.z[f]), len(cross.z[h])
    for i, column in enumerate(cross.z[f]):
        sums = group_sums(
            index.reshape(-1), len(keys), cross.columns[rows, column], cross.columns[np.ix_(rows, cross.z[h])]
        )
        for j in range(r):
            at, to = offsets[f] + q * place[f][g] + i, offsets[h] + r * place[h][up] + j
            a[block, at, to] = sums[:, j]
            a[block, to, at] = sums[:, j]


def _accumulate(
    parameters: list[_Parameter], block: _Block, trace: Floats, info: Floats, ps: Floats, qs: Floats
) -> None:
    """Add one stack of blocks to the traces, to P, and to the upper triangle (s >= r) of the others."""
    # a column of a factor: the same one of each of its groups
    columns = sorted({(q.factor, c) for q in parameters for c in (q.a, q.b)})
    at = [block.where[f] + c for f, c in columns]
    j = [block.j[:, rows] for rows in at]
    k = [[block.k[:, rows[:, None], others] for others in at] for rows in at]
    ends = []
    for par in parameters:
        u, v = columns.index((par.factor, par.a)), columns.index((par.factor, par.b))
        # V_r = Z_a Z_b' + Z_b Z_a' off the diagonal, Z_a Z_a' on it
        ends.append([(u, v)] if u == v else [(u, v), (v, u)])
    for r, pieces in enumerate(ends):
        for u, v in pieces:
            left = np.swapaxes(j[u], 1, 2)
            trace[r] += np.einsum("cii->", k[v][u])
            ps[r] += (left @ j[v]).sum(axis=0)
            for s in range(r, len(ends)):
                for w, x in ends[s]:
                    info[r, s] += (k[v][w] * k[u][x]).sum()  # K is symmetric
                    qs[r, s] += (left @ (k[v][w] @ j[x])).sum(axis=0)


def degrees_of_freedom(kr: KenwardRoger, contrasts: Floats) -> Floats:
    """df (r,) of single-row contrasts (r, p)."""
    return np.array([f_test(kr, row[None], np.zeros(len(row)))[2] for row in contrasts])


def f_test(kr: KenwardRoger, contrasts: Floats, beta: Floats) -> tuple[float, int, float]:
    """Scaled F, numerator and denominator df of L b = 0 (pbkrtest's Lb_ddf and KRmodcomp)."""
    values, vectors = np.linalg.eigh(contrasts @ kr.vcov @ contrasts.T)
    keep = values > 1e-10 * values.max()
    rows = vectors[:, keep].T @ contrasts
    q = len(rows)
    theta = rows.T @ np.linalg.solve(rows @ kr.vcov @ rows.T, rows)
    tp = theta @ kr.vcov @ kr.p @ kr.vcov
    single = np.einsum("rii->r", tp)
    a1 = float(single @ kr.w @ single)
    a2 = float(np.einsum("rs,rij,sji->", kr.w, tp, tp))
    b = (a1 + 6.0 * a2) / (2.0 * q)
    g = ((q + 1) * a1 - (q + 4) * a2) / ((q + 2) * a2)
    denominator = 3.0 * q + 2.0 * (1.0 - g)
    c1, c2, c3 = g / denominator, (q - g) / denominator, (q + 2 - g) / denominator
    v0, v1, v2 = 1.0 + c1 * b, 1.0 - c2 * b, 1.0 - c3 * b
    if abs(v0) < 1e-10:
        v0 = 0.0
    with np.errstate(divide="ignore"):  # v2 may be 0, as in R: then df is 4
        rho = np.float64((1.0 / q) * (_ratio(1.0 - a2 / q, v1)) ** 2 * v0) / np.float64(v2)
    df = 4.0 + (q + 2.0) / (q * rho - 1.0)
    scale = 1.0 if abs(df - 2.0) < 1e-2 else df * (1.0 - a2 / q) / (df - 2.0)  # both factors change sign, near df = 2
    rhs = rows @ beta
    statistic = float(rhs @ np.linalg.solve(rows @ kr.adjusted @ rows.T, rhs) / q) if rhs.any() else 0.0
    return scale * statistic, q, float(df)


def _ratio(x: float, y: float) -> float:
    return 1.0 if max(abs(x), abs(y)) < 1e-10 else x / y
