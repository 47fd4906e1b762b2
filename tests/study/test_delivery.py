import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pilot_eval.study.delivery import Item, Source, read_pairs

SOURCE = {"source": "a", "kind": "survey", "path": "data/raw/a.csv", "format": "csv", "sha256": "0" * 64,
          "bytes": "1", "rows": "1"}  # fmt: skip

label = st.text(
    st.characters(blacklist_characters="|", blacklist_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1
)


@given(st.dictionaries(st.integers(-999, 999), label))
def test_pairs_are_read_as_written(pairs):
    text = " | ".join(f"{code} = {words}" for code, words in pairs.items())
    assert read_pairs(text) == pairs


@given(st.text(max_size=30))
def test_any_text_is_pairs_or_a_plain_complaint(text):
    try:
        pairs = read_pairs(text)
    except ValueError as error:
        assert str(error)
    else:
        assert all(isinstance(code, int) and words for code, words in pairs.items())


@pytest.mark.parametrize("text", ["Never", "1", "1=", "a=Never", "1=Never|1=Always", "1.5=Half"])
def test_what_is_no_pair_is_named(text):
    with pytest.raises(ValueError, match=r"expected code=label|stands twice"):
        read_pairs(text)


def test_tab_is_a_word_in_sources():
    assert Source(**SOURCE, delimiter="tab").delimiter == "\t"


@pytest.mark.parametrize(
    ("key", "value"),
    [("delimiter", ";;"), ("encoding", "utf-99"), ("timezone", "Europe/Londom"), ("sha256", "abc"), ("bytes", "-1"),
     ("decimal", ";"), ("kind", "surveys"), ("received", "2015-02-30")],
)  # fmt: skip
def test_impossible_cells_are_refused(key, value):
    with pytest.raises(ValidationError):
        Source(**{**SOURCE, key: value})


def test_identifying_items_are_those_that_tell_who_it_is():
    item = {"item": "x", "label": "X", "type": "text", "names": {}}
    assert Item(**item, use="email").identifying
    assert not Item(**item, use="organisation").identifying
