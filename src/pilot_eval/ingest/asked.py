"""Which delivered columns a codebook names, which are missing, and which nobody knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pilot_eval.canonical import canonical
from pilot_eval.faults import Fault
from pilot_eval.readers.delivered import Delivered, Variable, some
from pilot_eval.study.delivery import IDENTIFYING, Source, delivered_columns
from pilot_eval.study.typed import nearest

Entry = Mapping[str, Any]
OWN = ("_file", "_row", "_id", "_made_up")


def names_of(entry: Entry, wave: str) -> tuple[str, ...]:
    """Columns under which an item may be delivered: one at a wave, one of several when a column says the wave."""
    return tuple(dict.fromkeys(part for name in _named(entry, wave) for part in _parts(name, entry)))


def _named(entry: Entry, wave: str) -> list[str]:
    named = [entry["names"].get(wave)] if wave else list(entry["names"].values())
    return [name for name in named if name]


def _parts(name: str, entry: Entry) -> tuple[str, ...]:
    return delivered_columns(name, entry.get("set", ""))


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
        if (names := _absent(entry, source.wave, known))
    ]
    for name in set(delivered.columns).intersection(OWN):
        saw, action = f'a column is named "{name}"', "Rename it at its origin"
        faults.append(Fault("ING-13", "STOP", source.path, saw, "another name: this one is ours", action))
    if spare:
        saw = f"columns that the codebook does not name: {some([variable.name for variable in spare])}"
        action = "Not used; add them to the codebook if they matter"
        faults.append(Fault("ING-33", "WARN", source.path, saw, "", action, column=spare[0].name, count=len(spare)))
    for name, entry in delivered.sets.items():
        members = entry["variables"]
        assert isinstance(members, list)
        absent = [member for member in members if member not in delivered.columns]
        if absent:
            saw = f"set {name} names {some(absent)}, which the file does not hold"
            faults.append(Fault("CLN-15", "STOP", source.path, saw, "all of the set", "Ask for a full export"))
    return faults


def _absent(entry: Entry, wave: str, known: set[str]) -> tuple[str, ...]:
    """Columns of an item that were not delivered: any that holds some of its options, and all of several names."""
    named = [_parts(name, entry) for name in _named(entry, wave)]
    lost = [[part for part in parts if part not in known] for parts in named]
    return tuple(part for parts in lost for part in parts) if lost and all(lost) else ()


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
