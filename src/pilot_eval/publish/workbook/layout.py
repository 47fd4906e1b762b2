"""How sheets lie on screen and on paper: columns as wide as there is to read, rows as high, no page too narrow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pilot_eval.publish.letters import lines_of, width_of, word_of

#: Pixels of a letter's size at 12 points, and of the room beside a cell's text.
SIZE, BESIDE = 16, 14
#: Pixels of what spreadsheets count as one in the width of a column.
CHARACTER = 7
#: Points of a line of such letters. A title's letters are larger by so much.
LINE, TITLE = 16, 4 / 3
#: A column is so wide at least and at most, in sizes of its letters; a longer text is broken into lines.
LEAST, MOST = 3.0, 48.0
#: A header of so many sizes stays on one line; a longer one may take about so many lines. It keeps off the next by so
#: much.
SHORT, HEAD_LINES, APART = 8.0, 2.5, 0.7
#: The number that spreadsheets have for this size of paper.
A4 = 9


def lay_out(sheet: Any, columns: Sequence[Sequence[str]]) -> None:
    """Set the widths of a sheet's columns, the heights of its table's rows, and how it is printed.

    Programs differ in whether they find the height of a row by themselves where a text is broken into lines.

    Parameters
    ----------
    sheet : GPWorksheet
        With one table.
    columns : sequence of sequences of str
        What stands in each column of the table, its header first. Header and first column are bold.
    """
    from xlsxwriter.utility import xl_cell_to_rowcol

    (table,) = sheet.tables
    top, _ = xl_cell_to_rowcol(table["range"].partition(":")[0])
    widths = [_width(head, cells, bold=at == 0) for at, (head, *cells) in enumerate(columns)]
    for at, width in enumerate(widths):
        sheet.set_column_pixels(at, at, round(SIZE * width) + BESIDE)
    for row, texts in enumerate(zip(*columns, strict=True)):
        lines = max(lines_of(text, widths[at], row == 0 or at == 0) for at, text in enumerate(texts))
        if lines > 1:
            sheet.set_row(top + row, lines * LINE)
    _print_on_pages(sheet)
    sheet.repeat_rows(top)


def lay_out_cover(sheet: Any, title: str, parts: Sequence[Sequence[str]]) -> None:
    """Likewise for the cover: its title, and parts that each stand below a heading of their own."""
    sheet.set_column_pixels(0, 0, round(SIZE * MOST) + BESIDE)
    sheet.set_row(0, lines_of(title, MOST / TITLE, bold=True) * LINE * TITLE)
    row = 1
    for part in parts:
        for text in part:
            row += 1
            sheet.set_row(row, lines_of(text, MOST) * LINE)
        row += 1
    _print_on_pages(sheet)


def room_of(width: float) -> float:
    """Room for text in a column whose width is read from a file, in sizes of 12 points."""
    return (width * CHARACTER - BESIDE) / SIZE


def _width(head: str, cells: Iterable[str], bold: bool) -> float:
    """Width of a column in sizes of its letters: for the longest text, and the header in a few lines."""
    whole = width_of(head, bold=True)
    header = max(word_of(head, bold=True), min(whole, SHORT), whole / HEAD_LINES) + APART
    body = max((width_of(cell, bold) for cell in set(cells)), default=0.0)
    return min(max(header, body, LEAST), MOST)


def _print_on_pages(sheet: Any) -> None:
    """Print a sheet across, as wide as a page, on as many as its rows take, its name and page below."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&A, page &P")
