"""Records of a delimited text with their physical lines, and quotation marks that do not close."""

from __future__ import annotations

import csv
import io
import re
from typing import NamedTuple

from pilot_eval.faults import Fault, StudyFaults

LONGEST_FIELD = 2**24


class Record(NamedTuple):
    """One record: its first and last physical line (from 1), and its fields."""

    row: int
    end: int
    fields: list[str]


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
        raise StudyFaults([quote_fault(file, start, reader.line_num)]) from None
    return records


def quote_fault(file: str, start: int, end: int) -> Fault:
    """ING-17 for a record that begins at one line and ends at another."""
    where = f"closes in row {end} and swallows {end - start} lines" if end > start else "does not close as it should"
    saw = f"a quotation mark opened here {where}"
    return Fault("ING-17", "STOP", file, saw, "balanced quotation marks", f"Correct row {start} at its origin", start)


def swallowed(records: list[Record], text: str, delimiter: str, file: str) -> list[Fault]:
    """Records of several lines that look like several records: a stray quotation mark opened and closed by chance.

    A long text may well span lines; what gives a swallowed record away is that every further line has all the
    delimiters of a record and begins with a cell shaped like the first column's.
    """
    width = len(records[0].fields) if records else 0
    if width < 3:
        return []
    lines = io.StringIO(text, newline="").readlines() if any(r.end > r.row for r in records) else []
    faults = []
    for record in records:
        further = lines[record.row : record.end]
        if not further or not record.fields[0].strip() or "\n" in record.fields[0]:
            continue
        first = shape(record.fields[0])
        alike = all(
            line.count(delimiter) == width - 1 and shape(line.partition(delimiter)[0]) == first for line in further
        )
        if alike:
            faults.append(quote_fault(file, record.row, record.end))
    return faults


def shape(cell: str) -> str:
    """``"S0001"`` as ``"a9"``: kinds of characters in order."""
    kinds = re.sub(r"[^\W\d_]+", "a", cell.strip().strip('"'))
    return re.sub(r"\d+", "9", kinds)
