"""Read one sheet of an Excel workbook: text stays text, and what Excel did not store is refused."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from pilot_eval.faults import Fault, StudyFaults
from pilot_eval.readers.delivered import Delivered, number_text, stop
from pilot_eval.readers.layout import Layout
from pilot_eval.readers.lines import Record
from pilot_eval.readers.sheet import assemble


def read_workbook(content: bytes, layout: Layout, file: str) -> Delivered:
    """A sheet as delivered; ``_row`` is the sheet's row.

    Raises
    ------
    StudyFaults
        ING-31 for the wrong sheet, merged cells, error cells and formulas without a stored value, and the faults of
        :func:`pilot_eval.readers.sheet.assemble`.
    """
    import openpyxl
    from openpyxl.utils import get_column_letter

    try:
        stored = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        typed = openpyxl.load_workbook(io.BytesIO(content), data_only=False)
    except Exception:  # openpyxl raises errors of zipfile, of XML and its own for one and the same damage
        action = "Open and save it in Excel, or transfer it again"
        fault = Fault("ING-24", "STOP", file, "the workbook ends early or is damaged", "a whole .xlsx file", action)
        raise StudyFaults([fault]) from None
    sheet = _sheet_name(stored.sheetnames, layout.sheet, file)
    values, formulas = stored[sheet], typed[sheet]
    where = f'{file}, sheet "{sheet}"'
    faults = _merged(values, where)
    records = []
    for row, (cells, sources) in enumerate(zip(values.iter_rows(), formulas.iter_rows(), strict=True), 1):
        fields = []
        for place, (cell, source) in enumerate(zip(cells, sources, strict=True), 1):
            column = get_column_letter(place)
            if source.data_type == "f" and cell.value is None:
                saw, action = "a formula with no stored value", "Open and save it in Excel, or paste values"
                faults.append(Fault("ING-31", "STOP", where, saw, "a value", action, row, column))
            elif cell.data_type == "e":
                saw, action = f"saw {cell.value}", "Correct the formula or the value"
                faults.append(Fault("ING-31", "STOP", where, saw, "a value", action, row, column))
            fields.append(cell_text(cell.value))
        records.append(Record(row, row, fields))
    hidden = [row for row, dimension in values.row_dimensions.items() if dimension.hidden]
    if hidden:
        saw = f"{len(hidden)} hidden rows; they are read like the others"
        faults.append(Fault("ING-31", "WARN", where, saw, "", "Delete them if they do not belong", min(hidden)))
    stop(faults)
    return assemble(_without_empty_columns(records), layout, file, faults)


def _sheet_name(names: list[str], wanted: str, file: str) -> str:
    if wanted in names:
        return wanted
    if not wanted and len(names) == 1:
        return names[0]
    saw = f'no sheet "{wanted}"' if wanted else f"{len(names)} sheets and none is named"
    expected = "one of " + ", ".join(f'"{name}"' for name in names)
    raise StudyFaults([Fault("ING-31", "STOP", file, saw, expected, "Set sheet in config/sources.csv")])


def _merged(sheet: Any, place: str) -> list[Fault]:
    return [
        Fault(
            "ING-31", "STOP", place, f"cells {area.coord} are merged", "one value in each cell",
            "Unmerge them and fill in the values", area.min_row,
        )
        for area in sorted(sheet.merged_cells.ranges, key=lambda area: (area.min_row, area.min_col))
    ]  # fmt: skip


def _without_empty_columns(records: list[Record]) -> list[Record]:
    """Records without the columns after the last that holds anything: formats alone make Excel store empty cells."""
    used = max((place for r in records for place, cell in enumerate(r.fields, 1) if cell.strip()), default=0)
    return [record._replace(fields=record.fields[:used]) for record in records]


def cell_text(value: Any) -> str:
    """A stored value as text: ``3.0`` is ``"3"``, a day ``"2016-07-04"``, true ``"TRUE"``; text stays as it is."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(timespec="seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)
