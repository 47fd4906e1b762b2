"""Columns of which hardly a cell is filled: emptied on the way, or merged cells whose first alone kept its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from pilot_eval.clean.cells import Column
from pilot_eval.clean.reading import Reading
from pilot_eval.faults import Fault

#: Fewer responses tell nothing.
LEAST_ROWS = 10
#: Shares of blank cells beyond which a column was hardly filled: of answers, which people skip, and of what says when
#: and where somebody answered.
MOST_SKIPPED, MOST_UNSAID = 0.9, 0.5
SKIPPED = frozenset({"answer", "attribute", "weight"})
UNSAID = frozenset({"completed", "response", "organisation", "organisation_name", "area", "role"})


def blank_faults(answers: pd.DataFrame, read: Mapping[Reading, Column], file: str) -> Iterator[Fault]:
    """CLN-36 for columns that are blank in nearly all responses.

    Parameters
    ----------
    answers : DataFrame
        Responses in which an item was answered.
    read : mapping of Reading to Column
        Items of the wave; those asked of some only, and boxes to tick, may well be blank.
    file : str

    Yields
    ------
    Fault
    """
    number = len(answers)
    for reading, column in read.items():
        if number < LEAST_ROWS or reading.asked_if or reading.set or reading.use not in SKIPPED | UNSAID:
            continue
        blank = column.missing[answers.index] == "skipped"
        if blank.sum() <= (MOST_SKIPPED if reading.use in SKIPPED else MOST_UNSAID) * number:
            continue
        told = f"{int(blank.sum())} of {number} cells are empty"
        action = "Was it asked of all? Else ask for the export again, or give the item asked_if"
        texts = answers[reading.column][~blank].str.strip()
        if len(texts) > 1 and not blank.iloc[0] and (texts != texts.shift()).all():
            action = "It is filled only where it changes, as merged cells are: fill it down at its origin"
        yield Fault("CLN-36", "WARN", file, told, "a text in most", action, None, reading.column, int(blank.sum()))
