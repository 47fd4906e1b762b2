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
