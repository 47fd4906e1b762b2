"""Which delivered columns a codebook names, which are missing, and which nobody knows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pilot_eval.canonical import canonical
from pilot_eval.faults import ADDRESS, Fault
from pilot_eval.readers.delivered import Delivered, Variable, some
from pilot_eval.study.delivery import IDENTIFYING, Source
from pilot_eval.study.typed import nearest

Entry = Mapping[str, Any]
OWN = ("_file", "_row", "_id")
#: Anchored at the @: what may begin anywhere takes quadratic time on a long text without a space.
PERSONAL = re.compile(r"(?<=[^\s@])@[^\s@]+\.[a-z]|\d[\d ()-]{8,}\d", re.IGNORECASE)
COMMA = re.compile(r"[+-]?\d+,\d+")
POINT = re.compile(r"[+-]?\d+\.\d+")
THOUSANDS = re.compile(r"[+-]?\d{1,3}([.,]\d{3})+")


def names_of(entry: Entry, wave: str) -> tuple[str, ...]:
    """Columns under which an item may be delivered: one at a wave, one of several when a column says the wave."""
    named = [entry["names"].get(wave)] if wave else list(entry["names"].values())
    return tuple(dict.fromkeys(name for name in named if name))


def columns_of(delivered: Delivered, codebook: Sequence[Entry], wave: str) -> dict[str, Entry]:
    """Delivered columns that the codebook names, in delivered order; the first item wins a shared column.

    An identifying use wins over all: a column that identifies in one item does so in every other.
    """
    found: dict[str, Entry] = {}
    for entry in sorted(codebook, key=lambda entry: entry["use"] not in IDENTIFYING):
        for name in names_of(entry, wave):
            found.setdefault(name, entry)
    return {column: found[column] for column in delivered.columns if column in found}


def column_faults(delivered: Delivered, codebook: Sequence[Entry], source: Source) -> list[Fault]:
    """CLN-01 missing columns, ING-33 columns that no codebook names, ING-13 reserved names, CLN-15 broken sets."""
    known = set(columns_of(delivered, codebook, source.wave))
    other = {name for entry in codebook for name in names_of(entry, "")}
    spare = [variable for variable in delivered.variables if variable.name not in known | other]
    faults = [
        missing_column(names, entry, spare, source)
        for entry in codebook
        if (names := names_of(entry, source.wave)) and not known.intersection(names)
    ]
    for name in set(delivered.columns).intersection(OWN):
        saw, action = f'a column is named "{name}"', "Rename it at its origin"
        faults.append(Fault("ING-13", "STOP", source.path, saw, "another name: this one is ours", action))
    if spare:
        saw = f"columns that the codebook does not name: {some([variable.name for variable in spare])}"
        action = "Not used; add them to the codebook if they matter"
        faults.append(Fault("ING-33", "WARN", source.path, saw, "", action, count=len(spare)))
    for name, entry in delivered.sets.items():
        members = entry["variables"]
        assert isinstance(members, list)
        absent = [member for member in members if member not in delivered.columns]
        if absent:
            saw = f"set {name} names {some(absent)}, which the file does not hold"
            faults.append(Fault("CLN-15", "STOP", source.path, saw, "all of the set", "Ask for a full export"))
    return faults


def missing_column(names: Sequence[str], entry: Entry, spare: Sequence[Variable], source: Source) -> Fault:
    """CLN-01 with the nearest name that the codebook does not know: alike in name, else in its label."""
    plain = {canonical(variable.name): variable.name for variable in reversed(spare)}
    near = nearest(canonical(names[0]), plain)
    said = plain[near] if near else next((v.name for v in spare if alike(v.label, str(entry.get("label", "")))), None)
    where = f"name.{source.wave}" if source.wave else "name"
    action = f'Set {where} of item {entry["item"]} in the codebook, or "-" if it was not asked'
    expected = f'as the codebook has it; nearest is "{said}"' if said else "as the codebook has it"
    saw = "the column is missing"
    return Fault("CLN-01", "STOP", source.path, saw, expected, action, column=names[0])


def alike(one: str, other: str) -> bool:
    """Whether two labels say the same."""
    return bool(one) and canonical(one) == canonical(other)


def cell_faults(delivered: Delivered, codebook: Sequence[Entry], source: Source) -> list[Fault]:
    """ING-06 decimal marks, ING-34 and CLN-27 personal data in texts (counted, never shown)."""
    faults = []
    for column, entry in columns_of(delivered, codebook, source.wave).items():
        cells = delivered.column(column)
        if entry["type"] in ("number", "count") and entry["use"] not in IDENTIFYING:
            faults += decimal_faults(cells, delivered.rows, column, source)
        if entry["use"] in ("attribute", "answer") and entry["type"] in ("text", "category"):
            faults += address_faults(cells, delivered.rows, column, entry["use"], source)
        if entry["use"] == "free_text":
            rows = [row for row, cell in zip(delivered.rows, cells, strict=True) if PERSONAL.search(cell)]
            if rows:
                saw = f"{len(rows)} texts hold an e-mail address or telephone number"
                action = "Free text is never published"
                faults.append(Fault("CLN-27", "WARN", source.path, saw, "", action, rows[0], column, len(rows)))
    return faults


def address_faults(cells: Sequence[str], rows: Sequence[int], column: str, use: str, source: Source) -> list[Fault]:
    """ING-34 when a text that may be published, such as a level of a model's term, is somebody's address."""
    found = [row for row, cell in zip(rows, cells, strict=True) if ADDRESS.search(cell)]
    if not found:
        return []
    saw, expected = f"{len(found)} texts hold an e-mail address", f"none in a column of use {use}: it may be published"
    action = "Give the item use email or free_text, or correct the file"
    return [Fault("ING-34", "STOP", source.path, saw, expected, action, found[0], column, len(found))]


def decimal_faults(cells: Sequence[str], rows: Sequence[int], column: str, source: Source) -> list[Fault]:
    """ING-06 when numbers are written with the other decimal mark than declared, or with both."""
    marked = [(row, cell.strip()) for row, cell in zip(rows, cells, strict=True)]
    marked = [(row, cell) for row, cell in marked if COMMA.fullmatch(cell) or POINT.fullmatch(cell)]
    other = "," if source.decimal == "." else "."
    wrong = [(row, cell) for row, cell in marked if other in cell]
    if not wrong or all(THOUSANDS.fullmatch(cell) for _, cell in wrong):
        return []
    row, cell = wrong[0]
    saw = f'saw "{cell}"; {len(wrong)} of {len(marked)} values use "{other}"'
    action = f'Set decimal to "{other}" in config/sources.csv'
    if len(wrong) < len(marked):
        action = "The column mixes both decimal marks: ask for a new export"
    expected = f'numbers with decimal "{source.decimal}"'
    return [Fault("ING-06", "STOP", source.path, saw, expected, action, row, column, len(wrong))]
