"""Read a delimited text: bytes to characters, strictly, and every line accounted for."""

from __future__ import annotations

import codecs
import re

from pilot_eval.faults import Fault, StudyFaults
from pilot_eval.readers.delivered import Delivered
from pilot_eval.readers.layout import MARKS, Layout, decodes
from pilot_eval.readers.lines import Record, read_records, swallowed
from pilot_eval.readers.sheet import assemble

SINGLE_BYTE = {"cp1252", "iso8859-1", "iso8859-15", "cp1250", "mac-roman"}
DOUBLE_ENCODED = re.compile("Ã[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€")
CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")


def read_text(content: bytes, layout: Layout, file: str) -> Delivered:
    """A delimited text as delivered.

    Parameters
    ----------
    content : bytes
    layout : Layout
    file : str
        Name for messages.

    Raises
    ------
    StudyFaults
        When nothing can be read: ING-01 and ING-04 (encoding), ING-17 (quotation marks), ING-19 (NUL bytes), and the
        faults of :func:`pilot_eval.readers.sheet.assemble`.
    """
    text, faults = decode(content, layout, file)
    if "\0" in text:
        row = len(re.split("\r\n|\r|\n", text[: text.index("\0")]))
        fault = Fault("ING-19", "STOP", file, "NUL byte; the file is damaged", "text", "Transfer it again", row)
        raise StudyFaults([*faults, fault])
    records = read_records(text, layout.delimiter, file)
    faults += swallowed(records, text, layout.delimiter, file)
    records, more = without_controls(records, file)
    return assemble(records, layout, file, faults + more)


def decode(content: bytes, layout: Layout, file: str) -> tuple[str, list[Fault]]:
    """The characters of a text table, without byte-order mark and end-of-file mark; never with replacements."""
    try:
        name = codecs.lookup(layout.encoding).name
    except LookupError:
        action = "Name one that Python knows, such as utf-8 or cp1252"
        saw = f'unknown encoding "{layout.encoding}"'
        raise StudyFaults([Fault("ING-01", "STOP", file, saw, "a known encoding", action)]) from None
    mark = next((mark for mark in MARKS if content.startswith(mark)), b"")
    faults = []
    if MARKS.get(mark) == "utf-16" and not name.startswith("utf-16"):
        action = 'Set encoding to utf-16 (and delimiter, often tab), or save as "CSV UTF-8"'
        raise StudyFaults([Fault("ING-04", "STOP", file, "starts with a UTF-16 mark", layout.encoding, action, 1)])
    if MARKS.get(mark) == "utf-8":
        content = content[len(mark) :]
        faults.append(Fault("ING-03", "OK", file, "UTF-8 byte-order mark removed"))
    try:
        text = content.decode(name)
    except UnicodeDecodeError as error:
        raise StudyFaults([*faults, undecodable(content, error, layout, file)]) from None
    if name in SINGLE_BYTE and not content.isascii() and decodes(content, "utf-8"):
        letters = sum(not character.isascii() for character in content.decode("utf-8"))
        saw = f"declared {layout.encoding} but the bytes are valid UTF-8 with {letters} accented letters"
        row = line_of(content, next(i for i, byte in enumerate(content) if byte > 127))
        faults.append(Fault("ING-02", "STOP", file, saw, "the file's own encoding", "Set encoding to utf-8", row))
    elif found := [i for i, line in enumerate(re.split("\r\n|\r|\n", text), 1) if DOUBLE_ENCODED.search(line)]:
        saw = "letters such as Ã and â€ where accents or quotation marks should be: encoded twice"
        faults.append(Fault("ING-02", "WARN", file, saw, "text", "Ask for a new export", found[0], count=len(found)))
    if "\ufffd" in text:
        row = len(re.split("\r\n|\r|\n", text[: text.index("\ufffd")]))
        saw, action = "replacement marks where letters were lost", "Ask for a new export"
        faults.append(Fault("ING-02", "WARN", file, saw, "text", action, row, count=text.count("\ufffd")))
    return text.lstrip("\ufeff").rstrip("\x1a"), faults


def undecodable(content: bytes, error: UnicodeDecodeError, layout: Layout, file: str) -> Fault:
    """ING-01: the first byte that is no text, in which row and column, in how many rows, and what would fit."""
    bad = 0
    for line in re.split(b"\r\n|\r|\n", content):
        try:
            line.decode(layout.encoding)
        except UnicodeDecodeError:
            bad += 1
    row = line_of(content, error.start)
    begin = max(content.rfind(b"\n", 0, error.start), content.rfind(b"\r", 0, error.start)) + 1
    delimiter = layout.delimiter.encode()
    place = content[begin : error.start].count(delimiter)
    header = re.split(b"\r\n|\r|\n", content, maxsplit=1)[0].split(delimiter)
    column = header[place].decode("ascii", "replace").strip('" ') if place < len(header) and row > 1 else ""
    saw = f"byte 0x{content[error.start]:02X} is not {layout.encoding.upper()}, the encoding declared"
    fits = [encoding for encoding in ("utf-8", "cp1252") if decodes(content, encoding)]
    hint = f"The file reads as {fits[0]}: set encoding to {fits[0]} or" if fits else "Set the right encoding or"
    action = f"{hint} ask for a UTF-8 export"
    return Fault("ING-01", "STOP", file, f"{saw}; {max(bad, 1)} rows affected", "", action, row, column, max(bad, 1))


def line_of(content: bytes, place: int) -> int:
    """Physical line (from 1) of a byte."""
    return len(re.split(b"\r\n|\r|\n", content[:place]))


def without_controls(records: list[Record], file: str) -> tuple[list[Record], list[Fault]]:
    """Records without control characters (line ends and tabulators stay), and ING-19 if there were any."""
    clean: list[Record] = []
    touched: list[int] = []
    for record in records:
        if any(CONTROLS.search(cell) for cell in record.fields):
            touched.append(record.row)
            record = record._replace(fields=[CONTROLS.sub("", cell) for cell in record.fields])
        clean.append(record)
    if not touched:
        return clean, []
    fault = Fault("ING-19", "FIX", file, "control characters", "text", "Removed", touched[0], count=len(touched))
    return clean, [fault]
