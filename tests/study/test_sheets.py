import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilot_eval.study.sheets import read_codebook, read_rows, read_sources

SETS = {"often": {1: "Never", 2: "Always"}}
HEAD = "item,label,type,use,name,name.b,labels,labels.b,missing,reversed,recode.b,low,high\n"


def codebook(*lines):
    return read_codebook(HEAD + "".join(f"{line}\n" for line in lines), "c.csv", ["a", "b"], SETS)


def test_an_item_has_a_column_per_wave():
    items, lines, faults = codebook("x,X,likert,,Q1,Q2,@often,1=Nie|2=Immer,9=refused,b,0=1|1=2,,")
    assert not faults
    (item,) = items
    assert item.names == {"a": "Q1", "b": "Q2"}
    assert (item.labels, item.wave_labels) == ({1: "Never", 2: "Always"}, {"b": {1: "Nie", 2: "Immer"}})
    assert (item.missing, item.reversed, item.recodes) == ({9: "refused"}, ("b",), {"b": {0: 1, 1: 2}})
    assert lines == {"x": 2}


def test_a_dash_means_not_asked_and_no_name_means_the_item_itself():
    items, _, _ = codebook("x,X,number,,,-,,,,,,0,10")
    assert items[0].names == {"a": "x", "b": None}
    assert (items[0].low, items[0].high) == (0, 10)


def test_bounds_of_a_date_are_days():
    items, _, _ = codebook("x,X,date,completed,,,,,,,,2020-01-01,2020-12-31")
    assert (str(items[0].earliest), str(items[0].latest)) == ("2020-01-01", "2020-12-31")


@pytest.mark.fault("CFG-21", "CFG-22", "CFG-23", "CFG-24")
def test_every_wrong_cell_is_named_with_line_and_column():
    _, lines, faults = codebook(
        "x,X,likert,,,,@ofen,,,,,,",
        "y,Y,likert,,,,1-Never,,,,,,",
        "z,Z,number,,,,,,,,1=a,,",
        "z,Z,lickert,,,,,,,,,low,",
        "w,W,likert,,,,,,,,,,,",
        "",
        "v,,ordinal,,,,,,,,,,",
    )
    assert [(fault.id, fault.row, fault.column) for fault in faults] == [
        ("CFG-21", 6, ""),
        ("CFG-23", 2, "labels"),
        ("CFG-24", 3, "labels"),
        ("CFG-24", 4, "recode.b"),
        ("CFG-12", 5, "low"),
        ("CFG-22", 5, "item"),
        ("CFG-11", 8, "label"),
    ]
    assert faults[1].action == 'Did you mean "@often"?'
    assert set(lines) == {"x", "y", "z", "v"}


@pytest.mark.fault("CFG-20")
def test_unknown_and_repeated_columns_are_refused_with_the_nearest_name():
    _, faults = read_rows("item,lable,item\nx,X,y\n", "c.csv", ("item", "label"))
    assert [(fault.id, fault.column, fault.action) for fault in faults] == [
        ("CFG-20", "item", "Delete one"),
        ("CFG-20", "lable", 'Did you mean "label"?'),
    ]


def test_lines_are_physical_also_below_quoted_line_ends():
    rows, faults = read_rows('a,b\n"x\ny",1\n\nz,2\n', "c.csv", ("a", "b"))
    assert not faults
    assert [(line, row["b"]) for line, row in rows] == [(2, "1"), (5, "2")]


def test_an_open_quotation_mark_is_a_fault_and_no_traceback():
    _, faults = read_rows('a,b\n"x"y,1\n', "c.csv", ("a", "b"))
    assert [fault.id for fault in faults] == ["CFG-21"]


def test_a_source_twice_is_named_with_both_lines():
    head = "source,kind,path,format,sha256,bytes,rows\n"
    line = f"s,register,data/raw/a.csv,csv,{'0' * 64},1,1\n"
    sources, _, faults = read_sources(head + line + line, "s.csv")
    assert len(sources) == 2
    assert [(fault.id, fault.row) for fault in faults] == [("CFG-22", 3)]
    assert "line 2 too" in faults[0].saw


@given(st.text(max_size=80))
def test_any_text_is_a_codebook_or_has_faults(text):
    for cell in (text, HEAD + text):
        items, lines, _ = read_codebook(cell, "c.csv", ["a", "b"], SETS)
        assert {item.item for item in items} <= set(lines)


DATED = "item,label,type,labels,recode.a,reversed,from,until\n"


def test_an_item_may_have_a_line_for_each_coding_within_a_wave():
    lines = "q,Q,likert,1=No|2=Yes,,,,2020-01-31\nr,R,text,,,,,\nq,Q,likert,1=No|2=Yes,0=1|1=2,a,2020-02-01,\n"
    items, _, faults = read_codebook(DATED + lines, "c.csv", ["a"], {})
    assert not faults
    assert [item.item for item in items] == ["q", "r"]
    (later,) = items[0].later
    assert (later.recodes, later.reversed, str(later.since)) == ({"a": {0: 1, 1: 2}}, ("a",), "2020-02-01")


@pytest.mark.parametrize(
    ("line", "fault"),
    [("q,Q,likert,1=No|2=Yes,,,2020-01-31,", ("CFG-22", "from")), ("q,Q,likert,1=No|2=Yes,,,,", ("CFG-22", "item")),
     ("q,Q,likert,1=No|3=Yes,,,2020-02-01,", ("CFG-36", "labels")), ("q,Q,text,,,,2020-02-01,", ("CFG-35", "item"))],
)  # fmt: skip
def test_lines_of_one_item_must_hold_on_other_days_and_mean_the_same(line, fault):
    first = "q,Q,likert,1=No|2=Yes,,,,2020-01-31\n"
    _, _, faults = read_codebook(DATED + first + line + "\n", "c.csv", ["a"], {})
    assert fault in [(found.id, found.column) for found in faults]
    assert {found.row for found in faults} == {3}
