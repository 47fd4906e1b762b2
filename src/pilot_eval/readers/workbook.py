"""Read one sheet of an Excel workbook: text stays text, and what Excel did not store is refused."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any

from pilot_eval.faults import Fault, StudyFaults, counted
from pilot_eval.readers.delivered import Delivered, number_text, some, stop
from pilot_eval.readers.layout import Layout
from pilot_eval.readers.lines import Record
from pilot_eval.readers.sheet import assemble

#: A damaged or hostile workbook can unpack to any size, and one stray cell can stretch a sheet over billions.
MOST_BYTES = 1_000_000_000
MOST_CELLS = 30_000_000
ZEROS = re.compile("0{2,}")


def read_workbook(content: bytes, layout: Layout, file: str) -> Delivered:
    """A sheet as delivered; ``_row`` is the sheet's row.

    Raises
    ------
    StudyFaults
        ING-24 for a damaged workbook, ING-31 for the wrong sheet, merged cells, error cells and formulas without a
        stored value, ING-32 for one that is too large, and the faults of
        :func:`pilot_eval.readers.sheet.assemble`.
    """
    stored, typed = _opened(content, file)
    name = _sheet_name(stored, layout.sheet, file)
    values, formulas = stored[name], typed[name]
    if values.max_row * values.max_column > MOST_CELLS or values.max_row > layout.header_row + layout.max_rows:
        saw = f'sheet "{name}" reaches to row {values.max_row:,} and column {values.max_column:,}'
        action = "Delete what stands far below or beside the table"
        expected = f"at most {layout.max_rows:,} rows (max_rows in config/sources.csv) and {MOST_CELLS:,} cells"
        raise StudyFaults([Fault("ING-32", "STOP", file, saw, expected, action)])
    records = [
        Record(row, row, [cell_text(cell.value, cell.number_format) for cell in cells])
        for row, cells in enumerate(values.iter_rows(), 1)
    ]
    records = _used(records)
    faults = [
        *_merged(values, name, records, layout, file),
        *_without_value(values, formulas, name, records, layout, file),
        *_hidden(values, name, file),
    ]
    stop(faults)
    return assemble(records, layout, file, faults)


def _opened(content: bytes, file: str) -> tuple[Any, Any]:
    """The workbook with the stored values, and with the formulas."""
    import openpyxl

    try:
        size = sum(entry.file_size for entry in zipfile.ZipFile(io.BytesIO(content)).infolist())
        if size <= MOST_BYTES:
            stored = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
            return stored, openpyxl.load_workbook(io.BytesIO(content), data_only=False)
    except Exception:  # openpyxl raises errors of zipfile, of XML and its own for one and the same damage
        action = "Open and save it in Excel, or transfer it again"
        fault = Fault("ING-24", "STOP", file, "the workbook ends early or is damaged", "a whole .xlsx file", action)
        raise StudyFaults([fault]) from None
    saw, action = f"the workbook unpacks to {size:,} bytes", "Check that this is the right file"
    raise StudyFaults([Fault("ING-32", "STOP", file, saw, f"at most {MOST_BYTES:,}", action)])


def _sheet_name(book: Any, wanted: str, file: str) -> str:
    """The sheet that is meant; chart sheets hold no cells and do not count."""
    names = [sheet.title for sheet in book.worksheets]
    if wanted in names:
        return wanted
    if not wanted and len(names) == 1:
        return str(names[0])
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    saw = f'no sheet "{wanted}"' if wanted else f"{counted(len(names), 'sheet')} and none is named"
    saw += f" ({some(hidden)} hidden)" if hidden else ""
    expected = "one of " + ", ".join(f'"{name}"' for name in names)
    raise StudyFaults([Fault("ING-31", "STOP", file, saw, expected, "Set sheet in config/sources.csv")])


def _used(records: list[Record]) -> list[Record]:
    """Records up to the last row and column that hold anything: formats alone make Excel store empty cells."""
    width = max((place for r in records for place, cell in enumerate(r.fields, 1) if cell.strip()), default=0)
    length = max((at for at, record in enumerate(records, 1) if any(record.fields)), default=0)
    return [record._replace(fields=record.fields[:width]) for record in records[:length]]


def _header(records: Sequence[Record], layout: Layout) -> list[str]:
    """The cells that name the columns."""
    return next((record.fields for record in records if record.row >= layout.header_row and any(record.fields)), [])


def _merged(sheet: Any, name: str, records: Sequence[Record], layout: Layout, file: str) -> list[Fault]:
    """Merged cells, each of which has a value in its first alone; a title above the declared header does not matter."""
    header = _header(records, layout)
    areas = sorted(sheet.merged_cells.ranges, key=lambda area: (area.min_row, area.min_col))
    action = "Unmerge them and fill in the values"
    return [
        Fault("ING-31", "STOP", file, f'sheet "{name}", cells {area.coord} are merged', "one value in each cell",
              action, area.min_row, header[area.min_col - 1] if area.min_col <= len(header) else "")
        for area in areas if area.max_row >= layout.header_row
    ]  # fmt: skip


def _without_value(
    values: Any, formulas: Any, name: str, records: Sequence[Record], layout: Layout, file: str
) -> list[Fault]:
    """Cells of which Excel stored no value: formulas that were never computed, and errors."""
    header = _header(records, layout)
    faults = []
    below = layout.header_row
    for cells, sources in zip(values.iter_rows(min_row=below), formulas.iter_rows(min_row=below), strict=True):
        for place, (cell, source) in enumerate(zip(cells, sources, strict=True)):
            if source.data_type == "f" and cell.value is None:
                formula = re.sub('"[^"]*"', '""', str(getattr(source.value, "text", source.value)))[:40]
                saw, action = f"formula {formula} with no stored value", "Open and save it in Excel, or paste values"
            elif cell.data_type == "e":
                saw, action = f"saw {cell.value}", "Correct the formula or the value"
            else:
                continue
            column = header[place] if place < len(header) and header[place] else cell.column_letter
            saw = f'sheet "{name}", cell {cell.coordinate}: {saw}'
            faults.append(Fault("ING-31", "STOP", file, saw, "a value", action, cell.row, column))
    return faults


def _hidden(sheet: Any, name: str, file: str) -> list[Fault]:
    """Rows and columns that a person who opens the sheet does not see."""
    rows = [row for row, dimension in sheet.row_dimensions.items() if dimension.hidden]
    columns = [letter for letter, dimension in sorted(sheet.column_dimensions.items()) if dimension.hidden]
    faults = []
    action = "Delete what does not belong"
    if rows:
        saw = f'sheet "{name}", {counted(len(rows), "hidden row")}, read like the others'
        faults.append(Fault("ING-31", "WARN", file, saw, "", action, min(rows), count=len(rows)))
    if columns:
        shown = f"{counted(len(columns), 'hidden column')} ({', '.join(columns[:3])})"
        saw = f'sheet "{name}", {shown}, read like the others'
        faults.append(Fault("ING-31", "WARN", file, saw, "", action, count=len(columns)))
    return faults


def cell_text(value: Any, form: str = "General") -> str:
    """A stored value as text: ``3.0`` is ``"3"``, a day ``"2016-07-04"``, true ``"TRUE"``; text stays as it is.

    A whole number shown with leading zeros (number format ``00000``) keeps them: it is a key.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return number_text(value).zfill(len(form)) if ZEROS.fullmatch(form) else number_text(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(timespec="seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)
