"""Axes of a figure: one scale each, zero where it belongs, intervals with the estimates."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from pilot_eval.publish.figures.lint_text import box_of, texts_of
from pilot_eval.publish.figures.style import Drawing
from pilot_eval.publish.lookup import Cell

#: Tables whose estimates are changes or relations, so that zero means that there is none.
CHANGES = ("change_", "challenge", "start_", "joint_display")
#: Columns that are drawn as a point, each with the bounds of its interval.
POINTS = ("estimate", "change", "mean")
#: Inches from the end of a zero line to its label.
NEAR = 0.15


def axes_problems(figure: Figure, drawing: Drawing, renderer: RendererAgg) -> Iterator[str]:
    """Spines, second axes, bars without their base, changes without a zero line, estimates without intervals."""
    shown = [axes for axes in figure.axes if axes.axison and axes.get_visible()]
    for axes in shown:
        sides = [side for side in ("top", "right") if side in axes.spines and axes.spines[side].get_visible()]
        yield from (f"there is a spine at the {side}" for side in sides)
        yield from _bars(axes)
    yield from _second_axes(shown)
    change = any(cell.table.startswith(CHANGES) and cell.column in ("estimate", "change") for _, cell in drawing.drawn)
    for axes in shown if change else []:
        yield from _zero(axes, figure, renderer)
    if shown:
        yield from _intervals(figure, drawing)


def _second_axes(shown: list[Axes]) -> Iterator[str]:
    """Two scales in one place: twin axes lie upon one another, secondary axes are children."""
    twins = [pair for pair in itertools.combinations(shown, 2)
             if np.allclose(pair[0].get_position().extents, pair[1].get_position().extents)]  # fmt: skip
    if twins or any(axes.child_axes for axes in shown):
        yield "there are two axes for one direction"


def _bars(axes: Axes) -> Iterator[str]:
    """Bars of which a part is cut off, or which begin elsewhere than at zero or at the end of another."""
    for bars in axes.containers:
        if not isinstance(bars, BarContainer):
            continue
        upright = bars.orientation == "vertical"
        ends = [sorted((box.y0, box.y1) if upright else (box.x0, box.x1))
                for bar in bars if (box := bar.get_bbox()) is not None]  # fmt: skip
        known = {0.0, *(round(end, 9) for pair in ends for end in pair)} if len(axes.containers) > 1 else {0.0}
        low, high = sorted(axes.get_ylim() if upright else axes.get_xlim())
        if any(not {round(end, 9) for end in pair} & known for pair in ends) or not low <= 0.0 <= high:
            yield "bars do not start at zero"


def _zero(axes: Axes, figure: Figure, renderer: RendererAgg) -> Iterator[str]:
    lines = [line for line in axes.lines if _spans(line, axes)]
    if not lines:
        yield "there is no zero line"
        return
    scales = {id(label) for axis in (axes.xaxis, axes.yaxis) for label in [*axis.get_ticklabels(), axis.label]}
    boxes = [box_of(text, renderer).padded(NEAR * figure.dpi) for text in texts_of(figure) if id(text) not in scales]
    ends = lines[0].get_transform().transform(lines[0].get_xydata())
    if not any(box.contains(*end) for box in boxes for end in ends):
        yield "the zero line has no label"


def _spans(line: Line2D, axes: Axes) -> bool:
    """Whether a line stands at zero, from one side of the axes to the other."""
    at_zero = [not np.any(np.asarray(values, dtype=float)) for values in (line.get_xdata(), line.get_ydata())]
    box, found = axes.bbox, line.get_transform().transform(line.get_xydata())
    if len(found) < 2:
        return False
    long = np.ptp(found, axis=0) >= [box.width - 1, box.height - 1]
    return bool((at_zero[0] and long[1]) or (at_zero[1] and long[0]))


def _intervals(figure: Figure, drawing: Drawing) -> Iterator[str]:
    """Points without bounds, and bounds that are no line and not said: in the picture, or of other numbers below it."""
    rows: dict[str, dict[str, Cell]] = {}
    for _, cell in drawing.drawn:
        rows.setdefault(cell.anchor, {})[cell.column] = cell
    said = " ".join(text.get_text() for text in texts_of(figure))
    lines = [np.asarray(values, dtype=float) for line in figure.findobj(Line2D) if isinstance(line, Line2D)
             for values in (line.get_xdata(), line.get_ydata())]  # fmt: skip
    ends = [[values.min(), values.max()] for values in lines if values.size]
    ends += [[box.x0, box.x1] for one in figure.findobj(Rectangle) if isinstance(one, Rectangle)
             for box in [one.get_bbox()]]  # fmt: skip
    drawn = np.array(ends).reshape(-1, 2)
    for anchor, row in rows.items():
        point = any(name in row for name in POINTS)
        if point and not {"low", "high"} <= set(row):
            yield f"{anchor} is drawn without its interval"
        words = said if point else f"{said} {drawing.description}"
        for low, high in (("low", "high"), ("new_low", "new_high"), ("gap_low", "gap_high")):
            if {low, high} <= set(row):
                pair, text = (row[low].value, row[high].value), f"{row[low].text} to {row[high].text}"
                if not np.isclose(drawn, pair).all(axis=1).any() and text not in words:
                    yield f"the interval of {anchor} is not drawn"
