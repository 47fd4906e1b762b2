"""Change as a linear function of a model's coefficients, by marginal standardisation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Vector = NDArray[np.float64]
TOLERANCE = 1e-8


@dataclass(frozen=True)
class Change:
    """What is needed to read the change between two waves from a fit.

    Attributes
    ----------
    overall : Series or None
        Weights of the coefficients, by their names; None when no role was seen at both waves.
    by_role : dict of str to Series
        The same for each role whose change can be told from the rows.
    weights : dict of str to float
        Share of each of these roles in the overall change.
    left_out : tuple of str
        Roles whose change cannot be told.
    """

    overall: pd.Series | None
    by_role: dict[str, pd.Series]
    weights: dict[str, float]
    left_out: tuple[str, ...]


def change_contrasts(
    fixed: str,
    rows: pd.DataFrame,
    first: str,
    last: str,
    weights: Mapping[str, float],
    setting: Mapping[str, Any] | None = None,
) -> Change:
    """Contrasts of the change from one wave to another.

    For a role, the mean over its rows of ``X(wave = last) - X(wave = first)``; overall, the mean of the roles by
    their shares, scaled over the roles whose change can be told (whose contrast lies in the row space of X).

    Parameters
    ----------
    fixed : str
        Fixed part of the formula, as formulaic reads it.
    rows : DataFrame
        Rows of the fit, with ``wave``, ``months`` and ``role``.
    first, last : str
        Waves.
    weights : mapping of str to float
        Share of each role.
    setting : mapping of str to object, optional
        Variables that all rows are given one value of, as a level of a moderator.

    Returns
    -------
    Change
    """
    from formulaic import model_matrix

    matrix = model_matrix(fixed, rows)
    x = np.asarray(matrix, dtype=float)
    names = list(matrix.columns)
    by_role: dict[str, pd.Series] = {}
    left_out = []
    step = _step(matrix.model_spec, rows.assign(**dict(setting or {})), first, last)
    for role in rows["role"].cat.categories:
        contrast = step[(rows["role"] == role).to_numpy()].mean(axis=0)
        if estimable(contrast, x):
            by_role[role] = pd.Series(contrast, index=names)
        else:
            left_out.append(str(role))
    total = sum(weights[role] for role in by_role)
    shares = {role: weights[role] / total for role in by_role}
    overall = sum((shares[role] * by_role[role] for role in by_role), start=pd.Series(0.0, index=names))
    return Change(overall if by_role else None, by_role, shares, tuple(left_out))


def slope(columns: str, rows: pd.DataFrame, first: str, last: str) -> pd.Series:
    """The same difference for the columns of a random term: what a group's own effects add to its change.

    Returns
    -------
    Series
        By the term's column names; all zero when the term does not depend on the wave.
    """
    from formulaic import model_matrix

    matrix = model_matrix(columns, rows)
    step = _step(matrix.model_spec, rows, first, last)
    return pd.Series(step.mean(axis=0), index=list(matrix.columns))


def start(columns: str, rows: pd.DataFrame, first: str) -> pd.Series:
    """The columns of a random term at a wave, by name (mean over rows)."""
    from formulaic import model_matrix

    matrix = model_matrix(columns, rows)
    at_first = np.asarray(matrix.model_spec.get_model_matrix(_at(rows, first)), dtype=float)
    return pd.Series(at_first.mean(axis=0), index=list(matrix.columns))


def estimable(contrast: Vector, x: Vector) -> bool:
    """Whether a contrast lies in the row space of a matrix: rows that tell it exist."""
    gram = x.T @ x
    scale = np.sqrt(np.diag(gram))
    scale[scale == 0] = 1.0
    scaled = contrast / scale
    told = np.linalg.pinv(gram / np.outer(scale, scale), rcond=1e-12, hermitian=True)
    projected = (gram / np.outer(scale, scale)) @ (told @ scaled)
    return bool(np.abs(projected - scaled).max() <= TOLERANCE * max(np.abs(scaled).max(), 1e-300))


def _step(spec: Any, rows: pd.DataFrame, first: str, last: str) -> Vector:
    """Model matrix of all rows as if answered at one wave, less the same at another."""
    both = np.asarray(spec.get_model_matrix(pd.concat([_at(rows, first), _at(rows, last)])), dtype=float)
    step: Vector = both[len(rows) :] - both[: len(rows)]
    return step


def _at(rows: pd.DataFrame, wave: str) -> pd.DataFrame:
    """Rows as if all had been answered at a wave, at the median of its dates."""
    months = rows.loc[rows["wave"] == wave, "months"].median()
    waves = pd.Categorical([wave] * len(rows), categories=rows["wave"].cat.categories)
    return rows.assign(wave=waves, months=months)
