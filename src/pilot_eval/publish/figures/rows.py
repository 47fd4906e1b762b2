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
#: Inches: between the axis and the texts beside it, between two names above it; the shortest axis.
BESIDE, BETWEEN, SHORTEST = 0.15, 0.12, 1.4
#: Inches between the marks of one row.
STEP = 0.125
#: Inches: height of a bar that is an interval.
THICK = 0.1
#: Colour of the line and band of the whole.
WHOLE = PALETTE[2]


@dataclass(frozen=True)
class Rooms:
    """Inches that the labels on the left, the axis and the texts on the right have."""

    left: float
    axis: float
    right: float


#: Where the middle of a name belongs, in inches from the left of the picture, and its lines.
Name = tuple[float, Sequence[str]]


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
    most = WIDTH - left - SPACE - SHORTEST - BESIDE - EDGE
    right = min(max(texts), most) + BESIDE + EDGE if texts else 0.3
    rooms = Rooms(left, WIDTH - left - right - SPACE, right - BESIDE - EDGE)
    heights = [sum(_height(line, rooms) for line in panel.lines) for panel in panels]
    tops = [_top(panel, rooms) for panel in panels]
    foot = 0.62
    total = sum(heights) + sum(tops) + foot * len(panels)
    figure = Figure(figsize=(WIDTH, total))
    above = 0.0
    for panel, height, top in zip(panels, heights, tops, strict=True):
        above += top
        bottom = total - above - height
        axes = figure.add_axes(((left + SPACE) / WIDTH, bottom / total, rooms.axis / WIDTH, height / total))
        _draw_panel(axes, panel, height, rooms)
        above += height + foot
    return figure


def _top(panel: Panel, rooms: Rooms) -> float:
    """Room above the rows, for the names of marks and lines."""
    named = next((line.marks for line in panel.lines if any(mark.label for mark in line.marks)), ())
    return 0.1 + LINE * max((len(lines) for _, lines in [*_names(named), *_references(panel, rooms)]), default=0)


def _height(line: Line, rooms: Rooms) -> float:
    need = len(_label(line, rooms)) * LINE + 0.08 - LEAST * (line.span - 1)
    texts = len(_text(line, rooms)) * LINE + 0.08
    marks = 0.0 if line.joined else STEP * len(line.marks) + 0.08
    return max(LEAST, need, texts, marks) + (GAP if line.gap else 0)


def _label(line: Line, rooms: Rooms) -> list[str]:
    return wrap(line.label, WIDTH - 2 * EDGE if line.heading else rooms.left, bold=line.heading)


def _text(line: Line, rooms: Rooms) -> list[str]:
    return wrap(line.text, rooms.right) if line.text else []


def _draw_panel(axes: Axes, panel: Panel, height: float, rooms: Rooms) -> None:
    axes.set_ylim(height, 0)
    axes.set_xlim(*_limits(panel))
    axes.xaxis.set_major_locator(MaxNLocator(max(2, int(rooms.axis / 0.52)), steps=[1, 2, 2.5, 5, 10]))
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    unit = wrap(panel.unit, WIDTH - 0.3, 1)[0]
    axes.set_xlabel(unit, labelpad=3, x=_middle(width(unit), rooms))
    _draw_references(axes, panel, rooms)
    inch = 1 / rooms.axis
    y, first = 0.0, True
    for line in panel.lines:
        tall = _height(line, rooms)
        middle = y + (tall + (GAP if line.gap else 0)) / 2
        if line.label:
            centre = middle + LEAST * (line.span - 1) / 2
            _draw_label(axes, line, centre, rooms)
        if not line.heading:
            axes.axhline(middle, color=GUIDE, lw=0.6, ls=(0, (1, 3)), zorder=0)
        for at, text in enumerate(texts := _text(line, rooms)):
            axes.text(1 + 0.12 * inch, middle + (at - (len(texts) - 1) / 2) * LINE, text, va="center_baseline",
                      transform=axes.get_yaxis_transform())  # fmt: skip
        _draw_marks(axes, line, middle)
        if first and any(mark.label for mark in line.marks):
            _draw_names(axes, _names(line.marks, panel, rooms), y - 0.02, rooms)
            first = False
        y += tall


def _draw_label(axes: Axes, line: Line, middle: float, rooms: Rooms) -> None:
    """The label of a row, left of the axis; a heading may cross the axis and covers what it crosses."""
    lines = _label(line, rooms)
    for at, text in enumerate(lines):
        axes.text(
            -(rooms.left + SPACE - EDGE) / rooms.axis, middle + (at - (len(lines) - 1) / 2) * LINE, text,
            va="center_baseline", transform=axes.get_yaxis_transform(), zorder=6,
            fontweight="bold" if line.heading else "normal",
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.5} if line.heading else None,
        )  # fmt: skip


def _middle(wide: float, rooms: Rooms) -> float:
    """Middle of an axis title, as a share of the axis: its own middle as far as the picture's edges leave room."""
    start = rooms.left + SPACE
    centre = min(max(start + rooms.axis / 2, EDGE + wide / 2), WIDTH - EDGE - wide / 2)
    return (centre - start) / rooms.axis


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


def _draw_references(axes: Axes, panel: Panel, rooms: Rooms) -> None:
    """The zero line and the line of the whole with its band, each said above the rows."""
    if panel.zero:
        axes.axvline(0, color=INK, lw=1.2, zorder=1)
    if panel.reference:
        reference = panel.reference
        # The band's own tone is too light to be seen by everybody; its sides are lines, its ends lie beyond the axes.
        axes.axvspan(reference.low, reference.high, -0.1, 1.1, facecolor=BAND, edgecolor=WHOLE, lw=0.7, zorder=0)
        axes.axvline(reference.value, color=WHOLE, lw=1.4, ls=(0, (5, 2)), zorder=1)
    _draw_names(axes, _references(panel, rooms), -0.08, rooms)


def _references(panel: Panel, rooms: Rooms) -> list[Name]:
    """Names of the zero line and of the line of the whole, each on its own side of the two."""
    names: list[Name] = []
    reference = panel.reference
    if panel.zero:
        half = width(panel.zero) / 2
        side = 0.0 if reference is None else -half if reference.value >= 0 else half
        names.append((_inches(0.0, panel, rooms) + side, [panel.zero]))
    if reference is not None:
        room = WIDTH - 2 * EDGE - (width(panel.zero) + BETWEEN if panel.zero else 0.0)
        lines = wrap(reference.label, room, 3)
        half = max(map(width, lines)) / 2 + 0.05
        names.append((_inches(reference.value, panel, rooms) + (half if reference.value >= 0 else -half), lines))
    return names


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


def _names(marks: Sequence[Mark], panel: Panel | None = None, rooms: Rooms | None = None) -> list[Name]:
    """Names of the marks of a row, in lines of an equal share of the width where one line each is too long."""
    known = sorted((mark for mark in marks if math.isfinite(mark.value)), key=lambda mark: mark.value)
    need = sum(width(mark.label) + BETWEEN for mark in known)
    room = WIDTH if need <= WIDTH - 2 * EDGE else (WIDTH - 2 * EDGE) / len(known) - BETWEEN
    places = [_inches(mark.value, panel, rooms) if panel and rooms else 0.0 for mark in known]
    return [(place, wrap(mark.label, room, 3)) for place, mark in zip(places, known, strict=True)]


def _inches(value: float, panel: Panel, rooms: Rooms) -> float:
    """Where a value stands, in inches from the left of the picture."""
    low, high = _limits(panel)
    return rooms.left + SPACE + (value - low) / (high - low) * rooms.axis


def _draw_names(axes: Axes, names: Sequence[Name], bottom: float, rooms: Rooms) -> None:
    """Write names above the rows, each over its own place as far as the others and the edges leave room."""
    order = sorted(names, key=lambda name: name[0])
    sizes = [max(map(width, lines)) + BETWEEN for _, lines in order]
    places = spread([place for place, _ in order], sizes, EDGE - BETWEEN / 2, WIDTH - EDGE + BETWEEN / 2)
    for place, (_, lines) in zip(places, order, strict=True):
        for at, line in enumerate(reversed(lines)):
            axes.text(
                (place - rooms.left - SPACE) / rooms.axis, bottom - at * LINE, line, ha="center", va="bottom",
                transform=axes.get_yaxis_transform(),
            )  # fmt: skip


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
