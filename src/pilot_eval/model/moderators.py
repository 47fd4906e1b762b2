"""Moderators of change: a property of areas, organisations or respondents, for each answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pilot_eval.change.planned import AREA

#: Column of a moderator that is no column of the analysis table.
MADE = "moderator"
SEVERAL = "several_groups"
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Moderator:
    """A moderator for each row of the analysis table.

    Attributes
    ----------
    column : str
        Its name in a formula.
    values : Series
        Numbers, or text; missing where it is not known.
    labels : mapping of str to str
        Words for its levels.
    reason : str
        Why there is none; empty when there is one.
    """

    column: str
    values: pd.Series
    labels: Mapping[str, str]
    reason: str = ""

    @property
    def numeric(self) -> bool:
        """Whether it is a number, with a slope, and not a category."""
        return bool(pd.api.types.is_numeric_dtype(self.values))


def moderator_of(
    analysis: pd.DataFrame,
    name: str,
    ratings: pd.DataFrame,
    groups: pd.DataFrame,
    occasions: Mapping[str, Sequence[str]],
    labels: Mapping[str, str],
) -> Moderator:
    """Find a moderator by its name in the plan.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table.
    name : str
        A column of it, ``several_groups``, or an evidence with ``_start``, ``_gain`` or ``_coded``.
    ratings : DataFrame
        ``evidence, area, item, occasion, value``.
    groups : DataFrame
        ``group, name, area``: commissioning groups.
    occasions : mapping of str to sequence of str
        Evidence of the study: its occasions in order of time.
    labels : mapping of str to str
        Words for the codes of an item; with them it is a category.
    """
    if name in analysis:
        return _column(analysis[name], name, labels)
    evidence, _, what = name.rpartition("_")
    by_area: pd.Series[Any]
    if name == SEVERAL:
        by_area = _yes_or_no(groups.groupby(AREA)["group"].nunique() > 1)
    elif what == "coded" and evidence in occasions:
        coded = set(ratings.loc[(ratings["evidence"] == evidence) & ratings["value"].notna(), AREA])
        areas = sorted(set(analysis[AREA]) - {""})
        by_area = _yes_or_no(pd.Series([area in coded for area in areas], index=areas, dtype="bool"))
    elif what in ("start", "gain") and evidence in occasions:
        by_area = _rated(ratings.loc[ratings["evidence"] == evidence], occasions[evidence], what)
    else:
        return _absent(analysis, f"the study has no {name}")
    if by_area.empty:
        return _absent(analysis, f"there are no data on {name}")
    values = analysis[AREA].map(by_area)
    return Moderator(MADE, values, {NO: "No", YES: "Yes"} if set(by_area) <= {YES, NO} else {})


def _column(given: pd.Series, name: str, labels: Mapping[str, str]) -> Moderator:
    """A column of the analysis table: a category where its codes have words or are no numbers."""
    known = given.mask(given == "") if not pd.api.types.is_numeric_dtype(given) else given
    numbers = pd.to_numeric(known, errors="coerce").astype("float64")
    if labels:
        codes = numbers.map(lambda value: f"{value:g}", na_action="ignore") if numbers.notna().any() else known
        return Moderator(name, codes.astype("object"), {**labels, **{word: word for word in labels.values()}})
    if numbers.notna().sum() == known.notna().sum():
        return Moderator(name, numbers, {})
    return Moderator(name, known.astype("object"), {})


def _rated(own: pd.DataFrame, occasions: Sequence[str], what: str) -> pd.Series[float]:
    """Mean rating of each area at the first occasion, or the mean of its rises to the last."""
    there = [occasion for occasion in occasions or [""] if (own["occasion"] == occasion).any()]
    if not there or (what == "gain" and len(there) < 2):
        return pd.Series(dtype="float64")
    table = own.assign(value=own["value"].astype("float64")).pivot_table(
        index=[AREA, "item"], columns="occasion", values="value", aggfunc="first"
    )
    values = table[there[0]] if what == "start" else table[there[-1]] - table[there[0]]
    return values.groupby(AREA).mean().dropna()


def _yes_or_no(true: pd.Series[bool]) -> pd.Series[str]:
    return true.map({True: YES, False: NO}).astype("object")


def _absent(analysis: pd.DataFrame, reason: str) -> Moderator:
    return Moderator(MADE, pd.Series(np.nan, index=analysis.index), {}, reason)
