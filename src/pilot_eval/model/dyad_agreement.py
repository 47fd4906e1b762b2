"""Agreement of the two sides of a relationship: ICC(A,1) of dyads that share organisations, with areas resampled."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Vector = NDArray[np.float64]
#: Share of the replicates that must give a number, and areas below which nothing is said.
ENOUGH, LEAST_AREAS = 0.9, 3
#: Weights of areas that are worked on at a time: more would not fit where the processor is fast.
AT_ONCE = 1_000_000


def agreement(rated: pd.DataFrame, replicates: int, seed: int, level: float = 0.95) -> dict[str, float | None]:
    """Absolute agreement of a single rating, two raters a dyad, and its bootstrap interval.

    Both sides' organisations are random and stand in several dyads, so mean squares over dyads would take copies for
    independent ratings. The variances of the dyads' means and gaps are estimated instead from pairs of dyads of
    *different* areas, which share no organisation: half the mean squared difference of such pairs is all the variance,
    between areas, schools, services and what is left. With one dyad an area it is the classical ICC(A,1) exactly.

    The interval is that of a studentised bootstrap on Fisher's scale: each resample of areas tells how far its value
    lies from that of the sample, in its own standard errors (by leaving out one area at a time). Percentiles of the
    values themselves hold the truth too rarely with some twenty areas.

    Parameters
    ----------
    rated : DataFrame
        ``area left_score right_score`` of the dyads of one wave that both sides rated.
    replicates : int
        Bootstrap samples of areas.
    seed : int
    level : float

    Returns
    -------
    dict
        ``icc icc_low icc_high``; None with fewer than three areas, or where nothing varies.

    References
    ----------
    McGraw, K. O. & Wong, S. P. (1996). Forming inferences about some intraclass correlation coefficients.
    Psychological Methods 1(1), table 4, ICC(A,1).
    Davison, A. C. & Hinkley, D. V. (1997). Bootstrap methods and their application, sections 2.7.1 and 5.2.1.
    """
    none: dict[str, float | None] = dict.fromkeys(("icc", "icc_low", "icc_high"))
    codes, areas = pd.factorize(rated["area"], sort=True)
    if len(areas) < LEAST_AREAS:
        return none
    left, right = (rated[f"{side}_score"].to_numpy(dtype=np.float64) for side in ("left", "right"))
    sums = _sums((left + right) / 2, left - right, codes, len(areas))
    estimate = float(_icc(np.ones((1, len(areas))), sums)[0])
    if not np.isfinite(estimate):
        return none
    draws = np.random.default_rng(seed).multinomial(len(areas), np.full(len(areas), 1 / len(areas)), size=replicates)
    (centre,), (error,) = _on_fishers_scale(np.ones((1, len(areas))), sums)
    values, errors = _on_fishers_scale(draws.astype(np.float64), sums)
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = (values - centre) / errors
    known = apart[np.isfinite(apart)]
    if len(known) < ENOUGH * replicates or not np.isfinite(error):
        return none | {"icc": estimate}
    # the quantiles between which one more value falls with the stated probability
    below, above = np.quantile(known, [(1 - level) / 2, (1 + level) / 2], method="weibull")
    low, high = np.tanh(centre - above * error), np.tanh(centre - below * error)
    return {"icc": estimate, "icc_low": float(f"{low:.6g}"), "icc_high": float(f"{high:.6g}")}


def _on_fishers_scale(drawn: Vector, sums: dict[str, Vector]) -> tuple[Vector, Vector]:
    """Values of the samples drawn[k, a] on Fisher's scale, and their standard errors by the jackknife over areas."""
    areas = drawn.shape[1]
    step = max(1, AT_ONCE // areas**2)
    values, errors = np.empty(len(drawn)), np.empty(len(drawn))
    for at in range(0, len(drawn), step):
        part = drawn[at : at + step]
        # one copy of an area less; of one that was not drawn there is none, and the result has no weight below
        fewer = np.maximum(part[:, None, :] - np.eye(areas), 0.0).reshape(-1, areas)
        with np.errstate(invalid="ignore", divide="ignore"):
            values[at : at + step] = np.arctanh(_icc(part, sums))
            left = np.arctanh(_icc(fewer, sums)).reshape(-1, areas)
        left = np.where(part > 0, left, 0.0)
        number = part.sum(axis=1)
        off = left - ((part * left).sum(axis=1) / number)[:, None]
        errors[at : at + step] = np.sqrt((number - 1) / number * (part * off**2).sum(axis=1))
    return values, errors


def _sums(mean: Vector, gap: Vector, codes: NDArray[np.int64], areas: int) -> dict[str, Vector]:
    """What each area adds: number of dyads, sums and sums of squares of means and gaps."""
    weights = {"n": np.ones(len(gap)), "mean": mean, "mean2": mean**2, "gap": gap, "gap2": gap**2}
    return {
        name: np.bincount(codes, weights=values, minlength=areas).astype(np.float64) for name, values in weights.items()
    }


def _icc(drawn: Vector, sums: dict[str, Vector]) -> Vector:
    """ICC(A,1) where area a stands in the sample drawn[k, a] times, each copy an area of its own."""
    n = drawn @ sums["n"]
    apart = n**2 - drawn @ sums["n"] ** 2

    def between(name: str) -> Vector:
        whole = n * (drawn @ sums[f"{name}2"]) - (drawn @ sums[name]) ** 2
        within = drawn @ (sums["n"] * sums[f"{name}2"] - sums[name] ** 2)
        found: Vector = (whole - within) / apart
        return found

    number = drawn.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        of_means, of_gaps = between("mean"), between("gap")
        gap = (drawn @ sums["gap"]) / n
        # the squared gap is too large by the variance of the mean gap, areas as clusters
        off = sums["gap"][None, :] - sums["n"][None, :] * gap[:, None]
        variance = (drawn * off**2).sum(axis=1) * number / (number - 1) / n**2
        shared = of_means - of_gaps / 4
        found: Vector = shared / (of_means + of_gaps / 4 + (gap**2 - variance) / 2)
    return found
