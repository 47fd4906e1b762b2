"""What the rules of disclosure need of a cell, and the cells that belong together."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Cell:
    """What the rules need of one cell.

    ``n``, ``n_organisations``, ``n_least`` and ``dominance`` are None where they do not apply; ``place`` is the row
    without its wave: table, outcome, area and group.
    """

    id: str
    row: tuple[str, str]
    kind: str
    value: float
    n: int | None
    n_organisations: int | None
    full: float
    sum: str
    total: bool
    place: tuple[str, ...] = ()
    wave: str = ""
    n_least: int | None = None
    dominance: float | None = None

    @property
    def known(self) -> bool:
        """Whether the cell has a number at all."""
        return not math.isnan(self.value)

    @property
    def area(self) -> str:
        """Code of its area; empty when it is about all of them."""
        return self.place[2] if self.place else ""


def as_cells(records: Iterable[Mapping[str, Any]]) -> list[Cell]:
    """Cells of a part; ``full`` is the value of a share of everybody (1, or 100 where the unit is per cent)."""
    return [
        Cell(
            id=record["id"],
            row=(record["table"], record["row"]),
            kind=record["kind"],
            value=record["value"] if record["status"] not in ("x", "z") else math.nan,
            n=_whole(record["n"]),
            n_organisations=_whole(record["n_organisations"]),
            full=100.0 if "%" in record["unit"] or "per cent" in record["unit"] else 1.0,
            sum=record["sum"] and f"{record['table']}.{record['sum']}",
            total=bool(record["total"]),
            place=(record["table"], record["outcome"], record["area"], record["group"]),
            wave=record["wave"],
            n_least=_whole(record["n_least"]),
            dominance=None if math.isnan(record["dominance"]) else record["dominance"],
        )
        for record in records
    ]


def by_row(cells: Iterable[Cell]) -> dict[tuple[str, str], list[Cell]]:
    """Cells that stand in one row of one table."""
    return _grouped(cells, lambda cell: cell.row)


def by_place(cells: Iterable[Cell]) -> dict[tuple[str, ...], list[Cell]]:
    """Cells of one table that tell of the same people, wave after wave."""
    return _grouped((cell for cell in cells if cell.place), lambda cell: cell.place)


def by_sum(cells: Iterable[Cell]) -> dict[str, list[Cell]]:
    """Cells that add up to a total, the total among them."""
    return _grouped((cell for cell in cells if cell.sum), lambda cell: cell.sum)


def _grouped(cells: Iterable[Cell], key: Callable[[Cell], K]) -> dict[K, list[Cell]]:
    groups: dict[K, list[Cell]] = defaultdict(list)
    for cell in cells:
        if cell.known:
            groups[key(cell)].append(cell)
    return groups


def _whole(value: Any) -> int | None:
    """A count, or None for a missing one (pandas gives NA)."""
    return None if str(value) in ("None", "<NA>", "nan") else int(value)
