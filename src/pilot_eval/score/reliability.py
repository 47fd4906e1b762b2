"""Whether the items of a scale hang together: alpha, omega, item-rest correlations, loadings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
#: Iterations of the principal-axis fit, and how far one more may move a communality that has converged.
ITERATIONS, TOLERANCE = 5000, 1e-12
SETTLED = 1e-8


def alpha(items: pd.DataFrame) -> float:
    """Cronbach's raw alpha of the covariance matrix with pairwise deletion, as ``psych::alpha`` in R computes it.

    Parameters
    ----------
    items : DataFrame
        Turned items.

    Returns
    -------
    float
        NaN with fewer than two items that vary.
    """
    items = varying(items)
    number = items.shape[1]
    if number < 2:
        return float("nan")
    covariances = _covariances(items)
    total = float(covariances.sum())
    # With items that run against each other the sum can have no variance, and alpha no bound.
    if not np.isfinite(total) or total <= 1e-9 * np.trace(covariances):
        return float("nan")
    return float((1 - np.trace(covariances) / total) * number / (number - 1))


def feldt(value: float, people: int, items: int, level: float = 0.95) -> tuple[float, float]:
    """Feldt's interval of alpha: (1 - alpha) / (1 - estimate) follows an F distribution.

    Parameters
    ----------
    value : float
        The estimate.
    people, items : int
        Respondents with any answer, and items that vary.

    Returns
    -------
    low, high : float
        NaN where alpha is.

    References
    ----------
    Feldt, L. S. (1965). The approximate sampling distribution of Kuder-Richardson reliability coefficient twenty.
    Psychometrika 30(3), equation 13. ``psych::alpha.ci`` in R computes the same.
    """
    from scipy.special import fdtri

    if not np.isfinite(value) or people < 2 or items < 2:
        return float("nan"), float("nan")
    one, other, tail = people - 1, (people - 1) * (items - 1), (1 - level) / 2
    low, high = (1 - (1 - value) * fdtri(one, other, share) for share in (1 - tail, tail))
    return float(low), float(high)


@dataclass(frozen=True)
class OneFactor:
    """One common factor fitted to the items of a scale.

    Attributes
    ----------
    loadings : Series
        By item, their sum positive; empty when there is no proper solution.
    omega : float
        Share of the variance of the sum of the standardised items that the factor explains (omega total).
    """

    loadings: pd.Series[float]
    omega: float


def one_factor(items: pd.DataFrame) -> OneFactor:
    """Principal-axis fit of one factor to the pairwise correlations, iterated until it stands still.

    Parameters
    ----------
    items : DataFrame
        Turned items; those that do not vary are left out.

    Returns
    -------
    OneFactor
        Without loadings, and omega NaN, for fewer than two items, a correlation that no two answers tell, a fit that
        does not settle, or an item with no variance of its own (a Heywood case).

    References
    ----------
    McDonald, R. P. (1999). Test Theory: A Unified Treatment, equation 6.20. ``psych::fa(fm = "pa")`` in R, iterated to
    the end, has the same solution.
    """
    from statsmodels.multivariate.factor import Factor

    none = OneFactor(pd.Series(dtype="float64"), float("nan"))
    items = varying(items)
    correlations = items.corr().to_numpy(dtype=np.float64)
    # A matrix that cannot be inverted has no squared multiple correlations to begin with.
    if items.shape[1] < 2 or not np.isfinite(correlations).all() or np.linalg.cond(correlations) > 1e12:
        return none
    found = Factor(corr=correlations, n_factor=1, method="pa").fit(maxiter=ITERATIONS, tol=TOLERANCE)
    loadings = np.asarray(found.loadings, dtype=np.float64)[:, 0]
    uniqueness = 1 - loadings**2
    if not np.isfinite(loadings).all() or (uniqueness <= 0).any() or _unsettled(correlations, loadings):
        return none
    turned = loadings if loadings.sum() >= 0 else -loadings
    omega = float(1 - uniqueness.sum() / correlations.sum())
    return OneFactor(pd.Series(turned, index=items.columns), omega)


def _unsettled(correlations: Matrix, loadings: Matrix) -> bool:
    """Whether one more iteration would still move the communalities."""
    reduced = correlations.copy()
    np.fill_diagonal(reduced, loadings**2)
    values, vectors = np.linalg.eigh(reduced)
    again = values[-1] * vectors[:, -1] ** 2
    return bool(np.abs(again - loadings**2).max() > SETTLED)


def congruence(one: pd.Series[float], other: pd.Series[float]) -> float:
    """Tucker's coefficient of congruence of the loadings of two fits, over the items of both.

    Returns
    -------
    float
        1 for proportional loadings; NaN with fewer than three items in common: two always agree.
    """
    common = [item for item in one.index if item in other.index]
    if len(common) < 3:
        return float("nan")
    a, b = one[common].to_numpy(), other[common].to_numpy()
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))


def varying(items: pd.DataFrame) -> pd.DataFrame:
    """Items with more than one answer."""
    return items.loc[:, items.nunique() > 1]


def _covariances(items: pd.DataFrame) -> Matrix:
    """Pairwise covariances; of a single row there are none."""
    if len(items) < 2:
        return np.full((items.shape[1], items.shape[1]), np.nan)
    return items.cov().to_numpy(dtype=np.float64)


def agree(items: pd.DataFrame) -> bool:
    """Whether items go with each other on the whole: alpha is above 0 only then."""
    covariances = _covariances(items)
    return not float(np.nansum(covariances) - np.nansum(np.diag(covariances))) < 0


def item_rest(items: pd.DataFrame) -> dict[str, float]:
    """Correlation of each item with the sum of the others, from the covariances that alpha uses.

    It is ``r.drop`` of ``psych::alpha`` in R; NaN where an item or the sum of the others does not vary.
    """
    covariances = _covariances(items)
    variances, sums = np.diag(covariances), covariances.sum(axis=1)
    spread = variances * (covariances.sum() - 2 * sums + variances)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.where(spread > 1e-12, (sums - variances) / np.sqrt(spread), np.nan)
    return dict(zip(items.columns, map(float, found), strict=True))


def at_end(scores: pd.Series[float], end: float) -> float:
    """Share of scores at an end of the scale; NaN without scores."""
    known = scores.dropna()
    return float((known == end).mean()) if len(known) else float("nan")
