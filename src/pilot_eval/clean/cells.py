"""All cells of one item at one wave: read once per different text, logged where more than the typing changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from pilot_eval.clean.columnar import repeated, spread
from pilot_eval.clean.dates import ISO, read_date
from pilot_eval.clean.judged import judge
from pilot_eval.clean.options import Spellings, chosen
from pilot_eval.clean.reading import Reading
from pilot_eval.clean.values import NUMBER, Cell, read_code, read_duration, read_text, read_words
from pilot_eval.faults import Fault

#: A column of its own has no options.
NONE: Spellings = {}


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


def read_column(answers: pd.DataFrame, reading: Reading, source: Mapping[str, Any], options: Spellings = NONE
                ) -> Column:  # fmt: skip
    """Read one delivered column.

    Parameters
    ----------
    answers : DataFrame
        Rows of the wave, with ``_file _row _id``.
    reading : Reading
    source : mapping
        The delivery: ``path decimal thousands date_format timezone format``.
    options : mapping of str to str
        How the options of the item's set are written, when they share the column; none: the column is the item's own.

    Returns
    -------
    Column
    """
    places, known = pd.factorize(answers[reading.column])
    texts = known.tolist()
    cells = [chosen(text, reading.item, options) if options else _read(text, reading, source) for text in texts]
    if reading.floats:
        numbers = np.array([np.nan if cell.value is None else float(cell.value) for cell in cells] + [np.nan])
        values = pd.Series(numbers[places], index=answers.index)
    else:
        words = [None if cell.value is None else str(cell.value) for cell in cells]
        values = pd.Series(spread(words, places), index=answers.index)
    missing = pd.Series(spread([cell.kind for cell in cells], places), index=answers.index)
    # the code of an option is no number, even where it looks like the indicator
    logged = [not _typing(text, cell.value, reading.floats) or (bool(options) and cell.value is not None)
              for text, cell in zip(texts, cells, strict=True)]  # fmt: skip
    rows = np.array([*logged, False])[places]
    told = (texts, [shown(cell.value) for cell in cells], [cell.rule for cell in cells], [cell.why for cell in cells])
    changes = change_rows(answers, rows, reading.item, *(spread(words, places[rows]) for words in told))
    faults = judge(answers["_row"].to_numpy(), places, texts, cells, reading, source)
    return Column(values, missing, changes, faults)


def change_rows(
    answers: pd.DataFrame, where: Any, item: str, before: Any, after: Any, rule: Any, why: Any
) -> pd.DataFrame:
    """Lines of the change log for some rows of the answers; a single text stands for all of them."""
    # column by column: a wide frame is not cut for three of its columns
    columns = {name: answers[name][where] for name in ("_file", "_row", "_id")}
    index = columns["_id"].index
    given = {"variable": item, "from_value": before, "to_value": after, "rule": rule, "why": why}
    told = {name: repeated(cell, len(index)) if isinstance(cell, str) else cell for name, cell in given.items()}
    return pd.DataFrame(columns | {name: pd.Series(cells, index=index) for name, cells in told.items()})


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
        form = source["date_format"] if source["format"] in ("csv", "xlsx") else ISO
        return read_date(text, form, source["timezone"], reading.earliest, reading.latest)
    if reading.use not in ("answer", "attribute", "weight", "duration"):
        return read_words(text, reading)
    if reading.coded:
        # SPSS files have no decimal mark of their own: ingest writes their numbers with a point
        decimal = source["decimal"] if source["format"] == "csv" else "."
        read = read_duration if reading.use == "duration" else read_code
        cell = read(text, reading, decimal, source.get("thousands", ""))
        return _as_text(cell, reading) if reading.use == "attribute" and not reading.floats else cell
    return read_words(text, reading) if reading.use == "attribute" else read_text(text)


def _as_text(cell: Cell, reading: Reading) -> Cell:
    """Attributes show the label of a code, or the number as text."""
    if not isinstance(cell.value, float):
        return cell
    label = reading.labels.get(int(cell.value)) if reading.whole else None
    return cell._replace(value=label or shown(cell.value), rule="label" if label else cell.rule)
