"""Separation: a direction of the fixed effects in which the likelihood never stops rising (Albert & Anderson 1984).

Such a direction d lowers no row's contribution and raises some: A d >= 0, not all zero, for the rows that need a sign
only, B d = 0 for those held on both sides. Whether there is one, random effects or not, is a linear programme (Konis
2007). Without this check a category that only zeros have gets a large coefficient, a small standard error and the
word "converged".
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrays import Bools, Floats
from .censored import CensoredNormal
from .errors import ModelError
from .families import Binomial, CumulativeLogit, Family
from .problem import Problem

#: rows with which the linear programme starts, and that it takes on at a time
BATCH = 500
#: a direction that moves no row further than this is rounding; one that exists reaches the bounds of -1 and 1
SMALL = 1e-3


def separating_direction(signed: Floats, held: Floats) -> Floats | None:
    """A direction d (p,) with signed @ d >= 0, not all zero, and held @ d = 0; None if there is none.

    The programme starts with some of the rows and takes on those that its answer breaks, so that it stays small.
    """
    from scipy.optimize import linprog

    free = _null_space(held)
    rows = signed @ free
    if not rows.size:
        return None
    used = rows[:: max(1, len(rows) // BATCH)]
    solver: Any = linprog
    for _ in range(100):
        answer = solver(-rows.sum(axis=0), A_ub=-used, b_ub=np.zeros(len(used)), bounds=(-1.0, 1.0), method="highs")
        if answer.status != 0:
            return None
        values = rows @ answer.x
        if values.max() <= SMALL:
            return None
        broken = np.flatnonzero(values < -1e-6)
        if not len(broken):
            out: Floats = free @ answer.x
            return out
        worst = broken[np.argsort(values[broken], kind="stable")[:BATCH]]
        used = np.vstack([used, rows[worst]])
    return None


def _null_space(held: Floats) -> Floats:
    """An orthonormal basis (p, k) of the directions that move no held row."""
    p = held.shape[1]
    if not len(held):
        return np.eye(p)
    _, size, vt = np.linalg.svd(np.linalg.qr(held, mode="r"), full_matrices=True)
    rank = int((size > 1e-9 * size.max(initial=0.0)).sum())
    out: Floats = vt[rank:].T
    return out


def rows_of_binomial(x: Floats, positive: Bools, negative: Bools) -> tuple[Floats, Floats]:
    """Rows of successes only and failures only with their sign; rows that hold both."""
    both = positive & negative
    return (np.where(positive, 1.0, -1.0)[:, None] * x)[~both], x[both]


def rows_of_counts(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Zeros, whose mean may fall without end; other counts, which hold theirs."""
    return -x[y == 0], x[y > 0]


def rows_of_categories(x: Floats, y: Floats, n_levels: int) -> tuple[Floats, Floats]:
    """Distances to the threshold above and below each answer (from 0), in (thresholds, coefficients)."""
    unit, j = np.eye(n_levels - 1), y.astype(np.int64)
    upper, lower = j < n_levels - 1, j > 0
    above = np.hstack([unit[j[upper]], -x[upper]])
    below = np.hstack([-unit[j[lower] - 1], x[lower]])
    return np.vstack([above, below]), np.zeros((0, n_levels - 1 + x.shape[1]))


def _rows(family: Family, x: Floats) -> tuple[Floats, Floats]:
    if isinstance(family, CumulativeLogit):
        return rows_of_categories(x, family.y, family.n_levels)
    if isinstance(family, Binomial):
        return rows_of_binomial(x, family.y > 0, family.y < 1)
    if isinstance(family, CensoredNormal):
        # a censored row bears any higher mean; one that was seen holds its own
        return x[~family.seen], x[family.seen]
    return rows_of_counts(x, family.y)


def check_separation(problem: Problem, family: Family, x: Floats) -> None:
    """Stop where the fixed part tells outcomes apart without error; `x` (n, p) are internal columns.

    Raises
    ------
    ModelError
        The maximum-likelihood coefficients are infinite; the message names the columns concerned.
    """
    direction = separating_direction(*_rows(family, x))
    if direction is None:
        return
    kept = list(range(x.shape[1]))
    # columns that are only along for the ride go, so that the message names the ones that separate
    for j in range(x.shape[1] - 1, int(problem.scaled.intercept) - 1, -1):
        fewer = [k for k in kept if k != j]
        trial = separating_direction(*_rows(family, x[:, fewer]))
        if trial is not None:
            kept, direction = fewer, trial
    internal = np.zeros(x.shape[1])
    internal[kept] = direction[len(direction) - len(kept) :]
    moved = np.abs(problem.scaled.x_back @ internal) * problem.design.x[:, problem.scaled.kept].std(axis=0)
    names = [n for n, v in zip(problem.names, moved, strict=True) if v > 1e-6 * moved.max()] or problem.names
    what = "the outcomes" if isinstance(family, Binomial | CumulativeLogit) else "zeros from other counts"
    raise ModelError(
        f"perfect separation: {', '.join(map(repr, names))} tell(s) {what} apart without error in some rows (often a "
        "category with few rows and one answer), so the coefficient is infinite; merge categories, drop the variable, "
        "or model fewer terms"
    )
