"""The linter of figures: every kind of figure passes, and each rule fails on a figure made to break it and no other."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib import rc_context
from matplotlib.patches import Rectangle

sys.path.insert(0, str(Path(__file__).parent))
from made_figures import full_cells, full_study, labelled, picture

from pilot_eval.publish.draw_figures import KINDS, draw_figures
from pilot_eval.publish.figures import change_overall
from pilot_eval.publish.figures.lint import RULES
from pilot_eval.publish.figures.lint_view import Picture
from pilot_eval.publish.figures.plan import planned_figures
from pilot_eval.publish.figures.style import BAND, INK, SEQUENTIAL, styled, svg
from pilot_eval.publish.kept_rules import kept_rules

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


def broken(figure, drawing, svg, name="made"):
    """Names of the rules that a figure breaks."""
    with styled(name):
        kept = kept_rules(RULES, [Picture(name, figure, drawing, svg)])
    return set(kept.loc[kept["places"] != "0", "rule"])


def all_broken(cells, study):
    """Of every figure that breaks a rule, which."""
    found = {}
    for planned in planned_figures(study):
        figure, drawing, svgs = picture(cells, study, planned, times=1)
        found[planned["name"]] = broken(figure, drawing, svgs[0])
    return {name: rules for name, rules in found.items() if rules}


@pytest.mark.parametrize("planned", PLAN, ids=lambda planned: planned["name"])
def test_every_kind_of_figure_keeps_the_conventions(planned, cells):
    figure, drawing, svgs = picture(cells, STUDY, planned)
    assert broken(figure, drawing, svgs[0]) == set()
    assert svgs[0] == svgs[1], "it differs from one rendering to the next"


@pytest.mark.parametrize("label", AWKWARD.values(), ids=AWKWARD)
def test_awkward_labels_break_no_convention(label):
    study = labelled(full_study(waves=2, roles=4), label)
    assert all_broken(full_cells(study, name=label), study) == {}


def test_many_waves_and_areas_break_no_convention():
    study = full_study(waves=6, roles=1)
    assert all_broken(full_cells(study, codes=[f"area-{at}" for at in range(45)], few=()), study) == {}


def test_a_figure_of_which_nothing_can_be_shown_passes(cells):
    assert all_broken(cells.assign(value=float("nan"), shown="[c]", status="c"), STUDY) == {}


def test_the_rule_that_draws_tells_what_is_broken_and_where(cells, monkeypatch):
    """A study whose label lies over another is told of which figure, and where in it; never what stands there."""
    drawn = change_overall.draw

    def spoilt(*given):
        drawing = drawn(*given)
        drawing.figure.text(0.5, 0.5, "one")
        drawing.figure.text(0.51, 0.5, "other")
        return drawing

    monkeypatch.setattr(change_overall, "draw", spoilt)
    kept = draw_figures(cells, PLAN[2:4], STUDY)["kept"].set_index("rule")
    assert kept.index.tolist() == [rule.name for rule in RULES]
    assert kept.loc[kept["places"] != "0", "places"].to_dict() == {"texts_apart": "1"}
    assert kept.loc["texts_apart", "first"] == "change_overall, 52% from the left, 48% from the top"


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


#: By rule: what is done to a figure so that it breaks this rule alone, in more ways than one where there are some.
SPOILT = {
    "palette": [lambda figure: figure.axes[0].texts[0].set_color("#123456"),
                lambda figure: block(figure, 0, color=INK + "80")],
    "fills_seen": [lambda figure: block(figure, 0, facecolor=BAND, lw=0)],
    "lines_seen": [lambda figure: figure.axes[0].axvline(0.1, color="#BFBFBF")],
    "neighbours_apart": [lambda figure: [block(figure, at, facecolor=fill, lw=0) for at, fill in enumerate(
        ("#12436D", "#801650"))]],
    "not_by_colour_alone": [lambda figure: figure.axes[0].plot([0.1], [0.2], "o", color="#801650")],
    "texts_readable": [lambda figure: figure.axes[0].texts[0].set_color("#F46A25")],
    "large_enough": [lambda figure: figure.axes[0].texts[0].set_fontsize(11), lambda figure: figure.set_figwidth(8.5)],
    "level": [lambda figure: named(figure, "Calm").set_rotation(180)],
    "one_typeface": [lambda figure: figure.axes[0].texts[0].set_family("DejaVu Serif")],
    "within_the_picture": [lambda figure: named(figure, "Calm").set_x(-2)],
    "texts_apart": [lambda figure: figure.text(0.5, 0.5, "one") and figure.text(0.51, 0.5, "other")],
    "no_legend": [legend],
    "no_spines": [lambda figure: figure.axes[0].spines["top"].set_visible(True),
                  lambda figure: figure.axes[0].spines["right"].set_visible(True)],
    "one_scale": [second, lambda figure: figure.axes[0].secondary_xaxis(0.5).set_xticks([])],
    "zero_line": [lambda figure: without(figure, at_zero)],
    "zero_labelled": [lambda figure: [text.remove() for text in figure.axes[0].texts
                                      if text.get_text() == "No change"]],
    "bars_from_zero": [lambda figure: bars(figure, 0.05)],
}  # fmt: skip
SAID = {
    "words_there": [{"title": " "}, {"description": ""}],
    "numbers_drawn": [{"description": "It rose by 0.77."}, {"title": "It rose in 9 districts"}],
    "intervals_said": [{"note": "", "subtitle": "Change from Round 1 to Round 3"}],
}
FILED = {
    "well_formed": lambda svg, *_: svg.replace("</svg>", ""),
    "alt_text": lambda svg, *_: svg.replace('role="img"', ""),
    "text_as_text": lambda _, figure, drawing: rendered(figure, drawing, **{"svg.fonttype": "path"}),
}
#: Broken on figures of other kinds, each in a test of its own below.
ELSEWHERE = {"points_with_bounds", "intervals_drawn"}


def test_every_rule_is_made_to_fail():
    assert {rule.name for rule in RULES} == {*SPOILT, *SAID, *FILED, *ELSEWHERE}


@pytest.mark.parametrize(("name", "spoil"), [(name, spoil) for name, spoils in SPOILT.items() for spoil in spoils])
def test_a_rule_of_the_picture_fails_where_it_alone_is_broken(name, spoil, cells):
    figure, drawing, _ = picture(cells, STUDY, PLAN[2])
    with styled("spoilt"):
        spoil(figure)
    assert broken(figure, drawing, rendered(figure, drawing)) == {name}


def test_bars_from_zero_pass(cells):
    figure, drawing, _ = picture(cells, STUDY, PLAN[2])
    bars(figure, 0)
    assert broken(figure, drawing, rendered(figure, drawing)) == set()


@pytest.mark.parametrize(("name", "changed"), [(name, one) for name, changes in SAID.items() for one in changes])
def test_a_rule_of_the_words_fails(name, changed, cells):
    figure, drawing, svgs = picture(cells, STUDY, PLAN[2])
    assert broken(figure, replace(drawing, **changed), svgs[0]) == {name}


def test_digits_in_the_study_s_own_words_are_no_numbers(cells):
    figure, drawing, svgs = picture(cells, STUDY, PLAN[2])
    said = replace(drawing, description="Pupils of Year 7, aged 11-12 rose.")
    for names, found in ((["Pupils of Year 7", "11-12"], "0"), (["Pupils of Year 7"], "2"), ([], "3")):
        kept = kept_rules(RULES, [Picture("made", figure, said, svgs[0], names)]).set_index("rule")
        assert kept.loc["numbers_drawn", "places"] == found


@pytest.mark.parametrize(("part", "along"), [("alt", "alt_text"), ("subtitle", "numbers_drawn")])
def test_an_empty_text_on_which_another_rule_leans_is_told(part, along, cells):
    figure, drawing, svgs = picture(cells, STUDY, PLAN[2])
    assert broken(figure, replace(drawing, **{part: ""}), svgs[0]) == {"words_there", along}


def test_an_interval_that_is_neither_drawn_nor_said_is_told(cells):
    figure, drawing, svgs = picture(cells, STUDY, PLAN[3])
    without(figure, lambda line: len(line.get_xdata()) == 2 and line.get_linewidth() > 1)
    assert broken(figure, drawing, svgs[0]) == {"intervals_drawn"}


def test_a_point_whose_bounds_are_not_among_the_numbers_is_told(cells):
    figure, drawing, svgs = picture(cells, STUDY, PLAN[2])
    fewer = replace(drawing, drawn=[pair for pair in drawing.drawn if pair[1].column == "estimate"], description="It.")
    assert broken(figure, fewer, svgs[0]) == {"points_with_bounds"}


@pytest.mark.parametrize("name", FILED)
def test_a_rule_of_the_file_fails(name, cells):
    figure, drawing, svgs = picture(cells, STUDY, PLAN[2])
    assert broken(figure, drawing, FILED[name](svgs[0], figure, drawing)) == {name}
