"""What a rule of the conventions is, whatever finished thing it is about, and how well things keep their rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

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


def rule_by(place: Callable[[T, Any], str]) -> Callable[[str], Callable[[Callable[[T], Iterable[Any]]], Rule[T]]]:
    """How a rule is made of its sentence and of a function that finds what breaks it in a thing.

    Parameters
    ----------
    place : function
        Where something that was found stands in the thing.
    """

    def rule(says: str) -> Callable[[Callable[[T], Iterable[Any]]], Rule[T]]:
        def made(found: Callable[[T], Iterable[Any]]) -> Rule[T]:
            return Rule(found.__name__, says, lambda thing: [place(thing, one) for one in found(thing)])

        return made

    return rule


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
