"""Rules of the colours of a figure: of the palette, and told apart by contrast, never by colour alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import Collection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

from pilot_eval.publish.figures.lint_view import Area, Box, Picture, hex_of, rule
from pilot_eval.publish.figures.style import COLOURS, GUIDE, PAPER, RAMP, contrast

#: Least contrast of what must be seen, and of what must be read (WCAG 2.2, 1.4.11 and 1.4.3).
SEEN, READ = 3.0, 4.5


@rule("Every colour is of the palette.")
def palette(picture: Picture) -> Iterator[Box]:
    for artist in picture.seen:
        if any(colour not in COLOURS for colour in _colours(artist)):
            yield _box(artist, picture)


@rule("Every fill that is not white, or its outline, can be seen on paper.")
def fills_seen(picture: Picture) -> Iterator[Box]:
    for area in picture.areas:
        if area.fill != PAPER and max(contrast(one, PAPER) for one in (area.fill, area.outline or PAPER)) < SEEN:
            yield area.box


@rule("Every line but the guides along rows can be seen on paper.")
def lines_seen(picture: Picture) -> Iterator[Box]:
    for artist in picture.seen:
        if isinstance(artist, Line2D) and _ruled(artist):
            colour = hex_of(artist.get_color())
            if colour != GUIDE and contrast(colour, PAPER) < SEEN:
                yield _box(artist, picture)


@rule("Neighbouring fills are told apart by their contrast or by an outline; tones of a ramp are exempt.")
def neighbours_apart(picture: Picture) -> Iterator[Box]:
    for one, other in itertools.combinations(picture.areas, 2):
        if {one.fill, other.fill} <= set(RAMP) or one.fill == other.fill or not _touch(one.box, other.box):
            continue
        edges = [edge for edge in (one.outline, other.outline) if edge]
        pairs = [(one.fill, other.fill), *((edge, fill) for edge in edges for fill in (one.fill, other.fill))]
        if max(contrast(*pair) for pair in pairs) < SEEN:
            yield one.box


@rule("Every text can be read on its ground.")
def texts_readable(picture: Picture) -> Iterator[Box]:
    corners = np.array([area.box for area in picture.areas]).reshape(-1, 4)
    for text, box in zip(picture.texts, picture.boxes, strict=True):
        if contrast(hex_of(text.get_color()), _ground(text, box, picture.areas, corners)) < READ:
            yield box


@rule("Marks differ in more than their colour.")
def not_by_colour_alone(picture: Picture) -> Iterator[Box]:
    for axes in picture.figure.axes:
        shapes: dict[Any, set[str]] = {}
        for line in axes.lines:
            if _marked(line):
                shapes.setdefault(line.get_marker(), set()).add(hex_of(line.get_markerfacecolor()))
        if any(len(colours) > 1 for colours in shapes.values()):
            yield np.asarray(axes.bbox.extents)


def _box(artist: Artist, picture: Picture) -> Box:
    return np.asarray(artist.get_window_extent(picture.renderer).extents)


def _colours(artist: Artist) -> list[str]:
    found: list[Any] = []
    if isinstance(artist, Text):
        found = [artist.get_color()]
    elif isinstance(artist, Line2D):
        found = [artist.get_color()] if _ruled(artist) else []
        if _marked(artist):
            found += [artist.get_markerfacecolor(), artist.get_markeredgecolor()]
    elif isinstance(artist, Patch):
        found = [artist.get_facecolor()] if artist.get_fill() else []
        found += [artist.get_edgecolor()] if artist.get_linewidth() > 0 else []
    elif isinstance(artist, Collection):
        found = [*artist.get_facecolor(), *artist.get_edgecolor()]
    return [colour for one in found if not (colour := hex_of(one)).endswith("00") or len(colour) == 7]


def _ruled(line: Line2D) -> bool:
    """Whether a line is drawn, not its markers only."""
    return line.get_linestyle() not in ("None", "", " ") and line.get_linewidth() > 0


def _marked(line: Line2D) -> bool:
    """Whether a line has markers."""
    return line.get_marker() not in ("None", None, "", " ")


def _touch(one: Box, other: Box) -> bool:
    """Whether two areas lie side by side, neither apart nor one upon the other."""
    across, along = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    return bool(-1.0 < min(across, along) < 1.0 < max(across, along))


def _ground(text: Text, box: Box, areas: list[Area], corners: Box) -> str:
    """The fill in front of which a text stands."""
    own = text.get_bbox_patch()
    if own is not None:
        return hex_of(own.get_facecolor())
    middle = (box[:2] + box[2:]) / 2
    below = np.flatnonzero(((corners[:, :2] <= middle) & (middle <= corners[:, 2:])).all(axis=1))
    return areas[below[-1]].fill if below.size else PAPER


RULES = (palette, fills_seen, lines_seen, neighbours_apart, texts_readable, not_by_colour_alone)
