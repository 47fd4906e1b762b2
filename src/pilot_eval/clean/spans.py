"""Items read with the coding that held on the day of each response."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.clean.cells import Column, change_rows, read_column
from pilot_eval.clean.options import shared, spellings
from pilot_eval.clean.reading import Reading
from pilot_eval.faults import Fault, counted

#: Kinds of missing of cells that a coding does not know.
WRONG = frozenset({"unreadable", "out_of_range"})
#: In place of a coding: the cell is an answer in one of them, and nobody knows in which.
ANSWER = -1


def read_spans(
    answers: pd.DataFrame, readings: Sequence[Sequence[Reading]], source: Mapping[str, Any]
) -> dict[Reading, Column]:
    """Every item of a wave.

    Parameters
    ----------
    answers : DataFrame
        Rows of the wave.
    readings : sequence of sequence of Reading
        Of each item one reading, or one for each span of days with a coding of its own.
    source : mapping

    Returns
    -------
    dict of Reading to Column
        By the first reading of each item, in the order given.
    """
    options = {place: spellings(own) for place, own in shared([lines[0] for lines in readings]).items()}
    read = {lines[0]: read_column(answers, lines[0], source, options.get((lines[0].set, lines[0].column), {}))
            for lines in readings if not _dated(lines)}  # fmt: skip
    day = next((column.values for reading, column in read.items() if reading.use == "completed"),
               pd.Series("", index=answers.index, dtype="str"))  # fmt: skip
    return {lines[0]: read.get(lines[0]) or _by_day(answers, lines, day, source) for lines in readings}


def _dated(lines: Sequence[Reading]) -> bool:
    return len(lines) > 1 or bool(lines[0].since or lines[0].until)


def _by_day(answers: pd.DataFrame, lines: Sequence[Reading], day: pd.Series[str], source: Mapping[str, Any]) -> Column:
    """The parts of a column, each read with the coding of its days; without a day nobody knows which (CLN-35)."""
    parts, left = [], pd.Series(True, index=answers.index)
    for reading in lines:
        days = {one: bool(one) and reading.applies(one) for one in day.unique()}
        here = day.map(days).astype(bool)
        left &= ~here
        parts.append(read_column(answers[here], reading, source))
    fits = _fitting(answers[left], lines, source)
    lost = fits.index[fits == ANSWER]
    rest = read_column(answers.loc[lost], lines[0], source)
    rest.values[:] = float("nan") if lines[0].floats else ""
    rest.missing[:] = "undated"
    before = answers[lines[0].column][lost].array
    rest.changes = change_rows(answers, lost, lines[0].item, before, "", "undated",
                               "no coding of the codebook holds on its day")  # fmt: skip
    # a cell that is missing keeps its own kind; only its change must be told
    parts += [read_column(answers.loc[fits.index[fits == place]], reading, source)
              for place, reading in enumerate(lines) if (fits == place).any()]  # fmt: skip
    faults = [fault for part in parts for fault in part.faults]
    if len(lost):
        told = f"{counted(len(lost), 'answer')} of a day for which the codebook has no coding, or of no day"
        faults.append(Fault("CLN-35", "WARN", source["path"], told, "a day of completion within from and until",
                            "Treated as missing", int(answers.loc[lost[0], "_row"]), lines[0].column,
                            len(lost)))  # fmt: skip
    parts = [*parts, rest]
    return Column(
        pd.concat([part.values for part in parts]).reindex(answers.index),
        pd.concat([part.missing for part in parts]).reindex(answers.index),
        pd.concat([part.changes for part in parts]).sort_index(kind="stable"),
        faults,
    )


def _fitting(answers: pd.DataFrame, lines: Sequence[Reading], source: Mapping[str, Any]) -> pd.Series[int]:
    """For each cell that no coding holds for: ANSWER where any coding has it for an answer, else the place of the first
    that knows it as missing, or of the first at all where it is wrong in every one."""
    fits = pd.Series(0, index=answers.index)
    kinds = [read_column(answers, reading, source).missing for reading in lines]
    for place in reversed(range(len(lines))):
        fits[~kinds[place].isin(WRONG)] = place
    for kind in kinds:
        fits[kind == ""] = ANSWER
    return fits
