"""How a delivery is laid out: as ``sources.csv`` declares it, or as the file itself shows."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from pilot_eval.canonical import canonical
from pilot_eval.faults import Fault
from pilot_eval.readers.delivered import as_number
from pilot_eval.readers.numerals import SAME, is_grouped, ungrouped
from pilot_eval.study.delivery import Source

DELIMITERS = (",", ";", "\t", "|")
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",
         codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}  # fmt: skip
DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%Y-%m-%d %H:%M:%S",
                "%d/%m/%Y %H:%M")  # fmt: skip
MOST_DAYS = 0.95
#: What SurveyMonkey writes in its second header row for a question without options.
OPEN_ENDED = frozenset({"response", "open ended response"})
IMPORT_ID = re.compile(r'\s*\{\s*"ImportId"')
COMMA_NUMBER = re.compile(r"[+-]?\d+,\d+")


@dataclass(frozen=True)
class Layout:
    """Settings of a reader; those that do not concern a format are not used.

    ``expected`` are names of columns that the file should have: they tell the header from a title above it.
    """

    format: str
    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."
    thousands: str = ""
    header: str = "plain"
    sheet: str = ""
    header_row: int = 1
    columns: tuple[str, ...] = ()
    extra_fields: int = 0
    max_rows: int = 1_000_000
    may_be_empty: bool = False
    expected: tuple[str, ...] = ()


def layout_of(source: Source, expected: Sequence[str] = ()) -> Layout:
    """The layout that ``sources.csv`` declares, and the names that the header should hold, if they are known."""
    return Layout(
        source.format, source.encoding, source.delimiter, source.decimal, source.thousands, source.header, source.sheet,
        source.header_row, source.columns, source.extra_fields, source.max_rows, source.may_be_empty, tuple(expected),
    )  # fmt: skip


def number_faults(number: int, layout: Layout, file: str, row: int | None = None) -> list[Fault]:
    """What is wrong with how many records there are: none (ING-23), or more than allowed (ING-32)."""
    if number > layout.max_rows:
        saw, expected = f"{number:,} rows", f"at most {layout.max_rows:,} (max_rows in config/sources.csv)"
        return [Fault("ING-32", "STOP", file, saw, expected, "Check that this is the right file")]
    if number:
        return []
    if layout.may_be_empty:
        return [Fault("ING-23", "OK", file, "header but no rows, as its entry allows", row=row)]
    action = "Check the export filter, or set may_be_empty in config/sources.csv"
    return [Fault("ING-23", "STOP", file, "header but no rows", "records", action, row)]


def find_encoding(content: bytes) -> str:
    """The encoding of a text: its byte-order mark, UTF-8 when the bytes are, else cp1252 or latin-1."""
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return encoding
    return next(encoding for encoding in ("utf-8", "cp1252", "latin-1") if decodes(content, encoding))


def decodes(content: bytes, encoding: str) -> bool:
    """Whether the bytes are text in that encoding; C1 control characters are no text."""
    try:
        text = content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return encoding == "latin-1" or re.search("[\x80-\x9f]", text) is None


def find_layout(content: bytes) -> Layout:
    """The layout of a text table as its first records show it."""
    encoding = find_encoding(content)
    text = content.decode(encoding, errors="replace").lstrip("\ufeff")
    delimiter = find_delimiter(text)
    rows = first_rows(text, delimiter)
    decimal, thousands = find_marks(rows[1:], delimiter)
    return Layout("csv", encoding, delimiter, decimal, thousands, find_header(rows))


def find_marks(rows: Sequence[Sequence[str]], delimiter: str) -> tuple[str, str]:
    """The decimal mark, and the mark that sets thousands apart (empty: none is).

    ``1.234`` may be either: thousands are found where the other mark begins decimals, where a number has several
    groups, or where a comma in a number cannot begin decimals since it parts the fields.
    """
    columns = [[cell.strip() for cell in cells if cell.strip()] for cells in zip_longest(*rows, fillvalue="")]
    cells = [cell for column in columns for cell in column]
    commas = sum(COMMA_NUMBER.fullmatch(cell) is not None for cell in cells)
    points = sum("." in cell and as_number(cell) is not None for cell in cells)
    for thousands, decimal in ((",", "."), (".", ","), (" ", ""), ("'", "")):
        decimals = decimal or ("," if delimiter != "," and commas > points else ".")
        held = [cell for column in columns for cell in _in_groups(column, thousands, decimals)]
        other = sum(decimals in cell and not is_grouped(cell) and _is_number(cell, thousands, decimals)
                    for cell in cells)  # fmt: skip
        twice = any(len(re.findall("[,. ']", cell.translate(SAME))) > 1 for cell in held)
        if held and (other or twice or not decimal or thousands == delimiter):
            return decimals, thousands
    return "," if delimiter != "," and commas > points else ".", ""


def _in_groups(column: Sequence[str], thousands: str, decimal: str) -> list[str]:
    """The cells in groups of three of a column that holds numbers only, none of four digits and more without groups."""
    if not all(_is_number(cell, thousands, decimal) for cell in column):
        return []
    held = [cell for cell in column if ungrouped(cell, thousands, decimal) != cell]
    bare = [cell for cell in column if cell not in held and re.match("[+-]?[0-9]{4}", cell)]
    return [] if bare else held


def _is_number(cell: str, thousands: str, decimal: str) -> bool:
    plain = ungrouped(cell, thousands, decimal)
    return ("." not in plain or decimal == ".") and as_number(plain, decimal) is not None


def find_delimiter(text: str) -> str:
    """The delimiter under which the first records have most columns alike; a comma when none parts anything."""
    best, score = ",", 0.0
    for delimiter in DELIMITERS:
        widths = [len(row) for row in first_rows(text, delimiter) if row]
        if not widths or widths[0] < 2:
            continue
        agree = sum(width == widths[0] for width in widths) / len(widths)
        if agree * widths[0] > score and agree >= 0.5:
            best, score = delimiter, agree * widths[0]
    if not score:  # a header that fits nothing: the most frequent width decides
        widths_of = {d: Counter(len(row) for row in first_rows(text, d) if row) for d in DELIMITERS}
        best = max(DELIMITERS, key=lambda d: max((w * n for w, n in widths_of[d].items() if w > 1), default=0))
    return best


def find_date_format(columns: Iterable[Sequence[str]]) -> str:
    """The form in which most columns write their days; ISO when none does. Day first where that cannot be told."""
    fits: Counter[str] = Counter()
    for column in columns:
        filled = {cell.strip() for cell in column} - {""}
        if not filled or not any(character.isdigit() for character in min(filled)):
            continue
        for form in DATE_FORMATS:
            fits[form] += sum(is_day(cell, form) for cell in filled) >= MOST_DAYS * len(filled)
    return max(DATE_FORMATS, key=lambda form: fits[form])


def is_day(cell: str, form: str) -> bool:
    """Whether a cell is a day in that form."""
    try:
        dt.datetime.strptime(cell, form)
    except ValueError:
        return False
    return True


def first_rows(text: str, delimiter: str, most: int = 50) -> list[list[str]]:
    """The first records of a text, as far as they can be read."""
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) == most:
                break
    except csv.Error:
        pass
    return rows


def find_header(rows: list[list[str]]) -> str:
    """Which survey house's header a table has: ``qualtrics`` (3 lines), ``surveymonkey`` (2 lines) or ``plain``."""
    if any(has_import_ids(row) for row in rows[:3]):
        return "qualtrics"
    if len(rows) > 1 and rows[0] and any(cell.strip() for cell in rows[1]) and not rows[1][0].strip():
        first = rows[0][0].strip().lower() in ("respondentid", "respondent id")
        open_ended = any(canonical(cell.replace("-", " ")) in OPEN_ENDED for cell in rows[1])
        return "surveymonkey" if first or open_ended else "plain"
    return "plain"


def has_import_ids(row: Sequence[str]) -> bool:
    """Whether a row is the one in which Qualtrics says what it calls each column."""
    return any(IMPORT_ID.match(cell) for cell in row)
