"""How well a hidden number can be told from the shown ones: its range, by linear programming."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pilot_eval.disclose.relations import Quantity, Relation, shown_range

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Limits = Mapping[str, tuple[float, float]]
#: Marginals and widths below this are rounding noise of the solver.
TINY = 1e-7
#: So many programs at a time: one call of the solver for each would cost more than all of them together.
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """A hidden quantity, and the area that asks: it knows its own numbers exactly. Empty: a reader from outside."""

    name: str
    insider: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """What follows for a hidden number, and the shown quantities from which it follows."""

    low: float
    high: float
    support: frozenset[str]

    @property
    def possible(self) -> float:
        """How many whole numbers it may be."""
        return math.floor(self.high + TINY) - math.ceil(self.low - TINY) + 1 if self.high < math.inf else math.inf


def ranges_of(
    asked: Sequence[Asked],
    relations: Sequence[Relation],
    quantities: Mapping[str, Quantity],
    hidden: Set[str],
    base: int,
) -> list[Range]:
    """Least and greatest values of hidden quantities that agree with all that is shown.

    Parameters
    ----------
    asked : sequence of Asked
    relations : sequence of Relation
        All that hang together.
    quantities : mapping of str to Quantity
    hidden : set of str
        Names of the hidden quantities.
    base : int
        Counts are published as multiples of it.

    Returns
    -------
    list of Range
        In the order asked. ``high`` is infinite where nothing bounds it. Sums that do not add up tell nothing.
    """
    members = list(dict.fromkeys(member for relation in relations for member in relation.members))
    # A total that no cell has is as good as shown, unless nothing of its sum is.
    wholes = [
        (0.0, math.inf) if hidden >= set(relation.parts) else shown_range(relation.whole, base)
        for relation in relations if relation.total is None
    ]  # fmt: skip
    limits = [_limits(one, members, quantities, hidden, base) for one in asked]
    can_hide = [
        {name for name in members if name not in hidden and not (one.insider and quantities[name].area == one.insider)}
        for one in asked
    ]
    if len(relations) == 1:
        whole = wholes[0] if wholes else None
        each = zip(asked, limits, can_hide, strict=True)
        return [_of_one(one, relations[0], known, may, whole) for one, known, may in each]
    found: list[Range] = []
    for at in range(0, len(asked), AT_ONCE):
        part = slice(at, at + AT_ONCE)
        found += _of_several(asked[part], relations, members, limits[part], can_hide[part], wholes)
    return found


def _limits(
    one: Asked, members: Sequence[str], quantities: Mapping[str, Quantity], hidden: Set[str], base: int
) -> dict[str, tuple[float, float]]:
    """What is known of each quantity by itself."""
    limits = {}
    for member in members:
        quantity = quantities[member]
        if one.insider and quantity.area == one.insider:
            limits[member] = (quantity.value, quantity.value)
        else:
            limits[member] = (0.0, math.inf) if member in hidden else shown_range(quantity.value, base)
    return limits


def _of_one(
    one: Asked, relation: Relation, limits: Limits, can_hide: Set[str], whole: tuple[float, float] | None
) -> Range:
    """In a single sum the bounds of one are what the bounds of the others leave."""
    others = [limits[part] for part in relation.parts if part != one.name]
    low, high = sum(other[0] for other in others), sum(other[1] for other in others)
    if one.name == relation.total:
        return Range(low, high, frozenset(can_hide))
    least, most = limits[relation.total] if whole is None and relation.total is not None else whole or (0.0, math.inf)
    return Range(max(0.0, least - high), most - low, frozenset(can_hide))


def _of_several(
    asked: Sequence[Asked],
    relations: Sequence[Relation],
    members: Sequence[str],
    limits: Sequence[Limits],
    can_hide: Sequence[Set[str]],
    wholes: Sequence[tuple[float, float]],
) -> list[Range]:
    """Two programs for each that is asked, all of them beside one another in one."""
    import numpy as np
    from scipy.optimize import linprog
    from scipy.sparse import eye_array, kron

    place = {member: at for at, member in enumerate(members)}
    bounds = [[*(given[member] for member in members), *wholes] for given in limits]
    # What is unbounded would spoil the programs beside it: far off counts as infinite.
    far = 10.0 * (1.0 + max(end for one in bounds for limit in one for end in limit if end < math.inf))
    capped = np.array([[(low, min(high, far)) for low, high in one] for one in bounds])
    sums = kron(eye_array(len(asked)), _sums(relations, place, len(wholes)), format="csr")
    cost = np.zeros(capped.shape[:2])
    cost[range(len(asked)), [place[one.name] for one in asked]] = 1.0
    ends: list[Any] = []
    weights = np.zeros(cost.shape)
    for sign in (1.0, -1.0):
        solved: Any = linprog(  # type: ignore[call-overload]  # its annotations know no sparse arrays
            sign * cost.ravel(), A_eq=sums, b_eq=np.zeros(sums.shape[0]), bounds=capped.reshape(-1, 2),
            method="highs-ds",
        )  # fmt: skip
        if solved.status != 0 and len(asked) == 1:
            return [Range(0.0, math.inf, frozenset())]
        if solved.status != 0:
            each = zip(asked, limits, can_hide, strict=True)
            return [_of_several([one], relations, members, [given], [may], wholes)[0] for one, given, may in each]
        ends.append((solved.x.reshape(cost.shape) * cost).sum(axis=1))
        weights += (np.abs(solved.lower.marginals) + np.abs(solved.upper.marginals)).reshape(cost.shape)
    return [
        Range(float(low), math.inf if high > far / 2 else float(high), _support(weight, place, names))
        for low, high, weight, names in zip(*ends, weights, can_hide, strict=True)
    ]


def _support(weights: Any, place: Mapping[str, int], can_hide: Set[str]) -> frozenset[str]:
    """The shown quantities whose bounds decide a range; all of them where the program does not say."""
    deciding = frozenset(name for name in can_hide if weights[place[name]] > TINY)
    return deciding or frozenset(can_hide)


def _sums(relations: Sequence[Relation], place: Mapping[str, int], wholes: int) -> csr_array:
    from scipy.sparse import csr_array

    lines: list[tuple[int, int, float]] = []
    free: Iterator[int] = iter(range(len(place), len(place) + wholes))
    for line, relation in enumerate(relations):
        lines += [(line, place[part], 1.0) for part in relation.parts]
        lines.append((line, next(free) if relation.total is None else place[relation.total], -1.0))
    down, along, weight = zip(*lines, strict=True)
    return csr_array((weight, (down, along)), shape=(len(relations), len(place) + wholes))
