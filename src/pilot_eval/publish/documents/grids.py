"""Tables of a page as tables of a document: header rows repeated, never wider than a sheet of paper."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import quoteattr

from pilot_eval.publish.documents.marks import Marks, Run, runs_of

#: Width of the text on an A4 sheet, in twentieths of a point.
WIDTH = 9638
#: Columns that can be read side by side on a sheet; a table with more of them is continued below, rows named again.
MOST = 8
#: A column is as wide as its longest word, but a word counts so many letters at least and at most.
SHORT, LONG = 4, 24
CELL = "TableText"


def grids_of(table: Any, marks: Marks) -> list[str]:
    """A table with its caption, in as many parts as its columns of numbers need.

    Parameters
    ----------
    table : lxml element
        A ``table`` with a ``caption``, one header row, and rows of as many cells.
    marks : Marks
    """
    rows = list(table.iter("tr"))
    number = ["n" in cell.get("class", "").split() for cell in rows[0]]
    names = [at for at, right in enumerate(number) if not right]
    measures = [at for at, right in enumerate(number) if right]
    room = max(2, MOST - len(names))
    parts = [measures[at : at + room] for at in range(0, len(measures), room)] or [[]]
    caption = runs_of(table.find("caption"), bold=True)
    marks.place(table.get("id"))
    found: list[str] = []
    for at, part in enumerate(parts, start=1):
        told = [Run(f"Part {at} of {len(parts)}: ", bold=True)] if len(parts) > 1 else []
        text = "".join(run.text for run in [*told, *caption]).replace("\n", ". ")
        found.append(marks.paragraph([*told, *caption], "Caption", "<w:keepNext/>"))
        # A table that is cut into parts keeps the order in which the page has its columns.
        found.append(_grid(rows, sorted(names + part), number, text, marks))
    return found


def _grid(rows: list[Any], columns: list[int], number: list[bool], text: str, marks: Marks) -> str:
    table: list[list[list[Run]]] = []
    for at, row in enumerate(rows):
        cells = list(row)
        table.append([runs_of(cells[column], **({"bold": True} if at == 0 else {})) for column in columns])
    widths = _widths(table)
    lines = []
    for at, (row, cells) in enumerate(zip(rows, table, strict=True)):
        marks.place(row.get("id"))
        head = "<w:tblHeader/>" if at == 0 else ""
        inner = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            f"{marks.paragraph(runs, CELL, _RIGHT if number[column] else '')}</w:tc>"
            for column, width, runs in zip(columns, widths, cells, strict=True)
        )
        lines.append(f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{inner}</w:tr>")
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f"<w:tblCaption w:val={quoteattr(text)}/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"
    )


_RIGHT = '<w:jc w:val="right"/>'


def _widths(table: list[list[list[Run]]]) -> list[int]:
    """Widths of the columns: room for the longest word of each, the rest by how much there is to read."""
    wanted = []
    for column in zip(*table, strict=True):
        texts = ["".join(run.text for run in cell) for cell in column]
        word = max(len(word) for text in texts for word in (text or "-").split() or ["-"])
        most = max(map(len, texts))
        wanted.append(min(max(word, SHORT), LONG) + 0.5 * min(max(most - word, 0), 4 * LONG) ** 0.5 + 1)
    scale = WIDTH / sum(wanted)
    return [int(scale * width) for width in wanted]
