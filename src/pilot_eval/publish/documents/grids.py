"""Tables of a page as tables of a document: header rows repeated, no word broken, never wider than a sheet of paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import quoteattr

from pilot_eval.publish.documents.frame import TABLE_SIZE
from pilot_eval.publish.documents.marks import Marks, Run, runs_of
from pilot_eval.publish.letters import width_of, word_of

#: Width of the text on an A4 sheet, the room at either side of a cell's text and above it, and what lines between
#: cells take, in twentieths of a point.
WIDTH, BESIDE, ABOVE, LINE = 9638, 70, 30, 20
#: A type's size in the same unit.
SIZE = 20 * TABLE_SIZE
#: Widths in sizes of the type: a text that is shorter stays on one line; a column of names is read with ease; a word
#: that is longer may break; the most that a column asks for.
SHORT, EASY, LONG, MOST = 5, 9, 13, 40
#: The part of a sheet's width that names may take where numbers stand beside them.
NAMES = 0.6
#: Of the room between an even share and the whole of it, what is tried until the parts are as few as can be.
SHARES = tuple(step / 10 for step in range(11))
CELL = "TableText"
_RIGHT = '<w:jc w:val="right"/>'


@dataclass(frozen=True)
class _Column:
    """A column of a table: its cells, and how wide it must be and would be, in twentieths of a point."""

    cells: list[list[Run]]
    number: bool
    least: float
    most: float

    @property
    def asks(self) -> float:
        """What it asks for beside others: a number for its longest word, a name for some words in a line."""
        return self.least if self.number else max(self.least, min(self.most, SIZE * EASY))


def grids_of(table: Any, marks: Marks) -> list[str]:
    """A table with its caption, in as many parts as its columns of numbers need.

    Parameters
    ----------
    table : lxml element
        A ``table`` with a ``caption``, one header row, and rows of as many cells.
    marks : Marks
    """
    rows = list(table.iter("tr"))
    columns = _columns(rows)
    parts = _parts(columns)
    caption = runs_of(table.find("caption"), bold=True)
    marks.place(table.get("id"))
    found: list[str] = []
    for at, part in enumerate(parts, start=1):
        told = [Run(f"Part {at} of {len(parts)}: ", bold=True)] if len(parts) > 1 else []
        text = "".join(run.text for run in [*told, *caption]).replace("\n", ". ")
        found.append(marks.paragraph([*told, *caption], "Caption", "<w:keepNext/>"))
        found.append(_grid(rows, part, text, marks))
    return found


def _columns(rows: Sequence[Any]) -> list[_Column]:
    found = []
    for at, cells in enumerate(zip(*rows, strict=True)):
        runs = [runs_of(cell, **({"bold": True} if row == 0 else {})) for row, cell in enumerate(cells)]
        texts = [("".join(run.text for run in one), row == 0) for row, one in enumerate(runs)]
        words = max(word_of(text, bold) for text, bold in texts)
        lines = max(width_of(text, bold) for text, bold in texts)
        number = "n" in rows[0][at].get("class", "").split()
        narrow = lines if lines <= SHORT else min(words, LONG)
        least, most = (2 * BESIDE + LINE + SIZE * width for width in (narrow, min(lines, MOST)))
        found.append(_Column(runs, number, least, max(least, most)))
    return found


def _parts(columns: Sequence[_Column]) -> list[list[_Column]]:
    """Columns that stand side by side: the names in each part, and as many numbers as the sheet has room for.

    There are as few parts as can be, about as wide as one another. A table that is cut into parts keeps the order in
    which the page has its columns.
    """
    room = WIDTH - min(sum(column.asks for column in columns if not column.number), NAMES * WIDTH)
    numbers = [column for column in columns if column.number]
    fewest = len(_cut(numbers, room))
    even = sum(column.asks for column in numbers) / fewest
    parts = next(cut for share in SHARES if len(cut := _cut(numbers, even + share * (room - even))) == fewest)
    return [[column for column in columns if not column.number or column in part] for part in parts]


def _cut(columns: Sequence[_Column], room: float) -> list[list[_Column]]:
    """Columns in their order, as many in each part as there is room for; one at least."""
    parts: list[list[_Column]] = [[]]
    for column in columns:
        if parts[-1] and sum(one.asks for one in parts[-1]) + column.asks > room:
            parts.append([])
        parts[-1].append(column)
    return parts


def _grid(rows: Sequence[Any], columns: Sequence[_Column], text: str, marks: Marks) -> str:
    widths = _widths(columns)
    lines = []
    for at, row in enumerate(rows):
        marks.place(row.get("id"))
        head = "<w:tblHeader/>" if at == 0 else ""
        inner = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            f"{marks.paragraph(column.cells[at], CELL, _RIGHT if column.number else '')}</w:tc>"
            for column, width in zip(columns, widths, strict=True)
        )
        lines.append(f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{inner}</w:tr>")
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{_MARGINS}</w:tblCellMar>'
        '<w:tblLook w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f"<w:tblCaption w:val={quoteattr(text)}/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"
    )


_MARGINS = "".join(
    f'<w:{side} w:w="{room}" w:type="dxa"/>'
    for side, room in (("top", ABOVE), ("left", BESIDE), ("bottom", ABOVE), ("right", BESIDE))
)


def _widths(columns: Sequence[_Column]) -> list[int]:
    """Widths that fill the sheet: first what each column asks for, then by how much there is to read beyond it."""
    base = [column.asks for column in columns]
    if sum(base) > WIDTH:
        base = [column.least for column in columns]
    if sum(base) > WIDTH:
        return [int(width * WIDTH / sum(base)) for width in base]
    further = [column.most - width + 1 for column, width in zip(columns, base, strict=True)]
    room = (WIDTH - sum(base)) / sum(further)
    return [int(width + room * more) for width, more in zip(base, further, strict=True)]
