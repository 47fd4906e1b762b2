"""SPSS files: codes kept, kinds of missing apart, encodings checked, nothing cut off in silence."""

import datetime as dt
import struct

import pandas as pd
import pyreadstat
import pytest

from pilot_eval.faults import StudyFaults
from pilot_eval.readers.layout import Layout
from pilot_eval.readers.read import read_delivery
from pilot_eval.readers.spss import read_spss
from pilot_eval.readers.spss_header import read_header

FRAME = pd.DataFrame(
    {"id": ["a1", "b2", "c3"], "q1": [1.0, 8.0, None], "wait": [2.5, 3.0, 0.1], "name": ["Zoë", "", "Café"]}
)
DAY = (dt.date(2014, 9, 10) - dt.date(1582, 10, 14)).days * 86400.0


def written(tmp_path, frame=FRAME, suffix="sav", **options):
    path = tmp_path / f"f.{suffix}"
    pyreadstat.write_sav(frame, path, compress=suffix == "zsav", **options)
    return path


def read(path, **layout):
    return read_spss(path.read_bytes(), Layout("sav", **layout), "data/raw/f.sav")


def ids(path, **layout):
    with pytest.raises(StudyFaults) as caught:
        read(path, **layout)
    return [(fault.id, fault.severity) for fault in caught.value.faults], str(caught.value)


@pytest.mark.parametrize("suffix", ["sav", "zsav"])
def test_cells_are_the_shortest_text_of_what_is_stored(tmp_path, suffix):
    delivered = read(written(tmp_path, suffix=suffix))
    assert delivered.column("q1") == ["1", "8", ""]
    assert delivered.column("wait") == ["2.5", "3", "0.1"]
    assert delivered.column("name") == ["Zoë", "", "Café"]
    assert delivered.rows == [1, 2, 3]
    assert (delivered.encoding, delivered.faults) == ("UTF-8", ())


def test_labels_and_kinds_of_missing_are_kept_apart(tmp_path):
    path = written(
        tmp_path,
        column_labels={"q1": "How often?"},
        variable_value_labels={"q1": {1: "Never", 8: "Don't know"}},
        missing_ranges={"q1": [8, {"lo": 90, "hi": 99}], "id": ["c3"]},
    )
    variables = {variable.name: variable for variable in read(path).variables}
    q1 = variables["q1"]
    assert (q1.label, q1.value_labels) == ("How often?", {"1": "Never", "8": "Don't know"})
    assert (q1.missing.values, q1.missing.ranges) == (("8",), ((90.0, 99.0),))
    assert (q1.n_missing, q1.n_user_missing) == (1, 1)
    assert variables["id"].n_user_missing == 1


def test_days_and_times_become_iso_text(tmp_path):
    frame = pd.DataFrame({"day": [DAY, 1e15, -5.0], "at": [DAY + 3661, None, DAY]})
    delivered = read(written(tmp_path, frame, variable_format={"day": "ADATE10", "at": "DATETIME20"}))
    assert delivered.column("day") == ["2014-09-10", "", ""]
    assert delivered.column("at") == ["2014-09-10T01:01:01", "", "2014-09-10T00:00:00"]
    (fault,) = delivered.faults
    assert (fault.id, fault.severity, fault.row, fault.column, fault.count) == ("ING-28", "WARN", 2, "day", 2)


def test_cp1252_bytes_under_a_utf8_header_stop_and_are_read_when_declared(tmp_path):
    path = written(tmp_path)
    content = path.read_bytes()
    padded = content.replace("Zoë".encode(), "Zo\xeb ".encode("cp1252")).replace(
        "Café".encode(), "Caf\xe9 ".encode("cp1252")
    )
    path.write_bytes(padded)
    found, said = ids(path)
    assert found == [("ING-26", "STOP")]
    assert "row 1" in said
    assert "column name" in said
    assert "cp1252" in said
    assert read(path, encoding="cp1252").column("name") == ["Zoë", "", "Café"]


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_file_cut_short_stops(tmp_path, share):
    frame = pd.DataFrame({f"q{n}": range(300) for n in range(4)}, dtype="float64") + 0.5
    path = written(tmp_path, frame)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    found, said = ids(path)
    assert found == [("ING-24", "STOP")]
    assert "ends early" in said


def test_more_cases_than_announced_stop(tmp_path):
    path = written(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[:80] + struct.pack("<i", 2) + content[84:])
    found, said = ids(path)
    assert found == [("ING-24", "STOP")]
    assert "3 cases" in said


def test_a_count_that_the_writer_did_not_know_is_no_fault(tmp_path):
    path = written(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[:80] + struct.pack("<i", -1) + content[84:])
    assert len(read(path).rows) == 3


def test_variables_without_cases_stop(tmp_path):
    assert ids(written(tmp_path, FRAME.iloc[:0]))[0] == [("ING-23", "STOP")]


def test_header_tells_encoding_and_cases(tmp_path):
    header = read_header(written(tmp_path).read_bytes())
    assert (header.cases, header.encoding, header.order) == (3, "UTF-8", "<")
    with pytest.raises(ValueError, match="ends early"):
        read_header(b"$FL2 and nothing more")


def test_long_texts_and_many_bytes_come_back_whole(tmp_path):
    text = "é" * 700
    delivered = read(written(tmp_path, pd.DataFrame({"t": [text, "b"]})))
    assert delivered.column("t") == [text, "b"]


def test_any_flipped_byte_ends_in_cells_or_in_a_fault(tmp_path):
    path = written(tmp_path)
    content = path.read_bytes()
    for place in range(0, len(content), 37):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
        try:
            read_delivery(path, "f.sav")
        except StudyFaults as error:
            assert all(fault.file == "f.sav" for fault in error.faults)


def test_portable_files_say_that_kinds_of_missing_are_lost(tmp_path):
    path = tmp_path / "f.por"
    pyreadstat.write_por(pd.DataFrame({"Q1": [1.0, 2.0, None]}), path)
    delivered = read_delivery(path, "f.por")
    assert delivered.column("Q1") == ["1", "2", ""]
    assert [fault.id for fault in delivered.faults] == ["ING-29"]
