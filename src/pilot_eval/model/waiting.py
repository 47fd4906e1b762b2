"""Waits by Kaplan and Meier: medians that assume no distribution, and how many waits were not over yet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Waits:
    """Waits at one wave: share not over yet, median weeks with its 95 % interval (NaN where it is not reached)."""

    open: float
    median: float
    low: float
    high: float


def waits_at(rows: pd.DataFrame) -> Waits:
    """Kaplan–Meier estimate of the median of ``weeks``, clustering ignored.

    Parameters
    ----------
    rows : DataFrame
        Of one wave: ``weeks``, and ``came`` (1 over, 0 not yet).

    Notes
    -----
    The interval holds the times at which the estimated survival does not differ from one half at the 5 % level, by
    the log-log transformation (Brookmeyer & Crowley 1982; ``SurvfuncRight.quantile_ci``).
    """
    import warnings

    from statsmodels.duration.survfunc import SurvfuncRight

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # at a survival of 0 or 1 the transformation has no value
        curve = SurvfuncRight(rows["weeks"].to_numpy(dtype=float), rows["came"].to_numpy(dtype=float))
        low, high = curve.quantile_ci(0.5)
    median, low, high = (float(end) if np.isfinite(end) else np.nan for end in (curve.quantile(0.5), low, high))
    return Waits(float(1.0 - rows["came"].mean()), median, low, high)
