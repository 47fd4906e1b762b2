"""Each fault of the catalogue in the smallest file that has it: what a person is told, and what became of the data.

Files arrive as a stranger sends them, and go through ``pilot-eval inspect FILE --as SOURCE --json``.
"""

import hashlib
import io
import json
import struct

import numpy as np
import openpyxl
import pandas as pd
import pyreadstat
import pytest
from arriving import HEADER, ROWS, text_of, write_entries

from pilot_eval.cli import main

NAMES = HEADER.split(",")


def put(place, **cells):
    """The records with some cells of one of them changed."""
    rows = list(ROWS)
    fields = rows[place].split(",")
    for name, cell in cells.items():
        fields[NAMES.index(name)] = cell
    rows[place] = ",".join(fields)
    return rows


def frame():
    """The records as an SPSS file has them."""
    table = pd.DataFrame([row.split(",") for row in ROWS], columns=NAMES)
    return table.astype({"q1": float, "q2": float, "wait": float, "referrals": float})


def spss(tmp_path, table=None, suffix="sav", **said):
    path = tmp_path / f"made.{suffix}"
    pyreadstat.write_sav(frame() if table is None else table, path, compress=suffix == "zsav", **said)
    return path.read_bytes()


def excel(change=lambda book, sheet: None):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "data"
    sheet.append(NAMES)
    for row in ROWS:
        one = row.split(",")
        sheet.append([*one[:4], int(one[4]), int(one[5]), float(one[6]), int(one[7]), one[8] or None])
    change(book, sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_cases(content, number):
    """An SPSS file that announces another number of cases."""
    return content[:80] + struct.pack("<i", number) + content[84:]


def test_clean_files_of_every_format_have_no_fault(arrives, tmp_path):
    for name, content in (
        ("f.csv", None), ("f.sav", spss(tmp_path)), ("f.zsav", spss(tmp_path, suffix="zsav")), ("f.xlsx", excel()),
    ):  # fmt: skip
        found = arrives(content, name=name)
        assert (found.status, found.told["verdict"], found.told["rows"], found.faults) == (0, "fine", 24, [])


@pytest.mark.fault("ING-01")
@pytest.mark.parametrize(
    ("place", "cells", "column", "byte"),
    [
        (3, {"school": "St Mary’s – Café"}, "school", "0x92"),
        (23, {"comments": '"he said, “ça va”"'}, "comments", "0x93"),
        (5, {"school": '"a, b"', "comments": '"one\ntwo é"'}, "comments", "0xE9"),
    ],
)
def test_other_bytes_than_declared_stop(arrives, place, cells, column, byte):
    found = arrives(text_of(*put(place, **cells)).encode("cp1252"))
    assert found.faults == [("ING-01", "STOP", place + 2, column)]
    assert found.told["verdict"] == "unreadable"
    assert f"byte {byte} is not UTF-8" in found.only()["value"]
    assert "set encoding to cp1252" in found.only()["action"]
    assert arrives(text_of(*put(place, **cells)).encode("cp1252"), encoding="cp1252").faults == []


@pytest.mark.fault("ING-01")
def test_quotation_marks_of_windows_declared_as_latin_1_stop(arrives):
    found = arrives(text_of(*put(3, school="St Mary’s")).encode("cp1252"), encoding="latin-1")
    assert found.faults == [("ING-01", "STOP", 5, "school")]
    assert "set encoding to cp1252" in found.only()["action"]


@pytest.mark.fault("ING-02")
@pytest.mark.parametrize("declared", ["cp1252", "latin-1"])
def test_utf_8_declared_as_one_byte_a_letter_stops(arrives, declared):
    found = arrives(text_of(*put(3, school="École")), encoding=declared)
    assert found.faults == [("ING-02", "STOP", 5, "school")]
    assert "1 accented letter" in found.only()["value"]


@pytest.mark.fault("ING-02")
@pytest.mark.parametrize("text", ["Ã‰cole", "St Maryâ€™s", "St Mary\ufffds", "St Mary\u0092s"])
def test_letters_spoilt_before_they_came_are_kept_and_warned_of(arrives, text):
    found = arrives(text_of(*put(23, school=text)))
    assert found.faults == [("ING-02", "WARN", 25, "school")]
    assert found.told["rows"] == 24


@pytest.mark.fault("ING-03")
def test_a_byte_order_mark_is_no_part_of_the_first_name(arrives):
    found = arrives(b"\xef\xbb\xbf" + text_of(*ROWS).encode())
    assert found.faults == [("ING-03", "OK", None, "")]
    assert found.told["variables"][0]["name"] == "id"


@pytest.mark.fault("ING-04")
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_text_is_named_and_read_when_declared(arrives, encoding):
    content = text_of(*ROWS).replace(",", "\t").encode(encoding)
    assert arrives(content).faults == [("ING-04", "STOP", 1, "")]
    assert arrives(content, encoding=encoding, delimiter="tab").faults == []


@pytest.mark.fault("ING-05")
@pytest.mark.parametrize(("real", "declared"), [(";", ","), ("\t", ","), ("|", ","), (",", ";")])
def test_another_delimiter_stops_and_is_named(arrives, real, declared):
    found = arrives(text_of(*ROWS).replace(",", real), delimiter=declared)
    assert found.faults == [("ING-05", "STOP", 1, "")]
    assert found.only()["expected"].endswith("there are 9")


@pytest.mark.fault("ING-05")
@pytest.mark.parametrize("real", ["^", ":", "~", "#"])
def test_a_delimiter_that_hardly_anybody_uses_is_known_by_the_names_it_parts(arrives, real):
    found = arrives(text_of(*ROWS).replace(",", real))
    assert found.faults == [("ING-05", "STOP", 1, "")]
    assert f'Set delimiter to "{real}"' in found.only()["action"]


@pytest.mark.fault("ING-05")
def test_a_delimiter_that_parts_only_the_header_stops(arrives):
    found = arrives(text_of(*ROWS).replace(",", ";").replace("school;", '"school, name";'))
    assert found.faults == [("ING-05", "STOP", 1, "")]


@pytest.mark.fault("ING-06")
def test_decimal_commas_stop_unless_declared(arrives):
    text = text_of(*ROWS).replace(",", ";").replace(".5;", ",5;")
    found = arrives(text, delimiter=";")
    assert found.faults == [("ING-06", "STOP", 2, "wait")]
    assert found.only()["count"] == 24
    assert arrives(text, delimiter=";", decimal=",").faults == []
    mixed = arrives(text_of(*put(5, wait='"2,5"')))
    assert mixed.faults == [("ING-06", "STOP", 7, "wait")]
    assert "mixes" in mixed.only()["action"]


@pytest.mark.fault("ING-07")
@pytest.mark.parametrize(
    ("column", "cell"), [("referrals", "1.234"), ("referrals", '"1,234"'), ("wait", "£1.5"), ("wait", "50%")]
)
def test_numbers_dressed_up_are_missing_and_warned_of(arrives, column, cell):
    found = arrives(text_of(*put(5, **{column: cell})))
    assert found.faults == [("ING-07", "WARN", 7, column)]


@pytest.mark.fault("ING-07")
@pytest.mark.parametrize("cell", ["$ 1,200.50", "1 200 €", "-£5", "12 ‰", "GBP 30", "3.000,5", "1’234", "1\u00a0234"])
def test_numbers_dressed_up_otherwise_are_no_other_fault(arrives, cell):
    found = arrives(text_of(*put(5, wait=f'"{cell}"')))
    assert found.faults == [("ING-07", "WARN", 7, "wait")]


@pytest.mark.fault("ING-07")
@pytest.mark.parametrize(
    ("thousands", "delimiter", "cells"),
    [
        (",", ",", {"referrals": '"1,234"', "wait": "2.5"}),
        (".", ",", {"referrals": "1.234", "wait": '"2,5"'}),
        (".", ";", {"referrals": "1.234", "wait": "2,5"}),
        ("space", ",", {"referrals": "1 234", "wait": "2.5"}),
        ("'", ";", {"referrals": "1’234", "wait": "2.5"}),
    ],
)
def test_declared_thousands_are_read(arrives, thousands, delimiter, cells):
    decimal = "," if thousands == "." else "."
    rows = [row.replace(".5,", ".5,").split(",") for row in ROWS]
    lines = []
    for fields in rows:
        wait = cells["wait"].strip('"') if fields is rows[5] else fields[6].replace(".", decimal)
        referrals = cells["referrals"].strip('"') if fields is rows[5] else fields[7]
        quoted = [f'"{cell}"' if delimiter in cell else cell for cell in (*fields[:6], wait, referrals, "")]
        lines.append(delimiter.join(quoted))
    header = HEADER.replace(",", delimiter)
    found = arrives(text_of(*lines, header=header), thousands=thousands, delimiter=delimiter)
    assert found.faults == []
    numbers = {variable["name"]: variable for variable in found.told["variables"]}
    assert (numbers["referrals"]["type"], numbers["referrals"]["max"]) == ("numeric", 1234)
    assert numbers["wait"]["max"] == 24.5
    # A number whose groups are not of three is not read by guess.
    odd = [line.replace("1.234", "1.23").replace("1,234", "1,23").replace("1 234", "1 23") for line in lines]
    if odd != lines:
        (fault,) = arrives(text_of(*odd, header=header), thousands=thousands, delimiter=delimiter).faults
        assert fault[1:] in (("STOP", 7, "referrals"), ("WARN", 7, "referrals"))


@pytest.mark.fault("ING-07")
def test_a_column_of_whole_numbers_with_decimals_stops(arrives):
    rows = [",".join([*row.split(",")[:7], f"1.{place + 200}", ""]) for place, row in enumerate(ROWS)]
    found = arrives(text_of(*rows))
    assert found.faults == [("ING-07", "STOP", 2, "referrals")]
    assert 'Set thousands to "."' in found.only()["action"]


@pytest.mark.fault("ING-08")
@pytest.mark.parametrize("title", ["Respondent,,,,Talk,,,,", "Who,,Where,,Talk,Talk,,,", "A,A,A,A,B,B,B,B,B"])
def test_a_merged_row_above_the_header_stops_unless_declared(arrives, title):
    text = text_of(HEADER, *ROWS, header=title)
    found = arrives(text)
    assert found.faults == [("ING-08", "STOP", 1, "")]
    assert "Set header_row to 2" in found.only()["action"]
    assert arrives(text, header_row=2).faults == []


@pytest.mark.fault("ING-08")
def test_a_file_without_a_header_is_read_by_the_names_of_its_entry(arrives):
    text = text_of(*ROWS[1:], header=ROWS[0])
    assert arrives(text).faults == [("ING-08", "STOP", 1, "")]
    found = arrives(text, header="none", columns=HEADER.replace(",", "|"))
    assert (found.faults, found.told["rows"]) == ([], 24)


IDS = ",".join(f'"{{""ImportId"":""{name}""}}"' for name in NAMES)
TEXTS = 'Number,School,Area,Day,"How often, really?",Write,Wait,Referrals,Else'


@pytest.mark.fault("ING-09")
def test_a_qualtrics_export_is_read_only_when_declared(arrives):
    text = text_of(TEXTS, IDS, *ROWS)
    found = arrives(text)
    assert found.faults == [("ING-09", "STOP", 3, "")]
    assert "Set header to qualtrics" in found.only()["action"]
    assert arrives(text, header="qualtrics").faults == []
    assert arrives(header="qualtrics").faults == [("ING-09", "STOP", 1, "")]
    assert arrives(text_of(IDS, *ROWS), header="qualtrics").faults == [("ING-09", "STOP", 2, "")]


@pytest.mark.fault("ING-10")
def test_a_surveymonkey_export_is_read_only_when_declared(arrives):
    text = text_of(",Open-Ended Response,Response,,Response,Response,,,Open-Ended Response", *ROWS)
    found = arrives(text)
    assert found.faults == [("ING-10", "STOP", 2, "")]
    assert arrives(text, header="surveymonkey").faults == []
    assert arrives(header="surveymonkey").faults == [("ING-10", "STOP", 1, "")]


@pytest.mark.fault("ING-11")
@pytest.mark.parametrize(
    ("title", "row"), [(["Export of survey 2016", ""], 3), (["Export, of 2016", "By: A", ""], 4),
                       (["Export of survey 2016,,,,,,,,", ",,,,,,,,"], 3)],
)  # fmt: skip
def test_lines_above_the_header_stop_unless_declared(arrives, title, row):
    text = text_of(*title[1:], HEADER, *ROWS, header=title[0])
    found = arrives(text)
    assert found.faults == [("ING-11", "STOP", 1, "")]
    assert f"Set header_row to {row}" in found.only()["action"]
    assert arrives(text, header_row=row).faults == []


@pytest.mark.fault("ING-11")
@pytest.mark.parametrize("footer", ["Total,,,,,,,97,", "Total,97", "Exported on 3 May 2016,,,,,,,,", "24 rows"])
def test_footers_are_no_records(arrives, footer):
    found = arrives(text_of(*ROWS, footer))
    assert found.faults == [("ING-11", "REJECT", 26, "id")]


@pytest.mark.fault("ING-11")
@pytest.mark.parametrize("footer", ["Gesamt,,,,70,,,,", "Count,24,,,,,,,", "In all,,,,,,,4321,"])
def test_numbers_beside_a_text_that_is_no_key_are_no_record(arrives, footer):
    assert arrives(text_of(*ROWS, footer)).faults == [("ING-11", "REJECT", 26, "id")]


@pytest.mark.fault("ING-11")
def test_a_last_record_with_a_key_of_another_form_is_a_record(arrives):
    assert arrives(text_of(*ROWS, ROWS[0].replace("S0001", "late")), rows=25).faults == []


@pytest.mark.fault("ING-11")
def test_a_row_of_sums_and_the_header_once_more_are_no_records(arrives):
    sums = f",,,,,,{sum(n + 0.5 for n in range(1, 25))},{sum(n + 10 for n in range(1, 25))},"
    assert arrives(text_of(*ROWS, sums)).faults == [("ING-11", "REJECT", 26, "id")]
    assert arrives(text_of(*ROWS[:12], HEADER, *ROWS[12:])).faults == [("ING-11", "REJECT", 14, "")]


@pytest.mark.fault("ING-12")
@pytest.mark.parametrize(("blank", "count"), [([",,,,,,,,"] * 5, 5), ([" ,,, ,,,,,", ""], 2)])
def test_empty_rows_are_counted_and_not_used(arrives, blank, count):
    found = arrives(text_of(*ROWS, *blank))
    assert found.faults == [("ING-12", "FIX", 26, "")]
    assert (found.only()["count"], found.told["rows"]) == (count, 24)


@pytest.mark.fault("ING-13")
@pytest.mark.parametrize("name", ["q1", "Q1", " q1 "])
def test_one_name_for_two_columns_stops(arrives, name):
    found = arrives(text_of(*ROWS, header=HEADER.replace("q2", name)))
    assert found.faults == [("ING-13", "STOP", 1, name.strip())]
    assert "columns 5 and 6" in found.only()["value"]
    assert "differ in 18 rows" in found.only()["value"]


@pytest.mark.fault("ING-14")
@pytest.mark.parametrize("place", [0, 10, 23])
def test_a_short_record_is_rejected(arrives, place):
    rows = [*ROWS[:place], "S0099,School,Elm Vale", *ROWS[place + 1 :]]
    found = arrives(text_of(*rows, last=""))
    assert found.faults == [("ING-14", "REJECT", place + 2, "")]
    assert found.told["variables"][0]["n_distinct"] == 23


@pytest.mark.fault("ING-14")
def test_a_file_of_short_records_stops(arrives):
    found = arrives(text_of(*[row.rsplit(",", 1)[0] for row in ROWS]))
    assert found.faults[-1] == ("ING-14", "STOP", 2, "") and found.told["verdict"] == "unreadable"


@pytest.mark.fault("ING-15")
def test_a_long_record_is_rejected_and_many_stop(arrives):
    assert arrives(text_of(*put(3, comments="hello, you"))).faults == [("ING-15", "REJECT", 5, "")]
    rows = [row + ("a,b" if place % 3 == 0 else "") for place, row in enumerate(ROWS)]
    assert ("ING-15", "STOP", 2, "") in arrives(text_of(*rows)).faults


@pytest.mark.fault("ING-16")
def test_a_trailing_delimiter_shifts_no_column(arrives):
    found = arrives(text_of(*[row + "," for row in ROWS]))
    assert found.faults == [("ING-16", "FIX", None, "")]
    assert found.told["variables"][0]["n_distinct"] == 24
    assert arrives(text_of(*[row + ",," for row in ROWS], header=HEADER + ",")).faults == [("ING-16", "FIX", None, "")]
    assert arrives(text_of(*[row + ",x" for row in ROWS])).faults == [("ING-16", "STOP", 2, "")]
    declared = arrives(text_of(*[row + ",x" for row in ROWS]), extra_fields=1)
    assert declared.faults == [("ING-16", "WARN", None, "")]


@pytest.mark.fault("ING-16")
def test_a_record_that_lacks_the_empty_field_too_has_lost_another(arrives):
    rows = [row + ("," if place != 3 else "") for place, row in enumerate(ROWS)]
    assert arrives(text_of(*rows)).faults == [("ING-16", "FIX", None, ""), ("ING-14", "REJECT", 5, "")]


@pytest.mark.fault("ING-17")
@pytest.mark.parametrize("column", ["id", "school", "comments"])
def test_a_quotation_mark_that_swallows_records_stops(arrives, column):
    rows = put(3, **{column: '"' + ("S0004" if column == "id" else "x")})
    rows[5] = put(5, **{column: "y" + '"'})[5]
    found = arrives(text_of(*rows))
    assert found.faults == [("ING-17", "STOP", 5, column)]
    assert "closes in row 7" in found.only()["value"]
    assert arrives(text_of(*put(3, school='"hello'))).faults[0][:3] == ("ING-17", "STOP", 5)
    assert arrives(text_of(*put(3, comments='"a, b\nc, d\n\ne,,,,"'))).faults == []


@pytest.mark.fault("ING-18")
def test_a_very_long_text_is_whole_and_rows_stay_physical_lines(arrives):
    rows = put(3, comments='"' + "x" * 40_000 + '""\nline two"')
    rows[8] = put(8, referrals="x")[8]
    found = arrives(text_of(*rows))
    assert found.of("ING-18")["row"] == 5
    assert found.faults[-1][2] == 11


@pytest.mark.fault("ING-19")
def test_a_nul_byte_stops_and_other_controls_are_removed(arrives):
    assert arrives(text_of(*put(3, school="a\0b"))).faults == [("ING-19", "STOP", 5, "school")]
    for place, cell in ((0, "a\x0bb"), (23, "\x1aab")):
        assert arrives(text_of(*put(place, school=cell))).faults == [("ING-19", "FIX", place + 2, "school")]
    assert arrives(text_of(*ROWS) + "\x1a").faults == []


@pytest.mark.fault("ING-20")
@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_other_systems_are_read(arrives, end):
    found = arrives(text_of(*put(4, q1="6"), end=end, last=end))
    assert found.faults[0] == ("ING-20", "OK", None, "")
    assert (found.told["rows"], found.faults[1][2]) == (24, 6)


@pytest.mark.fault("ING-21")
def test_words_for_missing_are_data(arrives):
    found = arrives(text_of(*put(1, area="NA", school="None")))
    assert found.faults == []
    variables = {variable["name"]: variable for variable in found.told["variables"]}
    assert (variables["school"]["n_missing"], variables["area"]["n_distinct"]) == (0, 3)


@pytest.mark.fault("ING-22", "ING-23")
@pytest.mark.parametrize(
    ("content", "fault"),
    [(b"", ("ING-22", "STOP", None, "")), (b" \n\n", ("ING-23", "STOP", None, "")),
     (HEADER.encode(), ("ING-23", "STOP", 1, ""))],
)  # fmt: skip
def test_a_file_without_records_stops(arrives, tmp_path, content, fault):
    assert arrives(content, rows=0).faults == [fault]
    assert arrives(b"", name="f.sav").faults == [("ING-22", "STOP", None, "")]
    assert arrives(spss(tmp_path, frame().iloc[:0]), rows=0, name="f.sav").faults == [("ING-23", "STOP", None, "")]


@pytest.mark.fault("ING-23")
def test_a_footer_alone_is_no_record(arrives):
    text = f"{HEADER}\nTotal,0,,,,,,,\n"
    assert arrives(text, rows=0).faults == [("ING-11", "REJECT", 2, "id"), ("ING-23", "STOP", 1, "")]
    assert ("ING-23", "OK", 1, "") in arrives(text, rows=0, may_be_empty="true").faults


@pytest.mark.fault("ING-17", "ING-19")
def test_damage_is_told_with_its_column(arrives):
    assert arrives(text_of(*put(20, school='"no end'))).faults == [("ING-17", "STOP", 22, "school")]
    assert arrives(text_of(*put(20, q2="3\0"))).faults == [("ING-19", "STOP", 22, "q2")]


@pytest.mark.fault("ING-23")
def test_a_delivery_may_be_empty_where_its_entry_says_so(arrives, tmp_path):
    for name, content, row in (
        ("f.csv", f"{HEADER}\n".encode(), 1), ("f.sav", spss(tmp_path, frame().iloc[:0]), None),
        ("f.xlsx", excel(lambda book, sheet: sheet.delete_rows(2, 24)), 1),
    ):  # fmt: skip
        found = arrives(content, rows=0, name=name, may_be_empty="true")
        assert found.faults == [("ING-23", "OK", row, "")]
        assert (found.told["rows"], found.told["columns"], found.told["verdict"]) == (0, 9, "fine")
        assert arrives(content, rows=0, name=name).faults == [("ING-23", "STOP", row, "")]
    # Nothing at all is no header: a transfer that broke off.
    assert arrives(b"", rows=0, may_be_empty="true").faults == [("ING-22", "STOP", None, "")]


@pytest.mark.fault("ING-24")
@pytest.mark.parametrize("suffix", ["sav", "zsav"])
@pytest.mark.parametrize("share", [0.2, 0.6, 0.97])
def test_a_file_cut_short_stops(arrives, tmp_path, suffix, share):
    content = spss(tmp_path, suffix=suffix)
    found = arrives(content[: int(len(content) * share)], name=f"f.{suffix}")
    assert found.faults == [("ING-24", "STOP", None, "")]


@pytest.mark.fault("ING-24")
@pytest.mark.parametrize("cases", [24, -1])
@pytest.mark.parametrize(("suffix", "said"), [("sav", {}), ("sav", {"row_compress": True}), ("zsav", {})])
def test_files_joined_and_bytes_left_over_stop(arrives, tmp_path, cases, suffix, said):
    content = with_cases(spss(tmp_path, suffix=suffix, **said), cases)
    assert arrives(content, name=f"f.{suffix}").faults == []
    assert arrives(content + content, name=f"f.{suffix}").faults == [("ING-24", "STOP", None, "")]


@pytest.mark.fault("ING-24")
def test_another_number_of_cases_than_announced_or_registered_stops(arrives, tmp_path):
    content = spss(tmp_path)
    assert arrives(with_cases(content, 10), name="f.sav").faults == [("ING-24", "STOP", None, "")]
    assert (
        arrives(with_cases(spss(tmp_path, frame().iloc[:17]), -1), name="f.sav").of("ING-24")["value"] == "17 records"
    )
    assert arrives(rows=30).faults == [("ING-24", "STOP", None, "")]


@pytest.mark.fault("ING-25")
@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"PK\x03\x04abc", "a ZIP archive"), (b"<!DOCTYPE html><html>Log in</html>", "a web page"),
        (b"ASCII SPSS PORT FILE" + b"0" * 500, "an SPSS portable file"), (b"<stata_dta>", "a Stata file"),
        (b"%PDF-1.4", "a PDF document"), (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(99), "an old Excel file"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["f.sav", "f.csv", "f.xlsx"])
def test_a_file_of_another_kind_is_named(arrives, content, what, name):
    found = arrives(content, name=name)
    assert found.faults == [("ING-25", "STOP", None, "")]
    assert f"this is {what}" in found.only()["value"]


@pytest.mark.fault("ING-26")
@pytest.mark.parametrize("place", [0, 23])
def test_text_in_another_encoding_than_the_file_declares_stops(arrives, tmp_path, place):
    table = frame()
    table.loc[place, "school"] = "Café"
    content = spss(tmp_path, table).replace("Café".encode(), b"Caf\xe9 ")
    found = arrives(content, name="f.sav")
    assert found.faults == [("ING-26", "STOP", place + 1, "school")]
    assert "Set encoding to cp1252" in found.only()["action"]
    assert arrives(content, name="f.sav", encoding="cp1252").faults == []


@pytest.mark.fault("ING-27")
@pytest.mark.parametrize("name", ["f.csv", "f.sav", "f.xlsx"])
def test_a_file_that_changed_since_it_was_registered_stops(arrives, tmp_path, name):
    content = {"f.csv": None, "f.sav": spss(tmp_path), "f.xlsx": excel()}[name]
    found = arrives(content, name=name, sha256="0" * 64)
    assert found.faults == [("ING-27", "STOP", None, "")]


@pytest.mark.fault("ING-28")
def test_days_that_cannot_be_are_missing(arrives, tmp_path):
    table = frame()
    table["day"] = 13_674_000_000.0
    table.loc[[6, 9], "day"] = [6.3e11, -5.0]
    found = arrives(spss(tmp_path, table, variable_format={"day": "ADATE10"}), name="f.sav")
    assert found.of("ING-28")["message"].startswith("[ING-28] WARN")
    assert ("ING-28", "WARN", 7, "day") in found.faults
    assert found.of("ING-28")["count"] == 2


@pytest.mark.fault("ING-29")
def test_kinds_of_missing_are_kept_apart(arrives, tmp_path):
    table = frame()
    table.loc[[0, 1, 2], "q1"] = [8, 9, np.nan]
    labels = {"q1": {8: "Don't know", 9: "Refused"}}
    found = arrives(spss(tmp_path, table, missing_ranges={"q1": [8, 9]}, variable_value_labels=labels), name="f.sav")
    assert ("ING-29", "OK", None, "q1") in found.faults
    q1 = found.told["variables"][4]
    assert (q1["n_missing"], q1["n_user_missing"], q1["missing"]["values"]) == (1, 2, ["8", "9"])


@pytest.mark.fault("ING-30")
def test_digits_in_a_text_variable_are_read_as_numbers(arrives, tmp_path):
    table = frame()
    table["q2"] = table["q2"].map(lambda value: f" {value:.0f}")
    found = arrives(spss(tmp_path, table), name="f.sav")
    assert found.faults == [("ING-30", "FIX", None, "q2")]
    assert found.only()["count"] == 24


def merge(book, sheet):
    sheet.merge_cells("B3:B5")


def formula(book, sheet):
    sheet["E4"] = "=E3+1"


def error(book, sheet):
    sheet["E4"] = "#REF!"
    sheet["E4"].data_type = "e"


def another_sheet(book, sheet):
    book.create_sheet("notes")


def hide(book, sheet):
    sheet.row_dimensions[4].hidden = True


@pytest.mark.fault("ING-31")
@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (merge, ("ING-31", "STOP", 3, "school")), (formula, ("ING-31", "STOP", 4, "q1")),
        (error, ("ING-31", "STOP", 4, "q1")), (another_sheet, ("ING-31", "STOP", None, "")),
        (hide, ("ING-31", "WARN", 4, "")),
    ],
)  # fmt: skip
def test_what_a_workbook_hides_or_did_not_store(arrives, change, fault):
    assert arrives(excel(change), name="f.xlsx").faults == [fault]


@pytest.mark.fault("ING-31")
def test_what_stands_above_the_declared_header_does_not_matter(arrives):
    def change(book, sheet):
        sheet.insert_rows(1)
        sheet["A1"], sheet["I1"] = "A survey", "=TODAY()"
        sheet.merge_cells("A1:H1")

    assert arrives(excel(change), name="f.xlsx", header_row=2).faults == []
    assert ("ING-31", "STOP", 1) in [fault[:3] for fault in arrives(excel(change), name="f.xlsx").faults]


@pytest.mark.fault("ING-32")
def test_a_stray_cell_far_below_stops_at_once(arrives):
    def change(book, sheet):
        sheet["A1048576"] = "x"

    assert arrives(excel(change), name="f.xlsx").faults == [("ING-32", "STOP", None, "")]


@pytest.mark.fault("ING-25")
@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"{\\rtf1 id,q1}", "RTF"), (b'[{"id": 1}]', "JSON"), (b'{"a": [1]}', "JSON"), (b"\x89PNG\r\n", "picture"),
        (b"PAR1xxPAR1", "Parquet"), (b"RDX3\nX\n", "R data"), (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["f.csv", "f.sav", "f.xlsx"])
def test_what_is_no_table_at_all_is_named(arrives, content, what, name):
    found = arrives(content, name=name)
    assert found.faults == [("ING-25", "STOP", None, "")]
    assert what in found.only()["value"]


@pytest.mark.fault("ING-31")
def test_a_sheet_is_named_and_keys_keep_their_zeros(arrives):
    def change(book, sheet):
        book.create_sheet("notes")
        sheet["A3"], sheet["B3"], sheet["B3"].number_format = "00123", 7, "00000"

    found = arrives(excel(change), name="f.xlsx", sheet="data")
    assert (found.faults, found.told["rows"]) == ([], 24)


@pytest.mark.fault("ING-32")
def test_more_rows_than_allowed_stop(arrives):
    assert ("ING-32", "STOP", None, "") in arrives(max_rows=20).faults
    assert arrives(max_rows=24).faults == []


@pytest.mark.fault("ING-33")
def test_a_column_that_nobody_knows_goes_no_further(arrives):
    found = arrives(text_of(*[row + ",x" for row in ROWS], header=HEADER + ",extra"))
    assert found.faults == [("ING-33", "WARN", None, "extra")]


@pytest.mark.fault("ING-33")
def test_several_columns_that_nobody_knows_are_told_once(arrives):
    rows = ["ann@a.example," + row + ",," for row in ROWS]
    found = arrives(text_of(*rows, header="Q 1," + HEADER + ",ann@a.example,Ärea"))
    assert found.faults == [("ING-33", "WARN", None, "Q 1")]
    assert found.only()["count"] == 3 and "ann@a" not in str(found.told["faults"])


@pytest.mark.fault("ING-34")
def test_an_address_in_a_text_that_may_be_published_stops(arrives):
    found = arrives(text_of(*put(3, school="ann.hill@school.example")))
    assert found.faults == [("ING-34", "STOP", 5, "school")]
    assert "ann.hill" not in str(found.told)


@pytest.mark.fault("ING-34")
@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("<ANN.HILL+x@Schüle.example>", True), ("ann.hill\uff20school.example", True),
        ("see ann.hill (at) school.example", True), ("ann.hill @ school.example", True),
        ("5 @ 10.50 each", False), ("Room @2.1", False), ("School (at the park). Yes", False), ("Hill@School", False),
    ],
)  # fmt: skip
def test_an_address_however_it_is_written(arrives, text, address):
    found = arrives(text_of(*put(7, school=text)))
    assert found.faults == ([("ING-34", "STOP", 9, "school")] if address else [])
    assert not address or "hill" not in str(found.told).casefold()


@pytest.mark.fault("REG-13")
def test_a_copy_of_another_delivery_stops(arrives, study):
    arrives()
    entries = (study / "config/sources.csv").read_text(encoding="utf-8")
    first = dict(zip(*(line.split(",") for line in entries.splitlines()), strict=True))
    write_entries(study, first, {**first, "source": "form_after", "wave": "after", "path": "data/raw/f.csv"})
    assert "[REG-13]" in str(arrives.inspect().told)


def after(rows):
    """Records of the second wave."""
    return [row.replace("2016-02-", "2016-06-").replace("-06-31", "-06-30") for row in rows]


@pytest.mark.fault("REG-13")
@pytest.mark.parametrize(("changed", "found"), [(0, True), (1, True), (2, False), (24, False)])
def test_the_answers_of_the_wave_before_once_more_are_warned_of(arrives, study, changed, found):
    arrives()
    (study / "data/raw/first.csv").write_text(text_of(*ROWS), encoding="utf-8")
    rows = [row.split(",") for row in after(ROWS)]
    for place in range(changed):
        rows[place][4:8] = [str(int(rows[place][4]) % 5 + 1), str(int(rows[place][5]) % 4 + 2), "3", "7"]
    text = text_of(*map(",".join, rows))
    arrives(text)
    entries = (study / "config/sources.csv").read_text(encoding="utf-8").splitlines()
    second = dict(zip(*(line.split(",") for line in entries), strict=True)) | {"source": "form_after", "wave": "after"}
    first = text_of(*ROWS).encode()
    write_entries(
        study, second, {**second, "source": "first", "wave": "before", "path": "data/raw/first.csv",
                        "sha256": hashlib.sha256(first).hexdigest(), "bytes": len(first)},
    )  # fmt: skip
    told = arrives.inspect()
    assert [(kind, severity) for kind, severity, *_ in told.faults if kind.startswith("REG")] == (
        [("REG-13", "WARN")] if found else []
    )
    if found:
        assert told.of("REG-13")["value"].endswith("answers of 24 respondents equal those of wave before")


@pytest.mark.fault("REG-12")
def test_a_second_delivery_is_inspected_beside_the_first(arrives, study, capsys):
    arrives()
    path = study / "data/raw/form_before (1).csv"
    path.write_text(text_of(*put(3, q1="1"), "S0099" + ROWS[0][5:]), encoding="utf-8")
    capsys.readouterr()
    main(["inspect", str(path), "--as", "form_before", "--json", "--study", str(study)])
    (fault,) = [fault for fault in json.loads(capsys.readouterr().out)["faults"] if fault["id"] == "REG-12"]
    assert (fault["severity"], fault["file"]) == ("STOP", "data/raw")
    assert "(24 rows) and data/raw/form_before (1).csv (25 rows; 1 new id, 1 changed cell)" in fault["value"]
