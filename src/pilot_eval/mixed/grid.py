"""The reference grid of a fit: every combination of factor levels, covariates at their means or where asked.

As in R's emmeans, a covariate of two values (a wave coded 0 and 1) is averaged over both, like a factor.
"""

from __future__ import annotations

import itertools
import re
from typing import Any

import numpy as np
import pandas as pd

from .arrays import Floats
from .errors import ModelError
from .predict import fixed_rows

#: a number in `by` without values in `at` is spread over its own values up to this many
MAX_VALUES = 12


def is_factor(fit: Any, name: str) -> bool:
    """Whether a variable enters the fixed part as a category."""
    column = fit.problem.rows.data[name]
    if not pd.api.types.is_numeric_dtype(column.dtype):
        return True
    return bool(re.search(rf"\bC\(\s*{re.escape(name)}\s*[,)]", fit.problem.parsed.fixed))


def levels(fit: Any, name: str) -> list[Any]:
    """Levels of a factor in the rows used, in their order."""
    column = fit.problem.rows.data[name]
    if isinstance(column.dtype, pd.CategoricalDtype):
        return list(column.cat.categories)
    return sorted(column.unique().tolist())


def reference_grid(fit: Any, by: list[str], at: dict[str, Any] | None) -> tuple[pd.DataFrame, list[str]]:
    """All combinations, and the factors that are averaged over.

    Raises
    ------
    ModelError
        A variable that is not in the fixed part, or a covariate in `by` with many values and none in `at`.
    """
    at = dict(at or {})
    names = sorted(
        fit.problem.fixed_variables,
        key=lambda v: by.index(v) if v in by else len(by),
    )
    for name in [*by, *at]:
        if name not in names:
            raise ModelError(f"{name!r} is not in the fixed part; it holds {', '.join(map(repr, names)) or 'nothing'}")
    values: dict[str, list[Any]] = {}
    averaged = []
    for name in names:
        if name in at:
            chosen = at[name]
            values[name] = list(chosen) if isinstance(chosen, (list, tuple, np.ndarray, range)) else [chosen]
            if is_factor(fit, name):
                known = {str(v): v for v in levels(fit, name)}
                unknown = [v for v in values[name] if str(v) not in known]
                if unknown:
                    raise ModelError(f"{name!r} has no level {unknown[0]!r}; it has {', '.join(known)}")
                values[name] = [known[str(v)] for v in values[name]]
                if name not in by:
                    averaged.append(name)
        elif is_factor(fit, name):
            values[name] = levels(fit, name)
            if name not in by:
                averaged.append(name)
        elif name in by:
            own = np.unique(fit.problem.rows.data[name].to_numpy(dtype=float))
            if len(own) > MAX_VALUES:
                raise ModelError(f"{name!r} is a covariate with {len(own)} values; say where: at={{{name!r}: [...]}}")
            values[name] = own.tolist()
        else:
            own = np.unique(fit.problem.rows.data[name].to_numpy(dtype=float))
            if len(own) == 2:
                values[name] = levels(fit, name)
                averaged.append(name)
            else:
                values[name] = [float(fit.problem.rows.data[name].to_numpy(dtype=float).mean())]
    rows = list(itertools.product(*values.values())) or [()]
    grid = pd.DataFrame(rows, columns=list(values)) if values else pd.DataFrame(index=[0])
    return grid, averaged


def cell_weights(fit: Any, grid: pd.DataFrame, by: list[str], averaged: list[str], weights: str) -> Floats:
    """Weight of each grid row before it is normalised within its cell of `by`."""
    if weights == "equal" or not averaged:
        return np.ones(len(grid))
    if weights not in ("proportional", "cells"):
        raise ModelError(f"weights={weights!r} is not 'equal', 'proportional' or 'cells'")
    data = fit.problem.rows.data
    over = averaged if weights == "proportional" else [v for v in by if is_factor(fit, v)] + averaged
    counts = data.groupby([data[v].astype(str) for v in over], observed=True).size()
    keys = [tuple(map(str, row)) for row in grid[over].itertuples(index=False)]
    lookup = {k if isinstance(k, tuple) else (k,): v for k, v in counts.items()}
    return np.array([float(lookup.get(k, 0)) for k in keys])


def averaged_rows(fit: Any, grid: pd.DataFrame, by: list[str], weight: Floats) -> tuple[pd.DataFrame, Floats]:
    """Cells of `by` in grid order and the averaged rows of X (cells, p), all columns that are used."""
    x = fixed_rows(fit, grid)
    if not by:
        return pd.DataFrame(index=[0]), (weight @ x / weight.sum())[None]
    keys = grid[by].astype(str).agg("\x1f".join, axis=1) if len(by) > 1 else grid[by[0]].astype(str)
    codes, _ = pd.factorize(keys, sort=False)
    n = int(codes.max()) + 1
    sums = np.zeros((n, x.shape[1]))
    np.add.at(sums, codes, x * weight[:, None])
    total = np.bincount(codes, weights=weight, minlength=n)
    first = np.unique(codes, return_index=True)[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        rows = sums / total[:, None]
    return grid.iloc[first][by].reset_index(drop=True), rows
