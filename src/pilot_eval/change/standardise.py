"""Change in standard deviations, the same way wherever it is printed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def standardised(change: float | None, start: NDArray[np.float64]) -> float | None:
    """Change in standard deviations of all answers at the start, with Hedges' correction for small samples.

    Parameters
    ----------
    change : float or None
    start : array of shape (n,)
        All answers at the first wave.

    Returns
    -------
    float or None
        None when there is no change to standardise, or fewer than three answers, or all the same.

    References
    ----------
    Hedges, L. V. (1981). Distribution theory for Glass's estimator of effect size. Journal of Educational Statistics
    6(2).
    """
    from scipy.special import gammaln

    df = len(start) - 1
    if change is None or df < 2:
        return None
    spread = float(start.std(ddof=1))
    if spread == 0:
        return None
    correction = float(np.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / np.sqrt(df / 2))
    return correction * change / spread


def standardised_interval(
    change: float | None, se: float | None, start: NDArray[np.float64], level: float = 0.95
) -> tuple[float | None, float | None]:
    """Large-sample interval of :func:`standardised`: the spread at the start is an estimate too.

    Parameters
    ----------
    change, se : float or None
        Change of the same respondents, and its standard error.
    start : array of shape (n,)
        All answers at the first wave.

    References
    ----------
    Becker, B. J. (1988). Synthesizing standardized mean-change measures. British Journal of Mathematical and
    Statistical Psychology 41(2): the variance is that of the change over the squared standard deviation, plus
    d^2 / 2 df.
    """
    from scipy.special import ndtri

    size = standardised(change, start)
    if size is None or se is None:
        return None, None
    spread = float(start.std(ddof=1))
    half = float(ndtri((1 + level) / 2)) * float(np.sqrt((se / spread) ** 2 + size**2 / (2 * (len(start) - 1))))
    return size - half, size + half
