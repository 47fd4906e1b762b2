"""Rules about a workbook as a whole: its sheets, its properties, its contents and its notes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pilot_eval.publish.workbook.rule import of_book
from pilot_eval.publish.workbook.view import CONTENTS, COVER, NOTE, NOTES, Book, Entry
from pilot_eval.publish.xlsx import FIXED, LANGUAGE, PROPERTIES

#: Folders and files of the archive that hold programs, or reach outside the workbook.
ACTIVE = re.compile(
    r"vbaProject|externalLinks/|embeddings/|activeX/|ctrlProps/|connections|queryTables/|webextensions/"
)
SYNTHETIC = "synthetic data"


@of_book("The first sheets are Cover_sheet, Contents and Notes; then come the tables, numbered from 1.")
def sheet_order(book: Book) -> Iterator[str]:
    names = [page.name for page in book.pages]
    if names[:3] != [COVER, CONTENTS, NOTES]:
        yield names[0]
    numbers = [re.search(r"\d+$", name) for name in names[3:]]
    wanted = [str(number) for number in range(1, len(numbers) + 1)]
    yield from (
        name for name, found, number in zip(names[3:], numbers, wanted, strict=True) if not found or found[0] != number
    )


@of_book("Names of sheets are made of letters, digits and underscores, 31 at most.")
def sheet_names(book: Book) -> Iterator[str]:
    return (page.name for page in book.pages if not re.fullmatch(r"[A-Za-z0-9_]{1,31}", page.name))


@of_book("No sheet is hidden.")
def sheets_shown(book: Book) -> Iterator[str]:
    return (page.name for page in book.pages if page.sheet.sheet_state != "visible")


@of_book("The property title is the title on the cover.")
def title_property(book: Book) -> Iterator[str]:
    cover = book.page(COVER)
    if not book.title or (cover and book.title != cover.at(1)):
        yield "properties"


@of_book("The property author names the organisation that the cover names.")
def author_property(book: Book) -> Iterator[str]:
    cover = book.page(COVER)
    if not book.author or (cover and book.author not in {entry.text for entry in cover.filled()}):
        yield "properties"


@of_book("The property language is British English.")
def language_property(book: Book) -> Iterator[str]:
    if book.book.properties.language != LANGUAGE:
        yield "properties"


@of_book("The times of creation and change are fixed, so that two runs give the same bytes.")
def property_times(book: Book) -> Iterator[str]:
    if {book.book.properties.created, book.book.properties.modified} != {PROPERTIES["created"]}:
        yield "properties"


@of_book("The times in the archive are fixed.")
def archive_times(book: Book) -> Iterator[str]:
    return (member.filename for member in book.members if member.date_time != FIXED)


@of_book("Nothing runs and nothing reaches outside: no program, no outside link, no embedded object.")
def nothing_active(book: Book) -> Iterator[str]:
    yield from (member.filename for member in book.members if ACTIVE.search(member.filename))
    yield from (f"{page.name} {entry.place}" for page in book.pages for entry in page.filled() if entry.target)


@of_book("Names of marked-up tables are unique, and no reference to a cell.")
def table_names(book: Book) -> Iterator[str]:
    seen: set[str] = set()
    for page in book.pages:
        for table in page.tables:
            name = table.name.casefold()
            if name in seen or re.fullmatch(r"[a-z]{1,3}\d+|[rc]", name):
                yield page.name
            seen.add(name)


@of_book("Synthetic data are said to be so on every sheet and in the properties.")
def synthetic_said(book: Book) -> Iterator[str]:
    if not book.synthetic:
        return
    for page in book.pages:
        # The title of a study may say so too: it stands in the source line of its tables.
        if not any(SYNTHETIC in row[0].text.lower() for row in page.above[1:] if "Source:" not in row[0].text):
            yield page.name
    if SYNTHETIC not in f"{book.book.properties.keywords} {book.book.properties.description}".lower():
        yield "properties"


@of_book("The contents name every other sheet once, in the order of the sheets, and no sheet that there is not.")
def contents_complete(book: Book) -> Iterator[str]:
    named = [row[0].text for row in _contents(book)]
    wanted = [page.name for page in book.listed()]
    if named != wanted:
        yield CONTENTS


@of_book("Every line of the contents links to A1 of the sheet that it names.")
def contents_links(book: Book) -> Iterator[str]:
    for row in _contents(book):
        if row[0].link.replace("'", "") != f"{row[0].text}!A1":
            yield f"{CONTENTS} {row[0].place}"


@of_book("The contents tell the title that stands on the sheet.")
def contents_titles(book: Book) -> Iterator[str]:
    for row in _contents(book):
        page = book.page(row[0].text)
        if page and [entry.text for entry in row[1:]] != [NOTE.sub("", page.at(1)).strip()]:
            yield f"{CONTENTS} {row[1].place}"


@of_book("Notes are numbered from 1, each once.")
def notes_numbered(book: Book) -> Iterator[str]:
    for number, row in enumerate(_notes(book), start=1):
        if row[0].text != f"[note {number}]":
            yield f"{NOTES} {row[0].place}"


@of_book("Every note that is referred to stands on the sheet Notes.")
def notes_known(book: Book) -> Iterator[str]:
    known = {row[0].text for row in _notes(book)}
    for page, entry, number in _references(book):
        if f"[note {number}]" not in known:
            yield f"{page} {entry.place}"


@of_book("Every note is referred to, and notes stand in the order in which a reader meets them.")
def notes_used(book: Book) -> Iterator[str]:
    known = [row[0].text for row in _notes(book)]
    met = dict.fromkeys(f"[note {number}]" for _, _, number in _references(book))
    if [mark for mark in met if mark in known] != sorted(set(known), key=_number):
        yield NOTES


def _contents(book: Book) -> list[list[Entry]]:
    page = book.page(CONTENTS)
    return page.body if page else []


def _notes(book: Book) -> list[list[Entry]]:
    page = book.page(NOTES)
    return page.body if page else []


def _number(mark: str) -> int:
    found = NOTE.fullmatch(mark)
    return int(found[1]) if found else 0


def _references(book: Book) -> Iterator[tuple[str, Entry, str]]:
    """References to notes in the order of reading: sheet, cell and number."""
    for page in book.pages:
        for entry in page.filled():
            if page.name != NOTES or entry.column != 1:
                yield from ((page.name, entry, number) for number in NOTE.findall(entry.text))


RULES = (
    sheet_order, sheet_names, sheets_shown, title_property, author_property, language_property, property_times,
    archive_times, nothing_active, table_names, synthetic_said, contents_complete, contents_links, contents_titles,
    notes_numbered, notes_known, notes_used,
)  # fmt: skip
