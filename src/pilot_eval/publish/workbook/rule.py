"""How a rule of the workbook is made: about the whole of it, each of its sheets or each of its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pilot_eval.publish.kept_rules import Rule
from pilot_eval.publish.workbook.view import Book, Page, Table


def of_book(says: str) -> Callable[[Callable[[Book], Iterable[str]]], Rule[Book]]:
    """A rule about the workbook as a whole."""
    return lambda found: Rule(found.__name__, says, found)


def of_page(says: str) -> Callable[[Callable[[Page], Iterable[str]]], Rule[Book]]:
    """A rule about each sheet by itself; its places are cells, or empty for the sheet."""

    def made(found: Callable[[Page], Iterable[str]]) -> Rule[Book]:
        def broken(book: Book) -> Iterator[str]:
            return (f"{page.name} {place}".strip() for page in book.pages for place in found(page))

        return Rule(found.__name__, says, broken)

    return made


def of_table(says: str) -> Callable[[Callable[[Table], Iterable[str]]], Rule[Book]]:
    """A rule about each marked-up table by itself; its places are cells."""

    def made(found: Callable[[Table], Iterable[str]]) -> Rule[Book]:
        def broken(book: Book) -> Iterator[str]:
            tables = ((page, table) for page in book.pages for table in page.tables)
            return (f"{page.name} {place}".strip() for page, table in tables for place in found(table))

        return Rule(found.__name__, says, broken)

    return made
