"""Rule ``read_evidence``: ratings and attendance by area, in the study's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pilot_eval.canonical import canonical
from pilot_eval.faults import Fault, StudyFaults
from pilot_eval.readers.delivered import as_number
from pilot_eval.register.authority import Table, read_tables
from pilot_eval.register.homes import placed
from pilot_eval.register.places import Places
from pilot_eval.study.typed import nearest
from pilot_eval.tables import fault_table, frame_of

Rows = list[dict[str, Any]]
RATINGS = ("evidence", "area", "item", "occasion", "value")
CODINGS = ("evidence", "area", "item", "occasion", "coder", "value")
ATTENDANCE = ("area", "occasion", "group", "count")


def read_evidence(
    deliveries: Sequence[Path],
    sources: Sequence[Mapping[str, Any]],
    contents: Sequence[str],
    evidence: Sequence[Mapping[str, Any]],
    attendance: Mapping[str, Any] | None,
    areas: Sequence[Mapping[str, Any]],
) -> dict[str, pd.DataFrame]:
    """Read the tables of ratings and the counts of people at events.

    Parameters
    ----------
    deliveries : sequence of Path
        Delivered files of kind ``evidence``; a study may have none.
    sources : sequence of mapping
        Their lines of ``sources.csv``, in the same order.
    contents : sequence of str
        The files' sha256 as the run found them: new content is read anew, however old its time stamp.
    evidence : sequence of mapping
        Tables of ratings: ``evidence`` of ``study.yaml``.
    attendance : mapping or None
        ``attendance`` of ``study.yaml``.
    areas : sequence of mapping
        ``code``, ``name`` and ``aliases`` of each area.

    Returns
    -------
    dict of DataFrame
        ``ratings`` (value: whole number, null where the cell is empty), ``codings`` (all ratings of tables that say
        who rated), ``attendance`` and ``faults``.

    Raises
    ------
    StudyFaults
        With the faults of all files, when one of them is a STOP.
    """
    places = Places(areas)
    tables, faults = read_tables(deliveries, sources, contents, needed_columns(evidence, attendance))
    delivered = [rating_rows(entry, tables.get(entry["source"]), places, faults) for entry in evidence]
    ratings = [row for rows in delivered for row in counting(rows)]
    codings = [row for rows in delivered for row in rows if row["coder"]]
    counts = attendance_rows(attendance, tables, places, faults)
    if any(fault.severity == "STOP" for fault in faults):
        raise StudyFaults(faults)
    return {
        "ratings": rated_frame(ratings, RATINGS),
        "codings": rated_frame(codings, CODINGS),
        "attendance": frame_of(counts, ATTENDANCE),
        "faults": fault_table(faults),
    }


def needed_columns(evidence: Sequence[Mapping[str, Any]], attendance: Mapping[str, Any] | None) -> dict[str, list[str]]:
    """Columns that each source must have."""
    needed: dict[str, list[str]] = {}
    for entry in evidence:
        columns = [entry["area"], entry["item"], entry["value"]]
        columns += [entry[name] for name in ("occasion", "coder") if entry[name]]
        needed.setdefault(entry["source"], []).extend(columns)
    if attendance:
        columns = [attendance[name] for name in ("area", "occasion", "group", "count")]
        needed.setdefault(attendance["source"], []).extend(columns)
    return {source: list(dict.fromkeys(columns)) for source, columns in needed.items()}


def rating_rows(entry: Mapping[str, Any], table: Table | None, places: Places, faults: list[Fault]) -> Rows:
    """Ratings of one table; items and occasions may be delivered by code or by name."""
    if table is None:
        return []
    codes, wrong = placed(table, entry["area"], places)
    faults += wrong
    items, occasions, coders = Words(entry["items"]), Words(entry["occasions"]), Words({})
    levels = Words({str(level): name for level, name in entry["levels"].items()})
    rows: Rows = []
    for (row, cells), area in zip(table.records, codes, strict=True):
        item = items.find(cells[entry["item"]], (table.file, row, entry["item"]), faults)
        asked, said = entry["occasion"], cells[entry["value"]]
        occasion = occasions.find(cells[asked], (table.file, row, asked), faults) if asked else ""
        who = coders.find(cells[entry["coder"]], (table.file, row, entry["coder"]), faults) if entry["coder"] else ""
        level = levels.find(said, (table.file, row, entry["value"]), faults) if said else ""
        rows.append({
            "evidence": entry["id"], "area": area, "item": item, "occasion": occasion,
            "coder": who, "value": int(level) if level else None, "_row": row,
        })  # fmt: skip
    key = ("area", "item", "occasion", *(["coder"] if entry["coder"] else []))
    expected = f"one rating per {', '.join(key[:-1])} and {key[-1]}"
    faults += again(rows, key, table.file, expected)
    return rows


def counting(rows: Rows) -> Rows:
    """Of each case the rating that counts: that of the coder who comes first in the file, of those who gave one."""
    place = {coder: at for at, coder in enumerate(dict.fromkeys(row["coder"] for row in rows))}
    first: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (row["value"] is None, place[row["coder"]])):
        first.setdefault((row["area"], row["item"], row["occasion"]), row)
    chosen = {id(row) for row in first.values()}
    return [row for row in rows if id(row) in chosen]


def rated_frame(rows: Rows, columns: Sequence[str]) -> pd.DataFrame:
    """Ratings as a frame; the last of the columns is their value."""
    values = pd.array([row[columns[-1]] for row in rows], dtype="Int64")
    return frame_of(rows, columns[:-1]).assign(**{columns[-1]: values})


def attendance_rows(
    entry: Mapping[str, Any] | None, tables: Mapping[str, Table], places: Places, faults: list[Fault]
) -> Rows:
    """Counts of people by area, occasion and group."""
    if not entry or entry["source"] not in tables:
        return []
    table = tables[entry["source"]]
    codes, wrong = placed(table, entry["area"], places)
    faults += wrong
    rows: Rows = []
    for (row, cells), area in zip(table.records, codes, strict=True):
        said = cells[entry["count"]]
        if not (said.isascii() and said.isdigit()):
            saw, expected = f'saw "{said[:40]}"', "a count: a whole number, 0 or more"
            faults.append(Fault("REG-17", "STOP", table.file, saw, expected, "Correct it", row, entry["count"]))
            continue
        occasion, group = cells[entry["occasion"]], cells[entry["group"]]
        rows.append({"area": area, "occasion": occasion, "group": group, "count": int(said), "_row": row})
    faults += again(rows, ("area", "occasion", "group"), table.file, "one count per area, occasion and group")
    return rows


class Words:
    """The study's words for something, found by code or by name, in any case and spacing.

    Parameters
    ----------
    names : mapping of str to str
        Code to name. Without any, every word is accepted, as it stood where it came first.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names
        self.codes = {canonical(name): code for code, name in names.items()}
        self.codes |= {canonical(code): code for code in names}
        # what compares words drops signs: -1 is no 1
        self.numbers = {number: code for code in names if (number := as_number(code)) is not None}
        self.codes = {word: code for word, code in self.codes.items() if as_number(word) is None}

    def find(self, text: str, place: tuple[str, int, str], faults: list[Fault]) -> str:
        """The code that a cell means, or ``""`` and REG-17; ``place`` is its file, row and column."""
        if not self.names and text:
            return self.codes.setdefault(canonical(text), text)
        number = as_number(text)
        if text in self.names:
            code: str | None = text
        elif number is not None:
            code = self.numbers.get(number)
        else:
            code = self.codes.get(canonical(text)) if text else None
        if code is None:
            file, row, column = place
            near = nearest(text, [*self.names, *self.names.values()])
            saw = f'saw "{text[:40]}"' if text else "an empty cell"
            expected = "one of " + ", ".join(self.names) if self.names else "a word"
            action = f'Did you mean "{near}"?' if near else "Correct it"
            faults.append(Fault("REG-17", "STOP", file, saw, expected, action, row, column))
        return code or ""


def again(rows: Rows, key: Sequence[str], file: str, expected: str) -> list[Fault]:
    """REG-04 for records with one key."""
    first: dict[tuple[Any, ...], int] = {}
    faults = []
    for entry in rows:
        values = tuple(entry[name] for name in key)
        before = first.setdefault(values, entry["_row"])
        if before != entry["_row"] and all(values[:2]):
            saw = f"the same {', '.join(key)} as in row {before}"
            faults.append(Fault("REG-04", "STOP", file, saw, expected, "Delete one row", entry["_row"]))
    return faults
