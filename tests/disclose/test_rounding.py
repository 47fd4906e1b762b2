"""Numbers as published."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilot_eval.disclose.rounding import published, rounded, rounded_count


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(0.125, 2, "0.13"), (-0.125, 2, "-0.13"), (2.675, 2, "2.68"), (0.1 + 0.2 - 0.175, 2, "0.13"), (-0.001, 2, "0.00")],
)
def test_halves_go_away_from_zero_whatever_the_last_bits_say(value, digits, text):
    assert str(rounded(value, digits)) == text


@given(st.integers(0, 10**6), st.integers(1, 50))
def test_counts_are_multiples_and_near(value, base):
    result = rounded_count(value, base)
    assert result % base == 0
    assert abs(result - value) * 2 <= base


@given(st.floats(-1e6, 1e6), st.integers(0, 4))
def test_shown_is_the_value(value, digits):
    text, shown, _ = published(value, "estimate", digits, 5)
    assert shown.replace(",", "") == text
    assert abs(Decimal(text) - Decimal(value)) <= Decimal(1).scaleb(-digits) / 2 + Decimal("1e-5")


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (0.0004, "p", ("0.001", "<0.001", "")),
        (0.001, "p", ("0.001", "0.001", "")),
        (0.0496, "p", ("0.050", "0.050", "")),
        (1234, "count", ("1235", "1,235", "")),
        (2, "count", ("0", "[low]", "low")),
        (0, "count", ("0", "0", "")),
        (0.001, "share", ("0.00", "[low]", "low")),
        (0.001, "estimate", ("0.00", "0.00", "")),
    ],
)
def test_each_kind_in_its_form(value, kind, expected):
    assert published(value, kind, 2, 5) == expected
