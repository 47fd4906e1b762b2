"""Which cells must not be published, and why: small numbers, all or none of a group, and what would reveal them.

Four rules in turn, until nothing changes: a cell hidden for itself (:func:`primary`), a cell of the same row from
which a hidden count follows (:func:`linked`), a cell of another wave that goes out with a hidden count as its n
(:func:`elsewhere`), and a second cell of a sum whose only hidden cell could be had by subtraction (:func:`protect`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pilot_eval.disclose.rounding import rounded_count

SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Cell:
    """What the rules need of one cell.

    ``n`` and ``n_organisations`` are None where they do not apply; ``place`` is the row without its wave.
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

    @property
    def known(self) -> bool:
        """Whether the cell has a number at all."""
        return not math.isnan(self.value)


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
        )
        for record in records
    ]


def suppress(cells: Sequence[Cell], min_respondents: int, min_organisations: int, base: int = 1) -> dict[str, str]:
    """Ids of the cells to hide, each with the reason.

    Parameters
    ----------
    cells : sequence of Cell
        All cells of all tables.
    min_respondents, min_organisations : int
        Least numbers behind a published cell.
    base : int
        Counts are published as multiples of it: a share that is 100 % of rounded counts says "all" too.

    Returns
    -------
    dict of str to str
        Reason: ``respondents``, ``organisations``, ``all or none``, ``same row``, ``other wave`` or ``sum``.
    """
    hidden = primary(cells, min_respondents, min_organisations, base)
    rows, sums, places = by_row(cells), by_sum(cells), by_place(cells)
    before = -1
    while len(hidden) > before:
        before = len(hidden)
        for row in rows.values():
            for cell in linked(row, hidden):
                hidden.setdefault(cell.id, "same row")
        for place in places.values():
            for cell in elsewhere(place, hidden):
                hidden.setdefault(cell.id, "other wave")
        for group in sums.values():
            people = any(cell.n is not None for cell in group)
            for cell in protect(group, rows, hidden, min_respondents if people else min_organisations):
                hidden.setdefault(cell.id, "sum")
    return hidden


def by_row(cells: Iterable[Cell]) -> dict[tuple[str, str], list[Cell]]:
    """Cells that stand in one row of one table."""
    rows: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        if cell.known:
            rows[cell.row].append(cell)
    return rows


def by_place(cells: Iterable[Cell]) -> dict[tuple[str, ...], list[Cell]]:
    """Cells of one table that tell of the same people, wave after wave."""
    places: dict[tuple[str, ...], list[Cell]] = defaultdict(list)
    for cell in cells:
        if cell.known and cell.place:
            places[cell.place].append(cell)
    return places


def by_sum(cells: Iterable[Cell]) -> dict[str, list[Cell]]:
    """Cells that add up to a total, the total among them."""
    sums: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        if cell.sum and cell.known:
            sums[cell.sum].append(cell)
    return sums


def primary(cells: Sequence[Cell], min_respondents: int, min_organisations: int, base: int = 1) -> dict[str, str]:
    """Cells hidden for themselves: too few people or organisations behind them, or all or none of a group."""
    rows = by_row(cells)
    several = {name for name, group in by_sum(cells).items() if sum(not cell.total for cell in group) > 1}
    totals = {cell.sum: cell.value for cell in cells if cell.sum in several and cell.total and cell.known}
    hidden: dict[str, str] = {}
    for cell in cells:
        if not cell.known:
            continue
        if 0 < _respondents(cell, rows[cell.row]) < min_respondents:
            hidden[cell.id] = "respondents"
        elif cell.n_organisations is not None and 0 < cell.n_organisations < min_organisations:
            hidden[cell.id] = "organisations"
        elif (cell.n is not None or _share_of_organisations(cell)) and (
            _all_or_none(cell, totals) or _all_when_rounded(cell, rows[cell.row], base)
        ):
            hidden[cell.id] = "all or none"
    return hidden


def linked(row: Sequence[Cell], hidden: Mapping[str, str]) -> Iterator[Cell]:
    """Cells of a row that tell a hidden number of it: its share, a mean (which goes out with its n), its bounds."""
    gone = {cell.value for cell in row if cell.kind == "count" and cell.id in hidden and cell.n is not None}
    share_gone = any(cell.kind == "share" and cell.id in hidden for cell in row)
    for cell in row:
        ratio = ratio_of(cell, row) if cell.kind == "share" else None
        if cell.id in hidden:
            if ratio is not None:
                yield ratio[0]
        elif (
            (cell.n is not None and cell.n in gone)
            or (ratio is not None and any(part is not None and part.id in hidden for part in ratio[:2]))
            or (cell.kind == "bound" and share_gone)
        ):
            yield cell


def elsewhere(place: Sequence[Cell], hidden: Mapping[str, str]) -> Iterator[Cell]:
    """Cells that go out with a hidden count of another wave as their n, such as the share of those who came back."""
    gone = {cell.value: cell.row for cell in place if cell.kind == "count" and cell.id in hidden and cell.n}
    for cell in place:
        if cell.kind != "count" and cell.id not in hidden and cell.n in gone and gone[cell.n] != cell.row:
            yield cell


def protect(
    group: Sequence[Cell], rows: Mapping[tuple[str, str], list[Cell]], hidden: Mapping[str, str], least: int
) -> Iterator[Cell]:
    """Further cells of a sum to hide: at least two are, and together they are no small number.

    The smallest parts that are not zero go first (ties by id), then zeros, then the total. Without a cell for its
    total a sum counts as one whose total is known, since it is the n of the shares. A hidden total takes along all that
    is published with it as n.
    """
    total = next((cell for cell in group if cell.total), None)
    parts = [cell for cell in group if not cell.total]
    gone = [cell for cell in parts if cell.id in hidden]
    if not gone and (total is None or total.id not in hidden):
        return
    shown = [cell for cell in parts if cell.id not in hidden]
    spare = sorted(shown, key=lambda cell: (cell.value == 0, cell.value, cell.id))
    whole = total is not None and total.id in hidden
    counted = all(cell.kind == "count" for cell in group)
    while not whole and (len(gone) < 2 or (counted and sum(cell.value for cell in gone) < least)):
        if spare:
            gone.append(spare.pop(0))
            yield gone[-1]
        elif total is not None:
            whole = True
            yield total
        else:
            return
    if whole and total is not None:
        if not gone and spare:
            yield spare[0]
        for part in parts:
            yield from (cell for cell in rows[part.row] if cell.kind != "count" and cell.n == total.value)


def ratio_of(share: Cell, row: Sequence[Cell]) -> tuple[Cell, Cell | None, float] | None:
    """The count and the base (with its cell, if it has one) whose ratio a share is; None when the row has no such.

    A share of organisations is the ratio of two counts of organisations, one of respondents of two of respondents,
    whatever other counts of the row happen to have the same ratio.
    """
    counts = [cell for cell in row if cell.kind == "count" and _of_organisations(cell) == _of_organisations(share)]
    bases: list[tuple[int, Cell | None, float]] = [(index, cell, cell.value) for index, cell in enumerate(counts)]
    if share.n is not None and share.n not in {cell.value for cell in counts}:
        bases.insert(0, (-1, None, float(share.n)))
    for place, base, below in bases:
        for above in counts[place + 1 :]:
            if below > 0 and abs(above.value / below - share.value / share.full) < SAME:
                return above, base, below
    return None


def _respondents(cell: Cell, row: Sequence[Cell]) -> float:
    """Respondents behind a cell; 0 where no single respondents are. Behind a count or share stand those counted."""
    if cell.n is None:
        return 0
    if cell.kind == "count":
        return min(cell.value, cell.n) if cell.n else cell.value
    if cell.kind == "share" and ratio_of(cell, row) is None:
        counted = round(cell.value / cell.full * cell.n)
        return min(counted, cell.n) if counted else cell.n
    return cell.n


def _of_organisations(cell: Cell) -> bool:
    """Whether organisations are counted, and no respondents."""
    return cell.n is None and cell.n_organisations is not None


def _share_of_organisations(cell: Cell) -> bool:
    return cell.kind == "share" and _of_organisations(cell)


def _all_or_none(cell: Cell, totals: Mapping[str, float]) -> bool:
    if cell.kind == "share":
        return min(abs(cell.value), abs(cell.value - cell.full)) < SAME
    return cell.kind == "count" and not cell.total and cell.value > 0 and totals.get(cell.sum) == cell.value


def _all_when_rounded(cell: Cell, row: Sequence[Cell], base: int) -> bool:
    ratio = ratio_of(cell, row) if cell.kind == "share" else None
    return ratio is not None and 0 < rounded_count(ratio[2], base) <= rounded_count(ratio[0].value, base)


def _whole(value: Any) -> int | None:
    """A count, or None for a missing one (pandas gives NA)."""
    return None if str(value) in ("None", "<NA>", "nan") else int(value)
