"""One delivered text, read as its item says: value, or kind of missing, what was done to it, and what is wrong."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import NamedTuple

from pilot_eval.canonical import canonical
from pilot_eval.clean.reading import NO, YES, Reading, word_code
from pilot_eval.readers.numerals import is_dressed, is_grouped, ungrouped

#: Off-scale codes by which survey programs commonly mean a missing answer.
USUAL_MISSING = frozenset({-999, -998, -99, -98, -97, -9, -8, -7, -6, -1, 7, 8, 9, 77, 88, 97, 98, 99, 997, 998, 999})
#: What Arabic writes before decimals.
ARABIC_MARK = "\u066b"
INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff]")
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
#: What a spreadsheet shows, or stores, of an answer such as 3-5 that it took for a day.
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = f"({'|'.join(MONTHS)})"
DAY_MONTH = re.compile(
    rf"[0-9]{{1,2}}-{_MONTH}|{_MONTH}-[0-9]{{2}}|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}([T ]00:00:00)?", re.IGNORECASE
)
NUMBER_WORDS = frozenset(
    {
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "twenty", "thirty", "fifty", "hundred",
    }
)  # fmt: skip


class Cell(NamedTuple):
    """What became of one delivered text.

    Attributes
    ----------
    value : float, str or None
        None: missing.
    kind : str
        Kind of missing; empty when there is a value.
    rule, why : str
        The last step that gave the value, for the change log.
    fault : str
        Identifier of what is wrong, empty when nothing is.
    fix : str
        Identifier of what was mended: the text was read by a convention that the codebook does not state.
    """

    value: float | str | None
    kind: str = ""
    rule: str = ""
    why: str = ""
    fault: str = ""
    fix: str = ""


def read_text(text: str) -> Cell:
    """Text as people wrote it: one normal form, no invisible characters, single spaces."""
    if text.isascii() and text.isprintable() and "  " not in text and text == text.strip() and text:
        return Cell(text, "", "spelling", "nothing changed")
    plain = " ".join(INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())
    if not plain:
        return Cell(None, "skipped", "spelling", "nothing but spaces")
    return Cell(plain, "", "spelling", "spaces or invisible characters")


def read_words(text: str, reading: Reading) -> Cell:
    """Text, or the label of a code when the codebook or the file labels the codes."""
    cell = read_text(text)
    if cell.value is None:
        return cell
    number = parse_number(str(cell.value), ".")
    if number is not None and number == int(number):
        code = int(number)
        if code in reading.missing:
            return Cell(None, reading.missing[code], "missing_code", f"code {code}: {reading.missing[code]}")
        label = reading.labels.get(code) or reading.file_labels.get(code)
        if label is not None:
            return Cell(label, "", "label", f"code {code}")
    return _missing_word(canonical(str(cell.value)), reading) or cell


def read_code(text: str, reading: Reading, decimal: str, thousands: str = "") -> Cell:
    """A number, a code, or a label in words.

    Parameters
    ----------
    text : str
        As delivered.
    reading : Reading
        The item at this wave.
    decimal : {".", ","}
        The delivery's decimal mark.
    thousands : str
        The mark that sets its thousands apart, empty when none is declared.

    Returns
    -------
    Cell
        ``value`` is the canonical number.
    """
    plain = plain_digits(INVISIBLE.sub("", unicodedata.normalize("NFKC", text))).strip().replace(ARABIC_MARK, decimal)
    if not plain:
        return Cell(None, "skipped", "spelling", "nothing but spaces")
    number = parse_number(ungrouped(plain, thousands, decimal), decimal)
    if number is None:
        return _read_word(plain, reading, decimal)
    if any(one.isdigit() and not one.isdecimal() for one in text):  # 12³ is 12 with a note, and not 123
        return Cell(None, "unreadable", "range", "raised or circled digits", "CLN-24")
    exotic = any(character.isdecimal() and not character.isascii() for character in text)
    cell = _read_number(number, reading, "number", "form of the number")
    return cell._replace(fix="CLN-24") if exotic and cell.value is not None else cell


def read_duration(text: str, reading: Reading, decimal: str, thousands: str = "") -> Cell:
    """A number in the item's unit; a clock's ``0:12:30`` too."""
    clock = re.fullmatch(r"(-?)([0-9]+):([0-5][0-9])(?::([0-5][0-9]))?", text.strip())
    if clock is None:
        return read_code(text, reading, decimal, thousands)
    seconds = int(clock[2]) * 3600 + int(clock[3]) * 60 + int(clock[4] or 0)
    return Cell((-seconds if clock[1] else seconds) / reading.seconds, "", "number", "hours, minutes and seconds")


def plain_digits(text: str) -> str:
    """Text with the digits of any script as 0 to 9, and the minus sign as a hyphen."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(one)) if one.isdecimal() else "-" if one == "\u2212" else one for one in text
    )


def parse_number(text: str, decimal: str) -> float | None:
    """A finite number written with the given decimal mark, None for anything else."""
    if decimal == ",":
        if "." in text:
            return None
        text = text.replace(",", ".")
    if not NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number + 0.0 if math.isfinite(number) else None  # + 0.0 turns -0.0 into 0.0


def _read_number(number: float, reading: Reading, rule: str, why: str) -> Cell:
    fix = ""
    if reading.whole and number != round(number):
        if abs(number - round(number)) >= 1e-6:
            return Cell(None, "unreadable", "range", f"no whole number: {number:g}", "CLN-09")
        number, fix = float(round(number)), "CLN-09"
    if number in reading.missing:
        kind = reading.missing[int(number)]
        return Cell(None, kind, "missing_code", f"code {number:g}: {kind}")
    if any(low <= number <= high for low, high in reading.file_missing):
        kind = kind_of(reading.file_labels.get(int(number), "declared"))
        return Cell(None, kind, "missing_code", f"{number:g} is declared missing by the file")
    value = reading.code_of(number)
    if value is None or not reading.valid(value):
        fault = "CLN-10" if number in USUAL_MISSING else "CLN-08"
        return Cell(None, "out_of_range", "range", f"{number:g} is not {reading.expected()}", fault)
    if value != number:
        rule = "recode" if reading.turn is None else "reverse"
        why = f"delivered code {number:g}"
    return Cell(value + 0.0, "", rule, why, fix=fix)


def _read_word(plain: str, reading: Reading, decimal: str) -> Cell:
    fix = "" if plain in reading.exact else "CLN-07"
    code = word_code(plain, reading.spoken)
    if code is not None:
        return _read_number(float(code), reading, "label", "wording of this wave")._replace(fix=fix)
    code = word_code(plain, reading.words)
    if code is not None:
        return Cell(float(code), "", "label", "label of the codebook", fix=fix)
    word = canonical(plain)
    said = _missing_word(word, reading)
    if said is not None:
        return said
    if reading.type == "binary":
        code = _yes_no(word, reading)
        if code is not None:
            return Cell(float(code), "", "label", "yes or no in words", fix="CLN-26")
    return Cell(None, "unreadable", "range", "cannot be read", _complaint(plain, reading, decimal))


def _missing_word(word: str, reading: Reading) -> Cell | None:
    """What a word means that is one of the item's kinds of missing: ``N/A`` where the codebook has ``-1=na``."""
    for missing, kind in reading.missing.items():
        if word and word.replace(" ", "") == canonical(kind).replace(" ", ""):
            return Cell(None, kind, "missing_code", f"in words; code {missing}: {kind}")
    return None


def _yes_no(word: str, reading: Reading) -> int | None:
    if reading.set and word in (canonical(reading.label), canonical(reading.column)):
        return 1
    for meant, said in (("yes", YES), ("no", NO)):
        if word in said:
            by_label = [code for code, label in reading.labels.items() if canonical(label) == meant]
            plain = set(reading.labels) <= {0, 1}
            return by_label[0] if by_label else (int(meant == "yes") if plain else None)
    return None


def _complaint(plain: str, reading: Reading, decimal: str) -> str:
    if DAY_MONTH.fullmatch(plain):
        return "CLN-23"
    if is_grouped(plain) or is_dressed(plain):
        return "ING-07"
    if plain.casefold().lstrip("+-") in ("inf", "infinity", "nan") or NUMBER.fullmatch(plain):
        return "CLN-25" if decimal == "." or "." not in plain else "ING-06"
    if re.fullmatch(r"[+-]?[0-9]+[.,][0-9]+", plain):
        return "ING-06"
    return "CLN-07" if reading.labels and plain.casefold() not in NUMBER_WORDS else "CLN-24"


def kind_of(label: str) -> str:
    """A kind of missing as a word of the study: ``"Don't know"`` gives ``"dont_know"``."""
    return re.sub(r"[^a-z0-9]+", "_", canonical(label)).strip("_") or "declared"
