"""Starting values for generalised models, and the check for separation."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrays import Floats
from .errors import ModelError
from .families import Family


def start_coefficients(family: Family, x: Floats, offset: Floats, psi: Floats) -> Floats:
    """Coefficients without random effects: a few weighted least-squares steps from the data (p,)."""
    if x.shape[1] == 0:
        return np.zeros(0)
    beta = np.zeros(x.shape[1])
    eta = family.start_eta()
    if family.name == "cumulative-logit":
        eta = offset.copy()
    best = -np.inf
    for _ in range(25):
        rows = family.rows(eta, psi)
        weight = np.maximum(rows.weight, 1e-8)
        working = eta - offset + rows.score / weight
        gram = x.T @ (x * weight[:, None])
        gram[np.diag_indices_from(gram)] += 1e-8 * np.trace(gram) / len(gram)
        new = np.linalg.solve(gram, x.T @ (weight * working))
        value = float(family.rows(offset + x @ new, psi).loglik.sum())
        share = 1.0
        while (not np.isfinite(value) or value < best - 1e-8) and share > 1e-3 and np.isfinite(best):
            share *= 0.5
            trial = beta + share * (new - beta)
            value = float(family.rows(offset + x @ trial, psi).loglik.sum())
            new = trial
        if not np.isfinite(value) or np.abs(x @ new).max() > 30.0:
            break
        done = abs(value - best) < 1e-8 * (1.0 + abs(value))
        beta, best, eta = new, value, offset + x @ new
        if done:
            break
    return beta


def separating_direction(x: Floats, positive: Floats, negative: Floats) -> Floats | None:
    """A direction b with x'b >= 0 on all successes and <= 0 on all failures, not all zero; None if there is none.

    Albert & Anderson (1984), by a linear programme; rows that hold both outcomes pin x'b to zero.
    """
    from scipy.optimize import linprog

    both = positive & negative
    sign = np.where(positive, 1.0, -1.0)[~both]
    rows = x[~both] * sign[:, None]
    pinned = x[both]
    if not len(rows):
        return None
    rows, pinned = np.unique(rows, axis=0), np.unique(pinned, axis=0)
    solver: Any = linprog
    result = solver(
        -rows.sum(axis=0),
        A_ub=-rows,
        b_ub=np.zeros(len(rows)),
        A_eq=pinned if len(pinned) else None,
        b_eq=np.zeros(len(pinned)) if len(pinned) else None,
        bounds=(-1.0, 1.0),
        method="highs",
    )
    if not result.success or -result.fun <= 1e-6 * len(rows):
        return None
    out: Floats = result.x
    return out


def check_separation(x: Floats, names: list[str], positive: Floats, negative: Floats) -> None:
    """Stop where a combination of the fixed columns tells all successes from all failures.

    Raises
    ------
    ModelError
        The maximum-likelihood coefficients are infinite; the message names the columns concerned.
    """
    direction = separating_direction(x, positive, negative)
    if direction is None:
        return
    involved = [n for n, v in zip(names, direction, strict=True) if abs(v) > 1e-6 and n != "Intercept"]
    raise ModelError(
        f"perfect separation: {', '.join(map(repr, involved or names))} predict(s) the outcome without error in some "
        "rows, so the coefficient is infinite; merge categories, drop the variable, or model fewer terms"
    )
