"""Which words say how sure an answer is: one table of rules, the first that holds."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

LEVEL = 0.05
#: Verdicts of a comparison and of a relation: clearly above, clearly below, not clear.
DIFFERS = ("differs", "differs", "no clear difference")
RELATED = ("related", "related", "no clear relation")


@dataclass(frozen=True)
class Evidence:
    """What the words rest on: published numbers; NaN where there is none.

    Attributes
    ----------
    low, high : float
        Bounds of the interval of what is asked about, against ``none``, its value without any change or difference.
    p : float
        Adjusted p value; NaN where the answer has an interval only.
    p_equivalence : float
        Of the tests against the smallest change that matters; NaN where none is stated.
    hidden, absent : bool
        Whether disclosure control hid the numbers, or there are none.
    none : float
    """

    low: float = math.nan
    high: float = math.nan
    p: float = math.nan
    p_equivalence: float = math.nan
    hidden: bool = False
    absent: bool = False
    none: float = 0.0

    @property
    def outside(self) -> bool:
        """Whether the interval, taken alone, excludes no change."""
        return self.low > self.none or self.high < self.none

    @property
    def clear(self) -> bool:
        """Whether the interval excludes no change, and the adjusted test, where there is one, does so too."""
        return self.outside and not self.p >= LEVEL


#: Verdict: when it is given. ``no change that matters`` is shown equivalence; ``no clear change`` is not knowing.
RULES: tuple[tuple[str, Callable[[Evidence], bool]], ...] = (
    ("too few to say", lambda found: found.hidden),
    ("not available", lambda found: found.absent or math.isnan(found.low) or math.isnan(found.high)),
    ("up", lambda found: found.clear and found.low > found.none),
    ("down", lambda found: found.clear and found.high < found.none),
    ("no change that matters", lambda found: found.p_equivalence < LEVEL),
    ("no clear change", lambda found: True),
)


def verdict(found: Evidence) -> str:
    """The first verdict whose rule holds."""
    return next(word for word, holds in RULES if holds(found))


#: Every verdict that a finding can have.
VERDICTS = tuple(dict.fromkeys([*(word for word, _ in RULES), *DIFFERS, *RELATED]))
