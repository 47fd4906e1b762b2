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
ALONE = "Taken alone the interval excludes {}; among so many tests that may be chance."
#: No change or difference, in words.
NONE = {0.0: "zero", 1.0: "a ratio of one"}


#: A number in a sentence: the id of its cell, and how it is printed. The marks stand in no text of people.
MARK = re.compile("\ue000([^\ue001]*)\ue001([^\ue002]*)\ue002")


def number(row: Row | None, column: str, unsigned: bool = False) -> str:
    """The number of a column as sentences have it, marked with its id; without its sign after "fell by"."""
    cell = row.cell(column) if row is not None else None
    if cell is None:
        return "[x]"
    return f"\ue000{cell.id}\ue001{cell.text.removeprefix(MINUS) if unsigned else cell.text}\ue002"


def interval(row: Row | None, low: str = "low", high: str = "high", unsigned: bool = False) -> str:
    """``95% interval 0.12 to 0.30``; after "fell by" without signs, and so the other way round."""
    ends = (high, low) if unsigned else (low, high)
    return f"{LEVEL} interval {number(row, ends[0], unsigned)} to {number(row, ends[1], unsigned)}"


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


def evidence(
    row: Row | None,
    p: float = math.nan,
    p_equivalence: float = math.nan,
    bounds: tuple[str, str] = ("low", "high"),
    none: float = 0.0,
) -> Evidence:
    """What a row with an interval gives words to rest on."""
    if row is None:
        return Evidence(absent=True)
    low, high = bounds
    hidden = any(cell is not None and cell.hidden for cell in map(row.cell, bounds))
    return Evidence(row.value(low), row.value(high), p, p_equivalence, hidden, False, none)


def adjusted(lookup: Lookup, question: Question) -> Row | None:
    """The row of a question's adjusted test."""
    return lookup.row("questions_adjusted", group=question["question"])


def adjusted_p(lookup: Lookup, question: Question) -> float:
    """The adjusted p value of a question's test; NaN when it has none."""
    test = adjusted(lookup, question)
    return test.value("p_adjusted") if test is not None else math.nan


def alone(found: Evidence) -> str:
    """What is added where the interval seems to say more than the words, which go by the adjusted test as well."""
    return f" {ALONE.format(NONE[found.none])}" if found.outside and not found.clear else ""


def told_test(lookup: Lookup, question: Question) -> str:
    """``; adjusted p 0.012``, or nothing."""
    test = adjusted(lookup, question)
    return f"; adjusted p {number(test, 'p_adjusted')}" if test is not None and test.known("p_adjusted") else ""


@dataclass(frozen=True)
class Said:
    """How a number with an interval is put into words.

    Attributes
    ----------
    up, down, open : str
        What stands before the number when it is clearly above, clearly below, or not clearly off ``none``.
    value, unit : str
        Column of the number, and what stands after it.
    names : tuple of three str
        Verdicts of the three.
    bounds : tuple of two str
    none : float
        The number where there is no change or difference.
    unsigned : bool
        Whether signs are left out after ``down``, whose words have them.
    """

    up: str
    down: str
    open: str
    value: str = "estimate"
    unit: str = ""
    names: tuple[str, str, str] = ("up", "down", "no clear change")
    bounds: tuple[str, str] = ("low", "high")
    none: float = 0.0
    unsigned: bool = True


def say(lookup: Lookup, question: Question, row: Row | None, said: Said) -> Sentence:
    """A sentence about one number and its interval."""
    found = evidence(row, adjusted_p(lookup, question), bounds=said.bounds, none=said.none)
    word = verdict(found)
    if word in FIXED:
        return Sentence(word, FIXED[word])
    way = {"up": 0, "down": 1}.get(word, 2)
    unsigned = said.unsigned and way == 1
    figure = number(row, said.value, unsigned)
    text = f"{(said.up, said.down, said.open)[way]}{figure}{said.unit} ({interval(row, *said.bounds, unsigned)}"
    return Sentence(said.names[way], f"{text}{told_test(lookup, question)}).{alone(found)}")


def low(label: str) -> str:
    """A label inside a sentence: its first letter small, unless the word is an abbreviation."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def without_number(hidden: bool) -> Sentence:
    """What is said where there is no number to say it with."""
    word = "too few to say" if hidden else "not available"
    return Sentence(word, FIXED[word])


FIXED = {"too few to say": TOO_FEW, "not available": ABSENT}
