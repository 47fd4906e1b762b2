import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilot_eval.clean.reading import Reading, word_code, words_of
from pilot_eval.clean.values import kind_of, parse_number, read_code, read_text

LABELS = {1: "Low", 2: "Mid", 3: "High"}
LIKERT = Reading("q", "likert", "answer", "Q1", labels=LABELS, words=words_of(LABELS), missing={9: "refused"})


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([".", ","]))
def test_a_number_reads_back_with_either_mark(number, decimal):
    assert parse_number(repr(number).replace(".", decimal), decimal) == number


@settings(deadline=None)
@given(st.text(max_size=10), st.sampled_from([".", ","]))
def test_any_text_is_a_code_or_missing_with_a_kind(text, decimal):
    cell = read_code(text, LIKERT, decimal)
    assert (cell.value in LIKERT.labels) != bool(cell.kind)
    assert not cell.fault or cell.kind in ("out_of_range", "unreadable")


@settings(deadline=None)
@given(st.integers(-1000, 1000))
def test_whole_numbers_are_valid_missing_or_out_of_range(number):
    cell = read_code(str(number), LIKERT, ".")
    kind = "" if number in LIKERT.labels else LIKERT.missing.get(number, "out_of_range")
    assert (cell.value, cell.kind) == (float(number) if kind == "" else None, kind)


@settings(deadline=None)
@given(st.text(max_size=10))
def test_text_is_read_once_and_for_all(text):
    once = read_text(text).value
    assert once is None or read_text(once).value == once


@pytest.mark.parametrize("text", ["2.0000000001", "２", " 2 ", "\u200b2", "+2", "2.", "mid", "MID "])
def test_forms_of_one_answer(text):
    assert read_code(text, LIKERT, ".").value == 2.0


@pytest.mark.parametrize("text", ["1.234.567", "0x10", "1_000", "٣x", "nan", "--1", "1e999"])
def test_what_is_no_number(text):
    assert parse_number(text, ".") is None


def test_labels_that_differ_in_punctuation_only_stay_two():
    words = words_of({1: "<5", 2: ">5", 3: "About five"})
    assert (word_code("<5", words), word_code(">5", words)) == (1, 2)
    assert word_code("5", words) is None
    assert word_code("about-FIVE", words) == 3


def test_kinds_are_words_of_the_study():
    assert kind_of("Don’t know") == "dont_know" and kind_of("?") == "declared"


def test_minus_nought_is_nought():
    assert math.copysign(1, parse_number("-0", ".")) == 1


@pytest.mark.parametrize("text", ["12³", "³", "²3", "①"])
def test_a_raised_or_circled_digit_is_no_part_of_a_number(text):
    count = Reading("n", "count", "answer", "N")
    cell = read_code(text, count, ".")
    assert (cell.value, cell.kind, cell.fault) == (None, "unreadable", "CLN-24")
