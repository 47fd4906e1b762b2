"""Disclosed cells as rows of a table for people: labels instead of codes, numbers as published."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pilot_eval.publish.catalogue import CATALOGUE, label
from pilot_eval.publish.lookup import Cell, Lookup, Row
from pilot_eval.publish.wording import level_of


def row_labels(row: Row, wording: Mapping[str, Any]) -> dict[str, str]:
    """Labels of a row's dimensions: ``outcome``, ``area``, ``group``, ``wave``."""
    return {
        "outcome": label("outcome", row.outcome, wording),
        "area": row.area_label or everywhere(row, wording["words"]),
        "group": box(row) if row.table == "flow" else row.group_label or label("group", row.group, wording),
        "wave": label("wave", row.wave, wording) if row.wave else _every_wave(row.table, wording),
    }


def box(row: Row) -> str:
    """A box of the participant flow in words: who or what is counted, and which of them."""
    return f"{level_of(row)}: {row.group_label}"


def everywhere(row: Row, words: Mapping[str, str]) -> str:
    """What a row without an area stands for: all areas, or those of whom the area is not known."""
    if row.group and "area" in CATALOGUE[row.table].rows and "group" not in CATALOGUE[row.table].rows:
        return row.group_label
    return f"All {words['areas']}"


def _every_wave(table: str, wording: Mapping[str, Any]) -> str:
    """What a row without a wave stands for: a change runs from the first wave to the last."""
    if not table.startswith("change"):
        return "All"
    labels = list(wording["waves"].values())
    return f"{labels[0]} to {labels[-1]}"


def decimals(cell: Cell) -> int:
    """Decimals of a cell as published."""
    digits = cell.shown.rpartition(".")[2] if "." in cell.shown else ""
    return len(digits)


def value_text(cell: Cell) -> str:
    """The published number as text without separators; empty when there is none."""
    if math.isnan(cell.value):
        return ""
    return f"{cell.value:.{decimals(cell)}f}"


@dataclass(frozen=True)
class Sheet:
    """Rows of one table of the catalogue and the columns that they fill.

    Attributes
    ----------
    dimensions, measures : list of str
        Dimensions by which its rows differ, and measures that have cells, in catalogue order.
    rows : list of Row
    """

    name: str
    dimensions: list[str]
    measures: list[str]
    rows: list[Row]

    def cells(self, measure: str) -> list[Cell]:
        """Cells of one measure, where rows have it."""
        return [row.cells[measure] for row in self.rows if measure in row.cells]


def counted(sheet: Sheet) -> str:
    """How many areas a table is about, where its title says so: ``10``, or ``8 to 10`` where rows differ."""
    measure = CATALOGUE[sheet.name].counted
    if not measure:
        return ""
    if measure == "area":
        return str(len({row.area for row in sheet.rows}))
    numbers = sorted({int(cell.value) for cell in sheet.cells(measure) if cell.known})
    return " to ".join(map(str, dict.fromkeys([*numbers[:1], *numbers[-1:]])))


def sheet_of(table: str, cells: Lookup) -> Sheet:
    """A table's rows, with the dimensions and measures in use; those that the catalogue lacks come last."""
    known = CATALOGUE[table]
    rows = list(cells.rows(table))
    found = dict.fromkeys(column for row in rows for column in row.cells)
    measures = [name for name in known.measures if name in found]
    measures += [name for name in found if name not in known.measures]
    used = [name for name in ("outcome", "area", "group", "wave") if any(getattr(row, name) for row in rows)]
    if "area" in known.rows and "group" not in known.rows:
        used = [name for name in used if name != "group"]  # said in the place of the area
    dimensions = [name for name in known.rows if name in used]
    dimensions += [name for name in used if name not in dimensions]
    return Sheet(table, dimensions or list(known.rows)[:1], measures, rows)
