"""Colours of a figure: of the palette, and told apart by contrast, never by colour alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.collections import Collection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.spines import Spine
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

from pilot_eval.publish.figures.lint_text import box_of, texts_of
from pilot_eval.publish.figures.style import COLOURS, GUIDE, PAPER, RAMP, contrast

#: Least contrast of what must be seen, and of what must be read (WCAG 2.2, 1.4.11 and 1.4.3).
SEEN, READ = 3.0, 4.5


@dataclass(frozen=True)
class Area:
    """A filled area: where it stands in pixels, its fill and its outline (empty without one), from back to front."""

    box: Bbox
    fill: str
    outline: str
    order: float


def colour_problems(figure: Figure, renderer: RendererAgg) -> Iterator[str]:
    """Colours outside the palette; marks, neighbours and texts that lack contrast; marks that differ in colour only."""
    used = dict.fromkeys(colour for artist in _seen(figure) for colour in _colours(artist))
    yield from (f"{colour} is not of the palette" for colour in used if colour not in COLOURS)
    areas = sorted(_areas(figure, renderer), key=lambda area: area.order)
    yield from dict.fromkeys(_faint(figure, areas))
    yield from dict.fromkeys(_neighbours(areas))
    for text in texts_of(figure):
        ground = _ground(text, areas, renderer)
        if contrast(_hex(text.get_color()), ground) < READ:
            yield f"“{text.get_text()}” cannot be read on {ground}"
    for axes in figure.axes:
        yield from _by_colour_alone(axes)


def _hex(colour: Any) -> str:
    """A colour as the palette writes it; with its opacity where it lets something through."""
    text = to_hex(colour, keep_alpha=True).upper()
    return text[:7] if text.endswith("FF") else text


def _seen(figure: Figure) -> Iterator[Artist]:
    """Artists that are drawn, without the grounds of the figure and of its axes and what hidden axes would have."""
    hidden: set[int] = {id(figure.patch)} | {id(text) for text in figure.findobj(Text)}
    hidden -= {id(text) for text in texts_of(figure)}
    for axes in figure.axes:
        hidden.add(id(axes.patch))
        if not axes.axison:
            parts = [*axes.spines.values(), axes.xaxis, axes.yaxis]
            hidden |= {id(one) for part in parts for one in part.findobj()}
    for artist in figure.findobj():
        if artist.get_visible() and id(artist) not in hidden:
            yield artist
            if isinstance(artist, Annotation) and artist.arrow_patch is not None:
                yield artist.arrow_patch


def _colours(artist: Artist) -> list[str]:
    found: list[Any] = []
    if isinstance(artist, Text):
        found = [artist.get_color()]
    elif isinstance(artist, Line2D):
        found = [artist.get_color()] if _ruled(artist) else []
        if artist.get_marker() not in ("None", None, "", " "):
            found += [artist.get_markerfacecolor(), artist.get_markeredgecolor()]
    elif isinstance(artist, Patch):
        found = [artist.get_facecolor()] if artist.get_fill() else []
        found += [artist.get_edgecolor()] if artist.get_linewidth() > 0 else []
    elif isinstance(artist, Collection):
        found = [*artist.get_facecolor(), *artist.get_edgecolor()]
    return [colour for one in found if not (colour := _hex(one)).endswith("00") or len(colour) == 7]


def _ruled(line: Line2D) -> bool:
    """Whether a line is drawn, not its markers only."""
    return line.get_linestyle() not in ("None", "", " ") and line.get_linewidth() > 0


def _areas(figure: Figure, renderer: RendererAgg) -> Iterator[Area]:
    for artist in _seen(figure):
        if isinstance(artist, Rectangle) and not isinstance(artist, Spine) and artist.get_fill():
            outline = _hex(artist.get_edgecolor()) if artist.get_linewidth() > 0 else ""
            box = artist.get_window_extent(renderer)
            yield Area(box, _hex(artist.get_facecolor()), outline, artist.get_zorder())


def _faint(figure: Figure, areas: list[Area]) -> Iterator[str]:
    """What can hardly be seen on paper; the guides along rows carry no information."""
    for area in areas:
        if area.fill != PAPER and max(contrast(one, PAPER) for one in (area.fill, area.outline or PAPER)) < SEEN:
            yield f"a fill of {area.fill} without an outline can hardly be seen"
    for artist in _seen(figure):
        if isinstance(artist, Line2D) and _ruled(artist) and _hex(artist.get_color()) != GUIDE:
            colour = _hex(artist.get_color())
            yield from [f"a line of {colour} can hardly be seen"] if contrast(colour, PAPER) < SEEN else []


def _neighbours(areas: list[Area]) -> Iterator[str]:
    """Fills side by side that neither their own contrast nor an outline tells apart; tones of a ramp are exempt."""
    for one, other in itertools.combinations(areas, 2):
        if {one.fill, other.fill} <= set(RAMP) or one.fill == other.fill or not _touch(one.box, other.box):
            continue
        edges = [edge for edge in (one.outline, other.outline) if edge]
        pairs = [(one.fill, other.fill), *((edge, fill) for edge in edges for fill in (one.fill, other.fill))]
        if max(contrast(*pair) for pair in pairs) < SEEN:
            yield f"neighbours {one.fill} and {other.fill} have a contrast below {SEEN:.0f}"


def _touch(one: Bbox, other: Bbox) -> bool:
    """Whether two areas lie side by side, neither apart nor one upon the other."""
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    along = min(one.y1, other.y1) - max(one.y0, other.y0)
    return bool(min(across, along) > -1.0 and min(across, along) < 1.0 < max(across, along))


def _ground(text: Text, areas: list[Area], renderer: RendererAgg) -> str:
    """The fill in front of which a text stands."""
    own = text.get_bbox_patch()
    if own is not None:
        return _hex(own.get_facecolor())
    box = box_of(text, renderer)
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    below = [area.fill for area in areas if area.box.contains(x, y)]
    return below[-1] if below else PAPER


def _by_colour_alone(axes: Axes) -> Iterator[str]:
    """Markers of one shape in several colours."""
    shapes: dict[Any, set[str]] = {}
    for line in axes.lines:
        if line.get_marker() not in ("None", None, "", " "):
            shapes.setdefault(line.get_marker(), set()).add(_hex(line.get_markerfacecolor()))
    yield from (
        f"markers “{shape}” differ in colour only: {', '.join(sorted(colours))}"
        for shape, colours in shapes.items() if len(colours) > 1
    )  # fmt: skip
