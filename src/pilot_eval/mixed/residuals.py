"""Simulated residuals, as DHARMa makes them: where an outcome lies among outcomes drawn from the fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .simulate import generator, simulate_general


def scaled_residuals(fit: Any, n: int, seed: int) -> pd.Series:
    """Randomised quantile residuals in (0, 1), shape (rows,); ties are broken at random, by the seed."""
    draws = simulate_general(fit, range(n), seed)
    observed = fit.problem.design.y
    below = (draws < observed[:, None] - 1e-12).sum(axis=1)
    equal = (np.abs(draws - observed[:, None]) <= 1e-12).sum(axis=1)
    uniform = generator(seed, n).uniform(size=len(observed))
    values = (below + uniform * (equal + 1.0)) / (n + 1.0)
    return pd.Series(values, index=fit.problem.rows.data.index, name="simulated")
