"""Disclosed cells by what they are about: the only way in which figures and pages reach a number."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

HIDDEN = "[c]"


@dataclass(frozen=True, slots=True)
class Cell:
    """One disclosed number: its id, its value as published (NaN when there is none) and the text that is shown.

    ``share`` is true for shares and for the bounds of one.
    """

    id: str
    table: str
    row: str
    column: str
    value: float
    shown: str
    n: int | None
    unit: str
    status: str
    kind: str
    outcome: str
    area: str
    area_label: str
    group: str
    group_label: str
    wave: str
    share: bool

    @property
    def known(self) -> bool:
        """Whether there is a number to draw."""
        return math.isfinite(self.value)

    @property
    def hidden(self) -> bool:
        """Whether disclosure control hid the number."""
        return self.status == "c"

    @property
    def unavailable(self) -> bool:
        """Whether there is no such number at all, such as that of a model that was not fitted."""
        return self.status == "x"

    @property
    def borrowed(self) -> bool:
        """Whether the number comes from all others, because there are answers at one wave only."""
        return self.status == "u"

    @property
    def anchor(self) -> str:
        """Anchor of the table row in which the number stands."""
        return f"{self.table}.{self.row}"

    @property
    def text(self) -> str:
        """The number as sentences and tables for people have it: shares as percentages, a true minus sign."""
        text = percent(self.shown) if self.share else self.shown
        return text.replace("-", "\u2212")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row of a ledger table, by column."""

    table: str
    row: str
    outcome: str
    area: str
    area_label: str
    group: str
    group_label: str
    wave: str
    cells: dict[str, Cell]

    def cell(self, column: str) -> Cell | None:
        """The cell of a column, None when the row has none."""
        return self.cells.get(column)

    def known(self, *columns: str) -> bool:
        """Whether the row has a number in each of the columns."""
        return all(column in self.cells and self.cells[column].known for column in columns)

    def value(self, column: str) -> float:
        """A number as published; NaN when there is none."""
        return self.cells[column].value if column in self.cells else math.nan

    def shown(self, column: str) -> str:
        """The text for a column; ``[x]`` (not available) when the row has no such cell."""
        return self.cells[column].text if column in self.cells else "[x]"

    @property
    def borrowed(self) -> bool:
        """Whether a number of the row comes from all others."""
        return any(cell.borrowed for cell in self.cells.values())

    @property
    def hidden(self) -> bool:
        """Whether any cell of the row is confidential."""
        return any(cell.hidden for cell in self.cells.values())


class Lookup:
    """All disclosed cells of a study.

    Parameters
    ----------
    cells : DataFrame
        As ``hide_cells`` of the stage ``disclose`` hands them on; ``area_letter`` is the area as the public sees it.

    Notes
    -----
    Rows keep the order of the cells.
    """

    def __init__(self, cells: pd.DataFrame) -> None:
        columns = {name: cells[name].tolist() for name in cells.columns}
        places = list(zip(columns["table"], columns["row"], strict=True))
        shares = {place for place, kind in zip(places, columns["kind"], strict=True) if kind == "share"}
        self.by_id: dict[str, Cell] = {}
        self._rows: dict[str, dict[str, Row]] = {}
        for at, identity in enumerate(columns["id"]):
            n = columns["n"][at]
            cell = Cell(
                identity, columns["table"][at], columns["row"][at], columns["column"][at],
                _number(columns["value"][at]), columns["shown"][at], _count(n), columns["unit"][at],
                columns["status"][at], columns["kind"][at], columns["outcome"][at], columns["area_letter"][at],
                columns["area_label"][at], columns["group"][at], columns["group_label"][at], columns["wave"][at],
                columns["kind"][at] == "share" or (columns["kind"][at] == "bound" and places[at] in shares),
            )  # fmt: skip
            self.by_id[identity] = cell
            rows = self._rows.setdefault(cell.table, {})
            if cell.row not in rows:
                rows[cell.row] = Row(
                    cell.table, cell.row, cell.outcome, cell.area, cell.area_label, cell.group, cell.group_label,
                    cell.wave, {},
                )  # fmt: skip
            rows[cell.row].cells[cell.column] = cell

    def __getitem__(self, identity: str) -> Cell:
        """The cell of that ledger id.

        Raises
        ------
        LookupError
            When the ledger has no such id: a page must not print a number that is not published.
        """
        if identity not in self.by_id:
            raise LookupError(f"the ledger has no cell {identity}")
        return self.by_id[identity]

    @property
    def tables(self) -> list[str]:
        """Names of the tables that have cells, in the order of the cells."""
        return list(self._rows)

    def rows(
        self,
        table: str,
        outcome: str | None = None,
        area: str | None = None,
        group: str | None = None,
        wave: str | None = None,
    ) -> Iterator[Row]:
        """Rows of a table, narrowed to the dimensions that are given (``""`` asks for rows without one)."""
        for row in self._rows.get(table, {}).values():
            wanted = ((outcome, row.outcome), (area, row.area), (group, row.group), (wave, row.wave))
            if all(asked is None or asked == has for asked, has in wanted):
                yield row

    def row(
        self,
        table: str,
        outcome: str | None = None,
        area: str | None = None,
        group: str | None = None,
        wave: str | None = None,
    ) -> Row | None:
        """The first row of a table with these dimensions, None when there is none."""
        return next(self.rows(table, outcome, area, group, wave), None)

    def change(self, outcome: str) -> Row | None:
        """Overall change of an outcome from the first to the last wave, by its primary model."""
        plain = self.row("change_overall", outcome=outcome, wave="")
        if plain is not None:
            return plain
        later = list(self.rows("change_overall", outcome=outcome))
        return later[-1] if later else None


def percent(shown: str) -> str:
    """A share as a percentage, by moving the decimal point only: ``0.784`` is ``78.4%``; markers stay as they are."""
    return f"{Decimal(shown).scaleb(2):f}%" if re.fullmatch(r"-?[\d.]+", shown) else shown


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _count(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and value == value else None
