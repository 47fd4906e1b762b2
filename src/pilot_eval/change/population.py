"""A fit read for its whole population: every row put at a wave, for the estimate and for draws of all parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilot_eval.change.integrate import log_normal, logistic_normal, median_of_normals

if TYPE_CHECKING:
    from pilot_eval.mixed.draws import Parameters

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Population:
    """Rows of a fit put at a wave; those that are alike stand once.

    Attributes
    ----------
    x : array of shape (k, p)
        Rows of the fixed part.
    z : tuple of array of shape (k, q)
        Columns of each random factor.
    offset, share : array of shape (k,)
        Known part of the linear predictor; share of the rows that are like this one.
    """

    x: Floats
    z: tuple[Floats, ...]
    offset: Floats
    share: Floats


def put(fit: Any, rows: pd.DataFrame, offset: Floats | None = None) -> Population:
    """The population of rows as they stand (their wave changed by whoever asks).

    Parameters
    ----------
    fit : LmmFit or GlmmFit
    rows : DataFrame
        Whatever the formula names.
    offset : array of shape (n,), optional
        Such as the log of an exposure.
    """
    from pilot_eval.mixed.predict import fixed_rows, random_columns

    known = np.zeros(len(rows)) if offset is None else offset
    x = fixed_rows(fit, rows)
    z = [random_columns(fit, factor, rows) for factor in range(len(fit.problem.groupings))]
    wide, counts = np.unique(np.column_stack([x, *z, known]), axis=0, return_counts=True)
    ends = np.cumsum([x.shape[1], *(columns.shape[1] for columns in z)])
    parts = np.split(wide, ends, axis=1)
    return Population(parts[0], tuple(parts[1:-1]), parts[-1][:, 0], counts / len(rows))


def predictors(drawn: Parameters, people: Population) -> tuple[Floats, Floats]:
    """Linear predictor without random effects, and their variance in it: (draws, k) each."""
    eta = drawn.beta @ people.x.T + people.offset
    variance = np.zeros_like(eta)
    for columns, covariance in zip(people.z, drawn.covariances, strict=True):
        variance += np.einsum("kq,nqr,kr->nk", columns, covariance, columns)
    return eta, np.maximum(variance, 0.0)


def shares(drawn: Parameters, people: Population) -> Floats:
    """Probability of a yes, (draws,); of a cumulative model that of reaching each level, (draws, thresholds)."""
    eta, variance = predictors(drawn, people)
    sd = np.sqrt(variance)
    if not drawn.psi.shape[1]:
        return logistic_normal(eta, sd) @ people.share
    reached = [logistic_normal(eta - drawn.psi[:, [j]], sd) @ people.share for j in range(drawn.psi.shape[1])]
    return np.column_stack(reached)


def means(drawn: Parameters, people: Population) -> Floats:
    """Expected count, (draws,)."""
    eta, variance = predictors(drawn, people)
    return log_normal(eta, np.sqrt(variance)) @ people.share


def medians(drawn: Parameters, people: Population) -> Floats:
    """Median of a normal outcome, (draws,)."""
    eta, variance = predictors(drawn, people)
    return median_of_normals(eta, np.sqrt(variance + drawn.sigma[:, None] ** 2), people.share)


def interval(values: Floats, level: float = 0.95) -> tuple[float, float, float]:
    """Estimate (the first value) and the percentiles of the draws after it that hold ``level`` of them."""
    low, high = np.quantile(values[1:], [0.5 - level / 2, 0.5 + level / 2])
    return float(values[0]), float(low), float(high)
