"""Records that are none: too short, too long, a footer, the header once more, a lost quotation mark."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

from pilot_eval.canonical import canonical
from pilot_eval.faults import Fault, counted
from pilot_eval.readers.delivered import Reject, as_number
from pilot_eval.readers.lines import Record, usual_shape

FOOTERS = {"total", "totals", "grand total", "sum", "mean", "average", "end of file"}
#: Records at the end of a file that may be footers.
LAST = 3
#: Records that show what a first cell looks like.
LOOKED_AT = 1000
MOST_LONG, MOST_SHORT = 0.05, 0.5
#: Rejects that are no records at all: they do not count as delivered.
NO_RECORD = frozenset({"footer", "header_again"})


def misfits(body: Sequence[Record], names: Sequence[str], file: str) -> tuple[tuple[Reject, ...], list[Fault]]:
    """Records that cannot be used, and why.

    Too short (ING-14), too long (ING-15), a footer or the header once more (ING-11), a lost quotation mark (ING-17).
    """
    width = len(names)
    rejects: list[Reject] = []
    faults: list[Fault] = []
    footers = footers_of(body)
    for record in body:
        found = len(record.fields)
        if record.row in footers:
            rejects.append(Reject(record.row, "footer", "ING-11", footers[record.row]))
            saw = f"saw {footers[record.row]} where a record was expected"
            faults.append(Fault("ING-11", "REJECT", file, saw, "", "Row not used", record.row, names[0]))
        elif found and record.fields[0].strip() == names[0] and [c.strip() for c in record.fields] == list(names):
            rejects.append(Reject(record.row, "header_again", "ING-11", "the header once more"))
            action = "Row not used; the file may hold its content twice"
            faults.append(Fault("ING-11", "REJECT", file, "the header once more", "", action, record.row))
        elif found != width:
            reject, fault = _of_another_length(record, width, file)
            rejects.append(reject)
            faults.append(fault)
    long = [reject.row for reject in rejects if reject.reason == "long_row"]
    if len(long) > MOST_LONG * len(body):
        saw = f"{len(long)} of {counted(len(body), 'row')} have too many fields"
        action = "Put texts in quotation marks, or set the right delimiter"
        faults.append(Fault("ING-15", "STOP", file, saw, str(width), action, long[0], count=len(long)))
    short = [reject.row for reject in rejects if reject.reason == "short_row"]
    if len(short) > MOST_SHORT * len(body):
        saw = f"{len(short)} of {counted(len(body), 'row')} have too few fields"
        action = "Ask for a new export: the header has a name too many, or columns were lost"
        faults.append(Fault("ING-14", "STOP", file, saw, str(width), action, short[0], count=len(short)))
    swallowed = [reject for reject in rejects if reject.rule == "ING-17"]
    if swallowed:
        saw = f"records over several lines with the wrong number of fields, {len(swallowed)} of them"
        action = "Close the quotation mark at its origin"
        faults.append(Fault("ING-17", "STOP", file, saw, str(width), action, swallowed[0].row, count=len(swallowed)))
    return tuple(rejects), faults


def _of_another_length(record: Record, width: int, file: str) -> tuple[Reject, Fault]:
    found = len(record.fields)
    kind, reason = ("ING-14", "short_row") if found < width else ("ING-15", "long_row")
    action = "Row not used; " + (
        "check for a lost delimiter or a line break inside a text"
        if found < width
        else "probably a delimiter inside a text that is not in quotation marks"
    )
    if record.end > record.row:
        kind, action = "ING-17", "Row not used; a quotation mark opened here probably closes too late"
    reject = Reject(record.row, reason, kind, f"{found} fields for {width} columns")
    return reject, Fault(kind, "REJECT", file, counted(found, "field"), str(width), action, record.row)


def footers_of(body: Sequence[Record]) -> dict[int, str]:
    """Rows at the end that are no records, with what shows it.

    A word such as "Total" in the first filled cell; hardly anything but a first cell that does not look like those of
    all other records; or numbers that are the sums, counts or means of their columns, or stand alone, without anything
    before them but such a first cell.
    """
    found: dict[int, str] = {}
    usual = median([sum(map(bool, map(str.strip, record.fields))) for record in body[:-LAST][:LOOKED_AT]] or [0])
    shape = usual_shape([record.fields[0] for record in body[:-LAST][:LOOKED_AT] if record.fields])
    for place in range(len(body) - 1, max(len(body) - 1 - LAST, -1), -1):
        record = body[place]
        filled = [cell.strip() for cell in record.fields if cell.strip()]
        word = canonical(filled[0])
        if word in FOOTERS:
            found[record.row] = f'"{word}"'
        elif len(filled) == 1 and shape and record.fields[0].strip() and not shape.like(record.fields[0]):
            found[record.row] = f"a line of its own ({counted(len(filled[0]), 'character')})"
        elif shape and not record.fields[0].strip() and _are_totals(record.fields, body[:place]):
            found[record.row] = "totals of columns"
        elif (
            shape
            and record.fields[0].strip()
            and not shape.like(record.fields[0])
            and (
                _are_totals(["", *record.fields[1:]], body[:place])
                or (2 * len(filled) <= usual and all(as_number(cell) is not None for cell in filled[1:]))
            )
        ):
            found[record.row] = f"{counted(len(filled) - 1, 'number')} beside a text that is no key"
        else:
            break
    return found


def _are_totals(fields: Sequence[str], records: Sequence[Record]) -> bool:
    """Whether all that a record holds are sums, counts or means of its columns."""
    filled = [place for place, cell in enumerate(fields) if cell.strip()]
    for place in filled:
        told = as_number(fields[place])
        column = [as_number(other.fields[place]) for other in records if place < len(other.fields)]
        numbers = [number for number in column if number is not None]
        if told is None or len(numbers) < 2:
            return False
        mean = math.fsum(numbers) / len(numbers)
        if not any(math.isclose(told, one, rel_tol=1e-6, abs_tol=0.006) for one in (math.fsum(numbers), mean)):
            return told == len(numbers)
    return bool(filled)
