"""The linter of figures: every kind of figure passes, and each rule fails on a figure made to break it."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib import rc_context
from matplotlib.patches import Rectangle

sys.path.insert(0, str(Path(__file__).parent))
from made_figures import full_cells, full_study, labelled, picture

from pilot_eval.publish.draw_figures import KINDS
from pilot_eval.publish.figures.lint import problems
from pilot_eval.publish.figures.plan import planned_figures
from pilot_eval.publish.figures.style import BAND, INK, SEQUENTIAL, styled, svg

AWKWARD = {
    "sentences": ("How often do you and the others speak about what happens after a referral? " * 4)[:300],
    "one word": "W" * 300,
    "markup and signs": "<script>alert(1)</script> $x_1^2$ \u202eabc\u200f 学校 🏫 =cmd|' /C calc'!A0",
}  # fmt: skip
STUDY = full_study()
PLAN = planned_figures(STUDY)


@pytest.fixture(scope="module")
def cells():
    return full_cells(STUDY)


def test_the_made_study_has_every_kind_of_figure():
    assert {one["kind"] for one in PLAN} == set(KINDS)


@pytest.mark.parametrize("planned", PLAN, ids=lambda planned: planned["name"])
def test_every_kind_of_figure_keeps_the_conventions(planned, cells):
    assert problems(*picture(cells, STUDY, planned)) == []


@pytest.mark.parametrize("label", AWKWARD.values(), ids=AWKWARD)
def test_awkward_labels_break_no_convention(label):
    study = labelled(full_study(waves=2, roles=4), label)
    cells = full_cells(study, name=label)
    for planned in planned_figures(study):
        assert problems(*picture(cells, study, planned, times=1)) == [], planned["name"]


def test_many_waves_and_areas_break_no_convention():
    study = full_study(waves=6, roles=1)
    cells = full_cells(study, codes=[f"area-{at}" for at in range(45)], few=())
    for planned in planned_figures(study):
        assert problems(*picture(cells, study, planned, times=1)) == [], planned["name"]


def test_a_figure_of_which_nothing_can_be_shown_passes(cells):
    hidden = cells.assign(value=float("nan"), shown="[c]", status="c")
    for planned in PLAN:
        assert problems(*picture(hidden, STUDY, planned, times=1)) == [], planned["name"]


def rendered(figure, drawing, **settings):
    """A figure as SVG after something was done to it."""
    with styled("spoilt"), rc_context(settings):
        return svg(figure, "spoilt", drawing.title, drawing.alt, True)


def block(figure, at, **look):
    """A rectangle in the empty upper left corner, in pixels."""
    figure.add_artist(Rectangle((10 + at * 20, figure.bbox.height - 30), 20, 20, transform=None, **look))


def named(figure, text):
    return next(one for one in figure.axes[0].texts if one.get_text() == text)


def second(figure):
    twin = figure.axes[0].twinx()
    twin.set_yticks([])
    twin.spines[["top", "right"]].set_visible(False)
    twin.axvline(0, color=INK)


def without(figure, wanted):
    for line in [line for line in figure.axes[0].lines if wanted(line)]:
        line.remove()


def bars(figure, bottom):
    axes = figure.axes[0]
    axes.barh([0.1, 0.2], [0.1, 0.2], height=0.05, left=bottom, facecolor=SEQUENTIAL[0], edgecolor=INK)


def legend(figure):
    figure.axes[0].plot([], [], color=INK, label="x")
    figure.axes[0].legend(loc="center", fontsize=12, facecolor="white", edgecolor="none", framealpha=1)


def at_zero(line):
    return list(line.get_xdata()) == [0, 0]


SPOILT = {
    "colour": (lambda figure: figure.axes[0].texts[0].set_color("#123456"), "#123456 is not of the palette"),
    "see-through": (lambda figure: block(figure, 0, color=INK + "80"), "80 is not of the palette"),
    "faint fill": (lambda figure: block(figure, 0, facecolor=BAND, lw=0), f"a fill of {BAND} without an outline"),
    "faint line": (lambda figure: figure.axes[0].axvline(0.1, color="#BFBFBF"), "a line of #BFBFBF can hardly be"),
    "neighbours": (lambda figure: [block(figure, at, facecolor=fill, lw=0) for at, fill in enumerate(
        ("#12436D", "#801650"))], "neighbours #12436D and #801650 have a contrast below 3"),
    "colour alone": (lambda figure: figure.axes[0].plot([0.1], [0.2], "o", color="#801650"), "differ in colour only"),
    "unreadable": (lambda figure: figure.axes[0].texts[0].set_color("#F46A25"), "cannot be read on #FFFFFF"),
    "small": (lambda figure: figure.axes[0].texts[0].set_fontsize(11), "is 11.0 points high, less than 12"),
    "too broad": (lambda figure: figure.set_figwidth(8.5), "points high, less than 12"),
    "turned": (lambda figure: named(figure, "Calm").set_rotation(180), "is turned"),
    "typeface": (lambda figure: figure.axes[0].texts[0].set_family("DejaVu Serif"), "set in DejaVu Serif"),
    "cut off": (lambda figure: named(figure, "Calm").set_x(-2), "leaves the picture"),
    "overlap": (lambda figure: figure.text(0.5, 0.5, "one") and figure.text(0.51, 0.5, "other"), "“one” overlaps"),
    "legend": (legend, "there is a legend"),
    "spine": (lambda figure: figure.axes[0].spines["top"].set_visible(True), "there is a spine at the top"),
    "two axes": (second, "there are two axes"),
    "secondary": (lambda figure: figure.axes[0].secondary_xaxis(0.5).set_xticks([]), "there are two axes"),
    "no zero line": (lambda figure: without(figure, at_zero), "there is no zero line"),
    "zero without a name": (lambda figure: [text.remove() for text in figure.axes[0].texts
                                            if text.get_text() == "No change"], "the zero line has no label"),
    "bars from elsewhere": (lambda figure: bars(figure, 0.05), "bars do not start at zero"),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILT)
def test_each_rule_of_the_picture_fails_on_a_figure_made_to_break_it(name, cells):
    spoil, told = SPOILT[name]
    figure, drawing, _ = picture(cells, STUDY, PLAN[2])
    with styled("spoilt"):
        spoil(figure)
    found = problems(figure, drawing, [rendered(figure, drawing)])
    assert found and all(told in one for one in found), found


def test_bars_from_zero_pass(cells):
    figure, drawing, _ = picture(cells, STUDY, PLAN[2])
    bars(figure, 0)
    assert problems(figure, drawing, [rendered(figure, drawing)]) == []


SAID = {
    "title": ({"title": " "}, "title is empty"),
    "alt": ({"alt": ""}, "alt"),
    "description": ({"description": ""}, "description is empty"),
    "foreign number": ({"description": "It rose by 0.77."}, "description has 0.77, which is not drawn"),
    "foreign count": ({"title": "It rose in 9 districts"}, "title has 9, which is not drawn"),
    "intervals": ({"note": "", "subtitle": "Change from Round 1 to Round 3"}, "what the intervals are is not said"),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_each_rule_of_the_words_fails(name, cells):
    changed, told = SAID[name]
    figure, drawing, svgs = picture(cells, STUDY, PLAN[2])
    found = problems(figure, replace(drawing, **changed), svgs)
    assert found and all(told in one for one in found), found


def test_an_interval_that_is_neither_drawn_nor_said_is_told(cells):
    figure, drawing, svgs = picture(cells, STUDY, PLAN[3])
    without(figure, lambda line: len(line.get_xdata()) == 2 and line.get_linewidth() > 1)
    found = problems(figure, drawing, svgs)
    assert found and all(one.startswith("the interval of means.calm") for one in found)


def test_a_point_whose_bounds_are_not_among_the_numbers_is_told(cells):
    figure, drawing, svgs = picture(cells, STUDY, PLAN[2])
    fewer = replace(drawing, drawn=[pair for pair in drawing.drawn if pair[1].column == "estimate"], description="It.")
    found = problems(figure, fewer, svgs)
    assert found and all(one.endswith("is drawn without its interval") for one in found)


def test_each_rule_of_the_file_fails(cells):
    figure, drawing, svgs = picture(cells, STUDY, PLAN[2])
    assert "not well-formed" in problems(figure, drawing, [svgs[0].replace("</svg>", "")])[0]
    assert problems(figure, drawing, [svgs[0].replace('role="img"', "")]) == ["the SVG has no role or not the alt text"]
    found = problems(figure, drawing, [rendered(figure, drawing, **{"svg.fonttype": "path"})])
    assert found and all("is not drawn as text" in one for one in found)
    salted = [rendered(figure, drawing, **{"svg.hashsalt": None}) for _ in range(2)]
    assert problems(figure, drawing, salted) == ["the SVG differs from one rendering to the next"]
