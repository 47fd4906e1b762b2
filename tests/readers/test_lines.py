"""Every record comes back, and every physical line is accounted for."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilot_eval.faults import StudyFaults
from pilot_eval.readers.lines import read_records, shape, swallowed

CELL = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)


@st.composite
def tables(draw):
    width = draw(st.integers(1, 5))
    return draw(st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=12))


def written(rows, delimiter=",", ending="\n"):
    stream = io.StringIO(newline="")
    # Python 3.11's writer leaves a lone carriage return without quotation marks when lines end in LF.
    quoting = csv.QUOTE_ALL if any("\r" in cell for row in rows for cell in row) else csv.QUOTE_MINIMAL
    csv.writer(stream, delimiter=delimiter, lineterminator=ending, quoting=quoting).writerows(rows)
    return stream.getvalue()


@given(tables(), st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n"]))
def test_what_was_written_comes_back(rows, delimiter, ending):
    records = read_records(written(rows, delimiter, ending), delimiter, "f.csv")
    assert [record.fields for record in records] == rows


@given(tables(), st.sampled_from(["\n", "\r\n"]))
def test_records_cover_every_line_once(rows, ending):
    text = written(rows, ending=ending)
    records = read_records(text, ",", "f.csv")
    covered = [line for record in records for line in range(record.row, record.end + 1)]
    assert covered == list(range(1, len(io.StringIO(text, newline="").readlines()) + 1))


def test_old_line_ends_are_lines_too():
    assert [record.row for record in read_records("a,b\r1,2\r3,4\r", ",", "f.csv")] == [1, 2, 3]


def test_a_quotation_mark_that_never_closes_names_its_row():
    with pytest.raises(StudyFaults) as caught:
        read_records('id,text,x\n1,"hello,3\n2,b,4\n3,c,5\n', ",", "f.csv")
    (fault,) = caught.value.faults
    assert (fault.id, fault.severity, fault.row) == ("ING-17", "STOP", 2)


def test_one_that_a_later_one_closes_is_found_where_text_follows_it():
    with pytest.raises(StudyFaults) as caught:
        read_records('id,text,x\n1,"hello,3\n2,b,4\n3,"c",5\n', ",", "f.csv")
    (fault,) = caught.value.faults
    assert fault.row == 2
    assert "row 4" in fault.saw


def test_one_closed_by_chance_is_given_away_by_the_records_inside():
    text = 'id,text,x,y\n1,"hello,3,4\n2,b,4,5\n3,",7,8\n4,d,5,6\n'
    faults = swallowed(read_records(text, ",", "f.csv"), text, ",", "f.csv")
    assert [fault.row for fault in faults] == [2]


def test_long_texts_over_several_lines_are_no_fault():
    text = 'id,text,x\n1,"Dear all,\nthanks, and so on,\n\nbye",3\n2,b,4\n'
    records = read_records(text, ",", "f.csv")
    assert not swallowed(records, text, ",", "f.csv")
    assert [record.row for record in records] == [1, 2, 6]


@pytest.mark.parametrize(("cell", "expected"), [("S0001", "a9"), (" 12 ", "9"), ("a-1", "a-9"), ("", "")])
def test_shapes(cell, expected):
    assert shape(cell) == expected
