"""On what paper a table is printed: upright or across, in letters as small as its columns ask and no smaller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pilot_eval.publish.letters import word_of


@dataclass(frozen=True)
class Paper:
    """A way to print a table, by the classes that ``style.css`` has for it.

    Attributes
    ----------
    classes : str
    width, size, beside : float
        Room across the sheet, size of the letters and room beside a column's text, in points.
    """

    classes: str
    width: float
    size: float
    beside: float


#: In the order in which they are tried: sheets of A4 upright, then lying on their side.
PAPERS = (
    Paper("paper", 490, 9.5, 6),
    Paper("paper small", 490, 8, 4),
    Paper("paper across", 770, 8, 4),
    Paper("paper across tiny", 770, 6.5, 3),
)
#: Where even the last is too narrow, words are broken.
BROKEN = "paper across tiny broken"
#: How much wider than ours the letters of another typeface may be, and the least that a column of names and one of
#: numbers have, in sizes of their letters: a name of some words is then read in two or three lines.
WIDER, NAME, NUMBER = 1.15, 5.5, 3.6


def paper_of(names: Sequence[Sequence[str]], numbers: Sequence[Sequence[str]]) -> str:
    """The first of the papers on which no word of a table need be broken.

    Parameters
    ----------
    names, numbers : sequence of sequences of str
        The texts of each column, its header first.
    """
    asked = [max(_words(column), NAME) for column in names] + [max(_words(column), NUMBER) for column in numbers]
    for paper in PAPERS:
        if sum(asked) * paper.size + len(asked) * paper.beside <= paper.width:
            return paper.classes
    return BROKEN


def _words(column: Sequence[str]) -> float:
    """Width of the longest word."""
    head, *texts = column
    return WIDER * max([word_of(head, bold=True), *map(word_of, set(texts))])
