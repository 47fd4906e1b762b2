"""Rules about every sheet by itself: where things stand, and that nothing is hidden, coloured, small or a formula."""

from __future__ import annotations

from collections.abc import Iterator

from pilot_eval.publish.letters import lines_of, width_of
from pilot_eval.publish.workbook.layout import room_of
from pilot_eval.publish.workbook.rule import of_page
from pilot_eval.publish.workbook.view import COVER, Page
from pilot_eval.spreadsheet import BREAKS, formula

SANS_SERIF = ("Arial", "Calibri", "Carlito", "Helvetica", "Liberation Sans", "Open Sans", "Tahoma", "Verdana")
LEAST_SIZE = 12
#: Colours of a text: its own, black, and the blue of links.
PLAIN, LINK = ("", "000000"), "0000FF"
#: What a width may lose as it is written and read.
ROUNDED = 1.01
HOLDS = "This worksheet holds one table"


@of_page("A1 is the title.")
def title_in_a1(page: Page) -> Iterator[str]:
    if not page.at(1).strip():
        yield "A1"


@of_page("A2 says what the sheet holds.")
def a2_says_what(page: Page) -> Iterator[str]:
    if not page.at(2).strip() or (page.name != COVER and not page.at(2).startswith(HOLDS)):
        yield "A2"


@of_page("Every sheet but the cover has one marked-up table.")
def one_table(page: Page) -> Iterator[str]:
    if len(page.tables) != (page.name != COVER):
        yield ""


@of_page("Tables start in column A.")
def table_in_column_a(page: Page) -> Iterator[str]:
    return (f"column {table.left}" for table in page.tables if table.left != 1)


@of_page("Nothing stands beside a table, nor beside what is said above it.")
def nothing_beside(page: Page) -> Iterator[str]:
    right = max((table.right for table in page.tables), default=1)
    above = len(page.above)
    return (entry.place for entry in page.filled() if entry.column > (1 if entry.row <= above else right))


@of_page("Nothing stands below a table.")
def nothing_below(page: Page) -> Iterator[str]:
    last = max((table.bottom for table in page.tables), default=len(page.rows))
    return (entry.place for entry in page.filled() if entry.row > last)


@of_page("Nothing floats over the cells: no picture, chart or comment.")
def nothing_floats(page: Page) -> Iterator[str]:
    if page.sheet._images or page.sheet._charts:
        yield ""
    yield from (cell.coordinate for row in page.sheet.iter_rows() for cell in row if getattr(cell, "comment", None))


@of_page("No cells are merged.")
def nothing_merged(page: Page) -> Iterator[str]:
    return (str(area) for area in page.sheet.merged_cells.ranges)


@of_page("No row or column is hidden or folded away.")
def nothing_hidden(page: Page) -> Iterator[str]:
    for place, column in page.sheet.column_dimensions.items():
        if column.hidden or column.outlineLevel or (column.customWidth and not column.width):
            yield f"column {place}"
    for place, row in page.sheet.row_dimensions.items():
        if row.hidden or row.outlineLevel or row.height == 0:
            yield f"row {place}"


@of_page("No rows or columns are frozen, and no sheet is split.")
def nothing_frozen(page: Page) -> Iterator[str]:
    if any(view.pane is not None for view in page.sheet.views.sheetView):
        yield ""


@of_page("Nothing is filtered.")
def nothing_filtered(page: Page) -> Iterator[str]:
    if page.sheet.auto_filter.ref or any(table.filtered for table in page.tables):
        yield ""


@of_page("Nothing is coloured but links.")
def nothing_coloured(page: Page) -> Iterator[str]:
    if page.sheet.sheet_properties.tabColor or page.sheet.conditional_formatting:
        yield ""
    if any(table.coloured for table in page.tables):
        yield "table"
    for row in page.rows:
        for entry in row:
            if entry.style.filled or entry.style.colour not in (*PLAIN, *([LINK] if entry.link else [])):
                yield entry.place


@of_page("No row or column is empty.")
def nothing_empty(page: Page) -> Iterator[str]:
    if not page.rows:
        yield ""
    yield from (f"row {row[0].row}" for row in page.rows if all(entry.empty for entry in row))
    yield from (f"column {column[0].column}" for column in zip(*page.rows, strict=True) if all(e.empty for e in column))


@of_page("The typeface has no serifs.")
def sans_serif(page: Page) -> Iterator[str]:
    return (entry.place for entry in page.filled() if entry.style.font not in SANS_SERIF)


@of_page("Letters have 12 points or more.")
def large_enough(page: Page) -> Iterator[str]:
    return (entry.place for entry in page.filled() if entry.style.size < LEAST_SIZE)


@of_page("No letters are raised, lowered or in a second typeface within a cell.")
def nothing_raised(page: Page) -> Iterator[str]:
    return (entry.place for entry in page.filled() if entry.style.raised or entry.several_fonts)


@of_page("No cell is a formula or an error.")
def no_formula(page: Page) -> Iterator[str]:
    return (entry.place for entry in page.filled() if entry.kind in ("f", "e"))


@of_page("No text begins as a formula does.")
def no_formula_text(page: Page) -> Iterator[str]:
    return (entry.place for entry in page.filled() if entry.kind == "s" and formula(entry.text))


@of_page("Texts stand on one line.")
def one_line(page: Page) -> Iterator[str]:
    return (entry.place for entry in page.filled() if BREAKS.search(entry.text))


@of_page("There are no asterisks.")
def no_asterisk(page: Page) -> Iterator[str]:
    return (entry.place for entry in page.filled() if "*" in entry.text)


@of_page("No text is cut off: rows are as high as their lines.")
def nothing_cut_off(page: Page) -> Iterator[str]:
    rooms = [ROUNDED * room_of(width) for width in page.widths]
    for entry in page.filled():
        style = entry.style
        room = rooms[entry.column - 1] * LEAST_SIZE / (style.size or LEAST_SIZE)
        if style.wraps and entry.text and width_of(entry.text, style.bold) > room:
            lines = lines_of(entry.text, room, style.bold)
            if lines * style.size > (page.sheet.row_dimensions[entry.row].height or 0):
                yield entry.place


@of_page("A sheet is printed no wider than a page, with the headers of its table on every one.")
def printed_whole(page: Page) -> Iterator[str]:
    sheet = page.sheet
    fits, setup = sheet.sheet_properties.pageSetUpPr, sheet.page_setup
    if not (fits and fits.fitToPage) or setup.fitToWidth not in (None, 1) or setup.fitToHeight != 0:
        yield ""
    yield from (f"row {table.top}" for table in page.tables if sheet.print_title_rows != f"${table.top}:${table.top}")


RULES = (
    title_in_a1, a2_says_what, one_table, table_in_column_a, nothing_beside, nothing_below, nothing_floats,
    nothing_merged, nothing_hidden, nothing_frozen, nothing_filtered, nothing_coloured, nothing_empty, sans_serif,
    large_enough, nothing_raised, no_formula, no_formula_text, one_line, no_asterisk, nothing_cut_off, printed_whole,
)  # fmt: skip
