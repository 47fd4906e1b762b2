"""Tables of notebooks are rebuilt such that they keep the rules of tables, and no text is lost."""

import re

import pandas as pd
import pytest
from markdown_it import MarkdownIt

from pilot_eval.publish.notebook_tables import accessible


def read(html):
    """Caption, headers and rows of the one table of some HTML."""
    (caption,) = re.findall(r'<caption><span class="head">(.*?)</span></caption>', html)
    heads = re.findall(r'<th scope="col">(.*?)</th>', html)
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', html)
    return caption, heads, [[first, *re.findall(r"<td>(.*?)</td>", rest)] for first, rest in rows]


def test_a_frame_has_a_caption_and_headers_with_scopes():
    frame = pd.DataFrame({"n": [1, 2]}, index=pd.Index(["<i>", "y"], name="who"))
    caption, heads, rows = read(accessible(frame._repr_html_(), "Output 1"))
    assert (caption, heads) == ("Output 1", ["who", "n"])
    assert rows == [["&lt;i&gt;", "1"], ["y", "2"]]


def test_labels_that_reach_over_rows_and_columns_stand_in_each():
    index = pd.MultiIndex.from_tuples([("a", "x"), ("a", "y"), ("b", "x")], names=["area", "role"])
    columns = pd.MultiIndex.from_tuples([("before", "n"), ("before", "mean"), ("after", "n")])
    frame = pd.DataFrame([[1, 2, 3], [4, 5, 6], [7, 8, 9]], index=index, columns=columns)
    html = accessible(frame._repr_html_(), "Both")
    _, heads, rows = read(html)
    assert heads == ["area", "role", "before, n", "before, mean", "after, n"]
    assert [row[:2] for row in rows] == [["a", "x"], ["a", "y"], ["b", "x"]]
    assert rows[1] == ["a", "y", "4", "5", "6"]
    assert "rowspan" not in html and "colspan" not in html


def test_a_column_without_a_name_gets_one():
    frame = pd.DataFrame([["p", "q"]], columns=["", "b"])
    assert read(accessible(frame._repr_html_(), "x"))[1] == ["Row", "Column 2", "b"]


def test_tables_of_markdown_too_and_what_is_around_stays():
    html = MarkdownIt("commonmark").enable("table").render("Before\n\n| a | b |\n|---|---|\n| 1 | *2* |\n\nAfter")
    made = accessible(html, "In the text")
    assert read(made) == ("In the text", ["a", "b"], [["1", "2"]])
    assert made.startswith("<p>Before</p>") and made.rstrip().endswith("<p>After</p>")


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "a & b", "学校 🏫"])
def test_text_stays_text(text):
    frame = pd.DataFrame({"label": [text]})
    made = accessible(frame._repr_html_(), text)
    assert "<script" not in made
    assert frame._repr_html_().count("&lt;script") <= made.count("&lt;script")
