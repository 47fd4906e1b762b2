"""What identifies a respondent, made ready to be looked for in many files at once.

Looked for are, by kind:

* ``e-mail``: any address;
* ``phone``: a number that a respondent gave, however it is spaced, and anything in the form of a British one;
* ``postcode``: anything in the form of a British one;
* ``name``: all of a respondent's names in the order given or the last one first, two words at least (no single surname
  or given name: those are words of places and schools, too);
* ``person``: an id of six characters or more with a letter and a digit in it;
* ``free text``: any five words in a row of what a respondent wrote, or as many more as make thirty characters.

Case, accents, apostrophes and digits between words do not count. What stands in a public register, in the study's
configuration or in our own wording as well is no leak.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat

import numpy as np
import pandas as pd

ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
NUMBER = re.compile(r"[+(\d][\d ()-]{7,40}\d")
POSTCODE = re.compile(r"([A-Z]{1,2})\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}")
#: Beside one of these, digits and capitals are part of something longer: a decimal number, a checksum, a picture.
LONGER = re.compile(r"[\w.+/=-]")
POST_TOWNS = frozenset(
    """
    AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY
    G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR
    NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA
    WC WD WF WN WR WS WV YO ZE
    """.split()  # noqa: SIM905 (a list would fill a page)
)
#: How the digits of a British number are grouped when it is written.
GROUPS = {(10,), (11,), (5, 6), (5, 5), (5, 3, 3), (4, 3, 4), (3, 4, 4), (4, 7), (3, 8), (4, 6)}
ID = re.compile(r"[A-Za-z0-9][\w./-]{4,}\w")
WORD = re.compile(r"[^\W\d_]+|\n")
#: What normalising may change.
OTHER_SIGNS = re.compile(r"[^\x00-\x7f]+")
SHINGLE_WORDS, SHINGLE_LETTERS = 5, 30
#: A name shorter than so many letters, such as "J B", is two initials in any text.
NAME_LETTERS = 5


@dataclass
class Sought:
    """Identifying values: words by number, phrases by length, and values that are one token.

    Build with :func:`sought`; look for them with :meth:`found_in`.
    """

    public: str
    public_cells: frozenset[str]
    public_values: frozenset[str]
    numbers: frozenset[str]
    ids: frozenset[str]
    vocabulary: dict[str, int] = field(default_factory=dict)
    phrases: dict[tuple[str, ...], str] = field(default_factory=dict)
    hashed: dict[int, np.ndarray] = field(default_factory=dict)
    clean: set[str] = field(default_factory=set)

    def found_in(self, text: str) -> dict[str, int]:
        """How many places of each kind a text has.

        Nothing that is looked for goes over the end of a line, and most lines of a file stand in others, too: a line
        that was clean once is not looked through again.

        Parameters
        ----------
        text : str
            As ``legible`` gives it.
        """
        new = [line for line in dict.fromkeys(text.split("\n")) if line not in self.clean]
        if self._places("\n".join(new)):
            return self._places(text)
        self.clean.update(new)
        return {}

    def _places(self, text: str) -> dict[str, int]:
        counts = {
            kind: len(places) for kind, places in _tokens(text, self.numbers, self.ids, self.public_values).items()
        }
        last: dict[str, int] = {}
        for start, end, kind in sorted(self._phrases_in(text)):
            if start >= last.get(kind, 0):  # phrases that overlap are one place
                counts[kind] = counts.get(kind, 0) + 1
            last[kind] = max(end, last.get(kind, 0))
        return {kind: count for kind, count in counts.items() if count}

    def prepare(self) -> None:
        """Number the words and hash the phrases."""
        for phrase in self.phrases:
            for word in phrase:
                self.vocabulary.setdefault(word, len(self.vocabulary) + 1)
        lengths = {len(phrase) for phrase in self.phrases}
        for length in sorted(lengths):
            numbers = [[self.vocabulary[word] for word in phrase] for phrase in self.phrases if len(phrase) == length]
            self.hashed[length] = np.unique(_hashes(np.array(numbers, dtype="uint64").T))

    def _phrases_in(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Where each phrase begins and ends, by the number of the word, and its kind."""
        words = words_of(text)
        numbers = np.fromiter(map(self.vocabulary.get, words, repeat(0)), "uint64", len(words))
        for length, hashes in self.hashed.items():
            starts = np.arange(len(words) - length + 1)
            for step in range(length):
                starts = starts[numbers[starts + step] > 0]
            found = _hashes([numbers[starts + step] for step in range(length)])
            # The hashes are sorted; np.isin would sort them anew for each text.
            known = hashes[np.minimum(np.searchsorted(hashes, found), len(hashes) - 1)] == found
            for start in starts[known]:
                phrase = tuple(words[start : start + length])
                if phrase in self.phrases and not self._is_public(phrase):
                    yield int(start), int(start) + length, self.phrases[phrase]

    def _is_public(self, phrase: tuple[str, ...]) -> bool:
        """Whether a phrase is said in public, or is made of names that stand alone in registers, cell by cell."""
        return f" {' '.join(phrase)} " in self.public or all(word in self.public_cells for word in phrase)


def sought(identifiers: Iterable[pd.DataFrame], public: Sequence[str]) -> Sought:
    """Everything identifying that the deliveries hold, less what is public.

    Parameters
    ----------
    identifiers : iterable of DataFrame
        Tables of ``read_wave``: ``_id kind column value``.
    public : sequence of str
        Texts that anybody may read: registers, configuration, our own wording.
    """
    values = pd.concat(list(identifiers), ignore_index=True)[["_id", "kind", "column", "value"]]
    of_kind = {kind: rows["value"].tolist() for kind, rows in values.groupby("kind")}
    words = [words_of(text) for text in public]
    cells = {cell.strip() for text in words for cell in " ".join(text).split("\n")}
    found = {value for text in public for values in _tokens(text, frozenset(), frozenset(), frozenset()).values()
             for value in values}  # fmt: skip
    ids = {value.strip() for value in of_kind.get("person", []) if ID.fullmatch(value.strip())}
    result = Sought(
        public=" \n ".join(" ".join(["", *text, ""]) for text in words),
        public_cells=frozenset(cells),
        public_values=frozenset(found),
        numbers=frozenset(digits for value in of_kind.get("phone", []) if len(digits := _digits(value)) >= 9),
        ids=frozenset(value for value in ids if re.search(r"\d", value) and re.search(r"[A-Za-z]", value)),
    )
    for name in _names(values[values["kind"] == "name"]):
        result.phrases[name] = "name"
    for text in of_kind.get("free_text", []):
        for shingle in _shingles(words_of(text)):
            result.phrases.setdefault(shingle, "free text")
    result.prepare()
    return result


def words_of(text: str) -> list[str]:
    """Words in small letters without accents or apostrophes, and the ends of lines."""
    text = text.replace("'", "").replace("’", "")
    if not text.isascii():
        text = OTHER_SIGNS.sub(_plain, text)
    return WORD.findall(text.casefold())


def _plain(signs: re.Match[str]) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", signs[0]) if not unicodedata.combining(one))


def _names(values: pd.DataFrame) -> set[tuple[str, ...]]:
    """Each respondent's name as the columns have it, and with the last word first."""
    found: set[tuple[str, ...]] = set()
    cells = [(row, [word for word in words_of(value) if word != "\n"])
             for row, value in zip(values["_id"], values["value"], strict=True)]  # fmt: skip
    whole: dict[str, list[str]] = {}
    for row, words in cells:
        whole.setdefault(row, []).extend(words)
    for words in [*(words for _, words in cells), *whole.values()]:
        if len(words) > 1 and sum(map(len, words)) >= NAME_LETTERS:
            found |= {tuple(words), (words[-1], *words[:-1])}
    return found


def _shingles(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Each run of words that is just long enough to be nobody else's."""
    words = [word for word in words if word != "\n"]
    for start in range(len(words)):
        end, letters = start, -1
        while end < len(words) and (end - start < SHINGLE_WORDS or letters < SHINGLE_LETTERS):
            letters += len(words[end]) + 1
            end += 1
        if end - start < SHINGLE_WORDS or letters < SHINGLE_LETTERS:
            return
        yield tuple(words[start:end])


def _tokens(
    text: str, numbers: frozenset[str], ids: frozenset[str], public: frozenset[str]
) -> dict[str, list[str]]:  # fmt: skip
    """E-mail addresses, telephone numbers, postcodes and ids in a text, in one spelling each."""
    found: dict[str, list[str]] = {}
    if "@" in text:
        found["e-mail"] = [hit[0].casefold() for hit in ADDRESS.finditer(text)]
    found["phone"] = [
        _digits(part)
        for hit in NUMBER.finditer(text)
        if _stands_alone(hit, text)
        for part in _groups(hit[0])
        if _digits(part) in numbers or _is_british(part)
    ]
    found["postcode"] = [
        hit[0].replace(" ", "") for hit in POSTCODE.finditer(text) if hit[1] in POST_TOWNS and _stands_alone(hit, text)
    ]
    if ids:
        found["person"] = [hit[0] for hit in ID.finditer(text) if hit[0] in ids]
    return {kind: [value for value in values if value not in public] for kind, values in found.items()}


def _stands_alone(hit: re.Match[str], text: str) -> bool:
    before, after = text[hit.start() - 1 : hit.start()], text[hit.end() : hit.end() + 2]
    # A full stop after it may end a sentence, or go on with decimals.
    return not LONGER.fullmatch(before) and not LONGER.fullmatch(after[:1] if after[:1] != "." else after[1:])


def _groups(digits: str) -> Iterator[str]:
    """Runs of neighbouring groups of digits: a telephone number may stand beside other numbers."""
    groups = digits.split()
    for start in range(len(groups)):
        yield from (" ".join(groups[start:end]) for end in range(start + 1, min(start + 4, len(groups)) + 1))


def _digits(value: str) -> str:
    """The digits of a telephone number, with the prefix of the country as a nought."""
    plain = re.sub(r"\D", "", value.replace("(0)", ""))
    return re.sub(r"^(?:0044|44)", "0", plain) if value.strip().startswith(("+44", "0044")) else plain


def _is_british(typed: str) -> bool:
    """Whether a number is written as a British telephone number is."""
    national = re.sub(r"^(?:\+44|0044)[ -]?(?:\(0\))?[ -]?", "0", typed.strip())
    groups = tuple(len(group) for group in re.split(r"[ ()-]+", national.strip("() ")) if group)
    return bool(re.match(r"\(?0[1-3789]", national)) and groups in GROUPS


def _hashes(columns: Iterable[np.ndarray]) -> np.ndarray:
    """One number for each row of word numbers; overflow is part of it."""
    total: np.ndarray | None = None
    for column in columns:
        total = column if total is None else total * np.uint64(1_000_003) + column
    assert total is not None
    return total
