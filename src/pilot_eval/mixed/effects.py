"""Random effects with intervals that include the uncertainty of the fixed effects; area effects.

The errors of (b, u) follow from the mixed-model equations with theta taken as known: coming down the elimination,
u_hat - u = C (noise) - C B (errors of everything above), noise ~ N(0, sigma^2 C) independent of what is above.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .arrays import Floats, Ints
from .errors import ModelError
from .structure import Stage

if TYPE_CHECKING:
    from .fixed_part import FixedPart
    from .lmm import LmmFit

#: (factor, groups, sources) to the first column of each group's effects in its source's joint covariance
Begin = Callable[[int, Ints, Ints], Ints]


def factor_index(fit: FixedPart, group: str) -> int:
    """Position of a grouping factor by name; ``a:b`` and ``b:a`` are the same factor, brackets or not."""
    wanted = sorted(re.sub(r"[()]", "", group).split(":"))
    for f, grouping in enumerate(fit.problem.groupings):
        if grouping.name == group or sorted(grouping.group) == wanted:
            return f
    names = ", ".join(repr(g.name) for g in fit.problem.groupings)
    raise KeyError(f"there is no grouping factor {group!r}; the model has {names}")


def modes_table(fit: LmmFit, f: int) -> pd.DataFrame:
    """Conditional modes of one factor in the data's units, levels in label order."""
    problem = fit.problem
    grouping = problem.groupings[f]
    values = fit.scale_y * fit.solved.modes[f] @ problem.scaled.z_back[f].T
    out = np.empty_like(values)
    out[problem.structure.original[f]] = values
    return pd.DataFrame(out, index=pd.Index(grouping.labels, name=grouping.name), columns=grouping.columns)


def error_covariance(fit: LmmFit, f: int) -> Floats:
    """Covariance of (b_hat, u_hat - u) for each group of factor f: (n_f, p + q, p + q), the data's units."""
    problem, products = fit.problem, fit.products
    structure, x = problem.structure, products.x
    p, q, n = len(x), len(products.z[f]), structure.n_groups[f]
    sigma2 = fit.sigma_internal**2
    v_b = sigma2 * fit.solved.top.inverse[0]
    out = np.zeros((n, p + q, p + q))
    back = np.zeros((p + q, p + q))
    back[:p, :p] = problem.scaled.x_back
    back[p:, p:] = problem.scaled.z_back[f]
    back *= fit.scale_y
    for stage, e in zip(structure.stages, fit.solved.state.whole, strict=True):
        slots = [i for i, (factor, _) in enumerate(stage.slots) if factor == f]
        if not slots:
            continue
        joint, begin = _errors(fit, stage, e.b[0], e.c[0], v_b)
        for i in slots:
            groups = stage.slots[i][1]
            start = begin(f, groups, np.arange(len(groups)))[0]
            pick = np.r_[np.arange(p), start + np.arange(q)]
            out[groups] = joint[:, pick[:, None], pick]
    result = np.empty_like(out)
    result[structure.original[f]] = back @ out @ back.T
    return result


def _above(fit: LmmFit, stage: Stage, v_b: Floats) -> tuple[Floats, list[int]]:
    """Joint error covariance of b and the later groups around each source of a stage."""
    products = fit.products
    p = len(products.x)
    if not stage.links:
        return np.broadcast_to(v_b, (stage.n_sources, p, p)), []
    stages = fit.problem.structure.stages
    parts = fit.solved.state.whole
    widths = [len(products.z[link.factor]) for link in stage.links]
    spans = [p + int(s) for s in np.cumsum([0, *widths])[:-1]]
    total = p + sum(widths)
    first = stage.links[0]
    out = np.zeros((stage.n_sources, total, total))
    seen = np.zeros(stage.n_sources, dtype=bool)
    for above, e in zip(stages, parts, strict=True):
        for f, groups in above.slots:
            if f != first.factor:
                continue
            where = np.full(products.structure.n_groups[f], -1, dtype=np.int64)
            where[groups] = np.arange(len(groups))
            mine = np.flatnonzero(where[first.of_source] >= 0)
            if not len(mine):
                continue
            full, index = _errors(fit, above, e.b[0], e.c[0], v_b)
            source = where[first.of_source[mine]]
            pick = np.empty((len(mine), total), dtype=np.int64)
            pick[:, :p] = np.arange(p)
            for link, at, width in zip(stage.links, spans, widths, strict=True):
                begin = index(link.factor, link.of_source[mine], source)
                pick[:, at : at + width] = begin[:, None] + np.arange(width)
            out[mine] = full[source[:, None, None], pick[:, :, None], pick[:, None, :]]
            seen[mine] = True
        if seen.all():
            break
    return out, spans


def _errors(fit: LmmFit, stage: Stage, b: Floats, c: Floats, v_b: Floats) -> tuple[Floats, Begin]:
    """Errors of (b, the stage's own effects, the later groups around it), and where a factor's group begins."""
    products = fit.products
    x, p, size = products.x, len(products.x), b.shape[1]
    above, spans = _above(fit, stage, v_b)
    wide = above.shape[-1]
    lead = np.zeros((stage.n_sources, size, wide))
    lead[..., :p] = b[..., x]
    for link, at in zip(stage.links, spans, strict=True):
        z = products.z[link.factor]
        lead[..., at : at + len(z)] = b[..., z]
    drop = -c @ lead
    cross = drop @ above
    joint = np.zeros((stage.n_sources, wide + size, wide + size))
    joint[:, :wide, :wide] = above
    joint[:, wide:, :wide] = cross
    joint[:, :wide, wide:] = np.swapaxes(cross, 1, 2)
    joint[:, wide:, wide:] = cross @ np.swapaxes(drop, 1, 2) + fit.sigma_internal**2 * c

    def index(factor: int, group: Ints, source: Ints) -> Ints:
        at = wide
        begin = np.full(len(group), -1, dtype=np.int64)
        for f, groups in stage.slots:
            if f == factor:
                begin[groups[source] == group] = at
            at += len(products.z[f])
        for link, span in zip(stage.links, spans, strict=True):
            if link.factor == factor:
                begin[:] = span
        return begin

    return joint, index


def ranef_table(fit: LmmFit, group: str, interval: float | None) -> pd.DataFrame:
    """Conditional modes; with an interval also `<term>:se`, `<term>:low`, `<term>:high`."""
    f = factor_index(fit, group)
    table = modes_table(fit, f)
    if interval is None:
        return table
    covariance = error_covariance(fit, f)
    p = len(fit.products.x)
    se = np.sqrt(np.maximum(np.einsum("nii->ni", covariance)[:, p:], 0.0))
    z = normal_quantile(interval)
    columns: dict[str, Floats] = {}
    for i, name in enumerate(table.columns):
        value = table[name].to_numpy()
        columns[name] = value
        columns[f"{name}:se"] = se[:, i]
        columns[f"{name}:low"], columns[f"{name}:high"] = value - z * se[:, i], value + z * se[:, i]
    return pd.DataFrame(columns, index=table.index)


def normal_quantile(level: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(0.5 + level / 2.0))


def effect_place(fit: FixedPart, term: str, group: str) -> tuple[int, int, int | None]:
    """Of a group's own coefficient: factor, column among its effects, and the coefficient of the same name (if any).

    Raises
    ------
    ModelError
        The group has no random part of that name.
    """
    f = factor_index(fit, group)
    grouping = fit.problem.groupings[f]
    if term not in grouping.columns:
        raise ModelError(
            f"{grouping.name!r} has no random {term!r}; its random columns are {', '.join(map(repr, grouping.columns))}"
        )
    names = fit.problem.names
    return f, grouping.columns.index(term), names.index(term) if term in names else None


def interval_table(estimate: Floats, se: Floats, labels: Any, name: str, level: float) -> pd.DataFrame:
    """`estimate se low high` by group, normal quantiles."""
    z = normal_quantile(level)
    table = {"estimate": estimate, "se": se, "low": estimate - z * se, "high": estimate + z * se}
    return pd.DataFrame(table, index=pd.Index(labels, name=name))


def area_effects(fit: LmmFit, term: str, group: str, new: bool, level: float = 0.95) -> pd.DataFrame:
    """A group's own coefficient: fixed plus random part, with se and interval; theta is taken as known.

    With ``new=True`` one row: the prediction for a group that was not seen.
    """
    f, j, i = effect_place(fit, term, group)
    grouping = fit.problem.groupings[f]
    fixed = float(fit.beta[i]) if i is not None else 0.0
    if new:
        variance = fit.covariances[f][j, j] + (fit.covariance[i, i] if i is not None else 0.0)
        return interval_table(np.array([fixed]), np.sqrt([variance]), ["(new)"], grouping.name, level)
    covariance = error_covariance(fit, f)
    p = len(fit.problem.names)
    weight = np.zeros(p + len(grouping.columns))
    weight[p + j] = 1.0
    if i is not None:
        weight[i] = 1.0
    se = np.sqrt(np.maximum(np.einsum("i,nij,j->n", weight, covariance, weight), 0.0))
    return interval_table(fixed + modes_table(fit, f)[term].to_numpy(), se, grouping.labels, grouping.name, level)
