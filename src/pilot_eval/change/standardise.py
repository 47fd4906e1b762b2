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
