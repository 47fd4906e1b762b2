import pytest

from pilot_eval.study.condition import Condition, conditions


def test_comparisons_are_read_with_their_codes():
    assert conditions("") == ()
    assert conditions("a=1") == (Condition("a", "=", (1.0,)),)
    assert conditions(" a != -1|2 and b >= 0.5 ") == (Condition("a", "!=", (-1.0, 2.0)), Condition("b", ">=", (0.5,)))


@pytest.mark.parametrize("text", ["a", "a = yes", "a > 1|2", "1 = a", "a = 1 or b = 2", "A = 1", "a == 1"])
def test_anything_else_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="has_lead = 1"):
        conditions(text)


@pytest.mark.parametrize(
    ("text", "value", "holds"),
    [("a = 1|2", 2, True), ("a = 1|2", 3, False), ("a != 1", 3, True), ("a != 1", 1, False), ("a > 1", 1, False),
     ("a >= 1", 1, True), ("a < 1", 0, True), ("a <= 1", 2, False)],
)  # fmt: skip
def test_a_comparison_holds_or_not(text, value, holds):
    (condition,) = conditions(text)
    assert condition.holds(value) == holds
