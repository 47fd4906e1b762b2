"""When an item is asked: the codebook's ``asked_if``, such as ``has_lead = 1`` or ``visits > 0 and kind = 2|3``."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import NamedTuple

PART = re.compile(r"([a-z][a-z0-9_]{0,39})\s*(!=|>=|<=|=|>|<)\s*(-?\d+(?:\.\d+)?(?:\s*\|\s*-?\d+(?:\.\d+)?)*)")
ORDER: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt,
}  # fmt: skip


class Condition(NamedTuple):
    """One comparison of an item's cleaned code with codes."""

    item: str
    sign: str
    codes: tuple[float, ...]

    def holds(self, value: float) -> bool:
        """Whether an answer leads to the question."""
        if self.sign in ("=", "!="):
            return (value in self.codes) == (self.sign == "=")
        return ORDER[self.sign](value, self.codes[0])


def conditions(text: str) -> tuple[Condition, ...]:
    """The comparisons of an ``asked_if``, all of which must hold; none for an empty text.

    Raises
    ------
    ValueError
        When the text is no such comparison.

    Examples
    --------
    >>> conditions("has_lead = 1")
    (Condition(item='has_lead', sign='=', codes=(1.0,)),)
    """
    found = []
    for part in re.split(r"\s+and\s+", text.strip()) if text.strip() else ():
        match = PART.fullmatch(part.strip())
        codes = tuple(float(code) for code in match[3].split("|")) if match else ()
        if match is None or (match[2] in ORDER and len(codes) > 1):
            raise ValueError('a comparison such as "has_lead = 1" or "visits > 0 and kind = 2|3"')
        found.append(Condition(match[1], match[2], codes))
    return tuple(found)
