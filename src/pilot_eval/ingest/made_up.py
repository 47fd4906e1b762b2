"""Names and addresses under which people try a questionnaire out: Mickey Mouse, test, asdf."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from pilot_eval.canonical import folded
from pilot_eval.ingest.asked import Entry, columns_of
from pilot_eval.readers.delivered import Delivered
from pilot_eval.study.delivery import Source

#: A whole name of nothing but such words is nobody's.
WORDS = frozenset({
    "test", "tests", "tester", "testing", "tested", "testy", "teste", "dummy", "fake", "sample", "example", "demo",
    "user", "person", "name", "surname", "firstname", "lastname", "respondent", "response", "foo", "bar", "blah",
    "lorem", "ipsum", "ignore", "delete", "me", "please", "this", "only", "account", "mail", "email",
})  # fmt: skip
#: Of these one must be among them: "Name" or "Only" alone may be a person's.
TELLING = frozenset({
    "test", "tests", "tester", "testing", "dummy", "fake", "demo", "foo", "blah", "lorem", "firstname", "lastname",
    "ignore", "delete",
})  # fmt: skip
#: Figures whose names people write for their own.
FIGURES = frozenset({
    "mickey mouse", "minnie mouse", "donald duck", "daisy duck", "daffy duck", "goofy goof", "bugs bunny", "elmer fudd",
    "homer simpson", "marge simpson", "bart simpson", "lisa simpson", "fred flintstone", "wilma flintstone",
    "scooby doo", "winnie the pooh", "peter pan", "tinker bell", "snow white", "buzz lightyear", "bob the builder",
    "peppa pig", "spongebob squarepants", "shrek", "batman", "superman", "spiderman", "spider man", "wonder woman",
    "clark kent", "bruce wayne", "peter parker", "darth vader", "luke skywalker", "han solo", "harry potter",
    "hermione granger", "ron weasley", "albus dumbledore", "severus snape", "lord voldemort", "frodo baggins",
    "bilbo baggins", "gandalf", "sherlock holmes", "james bond", "indiana jones", "santa claus", "father christmas",
    "easter bunny", "tooth fairy", "joe bloggs", "fred bloggs", "john doe", "jane doe", "joe public", "john q public",
    "a n other", "an other", "ann other", "max mustermann", "erika mustermann",
})  # fmt: skip
#: Neighbours on a keyboard. Names are spelt with letters of the upper row, hence longer runs of it alone tell.
ROWS = (("asdfghjkl", 3), ("zxcvbnm", 3), ("qwertyuiop", 5))
REPEATED = re.compile(r"([a-z])\1{2,}")
ORDINAL = frozenset({"iii"})


def made_up(text: str) -> bool:
    """Whether a name, or what stands before the @ of an address, is one that people try things out with.

    Examples
    --------
    >>> [made_up(text) for text in ("Mickey Mouse", "Test User 2", "asdf", "Ann Testa", "Powers, Tess")]
    [True, True, True, False, False]
    """
    words = folded(re.sub(r"[\W\d_]+", " ", text)).split()
    if " ".join(words) in FIGURES or " ".join(reversed(words)) in FIGURES:
        return True
    struck = [_struck(word) for word in words]
    told = any(struck) or any(word in TELLING for word in words)
    return told and all(hit or word in WORDS for word, hit in zip(words, struck, strict=True))


def _struck(word: str) -> bool:
    """Whether a word is a run over the keyboard, or one letter held down."""
    if REPEATED.fullmatch(word):
        return word not in ORDINAL
    for row, least in ROWS:
        for keys in (row, row[::-1]):
            runs = [keys[start : start + least] for start in range(len(keys) - least + 1)]
            # a run that goes on, or the same one again: asdfg, asdasd
            if any(word.startswith(run) and (word in keys or word == run * (len(word) // least)) for run in runs):
                return True
    return word in ("qwe", "qwer", "qweqwe", "qwerqwer", "qweasd")


def made_up_cells(delivered: Delivered, codebook: Sequence[Entry], source: Source) -> dict[int, str]:
    """Rows whose name or address as a whole is made up, with the column that says so.

    A name that is delivered in parts is judged in the order of its columns.
    """
    known = columns_of(delivered, codebook, source.wave)
    found: dict[int, str] = {}
    for columns, texts in _said(delivered, known):
        judged = {text: made_up(text) for text in set(texts)}
        for row, text in zip(delivered.rows, texts, strict=True):
            if judged[text]:
                found.setdefault(row, columns[0])
    return found


def _said(delivered: Delivered, known: Mapping[str, Entry]) -> Iterator[tuple[list[str], list[str]]]:
    names = [column for column, entry in known.items() if entry["use"] == "name"]
    if names:
        parts = zip(*(delivered.column(column) for column in names), strict=True)
        yield names, [" ".join(part.strip() for part in cells if part.strip()) for cells in parts]
    for column in (column for column, entry in known.items() if entry["use"] == "email"):
        yield [column], [cell.partition("@")[0] for cell in delivered.column(column)]
