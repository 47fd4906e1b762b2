"""Headlines, alt texts and long descriptions: sentences made from the numbers that a figure draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pilot_eval.publish.figures.style import Drawing
from pilot_eval.publish.lookup import Cell, Row
from pilot_eval.publish.wording import LEVEL, sentence

INTERVALS = f"Lines are {LEVEL} intervals."


def listed(names: Sequence[str]) -> str:
    """Names as a sentence lists them: ``A, B and C``."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def subtitle(study: Mapping[str, Any], what: str) -> str:
    """What is drawn, of whom and when; says so when the data are synthetic."""
    text = f"{sentence(what)}. {study['geography']}, {study['period']}."
    return f"{text} Synthetic data." if study["synthetic"] else text


def extremes(found: Sequence[tuple[str, Cell]], of: str = "") -> str:
    """Name the highest and the lowest of some numbers; nothing to compare says so."""
    known = [(label, cell) for label, cell in found if cell.known]
    if not known:
        return f"No{of or ' number'} can be shown."
    top, least = max(known, key=lambda pair: pair[1].value), min(known, key=lambda pair: pair[1].value)
    if len(known) == 1:
        return f"The only{of or ' number'} is {top[1].text} ({top[0]})."
    return f"The highest{of} is {top[1].text} ({top[0]}), the lowest {least[1].text} ({least[0]})."


def extremes_by_unit(found: Sequence[tuple[str, Cell]], of: str) -> str:
    """The same for each unit by itself: points of two scales are neither higher nor lower than one another."""
    units = list(dict.fromkeys(cell.unit for _, cell in found))
    if len(units) < 2:
        return extremes(found, of)
    return joined(*(extremes([pair for pair in found if pair[1].unit == unit], f"{of} in {unit}") for unit in units))


def interval(row: Row, estimate: str = "estimate") -> str:
    """An estimate with its interval: ``0.31 (0.20 to 0.42)``."""
    shown = row.shown(estimate)
    return f"{shown} ({row.shown('low')} to {row.shown('high')})" if row.known("low", "high") else shown


def left_out(names: Sequence[str]) -> str:
    """What the figure does not draw because it is confidential."""
    return f"Not drawn, because confidential [c]: {listed(list(dict.fromkeys(names)))}." if names else ""


def borrowed(names: Sequence[str]) -> str:
    """What the figure does not draw because there is no change of its own."""
    return f"Not drawn, because there are answers at one wave only [u]: {listed(list(names))}." if names else ""


def joined(*parts: str) -> str:
    """Sentences one after the other, the empty ones left out."""
    return " ".join(part for part in parts if part)


def told(*parts: str) -> str:
    """A long description: one line a statement, the empty ones left out."""
    return "\n".join(part for part in parts if part)


def tally(found: Sequence[tuple[str, str]], what: str) -> str:
    """How many of several changes, each with its label and its verdict, went which way; in words without a number."""
    verdicts = [verdict for _, verdict in found]
    if len(found) == 1:
        ways = {"up": "rose", "down": "fell"}
        return f"{found[0][0]} {ways.get(verdicts[0], f'shows {verdicts[0]}')}"
    up, down = verdicts.count("up"), verdicts.count("down")
    if up and down:
        return f"Some of the {what} rose, some fell"
    for number, moved in ((up, "rose"), (down, "fell")):
        if number == len(found):
            return f"Every one of the {what} {moved}"
        if number:
            share = "Most" if 2 * number > len(found) else "Some"
            return f"{share} of the {what} {moved}; the others show no clear change"
    return f"None of the {what} shows a clear change"


def nothing(study: Mapping[str, Any], what: str, hidden: Sequence[str] = ()) -> Drawing:
    """A figure of which no number may or can be shown: the page says so in its place."""
    text = f"{sentence(what)}: nothing can be shown."
    return Drawing(None, text, subtitle(study, what), text, text, left_out(hidden))
