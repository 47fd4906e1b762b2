"""Excel: text stays text; merged cells, errors and formulas without a value stop."""

import datetime as dt

import openpyxl
import pytest

from pilot_eval.faults import StudyFaults
from pilot_eval.readers.layout import Layout
from pilot_eval.readers.workbook import read_workbook


def written(tmp_path, change=None, rows=(("urn", "n", "day"), ("00123", 3.0, dt.date(2016, 7, 4)), ("05A", 2.5, None))):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "areas"
    for row in rows:
        sheet.append(row)
    if change:
        change(book, sheet)
    path = tmp_path / "f.xlsx"
    book.save(path)
    return path.read_bytes()


def read(content, sheet=""):
    return read_workbook(content, Layout("xlsx", sheet=sheet), "data/raw/f.xlsx")


def stopped(content, sheet=""):
    with pytest.raises(StudyFaults) as caught:
        read(content, sheet)
    return caught.value.faults


def test_cells_as_text(tmp_path):
    delivered = read(written(tmp_path))
    assert delivered.column("urn") == ["00123", "05A"]
    assert delivered.column("n") == ["3", "2.5"]
    assert delivered.column("day") == ["2016-07-04", ""]
    assert delivered.rows == [2, 3]


def test_sheets_go_by_name(tmp_path):
    content = written(tmp_path, lambda book, sheet: book.create_sheet("notes"))
    (fault,) = stopped(content)
    assert (fault.id, fault.expected) == ("ING-31", 'one of "areas", "notes"')
    assert read(content, "areas").rows == [2, 3]
    assert stopped(content, "area")[0].saw == 'no sheet "area"'


def test_all_that_excel_did_not_store_is_reported_at_once(tmp_path):
    def change(book, sheet):
        sheet["A4"] = "=A3+1"
        sheet["B4"] = "#REF!"
        sheet["B4"].data_type = "e"
        sheet.merge_cells("A5:B5")

    faults = stopped(written(tmp_path, change))
    assert {(fault.id, fault.row) for fault in faults} == {("ING-31", 4), ("ING-31", 5)}
    assert [fault.column for fault in faults if fault.row == 4] == ["urn", "n"]


def test_hidden_rows_are_read_and_told(tmp_path):
    def change(book, sheet):
        sheet.row_dimensions[3].hidden = True

    delivered = read(written(tmp_path, change))
    assert delivered.rows == [2, 3]
    assert [(fault.id, fault.severity, fault.row) for fault in delivered.faults] == [("ING-31", "WARN", 3)]


def test_empty_formatted_cells_are_no_columns(tmp_path):
    def change(book, sheet):
        sheet["F9"].font = openpyxl.styles.Font(bold=True)

    assert read(written(tmp_path, change)).columns == ("urn", "n", "day")
