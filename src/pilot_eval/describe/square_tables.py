"""Tests of categories answered twice: the same respondents at two waves, clustering ignored."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]


def cross(first: NDArray[np.float64], last: NDArray[np.float64]) -> Counts:
    """Answers at the first wave by those at the last, over the codes that occur (ascending)."""
    codes = np.unique(np.concatenate([first, last]))
    table = np.zeros((len(codes), len(codes)), dtype=np.int64)
    np.add.at(table, (np.searchsorted(codes, first), np.searchsorted(codes, last)), 1)
    return table


def mcnemar(up: int, down: int, level: float = 0.95) -> dict[str, float | None]:
    """Whether as many moved up as down, of two answers.

    Parameters
    ----------
    up, down : int
        Respondents who moved from the lower answer to the higher, and the other way.
    level : float
        Level of the interval.

    Returns
    -------
    dict
        ``mcnemar mcnemar_p`` (chi-squared with continuity correction, as R's ``mcnemar.test``), ``exact_p``, ``mid_p``,
        and ``odds odds_low odds_high``, the odds of moving up, exact given that one moves. None where nobody moved;
        the odds are None where all moved one way.

    References
    ----------
    Fagerland, M. W., Lydersen, S. & Laake, P. (2013). The McNemar test for binary matched-pairs data. BMC Medical
    Research Methodology 13:91 (mid-p); Agresti, A. (2013). Categorical Data Analysis, 11.1.4 (odds).
    """
    from scipy import stats

    moved = up + down
    if not moved:
        return dict.fromkeys(("mcnemar", "mcnemar_p", "exact_p", "mid_p", "odds", "odds_low", "odds_high"))
    chi = (abs(up - down) - 1) ** 2 / moved if up != down else 0.0
    test = stats.binomtest(up, moved)
    here = float(stats.binom.pmf(min(up, down), moved, 0.5))
    share = test.proportion_ci(level, method="exact")
    inside = up > 0 and down > 0
    return {
        "mcnemar": chi, "mcnemar_p": float(stats.chi2.sf(chi, 1)), "exact_p": float(test.pvalue),
        "mid_p": float(test.pvalue) - here if up != down else 1 - here / 2,
        "odds": up / down if inside else None,
        "odds_low": float(share.low / (1 - share.low)) if inside else None,
        "odds_high": float(share.high / (1 - share.high)) if inside else None,
    }  # fmt: skip


def bowker(table: Counts) -> dict[str, float | None]:
    """Bowker's test of symmetry: ``bowker bowker_df bowker_p``.

    A pair of categories between which nobody moved says nothing and has no degree of freedom.

    References
    ----------
    Bowker, A. H. (1948). A test for symmetry in contingency tables. Journal of the American Statistical Association
    43(244).
    """
    from scipy import stats

    above, below = (part[np.triu_indices(len(table), 1)].astype(np.float64) for part in (table, table.T))
    entries = above + below > 0
    df = int(entries.sum())
    if not df:
        return dict.fromkeys(("bowker", "bowker_df", "bowker_p"))
    chi = float(((above - below)[entries] ** 2 / (above + below)[entries]).sum())
    return {"bowker": chi, "bowker_df": df, "bowker_p": float(stats.chi2.sf(chi, df))}


def stuart_maxwell(table: Counts) -> dict[str, float | None]:
    """Stuart and Maxwell's test of equal distributions at both waves: ``marginal marginal_df marginal_p``.

    Categories that nobody entered or left, empty ones among them, are dropped: they have no variance.

    References
    ----------
    Stuart, A. (1955). A test for homogeneity of the marginal distributions in a two-way classification. Biometrika
    42(3/4).
    """
    from statsmodels.stats.contingency_tables import SquareTable

    moved = table - np.diag(np.diag(table))
    kept = moved.sum(axis=0) + moved.sum(axis=1) > 0
    none: dict[str, float | None] = dict.fromkeys(("marginal", "marginal_df", "marginal_p"))
    if kept.sum() < 2:
        return none
    found = SquareTable(table[np.ix_(kept, kept)].astype(np.float64), shift_zeros=False).homogeneity()
    if not np.isfinite(found.statistic):
        return none
    return {
        "marginal": float(found.statistic), "marginal_df": float(found.df), "marginal_p": float(found.pvalue)
    }  # fmt: skip
