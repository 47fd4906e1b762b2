"""Response, retention, attrition."""

import pandas as pd
import pytest

from pilot_eval.describe.measure_response import measure_response

ROLES = [{"id": "teacher", "invited": 10}, {"id": "nurse", "invited": None}]
WAVES = ["baseline", "followup"]
REGISTER = pd.DataFrame(
    {"organisation": ["s1", "s2", "s3", "s4", "t1", "t2"], "area": ["north", "north", "south", "north", "south", ""]}
)


def measured_response(analysis, outcome, roles=ROLES, register=REGISTER):
    return measure_response(analysis, register, [outcome], roles, ["north", "south", "west"], WAVES, 1)["part"]


def test_areas_and_the_unknown_add_up_to_the_total(analysis, outcome):
    part = measured_response(analysis, outcome)
    for column in ("responded", "followed", "organisations", "organisations_answered"):
        own = part.loc[(part["table"] == "response_by_area") & (part["column"] == column) & part["value"].notna()]
        for _, one in own.groupby("sum"):
            assert one.loc[one["total"], "value"].item() == one.loc[~one["total"], "value"].sum()


def test_rates_where_the_number_invited_is_known(analysis, outcome, value):
    part = measured_response(analysis, outcome)
    assert value(part, "response_by_role", "rate", "teacher.baseline")["value"] == pytest.approx(0.4)
    assert value(part, "response_by_role", "rate", "teacher.baseline")["n"] == 10
    assert value(part, "response_by_role", "rate", "nurse.baseline")["status"] == "x"
    assert value(part, "response_by_role", "invited", "baseline")["status"] == "x"
    both = measured_response(analysis, outcome, [{"id": "teacher", "invited": 10}, {"id": "nurse", "invited": 10}])
    assert value(both, "response_by_role", "rate", "baseline")["value"] == pytest.approx(7 / 20)


def test_retention_is_of_those_of_the_first_wave(analysis, outcome, value):
    part = measured_response(analysis, outcome)
    assert value(part, "response_by_area", "retention", "area-north.followup")["value"] == pytest.approx(2 / 3)
    assert value(part, "response_by_area", "followed", "area-south.followup")["value"] == 3
    assert value(part, "response_by_area", "responded", "area-south.followup")["value"] == 4
    assert value(part, "response_by_area", "retention", "area-north.baseline")["status"] == "z"
    assert value(part, "response_by_area", "responded", "unknown.baseline")["value"] == 1


def test_organisations_of_an_area_that_answered(analysis, outcome, value):
    part = measured_response(analysis, outcome)
    cell = value(part, "response_by_area", "organisations_share", "area-north.baseline")
    assert (cell["value"], cell["n_organisations"]) == (pytest.approx(2 / 3), 3) and pd.isna(cell["n"])
    assert value(part, "response_by_area", "organisations_answered", "area-south.followup")["value"] == 2
    assert value(part, "response_by_area", "organisations", "unknown.baseline")["value"] == 1
    assert value(part, "response_by_area", "organisations_share", "area-west.baseline")["status"] == "x"
    assert value(part, "response_by_area", "organisations_share", "baseline")["value"] == pytest.approx(4 / 6)


def test_an_organisation_without_area_has_a_row_though_all_respondents_have_one(analysis, outcome, value):
    part = measured_response(analysis.loc[analysis["area"] != ""], outcome)
    assert value(part, "response_by_area", "organisations", "unknown.followup")["value"] == 1


def test_areas_have_no_columns_that_nobody_could_fill(analysis, outcome):
    for register, more in ((REGISTER, {"organisations", "organisations_answered", "organisations_share"}),
                           (REGISTER.iloc[:0], set())):  # fmt: skip
        part = measured_response(analysis, outcome, register=register)
        columns = set(part.loc[part["table"] == "response_by_area", "column"])
        assert columns == {"responded", "followed", "retention"} | more


def test_an_area_without_answers_has_a_row(analysis, outcome, value):
    part = measured_response(analysis, outcome)
    assert value(part, "response_by_area", "responded", "area-west.followup")["value"] == 0
    assert value(part, "response_by_area", "retention", "area-west.followup")["status"] == "x"


def test_more_answers_than_invitations_are_no_rate(analysis, outcome, value):
    part = measured_response(analysis, outcome, [{"id": "teacher", "invited": 2}, {"id": "nurse", "invited": 2}])
    assert value(part, "response_by_role", "rate", "teacher.baseline")["status"] == "x"


def test_those_who_left_are_compared_at_the_first_wave(analysis, outcome, value):
    part = measured_response(analysis, outcome)
    assert value(part, "attrition", "left_mean", "trust")["value"] == pytest.approx(1.5)
    assert value(part, "attrition", "stayed_mean", "trust")["value"] == pytest.approx(2.8)
    assert value(part, "attrition", "difference", "trust")["value"] < 0
    assert value(part, "attrition", "difference", "trust")["n"] == 2


def test_nobody_left(analysis, outcome, value):
    stayed = analysis.loc[analysis["matched"]]
    cell = value(measured_response(stayed, outcome), "attrition", "difference", "trust")
    assert cell["status"] == "x" and pd.isna(cell["value"])
