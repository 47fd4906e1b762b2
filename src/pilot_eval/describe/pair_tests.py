"""Tests of paired answers and the effect sizes printed with them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


def paired(first: Vector, last: Vector, level: float = 0.95) -> dict[str, float | None]:
    """Paired comparison of two answers of the same respondents.

    Parameters
    ----------
    first, last : array of shape (n,)
        Finite.
    level : float
        Level of the interval.

    Returns
    -------
    dict
        ``n mean_first mean_last change sd_change low high t df p d_z d_z_low d_z_high wilcoxon wilcoxon_p``; None
        where too few answers or a change that is the same for all leave a number undefined. Change is last minus
        first. Wilcoxon's test as R does it: zeros dropped, normal approximation with continuity correction;
        ``wilcoxon`` is the sum of the positive ranks.
    """
    from scipy import stats

    n = len(first)
    change = last - first
    found: dict[str, float | None] = {
        "n": n,
        "mean_first": float(first.mean()) if n else None,
        "mean_last": float(last.mean()) if n else None,
        "change": float(change.mean()) if n else None,
    }
    names = ("sd_change", "low", "high", "t", "df", "p", "d_z", "d_z_low", "d_z_high", "wilcoxon", "wilcoxon_p")
    found |= dict.fromkeys(names)
    if n < 2:
        return found
    spread = float(change.std(ddof=1))
    found |= {"sd_change": spread, "df": n - 1}
    if spread <= 1e-12 * max(1.0, float(np.abs(change).max())):
        return found | {"sd_change": 0.0}
    test = stats.ttest_rel(last, first)
    interval = test.confidence_interval(level)
    found |= {
        "low": float(interval.low), "high": float(interval.high), "t": float(test.statistic), "p": float(test.pvalue),
        "d_z": float(change.mean()) / spread,
    }  # fmt: skip
    return found | _d_z_interval(float(test.statistic), n, level) | _wilcoxon(change)


def _d_z_interval(t: float, n: int, level: float) -> dict[str, float | None]:
    """Interval of the mean change in standard deviations of the change, from the noncentral t distribution.

    References
    ----------
    Steiger, J. H. & Fouladi, R. T. (1997). Noncentrality interval estimation. In: What if there were no significance
    tests?, chapter 9.
    """
    from scipy.special import nctdtrinc

    # of a negative t the mirror image: the function is at home above zero
    ends = sorted(float(np.sign(t) or 1.0) * float(nctdtrinc(n - 1, share, abs(t))) / np.sqrt(n)
                  for share in ((1 + level) / 2, (1 - level) / 2))  # fmt: skip
    low, high = (end if np.isfinite(end) else None for end in ends)
    return {"d_z_low": low, "d_z_high": high}


def _wilcoxon(change: Vector) -> dict[str, float | None]:
    from scipy import stats

    moved = change[change != 0]
    if not len(moved):
        return {}
    ranks = stats.rankdata(np.abs(moved))
    test = stats.wilcoxon(moved, zero_method="wilcox", correction=True, method="approx")
    return {"wilcoxon": float(ranks[moved > 0].sum()), "wilcoxon_p": float(test.pvalue)}


def independent(first: Vector, last: Vector, level: float = 0.95) -> dict[str, float | None]:
    """Welch's comparison of two waves as if different people had answered: ``change low high t df p``.

    Parameters
    ----------
    first, last : array of shape (n,), (m,)

    Returns
    -------
    dict
        None throughout, but for ``change``, where a wave has fewer than two answers or nothing varies.
    """
    from scipy import stats

    change = float(last.mean() - first.mean()) if len(first) and len(last) else None
    found: dict[str, float | None] = {"change": change} | dict.fromkeys(("low", "high", "t", "df", "p"))
    if min(len(first), len(last)) < 2 or first.std() + last.std() == 0:
        return found
    test = stats.ttest_ind(last, first, equal_var=False)
    interval = test.confidence_interval(level)
    return found | {
        "low": float(interval.low), "high": float(interval.high), "t": float(test.statistic), "df": float(test.df),
        "p": float(test.pvalue),
    }  # fmt: skip


def mean_interval(values: Vector, level: float = 0.95) -> dict[str, float | None]:
    """``n mean sd low high`` of independent answers, the interval by Student's t."""
    from scipy import stats

    n = len(values)
    found: dict[str, float | None] = {"n": n, "mean": float(values.mean()) if n else None}
    found |= dict.fromkeys(("sd", "low", "high"))
    if n < 2:
        return found
    spread = float(values.std(ddof=1))
    half = float(stats.t.ppf((1 + level) / 2, n - 1)) * spread / np.sqrt(n)
    return found | {"sd": spread, "low": float(values.mean()) - half, "high": float(values.mean()) + half}
