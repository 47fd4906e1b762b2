"""Responses given too fast, or without a look at the questions: flagged, and kept unless the study excludes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pilot_eval.clean.cells import Column
from pilot_eval.clean.dates import ISO, parse_moment, zone_of
from pilot_eval.clean.reading import Reading
from pilot_eval.faults import Fault, counted

#: Nobody reads and answers a question in fewer seconds; shorter questionnaires tell too little.
SECONDS_AN_ITEM, LEAST_ANSWERS = 3.0, 5
#: One answer throughout so many items says something only if some of them run the other way; else so many.
LEAST_MIXED, LEAST_UNIFORM = 8, 20
#: A questionnaire that takes longer than this many days was not answered in one go, or the clock was wrong.
LONGEST_DAYS = 31
FLAGS = {"qc_speed": "speeders", "qc_straight": "straight_liners", "qc_test": "test_names"}
CARELESS = ("qc_speed", "qc_straight")


def quality_flags(
    answers: pd.DataFrame, read: Mapping[Reading, Column], source: Mapping[str, Any], turned: Sequence[str]
) -> tuple[pd.DataFrame, list[Fault]]:
    """Flags of each response of a wave.

    Parameters
    ----------
    answers : DataFrame
        Rows of the wave as delivered.
    read : mapping of Reading to Column
    source : mapping
        The delivery.
    turned : sequence of str
        Items that a scale counts in reverse.

    Returns
    -------
    flags : DataFrame
        ``qc_speed``, ``qc_straight`` and ``qc_test``, true or false, and ``seconds`` (null: not known).
    faults : list of Fault
        CLN-31: durations that cannot be.
    """
    seconds, faults = _seconds(answers, read, source)
    likert = {reading: column for reading, column in read.items() if _rated(reading)}
    given = sum((column.values.notna().astype(int) for reading, column in read.items() if reading.use == "answer"),
                pd.Series(0, index=answers.index))  # fmt: skip
    fast = (seconds < SECONDS_AN_ITEM * given) & (given >= LEAST_ANSWERS)
    straight = pd.Series(False, index=answers.index)
    for block in _blocks(likert):
        straight |= _uniform(answers, block, turned)
    # what a respondent is called ingest alone knows; it hands on this much
    tests = answers["_made_up"] != "" if "_made_up" in answers else pd.Series(False, index=answers.index)
    return pd.DataFrame({"qc_speed": fast, "qc_straight": straight, "qc_test": tests, "seconds": seconds}), faults


def flag_faults(flags: pd.DataFrame, rows: pd.Series[int], source: Mapping[str, Any], exclude: Sequence[str],
                shift: str) -> Iterator[Fault]:  # fmt: skip
    """CLN-17: how many responses are flagged, what became of them, and how much hangs on them."""
    fast, straight = int(flags["qc_speed"].sum()), int(flags["qc_straight"].sum())
    if not fast + straight:
        return
    either = flags["qc_speed"] | flags["qc_straight"]
    pace = f"{fast} of {len(flags)} answered in under {SECONDS_AN_ITEM:g} s an item"
    told = f"{pace}, {straight} gave one answer throughout"
    kept = [flag for flag in CARELESS if flags[flag].any() and FLAGS[flag] not in exclude]
    action = ("Kept and flagged (qc_speed, qc_straight)" if kept else "Rejected, as exclude in study.yaml says") + shift
    yield Fault("CLN-17", "WARN", source["path"], told, "", action, int(rows[either].iloc[0]), "", int(either.sum()))


def test_faults(answers: pd.DataFrame, flags: pd.DataFrame, file: str, exclude: Sequence[str]) -> Iterator[Fault]:
    """CLN-16: responses under a name by which people try a questionnaire out; what the name is nobody need know."""
    if FLAGS["qc_test"] in exclude or not flags["qc_test"].any():
        return
    saw, expected = "a name or address by which people try things out (not shown)", "that of a respondent"
    action = "Kept and flagged (qc_test); exclude: [test_names] in study.yaml rejects it"
    told = answers.loc[flags.index[flags["qc_test"]], ["_row", "_made_up"]]
    for row, column in told.itertuples(index=False, name=None):
        yield Fault("CLN-16", "WARN", file, saw, expected, action, int(row), column)


def _rated(reading: Reading) -> bool:
    return reading.type == "likert" and reading.use == "answer" and bool(reading.labels)


def _blocks(likert: Mapping[Reading, Column]) -> list[dict[Reading, Column]]:
    """Items answered on the same scale."""
    found: dict[tuple[int, ...], dict[Reading, Column]] = {}
    for reading, column in likert.items():
        found.setdefault(tuple(sorted(reading.labels)), {})[reading] = column
    return list(found.values())


def _uniform(answers: pd.DataFrame, block: Mapping[Reading, Column], turned: Sequence[str]) -> pd.Series[bool]:
    """Responses with one answer, as it stood on the form, to every item of a block that they answered."""
    on_form = pd.DataFrame(
        {reading.item: reading.turn - column.values if reading.turn is not None else column.values
         for reading, column in block.items()}, index=answers.index,
    )  # fmt: skip
    against = [reading.item for reading in block if (reading.item in turned) != (reading.turn is not None)]
    number, other = on_form.notna().sum(axis=1), on_form[against].notna().sum(axis=1)
    mixed = (other > 0) & (other < number)
    same = on_form.max(axis=1) == on_form.min(axis=1)
    return same & (number >= mixed.map({True: LEAST_MIXED, False: LEAST_UNIFORM}))


def _seconds(
    answers: pd.DataFrame, read: Mapping[Reading, Column], source: Mapping[str, Any]
) -> tuple[pd.Series[float], list[Fault]]:
    """How long each response took: as the file says, else from its start to its end."""
    uses = {reading.use: reading for reading in read}
    seconds = pd.Series(np.nan, index=answers.index)
    faults: list[Fault] = []
    if {"started", "completed"} <= uses.keys():
        texts = [answers[uses[use].column] for use in ("started", "completed")]
        (begun, early), (ended, late) = (_moments(one, source) for one in texts)
        # an hour that clocks showed twice is read as the earlier one unless the end would come before the start
        again, _ = _moments(texts[1], source, fold=1)
        span = (ended.where(ended >= begun, again) - begun).dt.total_seconds()
        wrong = _impossible(span)
        faults += _span_faults(answers, wrong, uses["started"].column, source)
        # days without a time say nothing about minutes
        seconds = span.mask(wrong | (not (early and late)))
    if "duration" in uses:
        span = read[uses["duration"]].values * uses["duration"].seconds
        wrong = _impossible(span)
        faults += _span_faults(answers, wrong, uses["duration"].column, source)
        seconds = span.mask(wrong)
    return seconds, faults


def _impossible(seconds: pd.Series[float]) -> pd.Series[bool]:
    return (seconds < 0) | (seconds > LONGEST_DAYS * 86400)


def _span_faults(
    answers: pd.DataFrame, wrong: pd.Series[bool], column: str, source: Mapping[str, Any]
) -> Iterator[Fault]:  # fmt: skip
    """CLN-31 for durations that cannot be."""
    if wrong.any():
        number, first = int(wrong.sum()), int(answers.loc[wrong, "_row"].iloc[0])
        told = f"{counted(number, 'response')} took less than no time or more than {LONGEST_DAYS} days"
        action = "Kept, without a duration: check the clock and the unit"
        yield Fault("CLN-31", "WARN", source["path"], told, "a duration from 0 s", action, first, column, number)


def _moments(texts: pd.Series[str], source: Mapping[str, Any], fold: int = 0) -> tuple[pd.Series[Any], bool]:
    """Moments in universal time, so that differences are true across a clock change; whether any has a time of day."""
    form = source["date_format"] if source["format"] in ("csv", "xlsx") else ISO
    places, known = pd.factorize(texts)
    found: list[Any] = []
    timed = False
    for text in known:
        moment = parse_moment(text.strip(), form, source["timezone"])
        timed = timed or (moment is not None and moment.time() != dt.time())
        if moment is not None and moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone_of(source["timezone"]), fold=fold)
        try:
            found.append(pd.NaT if moment is None else moment.astimezone(dt.UTC).replace(tzinfo=None))
        except OverflowError:
            found.append(pd.NaT)
    moments = pd.array([*found, pd.NaT], dtype="datetime64[us]")
    return pd.Series(moments.take(places), index=texts.index), timed
