"""From records to a table: its header, records of another length, empty ones, footers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pilot_eval.faults import Fault, StudyFaults, counted
from pilot_eval.readers.delivered import Delivered, Variable, as_number, stop
from pilot_eval.readers.headers import Headed, headed, name_faults, not_a_header
from pilot_eval.readers.layout import Layout, number_faults
from pilot_eval.readers.lines import Record
from pilot_eval.readers.misfits import NO_RECORD, misfits
from pilot_eval.readers.numerals import ungrouped

#: Share of records that must end with an empty field for it to be a delimiter too many, not a lost text.
MOST_TRAILING = 0.95
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
        When no table can be made of it: ING-08, 09, 10, 11, 13, 15, 16, 17, 23, 32.
    """
    held = [any(map(str.strip, record.fields)) for record in records]
    full = [record for record, holds in zip(records, held, strict=True) if holds]
    blank = [record.row for record, holds in zip(records, held, strict=True) if not holds]
    if not full:
        raise StudyFaults([*faults, Fault("ING-23", "STOP", file, "no header and no rows", "", "Check the export")])
    if layout.header_row > 1:
        full = _below(full, layout.header_row, file, faults)
        blank = [row for row in blank if row > layout.header_row]
    problem = not_a_header(full, layout, file)
    if problem:
        raise StudyFaults([*faults, problem])
    head = headed(full, layout)
    if blank:
        faults.append(_blank(blank, file))
    faults += number_faults(len(head.body), layout, file, head.row)
    if not head.body:
        stop(faults)
    head, more = trailing_fields(head, layout.extra_fields, file)
    faults += [*more, *name_faults(head, file)]
    if any(fault.severity == "STOP" for fault in more):  # else every row would be reported once more
        raise StudyFaults(faults)
    rejects, wrong = misfits(head.body, head.names, file)
    faults += wrong
    if head.body and all(reject.reason in NO_RECORD for reject in rejects) and len(rejects) == len(head.body):
        faults += number_faults(0, layout, file, head.row)
    stop(faults)
    refused = {reject.row for reject in rejects}
    used = [record for record in head.body if record.row not in refused] if refused else head.body
    cells = columns_of_records(used, len(head.names))
    variables = tuple(
        Variable(name, label, kind_of_cells(column, layout.decimal, layout.thousands), n_missing=column.count(""))
        for name, label, column in zip(head.names, head.labels, cells, strict=True)
    )
    encoding = layout.encoding if layout.format == "csv" else "UTF-8"
    return Delivered(
        file, layout.format, encoding, variables, cells, [record.row for record in used], rejects,
        blank=len(blank), decimal=layout.decimal, thousands=layout.thousands, faults=tuple(faults),
    )  # fmt: skip


def columns_of_records(records: Sequence[Record], width: int) -> tuple[list[str], ...]:
    """Cells by column."""
    if not records:
        return tuple([] for _ in range(width))
    return tuple(map(list, zip(*(record.fields for record in records), strict=True)))


def _below(full: list[Record], row: int, file: str, faults: list[Fault]) -> list[Record]:
    """The records from the declared header row on."""
    found = [record for record in full if record.row >= row]
    if not found or found[0].row != row:
        saw, action = "no record begins in this row", "Set header_row to the row of the column names"
        raise StudyFaults([*faults, Fault("ING-08", "STOP", file, saw, "the header", action, row)])
    return found


def _blank(rows: Sequence[int], file: str) -> Fault:
    """ING-12, with the rows when they stand together."""
    together = len(rows) > 1 and rows[-1] - rows[0] == len(rows) - 1
    saw = f"rows {rows[0]} to {rows[-1]} are empty, not used" if together else (
        f"{counted(len(rows), 'empty row')}, not used")  # fmt: skip
    return Fault("ING-12", "FIX", file, saw, row=rows[0], count=len(rows))


def trailing_fields(head: Headed, declared: int, file: str) -> tuple[Headed, list[Fault]]:
    """Drop the empty last fields that trailing delimiters make, in the header, the rows, or both (ING-16).

    Fields beyond the header that the entry declares are dropped too, whatever they hold.
    """
    names = list(head.names)
    while names and not names[-1] and head.row is not None:
        names.pop()
    width, spare = len(names), len(head.names) - len(names)
    if not head.body:
        return replace(head, names=names, labels=head.labels[:width]), []
    if declared:
        cut = [_cut(record, width) if len(record.fields) <= width + declared else record for record in head.body]
        number = sum(len(record.fields) > width for record in head.body)
        saw = f"{counted(number, 'row')} with up to {declared} fields after the header's last; not used"
        action = "Make sure that the names before them still fit"
        fault = Fault("ING-16", "WARN", file, saw, "", action, count=number)
        return replace(head, names=names, labels=head.labels[:width], body=cut), [fault] if number else []
    widths = Counter(len(record.fields) for record in head.body)
    usual, number = widths.most_common(1)[0]
    over = [record for record in head.body if any(cell.strip() for cell in record.fields[width:])]
    if usual <= width or number < MOST_TRAILING * len(head.body):
        if not spare or over:
            return head, []
        usual = width  # the header alone ends with a delimiter
    elif over and (len(over) == len(head.body) or not spare):
        saw = f"each of {counted(number, 'row')} has {usual} fields" + (
            "" if len(over) > 1 else f"; the last of row {over[0].row} is filled")  # fmt: skip
        action = "Ask for a new export: the header lacks a name, and columns may have shifted"
        fault = Fault("ING-16", "STOP", file, saw, f"{width} as in the header", action, over[0].row, count=len(over))
        return head, [fault]
    elif over:
        return head, []  # a column without a name, which ING-13 tells
    saw = f"each of {counted(number, 'row')} ends with {counted(usual - width, 'empty field')}; ignored"
    if usual == width:
        saw = f"the header ends with {counted(spare, 'empty field')}; ignored"
    # A record that lacks the empty field too has lost another: it keeps its length, and is told as a short one.
    body = [_cut(record, width) if len(record.fields) == usual else record._replace(fields=record.fields[:width - 1])
            if width < usual and len(record.fields) == width else record for record in head.body]  # fmt: skip
    fault = Fault("ING-16", "FIX", file, saw, count=number)
    return replace(head, names=names, labels=head.labels[:width], body=body), [fault]


def _cut(record: Record, width: int) -> Record:
    return record if len(record.fields) <= width else record._replace(fields=record.fields[:width])


def kind_of_cells(cells: Sequence[str], decimal: str = ".", thousands: str = "") -> str:
    """``numeric`` when every filled cell is a number, ``date`` when all are ISO days, else ``string``."""
    filled = set(map(str.strip, set(cells))) - {""}
    if filled and all(as_number(ungrouped(cell, thousands, decimal), decimal) is not None for cell in filled):
        return "numeric"
    if filled and all(DAY.fullmatch(cell) for cell in filled):
        return "date"
    return "string"
