"""From records to a table: the header lines, records of another length, empty ones, footers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pilot_eval.canonical import canonical
from pilot_eval.faults import Fault, StudyFaults
from pilot_eval.readers.delivered import Delivered, Reject, Variable, as_number, stop
from pilot_eval.readers.layout import DELIMITERS, Layout, find_header
from pilot_eval.readers.lines import Record

FOOTERS = {"total", "totals", "grand total", "sum", "mean", "average", "end of file"}
OPEN_ENDED = {"", "response", "open ended response"}
MOST_LONG = 0.05
MOST_ROWS = 1_000_000
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def assemble(records: Sequence[Record], layout: Layout, file: str, faults: list[Fault]) -> Delivered:
    """A table of the records of one file.

    Parameters
    ----------
    records : sequence of Record
        All of them, header lines included.
    layout : Layout
    file : str
    faults : list of Fault
        Found so far; they are reported together with those found here.

    Raises
    ------
    StudyFaults
        When no table can be made of it: ING-05, 08, 09, 10, 11, 13, 15, 16, 23, 32.
    """
    full = [record for record in records if any(cell.strip() for cell in record.fields)]
    blank = [record.row for record in records if not any(cell.strip() for cell in record.fields)]
    if not full:
        raise StudyFaults([*faults, Fault("ING-23", "STOP", file, "no header and no rows", "", "Check the export")])
    problem = not_a_header(full, layout, file)
    if problem:
        raise StudyFaults([*faults, problem])
    names, labels, body = headed(full, layout.header)
    width = len(names)
    if blank:
        saw = f"{len(blank)} empty rows, not used"
        faults.append(Fault("ING-12", "FIX", file, saw, row=blank[0], count=len(blank)))
    names, labels, body, more = trailing_field(names, labels, body, file)
    faults += [*more, *header_faults(names, full[0].row, file)]
    width = len(names)
    if not body:
        saw, action = "header but no rows", "Check the export filter"
        raise StudyFaults([*faults, Fault("ING-23", "STOP", file, saw, "records", action, full[0].row)])
    if len(body) > MOST_ROWS:
        saw = f"{len(body)} rows"
        faults.append(Fault("ING-32", "STOP", file, saw, f"at most {MOST_ROWS}", "Check that this is the right file"))
    rejects: tuple[Reject, ...] = ()
    if not any(fault.severity == "STOP" for fault in more):  # else every row would be reported once more
        rejects, wrong = misfits(body, names, file)
        faults += wrong
    stop(faults)
    refused = {reject.row for reject in rejects}
    used = [record for record in body if record.row not in refused]
    cells = tuple([record.fields[place] for record in used] for place in range(width))
    variables = tuple(
        Variable(name, label, kind_of_cells(column, layout.decimal), n_missing=column.count(""))
        for name, label, column in zip(names, labels, cells, strict=True)
    )
    rows = [record.row for record in used]
    encoding = layout.encoding if layout.format == "csv" else "UTF-8"
    return Delivered(
        file, layout.format, encoding, variables, cells, rows, rejects,
        blank=len(blank), decimal=layout.decimal, faults=tuple(faults),
    )  # fmt: skip


def not_a_header(full: Sequence[Record], layout: Layout, file: str) -> Fault | None:
    """What is wrong with the first lines as a header of the declared kind, None when they fit."""
    top = [record.fields for record in full[:3]]
    row = full[0].row
    found = find_header(top)
    if found != layout.header and "qualtrics" in (found, layout.header):
        if found == "qualtrics":
            saw, expected = 'saw {"ImportId": this is a Qualtrics export with 3 header rows', "one header row"
            return Fault("ING-09", "STOP", file, saw, expected, "Set header to qualtrics", full[2].row)
        expected, action = 'a third row of {"ImportId": ...}', f"Set header to {found}"
        return Fault("ING-09", "STOP", file, "this is no Qualtrics export", expected, action, row)
    if found == "surveymonkey" and layout.header == "plain":
        saw = f"no respondent id and {sum(map(bool, top[1]))} option texts: a SurveyMonkey export with 2 header rows"
        return Fault("ING-10", "STOP", file, saw, "one header row", "Set header to surveymonkey", full[1].row)
    if layout.header != "plain":
        return None
    usual = Counter(len(record.fields) for record in full[1:]).most_common(1)
    if len(top[0]) == 1:
        for delimiter in DELIMITERS:
            count = top[0][0].count(delimiter) + 1
            if layout.format == "csv" and delimiter != layout.delimiter and count > 1:
                saw = f'with delimiter "{shown(layout.delimiter)}" found 1 column'
                expected = f'with "{shown(delimiter)}" there are {count}'
                return Fault("ING-05", "STOP", file, saw, expected, f'Set delimiter to "{shown(delimiter)}"', row)
    nameless = sum(not cell.strip() for cell in top[0])
    below = next((record for record in full[1:] if usual and len(record.fields) == usual[0][0]), None)
    if below and (len(top[0]) == 1 < usual[0][0] or nameless == len(top[0]) - 1 > 0):
        saw = f'the header is in row {below.row}; above it stands other text such as "{top[0][0][:30]}"'
        return Fault("ING-11", "STOP", file, saw, "the header first", "Ask for an export without title lines", row)
    if nameless * 2 >= len(top[0]) > 1 and len(top) > 1 and all(cell.strip() for cell in top[1]):
        saw = f"{nameless} of {len(top[0])} header cells are empty; row {full[1].row} looks like the header"
        action = "Ask for an export without the merged title row"
        return Fault("ING-08", "STOP", file, saw, "a name for every column", action, row)
    return None


def shown(delimiter: str) -> str:
    """A delimiter as ``sources.csv`` writes it."""
    return "tab" if delimiter == "\t" else delimiter


def headed(full: Sequence[Record], header: str) -> tuple[list[str], list[str], list[Record]]:
    """Names, labels and body of a table with a survey house's header.

    Qualtrics: names, then question texts, then import ids. SurveyMonkey: question, then option; a column is named
    ``question`` or ``question: option``.
    """
    names = [cell.strip() for cell in full[0].fields]
    if header == "qualtrics":
        return names, [cell.strip() for cell in padded(full[1].fields, len(names))], list(full[3:])
    if header == "surveymonkey" and len(full) > 1:
        question, found = "", []
        for name, option in zip(names, padded(full[1].fields, len(names)), strict=True):
            question = name or question
            plain = canonical(option.replace("-", " ")) in OPEN_ENDED
            found.append(question if plain else f"{question}: {option.strip()}")
        return found, [""] * len(found), list(full[2:])
    return names, [""] * len(names), list(full[1:])


def padded(fields: Sequence[str], width: int) -> list[str]:
    """Fields cut or filled to a width."""
    return [*fields[:width], *[""] * (width - len(fields))]


def trailing_field(
    names: list[str], labels: list[str], body: list[Record], file: str
) -> tuple[list[str], list[str], list[Record], list[Fault]]:
    """Drop the empty last field that a trailing delimiter makes, in the header, the rows, or both (ING-16)."""
    widths = {len(record.fields) for record in body}
    if len(widths) != 1:
        return names, labels, body, []
    width, extra = widths.pop(), 0
    if width == len(names) + 1:
        extra = 1
        if any(record.fields[-1].strip() for record in body):
            saw = f"each of {len(body)} rows has {width} fields"
            action = "Ask for a new export: the header lacks a name, and columns may have shifted"
            fault = Fault("ING-16", "STOP", file, saw, f"{len(names)} as in the header", action, body[0].row)
            return names, labels, body, [fault]
    elif names and not names[-1] and width in (len(names), len(names) - 1):
        if width == len(names) and any(record.fields[-1].strip() for record in body):
            return names, labels, body, []
        extra, names, labels = width - len(names) + 1, names[:-1], labels[:-1]
    else:
        return names, labels, body, []
    saw = f"each of {len(body)} rows ends with an empty field; ignored"
    cut = [record._replace(fields=record.fields[: len(record.fields) - extra]) for record in body]
    return names, labels, cut, [Fault("ING-16", "FIX", file, saw, count=len(body))]


def header_faults(names: Sequence[str], row: int, file: str) -> list[Fault]:
    """ING-13: columns without a name, and names that are the same but for case, space or punctuation."""
    faults = []
    nameless = [place for place, name in enumerate(names, 1) if not name]
    if nameless:
        saw = f"column {nameless[0]} has no name" + (f" ({len(nameless)} such)" if len(nameless) > 1 else "")
        faults.append(Fault("ING-13", "STOP", file, saw, "a name for every column", "Name or drop it", row))
    seen: dict[str, int] = {}
    for place, name in enumerate(names, 1):
        key = canonical(name) or name
        if name and key in seen:
            other = names[seen[key] - 1]
            saw = f'columns {seen[key]} and {place} are named "{other}" and "{name}"'
            faults.append(Fault("ING-13", "STOP", file, saw, "unique names", "Rename or drop one", row, name))
        seen.setdefault(key, place)
    return faults


def misfits(body: Sequence[Record], names: Sequence[str], file: str) -> tuple[tuple[Reject, ...], list[Fault]]:
    """Records that cannot be used, and why.

    Too short (ING-14), too long (ING-15), a footer or the header once more (ING-11), a lost quotation mark (ING-17).
    """
    width = len(names)
    rejects: list[Reject] = []
    faults: list[Fault] = []
    last = {record.row for record in body[-3:]}
    for record in body:
        found = len(record.fields)
        word = canonical(next((cell for cell in record.fields if cell.strip()), ""))
        if record.row in last and word in FOOTERS:
            rejects.append(Reject(record.row, "footer", "ING-11", f'begins with "{word}"'))
            saw, action = f'saw "{word}" where a record was expected', "Row not used"
            faults.append(Fault("ING-11", "REJECT", file, saw, "", action, record.row))
            continue
        if [cell.strip() for cell in record.fields] == list(names):
            rejects.append(Reject(record.row, "header_again", "ING-11", "the header once more"))
            action = "Row not used; the file may hold its content twice"
            faults.append(Fault("ING-11", "REJECT", file, "the header once more", "", action, record.row))
            continue
        if found == width:
            continue
        kind, reason = ("ING-14", "short_row") if found < width else ("ING-15", "long_row")
        action = "Row not used; " + (
            "check for a lost delimiter or a line break inside a text"
            if found < width
            else "probably a delimiter inside a text that is not in quotation marks"
        )
        if record.end > record.row:
            kind, action = "ING-17", "Row not used; a quotation mark opened here probably closes too late"
        rejects.append(Reject(record.row, reason, kind, f"{found} fields for {width} columns"))
        faults.append(Fault(kind, "REJECT", file, f"{found} fields", str(width), action, record.row))
    long = [reject.row for reject in rejects if reject.reason == "long_row"]
    if len(long) > MOST_LONG * len(body):
        saw = f"{len(long)} of {len(body)} rows have too many fields"
        action = "Put texts in quotation marks, or set the right delimiter"
        faults.append(Fault("ING-15", "STOP", file, saw, str(width), action, long[0], count=len(long)))
    swallowed = [reject for reject in rejects if reject.rule == "ING-17"]
    if swallowed:
        saw = f"records over several lines with the wrong number of fields, {len(swallowed)} of them"
        action = "Close the quotation mark at its origin"
        faults.append(Fault("ING-17", "STOP", file, saw, str(width), action, swallowed[0].row, count=len(swallowed)))
    return tuple(rejects), faults


def kind_of_cells(cells: Sequence[str], decimal: str = ".") -> str:
    """``numeric`` when every filled cell is a number, ``date`` when all are ISO days, else ``string``."""
    filled = {cell.strip() for cell in cells} - {""}
    if filled and all(as_number(cell, decimal) is not None for cell in filled):
        return "numeric"
    if filled and all(DAY.fullmatch(cell) for cell in filled):
        return "date"
    return "string"
