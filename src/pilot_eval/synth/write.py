"""Tables to bytes: CSV as its source declares it, ``.sav`` by our own writer, ``.zsav`` by pyreadstat."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pilot_eval.study import Study
from pilot_eval.study.delivery import Item
from pilot_eval.synth import spss
from pilot_eval.synth.deliveries import Table, Value, delivered_labels, ordered

TITLE = "SYNTHETIC DATA: no answer of a real person"
NOTES = ("Synthetic data made by pilot_eval synth from config/truth.yaml.", "No real person, school or team is meant.")
CREATED = (b"01 Sep 15", b"00:00:00")
HEADER_DATE = slice(92, 109)
TEXT_WIDTH = {"free_text": 200, "name": 60, "email": 80, "organisation_name": 80, "area": 40}
OTHER_WIDTH = 16


def table_bytes(table: Table, study: Study) -> tuple[bytes, list[int]]:
    """A delivery's bytes, and where each of its rows stands: physical line (CSV) or case number (SPSS)."""
    if table.source.format == "csv":
        return _csv_table(table, study)
    items = ordered(table.items, table.source.wave)
    content = _sav(table, items) if table.source.format == "sav" else _zsav(table, items)
    return content, list(range(1, len(table.rows) + 1))


def csv_bytes(header: Sequence[str], rows: Sequence[Sequence[str]], delimiter: str = ",", encoding: str = "utf-8"
              ) -> tuple[bytes, list[int]]:  # fmt: skip
    """A CSV file's bytes, and the physical line on which each record begins."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerow(header)
    lines, line = [], 2
    for row in rows:
        writer.writerow(row)
        lines.append(line)
        line += 1 + sum(cell.count("\n") for cell in row)
    return stream.getvalue().encode(encoding), lines


def _csv_table(table: Table, study: Study) -> tuple[bytes, list[int]]:
    source, items = table.source, ordered(table.items, table.source.wave)

    def text(value: Value) -> str:
        if value is None:
            return ""
        if isinstance(value, dt.date):
            return value.strftime(source.date_format)
        if isinstance(value, float):
            return (str(int(value)) if value.is_integer() else repr(value)).replace(".", source.decimal)
        return value

    header = [str(item.names[source.wave]) for item in items]
    rows = [[text(row[item.item]) for item in items] for row in table.rows]
    return csv_bytes(header, rows, source.delimiter, source.encoding)


def _sav(table: Table, items: Sequence[Item]) -> bytes:
    wave = table.source.wave
    variables = [_variable(table, item) for item in items]
    rows = [
        [_stored(row[item.item], variable) for item, variable in zip(items, variables, strict=True)]
        for row in table.rows
    ]
    sets: dict[str, list[str]] = {}
    for item in items:
        if item.set:
            sets.setdefault(item.set, []).append(str(item.names[wave]))
    labels = {name: (f"{name.capitalize()} (tick all that apply)", members) for name, members in sets.items()}
    return spss.write_sav(variables, rows, TITLE, NOTES, labels, table.source.encoding)


def _variable(table: Table, item: Item) -> spss.Variable:
    name, label = str(item.names[table.source.wave]), item.label
    if item.type == "date":
        return spss.Variable(name, label, format=("DATE", 11, 0), measure=3)
    if item.type == "text" and not (item.use == "organisation" and not table.delivery.text_keys):
        width = TEXT_WIDTH.get(item.use, OTHER_WIDTH)
        return spss.Variable(name, label, width, ("A", width, 0))
    labels = _labels(table, item)
    form = ("F", 8, 1) if item.type == "number" else ("F", 8, 0)
    return spss.Variable(name, label, 0, form, labels, [float(code) for code in item.missing])


def _labels(table: Table, item: Item) -> dict[float, str]:
    """Labels in the file: of the codes, of the kinds of missing, and of the state that tests have."""
    labels = {float(code): text for code, text in delivered_labels(item, table.source.wave).items()}
    labels |= {float(code): kind.replace("_", " ").capitalize() for code, kind in item.missing.items()}
    return labels | ({2.0: "Test"} if item.use == "status" else {})


def _stored(value: Value, variable: spss.Variable) -> spss.Value:
    if isinstance(value, dt.date):
        return spss.seconds(value)
    if isinstance(value, str) and not variable.width:
        return float(value)
    return value


def _zsav(table: Table, items: Sequence[Item]) -> bytes:
    """pyreadstat's file with the clock's time in its header overwritten."""
    import pandas as pd
    import pyreadstat

    variables = {item.item: _variable(table, item) for item in items}
    columns = {}
    for item in items:
        variable, values = variables[item.item], [row[item.item] for row in table.rows]
        if variable.width:
            values = [value or "" for value in values]
        dtype = "object" if variable.width or item.type == "date" else "float64"
        columns[variable.name] = pd.Series(values, dtype=dtype)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "synthetic.zsav"
        pyreadstat.write_sav(
            pd.DataFrame(columns),
            str(path),
            file_label=TITLE,
            note=list(NOTES),
            compress=True,
            column_labels={variable.name: variable.label for variable in variables.values()},
            variable_value_labels={entry.name: dict(entry.labels) for entry in variables.values() if entry.labels},
            missing_ranges={entry.name: list(entry.missing) for entry in variables.values() if entry.missing},
        )
        content = bytearray(path.read_bytes())
    content[HEADER_DATE] = b"".join(CREATED)
    return bytes(content)
