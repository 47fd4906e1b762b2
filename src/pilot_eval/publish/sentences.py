"""One plain sentence per question, every number of it a published cell that is named."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pilot_eval.publish.lookup import Cell, Lookup, Row
from pilot_eval.publish.verdicts import Evidence, verdict

Question = Mapping[str, Any]
TOO_FEW = "Too few answers to say."
ABSENT = "Not available: the quality pages say why."


@dataclass
class Told:
    """A sentence in the making: the cells that it prints, in order."""

    lookup: Lookup
    ids: list[str] = field(default_factory=list)

    def number(self, row: Row | None, column: str) -> str:
        """The number of a column as sentences have it; its id is noted."""
        cell = row.cell(column) if row is not None else None
        return "[x]" if cell is None else self.cell(cell)

    def cell(self, cell: Cell) -> str:
        """A number as sentences have it; its id is noted."""
        self.ids.append(cell.id)
        return cell.text

    def interval(self, row: Row | None, low: str = "low", high: str = "high") -> str:
        """``95% interval 0.12 to 0.30``."""
        return f"95% interval {self.number(row, low)} to {self.number(row, high)}"


@dataclass(frozen=True)
class Sentence:
    """What is said of a question: its verdict (``verdicts``), the sentence, and the ids of its numbers."""

    verdict: str
    text: str
    ids: tuple[str, ...]


def evidence(row: Row | None, p: float = math.nan, p_equivalence: float = math.nan, none: float = 0.0) -> Evidence:
    """What a row with an interval gives words to rest on."""
    if row is None:
        return Evidence(absent=True)
    bounds = [row.cell(name) for name in ("low", "high")]
    hidden = any(cell is not None and cell.hidden for cell in bounds)
    return Evidence(row.value("low"), row.value("high"), p, p_equivalence, hidden, False, none)


def adjusted(lookup: Lookup, question: Question) -> Row | None:
    """The row of a question's adjusted test."""
    return lookup.row("questions_adjusted", group=question["question"])


def change_sentence(lookup: Lookup, question: Question) -> Sentence:
    """Change of an outcome in everybody asked, or in one role."""
    told = Told(lookup)
    roles = question["roles"]
    outcome = question["outcome"]
    row = lookup.row("change_by_role", outcome=outcome["id"], group=roles[0]) if roles else lookup.change(outcome["id"])
    test, small = adjusted(lookup, question), lookup.row("equivalence", group=question["question"])
    p = test.value("p_adjusted") if test is not None else math.nan
    word = verdict(evidence(row, p, small.value("p_equivalence") if small is not None else math.nan))
    if word in FIXED:
        return Sentence(word, FIXED[word], ())
    text = {
        "up": f"{outcome['label']} rose by ",
        "down": f"{outcome['label']} fell by ",
        "no clear change": f"There was no clear change in {_low(outcome['label'])}: ",
        "no change that matters": f"There was no change in {_low(outcome['label'])} that matters: ",
    }[word]
    estimate = told.number(row, "estimate")
    size = estimate.removeprefix("\u2212") if word == "down" else estimate
    text += f"{size} {outcome['unit']} ({told.interval(row)}{_test(told, test)})."
    return Sentence(word, text + _size(told, word, row, small), tuple(told.ids))


def _low(label: str) -> str:
    """A label inside a sentence: its first letter small, unless the word is an abbreviation."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _test(told: Told, test: Row | None) -> str:
    if test is None or not test.known("p_adjusted"):
        return ""
    return f"; adjusted p {told.number(test, 'p_adjusted')}"


def _size(told: Told, word: str, row: Row | None, small: Row | None) -> str:
    """The change beside the smallest one that matters."""
    if row is None or small is None or not small.known("margin"):
        return ""
    margin = small.value("margin")
    least = min(abs(row.value("low")), abs(row.value("high")))
    if word == "no change that matters":
        return f" Changes of {told.number(small, 'margin')} or more can be ruled out (90% interval)."
    if word == "no clear change":
        return f" A change of {told.number(small, 'margin')}, the smallest that matters, cannot be ruled out."
    if least >= margin:
        return f" The whole interval is at or beyond {told.number(small, 'margin')}, the smallest change that matters."
    if abs(row.value("estimate")) < margin:
        return f" The estimate is below {told.number(small, 'margin')}, the smallest change that matters."
    return f" The interval also holds changes below {told.number(small, 'margin')}, the smallest that matters."


FIXED = {"too few to say": TOO_FEW, "not available": ABSENT}
SENTENCES: dict[str, Callable[[Lookup, Question], Sentence]] = {"change": change_sentence}
