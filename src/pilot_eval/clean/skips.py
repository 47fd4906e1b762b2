"""Items that were asked of some respondents only: what a blank means there, and what an answer."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pilot_eval.clean.cells import Column
from pilot_eval.clean.reading import Reading
from pilot_eval.faults import Fault, counted


def apply_skips(answers: pd.DataFrame, read: Mapping[Reading, Column], file: str) -> list[Fault]:
    """Blanks of items that were not asked become ``not_asked``; answers there are kept and warned of (CLN-32).

    Parameters
    ----------
    answers : DataFrame
    read : mapping of Reading to Column
        Items in the order of the codebook; the kinds of missing are changed.
    file : str

    Returns
    -------
    list of Fault

    Notes
    -----
    Where the deciding item itself has no answer nobody knows whether the other was asked: its blanks stay ``skipped``.
    """
    faults = []
    by_item = {reading.item: column for reading, column in read.items()}
    for reading, column in read.items():
        spared = pd.Series(False, index=answers.index)
        for condition in reading.asked_if:
            gate = by_item.get(condition.item)
            if gate is not None:
                other = gate.values.notna() & ~gate.values.map(condition.holds).astype(bool)
                spared |= other | (gate.missing == "not_asked")
        column.missing[spared & (column.missing == "skipped")] = "not_asked"
        against = spared & (column.missing == "")
        if against.any():
            rule = " and ".join(f"{one.item} {one.sign} {'|'.join(f'{code:g}' for code in one.codes)}"
                                for one in reading.asked_if)  # fmt: skip
            number, row = int(against.sum()), int(answers.loc[against, "_row"].iloc[0])
            told = f"{counted(number, 'answer')} where the item was not asked"
            action = "Kept: check the routing of the questionnaire"
            faults.append(Fault("CLN-32", "WARN", file, told, f"none but where {rule}", action, row, reading.column,
                                number))  # fmt: skip
    return faults
