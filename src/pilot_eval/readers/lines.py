"""Records of a delimited text with their physical lines, and quotation marks that do not close."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pilot_eval.faults import Fault, StudyFaults, counted

LONGEST_FIELD = 2**24
#: A shape is a column's own when this share of its cells has it.
MOST_ALIKE = 0.9


class Record(NamedTuple):
    """One record: its first and last physical line (from 1), and its fields."""

    row: int
    end: int
    fields: list[str]


class Shape(NamedTuple):
    """How the cells of a column look, such as ``"a9"`` for ``"S0001"``."""

    text: str

    def like(self, cell: str) -> bool:
        """Whether a cell looks so."""
        return shape(cell) == self.text


def read_records(text: str, delimiter: str, file: str) -> list[Record]:
    """Every record of a text, strictly; together they cover every physical line.

    Parameters
    ----------
    text : str
        Decoded, line ends as delivered (LF, CRLF or CR).
    delimiter : str
        One character.
    file : str
        Name for messages.

    Raises
    ------
    StudyFaults
        ING-17 when a quotation mark does not close where it should.
    """
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[Record] = []
    start = 1
    try:
        for fields in reader:
            records.append(Record(start, reader.line_num, fields))
            start = reader.line_num + 1
    except csv.Error:
        column = _opened_in(text, delimiter, start, records[0].fields if records else [])
        raise StudyFaults([quote_fault(file, start, reader.line_num, column)]) from None
    return records


def _opened_in(text: str, delimiter: str, start: int, header: Sequence[str]) -> str:
    """The column in which a quotation mark opens that nothing closes: all that follows is in its field."""
    lines = io.StringIO(text, newline="").readlines()[start - 1 :]
    reader = csv.reader(lines, delimiter=delimiter)
    fields = next(reader, [])
    return header[len(fields) - 1].strip() if reader.line_num == len(lines) and len(fields) <= len(header) else ""


def quote_fault(file: str, start: int, end: int, column: str = "") -> Fault:
    """ING-17 for a record that begins at one line and ends at another."""
    swallows = f"closes in row {end} and swallows {counted(end - start, 'line')}"
    saw = f"a quotation mark opened here {swallows if end > start else 'does not close as it should'}"
    action = f"Correct row {start} at its origin"
    return Fault("ING-17", "STOP", file, saw, "balanced quotation marks", action, start, column)


def swallowed(records: list[Record], text: str, delimiter: str, file: str) -> list[Fault]:
    """Records of several lines that look like several records: a stray quotation mark opened and closed by chance.

    A long text may well span lines; what gives a swallowed record away is a further line with all the delimiters of
    a record that begins with a cell shaped like those of the first column.
    """
    width = len(records[0].fields) if records else 0
    several = [record for record in records if record.end > record.row]
    if width < 3 or not several:
        return []
    lines = io.StringIO(text, newline="").readlines()
    first = usual_shape([record.fields[0] for record in records[1:] if record.end == record.row and record.fields])
    faults = []
    for record in several:
        own = first or Shape(shape(record.fields[0]))
        further = lines[record.row : record.end]
        alike = [_is_record(line, delimiter, width) and own.like(line.partition(delimiter)[0]) for line in further]
        # A line of text may look so by chance: one is enough only where keys have a form and records many fields.
        if own.text and (all(alike) or (any(alike) and first and width > 4)):
            name = next((place for place, cell in enumerate(record.fields) if "\n" in cell or "\r" in cell), width)
            column = records[0].fields[name] if name < width and record.row > 1 else ""
            faults.append(quote_fault(file, record.row, record.end, column))
    return faults


def _is_record(line: str, delimiter: str, width: int) -> bool:
    """Whether a line alone would be a record; a quotation mark in it may be the one that closes the stray one."""
    return line.count(delimiter) == width - 1 or len(next(csv.reader([line], delimiter=delimiter), [])) == width


def usual_shape(cells: Sequence[str]) -> Shape | None:
    """The shape that nearly all filled cells of a column share; None when they share none, or are words."""
    found = Counter(shape(cell) for cell in cells if cell.strip())
    if not found:
        return None
    (text, number) = found.most_common(1)[0]
    return Shape(text) if "9" in text and number >= MOST_ALIKE * found.total() else None


def shape(cell: str) -> str:
    """``"S0001"`` as ``"a9"``: kinds of characters in order."""
    kinds = re.sub(r"[^\W\d_]+", "a", cell.strip().strip('"'))
    return re.sub(r"\d+", "9", kinds)
