"""Response, retention, attrition."""

import pandas as pd
import pytest

from pilot_eval.describe.measure_response import measure_response

ROLES = [{"id": "teacher", "invited": 10}, {"id": "nurse", "invited": None}]
WAVES = ["baseline", "followup"]


def measured_response(analysis, outcome, roles=ROLES):
    return measure_response(analysis, [outcome], roles, ["north", "south", "west"], WAVES)["part"]


def test_areas_and_the_unknown_add_up_to_the_total(analysis, outcome):
    part = measured_response(analysis, outcome)
    for column in ("responded", "followed"):
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
