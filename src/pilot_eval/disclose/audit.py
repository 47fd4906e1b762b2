"""The last look before numbers go out: no hidden one may follow from those that are shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pilot_eval.disclose.cell import Cell, by_row, by_sum
from pilot_eval.disclose.choose import open_ranges
from pilot_eval.disclose.primary import FOR_THEMSELVES, ratio_of
from pilot_eval.disclose.relations import woven
from pilot_eval.faults import Fault

BUG = "This is a fault of the program: publish nothing, and report it"


def audit(
    cells: Sequence[Cell], hidden: Mapping[str, str], least: int, least_organisations: int = 1, base: int = 1
) -> list[Fault]:
    """Hidden numbers that a reader could work out, by other means than those that chose what to hide.

    Parameters
    ----------
    cells : sequence of Cell
    hidden : mapping of str to str
        Ids of the hidden cells, with the reason.
    least, least_organisations : int
        Respondents and organisations that must stand behind a published number.
    base : int
        Counts are published as multiples of it.

    Returns
    -------
    list of Fault
        PUB-07: a cell that is what a shown total leaves of the shown parts, parts that together are fewer than
        ``least``, a count that a shown share and its base give away, or a number whose range, given all tables
        together and the own numbers of any one area, is narrower than the least number behind a cell.
    """
    plain = [*_by_subtraction(cells, hidden, least), *_by_division(cells, hidden)]
    return plain or list(_by_programming(cells, hidden, least, least_organisations, base))


def _by_subtraction(cells: Sequence[Cell], hidden: Mapping[str, str], least: int) -> Iterator[Fault]:
    for name, group in by_sum(cells).items():
        unknown = [cell for cell in group if cell.id in hidden]
        if any(cell.total for cell in unknown):
            if len(unknown) == 1:
                yield _solved(unknown[0], "the sum of its parts, all of them shown")
        elif len(unknown) == 1 < len(group):
            yield _solved(unknown[0], f"the total of {name} less the other parts")
        elif 0 < len(unknown) < len(group) and all(cell.kind == "count" and cell.n is not None for cell in group):
            rest = sum(cell.value for cell in unknown)
            if 0 < rest < least:
                yield _solved(unknown[0], f"with {len(unknown) - 1} more the rest of {name}, less than {least}")


def _by_division(cells: Sequence[Cell], hidden: Mapping[str, str]) -> Iterator[Fault]:
    rows = by_row(cells)
    for cell in cells:
        if cell.kind == "share" and cell.known and cell.id not in hidden:
            parts = ratio_of(cell, rows[cell.row])
            if parts is not None and parts[0].id in hidden:
                yield _solved(parts[0], f"{cell.id} times its base")


def _by_programming(
    cells: Sequence[Cell], hidden: Mapping[str, str], least: int, least_organisations: int, base: int
) -> Iterator[Fault]:
    """The range of every hidden number in a sum, over all tables that hang together, for everybody and every area."""
    web = woven(cells, least, least_organisations)
    known = {cell.id: cell for cell in cells}
    sensitive = web.named(identity for identity, why in hidden.items() if why in FOR_THEMSELVES)
    for relations in web.components():
        gone = web.gone(relations, hidden)
        for name, insider, found in open_ranges(relations, web.quantities, gone, sensitive, base) if gone else ():
            who = f"for {insider}, " if insider else ""
            how = f"{who}from {found.low:g} to {found.high:g}, by {', '.join(one.name for one in relations[:2])}"
            if found.support:
                yield _solved(known[web.quantities[name].cells[0]], how)


def _solved(cell: Cell, how: str) -> Fault:
    saw = f"the hidden cell {cell.id} is {how}"
    return Fault("PUB-07", "STOP", f"table {cell.row[0]}", saw, "a second hidden cell", BUG)
