"""Rule ``compare_leavers``: who answered and who left, property by property, with standardised differences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pilot_eval.change.rows import organisations
from pilot_eval.parts import part_of

Rows = Iterator[dict[str, Any]]
#: A property with more levels than this tells single respondents rather than groups.
MOST_LEVELS = 12


def compare_leavers(
    analysis: pd.DataFrame,
    register: pd.DataFrame,
    attributes: Sequence[Mapping[str, Any]],
    roles: Sequence[Mapping[str, str]],
    areas: Sequence[str],
    waves: Sequence[str],
) -> dict[str, pd.DataFrame]:
    """Compare respondents who stayed with those who left, and organisations that answered with those that did not.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table of ``score``.
    register : DataFrame
        The register of organisations; empty for a study without one.
    attributes : sequence of mapping
        ``name, label`` of the properties of respondents and organisations.
    roles : sequence of mapping
        ``id, label``.
    areas, waves : sequence of str
        In order.

    Returns
    -------
    dict
        ``part`` with the tables ``leavers`` (respondents of the first wave, by role, area and property) and
        ``answering`` (organisations of the register, by kind and property, at each wave).
    """
    people = analysis.drop_duplicates(["respondent", "wave"])
    start = people.loc[people["wave"] == waves[0]]
    again = start["respondent"].isin(set(people.loc[people["wave"] == waves[-1], "respondent"]))
    named = {role["id"]: role["label"] for role in roles}
    tables: dict[str, list[dict[str, Any]]] = {"leavers": [], "answering": []}
    if len(roles) > 1:
        tables["leavers"] += _left(start, again, "role", "Role", named)
    tables["leavers"] += _left_by_area(start, again, areas)
    for one in attributes:
        if one["name"] in start:
            number = pd.api.types.is_numeric_dtype(start[one["name"]])
            tables["leavers"] += (
                _left_number(start, again, one["name"], one["label"])
                if number
                else _left(start, again, one["name"], one["label"], {})
            )
        tables["answering"] += _answering(analysis, register, one, waves)
    return {"part": part_of("compare_leavers", tables)}


def share_difference(one: float, other: float) -> float | None:
    """Standardised difference of two shares; None where neither varies.

    References
    ----------
    Austin, P. C. (2009). Balance diagnostics for comparing the distribution of baseline covariates. Statistics in
    Medicine 28(25), section 3.1.
    """
    spread = (one * (1 - one) + other * (1 - other)) / 2
    return (one - other) / float(np.sqrt(spread)) if spread > 0 else None


def _levels(values: pd.Series[str]) -> list[str]:
    """Levels of a property that groups can be told by; none where it has a single one, or too many."""
    levels = sorted(set(values[values.notna() & (values != "")].astype(str)))
    return levels if 1 < len(levels) <= MOST_LEVELS else []


def _left(start: pd.DataFrame, again: pd.Series[bool], name: str, label: str, words: Mapping[str, str]) -> Rows:
    values = start[name].astype("str")
    for level in _levels(values):
        place = {"group": f"{name}.{level}", "group_label": f"{label}: {words.get(level, level)}", "sum": name}
        yield from _stayed(start, again, values == level, values.isin(_levels(values)), place)


def _left_number(start: pd.DataFrame, again: pd.Series[bool], name: str, label: str) -> Rows:
    """A property that is measured or counted: the difference of its means, in standard deviations."""
    known = start[name].notna()
    stayed, left = start[known & again], start[known & ~again]
    spread = float(np.sqrt((stayed[name].var() + left[name].var()) / 2)) if min(len(stayed), len(left)) > 1 else 0.0
    gap = float(left[name].mean() - stayed[name].mean()) / spread if spread > 0 else None
    fewer = min((left, stayed), key=len)
    shared = {"group": name, "group_label": label}
    yield {"column": "n", "kind": "count", "value": int(known.sum()), "n": int(known.sum()), "estimand": "count",
           "n_organisations": organisations(start[known]), **shared}  # fmt: skip
    yield {"column": "difference", "kind": "estimate", "digits": 2, "unit": "standard deviations", "value": gap,
           "status": "x" if gap is None else "", "n": len(fewer), "n_organisations": organisations(fewer),
           "estimand": "mean of those who left less that of those who stayed, standardised", **shared}  # fmt: skip


def _left_by_area(start: pd.DataFrame, again: pd.Series[bool], areas: Sequence[str]) -> Rows:
    known = start["area"].isin(list(areas))
    for area in areas:
        here = start["area"] == area
        if here.any() and known.any():
            yield from _stayed(start, again, here, known, {"area": area, "group_label": "", "sum": "area"})


def _stayed(
    start: pd.DataFrame, again: pd.Series[bool], here: pd.Series[bool], known: pd.Series[bool], place: Mapping[str, Any]
) -> Rows:
    """Respondents of a level, those of them who stayed, and how much more of the level was among those who left."""
    shared = {name: value for name, value in place.items() if name != "sum"}
    begun, stayed, left = start[here], start[here & again], start[here & ~again]
    number = {True: int((known & again).sum()), False: int((known & ~again).sum())}
    gap = share_difference(len(left) / number[False], len(stayed) / number[True]) if all(number.values()) else None
    fewer = min((left, stayed), key=len)
    for column, own in (("n", begun), ("followed", stayed)):
        yield {"column": column, "kind": "count", "value": len(own), "n": len(own), "estimand": "count",
               "n_organisations": organisations(own), "sum": f"{column}.{place['sum']}", **shared}  # fmt: skip
    yield {"column": "retention", "kind": "share", "digits": 3, "value": len(stayed) / len(begun), "n": len(begun),
           "n_organisations": organisations(begun), "estimand": "share who answered at the last wave too",
           **shared}  # fmt: skip
    yield {"column": "difference", "kind": "estimate", "digits": 2, "unit": "standard deviations", "value": gap,
           "status": "x" if gap is None else "", "n": len(fewer), "n_organisations": organisations(fewer),
           "estimand": "share of the level among those who left less that among those who stayed, standardised",
           **shared}  # fmt: skip


def _answering(
    analysis: pd.DataFrame, register: pd.DataFrame, attribute: Mapping[str, Any], waves: Sequence[str]
) -> Rows:
    """Organisations by a property of the register: how many there are, and how many of them answered at a wave."""
    name = attribute["name"]
    if name not in register or register.empty:
        return
    for kind, own in register.groupby("kind", sort=True):
        values = own[name].astype("str")
        for level in _levels(values):
            for wave in waves:
                spoke = own["organisation"].isin(set(analysis.loc[analysis["wave"] == wave, "organisation"]))
                known, here = values.isin(_levels(values)), values == level
                yield from _spoke(spoke, here, known, {
                    "group": f"{kind}.{name}.{level}", "group_label": f"{attribute['label']}: {level}", "wave": wave,
                    "sum": f"{kind}.{name}.{wave}",
                })  # fmt: skip


def _spoke(spoke: pd.Series[bool], here: pd.Series[bool], known: pd.Series[bool], place: Mapping[str, Any]) -> Rows:
    shared = {name: value for name, value in place.items() if name != "sum"}
    registered, answered = int(here.sum()), int((here & spoke).sum())
    all_spoke, all_silent = int((known & spoke).sum()), int((known & ~spoke).sum())
    gap = (
        share_difference(answered / all_spoke, (registered - answered) / all_silent)
        if all_spoke and all_silent
        else None
    )
    for column, number in (("organisations", registered), ("organisations_answered", answered)):
        yield {"column": column, "kind": "count", "value": number, "n_organisations": number, "estimand": "count",
               "sum": f"{column}.{place['sum']}", **shared}  # fmt: skip
    yield {"column": "organisations_share", "kind": "share", "digits": 3, "value": answered / registered,
           "n_organisations": registered, "estimand": "share of the organisations registered", **shared}  # fmt: skip
    yield {"column": "difference", "kind": "estimate", "digits": 2, "unit": "standard deviations", "value": gap,
           "status": "x" if gap is None else "", "n_organisations": min(answered, registered - answered),
           "estimand": "share of the level among those that answered less that among the others, standardised",
           **shared}  # fmt: skip
