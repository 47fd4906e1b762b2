"""Rule ``fit_ratings``: ordered ratings of areas, their distribution by occasion and their change."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from pilot_eval.change.seed import seed_of
from pilot_eval.faults import Fault
from pilot_eval.model.descent import descent_faults
from pilot_eval.model.rated import Rows, Scheme, ends_of, level_rows, move_rows
from pilot_eval.model.rated_change import Estimate, RatedChange, rated_change
from pilot_eval.model.rated_model import refused
from pilot_eval.parts import measured, part_of
from pilot_eval.tables import fault_table

#: Beyond this logarithm an odds ratio is no number that ratings told.
LARGEST = 20.0
ODDS = ("odds_ratio", "low", "high", "p", "apart", "apart_low", "apart_high", "least_of_all")


def fit_ratings(
    ratings: pd.DataFrame, question: Mapping[str, Any], scheme: Mapping[str, Any] | None, seed: int
) -> dict[str, Any]:
    """Count ratings by level and occasion, and estimate their change.

    Parameters
    ----------
    ratings : DataFrame
        ``evidence, area, item, occasion, value``, one row a rating.
    question : mapping
        ``question`` (its name) and ``evidence``.
    scheme : mapping or None
        ``elements, occasions, levels`` of the evidence, pairs of code and name in order; None: there is no such
        evidence.
    seed : int
        Of the study.

    Returns
    -------
    dict
        ``part`` with the tables ``rating_levels``, ``rating_moves``, ``rating_change`` and ``rating_reached``, and
        ``faults``. Behind a rating stands a judgement of an area, no respondent: cells have no ``n``.
    """
    name, place = str(question["question"]), f"question {question['question']}"
    given = ratings.loc[ratings["evidence"] == question["evidence"]]
    lacks = _lacks(question["evidence"], scheme, given)
    if scheme is None or lacks:
        fault = Fault("MOD-10", "WARN", place, f"{lacks}; not available", "ratings at two occasions", "Check the plan")
        return _result({"rating_change": odds_rows(name, "All ratings", None, lacks)}, [fault])
    own = Scheme(name, *(scheme[key] for key in ("elements", "occasions", "levels")))
    ends = ends_of(given, own)
    notes = list(one_sided(ends, own, place))
    change, told = changed(ends, own, place, seed_of(seed, "fit_ratings", name))
    tables = {
        "rating_levels": [cell for row in level_rows(given, own) for cell in _counted(row, "areas at a level")],
        "rating_moves": [cell for row in move_rows(ends, own) for cell in _counted(row, "ratings at both ends")],
        "rating_change": change_rows(own, change),
        "rating_reached": reached_rows(own, change),
    }
    return _result(tables, [*notes, *told])


def _lacks(evidence: str, scheme: Mapping[str, Any] | None, given: pd.DataFrame) -> str:
    if scheme is None:
        return f"the study has no evidence {evidence}"
    if len(scheme["occasions"]) < 2:
        return f"{evidence} was rated at one occasion"
    return "" if given["value"].notna().any() else f"{evidence} has no ratings"


def _result(tables: Mapping[str, Rows], notes: Iterable[Fault]) -> dict[str, Any]:
    return {"part": part_of("fit_ratings", tables), "faults": fault_table(notes)}


def one_sided(ends: pd.DataFrame, scheme: Scheme, place: str) -> Iterable[Fault]:
    """Areas that were rated at one end only: they count at that end and have no change."""
    first, last = scheme.ends
    for area, own in ends.groupby("area", sort=True):
        if own["first"].isna().all() or own["last"].isna().all():
            only = last if own["first"].isna().all() else first
            saw = f"area {area}: rated at {only} only"
            action = "It counts at that occasion and has no change of its own"
            yield Fault("DES-02", "WARN", place, saw, f"ratings at {first} and {last}", action)


def changed(ends: pd.DataFrame, scheme: Scheme, place: str, seed: int) -> tuple[RatedChange | None, list[Fault]]:
    """The change by the model, or why there is none, and the steps down to the model that was fitted."""
    from pilot_eval.mixed import ModelError

    kind, reason = refused(ends)
    if not kind:
        try:
            change = rated_change(ends, [code for code, _ in scheme.elements], seed)
        except (ModelError, np.linalg.LinAlgError) as error:
            kind, reason = "MOD-02", f"no fit: {str(error)[:80]}"
    if kind:
        saw = f"{reason}; the change is not modelled"
        return None, [Fault(kind, "WARN", place, saw, "ratings that vary in three areas", "The counts stand alone")]
    return change, descent_faults(place, change.steps, change.singular, "areas")


def change_rows(scheme: Scheme, change: RatedChange | None) -> Rows:
    """Odds ratios of what is rated, and of all."""
    words = f"odds ratio of a higher rating, last to first occasion, averaged over areas: {_formula(change)}"
    found: Rows = []
    for item, name in scheme.elements:
        known = change.by_item.get(item) if change else None
        found += odds_rows(scheme.row(item), name, known, words)
    overall = (change.overall, None, None) if change else None
    return found + odds_rows(scheme.row(), "All, mean of what is rated", overall, words)


def odds_rows(
    group: str, label: str, known: tuple[Estimate, Estimate | None, float | None] | None, estimand: str
) -> Rows:
    """Cells of one row of odds ratios; without numbers they are not available."""
    values: dict[str, float | None] = dict.fromkeys(ODDS)
    shared: dict[str, Any] = {"group": group, "group_label": label, "estimand": estimand}
    if known is None:
        return measured(values, **shared)
    own, apart, least = known
    values = {name: _odds(number) for name, number in zip(ODDS, (own.value, own.low, own.high), strict=False)}
    found = measured({**values, "p": own.p}, **shared)
    if apart is None:
        return found + measured(dict.fromkeys(ODDS[4:]), status="z", **shared)
    ratio = {name: _odds(getattr(apart, key)) for name, key in zip(ODDS[4:], ("value", "low", "high"), strict=False)}
    return found + measured({**ratio, "least_of_all": least}, **shared)


def _odds(number: float) -> float | None:
    """An odds ratio from its logarithm; None where the ratings hardly bound it."""
    return math.exp(number) if abs(number) < LARGEST else None


def reached_rows(scheme: Scheme, change: RatedChange | None) -> Rows:
    """Probability of reaching each level above the lowest, at both ends, and its change."""
    found: Rows = []
    for level, name in scheme.levels[1:]:
        known = next((each for at, each in change.reached.items() if at >= level), None) if change else None
        all_do = change is not None and level <= change.lowest
        values: dict[str, float | None] = dict.fromkeys(("first", "last", "shift", "low", "high", "p"))
        if known and not all_do:
            first, last, shift = known
            values = {"first": first.value, "last": last.value, "shift": shift.value,
                      "low": shift.low, "high": shift.high, "p": shift.p}  # fmt: skip
        found += measured(
            values, 3, group=scheme.row(str(level)), group_label=f"{name} or higher", status="z" if all_do else "",
            estimand=f"probability of reaching the level, mean of what is rated, averaged over areas: "
            f"{_formula(change)}",
        )  # fmt: skip
    return found


def _formula(change: RatedChange | None) -> str:
    return f"cumulative logit model {change.formula}, {change.areas} areas" if change else "not modelled"


def _counted(row: Mapping[str, Any], estimand: str) -> Rows:
    labels = {key: row[key] for key in ("group", "group_label")}
    values = {key: value for key, value in row.items() if key not in labels}
    return measured(values, 2, estimand=estimand, **labels)
