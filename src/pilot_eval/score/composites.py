"""Composite scores, and the statistics that say whether their items hang together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def turned(analysis: pd.DataFrame, scale: Mapping[str, Any]) -> pd.DataFrame:
    """Items of a scale, those with a leading ``-`` turned: x becomes low + high - x.

    Parameters
    ----------
    analysis : DataFrame
        A column an item; an item that the data do not have is missing throughout.
    scale : mapping
        ``items minimum low high``.

    Returns
    -------
    DataFrame
        Columns named by item without the sign, float64.
    """
    columns = {}
    for entry in scale["items"]:
        name = entry.removeprefix("-")
        values = analysis[name] if name in analysis else pd.Series(np.nan, index=analysis.index)
        columns[name] = scale["low"] + scale["high"] - values if entry.startswith("-") else values
    return pd.DataFrame(columns, index=analysis.index, dtype="float64")


def mean_score(items: pd.DataFrame, minimum: int) -> pd.Series[float]:
    """Mean of the items answered, where at least ``minimum`` of them were; never 0 for nothing answered."""
    enough = items.notna().sum(axis=1) >= minimum
    return items.mean(axis=1).where(enough)


def common_items(items: pd.DataFrame, waves: pd.Series[str]) -> tuple[list[str], list[str]]:
    """Items asked at every wave at which any of them was, and those asked at some of these waves only.

    Parameters
    ----------
    items : DataFrame
        Answers to one questionnaire.
    waves : Series of str
        Wave of each row.
    """
    asked = items.notna().groupby(waves, sort=True).any()
    asked = asked[asked.any(axis=1)]
    always = [name for name in items.columns if len(asked) and asked[name].all()]
    return always, [name for name in items.columns if name not in always and asked[name].any()]


@dataclass(frozen=True)
class Unequal:
    """Items of a scale that one questionnaire did not ask at every wave.

    Attributes
    ----------
    instrument : str
    always : list of str
        Items asked at every wave.
    sometimes : dict of str to list of str
        The others, each with the waves at which it was asked.
    scored : bool
        Whether the score rests on ``always`` alone, because enough of them are left.
    """

    instrument: str
    always: list[str]
    sometimes: dict[str, list[str]]
    scored: bool


def scored_items(analysis: pd.DataFrame, scale: Mapping[str, Any]) -> tuple[pd.DataFrame, list[Unequal]]:
    """Answers that a score rests on: within a questionnaire the same items at every wave.

    Parameters
    ----------
    analysis : DataFrame
        ``instrument``, ``wave`` and the items.
    scale : mapping
        ``items minimum low high``.

    Returns
    -------
    DataFrame, list of Unequal
        Turned items, missing where they do not count; and what was not asked at every wave.
    """
    items = turned(analysis, scale)
    unequal = []
    for instrument in sorted(analysis["instrument"].unique()):
        rows = analysis["instrument"] == instrument
        own = items[rows]
        always, sometimes = common_items(own, analysis.loc[rows, "wave"])
        if not sometimes:
            continue
        enough = len(always) >= scale["minimum"]
        waves = {item: _waves(analysis.loc[own.index[own[item].notna()], "wave"]) for item in sometimes}
        unequal.append(Unequal(str(instrument), always, waves, enough))
        if enough:
            items.loc[rows, sometimes] = float("nan")
    return items, unequal


def _waves(waves: pd.Series[str]) -> list[str]:
    return [str(wave) for wave in waves.unique()]


def alpha(items: pd.DataFrame) -> float:
    """Cronbach's raw alpha of the covariance matrix with pairwise deletion, as ``psych::alpha`` in R computes it.

    Parameters
    ----------
    items : DataFrame
        Turned items.

    Returns
    -------
    float
        NaN with fewer than two items that vary.
    """
    items = items.loc[:, items.nunique() > 1]
    number = items.shape[1]
    if number < 2:
        return float("nan")
    covariances = _covariances(items)
    total = float(covariances.sum())
    # With items that run against each other the sum can have no variance, and alpha no bound.
    if not np.isfinite(total) or total <= 1e-9 * np.trace(covariances):
        return float("nan")
    return float((1 - np.trace(covariances) / total) * number / (number - 1))


def _covariances(items: pd.DataFrame) -> NDArray[np.float64]:
    """Pairwise covariances; of a single row there are none."""
    if len(items) < 2:
        return np.full((items.shape[1], items.shape[1]), np.nan)
    return items.cov().to_numpy(dtype=np.float64)


def agree(items: pd.DataFrame) -> bool:
    """Whether items go with each other on the whole: alpha is above 0 only then."""
    covariances = _covariances(items)
    return not float(np.nansum(covariances) - np.nansum(np.diag(covariances))) < 0


def item_rest(items: pd.DataFrame) -> dict[str, float]:
    """Correlation of each item with the sum of the others, from the covariances that alpha uses.

    It is ``r.drop`` of ``psych::alpha`` in R; NaN where an item or the sum of the others does not vary.
    """
    covariances = _covariances(items)
    variances, sums = np.diag(covariances), covariances.sum(axis=1)
    spread = variances * (covariances.sum() - 2 * sums + variances)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.where(spread > 1e-12, (sums - variances) / np.sqrt(spread), np.nan)
    return dict(zip(items.columns, map(float, found), strict=True))


def at_end(scores: pd.Series[float], end: float) -> float:
    """Share of scores at an end of the scale; NaN without scores."""
    known = scores.dropna()
    return float((known == end).mean()) if len(known) else float("nan")
