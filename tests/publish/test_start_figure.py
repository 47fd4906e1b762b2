"""The figure of change against the start: what it draws of disclosed cells, and what it says."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from made import made_areas, made_study

from pilot_eval.disclose.hide_cells import hide_cells
from pilot_eval.parts import measured, part_of
from pilot_eval.publish.draw_figures import draw_figures
from pilot_eval.publish.figures.plan import planned_figures

STUDY = {**made_study(), "starts": [{"id": "weak", "outcome": "calm", "parts": 3}]}
AREAS = made_areas(["east-end", "northam", "south-bank"])


def cells(low=-0.9, high=0.3, thin=None, slope=-0.3):
    parts = []
    for at, (start, change) in enumerate(((2.5, 0.6), (3.0, 0.4), (3.5, 0.2)), start=1):
        found = {"mean_first": start, "change": change, "low": change - 0.3, "high": change + 0.3}
        n = 2 if at == thin else 40
        parts += measured(found, outcome="calm", group=f"weak.part-{at}-of-3", n=n, n_organisations=9, unit="points")
    slopes = measured({"estimate": slope, "low": low, "high": high, "naive": -0.45},
                      outcome="calm", group="weak", n=90, n_organisations=30)  # fmt: skip
    return {"start_parts": parts, "start_slope": slopes}


def drawn(tables, study=STUDY):
    limits = {"min_respondents": 5, "min_organisations": 3, "round_counts_to": 5}
    disclosed = hide_cells([part_of("made", tables)], AREAS, limits, "letter", ["calm"])["cells"]
    plan = [one for one in planned_figures(study) if one["kind"] == "change_by_start"]
    found = draw_figures(disclosed, plan, study)
    assert set(found.pop("kept")["places"]) == {"0"}
    return {key: values[0] for key, values in found.items()}


def test_parts_and_both_slopes_are_drawn_with_their_numbers():
    one = drawn(cells())
    assert one["words"]["title"] == "Change did not clearly depend on the start"
    assert "highest change is 0.60 (lowest third), the lowest 0.20 (highest third)" in one["words"]["description"]
    assert "true start: −0.30 (−0.90 to 0.30)" in one["words"]["description"]
    for text in ("Lowest third, start 2.50", "0.60 (0.30 to 0.90)", "True start (model)", "−0.45", "No relation"):
        assert f">{text}</text>" in one["svg"]
    assert one["data"].groupby("column").size()["naive"] == 1 and len(one["data"]) == 16


@pytest.mark.parametrize(("low", "high", "title"), [
    (-0.9, -0.1, "Change depended on the start"), (-0.9, 0.1, "Change did not clearly depend on the start"),
])  # fmt: skip
def test_the_headline_follows_the_interval(low, high, title):
    assert drawn(cells(low, high))["words"]["title"] == title


def test_a_thin_part_is_confidential_and_named():
    words = drawn(cells(thin=2))["words"]
    assert "confidential [c]:" in words["note"] and "middle third" in words["note"]


def test_without_a_slope_the_parts_stand_alone():
    one = drawn({"start_parts": cells()["start_parts"]})
    assert one["words"]["title"] == "Change by where it started" and "No relation" not in one["svg"]


def test_a_plan_without_such_a_question_has_no_such_figure():
    assert "change_by_start" not in [one["kind"] for one in planned_figures(made_study())]
