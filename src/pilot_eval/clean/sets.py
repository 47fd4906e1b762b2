"""Boxes that belong together: what a blank means beside a tick, and options that share a cell."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pilot_eval.clean.cells import Column, change_rows
from pilot_eval.clean.reading import Reading
from pilot_eval.faults import Fault

#: A yes-or-no item of which nobody says no, and so many say nothing, is probably a tick box.
LEAST_TICKS, LEAST_BLANK = 5, 0.2


def fill_ticks(answers: pd.DataFrame, read: Mapping[Reading, Column], file: str) -> list[Fault]:
    """A box that was not ticked beside one that was is a no, not a missing answer (CLN-14).

    The columns are changed; a fault says how many blanks were filled, unless the codebook's labels of the wave say that
    only a tick is delivered.
    """
    faults = []
    for name in dict.fromkeys(reading.set for reading in read if reading.set):
        boxes = {reading: column for reading, column in read.items() if reading.set == name and reading.floats}
        if not boxes:
            continue
        shown = pd.concat([column.values.notna() for column in boxes.values()], axis=1).any(axis=1)
        filled = pd.DataFrame({
            reading.item: shown & (column.missing == "skipped") for reading, column in boxes.items()
        })  # fmt: skip
        for reading, column in boxes.items():
            blank = filled[reading.item]
            column.values[blank] = 0.0
            column.missing[blank] = ""
            before = answers[reading.column][blank].array
            more = change_rows(answers, blank, reading.item, before, "0", "tick",
                               "blank in a set of boxes of which others were answered")  # fmt: skip
            column.changes = pd.concat([column.changes, more]) if len(more) else column.changes
        number = int(filled.to_numpy().sum())
        if number:
            columns = list(dict.fromkeys(reading.column for reading in boxes))
            told = f'set {name} ({", ".join(columns[:4])}{", ..." if len(columns) > 4 else ""}): {number} blanks in ' \
                   'answered sets read as "not ticked"'  # fmt: skip
            skipped = int((~shown).sum())
            action = f"{skipped} respondents skipped the whole set: missing" if skipped else ""
            declared = all(reading.delivered == (1,) for reading in boxes)
            row = int(answers.loc[filled.any(axis=1), "_row"].iloc[0])
            faults.append(Fault("CLN-14", "OK" if declared else "FIX", file, told, "", action, row, columns[0], number))
    return faults


def lonely_ticks(read: Mapping[Reading, Column], file: str) -> list[Fault]:
    """CLN-14: items outside any set that hold ticks and blanks only, so that everybody seems to say yes."""
    faults = []
    for reading, column in read.items():
        if reading.type != "binary" or not reading.floats or reading.set:
            continue
        ticks, blank = int((column.values == 1).sum()), int((column.missing == "skipped").sum())
        if ticks >= LEAST_TICKS and ticks == column.values.notna().sum() and blank > LEAST_BLANK * (ticks + blank):
            told = f"{ticks} ticks, {blank} blanks and not one no"
            action = "Name the set of the box in the codebook, so that a blank means no; blanks are missing"
            faults.append(Fault("CLN-14", "WARN", file, told, "both answers", action, None, reading.column, blank))
    return faults
