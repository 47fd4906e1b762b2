"""Do coders of the same cases agree: Cohen's weighted kappa and Krippendorff's alpha for ordered levels."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEAST_CASES = 5
REPLICATES = 1000


@dataclass(frozen=True)
class Agreement:
    """How coders agree on the cases that two of them or more coded; NaN where nothing varies.

    Attributes
    ----------
    cases, coders : int
    same : float
        Share of the pairs of codes of one case that are the same.
    kappa, alpha : tuple of (value, low, high)
    """

    cases: int
    coders: int
    same: float
    kappa: tuple[float, float, float]
    alpha: tuple[float, float, float]


def agreement(codes: Floats, seed: int) -> Agreement:
    """Agreement of coders.

    Parameters
    ----------
    codes : array of shape (cases, coders)
        Codes, NaN where a coder did not code a case. Cases with fewer than two codes are left out.
    seed : int
        Of the bootstrap of cases, from which the intervals come (percentiles); fewer than five cases have none.
    """
    codes = codes[np.isfinite(codes).sum(axis=1) > 1]
    codes = codes[:, np.isfinite(codes).any(axis=0)] if len(codes) else codes[:, :0]
    values = [kappa(codes), alpha(codes)]
    bounds = [(np.nan, np.nan), (np.nan, np.nan)]
    if len(codes) >= LEAST_CASES:
        drawn = np.random.default_rng(seed).integers(0, len(codes), (REPLICATES, len(codes)))
        samples = np.array([[kappa(codes[rows]), alpha(codes[rows])] for rows in drawn])
        for at in (0, 1):
            known = samples[np.isfinite(samples[:, at]), at]
            if np.isfinite(values[at]) and len(known):
                low, high = np.quantile(known, [0.025, 0.975])
                bounds[at] = float(low), float(high)
    pairs = [codes[:, i] - codes[:, j] for i, j in combinations(range(codes.shape[1]), 2)]
    apart = np.concatenate(pairs) if pairs else np.array([])
    apart = apart[np.isfinite(apart)]
    same = float((apart == 0).mean()) if len(apart) else np.nan
    return Agreement(len(codes), codes.shape[1], same, (values[0], *bounds[0]), (values[1], *bounds[1]))


def kappa(codes: Floats) -> float:
    """Cohen's kappa with squared weights, the mean over pairs of coders where there are more than two (Light 1971).

    Cohen (1968, Psychological Bulletin 70, 213-220): one less the mean squared distance of a pair's codes over that of
    codes drawn from its two distributions. NaN where both give one and the same level throughout.
    """
    found = []
    for i, j in combinations(range(codes.shape[1]), 2):
        own = codes[np.isfinite(codes[:, [i, j]]).all(axis=1)]
        if len(own):
            left, right = own[:, i], own[:, j]
            # the mean over all pairings of (left - right) squared
            chance = left.var() + right.var() + (left.mean() - right.mean()) ** 2
            found.append(1.0 - float(((left - right) ** 2).mean()) / chance if chance > 0 else np.nan)
    known = [value for value in found if np.isfinite(value)]
    return float(np.mean(known)) if known else float("nan")


def alpha(codes: Floats) -> float:
    """Krippendorff's alpha for ordered levels, any number of coders and missing codes.

    Krippendorff (2013, Content Analysis, 3rd ed., chapter 12): one less observed over expected disagreement; the
    distance of two levels is the number of codes from one to the other, half of each end's own left out, squared.
    """
    given = np.isfinite(codes)
    per_case = given.sum(axis=1)
    codes, given, per_case = codes[per_case > 1], given[per_case > 1], per_case[per_case > 1]
    if not len(codes):
        return float("nan")
    levels = np.unique(codes[given])
    counts = np.stack([((codes == level) & given).sum(axis=1) for level in levels], axis=1).astype(np.float64)
    weight = 1.0 / (per_case - 1.0)
    coincidence = np.einsum("u,uc,uk->ck", weight, counts, counts) - np.diag(weight @ counts)
    totals = coincidence.sum(axis=1)
    place = np.cumsum(totals) - totals / 2.0
    distance = (place[:, None] - place[None, :]) ** 2
    expected = float(totals @ distance @ totals) / (totals.sum() - 1.0)
    return 1.0 - float((coincidence * distance).sum()) / expected if expected > 0 else float("nan")
