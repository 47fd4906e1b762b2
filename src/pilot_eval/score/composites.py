"""Composite scores: which items of which rows they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd


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


def second_scores(analysis: pd.DataFrame, scale: Mapping[str, Any], unequal: Unequal) -> list[dict[str, Any]]:
    """A score of the common items beside that of all items asked, of those who answered all of them, by wave.

    Parameters
    ----------
    analysis : DataFrame
        ``instrument``, ``wave`` and the items.
    scale : mapping
        ``items minimum low high``.
    unequal : Unequal

    Returns
    -------
    list of dict
        ``wave items_common items_all n mean_common sd_common mean_all sd_all``, both scores of the same respondents.
    """
    own = turned(analysis, scale)[analysis["instrument"] == unequal.instrument]
    rows: list[dict[str, Any]] = []
    for wave, here in own.groupby(analysis.loc[own.index, "wave"], sort=False):
        complete = here.dropna(axis=1, how="all").dropna()
        common = complete[[name for name in unequal.always if name in complete]].mean(axis=1)
        whole = complete.mean(axis=1)
        rows.append({
            "instrument": unequal.instrument, "wave": str(wave), "items_common": len(unequal.always),
            "items_all": complete.shape[1], "n": len(complete), "mean_common": common.mean(), "sd_common": common.std(),
            "mean_all": whole.mean(), "sd_all": whole.std(),
        })  # fmt: skip
    return rows


def _waves(waves: pd.Series[str]) -> list[str]:
    return [str(wave) for wave in waves.unique()]
