"""Headers of a sheet: what each column is, its unit in round brackets, its note; short enough and unique."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pilot_eval.publish.catalogue import CATALOGUE, header
from pilot_eval.publish.lookup import Cell
from pilot_eval.publish.rows import Sheet

FURTHER = {"unit": "Unit", "significance": "Significance", "reliability": "Reliability"}
#: Lengths at which the parts of a header are cut: programs repair a file with a header of more than 255 characters.
NAME, UNIT = 130, 90


def heads_of(
    sheet: Sheet, further: Sequence[str], units: Mapping[str, Sequence[str]], varied: Sequence[str],
    numbers: Mapping[str, int], wording: Mapping[str, Any],
) -> dict[str, str]:  # fmt: skip
    """Headers by column: dimensions, the unit, measures, and what is said of them.

    Parameters
    ----------
    sheet : Sheet
    further : sequence of str
        Keys of ``FURTHER`` that the sheet has.
    units : mapping
        Units of each measure, as ``units_of`` gives them.
    varied : sequence of str
        Measures whose unit stands in a column of its own.
    numbers : mapping
        Numbers of the notes.
    wording : mapping
        See ``catalogue.wording``.
    """
    heads = {name: _cut(header(sheet.name, name, wording), NAME) for name in sheet.dimensions}
    heads |= {name: FURTHER[name] for name in further if name == "unit"}
    noted = CATALOGUE[sheet.name].noted or {}
    for name in sheet.measures:
        unit = " (see unit)" if name in varied else f" ({_cut(units[name][0], UNIT)})" if units[name] else ""
        note = f" [note {numbers[noted[name]]}]" if name in noted else ""
        heads[name] = _cut(header(sheet.name, name, wording), NAME) + unit + note
    return _unique(heads | {name: FURTHER[name] for name in further if name != "unit"})


def units_of(cells: Sequence[Cell]) -> list[str]:
    """Units of a column, each once; none where some of its numbers have none. A share without one runs from 0 to 1."""
    found = {cell.unit or ("from 0 to 1" if cell.kind == "share" else "") for cell in cells}
    return [] if "" in found else sorted(found)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _unique(heads: Mapping[str, str]) -> dict[str, str]:
    """Headers of which no two are alike, whatever their capitals: the second gets a number."""
    seen: set[str] = set()
    made = {}
    for column, head in heads.items():
        names = (head if number == 1 else f"{head} ({number})" for number in range(1, len(heads) + 1))
        made[column] = next(name for name in names if name.casefold() not in seen)
        seen.add(made[column].casefold())
    return made
