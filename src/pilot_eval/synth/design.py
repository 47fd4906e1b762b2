"""The design: which organisations, links and posts there are and where. The same in every draw of a study."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pilot_eval.synth.streams import stream
from pilot_eval.synth.truth import Plan

Ints = npt.NDArray[np.int64]
Text = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Design:
    """Arrays over organisations (all kinds, one after another), groups, links and posts.

    Attributes
    ----------
    kind, area, key : arrays over organisations
        Kind, index of the (home) area, and key.
    second : array over organisations
        Index of a second area served, -1 for none.
    attributes : dict of arrays over organisations
        Empty text where an attribute does not apply.
    group_area : array over groups
        Index of the area of each commissioning group.
    links : array (n, 2)
        Organisations of the left and right side of each link.
    role, place, home, group : arrays over posts
        Index of the role, of the organisation (-1 for none), of the area, and of the commissioning group (-1).
    unit : array over posts
        Key of the organisation, or ``area:CODE`` where there is none.
    """

    kind: Text
    area: Ints
    key: Text
    second: Ints
    attributes: dict[str, Text]
    group_area: Ints
    links: Ints
    role: Ints
    place: Ints
    home: Ints
    group: Ints
    unit: Text


def make_design(plan: Plan) -> Design:
    """Lay out the study: numbers exactly as in the truth file, places at random from its seed."""
    truth, areas = plan.truth, len(plan.study.areas)
    rng = stream(truth.seed, "design")
    names = sorted({name for wanted in truth.organisations.values() for name in wanted.attributes})
    kinds, homes, keys, seconds = [], [], [], []
    attributes: dict[str, list[Text]] = {name: [] for name in names}
    for kind, wanted in truth.organisations.items():
        home = _spread(rng, areas, wanted.number, wanted.least)
        kinds.append(np.full(wanted.number, kind, dtype=object))
        homes.append(home)
        keys.append(_keys(rng, wanted.key, wanted.keys, wanted.number))
        seconds.append(_second_areas(rng, home, wanted.two_areas, areas))
        for name in names:
            attributes[name].append(_draw(rng, wanted.attributes.get(name), wanted.number))
    kind_of, home_of, second = np.concatenate(kinds), np.concatenate(homes), np.concatenate(seconds)
    group_area = np.sort(np.array([*range(areas), *(plan.study.areas.index(code) for code in truth.groups.second)]))
    role, place, home, group = _posts(rng, plan, kind_of, home_of, group_area)
    key = np.concatenate(keys)
    codes = np.array([f"area:{code}" for code in plan.study.areas], dtype=object)
    return Design(
        kind_of, home_of, key, second, {name: np.concatenate(parts) for name, parts in attributes.items()}, group_area,
        _links(rng, plan, kind_of, home_of, second), role, place, home, group,
        np.where(place >= 0, key[place], codes[home]),
    )  # fmt: skip


def _spread(rng: np.random.Generator, areas: int, number: int, least: int) -> Ints:
    """Area of each of a number of organisations, at least some in each, ordered by area."""
    weights = rng.dirichlet(np.full(areas, 8.0))
    counts = least + rng.multinomial(number - least * areas, weights)
    return np.repeat(np.arange(areas), counts)


def _keys(rng: np.random.Generator, form: str, bounds: tuple[int, int], number: int) -> Text:
    room = np.arange(bounds[0], bounds[1] + 1)
    chosen = np.sort(rng.choice(room, size=number, replace=False))
    return np.array([form.format(key) for key in chosen], dtype=object)


def _second_areas(rng: np.random.Generator, home: Ints, two: int, areas: int) -> Ints:
    second = np.full(len(home), -1)
    chosen = rng.choice(len(home), size=two, replace=False)
    second[chosen] = (home[chosen] + 1) % areas
    return second


def _draw(rng: np.random.Generator, shares: dict[str, float] | None, number: int) -> Text:
    if shares is None:
        return np.full(number, "", dtype=object)
    values = np.array(list(shares), dtype=object)
    odds = np.array(list(shares.values()))
    return values[rng.choice(len(values), size=number, p=odds / odds.sum())]


def _links(rng: np.random.Generator, plan: Plan, kind: Text, home: Ints, second: Ints) -> Ints:
    """One organisation of the right kind for each of the left kind, among those that serve its area in turn."""
    register = plan.study.config.registers.links
    if register is None:
        return np.empty((0, 2), dtype=np.int64)
    pairs = []
    for area in range(len(plan.study.areas)):
        left = np.flatnonzero((kind == register.left) & (home == area))
        right = np.flatnonzero((kind == register.right) & ((home == area) | (second == area)))
        turn = rng.permutation(right)
        pairs.append(np.column_stack([left, turn[np.arange(len(left)) % len(turn)]]))
    return np.concatenate(pairs)


def _posts(
    rng: np.random.Generator, plan: Plan, kind: Text, home: Ints, group_area: Ints
) -> tuple[Ints, Ints, Ints, Ints]:
    """Posts of each role: one after another over its units, what is left over at random."""
    parts: list[Ints] = []
    for index, role in enumerate(plan.study.config.roles):
        per = plan.truth.people[role.id].per
        if per == "group":
            place, area, group = np.full(len(group_area), -1), group_area, np.arange(len(group_area))
        elif per == "area":
            area = np.arange(len(plan.study.areas))
            place, group = np.full(len(area), -1), np.full(len(area), -1)
        else:
            place = np.flatnonzero(kind == per)
            area, group = home[place], np.full(len(place), -1)
        rounds, rest = divmod(role.invited or len(area), len(area))
        extra = np.zeros(len(area), dtype=np.int64)
        extra[rng.choice(len(area), size=rest, replace=False)] = 1
        unit = np.repeat(np.arange(len(area)), rounds + extra)
        parts.append(np.column_stack([np.full(len(unit), index), place[unit], area[unit], group[unit]]))
    table = np.concatenate(parts).astype(np.int64)
    role, place, area, group = np.ascontiguousarray(table.T)
    return role, place, area, group
