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


@pytest.mark.parametrize(
    ("content", "decimal", "thousands"),
    [
        ('id,n\n1,"1,234"\n2,900\n', ".", ","),
        ("id;n\n1;1.234,5\n2;900\n", ",", "."),
        ("id;n;w\n1;1.234;2,5\n2;900;3,5\n", ",", "."),
        ("id;n;w\n1;1,234;2.5\n2;900;3.5\n", ".", ","),
        ("id;n\n1;1.234.567\n", ",", "."),
        ("id;n\n1;1 234\n2;12\n", ".", " "),
        ("id;n\n1;1'234,5\n2;12,5\n", ",", "'"),
        # Decimals of three places may be just that.
        ("id;n\n1;1.234\n2;3.125\n", ".", ""),
        ("id;n\n1;1,234\n2;3,125\n", ",", ""),
        ("id,n\n1,1.234\n2,900\n", ".", ""),
        ("id;day\n1;01.02.2016\n", ".", ""),
        ("id;version\n1;1.123.456\n2;1.2.3\n", ".", ""),
    ],
)
def test_marks_of_numbers_are_found(content, decimal, thousands):
    found = find_layout(content.encode())
    assert (found.decimal, found.thousands) == (decimal, thousands)
