"""Separation: a direction of the fixed effects in which the likelihood never stops rising (Albert & Anderson 1984).

Such a direction d raises no row's contribution and lowers some: A d >= 0 for all rows that only need a sign, B d = 0
for rows that are held on both sides. Whether one exists, random effects or not, is a linear programme (Konis 2007).
"""

from __future__ import annotations

import numpy as np

from ..arrays import Floats

#: rows that are tried before all of them
SAMPLE = 500


def separating(signed: Floats, held: Floats) -> Floats | None:
    """A direction d (p,) with signed @ d >= 0, held @ d = 0 and signed @ d != 0; None if there is none."""
    rows = np.unique(np.round(signed, 12), axis=0)
    fixed = np.unique(np.round(held, 12), axis=0)
    every = len(rows) // SAMPLE
    if every > 1:
        # rows that span the columns and allow no direction already rule it out for all
        some = rows[::every]
        spans = np.linalg.matrix_rank(np.vstack([some, fixed])) == signed.shape[1]
        if spans and _direction(some, fixed) is None:
            return None
    return _direction(rows, fixed)


def _direction(rows: Floats, fixed: Floats) -> Floats | None:
    from scipy.optimize import linprog

    answer = linprog(
        -rows.sum(axis=0),
        A_ub=-rows,
        b_ub=np.zeros(len(rows)),
        A_eq=fixed if len(fixed) else None,
        b_eq=np.zeros(len(fixed)) if len(fixed) else None,
        bounds=(-1.0, 1.0),
        method="highs",
    )
    if answer.status != 0:
        return None
    direction: Floats = np.asarray(answer.x)
    # a true direction reaches the bounds; what remains within the solver's tolerance is none
    return direction if float(np.max(rows @ direction, initial=0.0)) > 1e-3 else None


def binomial(x: Floats, y: Floats, trials: Floats) -> Floats | None:
    """Direction of separation for successes `y` of `trials`."""
    mixed = (y > 0) & (y < trials)
    sign = np.where(y > 0, 1.0, -1.0)[:, None]
    return separating((sign * x)[~mixed], x[mixed])


def counts(x: Floats, y: Floats) -> Floats | None:
    """Direction of separation for counts: a combination of columns that only zeros have."""
    return separating(-x[y == 0], x[y > 0])


def cumulative(x: Floats, y: Floats, n_categories: int) -> Floats | None:
    """Direction of separation in (thresholds, coefficients) of a cumulative model, answers coded from 0."""
    unit = np.eye(n_categories - 1)
    upper, lower = y < n_categories - 1, y > 0
    above = np.hstack([unit[y[upper]], -x[upper]])
    below = np.hstack([-unit[y[lower] - 1], x[lower]])
    return separating(np.vstack([above, below]), np.zeros((0, n_categories - 1 + x.shape[1])))
