import datetime as dt

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pilot_eval.faults import StudyFaults
from pilot_eval.study.lines import CONTROL, read_yaml

TEXT = """\
title: A
waves:
  - id: one
    start: 2020-01-02
  - {id: two, start: 2020-13-02}

labels: {1: low, 2: high}
"""


def test_the_value_is_that_of_the_file():
    value, _ = read_yaml(TEXT, "f")
    assert value["waves"][0] == {"id": "one", "start": dt.date(2020, 1, 2)}
    assert value["labels"] == {1: "low", 2: "high"}


def test_an_impossible_date_stays_text_so_that_it_is_refused_where_it_stands():
    assert read_yaml(TEXT, "f")[0]["waves"][1]["start"] == "2020-13-02"


@pytest.mark.parametrize(
    ("path", "line"),
    [(("title",), 1), (("waves",), 2), (("waves", 0, "start"), 4), (("waves", 1, "id"), 5), (("labels", 2), 7)],
)
def test_each_key_has_its_line(path, line):
    assert read_yaml(TEXT, "f")[1][path] == line


@pytest.mark.fault("CFG-01", "CFG-02", "CFG-03")
@pytest.mark.parametrize(
    ("text", "kind", "row"),
    [
        ("", "CFG-02", 1),
        ("- a\n- b\n", "CFG-02", 1),
        ("just words\n", "CFG-02", 1),
        ("a: 1\nb: {c\n", "CFG-01", 2),
        ("a: 1\nb: {outcome} ~ wave\n", "CFG-01", 2),
        ("a: 1\n\tb: 2\n", "CFG-01", 2),
        ("a: \x07\n", "CFG-01", 1),
        ("a: 1\n---\nb: 2\n", "CFG-01", 2),
        ("a: 1\n? [b]\n: 2\n", "CFG-01", 2),
        ("a: &x [*x]\n", "CFG-01", 1),
        ("a: 1\nb: !!python/object:os.system 1\n", "CFG-01", 2),
        ("a: " + "[" * 5000, "CFG-01", 1),
        ("a: 1\nb: 2\na: 3\n", "CFG-03", 3),
        ("a:\n  b: 1\n  b: 2\n", "CFG-03", 3),
        ("a: {1: x, 0x1: y}\n", "CFG-03", 1),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", "CFG-01", 3),
    ],
)
def test_what_is_no_mapping_of_single_keys_is_refused_with_its_line(text, kind, row):
    with pytest.raises(StudyFaults) as caught:
        read_yaml(text, "config/study.yaml")
    (fault,) = caught.value.faults
    assert (fault.id, fault.row, fault.file) == (kind, row, "config/study.yaml")


def test_aliases_that_multiply_are_refused_before_they_fill_the_memory():
    layers = [f"k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 9)}]" for n in range(1, 10)]
    with pytest.raises(StudyFaults, match="more entries than a study has"):
        read_yaml("\n".join(["k0: &k0 [x, x]", *layers]), "config/study.yaml")


def test_a_file_with_a_mark_and_windows_line_ends_reads_alike():
    assert read_yaml("\ufeff" + TEXT.replace("\n", "\r\n"), "f") == read_yaml(TEXT, "f")


shown = st.text(max_size=8).filter(lambda text: not CONTROL.search(text))
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | shown,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcxyz_", min_size=1, max_size=6), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abcxyz_", min_size=1, max_size=6), plain, min_size=1))
def test_value_and_lines_agree_with_the_text(value):
    text = yaml.safe_dump(value)
    read, lines = read_yaml(text, "f")
    assert read == value
    for path, line in lines.items():
        assert 1 <= line <= text.count("\n") + 1
        inner = value
        for part in path:
            inner = inner[part]
        if path and isinstance(path[-1], str) and path[-1] not in ("y", "n"):
            assert f"{path[-1]}:" in text.splitlines()[line - 1]


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_faults(text):
    try:
        value, _ = read_yaml(text, "f")
    except StudyFaults as error:
        assert all(fault.id in ("CFG-01", "CFG-02", "CFG-03") and fault.row >= 1 for fault in error.faults)
    else:
        assert isinstance(value, dict)
