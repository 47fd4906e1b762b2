"""Rules about every marked-up table: its headers, its shorthand, its texts and its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pilot_eval.publish.workbook.rule import of_page, of_table
from pilot_eval.publish.workbook.view import NOTE, Entry, Page, Table

#: Shorthand in place of a number (Analysis Function, "Symbols in tables").
SHORTHAND = ("c", "x", "z", "low", "u", "r", "p")
#: What people and programs write where there is no number; "None" may be an answer.
NOTHING = {"na", "n/a", "n.a.", "nan", "<na>", "#n/a", "-", "–", "—", "−", ".", "..", "...", ":"}
#: Longest name of a column that spreadsheet programs open without repair.
LONGEST = 255
FORMAT = re.compile(r"#,##0(?:\.(0+))?")
#: A number that is smaller than can be shown.
BELOW = re.compile(r"<0\.0*1")
MARK = re.compile(r"\[([^\[\]]*)\]")
#: A unit that stands by itself, unlike the sign of a number such as that of a 90% interval.
UNIT = re.compile(r"(?:^|[\s,])(?:[%£$€]|[£$€]?000s?)(?=\s|$)|\bper ?cent\b")


@of_table("No header is empty.")
def headers_there(table: Table) -> Iterator[str]:
    if not table.head:
        yield table.name
    yield from (entry.place for entry in table.head if entry.empty)


@of_table("Headers are unique, in capital or small letters.")
def headers_unique(table: Table) -> Iterator[str]:
    seen: set[str] = set()
    for entry in table.head:
        if entry.text and entry.text.casefold() in seen:
            yield entry.place
        seen.add(entry.text.casefold())


@of_table("The mark-up names columns as their headers do (else programs repair the file).")
def headers_marked_up(table: Table) -> Iterator[str]:
    for entry, name in zip(table.head, table.names, strict=True):
        if entry.text != name:
            yield entry.place


@of_table("Headers have 255 characters at most (else programs repair the file).")
def headers_short(table: Table) -> Iterator[str]:
    return (entry.place for entry in table.head if len(entry.text) > LONGEST)


@of_table("Units stand in round brackets, not by themselves nor in square brackets.")
def units_in_brackets(table: Table) -> Iterator[str]:
    for entry in table.head:
        name = NOTE.sub("", entry.text).strip()
        if name.endswith("]") or UNIT.search(re.sub(r"\([^()]*\)", "", name)):
            yield entry.place


@of_table("Where a header sends to the unit, a column has it.")
def unit_column(table: Table) -> Iterator[str]:
    if "Unit" not in {entry.text for entry in table.head}:
        yield from (entry.place for entry in table.head if "(see unit)" in entry.text)


@of_table("No cell is empty.")
def no_empty_cell(table: Table) -> Iterator[str]:
    return (entry.place for row in table.rows for entry in row if entry.empty)


@of_table("No cell says NA, or has a dash or a dot instead of a shorthand.")
def no_na(table: Table) -> Iterator[str]:
    return (entry.place for row in table.rows for entry in row if entry.text.strip().lower() in NOTHING)


@of_table("Shorthand is of the list: [c], [x], [z], [low], [u], [r], [p].")
def shorthand_listed(table: Table) -> Iterator[str]:
    for row in table.rows:
        for entry in row:
            mark = MARK.fullmatch(entry.text)
            if mark and mark[1] not in SHORTHAND and not NOTE.fullmatch(entry.text):
                yield entry.place


@of_page("Shorthand in use is explained above the table, and no other.")
def shorthand_explained(page: Page) -> Iterator[str]:
    used = {entry.text: entry.place for table in page.tables for row in table.rows for entry in row if _short(entry)}
    said = {found[0]: row[0].place for row in page.above if (found := re.match(r"\[(\w+)\](?= )", row[0].text))}
    yield from (place for mark, place in used.items() if mark not in said)
    yield from (place for mark, place in said.items() if mark not in used)


@of_table("In a column of numbers stand numbers as numbers, shorthand, or a number that they are below.")
def numbers_as_numbers(table: Table) -> Iterator[str]:
    for _, cells in _number_columns(table):
        yield from (
            entry.place
            for entry in cells
            if not (entry.number or entry.empty or MARK.fullmatch(entry.text) or BELOW.fullmatch(entry.text))
        )


@of_table("Texts stand at the left.")
def text_left(table: Table) -> Iterator[str]:
    for head, cells in table.columns():
        words = [entry for entry in cells if entry.text and not _short(entry) and not BELOW.fullmatch(entry.text)]
        if words and not any(entry.number for entry in cells):
            yield from (entry.place for entry in (head, *cells) if entry.style.align != "left")


@of_table("Numbers stand at the right, and their headers.")
def numbers_right(table: Table) -> Iterator[str]:
    for head, cells in _number_columns(table):
        yield from (entry.place for entry in (head, *cells) if entry.style.align != "right")


@of_table("Thousands have commas.")
def thousands_commas(table: Table) -> Iterator[str]:
    for _, cells in _number_columns(table):
        yield from (e.place for e in cells if e.number and not e.style.number_format.startswith("#,##0"))


@of_table("A column of numbers has one number of decimals.")
def one_number_of_decimals(table: Table) -> Iterator[str]:
    for _, cells in _number_columns(table):
        numbers = [entry for entry in cells if entry.number]
        first = _places(numbers[0])
        yield from (entry.place for entry in numbers if _places(entry) != first)


@of_table("No number has more decimals than are shown.")
def rounded(table: Table) -> Iterator[str]:
    for _, cells in _number_columns(table):
        numbers = (entry for entry in cells if entry.number and FORMAT.fullmatch(entry.style.number_format))
        yield from (entry.place for entry in numbers if round(entry.value, _places(entry)) != entry.value)


@of_table("p values have three decimals, and none is zero: below 0.001 they say <0.001.")
def p_values(table: Table) -> Iterator[str]:
    for head, cells in table.columns():
        if re.search(r"\bp value\b", head.text):
            for entry in cells:
                bad = entry.value == 0 or FORMAT.sub(r"\1", entry.style.number_format) != "000"
                if bad if entry.number else BELOW.fullmatch(entry.text) and entry.text != "<0.001":
                    yield entry.place


def _short(entry: Entry) -> bool:
    """Whether a cell holds a shorthand and nothing else."""
    mark = MARK.fullmatch(entry.text)
    return mark is not None and mark[1] in SHORTHAND


def _number_columns(table: Table) -> Iterator[tuple[Entry, Sequence[Entry]]]:
    """Columns in which any cell is a number."""
    return ((head, cells) for head, cells in table.columns() if any(entry.number for entry in cells))


def _places(entry: Entry) -> int:
    """Decimals that a number's format shows."""
    return len(entry.style.number_format.partition(".")[2])


RULES = (
    headers_there, headers_unique, headers_marked_up, headers_short, units_in_brackets, unit_column, no_empty_cell,
    no_na, shorthand_listed, shorthand_explained, numbers_as_numbers, text_left, numbers_right, thousands_commas,
    one_number_of_decimals, rounded, p_values,
)  # fmt: skip
