"""Time in months from the days on which people answered."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

#: Mean length of a month of the Gregorian calendar, in days.
DAYS = 30.436875


def months_between(rows: pd.DataFrame, waves: Sequence[str]) -> pd.Series[float]:
    """Months of each answer since the middle day of the first wave.

    Parameters
    ----------
    rows : DataFrame
        With ``wave``, ``months`` (nominal, of the wave) and, where days are known, ``completed`` (ISO dates or empty).
    waves : sequence of str
        In order of time.

    Returns
    -------
    Series
        An answer without a day counts as given on the middle day of its wave; a wave without days, and all of them
        where the first has none, at the nominal months.
    """
    if "completed" not in rows:
        return rows["months"]
    days = pd.to_datetime(rows["completed"].replace("", None), errors="coerce", format="ISO8601")
    begun = days[rows["wave"] == waves[0]].median()
    if pd.isna(begun):
        return rows["months"]
    found = (days - begun).dt.total_seconds() / (DAYS * 86400.0)
    middle = found.groupby(rows["wave"], observed=True).transform("median")
    months: pd.Series[float] = found.fillna(middle).fillna(rows["months"]).astype("float64")
    return months
