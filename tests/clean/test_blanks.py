"""Columns that were emptied on the way."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from stranger import Stranger, likert, shown

SPREAD = ["1", "2", "3", "4", "5"] * 6
DECIDES = {"item": "led", "label": "Has a lead", "type": "binary"}


@pytest.fixture
def stranger(tmp_path):
    return lambda *items: Stranger(tmp_path / "a study", items)


@pytest.mark.fault("CLN-36")
def test_merged_cells_are_filled_only_where_they_change(stranger):
    study = stranger(likert("q1"))
    study.deliver("before", {"area": ["North", *[""] * 14, "South", *[""] * 14], "q1": SPREAD})
    (fault,) = study.faults()
    assert shown([fault]) == [("WARN", "CLN-36", None, "area")]
    assert fault.saw == "28 of 30 cells are empty" and "merged" in fault.action


@pytest.mark.fault("CLN-36")
def test_an_item_that_hardly_anybody_answered(stranger):
    study = stranger(likert("q1"), likert("q2"))
    study.deliver("before", {"q1": SPREAD, "q2": ["4", "4", *[""] * 28]})
    (fault,) = study.faults()
    assert shown([fault]) == [("WARN", "CLN-36", None, "q2")]
    assert "asked_if" in fault.action


def test_blanks_that_are_no_fault(stranger):
    study = stranger(likert("q1"), DECIDES, likert("q2", asked_if="led = 1"))
    study.deliver("before", {"q1": [*SPREAD[:15], *[""] * 15], "led": ["1", *["0"] * 29], "q2": ["3", *[""] * 29]})
    assert study.faults() == []


@pytest.mark.fault("CLN-16")
@pytest.mark.parametrize("said", ["Test2", "test 2", "TESTING"])
def test_an_area_that_says_nothing_but_test(stranger, said):
    study = stranger(likert("q1"))
    study.deliver("before", {"area": ["North", said, "South"], "q1": ["1", "2", "3"]})
    assert shown(study.faults()) == [("REJECT", "CLN-16", 3, "")]


@pytest.mark.fault("CLN-16")
@pytest.mark.parametrize("said", ["testing", "Survey preview", "test1"])
def test_a_response_id_that_says_nothing_but_test(stranger, said):
    study = stranger({"item": "number", "label": "Number", "type": "text", "use": "response"}, likert("q1"))
    study.deliver("before", {"number": ["testament-1", said], "q1": ["1", "2"]})
    assert shown(study.faults()) == [("REJECT", "CLN-16", 3, "")]
