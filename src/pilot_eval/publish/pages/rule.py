"""How a rule of pages is made of a function that finds what breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pilot_eval.publish.kept_rules import Rule
from pilot_eval.publish.pages.view import Page


def rule(says: str) -> Callable[[Callable[[Page], Iterable[Any]]], Rule[Page]]:
    """A rule by the function that finds what breaks it: elements, numbers of lines, or zero for the page as a whole."""

    def made(found: Callable[[Page], Iterable[Any]]) -> Rule[Page]:
        def broken(page: Page) -> Iterator[str]:
            for one in found(page):
                line = one if isinstance(one, int) else one.sourceline
                yield f"{page.name} line {line}" if line else page.name

        return Rule(found.__name__, says, broken)

    return made
