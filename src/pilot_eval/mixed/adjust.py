"""Adjustment of p-values within one family."""

from __future__ import annotations

import numpy as np

from .arrays import Floats
from .errors import ModelError

ADJUSTMENTS = ("none", "holm", "bonferroni", "tukey")


def adjust_p(p: Floats, method: str, statistic: Floats, df: Floats, n_means: int | None = None) -> Floats:
    """Adjusted p-values of a family of two-sided tests.

    Parameters
    ----------
    p, statistic, df
        Unadjusted p-values, t statistics and their degrees of freedom, shape (r,).
    n_means
        Number of means compared pairwise; Tukey's studentised range needs it.

    Raises
    ------
    ModelError
        An unknown method, or Tukey for something else than pairwise differences.
    """
    if method not in ADJUSTMENTS:
        raise ModelError(f"adjust={method!r} is not one of {', '.join(map(repr, ADJUSTMENTS))}")
    out = np.array(p, dtype=float)
    fine = ~np.isnan(out)
    k = int(fine.sum())
    if method == "none" or k == 0:
        return out
    if method == "bonferroni":
        out[fine] = np.minimum(1.0, out[fine] * k)
        return out
    if method == "holm":
        order = np.argsort(out[fine], kind="stable")
        stepped = np.maximum.accumulate(out[fine][order] * np.arange(k, 0, -1))
        back = np.empty(k)
        back[order] = np.minimum(1.0, stepped)
        out[fine] = back
        return out
    if n_means is None:
        raise ModelError("adjust='tukey' is for all pairwise differences of means; use 'holm' here")
    from scipy.stats import studentized_range

    limit = np.where(np.isinf(df), 1e6, df)
    with np.errstate(all="ignore"):
        out[fine] = studentized_range.sf(np.abs(statistic[fine]) * np.sqrt(2.0), n_means, limit[fine])
    capped: Floats = np.minimum(out, 1.0)
    return capped
