"""The areas in which organisations lie: found, missing, or none of the study's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pilot_eval.faults import Fault, counted
from pilot_eval.register.authority import Table
from pilot_eval.register.places import Places

#: Likeness from which an area left out was probably meant to be one of the study's.
ALMOST = 85


class Vacancy(NamedTuple):
    """Where an organisation's area should stand and does not."""

    file: str
    row: int
    column: str
    kind: str


def placed(table: Table, column: str, places: Places, needed: bool = True) -> tuple[list[str], list[Fault]]:
    """Area codes of a table, one a record (``""`` when unknown): REG-07 unknown, REG-08 spelt otherwise.

    An empty cell is a fault only where every record needs an area.
    """
    codes: list[str] = []
    faults: list[Fault] = []
    other: list[int] = []
    for row, cells in table.records:
        code = places.find(cells[column])
        if code is None and (cells[column] or needed):
            faults.append(places.unknown(cells[column], table.file, row, column))
        elif code is not None and cells[column] not in places.exact:
            other.append(row)
        codes.append(code or "")
    if other:
        saw = f"{counted(len(other), 'value')} that {'differs' if len(other) == 1 else 'differ'} only in case, spaces"
        action = "Unified to the study's spelling"
        saw += " or punctuation"
        faults.append(Fault("REG-08", "FIX", table.file, saw, "", action, other[0], column, len(other)))
    return codes, faults


def within(table: Table, column: str, places: Places) -> tuple[Table, list[Fault]]:
    """The records that lie in an area of the study, of a register that covers more; almost an area is warned of."""
    kept = [record for record in table.records if places.find(record.cells[column]) is not None]
    out = {record.row for record in table.records} - {record.row for record in kept}
    faults: list[Fault] = []
    seen: set[str] = set()
    for record in table.records:
        text = record.cells[column]
        if record.row in out and text and text not in seen and places.likeness(text) >= ALMOST:
            told = places.unknown(text, table.file, record.row, column)
            action = "Not read; add it to the area's aliases if it is meant"
            faults.append(Fault("REG-07", "WARN", told.file, told.saw, told.expected, action, told.row, column))
        seen.add(text)
    if out:
        saw = f"{counted(len(out), 'organisation')} in no area of the study, not read"
        faults.append(Fault("REG-07", "OK", table.file, saw, column=column, count=len(out)))
    return table._replace(records=kept), faults


def vacancies(
    vacant: Mapping[str, Vacancy], homes: Mapping[str, str], links: Sequence[Mapping[str, Any]], areas: int
) -> list[Fault]:
    """Organisations without an area: REG-11 when their links tell that they serve several, else REG-07."""
    served: dict[str, set[str]] = {}
    for link in links:
        for one, other in ((link["left"], link["right"]), (link["right"], link["left"])):
            served.setdefault(one, set()).add(homes[other])
    faults = []
    for key, (file, row, column, kind) in vacant.items():
        found = sorted(served.get(key, set()) - {""})
        if len(found) > 1:
            saw = f"{kind} {key} serves {len(found)} areas ({', '.join(found[:4])}) and has no home area"
            action = "Its respondents are left out of what is compared by area; name its home area"
            faults.append(Fault("REG-11", "WARN", file, saw, "", action, row, column))
        else:
            expected = f"one of the {areas} areas"
            faults.append(Fault("REG-07", "STOP", file, "an empty cell", expected, "Correct the file", row, column))
    return faults
