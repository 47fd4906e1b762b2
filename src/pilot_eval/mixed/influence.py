"""What the fit would be without one group: its cross-products are left out, the rows are not touched.

At fixed theta the deletion is exact. For the coarsest factor theta is then optimised again, all groups in one
batch, from the full fit's optimum; for finer factors theta stays, and the result says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .arrays import Bools, Floats, Ints
from .bootstrap import curvature_at, lifted
from .crossprod import Patterns, Products, batch_width, group_sums
from .effects import factor_index
from .fitting import batch
from .objective import eliminate, solve_top

if TYPE_CHECKING:
    from .lmm import LmmFit


def without_groups(fit: LmmFit, f: int, groups: Ints) -> Products:
    """Products without each of the given groups of factor f (renumbered codes), one group per member."""
    problem, full = fit.problem, fit.products
    structure, cross = problem.structure, problem.cross
    k = len(groups)
    if structure.nested and f == len(structure.n_groups) - 1 and full.patterns is not None and f > 0:
        return _without_coarsest(fit, groups)
    rows = [np.repeat(r, k, axis=0) for r in full.rows]
    pairs = {key: np.repeat(v, k, axis=0) for key, v in full.pairs.items()}
    top = np.repeat(full.top, k, axis=0)
    n = np.full(k, problem.n)
    order = np.argsort(structure.codes[f], kind="stable")
    bounds = np.searchsorted(structure.codes[f][order], np.arange(structure.n_groups[f] + 1))
    y = problem.internal_response(fit.response)
    for place, g in enumerate(groups):
        mine = order[bounds[g] : bounds[g + 1]]
        data = np.concatenate([cross.columns[mine], y[mine]], axis=1)
        n[place] -= len(mine)
        top[place] -= data.T @ data
        for h, codes in enumerate(structure.codes):
            inside, local = np.unique(codes[mine], return_inverse=True)
            for a, column in enumerate(cross.z[h]):
                gone = group_sums(local.reshape(-1), len(inside), data[:, column].copy(), data)
                rows[h][place, inside, a] -= gone
        for (h, i), index in structure.pair_rows.items():
            size = structure.n_groups[i]
            keys = index[:, 0] * size + index[:, 1]
            wanted = structure.codes[h][mine] * size + structure.codes[i][mine]
            at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
            hit = keys[at] == wanted
            left, right = data[hit][:, cross.z[h]], data[hit][:, cross.z[i]]
            np.subtract.at(pairs[h, i][place], at[hit], left[:, :, None] * right[:, None, :])
    return Products(structure, full.z, full.x, rows, pairs, top, None, n)


def _without_coarsest(fit: LmmFit, groups: Ints) -> Products:
    """The same for the coarsest of nested factors: whole families go, and with them their share of the patterns."""
    problem, full = fit.problem, fit.products
    structure, cross, patterns = problem.structure, problem.cross, full.patterns
    assert patterns is not None and cross.pattern is not None
    k, f, d = len(groups), len(structure.n_groups) - 1, full.d
    u, q = patterns.a.shape[0], patterns.a.shape[-1]
    family = []
    for codes, size in zip(structure.codes, structure.n_groups, strict=True):
        own = np.empty(size, dtype=np.int64)
        own[codes] = structure.codes[f]
        family.append(own)
    finest = family[0]
    rows = [full.rows[0], *(np.repeat(r, k, axis=0) for r in full.rows[1:])]
    links = [np.repeat(g, k, axis=0) for g in patterns.links]
    top, pattern_top = np.repeat(full.top, k, axis=0), np.repeat(patterns.top, k, axis=0)
    counts, n = np.repeat(patterns.counts, k, axis=0), np.full(k, problem.n)
    y = problem.internal_response(fit.response)
    for place, g in enumerate(groups):
        mine = np.flatnonzero(structure.codes[f] == g)
        data = np.concatenate([cross.columns[mine], y[mine]], axis=1)
        n[place] -= len(mine)
        top[place] -= data.T @ data
        for h in range(1, f + 1):
            rows[h][place, family[h] == g] = 0.0
        for link, gain in zip(structure.stages[0].links, links, strict=True):
            shape = (u * q * q, structure.n_groups[link.factor], -1)
            gain[place].reshape(shape)[:, family[link.factor] == g] = 0.0
        members = np.flatnonzero(finest == g)
        kind, b = cross.pattern[1][members], full.rows[0][0][members]
        counts[place] -= np.bincount(kind, minlength=u)
        share = pattern_top[place].reshape(u, q, q, d, d)
        for p in range(u):
            of_kind = b[kind == p]
            share[p] -= np.einsum("nia,njb->ijab", of_kind, of_kind)
    made = Patterns(patterns.a, counts, tuple(links), pattern_top)
    return Products(structure, full.z, full.x, rows, full.pairs, top, made, n)


def _estimable(products: Products) -> Bools:
    """Members whose fixed part is still of full rank."""
    xx = products.top[:, products.x[:, None], products.x]
    size = np.sqrt(np.maximum(np.diagonal(xx, axis1=1, axis2=2), 1e-300))
    values = np.linalg.eigvalsh(xx / (size[:, :, None] * size[:, None, :]))
    out: Bools = values[:, 0] > 1e-10
    return out


def leave_out(fit: LmmFit, f: int, refit: bool) -> tuple[Floats, Floats, Floats, Bools]:
    """theta (n, m), coefficients (n, p) and sigma (n,) without each group of factor f, label order; and which exist."""
    structure, layout = fit.problem.structure, fit.problem.layout
    n = structure.n_groups[f]
    theta = np.repeat(fit.optimum.theta[None], n, axis=0)
    beta, sigma = np.full((n, len(fit.beta)), np.nan), np.full(n, np.nan)
    fine = np.zeros(n, dtype=bool)
    hessian = curvature_at(fit) if refit and layout.n_theta else None
    width = batch_width(fit.products)
    for begin in range(0, n, width):
        groups = np.arange(begin, min(begin + width, n))
        products = without_groups(fit, f, groups)
        ok = _estimable(products)
        if not ok.any():
            continue
        products, groups = products.take(np.flatnonzero(ok)), groups[ok]
        at = theta[groups]
        if refit and hessian is not None:
            ends = batch(fit.objective, products, lifted(fit), hessian)
            again = batch(fit.objective, products, layout.start(), hessian) if fit.singular else ends
            better = again.value < ends.value - 1e-9
            at = layout.fold(np.where(better[:, None], again.theta, ends.theta))
            ok_here = ends.converged | again.converged
        else:
            ok_here = np.ones(len(groups), dtype=bool)
        state = eliminate(products, layout, at)
        s = solve_top(products, state.top)
        theta[groups], fine[groups] = at, ok_here
        beta[groups] = fit.problem.scaled.coefficients(s.beta)
        sigma[groups] = fit.scale_y * np.sqrt(s.rss / fit.objective.nu_of(products))
    back = np.empty(n, dtype=np.int64)
    back[structure.original[f]] = np.arange(n)
    return theta[back], beta[back], sigma[back], fine[back]


def influence(fit: LmmFit, group: str, refit: bool | None) -> pd.DataFrame:
    """See `LmmFit.influence`."""
    f = factor_index(fit, group)
    again = f == len(fit.problem.groupings) - 1 if refit is None else refit
    theta, beta, sigma, fine = leave_out(fit, f, again)
    beta = np.where(fine[:, None], beta, np.nan)
    table = pd.DataFrame(beta, columns=fit.problem.names, index=fit.problem.groupings[f].labels)
    table.index.name = fit.problem.groupings[f].name
    gap = fit.beta - beta
    precision = np.linalg.inv(fit.covariance)
    table["cooks_distance"] = np.einsum("ni,ij,nj->n", gap, precision, gap) / max(1, len(fit.beta))
    table["sigma"] = np.where(fine, sigma, np.nan)
    if again:
        for name, values in _deviations(fit, theta, sigma).items():
            table[name] = np.where(fine, values, np.nan)
    table.attrs["theta"] = "optimised again" if again else "fixed at the full fit's"
    return table


def _deviations(fit: LmmFit, theta: Floats, sigma: Floats) -> dict[str, Floats]:
    """Standard deviations of the random effects at each theta (n, m)."""
    out = {}
    for template, back, grouping in zip(
        fit.problem.layout.templates, fit.problem.scaled.z_back, fit.problem.groupings, strict=True
    ):
        half = back @ template.matrix(theta)
        sds = sigma[:, None] * np.sqrt((half * half).sum(axis=2))
        for i, name in enumerate(grouping.columns):
            out[f"sd({name}|{grouping.name})"] = sds[:, i]
    return out


def leave_out_statistics(fit: LmmFit) -> pd.DataFrame:
    """The bootstrap's standard statistics without each of the coarsest groups (for BCa's acceleration)."""
    from .bootstrap import standard_batch

    f = len(fit.problem.groupings) - 1
    theta, beta, sigma, fine = leave_out(fit, f, True)
    return standard_batch(fit, theta[fine], beta[fine], sigma[fine])
