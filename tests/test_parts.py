"""Parts of the ledger."""

import pytest

from pilot_eval.ledger import PART
from pilot_eval.parts import measured, part_of, part_schema


def test_a_row_of_measures_has_kinds_digits_and_units():
    found = measured({"n": 12, "mean": 3.25, "p": 0.01, "standardised": 0.4}, 1, "points", outcome="trust", n=12)
    part = part_of("rule", {"table": found})
    part_schema().validate(part)
    assert list(part["kind"]) == ["count", "mean", "p", "estimate"]
    assert list(part["digits"]) == [0, 1, 3, 2]
    assert list(part["unit"]) == ["", "points", "", "standard deviations"]
    assert list(part["id"]) == [f"table.trust.{name}" for name in ("n", "mean", "p", "standardised")]


def test_a_value_that_is_not_there_says_why():
    found = measured({"mean": None, "sd": float("nan")}, n=0)
    assert [cell["status"] for cell in found] == ["x", "x"]
    assert measured({"mean": None}, n=0, status="z")[0]["status"] == "z"
    assert measured({"mean": 1.0}, n=1, status="u")[0]["status"] == "u"


@pytest.mark.parametrize("value", [None, float("inf"), float("nan")])
def test_no_cell_without_a_number_or_a_reason(value):
    with pytest.raises(ValueError, match="without a status"):
        part_of("rule", {"table": [{"column": "mean", "value": value, "kind": "mean", "n": 3}]})


def test_tables_follow_one_another_in_one_order():
    part = part_of("rule", {"a": measured({"mean": 1.0}), "b": [], "c": measured({"mean": 2.0, "sd": 1.0})})
    assert list(part["order"]) == [0, 1, 2]
    assert list(part["table"]) == ["a", "c", "c"]


def test_a_part_may_be_empty():
    part = part_of("rule", {"table": []})
    assert list(part.columns) == list(PART) and part.empty
    part_schema().validate(part)


def test_two_cells_of_one_id_are_an_error():
    with pytest.raises(ValueError, match="two cells"):
        part_of("rule", {"table": measured({"mean": 1.0}) + measured({"mean": 2.0})})
