"""Which cells must not be published, and why: small numbers, all or none of a group, and what would reveal them.

Rules in turn, until nothing changes: a cell hidden for itself (:mod:`~pilot_eval.disclose.primary`), a cell of the
same row from which a hidden count follows (:func:`linked`), a cell of another wave that goes out with a hidden count
as its n (:func:`elsewhere`), the same number in another table and what tells it by a difference (:func:`repeated`),
and further numbers of a sum (:mod:`~pilot_eval.disclose.choose`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pilot_eval.disclose.cell import Cell, by_place, by_row
from pilot_eval.disclose.choose import fewest
from pilot_eval.disclose.primary import primary, ratio_of
from pilot_eval.disclose.relations import Relation, Web, differences, woven


def suppress(
    cells: Sequence[Cell],
    min_respondents: int,
    min_organisations: int,
    base: int = 1,
    told: Iterable[str] = (),
    kept: Iterable[str] = (),
    said: Iterable[str] = (),
) -> dict[str, str]:
    """Ids of the cells to hide, each with the reason.

    Parameters
    ----------
    cells : sequence of Cell
        All cells of all tables.
    min_respondents, min_organisations : int
        Least numbers behind a published cell.
    base : int
        Counts are published as multiples of it: a share that is 100 % of rounded counts says "all" too.
    told : iterable of str
        Cells that the last release shows as they are now: hiding them protects nothing.
    kept : iterable of str
        Cells that the last release hides: shown beside it, they would tell what it hides with them.
    said : iterable of str
        Cells of which the rule that made them says that they tell what each person answered.

    Returns
    -------
    dict of str to str
        Reason, one of ``contracts.REASONS``.
    """
    hidden = primary(cells, min_respondents, min_organisations, base)
    for identity in said:
        hidden.setdefault(identity, "all or none")
    rows, places, web = by_row(cells), by_place(cells), woven(cells, min_respondents, min_organisations)
    changes, components = differences(cells), web.components()
    sensitive, released, held = web.named(hidden), web.named(told), set(kept)
    before = -1
    while len(hidden) > before:
        before = len(hidden)
        for row in rows.values():
            for cell in linked(row, hidden):
                hidden.setdefault(cell.id, "same row")
        for place in places.values():
            for cell in elsewhere(place, hidden):
                hidden.setdefault(cell.id, "other wave")
        for identity in repeated(web, changes, hidden):
            hidden.setdefault(identity, "other table")
        for relations in components:
            for identity in _still(web, relations, hidden, held):
                hidden.setdefault(identity, "sum")
            gone = web.gone(relations, hidden)
            for name in fewest(relations, web.quantities, gone, sensitive, released, base) if gone else ():
                for identity in web.quantities[name].cells:
                    hidden.setdefault(identity, "sum")
            for cell in with_total(web, relations, rows, hidden):
                hidden.setdefault(cell.id, "sum")
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


def repeated(web: Web, changes: Sequence[tuple[Cell, Cell, Cell]], hidden: Mapping[str, str]) -> Iterator[str]:
    """Cells of other tables that show a hidden number, and changes that tell a hidden mean from a shown one."""
    for quantity in web.quantities.values():
        if len(quantity.cells) > 1 and any(identity in hidden for identity in quantity.cells):
            yield from quantity.cells
    for change, *means in changes:
        if change.id not in hidden and any(mean.id in hidden for mean in means):
            yield change.id


def with_total(
    web: Web, relations: Sequence[Relation], rows: Mapping[tuple[str, str], list[Cell]], hidden: Mapping[str, str]
) -> Iterator[Cell]:
    """What goes out with a hidden total as its n, in the rows of its parts."""
    for relation in relations:
        total = web.quantities.get(relation.total or "")
        if total is not None and total.cells[0] in hidden:
            for part in relation.parts:
                for row in web.quantities[part].rows:
                    yield from (cell for cell in rows[row] if cell.kind != "count" and cell.n == total.value)


def _still(web: Web, relations: Sequence[Relation], hidden: Mapping[str, str], kept: set[str]) -> Iterator[str]:
    """Cells that the last release hides, in a sum of which something is hidden now too."""
    for relation in relations if kept else ():
        own = [identity for member in relation.members for identity in web.quantities[member].cells]
        if any(identity in hidden for identity in own):
            yield from (identity for identity in own if identity in kept)
