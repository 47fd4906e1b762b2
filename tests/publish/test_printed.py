"""What pages say of a study: plain values, and no day that is not known."""

import json
from pathlib import Path

import pytest

from pilot_eval.publish.printed import REPORTED, printed
from pilot_eval.study import load_study

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("study", [ROOT, ROOT / "tests" / "mini"], ids=["shipped", "mini"])
def test_params_are_plain_values(study):
    values = printed(load_study(study), *REPORTED)
    assert json.loads(json.dumps(values)) == values
    assert list(values) == sorted(values)
    assert all(wave["start"] and wave["end"] for wave in values["waves"])


def test_days_that_are_not_known_are_none():
    study = load_study(ROOT / "tests" / "real" / "dart", deliveries=False)
    assert [(wave["start"], wave["end"]) for wave in printed(study, "waves")["waves"]] == [(None, None)] * 2


def test_questions_stand_once_although_several_instruments_ask_them():
    study = load_study(ROOT)
    names = [question["id"] for question in printed(study, "questions")["questions"]]
    assert len(names) == len(set(names)) > 10


def test_an_outcome_knows_the_questions_about_its_change_in_everybody():
    study = load_study(ROOT)
    outcomes = {outcome["id"]: outcome for outcome in printed(study, "outcomes")["outcomes"]}
    asked = {name: one for name, one in study.plan.questions.items() if one.kind == "change"}
    for key, contrast in (("asked", "overall"), ("varied", "between_areas")):
        named = {outcome[key]: name for name, outcome in outcomes.items() if outcome[key]}
        assert named and all((asked[one].contrast, asked[one].outcome) == (contrast, named[one]) for one in named)
        whole = [name for name, one in asked.items() if one.contrast == contrast and not (one.roles or one.matched)]
        assert set(named) == set(whole)
    assert not any(one["asked"] or one["varied"] for one in printed(load_study(ROOT / "tests/mini"), "outcomes")[
        "outcomes"])  # fmt: skip
