"""Responses drawn from a fit, and scaled quantile residuals from them (as R's DHARMa; Dunn & Smyth 1996).

A row's residual is its place among responses simulated for it, with ties broken at random: uniform on (0, 1)
wherever the model holds, whatever the family.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..arrays import Floats
from ..errors import ModelError
from ..simulate import generator

if TYPE_CHECKING:
    from .fit import GeneralizedFit


def draw(fit: GeneralizedFit, replicates: range, seed: int) -> Floats:
    """New responses (n, len(replicates)), coded as `fit.response`, with new random effects."""
    problem, arrays = fit.problem, fit.problem.arrays
    extra, beta, theta = arrays.split(fit.optimum.psi)
    fixed = arrays.offset + arrays.x @ beta
    halves = problem.t_internal(theta)
    out = np.empty((problem.n, len(replicates)))
    for place, k in enumerate(replicates):
        rng = generator(seed, k)
        eta = fixed.copy()
        for z, codes, half, grouping in zip(arrays.z, arrays.codes, halves, problem.groupings, strict=True):
            u = rng.standard_normal((grouping.n_groups, len(half))) @ half.T
            eta += np.einsum("nq,nq->n", z, u[codes])
        out[:, place] = arrays.family.draw(eta, extra, rng)
    return out


@dataclass(frozen=True)
class SimulatedResiduals:
    """`residuals` (n,) uniform where the model holds; `simulated` (n, draws) and `observed` (n,) behind them."""

    residuals: pd.Series
    observed: Floats
    simulated: Floats
    seed: int

    def by_group(self, groups: Any) -> SimulatedResiduals:
        """Residuals of group sums: one per group, for what single answers are too coarse to show."""
        codes, labels = pd.factorize(pd.Series(np.asarray(groups)), sort=True)
        if len(codes) != len(self.observed) or (codes < 0).any():
            raise ModelError(f"by_group: give one group for each of the {len(self.observed)} rows used, none missing")
        size = len(labels)
        observed = np.bincount(codes, self.observed, size)
        sums = np.stack([np.bincount(codes, column, size) for column in self.simulated.T], axis=1)
        return _scaled(observed, sums, pd.Index(labels), self.seed)

    def tests(self) -> pd.DataFrame:
        """`statistic` and two-sided `p` of uniformity, dispersion, outliers and zeros.

        uniformity: Kolmogorov-Smirnov distance; dispersion: the variance of the responses around the simulated
        means, over the mean of the same in the simulations; outliers: rows outside all simulations, binomial;
        zeros: number of zeros over its mean in the simulations. p of dispersion and zeros: their place among the
        simulations.
        """
        from scipy.stats import binomtest, kstest

        n, draws = self.simulated.shape
        uniform = kstest(self.residuals.to_numpy(), "uniform")
        centre = self.simulated.mean(axis=1)
        spread = np.mean((self.simulated - centre[:, None]) ** 2, axis=0)
        outside = (self.observed < self.simulated.min(axis=1)) | (self.observed > self.simulated.max(axis=1))
        outliers = int(outside.sum())
        rows = {
            "uniformity": (float(uniform.statistic), float(uniform.pvalue)),
            "dispersion": _place(float(np.mean((self.observed - centre) ** 2)), spread),
            "outliers": (outliers / n, float(binomtest(outliers, n, 2.0 / (draws + 1.0)).pvalue)),
            "zeros": _place(float(np.mean(self.observed == 0)), np.mean(self.simulated == 0, axis=0)),
        }
        return pd.DataFrame.from_dict(rows, orient="index", columns=["statistic", "p"])


def _place(value: float, draws: Floats) -> tuple[float, float]:
    """Ratio to the mean of the draws, and twice the smaller share of draws on either side."""
    mean = float(draws.mean())
    p = 2.0 * min((1 + np.sum(draws <= value)) / (len(draws) + 1), (1 + np.sum(draws >= value)) / (len(draws) + 1))
    return (value / mean if mean else np.nan), float(min(1.0, p))


def _scaled(observed: Floats, simulated: Floats, index: pd.Index, seed: int) -> SimulatedResiduals:
    low = np.mean(simulated < observed[:, None], axis=1)
    high = np.mean(simulated <= observed[:, None], axis=1)
    draws = simulated.shape[1]
    # outside all simulations, and between two of them, the place is known to one part in the number of draws
    low, high = (
        np.where(high == low, np.maximum(low - 0.5 / draws, 0.0), low),
        np.where(high == low, np.minimum(high + 0.5 / draws, 1.0), high),
    )
    # a stream of its own, apart from those of the simulations
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(0, 1))))
    values = low + (high - low) * rng.random(len(observed))
    return SimulatedResiduals(pd.Series(values, index=index, name="simulated"), observed, simulated, seed)


def simulated_residuals(fit: Any, n: int = 250, seed: int = 1) -> SimulatedResiduals:
    """Scaled quantile residuals of a fit (glmer, clmm or lmer), random effects drawn anew.

    Parameters
    ----------
    n, seed
        Number of simulations; the same seed gives the same residuals, and simulation k depends on seed and k alone.
    """
    if n < 2:
        raise ModelError(f"simulated_residuals: n={n} simulations; 250 or more are useful")
    simulated = np.asarray(fit.simulate(n, seed), dtype=float)
    return _scaled(np.asarray(fit.response, dtype=float), simulated, fit.problem.rows.data.index, seed)
