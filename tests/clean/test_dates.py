import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilot_eval.clean.dates import FORMS, form_of, parse_day, read_date


@settings(deadline=None)
@given(st.dates(dt.date(1970, 1, 1), dt.date(2068, 12, 31)), st.sampled_from(FORMS))
def test_a_date_reads_back_in_its_form(day, form):
    assert parse_day(day.strftime(form), form, "UTC") == day


@pytest.mark.parametrize(
    ("text", "form"),
    [("2016-04-03", "%d/%m/%Y"), ("25/04/2016", "%m/%d/%Y"), ("30/02/2016", "%d/%m/%Y"), ("42463", "%d/%m/%Y"),
     ("yesterday", "%Y-%m-%d"), ("0000-00-00", "%Y-%m-%d"), ("03/04/16", "%d/%m/%Y")],
)  # fmt: skip
def test_what_does_not_fit_is_missing(text, form):
    cell = read_date(text, form, "UTC", "", "")
    assert (cell.value, cell.fault) == (None, "CLN-20")


def test_a_time_with_an_offset_is_taken_to_the_day_it_was_there():
    assert parse_day("2016-06-30T23:30+00:00", "%Y-%m-%d", "Europe/London") == dt.date(2016, 7, 1)
    assert parse_day("2016-06-30T23:30+00:00", "%Y-%m-%d", "UTC") == dt.date(2016, 6, 30)


def test_days_of_no_wave_are_missing():
    cell = read_date("2061-01-01", "%Y-%m-%d", "UTC", "2015-09-01", "2016-07-31")
    assert (cell.kind, cell.fault) == ("out_of_range", "CLN-22")


@pytest.mark.parametrize(("text", "earliest"), [("1900-01-01", ""), ("9999-12-31", ""), ("1970-01-01", "2015-09-01")])
def test_days_that_stand_for_no_date_are_missing(text, earliest):
    cell = read_date(text, "%Y-%m-%d", "UTC", earliest, "")
    assert (cell.kind, cell.fault) == ("out_of_range", "CLN-20")


def test_a_day_of_birth_may_be_the_first_that_computers_count():
    assert read_date("1970-01-01", "%Y-%m-%d", "UTC", "", "").value == "1970-01-01"


def test_a_form_is_proposed_only_when_it_is_the_only_one():
    assert form_of(["25/04/2016", "01/05/2016"]) == "%d/%m/%Y"
    assert form_of(["01/05/2016"]) is None
