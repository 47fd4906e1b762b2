"""From bytes to characters: the declared encoding, strictly, and what shows that it is another."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence

from pilot_eval.faults import Fault, StudyFaults, counted
from pilot_eval.readers.layout import MARKS, Layout, decodes
from pilot_eval.readers.lines import LONGEST_FIELD, Record

SINGLE_BYTE = {"cp1252", "iso8859-1", "iso8859-15", "cp1250", "mac-roman"}
WIDE = ("utf-16", "utf-32")
DOUBLE_ENCODED = re.compile("Ã[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€")
#: Control characters of the upper half: what is left of quotation marks and dashes read as latin-1.
UPPER_CONTROLS = re.compile("[\x80-\x9f]")
#: A byte that could not be decoded, as ``surrogateescape`` keeps it.
UNDECODED = re.compile("[\udc80-\udcff]")


def decode(content: bytes, layout: Layout, file: str) -> tuple[str, list[Fault]]:
    """The characters of a text table, without byte-order mark and end-of-file mark; never with replacements.

    Raises
    ------
    StudyFaults
        ING-01 bytes that are none of the declared encoding, ING-02 text of another encoding that happens to decode,
        ING-04 UTF-16 that was not declared.
    """
    name = codec_of(layout.encoding)
    if name is None:
        action = "Name one that Python knows, such as utf-8 or cp1252"
        saw = f'unknown encoding "{layout.encoding}"'
        raise StudyFaults([Fault("ING-01", "STOP", file, saw, "a known encoding", action)])
    found = wide_encoding(content)
    if found and not name.startswith(WIDE):
        action = f'Set encoding to {found} (and delimiter, often tab), or save as "CSV UTF-8"'
        saw = "UTF-16 text, which has a zero byte beside each letter"
        if content.startswith(tuple(MARKS)):
            saw = f"starts with a {found[:6].upper()} mark"
        raise StudyFaults([Fault("ING-04", "STOP", file, saw, layout.encoding, action, 1)])
    if not found and name.startswith(WIDE) and b"\0" not in content[:4096]:
        saw = f"declared {layout.encoding}, but the text has one byte a letter"
        raise StudyFaults([Fault("ING-02", "STOP", file, saw, "the file's own encoding", "Set encoding to utf-8", 1)])
    faults = []
    if content.startswith(codecs.BOM_UTF8):
        content = content[len(codecs.BOM_UTF8) :]
        faults.append(Fault("ING-03", "OK", file, "UTF-8 byte-order mark removed"))
    try:
        text = content.decode(name)
    except UnicodeDecodeError as error:
        raise StudyFaults([*faults, undecodable(content, name, error, layout, file)]) from None
    if name in SINGLE_BYTE and not content.isascii():
        faults += single_byte_faults(content, text, layout, file)
    return text.lstrip("\ufeff").rstrip("\x1a"), faults


def codec_of(encoding: str) -> str | None:
    """Python's name of an encoding, None when it has none."""
    try:
        return codecs.lookup(encoding).name
    except (LookupError, ValueError):
        return None


def wide_encoding(content: bytes) -> str:
    """The encoding of two or four bytes a letter that a text has, by its mark or its zero bytes; ``""`` for others."""
    mark = next((mark for mark in MARKS if content.startswith(mark)), b"")
    if mark:
        return "" if MARKS[mark] == "utf-8" else MARKS[mark]
    start = content[:4096]
    for first, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = start[first::2], start[1 - first :: 2]
        if len(zeros) > 2 and zeros.count(0) > 0.8 * len(zeros) and others.count(0) < 0.2 * len(others):
            return name
    return ""


def single_byte_faults(content: bytes, text: str, layout: Layout, file: str) -> Iterator[Fault]:
    """What shows that a text is not in the encoding of one byte a letter that was declared."""
    if decodes(content, "utf-8"):
        letters = counted(sum(not character.isascii() for character in content.decode("utf-8")), "accented letter")
        saw = f"declared {layout.encoding} but the bytes are valid UTF-8 with {letters}"
        row, column, _ = place_of(text, re.compile("[^\0-\x7f]"), layout)
        action = "Set encoding to utf-8"
        yield Fault("ING-02", "STOP", file, saw, "the file's own encoding", action, row, column)
    elif UPPER_CONTROLS.search(text) and decodes(content, "cp1252"):
        row, column, rows = place_of(text, UPPER_CONTROLS, layout)
        found = UPPER_CONTROLS.search(text)
        assert found
        byte = text[found.start()].encode(layout.encoding)[0]
        saw = f"byte 0x{byte:02X} is a control character in {layout.encoding}, in {counted(rows, 'row')}"
        action = "The file reads as cp1252: set encoding to cp1252"
        yield Fault("ING-01", "STOP", file, saw, "letters", action, row, column, rows)


def undecodable(content: bytes, name: str, error: UnicodeDecodeError, layout: Layout, file: str) -> Fault:
    """ING-01: the first byte that is no text, in which row and column, in how many rows, and what would fit."""
    saw = f"byte 0x{content[error.start]:02X} is not {layout.encoding.upper()}, the encoding declared"
    fits = [encoding for encoding in ("utf-8", "cp1252") if encoding != name and decodes(content, encoding)]
    hint = f"The file reads as {fits[0]}: set encoding to {fits[0]} or" if fits else "Set the right encoding or"
    action = f"{hint} ask for a UTF-8 export"
    if name.startswith(WIDE):
        row = content[: error.start].decode(name, "ignore").count("\n") + 1
        return Fault("ING-01", "STOP", file, saw, "", action, row)
    row, column, rows = place_of(content.decode(name, "surrogateescape"), UNDECODED, layout)
    return Fault("ING-01", "STOP", file, f"{saw}; in {counted(rows, 'row')}", "", action, row, column, rows)


def place_of(text: str, what: re.Pattern[str], layout: Layout) -> tuple[int, str, int]:
    """Row and column of the first cell that holds something, and how many records do; quotation marks respected."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=layout.delimiter)
    csv.field_size_limit(LONGEST_FIELD)
    header: list[str] = []
    first, column, rows, start = 0, "", 0, 1
    try:
        for fields in reader:
            if start == layout.header_row:
                header = fields
            place = next((at for at, cell in enumerate(fields) if what.search(cell)), None)
            if place is not None:
                rows += 1
                if not first:
                    named = place < len(header) and start > layout.header_row and not what.search(header[place])
                    first, column = start, header[place].strip() if named else ""
            start = reader.line_num + 1
    except csv.Error:  # the quotation marks are another fault
        pass
    found = what.search(text)
    line = len(re.split("\r\n|\r|\n", text[: found.start()])) if found else 1
    return first or line, column, max(rows, 1)


def lost_letters(records: Sequence[Record], text: str, file: str) -> list[Fault]:
    """ING-02: text that was spoilt before it came here, by the first cell that shows it and the number of records."""
    faults: list[Fault] = []
    if text.isascii():
        return faults
    for spoilt, saw in (
        (DOUBLE_ENCODED, "letters such as Ã and â€ where accents or quotation marks should be: encoded twice"),
        (re.compile("\ufffd"), "replacement marks where letters were lost"),
        (UPPER_CONTROLS, "control characters where quotation marks or dashes should be"),
    ):
        if not spoilt.search(text):
            continue
        rows = [record for record in records if any(spoilt.search(cell) for cell in record.fields)]
        place = next(at for at, cell in enumerate(rows[0].fields) if spoilt.search(cell))
        header = records[0].fields
        column = header[place].strip() if place < len(header) and rows[0].row > records[0].row else ""
        said, action = f"{saw}, in {counted(len(rows), 'row')}", "Kept; ask for a new export"
        faults.append(Fault("ING-02", "WARN", file, said, "text", action, rows[0].row, column, len(rows)))
    return faults
