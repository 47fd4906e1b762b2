"""Rules about the tables of a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pilot_eval.publish.pages.rule import rule
from pilot_eval.publish.pages.view import Page, words

#: What may stand for a number: confidential, not available, not applicable, rounds to zero, low reliability, revised,
#: provisional.
SHORTHAND = {"[c]", "[x]", "[z]", "[low]", "[u]", "[r]", "[p]"}
MARK = re.compile(r"\[[a-z]+\]")
#: A number with a mark behind it: only marks that qualify a number stand there.
QUALIFIED = re.compile(r"[\d.,%<−-]+ ?(\[[a-z]+\])")
QUALIFYING = {"[u]", "[r]", "[p]"}
MISSING = re.compile(r"n/?a\.?|nan|<na>|null|nil|nat|-+|–|—|\.+|\?+", re.IGNORECASE)
CELLS = "./*[self::th or self::td]"


def _rows(table: Any) -> list[Any]:
    return list(table.xpath("./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr"))


@rule("Every table has one caption, before all else in it.")
def captioned(page: Page) -> Iterator[Any]:
    yield from page.find("//table[count(./caption) != 1 or not(./*[1][self::caption])]")


@rule("Every table has one row of headers, and rows below it.")
def header_row(page: Page) -> Iterator[Any]:
    yield from page.find("//table[count(./thead) != 1 or count(./thead/tr) != 1 or not(./tbody/tr)]")


@rule("Every header says whether it is that of a column or of a row.")
def headers_scoped(page: Page) -> Iterator[Any]:
    yield from page.find("//thead/tr/*[not(self::th) or not(@scope='col')]")
    yield from page.find("//tbody/tr/th[not(@scope='row')]")


@rule("Every row begins with a header.")
def rows_headed(page: Page) -> Iterator[Any]:
    yield from page.find("//tbody/tr[not(./*[1][self::th])]")


@rule("No cell reaches over others, and every row has as many as there are headers.")
def rows_complete(page: Page) -> Iterator[Any]:
    yield from page.find("//*[self::th or self::td][@colspan or @rowspan]")
    for table in page.tables:
        rows = _rows(table)
        yield from (row for row in rows if len(row.xpath(CELLS)) != len(rows[0].xpath(CELLS)))


@rule("No cell is empty.")
def no_empty_cell(page: Page) -> Iterator[Any]:
    heads = ((cell, words(cell)) for cell in page.find("//thead/tr/*"))
    yield from (cell for cell, text in (*heads, *page.cells) if not text)


@rule("No cell says NA, or has a dash or a dot instead of a shorthand.")
def no_missing_word(page: Page) -> Iterator[Any]:
    yield from (cell for cell, text in page.cells if text and MISSING.fullmatch(text))


@rule("Shorthand is one of those that the conventions know.")
def shorthand_known(page: Page) -> Iterator[Any]:
    for cell, text in page.cells:
        qualified = QUALIFIED.fullmatch(text)
        if (MARK.fullmatch(text) and text not in SHORTHAND) or (qualified and qualified[1] not in QUALIFYING):
            yield cell


@rule("Shorthand in a table is explained on the page.")
def shorthand_explained(page: Page) -> Iterator[Any]:
    ends = ((cell, text.rpartition(" ")[2]) for cell, text in reversed(page.cells))
    used = {mark: cell for cell, mark in ends if MARK.fullmatch(mark)}
    prose = " ".join(str(text) for text in page.find("//main//text()[not(ancestor::tbody)]"))
    yield from (cell for mark, cell in sorted(used.items()) if mark in SHORTHAND and mark not in prose)


@rule("No number is followed by asterisks: significance is said in words.")
def no_asterisk(page: Page) -> Iterator[Any]:
    yield from (cell for cell, text in page.cells if re.search(r"\d\s*\*", text))


RULES = (
    captioned, header_row, headers_scoped, rows_headed, rows_complete, no_empty_cell, no_missing_word, shorthand_known,
    shorthand_explained, no_asterisk,
)  # fmt: skip
