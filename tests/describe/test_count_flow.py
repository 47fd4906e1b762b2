"""Participant flow: boxes add up."""

import pandas as pd
import pytest

from pilot_eval.describe.count_flow import balanced, count_flow

REGISTER = pd.DataFrame({"organisation": ["s1", "s2", "s3", "s4", "t1"], "kind": ["school"] * 4 + ["team"]})
REJECTS = [pd.DataFrame({"reason": ["test_record", "duplicate_record"]}), pd.DataFrame({"reason": ["test_record"]})]


def flow(analysis, delivered=16, invited=(10, None)):
    return count_flow(
        analysis, REGISTER, [{"rows_delivered": delivered - 2}, {"rows_delivered": 2}], REJECTS,
        ["baseline", "followup"], ["north", "south", "west"], list(invited),
        [{"column": "score", "roles": ["teacher", "nurse"]}],
    )["part"]  # fmt: skip


def test_records_leave_for_a_reason(analysis, value):
    part = flow(analysis)
    assert value(part, "flow", "n", "records-delivered")["value"] == 16
    assert value(part, "flow", "n", "records-rejected-test_record")["value"] == 2
    assert value(part, "flow", "n", "records-analysed")["value"] == len(analysis) == 13


def test_a_lost_record_is_an_error(analysis):
    with pytest.raises(ValueError, match="records delivered: 17 is not"):
        flow(analysis, delivered=17)
    assert balanced("boxes", 3, 1, 2) == 3


def test_respondents_stay_leave_and_join(analysis, value):
    part = flow(analysis)
    boxes = {box: value(part, "flow", "n", f"respondents-followup-{box}.followup")["value"]
             for box in ("responded", "followed", "new", "lost")}  # fmt: skip
    assert boxes == {"responded": 6, "followed": 5, "new": 1, "lost": 2}


def test_invited_is_told_when_every_role_knows_it(analysis, value):
    assert "flow.respondents-baseline-invited.baseline.n" not in set(flow(analysis)["id"])
    part = flow(analysis, invited=(10, 4))
    assert value(part, "flow", "n", "respondents-baseline-not_responded.baseline")["value"] == 7


def test_who_is_not_analysed_leaves_for_a_reason(analysis, value):
    analysis.loc[analysis["respondent"] == "r1", "role"] = ""
    analysis.loc[(analysis["respondent"] == "r2") & (analysis["wave"] == "baseline"), "score"] = float("nan")
    part = flow(analysis)
    boxes = {box: value(part, "flow", "n", f"respondents-baseline-{box}.baseline")
             for box in ("responded", "no_role", "no_area", "no_outcome", "analysed")}  # fmt: skip
    assert [cell["value"] for cell in boxes.values()] == [7, 1, 1, 1, 4]
    assert len({boxes[box]["sum"] for box in ("no_role", "no_area", "no_outcome", "analysed")}) == 1
    assert value(part, "flow", "n", "organisations-school-baseline-analysed.baseline")["value"] == 2
    assert value(part, "flow", "n", "respondents-followup-analysed.followup")["value"] == 5


def test_organisations_by_kind(analysis, value):
    part = flow(analysis)
    assert value(part, "flow", "n", "organisations-registered")["value"] == 5
    assert value(part, "flow", "n", "organisations-school-baseline-responded.baseline")["value"] == 3
    assert value(part, "flow", "n", "organisations-school-followup-not_responded.followup")["value"] == 1
    cell = value(part, "flow", "n", "organisations-followup-followed.followup")
    assert (cell["value"], cell["n_organisations"], cell["n"]) == (4, 4, 7)


def test_organisations_stay_leave_and_join(analysis, value):
    sole = analysis.loc[(analysis["respondent"] != "r1") | (analysis["wave"] == "baseline")]
    sole = sole.loc[(sole["respondent"] != "r4") | (sole["wave"] == "followup")]
    part = flow(sole, delivered=len(sole) + 3)
    for level, numbers in (("organisations", (3, 2, 1, 1)), ("organisations-school", (2, 1, 1, 1)),
                           ("organisations-team", (1, 1, 0, 0))):  # fmt: skip
        boxes = [value(part, "flow", "n", f"{level}-followup-{box}.followup")
                 for box in ("responded", "followed", "new", "lost")]  # fmt: skip
        assert tuple(box["value"] for box in boxes) == numbers
        assert boxes[1]["sum"] == boxes[2]["sum"] != boxes[0]["sum"]
    assert value(part, "flow", "n", "organisations-followup-lost.followup")["n"] == 1


def test_areas(analysis, value):
    part = flow(analysis)
    assert value(part, "flow", "n", "areas-registered")["value"] == 3
    assert value(part, "flow", "n", "areas-followed")["value"] == 2


def test_a_study_without_a_register_has_no_boxes_of_organisations(analysis):
    part = count_flow(
        analysis,
        REGISTER.iloc[:0],
        [{"rows_delivered": 13}],
        [],
        ["baseline", "followup"],
        ["north", "south"],
        [None],
        [],
    )["part"]
    assert not part["group"].str.startswith("organisations").any()
