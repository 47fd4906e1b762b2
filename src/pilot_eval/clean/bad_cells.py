"""The cells of a column that have one kind of fault, and how they are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from pilot_eval.clean.reading import Reading
from pilot_eval.faults import Fault

#: A kind of bad cell is the file's fault, not a slip, when it shows in so many rows and in this share of the answers.
LEAST_ROWS, LARGEST_SHARE = 3, 0.02
#: More bad cells of one kind in a column than this are reported by value instead of row by row.
SHOWN_BY_ROW = 20


class Bad(NamedTuple):
    """The cells of one kind: the rows, the text of each, and how many cells of the column hold anything."""

    rows: Sequence[int]
    texts: Sequence[str]
    answered: int

    @property
    def many(self) -> bool:
        """Whether they are too many for slips."""
        return len(self.rows) >= LEAST_ROWS and len(self.rows) > LARGEST_SHARE * self.answered

    def only(self, test: Callable[[str], bool]) -> Bad:
        """Those whose text passes a test."""
        kept = [(row, text) for row, text in zip(self.rows, self.texts, strict=True) if test(text)]
        return self._replace(rows=[row for row, _ in kept], texts=[text for _, text in kept])


def warnings(
    kind: str, bad: Bad, expected: str, action: str, reading: Reading, source: Mapping[str, Any]
) -> list[Fault]:
    """A warning a row, or, when there are many, a value."""
    if len(bad.rows) <= SHOWN_BY_ROW:
        lines = [(text, row, 1) for text, row in zip(bad.texts, bad.rows, strict=True)]
    else:
        first: dict[str, int] = {}
        for text, row in zip(bad.texts, bad.rows, strict=True):
            first.setdefault(text, row)
        lines = [(text, row, bad.texts.count(text)) for text, row in first.items()]
    return [
        Fault(kind, "WARN", source["path"], saw(text), expected, action, row, reading.column, size)
        for text, row, size in lines
    ]


def saw(text: str) -> str:
    """A cell as a message shows it."""
    return f'saw "{text if len(text) <= 60 else text[:57] + "..."}"'
