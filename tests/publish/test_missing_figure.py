"""The map of missing answers: what it draws of disclosed cells, and what it says."""

import sys
from pathlib import Path

import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

sys.path.insert(0, str(Path(__file__).parent))
from made_figures import full_cells, full_study, picture

from pilot_eval.publish.figures.missing_items import STEPS
from pilot_eval.publish.figures.plan import planned_figures
from pilot_eval.publish.figures.style import RAMP

STUDY = full_study()
PLANNED = {"name": "missing_items", "kind": "missing_items", "subject": ""}


@pytest.fixture(scope="module")
def drawn():
    return picture(full_cells(STUDY), STUDY, PLANNED, times=1)


def test_a_study_without_scales_has_no_such_figure():
    assert PLANNED in planned_figures(STUDY)
    assert PLANNED not in planned_figures({**STUDY, "scales": [], "outcomes": STUDY["outcomes"][1:]})


def test_it_says_which_item_lacks_most_and_which_least(drawn):
    _, drawing, _ = drawn
    assert drawing.title == "Of the items shown none lacks more than 25.0% of its answers"
    ends = "is 25.0% (The ward is <noisy>, Round 3), the lowest 4.0% (The ward is <noisy>, Round 1)"
    assert ends in drawing.description


def test_a_thin_item_is_confidential_and_named(drawn):
    _, drawing, svgs = drawn
    assert "Not drawn, because confidential [c]: The ward is still (Round 1)" in drawing.note
    assert "[c]" in svgs[0] and "31.0%" not in svgs[0]


@pytest.mark.parametrize("text", ["4.0%", "6.0%", "25.0%"])
def test_the_more_is_missing_the_darker_the_cell(drawn, text):
    figure, _, _ = drawn
    (place,) = [one.get_position() for one in figure.axes[0].texts if one.get_text() == text]
    (box,) = [box for box in figure.axes[0].patches if isinstance(box, Rectangle) and box.get_bbox().contains(*place)]
    tone = RAMP[sum(float(text[:-1]) / 100 >= step for step in STEPS)]
    assert to_hex(box.get_facecolor()).upper() == tone
