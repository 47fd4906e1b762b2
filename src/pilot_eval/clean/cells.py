"""All cells of one item at one wave: read once per different text, logged where more than the typing changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pilot_eval.clean.dates import form_of, parse_day, read_date
from pilot_eval.clean.reading import Reading
from pilot_eval.clean.values import NUMBER, Cell, read_code, read_text, read_words
from pilot_eval.faults import Fault
from pilot_eval.tables import CHANGE_COLUMNS

#: A kind of bad cell is the file's fault, not a slip, when it shows in so many rows and in this share of the answers.
LEAST_ROWS, LARGEST_SHARE = 5, 0.02
#: More bad cells of one kind in a column than this are reported by value instead of row by row.
SHOWN_BY_ROW = 20
ACTIONS = {
    "CLN-07": ("one of the labels", "Add the label to the codebook for this wave, or declare it missing"),
    "CLN-09": ("a whole number", "Treated as missing"),
    "CLN-20": ("a date", "Treated as missing"),
    "CLN-22": ("a day of the wave", "Treated as missing; the months of the wave are used"),
    "CLN-23": ("one of the answers", "A spreadsheet has turned it into a date; treated as missing"),
    "CLN-24": ("a number", "Treated as missing"),
    "CLN-25": ("a finite number", "Treated as missing"),
    "ING-06": ("the declared decimal mark", "Set decimal in sources.csv, or correct the file; treated as missing"),
    "ING-07": ("a plain number", "Treated as missing"),
}


@dataclass
class Column:
    """An item's cells at one wave.

    Attributes
    ----------
    values : Series
        Cleaned values: float64, or text with ``""`` for missing.
    missing : Series of str
        Kind of missing, ``""`` where there is a value.
    changes : DataFrame
        Columns of the change log.
    faults : list of Fault
    """

    values: pd.Series[Any]
    missing: pd.Series[str]
    changes: pd.DataFrame
    faults: list[Fault] = field(default_factory=list)


def read_column(answers: pd.DataFrame, reading: Reading, source: Mapping[str, Any]) -> Column:
    """Read one delivered column.

    Parameters
    ----------
    answers : DataFrame
        Rows of the wave, with ``_file _row _id``.
    reading : Reading
    source : mapping
        The delivery: ``path decimal date_format timezone format``.

    Returns
    -------
    Column
    """
    texts = answers[reading.column]
    cells = {text: _read(text, reading, source) for text in texts.unique()}
    values = texts.map({text: cell.value for text, cell in cells.items()})
    values = values.astype("float64") if reading.floats else values.astype("str").fillna("")
    missing = texts.map({text: cell.kind for text, cell in cells.items()}).astype("str")
    kept = {text: shown(cell.value) for text, cell in cells.items() if not _typing(text, cell.value, reading.floats)}
    changed = texts.isin(list(kept))
    changes = answers.loc[changed, ["_file", "_row", "_id"]].copy()
    where = texts[changed]
    changes["variable"] = reading.item
    changes["from_value"] = where
    changes["to_value"] = where.map(kept)
    changes["rule"] = where.map({text: cells[text].rule for text in kept})
    changes["why"] = where.map({text: cells[text].why for text in kept})
    return Column(values, missing, changes.loc[:, list(CHANGE_COLUMNS)], _faults(answers, reading, cells, source))


def shown(value: float | str | None) -> str:
    """A cleaned value as the change log writes it: the shortest text that reads back as the same value."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return str(int(value)) if value.is_integer() else repr(value)


def typed(text: str, floats: bool) -> float | str | None:
    """What mere typing makes of a delivered text: None is missing, a text that is no plain number is itself."""
    if not floats:
        return text or None
    plain = text.strip(" ")
    return float(plain) if NUMBER.fullmatch(plain) else plain or None


def _typing(text: str, value: float | str | None, floats: bool) -> bool:
    return typed(text, floats) == value


def _read(text: str, reading: Reading, source: Mapping[str, Any]) -> Cell:
    if reading.type == "date" or reading.use == "completed":
        return read_date(text, source["date_format"], source["timezone"], reading.earliest, reading.latest)
    if reading.use not in ("answer", "attribute"):
        return read_words(text, reading)
    if reading.coded:
        # SPSS files have no decimal mark of their own: ingest writes their numbers with a point
        cell = read_code(text, reading, source["decimal"] if source["format"] == "csv" else ".")
        return cell if reading.floats else _as_text(cell, reading)
    return read_words(text, reading) if reading.use == "attribute" else read_text(text)


def _as_text(cell: Cell, reading: Reading) -> Cell:
    """Attributes show the label of a code, or the number as text."""
    if not isinstance(cell.value, float):
        return cell
    label = reading.labels.get(int(cell.value)) if reading.whole else None
    return cell._replace(value=label or shown(cell.value), rule="label" if label else cell.rule)


def _faults(
    answers: pd.DataFrame, reading: Reading, cells: Mapping[str, Cell], source: Mapping[str, Any]
) -> list[Fault]:
    texts = answers[reading.column]
    answered = int((texts.str.strip() != "").sum())
    found: list[Fault] = []
    bad = {text: cell for text, cell in cells.items() if cell.fault}
    for kind in sorted({cell.fault for cell in bad.values()}):
        of_kind = {text: cell for text, cell in bad.items() if cell.fault == kind}
        rows = answers.loc[texts.isin(list(of_kind)), ["_row", reading.column]]
        if _too_many(kind, len(rows), answered):
            found.append(_stop(kind, rows, reading, source, answered, cells))
        else:
            found += _warnings(kind, rows, reading, source)
    return found


def _too_many(kind: str, number: int, answered: int) -> bool:
    """Whether bad cells of a kind are the file's fault: the file stops instead of losing them."""
    share = {"CLN-09": 1.0, "CLN-22": 0.5}.get(kind, LARGEST_SHARE)
    return number >= LEAST_ROWS and number > share * answered


def _warnings(kind: str, rows: pd.DataFrame, reading: Reading, source: Mapping[str, Any]) -> list[Fault]:
    expected, action = _advice(kind, reading)
    if len(rows) > SHOWN_BY_ROW:
        rows = rows.groupby(reading.column, sort=False)["_row"].agg(["first", "size"]).reset_index()
        lines = zip(rows[reading.column], rows["first"], rows["size"], strict=True)
    else:
        lines = zip(rows[reading.column], rows["_row"], [1] * len(rows), strict=True)
    return [
        Fault(kind, "WARN", source["path"], _saw(text), expected, action, int(row), reading.column, int(size))
        for text, row, size in lines
    ]


def _stop(
    kind: str, rows: pd.DataFrame, reading: Reading, source: Mapping[str, Any], answered: int, cells: Mapping[str, Cell]
) -> Fault:
    expected, action = _advice(kind, reading)
    number, first = len(rows), rows.iloc[0]
    share = f"{number} of {answered} answers, such as {_saw(first[reading.column])[4:]}"
    if kind in ("CLN-08", "CLN-10"):
        action = "Declare the code as missing, or the wave's coding, in the codebook; or correct the file"
        valid = {cell.value for cell in cells.values() if isinstance(cell.value, float)}
        low, high = (min(reading.labels), max(reading.labels)) if reading.labels else (0, 0)
        below = rows[reading.column].str.strip() == str(low - 1)
        if reading.labels and below.any() and high not in valid and not reading.recode:
            kind, share = "CLN-05", f"values from {low - 1} and none of {high} ({share})"
            action = f"Declare the recode {low - 1}={low}|... for this wave, or correct the export"
    if kind == "CLN-20":
        kind = "CLN-19"
        expected = f"dates of the declared form {source['date_format']}"
        fits = form_of(rows[reading.column].tolist())
        if fits is None or parse_day(str(first[reading.column]).strip(), fits, source["timezone"]) is None:
            action = "Set date_format in sources.csv, or correct the file"
        else:
            action = f"All of them fit {fits}: set date_format in sources.csv"
    if kind == "CLN-22":
        action = "Have the waves been swapped? Correct sources.csv or the dates of the waves"
    return Fault(kind, "STOP", source["path"], share, expected, action, int(first["_row"]), reading.column, number)


def _advice(kind: str, reading: Reading) -> tuple[str, str]:
    if kind in ("CLN-08", "CLN-10"):
        return reading.expected(), "Treated as missing; declare the code in the codebook if it means missing"
    if kind == "CLN-22":
        return f"a day from {reading.earliest} to {reading.latest}", ACTIONS[kind][1]
    return ACTIONS[kind]


def _saw(text: str) -> str:
    return f'saw "{text if len(text) <= 60 else text[:57] + "..."}"'
