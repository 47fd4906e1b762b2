"""A workbook as it is read back: sheets, their tables and cells, with what a reader sees of each."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

COVER, CONTENTS, NOTES = "Cover_sheet", "Contents", "Notes"
#: Width of a column of which a file says none, in characters.
USUAL_WIDTH = 8.43
#: A reference to a note.
NOTE = re.compile(r"\[note (\d+)\]")


@dataclass(frozen=True, slots=True)
class Style:
    """How a cell looks."""

    font: str
    size: float
    bold: bool
    underlined: bool
    raised: bool
    colour: str
    filled: bool
    align: str
    wraps: bool
    number_format: str
    bordered: bool
    top: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell with its place, such as ``B7``.

    Attributes
    ----------
    kind : str
        ``s`` text, ``n`` number, ``f`` formula, ``e`` error; other letters for other types.
    link, target : str
        Place in this workbook and address outside it to which the cell leads; empty when none.
    """

    place: str
    row: int
    column: int
    value: Any
    kind: str
    style: Style
    link: str
    target: str
    several_fonts: bool

    @property
    def text(self) -> str:
        """The text of the cell; empty for a number and for an empty cell."""
        return self.value if isinstance(self.value, str) else ""

    @property
    def number(self) -> bool:
        """Whether the cell is a number."""
        return isinstance(self.value, int | float) and not isinstance(self.value, bool)

    @property
    def empty(self) -> bool:
        """Whether a reader finds nothing in the cell."""
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())


@dataclass(frozen=True)
class Table:
    """A marked-up table: the names of its columns in the mark-up, its header cells and its rows."""

    name: str
    left: int
    top: int
    right: int
    bottom: int
    names: list[str]
    head: list[Entry]
    rows: list[list[Entry]]
    filtered: bool
    coloured: bool

    def columns(self) -> Iterator[tuple[Entry, list[Entry]]]:
        """Each header cell with the cells below it."""
        for at, head in enumerate(self.head):
            yield head, [row[at] for row in self.rows]


@dataclass(frozen=True)
class Page:
    """A sheet: its cells row by row, its tables, and the sheet itself (openpyxl) for all else."""

    name: str
    rows: list[list[Entry]]
    tables: list[Table]
    sheet: Any

    def filled(self) -> Iterator[Entry]:
        """Cells that are not empty."""
        return (entry for row in self.rows for entry in row if not entry.empty)

    def at(self, row: int, column: int = 1) -> str:
        """The text of a cell; empty where there is none."""
        return self.rows[row - 1][column - 1].text if row <= len(self.rows) else ""

    @property
    def widths(self) -> list[float]:
        """Width of each column, in characters; the file has neighbours of one width once."""
        known = {
            at: float(column.width)
            for column in self.sheet.column_dimensions.values()
            for at in range(column.min or 1, (column.max or 1) + 1)
        }
        return [known.get(at, USUAL_WIDTH) for at in range(1, max(map(len, self.rows), default=0) + 1)]

    @property
    def body(self) -> list[list[Entry]]:
        """Rows of its one table; none where it has none or several."""
        return self.tables[0].rows if len(self.tables) == 1 else []

    @property
    def above(self) -> list[list[Entry]]:
        """Rows above its first table, or all."""
        return self.rows[: min((table.top for table in self.tables), default=len(self.rows) + 1) - 1]


@dataclass(frozen=True)
class Book:
    """A workbook: its sheets, the workbook itself (openpyxl), the members of its archive, and what its data are."""

    pages: list[Page]
    book: Any
    members: list[zipfile.ZipInfo]
    synthetic: bool = False

    @property
    def title(self) -> str:
        """The property title."""
        return unescaped(self.book.properties.title)

    @property
    def author(self) -> str:
        """The property author."""
        return unescaped(self.book.properties.creator)

    def page(self, name: str) -> Page | None:
        """The sheet of a name."""
        return next((page for page in self.pages if page.name == name), None)

    def listed(self) -> list[Page]:
        """Sheets to which the contents lead: all but the cover and the contents."""
        return [page for page in self.pages if page.name not in (COVER, CONTENTS)]


def unescaped(text: str | None) -> str:
    """A property as it was set: the file has some characters by their number, and the first sign of what looks so."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text or "")


def read_book(workbook: bytes) -> Book:
    """Read a workbook back.

    Parameters
    ----------
    workbook : bytes
        An .xlsx file.
    """
    import openpyxl

    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        members = archive.infolist()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what openpyxl does not keep when it writes: it only reads here
        book = openpyxl.load_workbook(io.BytesIO(workbook), rich_text=True, keep_links=False)
    styles: dict[int, Style] = {}
    return Book([_page(sheet, styles) for sheet in book.worksheets], book, members)


def _page(sheet: Any, styles: dict[int, Style]) -> Page:
    rows = [[_entry(cell, styles) for cell in row] for row in sheet.iter_rows()]
    if len(rows) == 1 and all(entry.value is None for entry in rows[0]):
        rows = []
    return Page(sheet.title, rows, [_table(table, rows) for table in sheet.tables.values()], sheet)


def _entry(cell: Any, styles: dict[int, Style]) -> Entry:
    style = styles.get(cell.style_id)
    if style is None:
        style = styles[cell.style_id] = _style(cell)
    several = isinstance(cell.value, list)
    value = str(cell.value) if several else cell.value
    link = getattr(cell, "hyperlink", None)
    leads = ((link.location or ""), (link.target or "")) if link else ("", "")
    return Entry(cell.coordinate, cell.row, cell.column, value, cell.data_type, style, *leads, several)


def _style(cell: Any) -> Style:
    font, fill, alignment = cell.font, cell.fill, cell.alignment
    return Style(
        font.name or "", float(font.sz or 0), bool(font.b), bool(font.u), bool(font.vertAlign), _colour(font.color),
        fill.fill_type is not None, alignment.horizontal or "general", bool(alignment.wrap_text), cell.number_format,
        cell.border.bottom is not None and cell.border.bottom.style is not None, alignment.vertical == "top",
    )  # fmt: skip


def _colour(colour: Any) -> str:
    """A font's colour as six hexadecimal digits; empty for the colour that a text has by itself."""
    if colour is None or colour.type != "rgb":
        return "" if colour is None or colour.type == "indexed" or colour.theme == 1 else "theme"
    return str(colour.rgb)[-6:].upper()


def _table(table: Any, rows: list[list[Entry]]) -> Table:
    from openpyxl.utils import range_boundaries

    left, top, right, bottom = (int(bound or 0) for bound in range_boundaries(table.ref))
    cells = [row[left - 1 : right] for row in rows[top - 1 : bottom]]
    look = table.tableStyleInfo
    return Table(
        table.displayName, left, top, right, bottom, [column.name for column in table.tableColumns],
        cells[0] if cells and table.headerRowCount != 0 else [], cells[1:], table.autoFilter is not None,
        look is not None and bool(look.name),
    )  # fmt: skip
