"""Simulated residuals, as DHARMa makes them: where an outcome lies among outcomes drawn from the fit.

A row's residual is its place among the outcomes simulated for it, ties broken at random (Dunn & Smyth 1996): uniform
on (0, 1) where the model holds, whatever the family. Random effects are drawn anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .arrays import Floats
from .errors import ModelError
from .simulate import generator, simulate_general


@dataclass(frozen=True, eq=False)
class SimulatedResiduals:
    """`values` (n,) uniform where the model holds; `observed` (n,) and `simulated` (n, draws) behind them."""

    values: pd.Series
    observed: Floats
    simulated: Floats
    seed: int

    def by_group(self, groups: Any) -> SimulatedResiduals:
        """Residuals of group sums, one per group: for what single yes-or-no answers are too coarse to show.

        Parameters
        ----------
        groups
            One label for each row used, none missing.
        """
        codes, labels = pd.factorize(pd.Series(np.asarray(groups)), sort=True)
        if len(codes) != len(self.observed) or (codes < 0).any():
            raise ModelError(f"by_group: give one group for each of the {len(self.observed)} rows used, none missing")
        size = len(labels)
        observed = np.bincount(codes, self.observed, size)
        sums = np.stack([np.bincount(codes, column, size) for column in self.simulated.T], axis=1)
        return _place(observed, sums, pd.Index(labels), self.seed)

    def tests(self) -> pd.DataFrame:
        """`statistic` and `p` of uniformity, dispersion, outliers and zeros.

        Uniformity: Kolmogorov-Smirnov distance. Dispersion: mean square around the simulated means, over the mean of
        the same in the simulations. Outliers: share of rows outside all simulations; p for more of them than
        2 / (draws + 1), so ties make it cautious. Zeros: their number over its mean in the simulations (for ordered
        answers: of the lowest category). p of dispersion and zeros: two-sided, their place among the simulations.
        """
        from scipy.stats import binomtest, kstest

        n, draws = self.simulated.shape
        uniform = kstest(self.values.to_numpy(), "uniform")
        centre = self.simulated.mean(axis=1)
        squares = np.mean((self.simulated - centre[:, None]) ** 2, axis=0)
        outside = (self.observed < self.simulated.min(axis=1)) | (self.observed > self.simulated.max(axis=1))
        outliers = int(outside.sum())
        rows = {
            "uniformity": (float(uniform.statistic), float(uniform.pvalue)),
            "dispersion": _ratio(float(np.mean((self.observed - centre) ** 2)), squares),
            "outliers": (outliers / n, float(binomtest(outliers, n, 2.0 / (draws + 1.0), "greater").pvalue)),
            "zeros": _ratio(float(np.mean(self.observed == 0)), np.mean(self.simulated == 0, axis=0)),
        }
        return pd.DataFrame.from_dict(rows, orient="index", columns=["statistic", "p"])


def _ratio(value: float, draws: Floats) -> tuple[float, float]:
    """Ratio to the mean of the draws, and twice the smaller share of draws on either side."""
    mean, n = float(draws.mean()), len(draws) + 1
    p = 2.0 * min((1 + np.sum(draws <= value)) / n, (1 + np.sum(draws >= value)) / n)
    return (value / mean if mean else np.nan), float(min(1.0, p))


def _place(observed: Floats, simulated: Floats, index: pd.Index, seed: int) -> SimulatedResiduals:
    draws = simulated.shape[1]
    below = (simulated < observed[:, None] - 1e-12).sum(axis=1)
    equal = (np.abs(simulated - observed[:, None]) <= 1e-12).sum(axis=1)
    uniform = generator(seed, draws).uniform(size=len(observed))
    values = pd.Series((below + uniform * (equal + 1.0)) / (draws + 1.0), index=index, name="simulated")
    return SimulatedResiduals(values, observed, simulated, seed)


def simulated_residuals(fit: Any, n: int, seed: int) -> SimulatedResiduals:
    """From `n` simulations; number k of them depends on the seed and on k alone."""
    if n < 2:
        raise ModelError(f"simulated_residuals: n={n} simulations; 250 or more are useful")
    return _place(fit.family.y, simulate_general(fit, range(n), seed), fit.problem.rows.data.index, seed)
