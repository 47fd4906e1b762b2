"""The fewest further numbers to hide, so that no hidden one follows from sums: a mixed-integer linear program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import permutations

from pilot_eval.disclose.ranges import Asked, Range, ranges_of
from pilot_eval.disclose.relations import Quantity, Relation

#: A total is hidden only where up to so many parts do not help, and what the last release shows when nothing else does.
TOTAL, TOLD = 100, 10_000


def fewest(
    relations: Sequence[Relation],
    quantities: Mapping[str, Quantity],
    hidden: Set[str],
    sensitive: Set[str],
    told: Set[str],
    base: int,
) -> set[str]:
    """Quantities to hide beside those that are hidden, in relations that hang together.

    Parameters
    ----------
    relations : sequence of Relation
    quantities : mapping of str to Quantity
    hidden : set of str
        Names of hidden quantities: they stay so.
    sensitive : set of str
        Those of them that are hidden for themselves: not even an area that knows its own numbers may tell them.
    told : set of str
        Quantities that the last release shows as they are now.
    base : int
        Counts are published as multiples of it.

    Returns
    -------
    set of str
        As few as can be; of as few, the smallest that are not zero, then by name.

    Notes
    -----
    The program starts with what every sum needs. Then the range of every hidden quantity is worked out
    (:mod:`~pilot_eval.disclose.ranges`); one that is too narrow asks for one more of those from which it follows, and
    the program is solved again.
    """
    cuts: list[frozenset[str]] = []
    while True:
        chosen = _solve(relations, quantities, hidden, cuts, told)
        more = open_ranges(relations, quantities, hidden | chosen, sensitive, base)
        fresh = [found.support - chosen for _, _, found in more if found.support - chosen]
        if not fresh:
            return chosen
        cuts += fresh


def open_ranges(
    relations: Sequence[Relation],
    quantities: Mapping[str, Quantity],
    hidden: Set[str],
    sensitive: Set[str],
    base: int,
) -> list[tuple[str, str, Range]]:
    """Hidden quantities whose range is too narrow, each with the area that can tell it (empty: everybody)."""
    members = sorted({member for relation in relations for member in relation.members} & hidden)
    areas = sorted({quantities[member].area for member in members} - {""})
    least = {name: max(one.least for one in relations if name in one.members) for name in members}
    asked = [Asked(name) for name in members]
    asked += [
        Asked(name, area) for name in members if name in sensitive for area in areas if area != quantities[name].area
    ]
    found = zip(asked, ranges_of(asked, relations, quantities, hidden, base), strict=True)
    return [(one.name, one.insider, known) for one, known in found if known.possible < least[one.name]]


def _solve(
    relations: Sequence[Relation],
    quantities: Mapping[str, Quantity],
    hidden: Set[str],
    cuts: Sequence[frozenset[str]],
    told: Set[str],
) -> set[str]:
    """The cheapest set that meets all demands: the fewest, of those the smallest numbers that are not zero."""
    demands = [*_demands(relations, quantities), *(dict.fromkeys(sorted(cut), 1.0) | {"": -1.0} for cut in cuts)]
    if all(sum(weight for name, weight in row.items() if not name or name in hidden) >= 0 for row in demands):
        return set()
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    members = sorted(
        {member for relation in relations for member in relation.members},
        key=lambda name: (quantities[name].value == 0, quantities[name].value, name),
    )
    place = {name: at for at, name in enumerate(members)}
    matrix, floor = np.zeros((len(demands), len(members))), np.zeros(len(demands))
    for line, row in enumerate(demands):
        floor[line] = -row.get("", 0.0)
        for name in row.keys() - {""}:
            matrix[line, place[name]] = row[name]
    # One more number costs more than all differences of place together: fewest first, then smallest.
    dear = {relation.total: TOTAL for relation in relations} | dict.fromkeys(told, TOLD)
    cost = np.array([(len(members) ** 2 + at) * dear.get(name, 1) for name, at in place.items()])
    fixed = np.array([float(name in hidden) for name in members])
    solved = milp(
        cost.astype(np.float64), constraints=LinearConstraint(matrix, lb=floor), bounds=Bounds(fixed, 1.0),
        integrality=np.ones(len(members), dtype=np.int64), options={"mip_rel_gap": 0.0},
    )  # fmt: skip
    if solved.status != 0:
        raise ArithmeticError(f"no choice of cells to hide in {relations[0].name}: {solved.message}")
    return {name for name, at in place.items() if solved.x[at] > 0.5 and name not in hidden}


def _demands(relations: Sequence[Relation], quantities: Mapping[str, Quantity]) -> Iterator[dict[str, float]]:
    """What every sum needs: weights of its members that, summed over the hidden ones, may not fall below zero.

    A hidden member needs a second, and hidden counts that the shown ones leave over are no small number together.
    """
    for relation in relations:
        if not relation.strict or len(relation.members) < 2:
            continue
        for member in relation.members:
            yield {other: 1.0 if other != member else -1.0 for other in relation.members}
        if relation.counted:
            values = {part: quantities[part].value for part in relation.parts}
            if relation.total is None and sum(values.values()) < relation.least:
                # The whole of it is a small number: nothing of it is shown.
                yield from ({one: 1.0, other: -1.0} for one, other in permutations(relation.parts, 2))
                continue
            whole = {} if relation.total is None else {relation.total: float(relation.least)}
            for part in relation.parts:
                yield {**values, part: values[part] - relation.least} | whole
