"""lme4's notation taken apart."""

import pytest

from pilot_eval.mixed import ModelError
from pilot_eval.mixed.formula import parse


def test_nesting_is_written_out_as_r_does() -> None:
    parsed = parse("y ~ x + (1 | a/b/c)")
    assert [t.label for t in parsed.random] == ["a", "b:a", "c:(b:a)"]


def test_fixed_part_offset_and_powers() -> None:
    parsed = parse("log(y) ~ factor(w) * g + I(x^2) + offset(log(n)) + (w || area) - 1")
    assert parsed.response == "log(y)" and parsed.offsets == ("log(n)",)
    assert parsed.fixed == "C(w) * g + I(x**2) - 1"
    assert not parsed.random[0].correlated


def test_cbind_gives_trials() -> None:
    parsed = parse("cbind(k, n - k) ~ 1 + (1 | g)")
    assert (parsed.response, parsed.trials, parsed.fixed) == ("k", "n - k", "1")


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("y x + (1 | g)", "exactly one '~'"),
        ("y ~ x + (1 | g", "not closed"),
        ("y ~ x + (1 | log(g))", "not a column name"),
        ("y ~ x - (1 | g)", "cannot be subtracted"),
        ("y ~ x + 1 | g", "in brackets"),
        ("y ~ x + (1 | g) + (1 | g)", "given twice"),
        ("cbind(a, b, c) ~ x + (1 | g)", "two counts"),
    ],
)
def test_unreadable_formulas_say_why(formula: str, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        parse(formula)
