"""Rule ``summarise_ratings``: ratings of areas and attendance at events, by area and overall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.parts import part_of

Rows = list[dict[str, Any]]


def summarise_ratings(
    ratings: pd.DataFrame,
    attendance: pd.DataFrame,
    evidence: Sequence[Mapping[str, Any]],
    areas: Sequence[str],
) -> dict[str, pd.DataFrame]:
    """Means of ratings and counts of people by area and occasion.

    Parameters
    ----------
    ratings : DataFrame
        ``evidence, area, item, occasion, value``, one row a rating.
    attendance : DataFrame
        ``area, occasion, group, count``.
    evidence : sequence of mapping
        ``id`` of each set of ratings and its ``elements`` and ``occasions`` (pairs of code and name, in order).
    areas : sequence of str

    Returns
    -------
    dict
        ``part`` with the tables ``ratings`` and ``attendance``. Behind a rating stands a judgement of a workshop or
        a coder, no single respondent: its cells have no ``n``. Those of attendance count people.
    """
    tables: dict[str, Rows] = {"ratings": [], "attendance": attendance_rows(attendance, areas, _occasions(evidence))}
    for one in evidence:
        own = ratings.loc[ratings["evidence"] == one["id"]]
        for item, name in one["elements"]:
            for occasion, label in one["occasions"] or [["", ""]]:
                given = own.loc[(own["item"] == item) & (own["occasion"] == occasion)]
                group = ".".join(word for word in (one["id"], item, occasion) if word)
                words = f"{name}, {label}" if label else name
                tables["ratings"] += _ratings(given, group, words, areas)
    return {"part": part_of("summarise_ratings", tables)}


def _occasions(evidence: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Occasions in words; of a code that two sets of ratings have, the first one's."""
    return {code: label for one in reversed(evidence) for code, label in one["occasions"]}


def _ratings(given: pd.DataFrame, group: str, words: str, areas: Sequence[str]) -> Rows:
    rows: Rows = []
    if given.empty:
        return rows
    for area in ["", *areas]:
        values = given.loc[given["area"] == area, "value"] if area else given["value"]
        shared = {"area": area, "group": group, "group_label": words, "estimand": "mean rating"}
        if len(values) or not area:
            rows.append({"column": "n", "kind": "count", "value": len(values), **shared})
            rows.append({"column": "mean", "kind": "mean", "value": float(values.mean()), **shared})
    return rows


def attendance_rows(attendance: pd.DataFrame, areas: Sequence[str], occasions: Mapping[str, str]) -> Rows:
    """People at each occasion by group and area; areas add up to the total. ``occasions``: label by code."""
    rows: Rows = []
    for (occasion, group), own in attendance.groupby(["occasion", "group"], sort=True):
        name = f"{occasion}.{group}"
        counts = own.groupby("area")["count"].sum()
        words = f"{occasions.get(str(occasion)) or _words(str(occasion))}, {str(group).replace('_', ' ')}"
        shared = {"column": "n", "kind": "count", "group": name, "group_label": words, "sum": name,
                  "estimand": "people who took part"}  # fmt: skip
        total = int(counts.sum())
        rows.append({**shared, "value": total, "n": total, "total": True})
        rows += [{**shared, "area": area, "value": int(counts[area]), "n": int(counts[area])}
                 for area in areas if area in counts.index]  # fmt: skip
        if total != sum(row["value"] for row in rows if row["group"] == name and not row.get("total")):
            raise ValueError(f"attendance at {occasion}: areas outside the study")
    return rows


def _words(code: str) -> str:
    """A code as words that begin a label."""
    words = code.replace("_", " ")
    return words[:1].upper() + words[1:]
