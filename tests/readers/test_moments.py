"""SPSS counts seconds since 14 October 1582."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilot_eval.readers.delivered import as_number, number_text
from pilot_eval.readers.moments import EPOCH, kind_of_format, moment_text


@given(st.datetimes(min_value=EPOCH, max_value=dt.datetime(9999, 12, 30)))
def test_moments_come_back(moment):
    moment = moment.replace(microsecond=0)
    seconds = (moment - EPOCH).total_seconds()
    assert moment_text(seconds, "datetime") == moment.isoformat()
    assert moment_text(seconds, "date") == moment.date().isoformat()


@pytest.mark.parametrize("seconds", [-1.0, 6.3e12, 1e300])
def test_impossible_moments_are_none(seconds):
    assert moment_text(seconds, "date") is None


def test_times_may_be_longer_than_a_day():
    assert moment_text(99000.0, "time") == "27:30:00"
    assert moment_text(-61.0, "time") == "-00:01:01"


@pytest.mark.parametrize(
    ("format", "kind"),
    [("F8.2", "numeric"), ("ADATE10", "date"), ("DATETIME20", "datetime"), ("TIME8", "time"), ("A20", "string")],
)
def test_formats(format, kind):
    assert kind_of_format(format) == kind


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_come_back_from_their_text(number):
    text = number_text(number)
    assert "e" not in text.lower()
    assert as_number(text) == number
