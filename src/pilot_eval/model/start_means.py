"""Observed change on observed start: the naive slope, and what sampling errors alone make of it.

An area's observed start holds an error which its observed change holds with the opposite sign. So the naive slope is
negative where start and change have nothing to do with one another. By how much follows from the model: it gives the
covariance matrix of the errors of every area's two means.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pilot_eval.mixed.lmm import LmmFit

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Naive:
    """What the observed means of a level's members say.

    Attributes
    ----------
    slope : float
        Of observed change on observed start, by least squares, one point a member; NaN with fewer than three.
    expected : float
        What the model expects of it: the true slope and all that biases the naive one.
    sampling : float
        Mean sampling variance of a member's observed start.
    """

    slope: float
    expected: float
    sampling: float


def naive_slope(fit: LmmFit, rows: pd.DataFrame, group: str, first: str, last: str) -> Naive:
    """The naive slope between members of a level with answers at both waves.

    Parameters
    ----------
    fit : LmmFit
        Model of the rows with ``group`` among its random effects.
    rows : DataFrame
        Rows of the fit, in its order.
    group : str
        Grouping column.
    first, last : str
        Waves.

    Notes
    -----
    With x the means at the first wave, d the differences to the last, and S(x, d) their sample covariance over k
    members, E S(x, d) = S(E x, E d) + [tr C - (1'C 1) / k] / (k - 1), C = Cov(x, d) over all random effects and errors.
    """
    start, end = (_means(rows, group, wave) for wave in (first, last))
    both = (np.asarray(start.sum(axis=0)).ravel() > 0) & (np.asarray(end.sum(axis=0)).ravel() > 0)
    start, change = start[:, both], (end - start)[:, both]
    total, levels = _covariances(fit, [(start, start), (start, change)])
    errors = sum(float(np.trace(levels[name][0])) for name in levels if name not in _coarser(fit, group))
    sampling = errors / both.sum() if both.any() else float("nan")
    if both.sum() < 3:
        return Naive(float("nan"), float("nan"), sampling)
    values, fixed = rows["value"].to_numpy(dtype=np.float64), fit.predict(re="none").to_numpy()
    seen = _sample(start.T @ values, change.T @ values)
    known = _sample(start.T @ fixed, change.T @ fixed)
    drawn = [(np.trace(c) - c.sum() / len(c)) / (len(c) - 1) for c in total]
    expected = (known[1] + drawn[1]) / (known[0] + drawn[0])
    return Naive(float(seen[1] / seen[0]) if seen[0] > 0 else float("nan"), float(expected), sampling)


def _means(rows: pd.DataFrame, group: str, wave: str) -> Any:
    """Weights that make the members' means at a wave, sparse (rows, members)."""
    from scipy.sparse import csr_array

    codes, labels = pd.factorize(rows[group], sort=True)
    here = np.flatnonzero((rows["wave"] == wave).to_numpy())
    number = np.bincount(codes[here], minlength=len(labels))
    return csr_array((1.0 / number[codes[here]], (here, codes[here])), shape=(len(rows), len(labels)))


def _covariances(fit: LmmFit, pairs: list[tuple[Any, Any]]) -> tuple[list[Matrix], dict[str, list[Matrix]]]:
    """Covariance of weighted sums of rows, for each pair of weights: in all, and by level (errors: ``Residual``)."""
    from scipy.sparse import csr_array

    levels: dict[str, list[Matrix]] = {}
    rows = np.arange(fit.nobs)
    for grouping, covariance in zip(fit.problem.groupings, fit.covariances, strict=True):
        columns = np.concatenate([term.values for term in grouping.terms], axis=1)
        effects = [
            csr_array((columns[:, q], (rows, grouping.codes)), shape=(fit.nobs, grouping.n_groups)).T
            for q in range(columns.shape[1])
        ]
        levels[grouping.name] = [
            sum(
                covariance[a, b] * ((one @ left).T @ (other @ right)).toarray()
                for a, one in enumerate(effects)
                for b, other in enumerate(effects)
            )
            for left, right in pairs
        ]
    levels["Residual"] = [fit.sigma**2 * (left.T @ right).toarray() for left, right in pairs]
    return [sum(parts) for parts in zip(*levels.values(), strict=True)], levels


def _coarser(fit: LmmFit, group: str) -> set[str]:
    """A level and those above it: their effects are no error of its members' means."""
    names = [grouping.name for grouping in fit.problem.groupings]  # fine to coarse
    return set(names[names.index(group) :])


def _sample(x: Matrix, d: Matrix) -> tuple[float, float]:
    """Sample variance of x, and covariance with d."""
    matrix = np.cov(x, d)
    return float(matrix[0, 0]), float(matrix[0, 1])
