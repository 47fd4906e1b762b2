"""The frozen analysis plan, and what deviates from it."""

import datetime as dt
import json

import pytest

from pilot_eval.study.freeze import Deviation, deviations, freeze, read_frozen
from pilot_eval.study.plan import ModelsConfig

PLAN = {
    "outcomes": {"mood": {"label": "Mood", "scale": "mood", "unit": "points", "because": "It matters."}},
    "models": {"simple": {"label": "Simple", "formula": "{outcome} ~ wave + (1 | area)", "because": "It is."}},
    "questions": {
        "rose": {
            "kind": "change", "label": "Mood", "asks": "Did mood rise?", "estimand": "mean change", "outcome": "mood",
            "family": "primary", "because": "The aim.",
        }
    },
}  # fmt: skip
DAY = dt.date(2015, 9, 1)


def plan(**changed):
    return ModelsConfig.model_validate(json.loads(json.dumps({**PLAN, **changed})))


def test_a_plan_does_not_deviate_from_itself_nor_by_its_wording():
    frozen, faults = read_frozen(freeze(plan(), DAY))
    assert (faults, frozen.day) == ([], "2015-09-01")
    assert deviations(plan(), frozen) == []
    reworded = {"rose": {**PLAN["questions"]["rose"], "asks": "Has mood risen?", "because": "Better said."}}
    assert deviations(plan(questions=reworded), frozen) == []


def test_what_is_added_dropped_or_changed_is_listed():
    frozen, _ = read_frozen(freeze(plan(), DAY))
    rose = PLAN["questions"]["rose"]
    asked = {"rose": {**rose, "smallest_change": 0.3}, "fell": rose}
    assert deviations(plan(questions=asked, multiplicity="none"), frozen) == [
        Deviation("question rose: smallest_change", "none", "0.3"),
        Deviation("question fell", "not planned", "run"),
        Deviation("multiplicity", "holm", "none"),
    ]
    assert deviations(plan(questions={}), frozen) == [Deviation("question rose", "planned", "not run")]


@pytest.mark.fault("CFG-43")
def test_a_file_that_was_edited_is_refused():
    text = freeze(plan(), DAY)
    for wrong in (text.replace("primary", "secondary"), text.replace("2015-09-01", "2015-08-01"), "{", "[]"):
        frozen, faults = read_frozen(wrong)
        assert frozen is None
        assert [(fault.id, fault.severity, fault.file) for fault in faults] == [
            ("CFG-43", "STOP", "config/plan_frozen.json")
        ]
