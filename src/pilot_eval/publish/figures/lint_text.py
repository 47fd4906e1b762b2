"""Rules of the texts of a figure: large enough, level, apart from one another and within the picture."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from matplotlib.legend import Legend

from pilot_eval.publish.figures.lint_view import Box, Picture, rule
from pilot_eval.publish.figures.style import FONT, SIZE, WIDTH

#: By so many points boxes may touch: they hold room for accents and descenders that a line seldom has.
SLACK = 0.75


@rule(f"Every text is {SIZE:.0f} points high or more in print.")
def large_enough(picture: Picture) -> Iterator[Box]:
    printed = min(1.0, WIDTH / picture.figure.get_figwidth())
    for text, box in zip(picture.texts, picture.boxes, strict=True):
        if float(text.get_fontsize()) * printed < SIZE - 1e-6:
            yield box


@rule("No text is turned.")
def level(picture: Picture) -> Iterator[Box]:
    for text, box in zip(picture.texts, picture.boxes, strict=True):
        if text.get_rotation() % 360:
            yield box


@rule(f"Every text is set in {FONT}.")
def one_typeface(picture: Picture) -> Iterator[Box]:
    for text, box in zip(picture.texts, picture.boxes, strict=True):
        if text.get_fontname() != FONT:
            yield box


@rule("No text leaves the picture.")
def within_the_picture(picture: Picture) -> Iterator[Box]:
    left, low, right, high = _tight(picture)
    wide, tall = picture.figure.bbox.size
    yield from picture.boxes[(left < 0) | (low < 0) | (right > wide) | (high > tall)]


@rule("No text overlaps another.")
def texts_apart(picture: Picture) -> Iterator[Box]:
    left, low, right, high = _tight(picture)
    apart = (left[:, None] >= right) | (right[:, None] <= left) | (low[:, None] >= high) | (high[:, None] <= low)
    for one, _ in np.argwhere(np.triu(~apart, 1)):
        yield picture.boxes[one]


@rule("Labels stand at what they name; there is no legend.")
def no_legend(picture: Picture) -> Iterator[Box]:
    for one in picture.artists:
        if isinstance(one, Legend):
            yield np.asarray(one.get_window_extent(picture.renderer).extents)


def _tight(picture: Picture) -> Box:
    """The boxes of all texts without the room that they may share: all left ends, lower, right and upper ones."""
    slack = SLACK * picture.figure.dpi / 72
    return np.asarray((picture.boxes + np.array([slack, slack, -slack, -slack])).T)


RULES = (large_enough, level, one_typeface, within_the_picture, texts_apart, no_legend)
