"""Rules of the axes of a figure: one scale each, zero where it belongs, intervals with the estimates."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from pilot_eval.publish.figures.lint_view import Box, Picture, rule
from pilot_eval.publish.lookup import Cell

#: Tables whose estimates are changes or relations, so that zero means that there is none.
CHANGES = ("change_", "challenge", "start_", "joint_display")
#: Columns that are drawn as a point, each with the bounds of its interval.
POINTS = ("estimate", "change", "mean")
#: Columns that are the two ends of an interval.
BOUNDS = (("low", "high"), ("new_low", "new_high"), ("gap_low", "gap_high"))
#: Inches from the end of a zero line to its label.
NEAR = 0.15


@rule("There is no spine at the top or at the right.")
def no_spines(picture: Picture) -> Iterator[Box]:
    for axes in _shown(picture):
        for side in ("top", "right"):
            if side in axes.spines and axes.spines[side].get_visible():
                yield _box(axes)


@rule("No direction has two axes.")
def one_scale(picture: Picture) -> Iterator[Box]:
    """Twin axes lie upon one another, secondary axes are children."""
    shown = _shown(picture)
    for one, other in itertools.combinations(shown, 2):
        if np.allclose(one.get_position().extents, other.get_position().extents):
            yield _box(one)
    yield from (_box(axes) for axes in shown if axes.child_axes)


@rule("Bars start at zero, or where another ends.")
def bars_from_zero(picture: Picture) -> Iterator[Box]:
    for axes in _shown(picture):
        for bars in axes.containers:
            if isinstance(bars, BarContainer) and not _from_zero(bars, axes):
                yield _box(axes)


@rule("Changes have a line at zero.")
def zero_line(picture: Picture) -> Iterator[Box]:
    for axes in _of_changes(picture):
        if _at_zero(axes) is None:
            yield _box(axes)


@rule("The line at zero has a label at its end.")
def zero_labelled(picture: Picture) -> Iterator[Box]:
    room = NEAR * picture.figure.dpi * np.array([-1, -1, 1, 1])
    for axes in _of_changes(picture):
        line = _at_zero(axes)
        if line is None:
            continue
        scales = {id(label) for axis in (axes.xaxis, axes.yaxis) for label in [*axis.get_ticklabels(), axis.label]}
        labels = [id(text) not in scales for text in picture.texts]
        near = picture.boxes[labels] + room
        ends = line.get_transform().transform(line.get_xydata())
        if not any(((near[:, :2] <= end) & (end <= near[:, 2:])).all(axis=1).any() for end in ends):
            yield _box(axes)


@rule("Every estimate has its interval among the numbers drawn.")
def points_with_bounds(picture: Picture) -> Iterator[str]:
    for anchor, row in _rows(picture).items():
        if any(name in row for name in POINTS) and not {"low", "high"} <= set(row):
            yield anchor


@rule("Every interval is drawn, or said in the picture; of other numbers, in the description.")
def intervals_drawn(picture: Picture) -> Iterator[str]:
    said = " ".join(text.get_text() for text in picture.texts)
    lines = [np.asarray(values, dtype=float) for one in picture.artists if isinstance(one, Line2D)
             for values in (one.get_xdata(), one.get_ydata())]  # fmt: skip
    ends = [[values.min(), values.max()] for values in lines if values.size]
    ends += [[box.x0, box.x1] for one in picture.artists if isinstance(one, Rectangle) for box in [one.get_bbox()]]
    drawn = np.array(ends).reshape(-1, 2)
    for anchor, row in _rows(picture).items():
        words = said if any(name in row for name in POINTS) else f"{said} {picture.drawing.description}"
        for low, high in BOUNDS:
            if {low, high} <= set(row):
                pair, text = (row[low].value, row[high].value), f"{row[low].text} to {row[high].text}"
                if not np.isclose(drawn, pair).all(axis=1).any() and text not in words:
                    yield anchor


def _shown(picture: Picture) -> list[Axes]:
    return [axes for axes in picture.figure.axes if axes.axison and axes.get_visible()]


def _box(axes: Axes) -> Box:
    return np.asarray(axes.bbox.extents)


def _from_zero(bars: BarContainer, axes: Axes) -> bool:
    """Whether bars begin at zero or at the end of another, and nothing of them is cut off."""
    upright = bars.orientation == "vertical"
    ends = [sorted((box.y0, box.y1) if upright else (box.x0, box.x1))
            for bar in bars if (box := bar.get_bbox()) is not None]  # fmt: skip
    known = {0.0, *(round(end, 9) for pair in ends for end in pair)} if len(axes.containers) > 1 else {0.0}
    low, high = sorted(axes.get_ylim() if upright else axes.get_xlim())
    return low <= 0.0 <= high and all({round(end, 9) for end in pair} & known for pair in ends)


def _of_changes(picture: Picture) -> list[Axes]:
    """Axes of a figure of changes; none where it shows something else."""
    cells = [cell for _, cell in picture.drawing.drawn]
    change = any(cell.table.startswith(CHANGES) and cell.column in ("estimate", "change") for cell in cells)
    return _shown(picture) if change else []


def _at_zero(axes: Axes) -> Line2D | None:
    """The first line that stands at zero, from one side of the axes to the other."""
    box = axes.bbox
    for line in axes.lines:
        at_zero = [not np.any(np.asarray(values, dtype=float)) for values in (line.get_xdata(), line.get_ydata())]
        found = line.get_transform().transform(line.get_xydata())
        if len(found) < 2:
            continue
        long = np.ptp(found, axis=0) >= [box.width - 1, box.height - 1]
        if (at_zero[0] and long[1]) or (at_zero[1] and long[0]):
            return line
    return None


def _rows(picture: Picture) -> dict[str, dict[str, Cell]]:
    """The numbers drawn on axes, by the row of the ledger and the column."""
    rows: dict[str, dict[str, Cell]] = {}
    for _, cell in picture.drawing.drawn if _shown(picture) else ():
        rows.setdefault(cell.anchor, {})[cell.column] = cell
    return rows


RULES = (no_spines, one_scale, bars_from_zero, zero_line, zero_labelled, points_with_bounds, intervals_drawn)
