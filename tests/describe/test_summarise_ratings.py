"""Ratings of areas and attendance."""

import pandas as pd
import pytest

from pilot_eval.describe.summarise_ratings import summarise_ratings

RATINGS = pd.DataFrame(
    {"evidence": "self", "area": ["north", "south", "north"], "item": "d1", "occasion": ["w1", "w1", "w2"],
     "value": [1, 4, 3]}
)  # fmt: skip
ATTENDANCE = pd.DataFrame({"area": ["north", "south"], "occasion": "w1", "group": "health", "count": [12, 30]})
EVIDENCE = [{"id": "self", "elements": [["d1", "Clarity"]], "occasions": [["w1", "First"], ["w2", "Second"]]}]


def test_means_of_all_areas_and_of_each(value):
    part = summarise_ratings(RATINGS, ATTENDANCE, EVIDENCE, ["north", "south"])["part"]
    assert value(part, "ratings", "mean", "self-d1-w1")["value"] == pytest.approx(2.5)
    assert value(part, "ratings", "mean", "area-south.self-d1-w1")["value"] == 4
    assert value(part, "ratings", "n", "self-d1-w2")["value"] == 1
    assert part.loc[part["table"] == "ratings", "n"].isna().all()
    assert "ratings.area-south.self-d1-w2.mean" not in set(part["id"])


def test_attendance_adds_up_over_areas(value):
    part = summarise_ratings(RATINGS, ATTENDANCE, EVIDENCE, ["north", "south"])["part"]
    own = part.loc[part["table"] == "attendance"]
    assert own.loc[own["total"], "value"].item() == own.loc[~own["total"], "value"].sum() == 42
    assert value(part, "attendance", "n", "area-north.w1-health")["n"] == 12


def test_attendance_is_told_in_words(value):
    rows = ATTENDANCE.assign(occasion=["w1", "open_day"], group="primary_care")
    part = summarise_ratings(RATINGS, rows, EVIDENCE, ["north", "south"])["part"]
    assert value(part, "attendance", "n", "area-north.w1-primary_care")["group_label"] == "First, primary care"
    assert value(part, "attendance", "n", "open_day-primary_care")["group_label"] == "Open day, primary care"


def test_ratings_without_occasions(value):
    plain = RATINGS.iloc[:2].assign(occasion="")
    part = summarise_ratings(plain, ATTENDANCE, [{**EVIDENCE[0], "occasions": []}], ["north", "south"])["part"]
    assert value(part, "ratings", "mean", "self-d1")["value"] == pytest.approx(2.5)


def test_a_study_without_ratings():
    empty = summarise_ratings(RATINGS.iloc[:0], ATTENDANCE.iloc[:0], [], ["north"])["part"]
    assert empty.empty


def test_people_of_an_unknown_area_are_not_lost():
    with pytest.raises(ValueError, match="outside the study"):
        summarise_ratings(RATINGS, ATTENDANCE, EVIDENCE, ["north"])
