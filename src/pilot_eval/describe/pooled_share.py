"""A share with an interval that allows for answers that come in clusters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def pooled_share(agree: NDArray[np.bool_], clusters: NDArray[np.str_], level: float = 0.95) -> dict[str, float | None]:
    """Share who agree, its design effect and interval.

    The variance between clusters (Taylor linearisation of a ratio of cluster totals) gives the effective number of
    answers; Wilson's interval is computed of it, with Student's t of as many degrees of freedom as clusters, less one.

    Parameters
    ----------
    agree, clusters : array of shape (n,)
        Whether each respondent agrees, and the cluster that each belongs to.
    level : float

    Returns
    -------
    dict
        ``agree low high deff``; None throughout without answers. With a single cluster, or where all or none agree, the
        spread between clusters is not known: then there is no interval, or that of independent clusters.

    References
    ----------
    Korn, E. L. & Graubard, B. I. (1998). Confidence intervals for proportions with small expected number of positive
    counts estimated from survey data. Survey Methodology 24(2); Dean, N. & Pagano, M. (2015). Evaluating confidence
    interval methods for binomial proportions in clustered surveys. Journal of Survey Statistics and Methodology 3(4)
    (Wilson's interval of the effective number).
    """
    from scipy.special import stdtrit

    n = len(agree)
    if not n:
        return dict.fromkeys(("agree", "low", "high", "deff"))
    share = float(agree.mean())
    names, member = np.unique(clusters, return_inverse=True)
    number = len(names)
    if number < 2:
        return {"agree": share, "low": None, "high": None, "deff": None}
    residuals = np.bincount(member, weights=agree - share, minlength=number)
    variance = float((residuals**2).sum()) * number / (number - 1) / n**2
    simple = share * (1 - share) / n
    # All or none agree: the spread is not seen, and each cluster counts as one answer.
    deff = variance / simple if simple else n / number
    effective = n / max(deff, 1.0)
    quantile = float(stdtrit(number - 1, (1 + level) / 2)) ** 2
    middle = (share + quantile / (2 * effective)) / (1 + quantile / effective)
    spread = share * (1 - share) / effective + quantile / (4 * effective**2)
    half = np.sqrt(quantile * spread) / (1 + quantile / effective)
    return {
        "agree": share, "low": max(0.0, float(middle - half)), "high": min(1.0, float(middle + half)),
        "deff": deff if simple else None,
    }  # fmt: skip
