"""What a text table shows of its own layout."""

import pytest

from pilot_eval.readers.layout import find_date_format, find_layout


@pytest.mark.parametrize(
    ("content", "encoding", "delimiter", "decimal", "header"),
    [
        (b"id,a\n1,2.5\n", "utf-8", ",", ".", "plain"),
        ("id;a\n1;2,5\n2;Zoë\n".encode("cp1252"), "cp1252", ";", ",", "plain"),
        ("\ufeffid\ta\n1\t2\n".encode(), "utf-8", "\t", ".", "plain"),
        ("id\ta\n1\té\n".encode("utf-16"), "utf-16", "\t", ".", "plain"),
        (b"id\n1\n2\n", "utf-8", ",", ".", "plain"),
        (b'a,b\nx,y\n"{""ImportId"":""a""}","{""ImportId"":""b""}"\n1,2\n', "utf-8", ",", ".", "qualtrics"),
        (b"RespondentID,What?,\n,Yes,No\n1,1,\n", "utf-8", ",", ".", "surveymonkey"),
        (b'id;text\n1;"a,b,c"\n2;"d,e,f"\n', "utf-8", ";", ".", "plain"),
    ],
)
def test_layouts_are_found(content, encoding, delimiter, decimal, header):
    found = find_layout(content)
    assert (found.encoding, found.delimiter, found.decimal, found.header) == (encoding, delimiter, decimal, header)


@pytest.mark.parametrize(
    ("cells", "form"),
    [
        (["2016-07-04", ""], "%Y-%m-%d"),
        (["04/07/2016", "25/07/2016"], "%d/%m/%Y"),
        (["07/25/2016", "07/04/2016"], "%m/%d/%Y"),
        (["04.07.2016"], "%d.%m.%Y"),
        (["3", "4"], "%Y-%m-%d"),
        ([], "%Y-%m-%d"),
    ],
)
def test_date_formats_are_found(cells, form):
    assert find_date_format([["a", "b"], cells]) == form
