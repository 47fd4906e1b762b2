"""What a rule of pages is: a sentence of the conventions, and where a page breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pilot_eval.publish.pages.view import Page


@dataclass(frozen=True)
class Rule:
    """A rule with its name, its sentence, and a function that gives the places where a page breaks it.

    A place names a page and a line, never what stands there.
    """

    name: str
    says: str
    broken: Callable[[Page], Iterator[str]]


def rule(says: str) -> Callable[[Callable[[Page], Iterable[Any]]], Rule]:
    """A rule by the function that finds what breaks it: elements, numbers of lines, or zero for the page as a whole."""

    def made(found: Callable[[Page], Iterable[Any]]) -> Rule:
        def broken(page: Page) -> Iterator[str]:
            for one in found(page):
                line = one if isinstance(one, int) else one.sourceline
                yield f"{page.name} line {line}" if line else page.name

        return Rule(found.__name__, says, broken)

    return made
