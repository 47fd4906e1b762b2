"""The study's CSV files, each cell checked where it stands: deliveries, claims, decisions on links, and codebooks."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel

from pilot_eval.faults import Fault
from pilot_eval.study.claim import Claim
from pilot_eval.study.decision import Decision
from pilot_eval.study.delivery import Item, Source, read_pairs
from pilot_eval.study.typed import nearest, typed

ITEM_COLUMNS = (
    "item", "label", "type", "use", "name", "labels", "missing", "reversed", "low", "high", "set", "asked_if", "from",
    "until", "unit", "note",
)  # fmt: skip
M = TypeVar("M", bound=BaseModel)
WAVE_COLUMNS = ("name", "recode", "labels")


def read_rows(text: str, file: str, known: Sequence[str]) -> tuple[list[tuple[int, dict[str, str]]], list[Fault]]:
    """Records of a CSV file of the study with their physical line, empty lines left out.

    Returns
    -------
    rows : list of (int, dict)
    faults : list of Fault
        CFG-20 unknown or repeated columns, CFG-21 records with too few or too many fields.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    rows: list[tuple[int, dict[str, str]]] = []
    faults: list[Fault] = []
    header: list[str] = []
    line = 1
    mend = "Check commas and quotation marks"
    try:
        for record in reader:
            if not header:
                header = [cell.strip() for cell in record]
                faults += _header_faults(header, file, known)
            elif len(record) != len(header) and any(record):
                saw = f"{len(record)} fields"
                faults.append(Fault("CFG-21", "STOP", file, saw, str(len(header)), mend, line))
            elif any(cell.strip() for cell in record):
                rows.append((line, {key: cell.strip() for key, cell in zip(header, record, strict=True)}))
            line = reader.line_num + 1
    except csv.Error as error:
        faults.append(Fault("CFG-21", "STOP", file, f"no CSV record: {error}", "", mend, line))
    return rows, faults


def _header_faults(header: list[str], file: str, known: Sequence[str]) -> list[Fault]:
    faults = []
    for column in dict.fromkeys(header):
        if column not in known:
            near = nearest(column, known)
            action = f'Did you mean "{near}"?' if near else "Delete the column"
            expected = "one of " + ", ".join(known)
            faults.append(Fault("CFG-20", "STOP", file, f'unknown column "{column}"', expected, action, 1, column))
        if header.count(column) > 1:
            faults.append(Fault("CFG-20", "STOP", file, "the column stands twice", "one", "Delete one", 1, column))
    return faults


def read_sources(text: str, file: str) -> tuple[list[Source], dict[str, int], list[Fault]]:
    """``sources.csv`` as typed deliveries, with the line of each (faulty ones too), and the faults."""
    return _read_lines(Source, "source", text, file)


def read_claims(text: str, file: str) -> tuple[list[Claim], list[Fault]]:
    """``claims.csv`` as typed claims, and the faults."""
    claims, _, faults = _read_lines(Claim, "id", text, file)
    return claims, faults


def read_decisions(text: str, file: str) -> tuple[list[tuple[int, Decision]], list[Fault]]:
    """``link_decisions.csv`` as typed decisions with their lines, and the faults."""
    decisions, lines, faults = _read_lines(Decision, "case", text, file)
    return [(lines[decision.case], decision) for decision in decisions], faults


def _read_lines(model: type[M], key: str, text: str, file: str) -> tuple[list[M], dict[str, int], list[Fault]]:
    """A file whose columns are the fields of a model, one of them the key of its lines."""
    rows, faults = read_rows(text, file, tuple(model.model_fields))
    entries: list[M] = []
    lines: dict[str, int] = {}
    for line, row in rows:
        filled = {column: cell for column, cell in row.items() if cell != ""}
        entry, wrong = typed(model, filled, file, _at(line))
        faults += wrong
        faults += _twice(row.get(key, ""), lines, file, line, key)
        if entry is not None:
            entries.append(entry)
    return entries, lines, faults


def read_codebook(
    text: str, file: str, waves: Sequence[str], label_sets: Mapping[str, dict[int, str]]
) -> tuple[list[Item], dict[str, int], list[Fault]]:
    """A codebook as typed items, with the line of each (faulty ones too), and the faults."""
    known = ITEM_COLUMNS + tuple(f"{column}.{wave}" for column in WAVE_COLUMNS for wave in waves)
    rows, faults = read_rows(text, file, known)
    items: list[Item] = []
    lines: dict[str, int] = {}
    for line, row in rows:
        value, wrong = _item_value(row, file, line, waves, label_sets)
        item = None
        if not wrong:
            item, wrong = typed(Item, value, file, _at(line))
        faults += wrong
        first = next((place for place, one in enumerate(items) if item is not None and one.item == item.item), None)
        if item is not None and first is not None and (item.since or item.until):
            faults += _other_days(items[first], item, file, line)
            items[first] = items[first].model_copy(update={"later": (*items[first].later, item)})
            continue
        faults += _twice(row.get("item", ""), lines, file, line, "item")
        if item is not None:
            items.append(item)
    return items, lines, faults


def _other_days(first: Item, item: Item, file: str, line: int) -> list[Fault]:
    """What a further line of an item may not do: hold on the same days, or be another item."""
    faults = []
    for other in (first, *first.later):
        begins = max(other.since or dt.date.min, item.since or dt.date.min)
        if begins <= min(other.until or dt.date.max, item.until or dt.date.max):
            saw = f'"{item.item}" stands in another line for {begins if begins > dt.date.min else "the same days"}'
            faults.append(Fault("CFG-22", "STOP", file, saw, "one line per item and day", "Correct from or until", line,
                                "from"))  # fmt: skip
    for column in ("type", "use", "names", "set", "asked_if"):
        if getattr(first, column) != getattr(item, column):
            saw = f"another {column.removesuffix('s')} than in the item's first line"
            faults.append(Fault("CFG-35", "STOP", file, saw, "the same on all days", "Give it a name of its own", line,
                                "item"))  # fmt: skip
    if first.codes() != item.codes():
        saw, action = (
            "other codes than in the item's first line",
            "Keep the labels, and say what was delivered in recode",
        )
        faults.append(Fault("CFG-36", "STOP", file, saw, "the same on all days", action, line, "labels"))
    return faults


def _twice(name: str, lines: dict[str, int], file: str, line: int, column: str) -> list[Fault]:
    first = lines.setdefault(name, line)
    if first == line:
        return []
    saw = f'"{name}" stands in line {first} too'
    return [Fault("CFG-22", "STOP", file, saw, f"one line per {column}", "Rename one", line, column)]


def _at(line: int) -> Any:
    return lambda path: (line, str(path[0]) if path else "")


def _item_value(
    row: dict[str, str], file: str, line: int, waves: Sequence[str], label_sets: Mapping[str, dict[int, str]]
) -> tuple[dict[str, Any], list[Fault]]:
    faults: list[Fault] = []

    def pairs(column: str) -> dict[int, str]:
        text = row.get(column, "")
        if text.startswith("@"):
            if text[1:] in label_sets:
                return dict(label_sets[text[1:]])
            near = nearest(text[1:], label_sets)
            action = f'Did you mean "@{near}"?' if near else "Add it to label_sets in study.yaml"
            faults.append(Fault("CFG-23", "STOP", file, f'saw "{text}"', "a set of labels", action, line, column))
            return {}
        try:
            return read_pairs(text)
        except ValueError as error:
            saw, _, expected = str(error).partition("; expected ")
            faults.append(Fault("CFG-24", "STOP", file, saw, expected, "Write 1=First|2=Second", line, column))
            return {}

    def recodes(column: str) -> dict[int, int]:
        found = pairs(column)
        try:
            return {old: int(new) for old, new in found.items()}
        except ValueError:
            saw = f'saw "{row[column]}"'
            faults.append(Fault("CFG-24", "STOP", file, saw, "delivered=code", "Write 0=1|1=2", line, column))
            return {}

    base = row.get("name") or row.get("item", "")
    names = {wave: (row.get(f"name.{wave}") or base) for wave in waves}
    value: dict[str, Any] = {key: row[key] for key in ("item", "label", "type") if row.get(key)}
    value |= {key: row[key] for key in ("use", "set", "asked_if", "unit", "note") if row.get(key)}
    value |= {key: row[column] for key, column in (("since", "from"), ("until", "until")) if row.get(column)}
    value["labels"], value["missing"] = pairs("labels"), pairs("missing")
    value["names"] = {wave: None if name == "-" else name for wave, name in names.items()}
    value["recodes"] = {wave: recodes(f"recode.{wave}") for wave in waves if row.get(f"recode.{wave}")}
    value["wave_labels"] = {wave: pairs(f"labels.{wave}") for wave in waves if row.get(f"labels.{wave}")}
    value["reversed"] = row.get("reversed", "").split()
    value |= _bounds(row, file, line, faults)
    return value, faults


def _bounds(row: dict[str, str], file: str, line: int, faults: list[Fault]) -> dict[str, Any]:
    """Least and greatest valid value: numbers, or ISO dates for items of type date."""
    found: dict[str, Any] = {}
    for column, day in (("low", "earliest"), ("high", "latest")):
        cell = row.get(column, "")
        if not cell:
            continue
        try:
            if row.get("type") == "date":
                found[day] = dt.date.fromisoformat(cell)
            else:
                found[column] = float(cell)
        except ValueError:
            expected = "a date such as 2015-09-30" if row.get("type") == "date" else "a number"
            faults.append(Fault("CFG-12", "STOP", file, f'saw "{cell}"', expected, "Correct it", line, column))
    return found
