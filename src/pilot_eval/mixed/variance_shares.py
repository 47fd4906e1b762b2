"""Shares of variance: intraclass correlations by level and R² (Nakagawa & Schielzeth 2013; Johnson 2014)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .arrays import Floats


def random_variances(fit: Any) -> dict[str, float]:
    """Mean variance over the rows that each grouping factor adds: mean of z' Sigma z."""
    out: dict[str, float] = {}
    for grouping, cov in zip(fit.problem.groupings, fit.covariances, strict=True):
        z = np.concatenate([t.values for t in grouping.terms], axis=1)
        out[grouping.name] = float(np.einsum("ni,ij,nj->n", z, cov, z).mean())
    return out


def icc_table(random: dict[str, float], residual: float) -> pd.DataFrame:
    """By level: variance, its share, and the correlation of two rows that share the level and all above it.

    `random` runs from fine to coarse; `correlation` is the usual ICC where the factors are nested.
    """
    total = sum(random.values()) + residual
    names = list(random)
    rows = []
    for i, name in enumerate(names):
        shared = sum(random[other] for other in names[i:])
        rows.append((random[name], random[name] / total, shared / total))
    rows.append((residual, residual / total, 1.0))
    return pd.DataFrame(rows, columns=["variance", "share", "correlation"], index=pd.Index([*names, "Residual"]))


def r_squared(linear: Floats, random: dict[str, float], residual: float) -> pd.Series:
    """Marginal R² (fixed part alone) and conditional R² (fixed and random) of the linear predictor."""
    fixed = float(np.var(linear, ddof=1))
    extra = sum(random.values())
    total = fixed + extra + residual
    return pd.Series({"marginal": fixed / total, "conditional": (fixed + extra) / total})
