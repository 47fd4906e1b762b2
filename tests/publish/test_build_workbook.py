"""The workbook, read back and held against every rule of the conventions for spreadsheets."""

import io
import re
import time
import zipfile

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import range_boundaries

from pilot_eval.publish.build_workbook import build_workbook

WORDING = {
    "title": "Small Trial (synthetic data)", "short_title": "Trial", "geography": "Three valleys",
    "period": "2020 to 2021", "organisation": "Us", "synthetic": True, "areas_public_as": "letter", "release": "1",
    "final": False,
    "words": {"area": "valley", "areas": "valleys", "organisation": "farm", "organisations": "farms",
              "respondent": "farmer", "respondents": "farmers"},
    "waves": {"t0": "Spring", "t1": "Autumn"}, "roles": {"owner": "Owners"},
    "outcomes": {"mood": {"label": "Mood", "unit": "points"}, "hope": {"label": "=1+1", "unit": "share"}},
    "scales": {}, "names": {}, "models": {},
    "limits": {"min_respondents": 5, "min_organisations": 3, "round_counts_to": 5, "multiplicity": "Holm"},
}  # fmt: skip
TABLES = ["response_by_area", "change_overall", "ratings"]


def cell(table, column, shown, **more):
    value = float(shown.replace(",", "").removeprefix("<")) if shown[0] != "[" else float("nan")
    status = "" if shown[0] != "[" else shown.strip("[]")
    row = {"outcome": "", "area_letter": "", "group": "", "group_label": "", "wave": "", **more}
    place = ".".join(row[key].lower() for key in ("outcome", "area_letter", "group", "wave") if row[key])
    given = {"n": 40, "unit": "", "status": status, "estimand": "", "rule": "r", "kind": "estimate", "digits": 2}
    given |= {"id": f"{table}.{place}.{column}", "table": table, "row": place, "column": column, "value": value}
    return {**given, "shown": shown, "area_label": row["area_letter"], **row}


def disclosed():
    rows = []
    for outcome, unit, estimate, p in (("mood", "points", "-0.10", "<0.001"), ("hope", "share", "0.125", "0.040")):
        rows += [
            cell("change_overall", "estimate", estimate, outcome=outcome, unit=unit),
            cell("change_overall", "low", "-1.20", outcome=outcome, unit=unit),
            cell("change_overall", "p", p, outcome=outcome),
        ]
    rows.append(cell("change_overall", "df", "54.0", outcome="mood"))
    for area, shown in (("A", "1,235"), ("B", "[c]"), ("C", "0")):
        rows.append(cell("response_by_area", "organisations", shown, area_letter=area, wave="t0"))
    frame = pd.DataFrame(rows)
    frame["n"] = frame["n"].astype("Int64")
    return frame


def build():
    return build_workbook(disclosed(), TABLES, WORDING)["workbook"]


@pytest.fixture(scope="module")
def content():
    return build()


@pytest.fixture(scope="module")
def book(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def table_of(sheet):
    """The one marked-up table of a sheet: its range, its header and its rows of cells."""
    (table,) = sheet.tables.values()
    left, top, right, bottom = range_boundaries(table.ref)
    rows = list(sheet.iter_rows(min_row=top, max_row=bottom, min_col=left, max_col=right))
    return (left, top, right, bottom), rows[0], rows[1:]


def lint(book):
    """Faults of a workbook against the conventions, each in words."""
    faults = [] if book.sheetnames[:3] == ["Cover_sheet", "Contents", "Notes"] else ["first sheets"]
    for sheet in book:
        faults += [f"{sheet.title}: {fault}" for fault in lint_sheet(sheet)]
        if sheet.title != "Cover_sheet":
            faults += [f"{sheet.title}: {fault}" for fault in lint_table(sheet)]
    links = {cell.hyperlink.location for row in book["Contents"] for cell in row if cell.hyperlink}
    wanted = {f"'{name}'!A1" for name in book.sheetnames if name not in ("Cover_sheet", "Contents")}
    faults += [f"no link to {name}" for name in wanted - links]
    texts = " ".join(str(cell.value) for sheet in book for row in sheet for cell in row)
    known = {f"[note {number}]" for number in range(1, book["Notes"].max_row)}
    faults += [f"no note {mark}" for mark in set(re.findall(r"\[note \d+\]", texts)) - known]
    own = book.properties
    if not (own.title and own.creator and own.language == "en-GB"):
        faults.append("properties")
    return faults


def lint_sheet(sheet):
    if not re.fullmatch(r"[A-Za-z0-9_]{1,31}", sheet.title):
        yield "name"
    if sheet.merged_cells.ranges or sheet.freeze_panes or sheet.auto_filter.ref or sheet.sheet_state != "visible":
        yield "merged, frozen, filtered or hidden"
    if any(size.hidden for size in [*sheet.column_dimensions.values(), *sheet.row_dimensions.values()]):
        yield "hidden rows or columns"
    if not sheet["A1"].value or not sheet["A2"].value:
        yield "A1 and A2"
    for cell in (cell for row in sheet for cell in row if cell.value is not None):
        if cell.fill.fill_type or cell.font.sz < 12 or cell.font.name != "Arial":
            yield f"{cell.coordinate}: filled, small or not in a sans-serif font"
        if cell.data_type == "f":
            yield f"{cell.coordinate}: a formula"


def lint_table(sheet):
    (left, top, right, bottom), head, rows = table_of(sheet)
    if left != 1 or right != sheet.max_column or bottom != sheet.max_row:
        yield "something beside or below the table"
    if any(cell.value for row in sheet.iter_rows(max_row=top - 1, min_col=2) for cell in row):
        yield "text beside column A"
    names = [cell.value for cell in head]
    if len(set(names)) != len(names) or any(name in (None, "", "NA") or "*" in name for name in names):
        yield "headers"
    for column in zip(*rows, strict=True):
        if any(cell.value in (None, "", "NA") for cell in column):
            yield "an empty cell"
        numbers = [cell for cell in column if isinstance(cell.value, int | float)]
        if len({cell.number_format for cell in numbers}) > 1:
            yield "several numbers of decimals in a column"
        shorthand = all(re.fullmatch(r"\[\w+\]", str(cell.value)) for cell in column)
        allowed = {"right"} if numbers else {"left", "right"} if shorthand else {"left"}
        if not {cell.alignment.horizontal for cell in column} <= allowed:
            yield f"{column[0].coordinate}: alignment"


def test_every_convention_holds(book):
    assert lint(book) == []


def spoil_merged(book):
    book["Table_1"].merge_cells("A1:B1")


def spoil_font(book):
    book["Table_1"]["A1"].font = openpyxl.styles.Font(name="Arial", sz=10)


def spoil_fill(book):
    book["Table_1"]["A1"].fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF00")


def spoil_empty(book):
    book["Table_1"].cell(row=book["Table_1"].max_row, column=1).value = None


def spoil_below(book):
    book["Table_1"].cell(row=book["Table_1"].max_row + 1, column=1).value = "Total"


def spoil_name(book):
    book["Table_1"].title = "Table 1"


def spoil_language(book):
    book.properties.language = None


def spoil_frozen(book):
    book["Table_2"].freeze_panes = "B2"


def spoil_header(book):
    _, head, _ = table_of(book["Table_1"])
    head[0].value = head[1].value


def spoil_note(book):
    book["Table_1"]["A1"].value += " [note 99]"


def spoil_alignment(book):
    _, _, rows = table_of(book["Table_1"])
    rows[0][-1].alignment = openpyxl.styles.Alignment(horizontal="center")


SPOILS = [value for name, value in sorted(globals().items()) if name.startswith("spoil_")]


@pytest.mark.parametrize("spoil", SPOILS, ids=lambda spoil: spoil.__name__)
def test_the_linter_finds_what_is_wrong(content, spoil):
    book = openpyxl.load_workbook(io.BytesIO(content))
    spoil(book)
    assert lint(book) != []


def test_numbers_are_numbers_and_shorthand_is_explained(book):
    sheet = book["Table_1"]
    _, head, rows = table_of(sheet)
    assert [cell.value for cell in head] == ["Valley", "Wave", "Farms in the register"]
    assert [[cell.value for cell in row] for row in rows] == [
        ["A", "Spring", 1235],
        ["B", "Spring", "[c]"],
        ["C", "Spring", 0],
    ]
    assert any(str(row[0].value).startswith("[c] confidential") for row in sheet)


def test_units_significance_and_cells_that_do_not_apply(book):
    _, head, rows = table_of(book["Table_2"])
    names = [cell.value for cell in head]
    assert names[:3] == ["Outcome", "Unit", "Change (see unit)"]
    assert names[3].startswith("Lower bound (see unit) [note ") and names[-1] == "Significance"
    mood, hope = ([cell.value for cell in row] for row in rows)
    assert mood[1:3] == ["points", -0.1] and mood[-1] == "Significant at the 1% level"
    assert hope[names.index("Degrees of freedom")] == "[z]" and hope[-1] == "Significant at the 5% level"
    assert hope[0] == "=1+1"


def test_a_table_without_cells_has_no_sheet(book):
    assert book.sheetnames == ["Cover_sheet", "Contents", "Notes", "Table_1", "Table_2"]


def test_every_sheet_says_that_data_are_synthetic(book):
    for sheet in book:
        if sheet.title.startswith(("Table", "Cover")):
            assert any("ynthetic data" in str(cell.value) for row in sheet for cell in row)
    assert "ynthetic" in book.properties.description


def test_the_same_bytes_two_seconds_later(content):
    time.sleep(2.1)
    assert build() == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}


def test_people_of_whom_the_area_is_not_known_are_not_called_all():
    more = [
        cell("response_by_area", "organisations", "90", wave="t0"),
        cell("response_by_area", "organisations", "10", group="unknown", group_label="Not known", wave="t0"),
    ]
    made = build_workbook(pd.concat([disclosed(), pd.DataFrame(more)]), TABLES, WORDING)["workbook"]
    sheet = openpyxl.load_workbook(io.BytesIO(made))["Table_1"]
    rows = [[entry.value for entry in row] for row in sheet.iter_rows()]
    head = next(at for at, row in enumerate(rows) if row[0] == "Valley")
    assert rows[head][1] == "Wave", "no further column for one row's sake"
    assert [row[0] for row in rows[head + 1 :]] == ["A", "B", "C", "All valleys", "Not known"]


def test_boxes_of_the_flow_say_what_they_count_and_sides_are_named():
    group = "organisations.farm.t0.responded"
    more = [
        cell("flow", "n", "20", group=group, group_label="With an answer", wave="t0"),
        cell("flow", "n", "3", group="areas.registered", group_label="In the study", unit="areas"),
        cell("perceptions", "left_mean", "2.80", group="both", wave="t0"),
        cell("perceptions", "right_mean", "3.10", group="both", wave="t0"),
    ]
    words = {**WORDING, "sides": ["farm", "mill"], "names": {"both": "Trust"}}
    made = build_workbook(pd.DataFrame(more), ["flow", "perceptions"], words)["workbook"]
    book = openpyxl.load_workbook(io.BytesIO(made))
    flow, perceptions = (
        {entry.value for row in book[name].iter_rows() for entry in row} for name in ("Table_1", "Table_2")
    )
    assert {"Organisations farm: With an answer", "Areas: In the study", "Number"} <= flow
    assert {"Mean of the farm side", "Mean of the mill side"} <= perceptions
