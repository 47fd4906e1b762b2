"""Change of ordered ratings by a cumulative logit model with area: odds, probabilities, and what moved least."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilot_eval.change.delta import delta
from pilot_eval.change.ladder import Step
from pilot_eval.change.ordered import population_change
from pilot_eval.change.population import put, shares
from pilot_eval.model.rated_model import fit_rated, long_rows

if TYPE_CHECKING:
    from pilot_eval.mixed.draws import Parameters
    from pilot_eval.mixed.glmm import GlmmFit

Floats = NDArray[np.float64]
DRAWS = 10_000


@dataclass(frozen=True)
class Estimate:
    """An estimate with its 95 % interval and p value of no change."""

    value: float
    low: float
    high: float
    p: float


@dataclass(frozen=True)
class RatedChange:
    """What the model says.

    Attributes
    ----------
    formula : str
        As fitted.
    areas : int
        Rated at both ends.
    overall : Estimate
        Log odds ratio of the population, mean over what is rated.
    by_item : dict of str to (Estimate, Estimate or None, float or None)
        Its own log odds ratio, that less the mean, and the share of draws in which it moved least; of one thing rated
        the first alone. Empty where one change was estimated for all.
    reached : dict of int to (Estimate, Estimate, Estimate)
        By level above the lowest given: probability of reaching it at the first and the last end, and its change, mean
        over what is rated.
    lowest : int
        Lowest level given, which all reach.
    steps : list of Step
    singular : bool
    """

    formula: str
    areas: int
    overall: Estimate
    by_item: dict[str, tuple[Estimate, Estimate | None, float | None]]
    reached: dict[int, tuple[Estimate, Estimate, Estimate]]
    lowest: int
    steps: list[Step]
    singular: bool


def rated_change(ends: pd.DataFrame, elements: Sequence[str], seed: int) -> RatedChange:
    """Fit the model to the ratings at both ends and read the change off it.

    Parameters
    ----------
    ends : DataFrame
        ``area, item, first, last``. A rating at one end only informs the levels, not the change; what no area has rated
        at both ends is left out.
    elements : sequence of str
        In order.
    seed : int
        Of the draws that say what moved least.

    Raises
    ------
    ModelError
        When none of the models can be fitted.
    """
    told = [item for item in elements if ends.loc[ends["item"] == item, ["first", "last"]].notna().all(axis=1).any()]
    rows = long_rows(ends.loc[ends["item"].isin(told)], told)
    fit, steps = fit_rated(rows, len(told))
    before = pd.DataFrame({"later": 0.0, "item": pd.Categorical(told, categories=told)})
    value, covariance = delta(fit, functools.partial(_read, fit, before))
    read = Reading(value, covariance, int(ends.dropna(subset=["first", "last"])["area"].nunique()))
    k = len(told)
    mean = np.full(k, 1.0 / k)
    by_item: dict[str, tuple[Estimate, Estimate | None, float | None]] = {}
    if k == 1:
        by_item[told[0]] = read.estimate(mean), None, None
    elif "*" in fit.formula:
        least = _least(value[:k], covariance[:k, :k], seed)
        for at, item in enumerate(told):
            own = np.eye(k)[at]
            by_item[item] = read.estimate(own), read.estimate(own - mean), float(least[at])
    levels = sorted(int(level) for level in rows["rating"].unique())
    by_level = {}
    for at, level in enumerate(levels[1:], start=k):
        first, last = np.zeros(len(value)), np.zeros(len(value))
        first[at], last[at + len(levels) - 1] = 1.0, 1.0
        by_level[level] = read.estimate(first), read.estimate(last), read.estimate(last - first)
    overall = read.estimate(mean)
    return RatedChange(fit.formula, read.areas, overall, by_item, by_level, levels[0], steps, fit.singular)


def _read(fit: GlmmFit, before: pd.DataFrame, parameters: Parameters) -> Floats:
    """Log odds ratio of each thing rated, then the probability of reaching each level before and after."""
    after = before.assign(later=1.0)
    change = [
        population_change(fit, parameters, before.iloc[at : at + 1], after.iloc[at : at + 1])
        for at in range(len(before))
    ]
    reached = [shares(parameters, put(fit, rows)).reshape(len(parameters.beta), -1) for rows in (before, after)]
    return np.column_stack([*change, *reached])


def _least(value: Floats, covariance: Floats, seed: int) -> Floats:
    """How often each of several changes is the least, when they are drawn from their normal distribution."""
    values, vectors = np.linalg.eigh(covariance)
    # the symmetric root does not depend on the signs of eigenvectors, which differ between machines
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    drawn = value + np.random.default_rng(seed).standard_normal((DRAWS, len(value))) @ root
    return np.bincount(drawn.argmin(axis=1), minlength=len(value)) / DRAWS


@dataclass(frozen=True)
class Reading:
    """What was read off a fit: values, their covariance, and the areas behind."""

    value: Floats
    covariance: Floats
    areas: int

    def estimate(self, weights: Floats) -> Estimate:
        """A weighted sum of the first values, its interval and p value by t with areas - 1 degrees of freedom."""
        from scipy.special import stdtr, stdtrit

        n, df = len(weights), max(self.areas - 1, 1)
        value = float(weights @ self.value[:n])
        se = math.sqrt(max(float(weights @ self.covariance[:n, :n] @ weights), 0.0))
        half = float(stdtrit(df, 0.975)) * se
        p = 2.0 * float(stdtr(df, -abs(value) / se)) if se > 0 else math.nan
        return Estimate(value, value - half, value + half, p)
