"""Text tables: encodings, headers, records that do not fit; each fault by id, severity and place."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilot_eval.faults import StudyFaults
from pilot_eval.readers.layout import Layout
from pilot_eval.readers.text import read_text

GOOD = "id,q1,q2\nS1,3,4\nS2,5,\n"


def read(text, **layout):
    content = text if isinstance(text, bytes) else text.encode()
    return read_text(content, Layout("csv", **{"encoding": "utf-8", **layout}), "data/raw/f.csv")


def faults_of(text, **layout):
    try:
        found = read(text, **layout).faults
    except StudyFaults as error:
        found = error.faults
    return [(fault.id, fault.severity, fault.row) for fault in found]


def messages(text, **layout):
    with pytest.raises(StudyFaults) as caught:
        read(text, **layout)
    return "\n".join(fault.message for fault in caught.value.faults)


def test_a_clean_file_has_no_faults_and_comes_back_as_it_is():
    delivered = read(GOOD)
    assert delivered.columns == ("id", "q1", "q2")
    assert delivered.rows == [2, 3]
    assert delivered.column("q2") == ["4", ""]
    assert delivered.variables[2].n_missing == 1
    assert (delivered.delivered, delivered.faults) == (2, ())


SAFE = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf"], exclude_characters="\ufffd"), max_size=8
)


@given(
    st.lists(st.tuples(SAFE, SAFE, SAFE), min_size=1, max_size=20),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_every_row_written_is_read_rejected_or_blank(rows, delimiter, ending):
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=ending)
    writer.writerows([("first", "second", "third"), *rows])
    try:
        delivered = read(stream.getvalue(), delimiter=delimiter)
    except StudyFaults as error:
        # Texts made at random may look twice encoded, or be all blank: then the file says so.
        assert {fault.id for fault in error.faults} <= {"ING-23", "ING-02", "ING-16", "ING-12", "ING-11", "ING-20"}
        return
    assert len(delivered.rows) + len(delivered.rejects) + delivered.blank == len(rows)
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    read_back = list(zip(*delivered.cells, strict=True))
    assert [row for row in kept if row in read_back] == read_back


@given(st.binary(max_size=300))
def test_any_bytes_end_in_a_table_or_in_faults_that_name_the_file(content):
    try:
        delivered = read(content)
    except StudyFaults as error:
        assert all("data/raw/f.csv" in fault.message for fault in error.faults)
    else:
        assert len(delivered.rows) > 0


def test_undecodable_bytes_name_row_and_column_and_what_fits():
    text = "id,school\nS1,plain\nS2,St Mary’s\nS3,Café\n".encode("cp1252")
    assert faults_of(text) == [("ING-01", "STOP", 3)]
    said = messages(text)
    assert "column school" in said
    assert "0x92" in said
    assert "2 rows" in said
    assert "set encoding to cp1252" in said


def test_utf8_declared_as_single_byte_stops():
    content = "id,n\n1,École\n".encode()
    with pytest.raises(StudyFaults) as caught:
        read(content, encoding="cp1252")
    assert [(f.id, f.row) for f in caught.value.faults] == [("ING-02", 2)]


def test_letters_encoded_twice_are_a_warning():
    assert faults_of("id,n\n1,Ã‰cole\n2,x\n") == [("ING-02", "WARN", 2)]


def test_letters_already_lost_are_a_warning():
    assert faults_of("id,n\n1,St Mary\ufffds\n") == [("ING-02", "WARN", 2)]


def test_a_byte_order_mark_is_no_part_of_the_first_name():
    delivered = read("\ufeffid,a\n1,2\n")
    assert delivered.columns[0] == "id"
    assert [(f.id, f.severity) for f in delivered.faults] == [("ING-03", "OK")]


def test_utf16_is_named_and_read_when_declared():
    content = "id\tname\n1\tÉva\n".encode("utf-16")
    with pytest.raises(StudyFaults) as caught:
        read(content)
    assert caught.value.faults[0].id == "ING-04"
    assert read(content, encoding="utf-16", delimiter="\t").column("name") == ["Éva"]


def test_another_delimiter_is_found():
    said = messages("id;a;b\n1;2,5;3\n")
    assert "ING-05" in said
    assert 'Set delimiter to ";"' in said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("ING-23", "STOP", None)]),
        ("id,a\n", [("ING-23", "STOP", 1)]),
        ("id,a\n1,2\0\n", [("ING-19", "STOP", 2)]),
        ("id,a\n1,2\x0b\n", [("ING-19", "FIX", 2)]),
        ("id,q1,q1\n1,2,3\n", [("ING-13", "STOP", 1)]),
        ("id,q1,Q1 \n1,2,3\n", [("ING-13", "STOP", 1)]),
        ("id,,b\n1,2,3\n", [("ING-13", "STOP", 1)]),
        ("id,a\n1,2\n,\n\n", [("ING-12", "FIX", 3)]),
        ("id,a,b\n1,2,3,\n4,5,6,\n", [("ING-16", "FIX", None)]),
        ("id,a,\n1,2,\n", [("ING-16", "FIX", None)]),
        ("id,a\n1,2,3\n4,5,6\n", [("ING-16", "STOP", 2)]),
        ("Survey of 2016\n\nid,a\n1,2\n3,4\n", [("ING-11", "STOP", 1)]),
        ("Respondent,,,Talk,\nid,b,c,d,e\n1,2,3,4,5\n", [("ING-08", "STOP", 1)]),
    ],
)
def test_each_fault_of_a_table_by_id_and_row(text, expected):
    assert faults_of(text) == expected


def test_short_rows_are_rejected_and_counted():
    delivered = read("id,a,b\n1,2,3\n4,5\n6,7,8\n")
    assert delivered.rows == [2, 4]
    assert [(reject.row, reject.rule) for reject in delivered.rejects] == [(3, "ING-14")]
    assert delivered.delivered == 3


def test_a_few_long_rows_are_rejected_many_stop():
    rows = [f"{number},x,y" for number in range(40)]
    rows[5] = "5,hello, you,y"
    delivered = read("\n".join(["id,a,b", *rows]))
    assert [reject.row for reject in delivered.rejects] == [7]
    assert "ING-15" in messages("id,a,b\n1,2,3,4\n5,6,7\n")


def test_a_footer_is_rejected():
    delivered = read("id,n\nS1,40\nS2,57\nTotal,97\n")
    assert [(reject.row, reject.reason) for reject in delivered.rejects] == [(4, "footer")]
    assert delivered.column("n") == ["40", "57"]


def test_a_file_joined_to_itself_shows_its_header_twice():
    delivered = read(GOOD * 2)
    assert [(reject.row, reject.reason) for reject in delivered.rejects] == [(4, "header_again")]


def test_faults_are_gathered():
    found = {fault[0] for fault in faults_of("id,q1,q1\n1,2\n3,4,5\n\n")}
    assert {"ING-12", "ING-13", "ING-14"} <= found


def test_words_for_missing_are_data():
    assert read("area,n\nNA,None\nnull,nan\n").cells == (["NA", "null"], ["None", "nan"])


def test_qualtrics_headers_only_when_declared():
    text = 'Q1,Q2\n"How, really?",Then\n"{""ImportId"":""QID1""}","{""ImportId"":""QID2""}"\n4,5\n'
    assert faults_of(text) == [("ING-09", "STOP", 3)]
    delivered = read(text, header="qualtrics")
    assert delivered.variables[0].label == "How, really?"
    assert (delivered.rows, delivered.column("Q1")) == ([4], ["4"])
    assert faults_of(GOOD, header="qualtrics") == [("ING-09", "STOP", 1)]


def test_surveymonkey_headers_only_when_declared():
    text = "Respondent ID,Which contacts?,,Comment\n,E-mail,Phone,Open-Ended Response\n7,1,,none\n"
    assert faults_of(text) == [("ING-10", "STOP", 2)]
    delivered = read(text, header="surveymonkey")
    assert delivered.columns == ("Respondent ID", "Which contacts?: E-mail", "Which contacts?: Phone", "Comment")
    assert delivered.rows == [3]
