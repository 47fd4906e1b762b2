"""What is wrong with a column's cells, or was mended in them: told row by row, by value, or as a fault of the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pilot_eval.clean.bad_cells import LARGEST_SHARE, Bad, saw, warnings
from pilot_eval.clean.judged_codes import off_scale, spikes, unweighted
from pilot_eval.clean.judged_dates import date_faults
from pilot_eval.clean.reading import Reading
from pilot_eval.clean.values import MONTHS, Cell
from pilot_eval.faults import Fault

#: Kinds that never stop a file: the cells are lost, and said to be.
SLIPS = frozenset({"CLN-09", "CLN-15", "CLN-23", "CLN-25", "ING-07"})
CODES, DATES = ("CLN-08", "CLN-10"), ("CLN-20", "CLN-22")
ADVICE = {
    "CLN-09": ("a whole number", "Treated as missing"),
    "CLN-15": ("options of the set", "Add the option to the codebook; it is not counted"),
    "CLN-24": ("a number", "Treated as missing"),
    "CLN-25": ("a finite number", "Treated as missing"),
    "ING-06": ("the declared decimal mark", "Set decimal in sources.csv, or correct the file; treated as missing"),
    "ING-07": ("a plain number", "Set thousands in sources.csv if a mark sets them apart; treated as missing"),
}
MENDED = {
    "CLN-07": "a label but for case, spaces or signs",
    "CLN-09": "a whole number but for its last digits",
    "CLN-21": "a time that clocks showed twice or never; read as summer time",
    "CLN-24": "digits of another script or width",
    "CLN-26": "yes or no in words",
}


def judge(
    rows: Any, places: Any, texts: Sequence[str], cells: Sequence[Cell], reading: Reading, source: Mapping[str, Any]
) -> list[Fault]:
    """Faults of one column.

    Parameters
    ----------
    rows : array of int
        Physical row of each cell.
    places : array of int
        Which of the different texts each cell holds.
    texts : sequence of str
    cells : sequence of Cell
        What became of each text.
    reading : Reading
    source : mapping

    Returns
    -------
    list of Fault
    """
    counts = dict(zip(texts, np.bincount(places, minlength=len(texts)).tolist(), strict=True))
    answered = sum(number for text, number in counts.items() if text.strip())
    found: list[Fault] = []

    def of(kinds: Sequence[str], attribute: str = "fault") -> Bad:
        wanted = [place for place, cell in enumerate(cells) if getattr(cell, attribute) in kinds]
        where = np.flatnonzero(np.isin(places, wanted))
        return Bad([int(rows[one]) for one in where], [texts[places[one]] for one in where], answered)

    kinds = {cell.fault for cell in cells if cell.fault}
    if kinds & set(CODES):
        found += off_scale(of(CODES), dict(zip(texts, cells, strict=True)), reading, source)
    if kinds & set(DATES) or (reading.type == "date" and answered):
        found += date_faults(of(("CLN-20",)), of(("CLN-22",)), counts, reading, source)
    if "CLN-07" in kinds:
        found += _unknown_labels(of(("CLN-07",)), reading, source)
    for kind in sorted(kinds - {*CODES, *DATES, "CLN-07"}):
        bad = of((kind,))
        found += [_stop(kind, bad, reading, source)] if bad.many and kind not in SLIPS else _each(
            kind, bad, reading, source
        )  # fmt: skip
    for kind in sorted({cell.fix for cell in cells if cell.fix}):
        found.append(_mended(kind, of((kind,), "fix"), dict(zip(texts, cells, strict=True)), reading, source))
    found += spikes(counts, cells, reading, source)
    return found + (unweighted(rows, places, cells, reading, source) if reading.use == "weight" else [])


def _each(kind: str, bad: Bad, reading: Reading, source: Mapping[str, Any]) -> list[Fault]:
    if kind != "CLN-23":
        return warnings(kind, bad, *ADVICE[kind], reading, source)
    expected = labels_of(reading) if reading.labels else reading.expected()
    found = []
    for text, row in zip(bad.texts, bad.rows, strict=True):
        action = f'A spreadsheet has turned "{undated(text)}" into a date: correct the file; treated as missing'
        found += warnings(kind, Bad([row], [text], bad.answered), expected, action, reading, source)
    return found


def _stop(kind: str, bad: Bad, reading: Reading, source: Mapping[str, Any]) -> Fault:
    expected, action = ADVICE[kind]
    share = f"{saw(bad.texts[0])} and the like in {len(bad.rows)} of {bad.answered} answers"
    action = action.replace("Treated as missing", "Correct the file, or the type in the codebook")
    return Fault(kind, "STOP", source["path"], share, expected, action, bad.rows[0], reading.column, len(bad.rows))


def _unknown_labels(bad: Bad, reading: Reading, source: Mapping[str, Any]) -> list[Fault]:
    """CLN-07: a wording that comes back, or more than a few, is the questionnaire's and no slip: the file stops."""
    counts = {text: bad.texts.count(text) for text in dict.fromkeys(bad.texts)}
    action = f"Add it to labels.{source['wave'] or 'WAVE'} in the codebook (which code?), or to missing"
    again = max(counts.values()) > 1 or len(bad.rows) > LARGEST_SHARE * bad.answered
    if reading.use != "answer" or not again:
        return warnings("CLN-07", bad, labels_of(reading), f"{action}; treated as missing", reading, source)
    told = ", ".join(f'"{text[:30]}" ({number} rows)' for text, number in list(counts.items())[:2])
    more = f" and {len(counts) - 2} more" if len(counts) > 2 else ""
    what = f"unknown label{'s' if len(counts) > 1 else ''} {told}{more}"
    return [Fault("CLN-07", "STOP", source["path"], what, labels_of(reading), action, bad.rows[0], reading.column,
                  len(bad.rows))]  # fmt: skip


def _mended(kind: str, fixed: Bad, cells: Mapping[str, Cell], reading: Reading, source: Mapping[str, Any]) -> Fault:
    text, value = fixed.texts[0], cells[fixed.texts[0]].value
    read = f"{value:g}" if isinstance(value, float) else value
    return Fault(
        kind, "FIX", source["path"], f'{saw(text)}: {MENDED[kind]}', "", f"Read as {read}, see the change log",
        fixed.rows[0], reading.column, len(fixed.rows),
    )  # fmt: skip


def labels_of(reading: Reading) -> str:
    """The labels as a message names them: all of a few, else the ends."""
    labels = [reading.labels[code] for code in sorted(reading.labels)]
    return ", ".join(labels) if sum(map(len, labels)) <= 60 else f"{labels[0]} ... {labels[-1]}"


def undated(text: str) -> str:
    """What somebody probably wrote that a spreadsheet took for a day: ``03-May`` was ``3-5``."""
    words = text[:10].split("-")
    numbers = [MONTHS.index(word.lower()) + 1 if word.lower() in MONTHS else int(word) for word in words]
    return "-".join(map(str, numbers[-2:][::-1] if len(words) == 3 else numbers))
