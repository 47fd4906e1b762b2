"""Records of a delivered authority table: needed columns, keys as keys, and which rows hold one key twice."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path
from typing import Any, NamedTuple

from pilot_eval.canonical import canonical, seen
from pilot_eval.faults import Fault, StudyFaults, counted
from pilot_eval.readers.misfits import NO_RECORD
from pilot_eval.readers.registered import read_registered
from pilot_eval.study.delivery import Source
from pilot_eval.study.typed import nearest

SCIENTIFIC = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")


class Record(NamedTuple):
    """One record: its physical row, and its cells by column, without spaces around them."""

    row: int
    cells: Mapping[str, str]


class Table(NamedTuple):
    """One delivered table: its file and its records."""

    file: str
    records: list[Record]


def read_tables(
    deliveries: Sequence[Path],
    sources: Sequence[Mapping[str, Any]],
    contents: Sequence[str],
    needed: Mapping[str, Sequence[str]],
) -> tuple[dict[str, Table], list[Fault]]:
    """Every delivery that is needed, by its source.

    Parameters
    ----------
    deliveries : sequence of Path
    sources : sequence of mapping
        Their lines of ``sources.csv``, in the same order.
    contents : sequence of str
        The files' sha256 as the run found them, in the same order.
    needed : mapping
        Source to the columns that it must have.

    Returns
    -------
    dict of str to Table, list of Fault
        A table that cannot be used is left out; its faults say why. Rejected records are faults of severity STOP
        here: an authority table is whole or it is none.
    """
    tables: dict[str, Table] = {}
    faults: list[Fault] = []
    for path, entry, content in zip(deliveries, sources, contents, strict=True):
        source = Source.model_validate(entry)
        if source.source not in needed:
            continue
        try:
            delivered = read_registered(path, source, content, needed[source.source])
        except StudyFaults as error:
            faults += error.faults
            continue
        faults += delivered.faults
        lost = [reject for reject in delivered.rejects if reject.reason not in NO_RECORD]
        if lost:
            saw = f"{counted(len(lost), 'record')} that cannot be used"
            action = "Correct the file at its origin"
            row = lost[0].row
            faults.append(Fault("REG-16", "STOP", source.path, saw, "a whole register", action, row))
        absent = [column for column in dict.fromkeys(needed[source.source]) if column not in delivered.columns]
        faults += [_absent(column, delivered.columns, source.path) for column in absent]
        if not absent:
            columns = [(name, delivered.column(name)) for name in needed[source.source]]
            records = [
                Record(row, {name: cells[place].strip() for name, cells in columns})
                for place, row in enumerate(delivered.rows)
            ]
            tables[source.source] = Table(source.path, records)
    return tables, faults


def tidied(table: Table, columns: Iterable[str], faults: list[Fault]) -> Table:
    """A table whose texts in some columns are as they are seen, and REG-08 for each column that held more.

    What cannot be seen would make keys that match nothing, and levels of their own in a model.
    """
    columns = list(dict.fromkeys(columns))
    records = [Record(row, {**cells, **{name: seen(cells[name]) for name in columns}}) for row, cells in table.records]
    for name in columns:
        pairs = zip(table.records, records, strict=True)
        rows = [before.row for before, after in pairs if before.cells[name] != after.cells[name]]
        if rows:
            saw = f"{counted(len(rows), 'text')} with invisible characters, odd spaces or loose accents"
            faults.append(Fault("REG-08", "FIX", table.file, saw, "", "Removed", rows[0], name, len(rows)))
    return table._replace(records=records)


def _absent(column: str, columns: Sequence[str], file: str) -> Fault:
    plain = {canonical(name): name for name in columns}
    near = nearest(canonical(column), plain)
    expected = "it, as config/study.yaml names it" + (f'; nearest is "{plain[near]}"' if near else "")
    return Fault("REG-16", "STOP", file, "there is no such column", expected, "Correct one of the two", column=column)


def one_spelling(table: Table, column: str, faults: list[Fault]) -> dict[str, str]:
    """Each text of a column in the spelling that most records have of it, and REG-08 where there were several.

    Texts that differ in case or width only would be levels of their own in a model.
    """
    texts = [cells[column] for _, cells in table.records]
    spellings: dict[str, Counter[str]] = {}
    for text in texts:
        spellings.setdefault(unicodedata.normalize("NFKC", text).casefold(), Counter())[text] += 1
    found = {text: counts.most_common(1)[0][0] for counts in spellings.values() for text in counts}
    rows = [row for (row, _), text in zip(table.records, texts, strict=True) if found[text] != text]
    if rows:
        saw = f"{counted(len(rows), 'text')} that {'differs' if len(rows) == 1 else 'differ'} from others only in case"
        action = "Unified to the usual spelling"
        faults.append(Fault("REG-08", "FIX", table.file, saw, "", action, rows[0], column, len(rows)))
    return found


def mended_keys(table: Table, column: str, pattern: str = r"\S+") -> tuple[list[str], list[Fault]]:
    """Keys of a table, one a record, without what a spreadsheet did to them.

    Returns
    -------
    keys : list of str
    faults : list of Fault
        REG-01 a key that does not have its form, REG-02 digits lost to scientific notation, REG-03 ``.0`` removed.
    """
    keys: list[str] = []
    faults: list[Fault] = []
    floats: list[int] = []
    lost: list[int] = []
    for row, cells in table.records:
        key = cells[column]
        if not re.fullmatch(pattern, key) and re.fullmatch(r"\d+\.0", key):
            key = key.removesuffix(".0")
            floats.append(row)
        if SCIENTIFIC.fullmatch(key) and not re.fullmatch(pattern, key):
            lost.append(row)
        elif not re.fullmatch(pattern, key):
            saw = f'saw "{key[:40]}"' if key else "an empty cell"
            action = "Correct the file; a spreadsheet may have cut leading zeros"
            faults.append(Fault("REG-01", "STOP", table.file, saw, f"a key like {pattern}", action, row, column))
        keys.append(key)
    if lost:
        saw = f"numbers such as 1.00E+05 in {len(lost)} of {len(keys)} rows: a spreadsheet has destroyed the keys"
        action = "Ask for a new export with the column as text"
        faults.append(
            Fault("REG-02", "STOP", table.file, saw, f"keys like {pattern}", action, lost[0], column, len(lost))
        )
    if floats:
        saw = f'{len(floats)} values end in ".0"'
        faults.append(Fault("REG-03", "FIX", table.file, saw, "whole keys", "Removed", floats[0], column, len(floats)))
    return keys, faults


def known_keys(table: Table, column: str, known: Set[str]) -> tuple[list[str], list[Fault]]:
    """Keys that refer to a register, one a record, without what a spreadsheet did to them.

    REG-03 ``.0`` removed, REG-01 leading zeros restored where exactly one key of the register fits. What is not in the
    register stays as it is.
    """
    bare: dict[str, list[str]] = {}
    for key in known:
        if key.startswith("0"):
            bare.setdefault(key.lstrip("0"), []).append(key)
    keys: list[str] = []
    mended: dict[str, list[tuple[int, str]]] = {"REG-01": [], "REG-03": []}
    for row, cells in table.records:
        key = cells[column]
        if key not in known and re.fullmatch(r"\d+\.0+", key):
            key = key.partition(".")[0]
            mended["REG-03"].append((row, cells[column]))
        fits = bare.get(key, [])
        if key and key not in known and len(fits) == 1:
            key = fits[0]
            mended["REG-01"].append((row, cells[column]))
        keys.append(key)
    told = {"REG-01": "leading zeros restored from the register", "REG-03": 'removed ".0"'}
    faults = [
        Fault(kind, "FIX", table.file, f'saw "{rows[0][1]}"; {counted(len(rows), "key")} so', "keys of the register",
              told[kind].capitalize(), rows[0][0], column, len(rows))
        for kind, rows in mended.items() if rows
    ]  # fmt: skip
    return keys, faults


def twice(table: Table, column: str, keys: Sequence[str], areas: Sequence[str]) -> list[Fault]:
    """REG-04 for every key that stands in two records, with their areas."""
    first: dict[str, int] = {}
    faults = []
    for place, key in enumerate(keys):
        if first.setdefault(key, place) == place or not key:
            continue
        before = first[key]
        where = f' (areas "{areas[before]}" and "{areas[place]}")' if areas[before] != areas[place] else ""
        saw = f'"{key}" stands in row {table.records[before].row} too{where}'
        row = table.records[place].row
        faults.append(Fault("REG-04", "STOP", table.file, saw, "one row per key", "Delete one row", row, column))
    return faults
