"""Every figure against the ledger: the numbers of its data, the numbers that the picture itself shows."""

import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

sys.path.insert(0, str(Path(__file__).parent))
from made_figures import full_cells, full_study, picture

from pilot_eval.publish.draw_figures import KINDS, draw_figures
from pilot_eval.publish.figures.answers import BAR
from pilot_eval.publish.figures.lint_view import texts_of
from pilot_eval.publish.figures.plan import planned_figures

STUDY = full_study()
PLAN = planned_figures(STUDY)
INTERVAL = ("estimate", "low", "high")
#: Of each kind of figure what it must draw: table, columns, and which of the rows.
SOURCES = {
    "flow": [("flow", ["n"], "True")],
    "response": [("response_by_area", ["responded"], "True")],
    "change_overall": [("change_overall", INTERVAL, "wave == 'w3'")],
    "means": [("means", ["mean", "low", "high"], "group == 'matched'")],
    "slopes": [("means", ["mean", "low", "high"], "outcome == 'calm' and group.str.startswith('role:')")],
    "change_by_role": [("change_by_role", INTERVAL, "True"), ("change_overall", INTERVAL, "wave == 'w3'")],
    "change_by_area": [("change_by_area", INTERVAL, "outcome == 'calm'"),
                       ("change_overall", INTERVAL, "outcome == 'calm' and wave == 'w3'"),
                       ("change_variation", ["new_low", "new_high"], "outcome == 'calm'")],
    "change_by_start": [("start_parts", ["mean_first", "change", "low", "high"], "True"),
                        ("start_slope", [*INTERVAL, "naive"], "True")],
    "answers": [("items", ["share"], "True")],
    "two_sides": [("perceptions", ["left_mean", "right_mean", "gap", "gap_low", "gap_high"], "True")],
    "ratings": [("ratings", ["mean"], "group.str.startswith('walks.') and area_letter == ''")],
    "rating_levels": [("rating_levels", ["share"], "True"), ("rating_moves", ["median_first", "median_last"], "True"),
                      ("rating_change", ["odds_ratio", "low", "high"], "True")],
    "joint_display": [("joint_display", [*INTERVAL, "strength_lead", "strength_paths"], "True"),
                      ("factor_ranks", ["rho", "low", "high"], "True")],
    "challenge": [("change_overall", INTERVAL, "wave == 'w3'"),
                  ("challenge", [*INTERVAL, "least", "greatest"], "True")],
    "missing_items": [("scale_items", ["missing"], "True")],
}  # fmt: skip
#: Columns that are written in the picture or below it, not plotted.
WRITTEN = {"mean_first", "gap", "gap_low", "gap_high", "rho"}
PLOTTED = ["response", "change_overall", "means", "slopes", "change_by_role", "change_by_area", "change_by_start",
           "two_sides", "challenge"]  # fmt: skip
HEAT = ["ratings", "rating_levels", "missing_items"]


@pytest.fixture(scope="module")
def cells():
    return full_cells(STUDY)


def plan_of(kind):
    return next(one for one in PLAN if one["kind"] == kind)


@pytest.mark.parametrize("kind", KINDS)
def test_data_of_a_figure_are_the_published_cells_that_it_is_about_and_no_other(kind, cells):
    data = draw_figures(cells, [plan_of(kind)], STUDY)["data"][0]
    published = cells[cells["value"].notna()].assign(True_=True)
    expected = {
        identity: shown
        for table, columns, which in SOURCES[kind]
        for own in [published[(published["table"] == table) & published["column"].isin(columns)]]
        for identity, shown in own.query("True_" if which == "True" else which)[["id", "shown"]].itertuples(index=False)
    }
    assert expected and dict(zip(data["id"], data["shown"], strict=True)) == expected
    values = cells.set_index("id")["value"]
    assert data["value"].astype(float).tolist() == pytest.approx(values[data["id"]].tolist())


@pytest.mark.parametrize("kind", PLOTTED)
def test_what_the_picture_plots_are_these_numbers(kind, cells):
    figure, drawing, _ = picture(cells, STUDY, plan_of(kind), times=1)
    lines = [line for line in figure.findobj(Line2D) if line.axes is not None and line.axes.axison]
    lines = [line for axes in figure.axes for line in axes.lines if line in lines]
    along = (lambda line: line.get_ydata()) if kind == "slopes" else (lambda line: line.get_xdata())
    plotted = {round(float(value), 9) for line in lines for value in along(line)}
    plotted |= {
        round(end, 9) for box in figure.findobj(Rectangle) for end in (box.get_x(), box.get_x() + box.get_width())
    }
    wanted = {
        round(cell.value, 9)
        for labels, cell in drawing.drawn
        if (cell.column not in WRITTEN and labels.get("area") != "All districts") or cell.column == "estimate"
    }
    assert wanted and wanted <= plotted
    points = {round(float(value), 9) for line in lines if line.get_marker() in tuple("os^DvP") for value in along(line)}
    assert points and points <= {round(cell.value, 9) for _, cell in drawing.drawn}


def test_lengths_of_answers_are_their_shares(cells):
    figure, drawing, _ = picture(cells, STUDY, plan_of("answers"), times=1)
    bars = [box.get_width() for box in figure.axes[0].patches if box.get_height() == BAR]
    shares = [cell.value for _, cell in drawing.drawn]
    assert np.array(bars) / bars[0] == pytest.approx(np.array(shares) / shares[0])


@pytest.mark.parametrize("kind", HEAT)
def test_heat_tables_write_these_numbers(kind, cells):
    figure, drawing, _ = picture(cells, STUDY, plan_of(kind), times=1)
    written = [text.get_text() for text in texts_of(figure)]
    for _, cell in drawing.drawn:
        if cell.column in ("mean", "share", "missing"):
            same = sum(other.text == cell.text for _, other in drawing.drawn)
            assert written.count(cell.text) >= same, cell.id
