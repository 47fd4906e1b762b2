"""What is wrong with the cells of a delivery, as far as their type and use tell, before any is read as an answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from pilot_eval.faults import ADDRESS, Fault, counted
from pilot_eval.ingest.asked import Entry, columns_of
from pilot_eval.readers.delivered import Delivered, Reject, as_number
from pilot_eval.readers.numerals import is_grouped, ungrouped
from pilot_eval.study.delivery import IDENTIFYING, Source

#: Anchored at the @: what may begin anywhere takes quadratic time on a long text without a space.
PERSONAL = re.compile(r"(?<=[^\s@])@[^\s@]+\.[a-z]|\d[\d ()-]{8,}\d", re.IGNORECASE)
#: Ways to write an address that no program should find: its mark in words, or apart in a cell of its own.
AT = re.compile(r"\s*[(\[{<]\s*at\s*[)\]}>]\s*", re.IGNORECASE)
SPACED = re.compile(r"\s*[\w.+'-]+\s*@\s*[\w-]+(\.[\w-]+)*\.[a-z]{2,}\s*", re.IGNORECASE)
COMMA = re.compile(r"[+-]?\d+,\d+")
POINT = re.compile(r"[+-]?\d+\.\d+")
SCIENTIFIC = re.compile(r"\d([.,]\d+)?[eE][+-]?\d+")
CODED = frozenset({"likert", "ordinal", "binary", "count", "number"})
#: Beyond this share (and number) of its filled cells a column is wrong, not a cell.
LEAST_ROWS, MOST_WRONG = 5, 0.05


def cell_faults(delivered: Delivered, codebook: Sequence[Entry], source: Source) -> list[Fault]:
    """ING-06 and ING-07 numbers, ING-30 digits as text, ING-34 and CLN-27 personal data (counted, never shown)."""
    faults = []
    types = {variable.name: variable.type for variable in delivered.variables}
    for column, entry in columns_of(delivered, codebook, source.wave).items():
        cells = delivered.column(column)
        if entry["type"] in ("number", "count") and entry["use"] not in IDENTIFYING:
            faults += decimal_faults(cells, delivered.rows, column, source)
        if entry["type"] == "count" and entry["use"] not in IDENTIFYING:
            faults += whole_faults(cells, delivered.rows, column, source)
        if entry["type"] in CODED and types[column] == "string" and source.format in ("sav", "zsav", "por"):
            faults += digit_faults(cells, column, source)
        if entry["use"] in ("attribute", "answer") and entry["type"] in ("text", "category"):
            faults += address_faults(cells, delivered.rows, column, entry["use"], source)
        if entry["use"] == "free_text":
            rows = [row for row, cell in zip(delivered.rows, cells, strict=True) if PERSONAL.search(cell)]
            if rows:
                held = counted(len(rows), "text")
                saw = f"{held} {'holds' if len(rows) == 1 else 'hold'} an e-mail address or telephone number"
                action = "Free text is never published"
                faults.append(Fault("CLN-27", "WARN", source.path, saw, "", action, rows[0], column, len(rows)))
    return faults


def address_faults(cells: Sequence[str], rows: Sequence[int], column: str, use: str, source: Source) -> list[Fault]:
    """ING-34 when a text that may be published, such as a level of a model's term, is somebody's address."""
    holds = {cell: holds_address(cell) for cell in set(cells)}
    found = [row for row, cell in zip(rows, cells, strict=True) if holds[cell]]
    if not found:
        return []
    saw = f"{counted(len(found), 'text')} with an e-mail address"
    expected = f"none in a column of use {use}: it may be published"
    action = "Give the item use email or free_text, or correct the file"
    return [Fault("ING-34", "STOP", source.path, saw, expected, action, found[0], column, len(found))]


def holds_address(text: str) -> bool:
    """Whether a text holds an e-mail address, in whatever width its letters are.

    Examples
    --------
    >>> [holds_address(text) for text in ("ann@a.example", "ann (at) a.example", "ann @ a.example", "5 @ 10.50 each")]
    [True, True, True, False]
    """
    if "@" not in text and "at" not in text.casefold() and text.isascii():
        return False
    plain = unicodedata.normalize("NFKC", text)
    return ADDRESS.search(AT.sub("@", plain)) is not None or SPACED.fullmatch(plain) is not None


def decimal_faults(cells: Sequence[str], rows: Sequence[int], column: str, source: Source) -> list[Fault]:
    """ING-06 when numbers are written with the other decimal mark than declared, or with both."""
    distinct = {cell: ungrouped(cell, source.thousands, source.decimal).strip() for cell in set(cells)}
    marked = {cell for cell, plain in distinct.items() if COMMA.fullmatch(plain) or POINT.fullmatch(plain)}
    other = "," if source.decimal == "." else "."
    wrong = {cell for cell in marked if other in cell}
    if not wrong or all(is_grouped(distinct[cell]) for cell in wrong):
        return []
    number, total = sum(cell in wrong for cell in cells), sum(cell in marked for cell in cells)
    row, cell = next((row, distinct[cell]) for row, cell in zip(rows, cells, strict=True) if cell in wrong)
    saw = f'saw "{cell}"; {number} of {total} values use "{other}"'
    action = f'Set decimal to "{other}" in config/sources.csv'
    if number < total:
        action = "The column mixes both decimal marks: ask for a new export"
    expected = f'numbers with decimal "{source.decimal}"'
    return [Fault("ING-06", "STOP", source.path, saw, expected, action, row, column, number)]


def whole_faults(cells: Sequence[str], rows: Sequence[int], column: str, source: Source) -> list[Fault]:
    """ING-07 in a column of whole numbers: ``1.234`` is 1234 somewhere else, and decimals are another quantity."""
    plain = {cell: ungrouped(cell, source.thousands, source.decimal).strip() for cell in set(cells)}
    distinct = {cell: as_number(text, source.decimal) for cell, text in plain.items()}
    parted = {cell for cell, number in distinct.items() if number is not None and number != int(number)}
    grouped = {cell for cell in parted if is_grouped(cell)}
    filled = sum(bool(cell.strip()) for cell in cells)
    found = [(row, cell.strip()) for row, cell in zip(rows, cells, strict=True) if cell in parted]
    if len(found) >= LEAST_ROWS and len(found) > MOST_WRONG * filled:
        saw = f'{len(found)} of {filled} values have decimals, such as "{found[0][1]}"'
        action = "Correct the type in the codebook, or ask for whole numbers"
        if all(is_grouped(cell) for _, cell in found):
            mark = next(one for one in found[0][1] if one in ",.")
            action = f'Set thousands to "{mark}" in config/sources.csv, or correct the type in the codebook'
        row = found[0][0]
        return [Fault("ING-07", "STOP", source.path, saw, "whole numbers", action, row, column, len(found))]
    return [
        Fault("ING-07", "WARN", source.path, f'saw "{cell}"', "a whole number", meant(cell), row, column)
        for row, cell in found if cell in {one.strip() for one in grouped}
    ]  # fmt: skip


def meant(cell: str) -> str:
    """What to do about a whole number in groups, as a message says it."""
    mark = next(one for one in cell if one in ",.")
    number = cell.replace(mark, "")
    return f'Set thousands to "{mark}" in config/sources.csv if it means {number}; treated as missing'


def digit_faults(cells: Sequence[str], column: str, source: Source) -> list[Fault]:
    """ING-30 when a text variable of an SPSS file holds nothing but the numbers of a coded item."""
    filled = [cell for cell in cells if cell.strip()]
    if not filled or any(as_number(cell.strip()) is None for cell in set(filled)):
        return []
    saw = f"text variable holding digits; read as numbers ({counted(len(filled), 'value')})"
    return [Fault("ING-30", "FIX", source.path, saw, column=column, count=len(filled))]


def with_whole_keys(delivered: Delivered, codebook: Sequence[Entry], source: Source) -> tuple[Delivered, list[Fault]]:
    """The delivery without records whose organisation is ``1.00E+05``: a spreadsheet has destroyed the key (REG-02).

    The digits are lost, and records of many organisations would count as one. Beyond a share the file stops.
    """
    faults: list[Fault] = []
    lost: dict[int, str] = {}
    for column, entry in columns_of(delivered, codebook, source.wave).items():
        if entry["use"] != "organisation":
            continue
        found = [(row, cell.strip()) for row, cell in zip(delivered.rows, delivered.column(column), strict=True)
                 if SCIENTIFIC.fullmatch(cell.strip())]  # fmt: skip
        filled = sum(bool(cell.strip()) for cell in delivered.column(column))
        expected = "whole keys"
        if len(found) > MOST_WRONG * filled:
            saw = f'saw "{found[0][1]}" in {len(found)} of {counted(filled, "row")}'
            action = "A spreadsheet has destroyed the numbers: ask for a new export with the column as text"
            row, number = found[0][0], len(found)
            faults.append(Fault("REG-02", "STOP", source.path, saw, expected, action, row, column, number))
            continue
        action = "Row not used; a spreadsheet has destroyed the key: ask for a new export with the column as text"
        for row, cell in found:
            lost[row] = column
            faults.append(Fault("REG-02", "REJECT", source.path, f'saw "{cell}"', expected, action, row, column))
    if not lost:
        return delivered, faults
    kept = [place for place, row in enumerate(delivered.rows) if row not in lost]
    rejects = [
        Reject(row, "key_lost", "REG-02", f"column {column} in scientific notation") for row, column in lost.items()
    ]
    return replace(
        delivered, rows=[delivered.rows[place] for place in kept],
        cells=tuple([column[place] for place in kept] for column in delivered.cells),
        rejects=tuple(sorted((*delivered.rejects, *rejects), key=lambda reject: reject.row)),
    ), faults  # fmt: skip
