"""The canonical form joins what people see as one name and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilot_eval.canonical import canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St Mary's", "ST MARY’S"),
        ("Saint Mary's", "St. Mary's"),
        ("Cafe\u0301", "Café"),
        ("Elm\u00a0Vale\u200b", " elm  vale"),
        ("Bath/NE Somerset", "Bath NE Somerset"),
        ("Broad & Marsh", "Broad and Marsh"),
        ("３rd", "3rd"),
    ],
)
def test_spellings_of_one_name_are_alike(one, other):
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(("one", "other"), [("Elm Vale", "Elm Dale"), ("Café", "Cafe"), ("A1", "A 1")])
def test_other_names_stay_apart(one, other):
    assert canonical(one) != canonical(other)


@given(st.text())
def test_it_is_idempotent_and_plain(text):
    once = canonical(text)
    assert canonical(once) == once
    assert once == once.strip()
    assert "  " not in once


@given(st.text(alphabet=st.characters(codec="ascii")))
def test_case_and_outer_space_never_count(text):
    assert canonical(text.upper()) == canonical(f" {text.lower()}\t")


@given(st.text(st.characters(max_codepoint=127), max_size=30))
def test_plain_letters_take_a_shorter_way_to_the_same_form(text):
    # A letter that is no ASCII takes the long way; as a word of its own it changes nothing else.
    assert canonical(f"{text} é") == f"{canonical(text)} é".strip()
