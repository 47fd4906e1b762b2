"""Cells hidden for themselves: too few behind them, one organisation that stands for most, all or none of a group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pilot_eval.disclose.cell import Cell, by_row, by_sum
from pilot_eval.disclose.rounding import rounded_count

SAME = 1e-9
#: The p % rule, as ACRO has it by default: who gives the second most may not know the most within so many per cent.
SAFE_PERCENT = 10.0
#: Reasons for which a cell is hidden for what it says itself.
FOR_THEMSELVES = ("respondents", "organisations", "dominance", "all or none")
#: What is made of single answers, so that an organisation could take its own out of it.
MADE_OF_ANSWERS = ("mean", "sd", "estimate", "bound")


def primary(cells: Sequence[Cell], min_respondents: int, min_organisations: int, base: int = 1) -> dict[str, str]:
    """Cells hidden for themselves, each with the reason.

    Parameters
    ----------
    cells : sequence of Cell
        All cells of all tables.
    min_respondents, min_organisations : int
        Least numbers behind a published cell.
    base : int
        Counts are published as multiples of it.

    Returns
    -------
    dict of str to str
        Reason: ``respondents``, ``organisations``, ``dominance`` or ``all or none``.
    """
    rows = by_row(cells)
    several = {name for name, group in by_sum(cells).items() if sum(not cell.total for cell in group) > 1}
    totals = {cell.sum: cell.value for cell in cells if cell.sum in several and cell.total and cell.known}
    alike = {row for row, own in rows.items() if _no_spread(own)}
    hidden: dict[str, str] = {}
    for cell in cells:
        if not cell.known:
            continue
        if 0 < _respondents(cell, rows[cell.row]) < min_respondents:
            hidden[cell.id] = "respondents"
        elif cell.n_organisations is not None and 0 < cell.n_organisations < min_organisations:
            hidden[cell.id] = "organisations"
        elif cell.kind in MADE_OF_ANSWERS and cell.dominance is not None and cell.dominance < SAFE_PERCENT:
            hidden[cell.id] = "dominance"
        elif (cell.n is not None or _share_of_organisations(cell)) and (
            _all_or_none(cell, totals)
            or _all_when_rounded(cell, rows[cell.row], base)
            or (cell.row in alike and cell.kind != "count")
        ):
            hidden[cell.id] = "all or none"
    return hidden


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
    return cell.n if cell.n_least is None else min(cell.n, cell.n_least)


def _no_spread(row: Sequence[Cell]) -> bool:
    """Whether a row says that all gave the same answer, or changed by the same. A model's variance of zero does not."""
    of_answers = any(cell.kind == "mean" for cell in row)
    return of_answers and any(cell.kind == "sd" and cell.n is not None and abs(cell.value) < SAME for cell in row)


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
