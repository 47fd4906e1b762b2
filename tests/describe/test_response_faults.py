"""Faults of response: areas too thin to show, and respondents without an area."""

import pytest

from pilot_eval.describe.measure_response import measure_response

ROLES = [{"id": "teacher", "invited": None}, {"id": "nurse", "invited": None}]
WAVES = ["baseline", "followup"]


def response(analysis, outcome, least, areas=("north", "south")):
    register = analysis.iloc[:0][["organisation", "area"]]
    return measure_response(analysis, register, [outcome], ROLES, list(areas), WAVES, least)


def kinds(made, kind):
    return made["faults"].loc[made["faults"]["id"] == kind]


@pytest.mark.fault("DES-01")
def test_an_area_with_fewer_respondents_than_may_be_shown(analysis, outcome):
    made = response(analysis, outcome, 3)
    (fault,) = kinds(made, "DES-01").to_dict("records")
    assert (fault["severity"], fault["file"], fault["column"]) == ("WARN", "table response_by_area", "area")
    assert fault["saw"] == "area north: 2 at followup answered"
    assert fault["count"] == 1, "quality pages add counts up: a hidden number must not be among them"
    assert fault["expected"] == "3 respondents"
    part = made["part"].set_index("id")
    assert part.loc["response_by_area.area-north.followup.responded", "value"] == 2, "it is kept: disclose hides it"


@pytest.mark.fault("DES-01")
def test_one_respondent_and_none(analysis, outcome):
    alone = analysis.assign(area=analysis["area"].where(analysis["respondent"] != "r1", "west"))
    made = response(alone, outcome, 2, ("north", "south", "west", "far"))
    told = kinds(made, "DES-01")["saw"].tolist()
    assert "area west: 1 at baseline, 1 at followup answered" in told
    assert not any("far" in text for text in told), "nobody there is nothing to hide"


def test_areas_with_enough_are_no_fault(analysis, outcome):
    assert kinds(response(analysis, outcome, 1), "DES-01").empty


@pytest.mark.fault("DES-03")
@pytest.mark.parametrize("unknown", ["", "elsewhere"])
def test_respondents_without_area_have_a_row_and_a_warning(analysis, outcome, unknown):
    spoiled = analysis.assign(area=analysis["area"].where(~analysis["respondent"].isin(["r1", "r8"]), unknown))
    made = response(spoiled, outcome, 1)
    faults = kinds(made, "DES-03")
    assert faults[["severity", "count"]].to_numpy().tolist() == [["WARN", 1]] * 2
    assert [saw[:13] for saw in faults["saw"]] == ["2 respondents", "1 respondents"]
    part = made["part"].set_index("id")
    assert part.loc["response_by_area.unknown.baseline.responded", "value"] == 2
    for wave in WAVES:
        rows = part.loc[
            (part["table"] == "response_by_area") & (part["column"] == "responded") & (part["wave"] == wave)
        ]
        assert rows.loc[~rows["total"], "value"].sum() == (analysis["wave"] == wave).sum()
