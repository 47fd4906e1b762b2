"""Read a delimited text: bytes to characters, strictly, and every line accounted for."""

from __future__ import annotations

import re

from pilot_eval.canonical import canonical
from pilot_eval.faults import Fault, StudyFaults, counted
from pilot_eval.readers.delivered import Delivered
from pilot_eval.readers.layout import DELIMITERS, Layout, first_rows
from pilot_eval.readers.letters import decode, lost_letters, place_of
from pilot_eval.readers.lines import Record, read_records, swallowed
from pilot_eval.readers.sheet import assemble

CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
NO_CONTROLS = bytes(code for code in range(256) if not CONTROLS.match(chr(code)))
#: What a cell of a spreadsheet can hold: a longer text is told, since programs cut it off.
LONG_TEXT = 32_767
#: A delimiter parts a text when so many of its records have as many fields as its header.
MOST_ALIKE = 0.9


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
        When nothing can be read: ING-01, 02 and 04 (encoding), ING-05 (delimiter), ING-17 (quotation marks), ING-19
        (NUL bytes), and the faults of :func:`pilot_eval.readers.sheet.assemble`.
    """
    text, faults = decode(content, layout, file)
    if "\0" in text:
        row, column, rows = place_of(text, re.compile("\0"), layout)
        saw = "NUL byte; the file is damaged"
        fault = Fault("ING-19", "STOP", file, saw, "text", "Transfer it again", row, column, rows)
        raise StudyFaults([*faults, fault])
    wrong = other_delimiter(text, layout, file)
    if wrong:
        raise StudyFaults([*faults, wrong])
    faults += line_ends(text, file)
    records = read_records(text, layout.delimiter, file)
    faults += swallowed(records, text, layout.delimiter, file)
    if not any(fault.severity == "STOP" for fault in faults):  # else the encoding is wrong, not the letters
        faults += lost_letters(records, text, file)
    if text.encode("utf-8", "surrogatepass").translate(None, NO_CONTROLS):
        records, more = without_controls(records, file)
        faults += more
    faults += long_texts(records, text, file)
    return assemble(records, layout, file, faults)


def other_delimiter(text: str, layout: Layout, file: str) -> Fault | None:
    """ING-05 when the declared delimiter parts nothing, or unevenly, and another parts all."""
    declared = [row for row in first_rows(text, layout.delimiter) if any(row)]
    if not declared:
        return None
    held, alike = len(declared[0]), _alike(declared)
    if held > 1 and alike >= MOST_ALIKE:
        return None
    for delimiter in DELIMITERS:
        rows = [row for row in first_rows(text, delimiter) if any(row)]
        count = len(rows[0]) if rows else 0
        if delimiter == layout.delimiter or count < 2:
            continue
        if held == 1 or (count > held and _alike(rows) >= MOST_ALIKE):
            return _delimiter_fault(layout.delimiter, held, delimiter, count, file)
    names = {canonical(name) for name in layout.expected}
    # Hardly any program parts fields by another sign, but a header that then holds the expected names settles it.
    for delimiter in dict.fromkeys(one for one in "".join(declared[0]) if not one.isalnum() and one not in "\"'_\n\r"):
        head = next((row for row in first_rows(text, delimiter) if any(row)), [])
        if held == 1 and len(head) > 1 and 2 * len(names.intersection(map(canonical, head))) >= len(names) > 1:
            return _delimiter_fault(layout.delimiter, held, delimiter, len(head), file)
    return None


def _delimiter_fault(declared: str, held: int, found: str, count: int, file: str) -> Fault:
    saw = f'with delimiter "{shown(declared)}" found {counted(held, "column")}'
    expected, action = f'with "{shown(found)}" there are {count}', f'Set delimiter to "{shown(found)}"'
    return Fault("ING-05", "STOP", file, saw, expected, action, 1)


def _alike(rows: list[list[str]]) -> float:
    """Share of the records below the first that have as many fields."""
    return sum(len(row) == len(rows[0]) for row in rows[1:]) / max(len(rows) - 1, 1)


def shown(delimiter: str) -> str:
    """A delimiter as ``sources.csv`` writes it."""
    return "tab" if delimiter == "\t" else delimiter


def line_ends(text: str, file: str) -> list[Fault]:
    """ING-20: line ends that are not a bare line feed, which are read all the same."""
    if "\r" not in text:
        return []
    lone = text.replace("\r\n", "")
    if "\r" not in lone and "\n" not in lone:
        return [Fault("ING-20", "OK", file, "Windows line ends")]
    return [Fault("ING-20", "OK", file, "line ends of several kinds" if "\n" in text else "old Macintosh line ends")]


def long_texts(records: list[Record], text: str, file: str) -> list[Fault]:
    """ING-18: texts longer than a cell of a spreadsheet; whole here, whatever they hold."""
    faults = []
    short = max(map(len, text.split("\n"))) <= LONG_TEXT  # then only a record of several lines can hold one
    for record in (record for record in records if record.end > record.row) if short else records:
        if max(map(len, record.fields), default=0) <= LONG_TEXT:
            continue
        for place, cell in enumerate(record.fields):
            if len(cell) > LONG_TEXT:
                header = records[0].fields
                lines = counted(record.end - record.row + 1, "line")
                saw = f"text of {counted(len(cell), 'character')} over {lines}; whole"
                column = header[place].strip() if place < len(header) else ""
                faults.append(Fault("ING-18", "OK", file, saw, row=record.row, column=column))
    return faults


def without_controls(records: list[Record], file: str) -> tuple[list[Record], list[Fault]]:
    """Records without control characters (line ends and tabulators stay), and ING-19 for each column that had any."""
    clean: list[Record] = []
    touched: dict[str, list[int]] = {}
    header = [CONTROLS.sub("", cell).strip() for cell in records[0].fields]
    for record in records:
        places = [place for place, cell in enumerate(record.fields) if CONTROLS.search(cell)]
        for place in places:
            named = place < len(header) and record is not records[0]
            touched.setdefault(header[place] if named else "", []).append(record.row)
        if places:
            record = record._replace(fields=[CONTROLS.sub("", cell) for cell in record.fields])
        clean.append(record)
    return clean, [
        Fault("ING-19", "FIX", file, f"control characters, in {counted(len(rows), 'row')}", "text", "Removed", rows[0],
              column, len(rows))
        for column, rows in touched.items()
    ]  # fmt: skip
