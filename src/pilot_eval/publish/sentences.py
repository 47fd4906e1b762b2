"""One plain sentence per question, every number of it a published cell that is named."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from pilot_eval.publish.lookup import Lookup, Row
from pilot_eval.publish.verdicts import Evidence, verdict
from pilot_eval.publish.wording import LEVEL

Question = Mapping[str, Any]
TOO_FEW = "Too few answers to say."
ABSENT = "Not available: the quality pages say why."
MINUS = "\u2212"


#: A number in a sentence: the id of its cell, and how it is printed. The marks stand in no text of people.
MARK = re.compile("\ue000([^\ue001]*)\ue001([^\ue002]*)\ue002")


def number(row: Row | None, column: str, unsigned: bool = False) -> str:
    """The number of a column as sentences have it, marked with its id; without its sign after "fell by"."""
    cell = row.cell(column) if row is not None else None
    if cell is None:
        return "[x]"
    return f"\ue000{cell.id}\ue001{cell.text.removeprefix(MINUS) if unsigned else cell.text}\ue002"


def interval(row: Row | None, low: str = "low", high: str = "high") -> str:
    """``95% interval 0.12 to 0.30``."""
    return f"{LEVEL} interval {number(row, low)} to {number(row, high)}"


@dataclass(frozen=True)
class Sentence:
    """What is said of a question: its verdict (``verdicts``) and the sentence, its numbers marked."""

    verdict: str
    marked: str

    @property
    def text(self) -> str:
        """The sentence as people read it."""
        return MARK.sub(r"\2", self.marked)

    @property
    def ids(self) -> list[str]:
        """Ids of its numbers, each once, in order."""
        return list(dict.fromkeys(found[1] for found in MARK.finditer(self.marked)))

    def linked(self, lookup: Lookup) -> Markup:
        """The sentence for a page that holds the tables: each number leads to its row."""
        link = '<a class="num" href="#{}">{}</a>'
        pieces, at = [], 0
        for found in MARK.finditer(self.marked):
            pieces.append(escape(self.marked[at : found.start()]))
            pieces.append(Markup(link).format(lookup[found[1]].anchor, found[2]))
            at = found.end()
        return Markup("").join([*pieces, escape(self.marked[at:])])


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
    roles = question["roles"]
    outcome = question["outcome"]
    row = lookup.row("change_by_role", outcome=outcome["id"], group=roles[0]) if roles else lookup.change(outcome["id"])
    test, small = adjusted(lookup, question), lookup.row("equivalence", group=question["question"])
    p = test.value("p_adjusted") if test is not None else math.nan
    word = verdict(evidence(row, p, small.value("p_equivalence") if small is not None else math.nan))
    if word in FIXED:
        return Sentence(word, FIXED[word])
    text = {
        "up": f"{outcome['label']} rose by ",
        "down": f"{outcome['label']} fell by ",
        "no clear change": f"There was no clear change in {_low(outcome['label'])}: ",
        "no change that matters": f"There was no change in {_low(outcome['label'])} that matters: ",
    }[word]
    text += f"{number(row, 'estimate', word == 'down')} {outcome['unit']} ({interval(row)}{_test(test)})."
    return Sentence(word, text + _size(word, row, small))


def _low(label: str) -> str:
    """A label inside a sentence: its first letter small, unless the word is an abbreviation."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _test(test: Row | None) -> str:
    if test is None or not test.known("p_adjusted"):
        return ""
    return f"; adjusted p {number(test, 'p_adjusted')}"


def _size(word: str, row: Row | None, small: Row | None) -> str:
    """The change beside the smallest one that matters."""
    if row is None or small is None or not small.known("margin"):
        return ""
    margin = small.value("margin")
    least = min(abs(row.value("low")), abs(row.value("high")))
    if word == "no change that matters":
        return f" Changes of {number(small, 'margin')} or more can be ruled out (90% interval)."
    if word == "no clear change":
        return f" A change of {number(small, 'margin')}, the smallest that matters, cannot be ruled out."
    if least >= margin:
        return f" The whole interval is at or beyond {number(small, 'margin')}, the smallest change that matters."
    if abs(row.value("estimate")) < margin:
        return f" The estimate is below {number(small, 'margin')}, the smallest change that matters."
    return f" The interval also holds changes below {number(small, 'margin')}, the smallest that matters."


FIXED = {"too few to say": TOO_FEW, "not available": ABSENT}
