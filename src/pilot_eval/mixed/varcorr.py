"""Variance components as a table, laid out as R's as.data.frame(VarCorr(fit))."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from .arrays import Floats
from .design import Grouping


def varcorr_table(groupings: tuple[Grouping, ...], covariances: list[Floats], sigma: float | None) -> pd.DataFrame:
    """One row per variance and covariance: group, term1, term2, vcov, sdcor; the residual last (if any).

    Parameters
    ----------
    covariances
        For each factor the covariance of its effects, in squared units of the outcome.
    """
    rows: list[tuple[str, str | None, str | None, float, float]] = []
    for grouping, cov in zip(groupings, covariances, strict=True):
        start = 0
        for term in grouping.terms:
            width = len(term.names)
            sd = np.sqrt(np.maximum(np.diag(cov)[start : start + width], 0.0))
            for i, name in enumerate(term.names):
                rows.append((grouping.name, name, None, float(sd[i] ** 2), float(sd[i])))
            for i, j in combinations(range(width), 2):
                value = float(cov[start + i, start + j])
                scale = float(sd[i] * sd[j])
                rows.append((grouping.name, term.names[i], term.names[j], value, value / scale if scale else np.nan))
            start += width
    if sigma is not None:
        rows.append(("Residual", None, None, sigma**2, sigma))
    table = pd.DataFrame(rows, columns=["group", "term1", "term2", "vcov", "sdcor"])
    return table.astype({"group": object, "term1": object, "term2": object})
