"""What a reader can set up with published numbers: the same number in several tables, sums, and means over areas.

A *quantity* is a number that stands in one cell or in several; a *relation* says that some of them add up to another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pilot_eval.disclose.cell import Cell, by_sum
from pilot_eval.disclose.primary import SAME
from pilot_eval.disclose.rounding import exact, rounded_count

#: Columns that count everybody of their row, under whatever name a table has for it.
EVERYBODY = ("n", "responded")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number: the cells that show it, by id, their rows, its exact value, and the area that knows it anyhow."""

    name: str
    cells: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]
    value: float
    area: str


@dataclass(frozen=True, slots=True)
class Relation:
    """Parts that add up to a total.

    ``total`` is None where no cell has it: it counts as known, as ``whole``. ``least`` is how wide the range of a
    hidden part must be. ``strict`` relations hold of numbers as they stand, whatever rounding adds; the others (n of
    the means of areas) count on rounding.
    """

    name: str
    parts: tuple[str, ...]
    total: str | None
    whole: float
    least: int
    counted: bool
    strict: bool

    @property
    def members(self) -> tuple[str, ...]:
        """Parts, then the total where a cell has it."""
        return self.parts if self.total is None else (*self.parts, self.total)


@dataclass(frozen=True)
class Web:
    """All quantities and relations of a study, and the relations that hang together."""

    quantities: Mapping[str, Quantity]
    relations: Sequence[Relation]

    def named(self, identities: Iterable[str]) -> set[str]:
        """Names of the quantities that these cells show: as numbers of their own, and as the n of a mean."""
        given = set(identities)
        return {quantity.name for quantity in self.quantities.values() if given.intersection(quantity.cells)}

    def gone(self, relations: Sequence[Relation], hidden: Container[str]) -> set[str]:
        """Names of those members that a hidden cell shows."""
        members = {member for relation in relations for member in relation.members}
        return {member for member in members if any(identity in hidden for identity in self.quantities[member].cells)}

    def components(self) -> list[list[Relation]]:
        """Relations that share a quantity, directly or over others; in the order of their names."""
        above: dict[str, str] = {}

        def root(name: str) -> str:
            while above.setdefault(name, name) != name:
                name = above[name]
            return name

        for relation in self.relations:
            for member in relation.members:
                one, other = sorted((root(relation.members[0]), root(member)))
                above[other] = one
        found: dict[str, list[Relation]] = defaultdict(list)
        for relation in sorted(self.relations, key=lambda relation: relation.name):
            found[root(relation.members[0])].append(relation)
        return list(found.values())


def woven(cells: Sequence[Cell], min_respondents: int, min_organisations: int) -> Web:
    """Quantities and relations of all tables together."""
    same = twins(cells)
    quantities: dict[str, Quantity] = {}
    held: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        if cell.known:
            held[same[cell.id]].append(cell)
    summed = {same[cell.id] for cell in cells if cell.sum}
    for name, own in held.items():
        if len(own) == 1 and name not in summed:
            continue
        ids, rows = tuple(sorted(cell.id for cell in own)), tuple(sorted({cell.row for cell in own}))
        quantities[name] = Quantity(name, ids, rows, own[0].value, own[0].area)
    relations = [
        _sum(name, group, same, min_respondents, min_organisations)
        for name, group in by_sum(cells).items()
        if any(not cell.total for cell in group)
    ]
    for name, group in means_of_areas(cells).items():
        for cell in group:
            key = f"n of {cell.id}"
            quantities[key] = Quantity(key, (cell.id,), (cell.row,), float(cell.n or 0), cell.area)
        parts = tuple(sorted(f"n of {cell.id}" for cell in group))
        whole = float(sum(cell.n or 0 for cell in group))
        relations.append(Relation(name, parts, None, whole, min_respondents, True, False))
    return Web(quantities, relations)


def _sum(name: str, group: Sequence[Cell], same: Mapping[str, str], people: int, organisations: int) -> Relation:
    parts = [cell for cell in group if not cell.total]
    total = next((cell for cell in group if cell.total), None)
    return Relation(
        name, tuple(sorted({same[cell.id] for cell in parts})), None if total is None else same[total.id],
        sum(cell.value for cell in parts) if total is None else total.value,
        people if any(cell.n is not None for cell in group) else organisations,
        all(cell.kind == "count" for cell in group), True,
    )  # fmt: skip


def means_of_areas(cells: Sequence[Cell]) -> dict[str, list[Cell]]:
    """Means of single areas whose n add up to that of all areas, by table, outcome, group, wave and column."""
    groups: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        if cell.known and cell.kind == "mean" and cell.area and cell.n:
            table, outcome, _, group = cell.place
            groups[f"means {table}.{outcome}.{group}.{cell.wave}.{column_of(cell)}"].append(cell)
    return {name: group for name, group in groups.items() if len(group) > 1}


def twins(cells: Sequence[Cell]) -> dict[str, str]:
    """Of each cell the name of its number: cells of several tables that count the same people have one.

    The makers of tables do not say which cells of others are theirs too. Cells of two tables count as one number when
    they are about the same area or group, at the same wave as far as they name one, and have the same exact value and,
    if they are counts, the same people and organisations behind them. Two that are alike by chance are hidden
    together: no harm.
    """
    groups: dict[Hashable, list[Cell]] = defaultdict(list)
    for cell in cells:
        key = _likeness(cell)
        if key is not None:
            groups[key].append(cell)
    same = {cell.id: cell.id for cell in cells}
    for group in groups.values():
        if len({cell.row[0] for cell in group}) < 2:
            continue
        waves = sorted({cell.wave for cell in group if cell.wave})
        for wave in waves or [""]:
            own = [cell for cell in group if cell.wave in ("", wave)]
            if len({cell.row[0] for cell in own}) > 1:
                names = {same[cell.id] for cell in own}
                for cell in group:
                    if same[cell.id] in names:
                        same[cell.id] = min(names)
    return same


def _likeness(cell: Cell) -> Hashable | None:
    if not cell.known or not cell.place or not cell.value or (cell.n is None and cell.n_organisations is None):
        return None
    _, outcome, area, group = cell.place
    value, tail = str(exact(cell.value)), group.replace(":", ".").rsplit(".", 1)[-1]
    if cell.kind == "count":
        column = column_of(cell)
        return ("count", "" if column in EVERYBODY else column, tail, area, value, cell.n, cell.n_organisations)
    # Statistics of one area are no whole numbers: their value alone says which they are.
    return (cell.kind, outcome, area, value) if cell.kind in ("mean", "estimate", "bound") and area else None


def column_of(cell: Cell) -> str:
    """The measure of a cell, the last word of its id."""
    return cell.id.rsplit(".", 1)[-1]


def differences(cells: Sequence[Cell]) -> list[tuple[Cell, Cell, Cell]]:
    """Changes of an area that are one of its means less another: each tells one mean from the other."""
    means: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    changes: list[Cell] = []
    for cell in cells:
        if cell.known and cell.area:
            if cell.kind == "mean":
                means[cell.place[1], cell.area].append(cell)
            elif cell.kind == "estimate":
                changes.append(cell)
    found = []
    for change in changes:
        own = means.get((change.place[1], change.area), [])
        found += [
            (change, one, other) for one in own for other in own
            if one.wave != other.wave and abs(one.value - other.value - change.value) < SAME
        ]  # fmt: skip
    return found


def shown_range(value: float, base: int) -> tuple[float, float]:
    """Whole numbers that are published as this count is."""
    half = (base - 1) / 2
    middle = rounded_count(value, base)
    return max(0.0, middle - half), middle + half
