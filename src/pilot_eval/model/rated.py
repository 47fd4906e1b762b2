"""Ordered ratings of areas, counted: how many areas stood at each level, and how many moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Scheme:
    """What is rated, when, and on which levels: codes and their names, in order.

    Attributes
    ----------
    question : str
    elements, occasions : sequence of (code, name)
    levels : sequence of (int, name)
        Ascending.
    """

    question: str
    elements: Sequence[tuple[str, str]]
    occasions: Sequence[tuple[str, str]]
    levels: Sequence[tuple[int, str]]

    @property
    def ends(self) -> tuple[str, str]:
        """The first and the last occasion."""
        return self.occasions[0][0], self.occasions[-1][0]

    def row(self, *codes: str) -> str:
        """Name of a row of a table."""
        return ".".join((self.question, *codes))


def ends_of(ratings: pd.DataFrame, scheme: Scheme) -> pd.DataFrame:
    """Ratings at both ends side by side: ``area, item, first, last``, missing where an area was not rated."""
    wide = ratings.dropna(subset="value").pivot(index=["area", "item"], columns="occasion", values="value")
    wide = wide.reindex(columns=list(scheme.ends))
    return wide.set_axis(["first", "last"], axis=1).dropna(how="all").reset_index()


def level_rows(ratings: pd.DataFrame, scheme: Scheme) -> Iterator[dict[str, Any]]:
    """Per thing rated, occasion and level: areas rated, areas at the level, and their share."""
    given = ratings.dropna(subset="value")
    for item, name in scheme.elements:
        for occasion, label in scheme.occasions:
            values = given.loc[(given["item"] == item) & (given["occasion"] == occasion), "value"].astype("int64")
            for level, words in scheme.levels if len(values) else ():
                at = int((values == level).sum())
                yield {
                    "group": scheme.row(item, occasion, str(level)),
                    "group_label": f"{name}, {label}: {words}",
                    "rated": len(values), "at_level": at, "share": at / len(values),
                }  # fmt: skip


def median_level(values: pd.Series) -> int | None:
    """The lower median: at least half stand at or below it, and it is a level that was given; None of nothing."""
    known = values.dropna().sort_values()
    return int(known.iloc[(len(known) - 1) // 2]) if len(known) else None


def move_rows(ends: pd.DataFrame, scheme: Scheme) -> Iterator[dict[str, Any]]:
    """Of each thing rated and of all: areas (ratings) at both ends and at one only, and which way they went."""
    for item, name in scheme.elements:
        own = ends.loc[ends["item"] == item]
        medians = {f"median_{end}": median_level(own[end]) for end in ("first", "last")}
        yield {"group": scheme.row(item), "group_label": name, **moves(own), **medians}
    yield {"group": scheme.row(), "group_label": "All ratings", **moves(ends)}


def moves(ends: pd.DataFrame) -> Mapping[str, int]:
    """How many ratings there are at both ends, at the first or the last only; of the former, which way they went."""
    both = ends.dropna(subset=["first", "last"])
    step = both["last"] - both["first"]
    return {
        "both": len(both),
        "only_first": int((ends["first"].notna() & ends["last"].isna()).sum()),
        "only_last": int((ends["first"].isna() & ends["last"].notna()).sum()),
        "rose": int((step > 0).sum()), "same": int((step == 0).sum()), "fell": int((step < 0).sum()),
    }  # fmt: skip
