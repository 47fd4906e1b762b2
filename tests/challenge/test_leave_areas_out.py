"""Change without each area in turn."""

import pytest

from pilot_eval.challenge.contracts import CONTRACTS
from pilot_eval.challenge.leave_areas_out import leave_areas_out

FORMULA = "{outcome} ~ wave + (1 + wave | area) + (1 | organisation) + (1 | respondent)"
OUTCOME = {"outcome": "trust", "column": "score", "roles": ["lead", "staff"], "unit": "points", "digits": 2}


def left_out(analysis, areas=8):
    names = [f"area-{a}" for a in range(areas)]
    weights = {"lead": 0.5, "staff": 0.5}
    found = leave_areas_out(analysis, "main", FORMULA, True, OUTCOME, weights, ["before", "after"], names)
    for name in found:
        CONTRACTS[f"leave_areas_out.{name}"].validate(found[name])
    return found


def test_one_area_that_carries_the_change_shows(analysis):
    jump = 3.0 * ((analysis["area"] == "area-2") & (analysis["wave"] == "after"))
    found = left_out(analysis.assign(score=analysis["score"] + jump))
    estimates = found["estimates"].set_index("area")["estimate"]
    assert len(estimates) == 8 and estimates.idxmin() == "area-2"
    part = found["part"].set_index("column")
    assert part.loc["least", "value"] == estimates.min() and part.loc["greatest", "value"] == estimates.max()
    assert not found["part"]["area"].any()


def test_an_area_without_answers_is_not_left_out(analysis):
    assert len(left_out(analysis, areas=9)["estimates"]) == 8


def test_too_few_areas_remain(make):
    found = left_out(make(areas=3), areas=3)
    assert found["estimates"]["reason"].str.contains("2 areas answered at both").all()
    assert set(found["part"]["status"]) == {"x"}
    assert found["part"]["n"].iloc[0] == pytest.approx(make(areas=3)["respondent"].nunique())
