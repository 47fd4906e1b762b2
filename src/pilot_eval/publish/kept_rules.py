"""What a rule of the conventions is, whatever finished thing it is about, and how well things keep their rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import pandas as pd

T = TypeVar("T")


@dataclass(frozen=True)
class Rule(Generic[T]):
    """A rule with its name, its sentence, and a function that gives the places where a thing breaks it.

    A place tells where to look, never what stands there.
    """

    name: str
    says: str
    broken: Callable[[T], Iterable[str]]


def kept_rules(rules: Sequence[Rule[T]], things: Iterable[T]) -> pd.DataFrame:
    """Every rule with the number of places in which things break it.

    Parameters
    ----------
    rules : sequence of Rule
    things : iterable
        What the rules are about, one after another.

    Returns
    -------
    DataFrame
        ``rule`` and ``says``, ``places`` in which it is broken, and the ``first`` of them; all text.
    """
    places: dict[str, list[str]] = {rule.name: [] for rule in rules}
    for thing in things:
        for rule in rules:
            places[rule.name] += rule.broken(thing)
    rows = [[rule.name, rule.says, str(len(places[rule.name])), (*places[rule.name], "")[0]] for rule in rules]
    return pd.DataFrame(rows, columns=["rule", "says", "places", "first"], dtype="str")
