"""Answers that speak to an outcome on its natural scale, and why others do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from pilot_eval.change.rows import answered
from pilot_eval.faults import Fault

#: What each form needs beside the item, by key of the question.
BESIDE = {"share": "trials", "count": "exposure", "weeks": "came"}
#: Added to a wait before its logarithm is taken: half a week is the least that is told.
HALF = 0.5


@dataclass(frozen=True)
class Answers:
    """Rows of one question.

    Attributes
    ----------
    rows : DataFrame
        Those of the analysis table with ``value`` (what the model explains), ``rest`` (share: trials less events),
        ``log_exposure``, ``came`` (1 over, 0 not yet), ``elapsed`` (time since the first wave, 1 at the last) and
        ``occasion`` (organisation and wave).
    refused : str
        Why there is nothing to model; empty when there is.
    faults : list of Fault
    """

    rows: pd.DataFrame
    refused: str = ""
    faults: list[Fault] = field(default_factory=list)


def answers_of(
    analysis: pd.DataFrame, question: Mapping[str, Any], roles: Sequence[str], waves: Sequence[str]
) -> Answers:
    """The rows that a question can be answered from.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table.
    question : mapping
        ``question, form, item`` and what the form needs.
    roles, waves : sequence of str
        Roles asked; waves in order.
    """
    place = f"question {question['question']}"
    item, beside = question["item"], question.get(BESIDE.get(question["form"], ""))
    if question["form"] == "share" and not beside:
        return _nothing(analysis, place, "a share needs trials, the item with the number out of which; not available")
    for name in (item, *([beside] if beside else [])):
        if name not in analysis:
            return _nothing(analysis, place, f"the answers have no {name}; not available")
    if not pd.api.types.is_numeric_dtype(analysis[item]):
        return _nothing(analysis, place, f"the answers to {item} are no numbers; not available")
    rows = answered(analysis, item, roles, waves)
    number = len(rows)
    faults = []
    kept = np.ones(number, dtype=bool)
    for kind, what, wrong in _wrong(rows, question["form"], beside):
        lost = kept & wrong
        if lost.any():
            saw = f"{int(lost.sum())} answers {what} and are not in the model"
            faults.append(Fault(kind, "WARN", place, saw, _expected(question["form"]), "Check the codebook and the "
                                "deliveries", count=int(lost.sum())))  # fmt: skip
            kept &= ~wrong
    if question["form"] == "share":
        kept &= _numbers(rows[beside]) > 0  # who had none to begin with tells nothing of the share
    rows = _completed(rows.loc[kept].reset_index(drop=True), question["form"], beside, waves)
    if question["matched"]:
        ends = [set(rows.loc[rows["wave"] == wave, "respondent"]) for wave in (waves[0], waves[-1])]
        rows = rows.loc[rows["respondent"].isin(ends[0] & ends[1])].reset_index(drop=True)
    for name in ("wave", "role"):
        rows[name] = rows[name].cat.remove_unused_categories()
    refused = _refusal(rows, question, waves)
    if refused:
        kind, reason = refused
        action = "Check the plan, the codebook and the deliveries"
        faults.append(Fault(kind, "WARN", place, reason, _expected(question["form"]), action))
        return Answers(rows, reason, faults)
    return Answers(rows, "", faults)


def _nothing(analysis: pd.DataFrame, place: str, reason: str) -> Answers:
    action = "Correct the question in models.yaml, or the codebooks"
    return Answers(analysis.iloc[:0], reason, [Fault("MOD-20", "WARN", place, reason, "answers to it", action)])


def _wrong(rows: pd.DataFrame, form: str, beside: str | None) -> Iterator[tuple[str, str, np.ndarray[Any, Any]]]:
    """Fault, what it is, and which rows have it."""
    value = rows["value"].to_numpy()
    yield "DES-03", "lack a known area", (rows["area"] == "").to_numpy()
    other = _numbers(rows[beside]) if beside else value
    if beside:
        yield "SCO-03", f"lack {beside}, or a number in it,", np.isnan(other)
    with np.errstate(invalid="ignore"):
        if form in ("share", "count"):
            yield "MOD-21", "are no counts (0, 1, 2, and so on)", (value < 0) | (value != np.round(value))
        if form == "share":
            yield "MOD-21", f"have {beside} that are no counts", (other < 0) | (other != np.round(other))
            yield "MOD-21", f"are greater than {beside}", value > other
        if form == "yes_no":
            yield "MOD-21", "are neither 0 nor 1", ~np.isin(value, (0, 1))
        if form == "count" and beside:
            yield "MOD-21", f"have {beside} that is not above zero", other <= 0
        if form == "weeks":
            yield "MOD-21", "are waits below zero", value < 0
            if beside:
                yield "MOD-21", f"have {beside} that is neither 0 nor 1", ~np.isin(other, (0, 1)) & ~np.isnan(other)


def _numbers(column: pd.Series) -> np.ndarray[Any, Any]:
    """A column as numbers; attributes are text, and what is none in it is missing."""
    return np.asarray(pd.to_numeric(column, errors="coerce"), dtype=np.float64)


def _expected(form: str) -> str:
    return {
        "share": "counts, each at most its trials",
        "yes_no": "0 and 1, both at either wave",
        "count": "counts of 0 and more, some above zero at either wave",
        "weeks": "waits of 0 and more, some over at either wave",
        "ordered": "two levels or more at either end",
    }[form]


def _completed(rows: pd.DataFrame, form: str, beside: str | None, waves: Sequence[str]) -> pd.DataFrame:
    known = _numbers(rows[beside]) if beside else np.ones(len(rows))
    months = rows.groupby("wave", observed=True)["months"].mean()
    least, most = (months.get(wave, np.nan) for wave in (waves[0], waves[-1]))
    elapsed = (rows["wave"].astype("str").map(months).astype("float64") - least) / (most - least)
    return rows.assign(
        value=np.log(rows["value"] + HALF) if form == "weeks" else rows["value"],
        weeks=rows["value"],
        rest=known - rows["value"] if form == "share" else 0.0,
        log_exposure=np.log(known) if form == "count" else 0.0,
        came=known if form == "weeks" else 1.0,
        elapsed=elapsed,
        occasion=rows["unit"].astype(str) + " at " + rows["wave"].astype(str),
    )


def _refusal(rows: pd.DataFrame, question: Mapping[str, Any], waves: Sequence[str]) -> tuple[str, str] | None:
    """Fault and reason why rows cannot tell a change; None when they can."""
    first, last = waves[0], waves[-1]
    if rows.empty:
        return "SCO-03", "nobody gave an answer that can be used; not modelled"
    there = set(rows["wave"])
    if first not in there or last not in there:
        only = ", ".join(wave for wave in waves if wave in there)
        return "MOD-03", f"there are answers at {only} only; not modelled"
    if not told_by(rows, first, last):
        return "MOD-03", f"no role answered at both {first} and {last}; not modelled"
    for wave in (first, last):
        flat = _flat(rows.loc[rows["wave"] == wave], question["form"])
        if flat:
            return "MOD-01", f"at {wave} {flat}, so that a ratio or share has no interval; not modelled"
    if question["form"] == "ordered" and rows["value"].nunique() < 2:
        return "SCO-02", "all answers are the same; not modelled"
    return None


def _flat(own: pd.DataFrame, form: str) -> str:
    """How all answers of a wave are alike; empty when they are not."""
    value = own["value"]
    if form == "share":
        return "no event was counted" if not value.any() else "all were events" if not own["rest"].any() else ""
    if form == "yes_no":
        return "" if value.nunique() > 1 else f"all answers are {value.iloc[0]:g}"
    if form == "count":
        return "" if value.any() else "all counts are 0"
    if form == "weeks":
        return "no wait was over" if not own["came"].any() else ""
    return ""


def told_by(rows: pd.DataFrame, first: str, last: str) -> list[str]:
    """Roles with answers at both waves."""
    ends = [set(rows.loc[rows["wave"] == wave, "role"]) for wave in (first, last)]
    return [role for role in rows["role"].cat.categories if role in ends[0] & ends[1]]
