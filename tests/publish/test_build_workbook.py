"""The workbook, read back: its texts and numbers, and the same of its OpenDocument copy."""

import io
import re
import sys
import time
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import range_boundaries

sys.path.insert(0, str(Path(__file__).parent))
from workbooks import TABLES, WORDING, build, cell, disclosed

from pilot_eval.publish.build_workbook import build_workbook


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
    assert hope[0] == "'=1+1", "no text begins as a formula does"


def test_a_table_without_cells_has_no_sheet(book):
    assert book.sheetnames == ["Cover_sheet", "Contents", "Notes", "Table_1", "Table_2"]


def test_every_sheet_says_that_data_are_synthetic(book):
    for sheet in book:
        if sheet.title.startswith(("Table", "Cover")):
            assert any("ynthetic data" in str(cell.value) for row in sheet for cell in row)
    assert "ynthetic" in book.properties.description


def test_the_same_bytes_two_seconds_later(content):
    copy = build("ods")
    time.sleep(2.1)
    assert (build(), build("ods")) == (content, copy)
    for made in (content, copy):
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
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


ODF = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
}


def of(name):
    prefix, _, own = name.partition(":")
    return f"{{{ODF[prefix]}}}{own}"


def part(ods, name):
    with zipfile.ZipFile(io.BytesIO(ods)) as archive:
        return ElementTree.fromstring(archive.read(name))


def said(paragraph):
    """The text of a paragraph, as the format is read: blanks in a row are one, but for those that it marks."""
    parts = [re.sub(" +", " ", paragraph.text or "")]
    for child in paragraph:
        parts += [" " if child.tag == of("text:s") else said(child), re.sub(" +", " ", child.tail or "")]
    return "".join(parts)


def ods_sheets(ods):
    """Cells of every sheet: a number, a text, or None."""
    sheets = {}
    for table in part(ods, "content.xml").iter(of("table:table")):
        rows = []
        for row in table.iter(of("table:table-row")):
            cells = []
            for entry in row.iter(of("table:table-cell")):
                kind = entry.get(of("office:value-type"))
                if kind == "float":
                    cells.append(float(entry.get(of("office:value"))))
                else:
                    assert kind in ("string", None)
                    cells.append(said(entry.find(of("text:p"))) if kind else None)
            rows.append(cells)
        sheets[table.get(of("table:name"))] = rows
    return sheets


def test_the_copy_has_the_same_sheets_cells_and_texts():
    cells = disclosed()
    cells["area_label"] = cells["area_label"].replace({"A": "  A & <b>  c ", "B": "学校", "C": "'=x"})
    made = build_workbook(cells, TABLES, WORDING)
    book = openpyxl.load_workbook(io.BytesIO(made["workbook"]))
    wanted = {sheet.title: [[entry.value for entry in row] for row in sheet] for sheet in book}
    assert ods_sheets(made["ods"]) == wanted
    assert list(ods_sheets(made["ods"])) == book.sheetnames
    assert {"  A & <b>  c ", "学校"} <= {row[0] for row in wanted["Table_1"]}


def test_the_copy_is_a_document_in_english_with_title_and_author():
    ods = build("ods")
    with zipfile.ZipFile(io.BytesIO(ods)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
        assert ods[38:].startswith(b"application/vnd.oasis.opendocument.spreadsheet")
        names = {name for name in archive.namelist() if name != "mimetype" and not name.startswith("META-INF/")}
        listed = {
            entry.get(next(iter(entry.keys())))
            for entry in ElementTree.fromstring(archive.read("META-INF/manifest.xml"))
        }
        assert listed == {"/", *names}
    meta = {entry.tag: entry.text for entry in part(ods, "meta.xml")[0]}
    assert meta[of("dc:title")] == WORDING["title"] and meta[of("dc:creator")] == WORDING["organisation"]
    assert meta[of("dc:language")] == "en-GB" and meta[of("meta:keyword")] == "synthetic data"
    look = part(ods, "styles.xml").find(f".//{of('style:default-style')}/{of('style:text-properties')}")
    assert (look.get(of("fo:language")), look.get(of("fo:country"))) == ("en", "GB")


def test_the_copy_marks_tables_and_links_to_every_sheet(book):
    content = part(build("ods"), "content.xml")
    ranges = {entry.get(of("table:target-range-address")) for entry in content.iter(of("table:database-range"))}
    tables = {sheet.title: table.ref for sheet in book for table in sheet.tables.values()}
    assert ranges == {f"{name}.{ref.replace(':', f':{name}.')}" for name, ref in tables.items()}
    assert len(list(content.iter(of("table:table-header-rows")))) == len(tables)
    links = [entry.get(of("xlink:href")) for entry in content.iter(of("text:a"))]
    assert links == [f"#{name}.A1" for name in ("Notes", "Table_1", "Table_2")]
    used = {entry.get(of("table:style-name")) for entry in content.iter() if entry.get(of("table:style-name"))}
    assert used <= {entry.get(of("style:name")) for entry in content.iter(of("style:style"))}
    assert not any("formula" in name for entry in content.iter() for name in entry.attrib)
