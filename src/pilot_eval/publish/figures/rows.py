"""Rows of estimates with their intervals: the form of most figures of this field."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from pilot_eval.publish.figures.style import (
    BAND,
    EDGE,
    GUIDE,
    HIGHLIGHT,
    INK,
    JOIN,
    LINE,
    PALETTE,
    PAPER,
    WIDTH,
    width,
    wrap,
)


@dataclass(frozen=True)
class Mark:
    """A point with its interval; ``wide`` draws the interval as a bar without a point; ``label`` is said above it."""

    value: float
    low: float = math.nan
    high: float = math.nan
    colour: str = HIGHLIGHT
    marker: str = "o"
    label: str = ""
    wide: bool = False
    dashed: bool = False


@dataclass(frozen=True)
class Line:
    """A row: its label on the left, its marks, and its numbers in words on the right; without marks a heading.

    ``span`` is the number of rows that share the label; ``gap`` leaves room above the row.
    """

    label: str
    marks: tuple[Mark, ...] = ()
    text: str = ""
    joined: bool = False
    gap: bool = False
    span: int = 1

    @property
    def heading(self) -> bool:
        """Whether the row is a heading of those below it."""
        return not self.marks and not self.text


@dataclass(frozen=True)
class Reference:
    """A value that all rows are seen against: a vertical line, with its interval as a band."""

    value: float
    low: float
    high: float
    label: str


@dataclass(frozen=True)
class Panel:
    """Rows on one axis: same unit, same scale."""

    unit: str
    lines: Sequence[Line]
    zero: str = ""
    reference: Reference | None = None
    limits: tuple[float, float] | None = None


#: Inches: from the picture's edge and a label to the axis; least height of a row; room above a group.
SPACE, LEAST, GAP = 0.15 + EDGE, 0.275, 0.13
#: Inches between the marks of one row.
STEP = 0.125
#: Inches: height of a bar that is an interval.
THICK = 0.1
#: Colour of the line and band of the whole.
WHOLE = PALETTE[2]


def draw_rows(panels: Sequence[Panel], widest: float = 2.6) -> Figure:
    """Draw panels one below the other.

    Parameters
    ----------
    panels : sequence of Panel
    widest : float
        Most inches that the labels on the left may take.

    Returns
    -------
    Figure
        ``WIDTH`` inches wide, as high as its rows need.
    """
    lines = [line for panel in panels for line in panel.lines]
    left = min(widest, max(width(line.label) for line in lines if not line.heading) + 0.02)
    texts = [width(line.text) for line in lines if line.text]
    right = max(texts) + 0.15 + EDGE if texts else 0.3
    heights = [sum(_height(line, left) for line in panel.lines) for panel in panels]
    tops = [_top(panel) for panel in panels]
    foot = 0.62
    total = sum(heights) + sum(tops) + foot * len(panels)
    figure = Figure(figsize=(WIDTH, total))
    above = 0.0
    for panel, height, top in zip(panels, heights, tops, strict=True):
        above += top
        bottom = total - above - height
        axes = figure.add_axes(
            ((left + SPACE) / WIDTH, bottom / total, (WIDTH - left - right - SPACE) / WIDTH, height / total)
        )
        _draw_panel(axes, panel, height, left)
        above += height + foot
    return figure


def _top(panel: Panel) -> float:
    labelled = any(mark.label for line in panel.lines for mark in line.marks)
    return 0.1 + LINE * (labelled + bool(panel.zero or panel.reference))


def _height(line: Line, left: float) -> float:
    need = len(_label(line, left)) * LINE + 0.08 - LEAST * (line.span - 1)
    marks = 0.0 if line.joined else STEP * len(line.marks) + 0.08
    return max(LEAST, need, marks) + (GAP if line.gap else 0)


def _label(line: Line, left: float) -> list[str]:
    return wrap(line.label, WIDTH - 2 * EDGE if line.heading else left, bold=line.heading)


def _draw_panel(axes: Axes, panel: Panel, height: float, left: float) -> None:
    axes.set_ylim(height, 0)
    axes.set_xlim(*_limits(panel))
    wide = axes.get_position().width * WIDTH
    axes.xaxis.set_major_locator(MaxNLocator(max(2, int(wide / 0.52)), steps=[1, 2, 2.5, 5, 10]))
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(wrap(panel.unit, WIDTH - 0.3, 1)[0], labelpad=3)
    _centre_label(axes)
    _draw_references(axes, panel, height)
    inch = 1 / wide
    y, first = 0.0, True
    for line in panel.lines:
        tall = _height(line, left)
        middle = y + (tall + (GAP if line.gap else 0)) / 2
        if line.label:
            centre = middle + LEAST * (line.span - 1) / 2
            _draw_label(axes, line, centre, left, inch)
        if not line.heading:
            axes.axhline(middle, color=GUIDE, lw=0.6, ls=(0, (1, 3)), zorder=0)
        if line.text:
            axes.text(1 + 0.12 * inch, middle, line.text, transform=axes.get_yaxis_transform(), va="center_baseline")
        _draw_marks(axes, line, middle)
        if first and any(mark.label for mark in line.marks):
            _label_marks(axes, line.marks, y, inch)
            first = False
        y += tall


def _draw_label(axes: Axes, line: Line, middle: float, left: float, inch: float) -> None:
    """The label of a row, left of the axis; a heading may cross the axis and covers what it crosses."""
    lines = _label(line, left)
    for at, text in enumerate(lines):
        axes.text(
            -(left + SPACE - EDGE) * inch, middle + (at - (len(lines) - 1) / 2) * LINE, text, va="center_baseline",
            transform=axes.get_yaxis_transform(), fontweight="bold" if line.heading else "normal", zorder=6,
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.5} if line.heading else None,
        )  # fmt: skip


def _centre_label(axes: Axes) -> None:
    """Axis titles are centred on the picture, not on the axis, so that a long unit is not cut off."""
    box = axes.get_position()
    axes.xaxis.label.set_x((0.5 - box.x0) / box.width if box.width < 0.55 else 0.5)


def _limits(panel: Panel) -> tuple[float, float]:
    if panel.limits:
        return panel.limits
    ends = [end for line in panel.lines for mark in line.marks for end in (mark.value, mark.low, mark.high)]
    if panel.reference:
        ends += [panel.reference.low, panel.reference.high, panel.reference.value]
    if panel.zero:
        ends.append(0.0)
    ends = [end for end in ends if math.isfinite(end)] or [0.0, 1.0]
    spread = (max(ends) - min(ends)) or 1.0
    return min(ends) - 0.06 * spread, max(ends) + 0.06 * spread


def _draw_references(axes: Axes, panel: Panel, height: float) -> None:
    """The zero line and the line of the whole, each said above the rows on its own side."""
    above = -0.08
    known = panel.reference is not None and math.isfinite(panel.reference.value)
    if panel.zero:
        axes.axvline(0, color=INK, lw=1.2, zorder=1)
        side = "right" if known and panel.reference and panel.reference.value >= 0 else "left" if known else "center"
        axes.text(0, above, panel.zero, ha=side, va="bottom")
    if panel.reference and known:
        reference = panel.reference
        # The band's own tone is too light to be seen by everybody; its sides are lines, its ends lie beyond the axes.
        axes.axvspan(reference.low, reference.high, -0.1, 1.1, facecolor=BAND, edgecolor=WHOLE, lw=0.7, zorder=0)
        axes.axvline(reference.value, color=WHOLE, lw=1.4, ls=(0, (5, 2)), zorder=1)
        side = "left" if reference.value >= 0 else "right"
        axes.text(reference.value, above, f" {reference.label} ", ha=side, va="bottom")


def _draw_marks(axes: Axes, line: Line, middle: float) -> None:
    known = [mark for mark in line.marks if math.isfinite(mark.value) or math.isfinite(mark.low)]
    step = 0.0 if line.joined else STEP
    for at, mark in enumerate(known):
        y = middle + step * (at - (len(known) - 1) / 2)
        if mark.wide:
            bar = Rectangle((mark.low, y - THICK / 2), mark.high - mark.low, THICK, facecolor=mark.colour)
            bar.set(edgecolor=INK, linewidth=0.8, zorder=2)
            axes.add_patch(bar)
            continue
        if math.isfinite(mark.low):
            style = (0, (3, 1.5)) if mark.dashed else "-"
            axes.plot([mark.low, mark.high], [y, y], color=mark.colour, lw=1.8, ls=style, zorder=2)
        axes.plot([mark.value], [y], ls="", marker=mark.marker, ms=7, color=mark.colour, mec=INK, mew=0.7, zorder=4)
    if line.joined and len(known) > 1:
        values = [mark.value for mark in known]
        axes.plot([min(values), max(values)], [middle, middle], color=JOIN, lw=2.2, zorder=1)


def _label_marks(axes: Axes, marks: Sequence[Mark], top: float, inch: float) -> None:
    """Say above the first row which mark is which, each name over its mark as far as the names leave room."""
    known = sorted((mark for mark in marks if math.isfinite(mark.value)), key=lambda mark: mark.value)
    box, low, high = axes.get_position(), *axes.get_xlim()
    left, wide = box.x0 * WIDTH, box.width * WIDTH
    places = [left + (mark.value - low) / (high - low) * wide for mark in known]
    places = spread(places, [width(mark.label) + 0.12 for mark in known], EDGE, WIDTH - EDGE)
    for mark, place in zip(known, places, strict=True):
        axes.text(
            (place - left) * inch,
            top - 0.02,
            mark.label,
            ha="center",
            va="bottom",
            transform=axes.get_yaxis_transform(),
        )


def spread(places: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Middles of labels in order, moved apart until none overlaps its neighbour, kept between two edges."""
    found = list(places)
    for _ in range(400):
        for at in range(len(found) - 1):
            overlap = (sizes[at] + sizes[at + 1]) / 2 - (found[at + 1] - found[at])
            if overlap > 1e-9:
                found[at] -= overlap / 2
                found[at + 1] += overlap / 2
        found = [min(max(at, low + size / 2), high - size / 2) for at, size in zip(found, sizes, strict=True)]
    return found
