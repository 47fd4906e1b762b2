"""Every rule of the linter fails on a workbook made to break it and no other, and a good one breaks none."""

import datetime as dt
import io
import re
import sys
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.table import Table

sys.path.insert(0, str(Path(__file__).parent))
from workbooks import TABLES, WORDING, build, disclosed
from workbooks import cell as made_cell

from pilot_eval.publish.build_workbook import build_workbook
from pilot_eval.publish.lint_workbook import RULES, lint_workbook
from pilot_eval.publish.xlsx import packed


@pytest.fixture(scope="module")
def content():
    return build()


def broken(content):
    """Names of the rules that a workbook breaks."""
    kept = lint_workbook(content, True)["kept"]
    return set(kept.loc[kept["places"] != "0", "rule"])


def saved(book, **parts):
    """A workbook as bytes, with the fixed times that openpyxl takes away."""
    buffer = io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    core = members["docProps/core.xml"].decode()
    fixed = re.sub(r"(<dcterms:modified[^>]*>)[^<]*", r"\g<1>2000-01-01T00:00:00Z", core)
    return packed({**members, "docProps/core.xml": fixed.encode(), **parts})


def table_of(sheet):
    """The header and the rows of the one table of a sheet."""
    (table,) = sheet.tables.values()
    left, top, right, bottom = range_boundaries(table.ref)
    rows = list(sheet.iter_rows(min_row=top, max_row=bottom, min_col=left, max_col=right))
    return table, rows[0], rows[1:]


def column_of(book, head):
    """Cells of the column of the overall changes whose header begins so."""
    _, heads, rows = table_of(book["Table_2"])
    at = next(at for at, cell in enumerate(heads) if cell.value.startswith(head))
    return heads[at], [row[at] for row in rows]


def renamed(sheet, at, name):
    """Give a column another name, in its header and in the mark-up."""
    table, head, _ = table_of(sheet)
    head[at].value = table.tableColumns[at].name = name


def new(cell, **style):
    """Change a cell's font and keep the rest of it."""
    given = {"name": cell.font.name, "sz": cell.font.sz, "b": cell.font.b, "color": cell.font.color}
    cell.font = Font(**{**given, **style})


def sheet_order(book):
    book.move_sheet("Notes", 1)
    contents_row(book, "Notes", "Table_1", swap=True)


def contents_row(book, old, name, swap=False):
    """Say another name in the contents, and lead there."""
    for row in table_of(book["Contents"])[2]:
        goes = name if row[0].value == old else old if swap and row[0].value == name else ""
        if goes:
            row[0].value = goes
            row[0].hyperlink.location = f"'{goes}'!A1"
            row[1].value = re.sub(r" \[note \d+\]", "", book[goes]["A1"].value)


def sheet_names(book):
    book["Table_1"].title = "Table-1"
    contents_row(book, "Table_1", "Table-1")


def sheets_shown(book):
    book["Table_2"].sheet_state = "hidden"


def title_property(book):
    book.properties.title = "Another"


def author_property(book):
    book.properties.creator = "openpyxl"


def language_property(book):
    book.properties.language = None


def property_times(book):
    book.properties.created = dt.datetime(2026, 5, 4)


def table_names(book):
    table = book["Table_1"].tables.pop("table_1")
    table.displayName = table.name = "AB12"
    book["Table_1"].tables.add(table)


def synthetic_said(book):
    book["Table_1"]["A3"].value = "Notes are explained on the sheet named Notes."


def contents_complete(book):
    sheet = book["Contents"]
    table, _, rows = table_of(sheet)
    for cell in rows[-1]:
        cell.value, cell.hyperlink = None, None
    sheet.delete_rows(rows[-1][0].row)
    table.ref = table.ref.replace(str(rows[-1][0].row), str(rows[-2][0].row))


def contents_links(book):
    table_of(book["Contents"])[2][1][0].hyperlink.location = "'Table_1'!A2"


def contents_titles(book):
    table_of(book["Contents"])[2][1][1].value = "Another title"


def notes_numbered(book):
    sheet = book["Notes"]
    table, _, rows = table_of(sheet)
    for cell in rows[-1]:
        below = sheet.cell(cell.row + 1, cell.column, cell.value)
        below.font, below.alignment = Font(name="Arial", sz=12), Alignment(horizontal="left")
    table.ref = table.ref.replace(str(rows[-1][0].row), str(rows[-1][0].row + 1))


def notes_known(book):
    book["Table_1"]["A2"].value += " [note 99]"


def notes_used(book):
    book["Table_1"]["A1"].value = book["Table_1"]["A1"].value.replace("[note 1] [note 2]", "[note 2] [note 1]")


def title_in_a1(book):
    book["Notes"]["A1"].value = None


def a2_says_what(book):
    book["Table_1"]["A2"].value = "Numbers."


def one_table(book):
    sheet = book["Cover_sheet"]
    last = sheet.max_row
    table = Table(displayName="cover_table", ref=f"A{last - 1}:A{last}")
    sheet.add_table(table)
    table._initialise_columns()
    table.autoFilter = None
    table.tableColumns[0].name = sheet.cell(last - 1, 1).value
    for row in (last - 1, last):
        sheet.cell(row, 1).alignment = Alignment(horizontal="left")


def nothing_beside(book):
    cell = book["Table_1"].cell(2, 2, "Beside")
    new(cell, name="Arial", sz=12)


def nothing_below(book):
    cell = book["Table_1"].cell(book["Table_1"].max_row + 1, 1, "Total")
    new(cell, name="Arial", sz=12)


def nothing_floats(book):
    book["Table_1"]["A1"].comment = Comment("Look", "Us")


def nothing_merged(book):
    book["Table_1"].merge_cells("A1:B1")


def nothing_hidden(book):
    book["Table_1"].row_dimensions[2].hidden = True


def nothing_frozen(book):
    book["Table_2"].freeze_panes = "B2"


def nothing_filtered(book):
    book["Table_1"].auto_filter.ref = "A6:C9"


def nothing_coloured(book):
    book["Table_1"]["A1"].fill = PatternFill("solid", fgColor="FFFF00")


def nothing_empty(book):
    book["Cover_sheet"]["A3"].value = " "


def sans_serif(book):
    new(book["Table_1"]["A1"], name="Times New Roman")


def large_enough(book):
    new(book["Table_1"]["A2"], sz=11)


def nothing_raised(book):
    new(book["Table_1"]["A1"], vertAlign="superscript")


def no_formula(book):
    book["Cover_sheet"]["A5"].value = "=1+1"


def no_formula_text(book):
    book["Cover_sheet"]["A5"].value = "@SUM(1)"


def one_line(book):
    book["Cover_sheet"]["A5"].value += "\nand more"


def no_asterisk(book):
    book["Cover_sheet"]["A5"].value += "*"


def nothing_cut_off(book):
    book["Cover_sheet"]["A3"].value = "Every row is as high as the lines of its texts. " * 6


def printed_whole(book):
    book["Table_2"].print_title_rows = "1:1"


def headers_unique(book):
    _, head, _ = table_of(book["Table_1"])
    renamed(book["Table_1"], 1, head[0].value.upper())


def headers_there(book):
    renamed(book["Table_1"], 1, " ")


def headers_marked_up(book):
    table_of(book["Table_1"])[1][1].value = "Another"


def headers_short(book):
    renamed(book["Table_1"], 1, "W" * 256)


def units_in_brackets(book):
    renamed(book["Table_1"], 2, "Share %")


def unit_column(book):
    renamed(book["Table_2"], 1, "Measured in")


def no_empty_cell(book):
    table_of(book["Table_1"])[2][0][1].value = None


def no_na(book):
    table_of(book["Table_1"])[2][0][1].value = "n/a"


def shorthand_listed(book):
    table_of(book["Table_1"])[2][0][1].value = "[q]"


def shorthand_explained(book):
    table_of(book["Table_1"])[2][0][1].value = "[x]"


def numbers_as_numbers(book):
    table_of(book["Table_1"])[2][0][2].value = "1,235"


def text_left(book):
    table_of(book["Table_1"])[2][0][1].alignment = Alignment(horizontal="center")


def numbers_right(book):
    table_of(book["Table_1"])[2][0][2].alignment = Alignment(horizontal="left")


def thousands_commas(book):
    for cell in column_of(book, "Change")[1]:
        cell.number_format = "0.000"


def one_number_of_decimals(book):
    column_of(book, "Change")[1][0].number_format = "#,##0.00"


def rounded(book):
    column_of(book, "Change")[1][0].value = -0.10234


def p_values(book):
    column_of(book, "p value")[1][1].value = 0


def table_in_column_a(book):
    """The table of the notes begins in column B, with a text of its own before every row of it."""
    table = book["Notes"].tables["notes"]
    table.ref = table.ref.replace("A", "B", 1)
    del table.tableColumns[0]


SPOILS = {name: value for name, value in globals().items() if name in {rule.name for rule in RULES}}
#: What cannot be broken alone: without a title, a row is empty; a table that begins in B has no notes in
#: A; a longer header has more lines; a second table has headers of its own.
ALONG = {
    "title_in_a1": {"nothing_empty", "contents_titles", "no_empty_cell"},
    "headers_short": {"nothing_cut_off"},
    "one_table": {"printed_whole"},
    "table_in_column_a": {"notes_numbered", "notes_known", "notes_used"},
}
#: Broken in the archive, not by openpyxl.
PACKED = ("archive_times", "nothing_active")


def test_a_good_workbook_breaks_no_rule(content):
    assert broken(content) == set()
    assert broken(saved(openpyxl.load_workbook(io.BytesIO(content)))) == set()


def test_every_rule_is_made_to_fail():
    assert {rule.name for rule in RULES} == {*SPOILS, *PACKED}


@pytest.mark.parametrize("name", sorted(SPOILS))
def test_a_rule_fails_where_it_alone_is_broken(content, name):
    book = openpyxl.load_workbook(io.BytesIO(content))
    SPOILS[name](book)
    found = broken(saved(book))
    assert name in found and found - {name} <= ALONG.get(name, set())


def test_times_of_the_archive_and_programs_are_found(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    buffer = io.BytesIO(saved(book))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("docProps/more.xml", b"<a/>")
    assert broken(buffer.getvalue()) == {"archive_times"}
    assert broken(saved(book, **{"xl/vbaProject.bin": b""})) == {"nothing_active"}


def test_places_are_told_and_never_what_stands_there(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    book["Table_1"]["A1"].value += " secret*"
    kept = lint_workbook(saved(book), True)["kept"].set_index("rule")
    assert kept.loc["no_asterisk", ["places", "first"]].tolist() == ["1", "Table_1 A1"]
    assert not kept.astype("str").apply(lambda column: column.str.contains("secret")).to_numpy().any()


HARD = [
    "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "@SUM(1)", "+1", "-1", "\u200f=1+1", "\u202eabc", "🏫", "学校",
    "x" * 300, "$$x$$", "[a](https://example.org)", "a\nb\tc", "a\x01\x1b", "None", "_x0041_", "'", "{=1}",
]  # fmt: skip


@pytest.mark.parametrize("label", HARD, ids=lambda text: ascii(text)[:24])
def test_labels_of_any_kind_break_no_rule(label):
    """As areas, outcomes, units, things rated (which are headers), titles and who publishes."""
    cells = disclosed()
    cells["area_label"] = [letter and f"{label}{letter}" for letter in cells["area_letter"]]
    cells["unit"] = [unit and f"{label} {unit}" for unit in cells["unit"]]
    graded = [
        made_cell("joint_display", f"strength_{code}", "2", outcome="mood", area_letter=area, group="q")
        for area in "AB"
        for code in ("a", "b")
    ]
    words = {
        **WORDING, "title": label, "organisation": label, "geography": label, "rated": {"a": label, "b": label},
        "names": {"q": label}, "outcomes": {"mood": {"label": label}, "hope": {"label": f" {label}"}},
        "waves": {"t0": label, "t1": f"{label} 1"},
    }  # fmt: skip
    made = build_workbook(pd.concat([cells, pd.DataFrame(graded)]), [*TABLES, "joint_display"], words)["workbook"]
    kept = lint_workbook(made, True)["kept"].set_index("rule")
    assert kept.loc[kept["places"] != "0", "first"].to_dict() == {}


def test_the_titles_of_a_study_stay_within_the_workbook():
    words = {**WORDING, "title": "[here](https://example.org)", "geography": "$$place$$"}
    made = build_workbook(disclosed(), TABLES, words)["workbook"]
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert book["Cover_sheet"]["A1"].value == "[here](https://example.org)" == book.properties.title
    assert "$$place$$" in book["Table_1"]["A1"].value
    assert broken(made) == set()
