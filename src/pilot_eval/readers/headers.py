"""Where the header of a table stands, what kind it is, and the names it gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pilot_eval.canonical import canonical
from pilot_eval.faults import Fault, counted
from pilot_eval.readers.delivered import as_number, some
from pilot_eval.readers.layout import OPEN_ENDED, Layout, find_header, has_import_ids
from pilot_eval.readers.lines import Record

#: Lines above the header that are looked through for it.
ABOVE = 12
CONFIG = "config/sources.csv"


@dataclass(frozen=True)
class Headed:
    """Names, labels and body of a table, and the physical row of its header (None: it has none)."""

    names: list[str]
    labels: list[str]
    body: list[Record]
    row: int | None


def not_a_header(full: Sequence[Record], layout: Layout, file: str) -> Fault | None:
    """What is wrong with the first records as a header of the declared kind, None when they fit."""
    found = find_header([record.fields for record in full[:3]])
    row = full[0].row
    if layout.header == "none":
        return _not_headless(full, layout, file)
    if "qualtrics" in (found, layout.header):
        return _not_qualtrics(full, layout, found, file)
    second = full[1].fields if len(full) > 1 else []
    if found == "surveymonkey" and layout.header == "plain":
        options = counted(sum(bool(cell.strip()) for cell in second), "option text")
        saw = f"no respondent id and {options}: a SurveyMonkey export with 2 header rows"
        return Fault("ING-10", "STOP", file, saw, "one header row", "Set header to surveymonkey", full[1].row)
    if layout.header == "surveymonkey":
        if second and not second[0].strip():
            return None
        saw = "a record where a SurveyMonkey export has its second header row"
        return Fault("ING-10", "STOP", file, saw, "options, under an empty first cell", f"Set header to {found}", row)
    return _title(full, layout, file) or _headless(full, layout, file)


def _not_headless(full: Sequence[Record], layout: Layout, file: str) -> Fault | None:
    """A header where none was declared, or other columns than the entry names."""
    named = {canonical(name) for name in layout.columns} - {""}
    if len(named.intersection(map(canonical, full[0].fields))) * 2 > len(named):
        saw = "row 1 holds the names of the columns"
        return Fault("ING-08", "STOP", file, saw, "records only", "Set header to plain", full[0].row)
    width = Counter(len(record.fields) for record in full).most_common(1)[0][0]
    if len(layout.columns) > width:
        saw, expected = counted(width, "field"), f"{len(layout.columns)}, as columns in {CONFIG} names"
        return Fault("ING-08", "STOP", file, saw, expected, "Correct the entry, or ask for the right file", full[0].row)
    return None


def _headless(full: Sequence[Record], layout: Layout, file: str) -> Fault | None:
    """ING-08 when the first row holds none of the names, and numbers or nothing where names should stand."""
    expected = {canonical(name) for name in layout.expected}
    top = full[0].fields
    held = expected.intersection(map(canonical, top))
    if (
        not expected
        or held
        or len(full) < 2
        or not any(not cell.strip() or as_number(cell) is not None for cell in top)
    ):
        return None
    saw = "the first row holds no name that is expected; it looks like a record"
    action = f"Set header to none and name the columns in {CONFIG}, or ask for a file with a header"
    return Fault("ING-08", "STOP", file, saw, f"a header ({some(layout.expected)})", action, full[0].row)


def _not_qualtrics(full: Sequence[Record], layout: Layout, found: str, file: str) -> Fault | None:
    ids = next((record for record in full[:3] if has_import_ids(record.fields)), None)
    if ids is None:
        expected, action = 'a third row of {"ImportId": ...}', f"Set header to {found}"
        return Fault("ING-09", "STOP", file, "this is no Qualtrics export", expected, action, full[0].row)
    at = next(place for place, record in enumerate(full) if record is ids)
    if at == 2 and layout.header == "qualtrics":
        return None
    cell = next(cell for cell in ids.fields if has_import_ids([cell])).strip()[:40]
    saw, expected = f"saw {cell}: this is a Qualtrics export with 3 header rows", "one header row"
    action = "Set header to qualtrics"
    if at != 2:
        expected, action = (
            "names, question texts and import ids, in this order",
            "Ask for the export as Qualtrics made it",
        )
    return Fault("ING-09", "STOP", file, saw, expected, action, ids.row)


def _title(full: Sequence[Record], layout: Layout, file: str) -> Fault | None:
    """ING-08 and ING-11: the header stands further down, under a title or under merged group headings."""
    top, place = full[0], _place_of_header(full, layout)
    if not place:
        return None
    header = full[place]
    filled = [cell for cell in top.fields if cell.strip()]
    action = f"Set header_row to {header.row} in {CONFIG}, or ask for an export without it"
    if len(filled) > 1 and len(top.fields) == len(header.fields):
        nameless = len(top.fields) - len(filled)
        empty = f"{nameless} of {len(top.fields)} header cells are empty" if nameless else "other names"
        names = some([cell for cell in header.fields if cell.strip()])
        saw = f"{empty}; row {header.row} holds the names ({names})"
        return Fault("ING-08", "STOP", file, saw, "a name for every column", action, top.row)
    saw = f'the header is in row {header.row}; above it stands other text such as "{filled[0].strip()[:30]}"'
    return Fault("ING-11", "STOP", file, saw, "the header first", action, top.row)


def _place_of_header(full: Sequence[Record], layout: Layout) -> int:
    """Place among the first records of the one that is the header, 0 when the first may well be it."""
    expected = {canonical(name) for name in layout.expected}
    if expected:
        held = [len(expected.intersection(map(canonical, record.fields))) for record in full[:ABOVE]]
        best = max(range(len(held)), key=lambda place: (held[place], -place))
        # Names that the codebook has: a header lacks few of them, and a title holds hardly any.
        if held[best] > 1 and held[best] >= 2 * held[0] and 2 * held[best] >= len(expected):
            return best
        if 2 * held[0] >= len(expected):
            return 0
    usual = Counter(len(record.fields) for record in full[1:]).most_common(1)
    if not usual:
        return 0
    width, number = usual[0]
    below = next((at for at, record in enumerate(full[1:ABOVE], 1) if len(record.fields) == width), 0)
    top, named = full[0].fields, all(cell.strip() for cell in full[below].fields)
    nameless = sum(not cell.strip() for cell in top)
    if below and len(top) == width:
        fits = nameless == len(top) - 1 > 0 or (nameless * 2 >= len(top) > 1 and named)
        # A second title row has gaps too: what holds a name in every cell is the header.
        whole = (at for at, record in enumerate(full[1:ABOVE], 1) if all(cell.strip() for cell in record.fields))
        return next(whole, below) if fits else 0
    words = named and not any(as_number(cell) is not None for cell in full[below].fields)
    if below and len(top) < width and (len(top) == 1 or (words and 2 * len(top) <= width and number > 1)):
        return below
    return 0


def headed(full: Sequence[Record], layout: Layout) -> Headed:
    """Names, labels and body of a table with the declared header.

    Qualtrics: names, then question texts, then import ids. SurveyMonkey: question, then option; a column is named
    ``question`` or ``question: option``. None: the names that the entry declares; what has none is called by its place.
    """
    if layout.header == "none":
        width = Counter(len(record.fields) for record in full).most_common(1)[0][0]
        said = [name if name not in ("", "-") else "" for name in layout.columns]
        names = [name or f"column_{place}" for place, name in enumerate(padded(said, max(width, len(said))), 1)]
        return Headed(names, [""] * len(names), list(full), None)
    row, names = full[0].row, [cell.strip() for cell in full[0].fields]
    if layout.header == "qualtrics":
        labels = [cell.strip() for cell in padded(full[1].fields, len(names))]
        return Headed(names, labels, list(full[3:]), row)
    if layout.header == "surveymonkey" and len(full) > 1:
        question, found = "", []
        for name, option in zip(names, padded(full[1].fields, len(names)), strict=True):
            question = name or question
            plain = not option.strip() or canonical(option.replace("-", " ")) in OPEN_ENDED
            found.append(question if plain else f"{question}: {option.strip()}")
        return Headed(found, [""] * len(found), list(full[2:]), row)
    return Headed(names, [""] * len(names), list(full[1:]), row)


def padded(fields: Sequence[str], width: int) -> list[str]:
    """Fields cut or filled to a width."""
    return [*fields[:width], *[""] * (width - len(fields))]


def name_faults(head: Headed, file: str) -> list[Fault]:
    """ING-13: columns without a name, and names that are the same but for case, space or punctuation."""
    faults = []
    names, row = head.names, head.row
    nameless = [place for place, name in enumerate(names, 1) if not name]
    if nameless:
        saw = f"column {nameless[0]} has no name" + (f" ({len(nameless)} such)" if len(nameless) > 1 else "")
        faults.append(Fault("ING-13", "STOP", file, saw, "a name for every column", "Name or drop it", row))
    seen: dict[str, int] = {}
    for place, name in enumerate(names, 1):
        key = canonical(name) or name
        if name and key in seen:
            first = seen[key]
            differ = sum(_cell(record, first) != _cell(record, place) for record in head.body)
            saw = f'columns {first} and {place} are named "{names[first - 1]}" and "{name}" and '
            saw += f"differ in {counted(differ, 'row')}" if differ else "hold the same"
            faults.append(Fault("ING-13", "STOP", file, saw, "unique names", "Rename or drop one", row, name))
        seen.setdefault(key, place)
    return faults


def _cell(record: Record, place: int) -> str:
    return record.fields[place - 1].strip() if place <= len(record.fields) else ""
