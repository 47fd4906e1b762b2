"""Texts of a figure: large enough, level, apart from one another and within the picture."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from pilot_eval.publish.figures.style import FONT, SIZE, WIDTH

#: By so many points boxes may touch: they hold room for accents and descenders that a line seldom has.
SLACK = 0.75


def texts_of(figure: Figure) -> list[Text]:
    """The texts that are seen: without those of hidden axes and of ticks beyond an axis' ends."""
    unseen: set[int] = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            room = 1e-9 * (high - low)
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                if not axes.axison or not low - room <= tick.get_loc() <= high + room:
                    unseen |= {id(tick.label1), id(tick.label2)}
            if not axes.axison:
                unseen |= {id(axis.label), id(axis.offsetText)}
    found = [text for text in figure.findobj(Text) if isinstance(text, Text) and id(text) not in unseen]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def box_of(text: Text, renderer: RendererAgg) -> Bbox:
    """Where a text stands, in pixels; an annotation's arrow is no part of it."""
    return Text.get_window_extent(text, renderer)


def text_problems(figure: Figure, renderer: RendererAgg) -> Iterator[str]:
    """Texts that are too small, turned, in another typeface, overlapping or cut off; a legend."""
    texts = texts_of(figure)
    printed = min(1.0, WIDTH / figure.get_figwidth())
    for text in texts:
        if (size := float(text.get_fontsize()) * printed) < SIZE - 1e-6:
            yield f"“{text.get_text()}” is {size:.1f} points high, less than {SIZE:.0f}"
        if text.get_rotation() % 360:
            yield f"“{text.get_text()}” is turned"
        if text.get_fontname() != FONT:
            yield f"“{text.get_text()}” is set in {text.get_fontname()}, not in {FONT}"
    boxes = np.array([box_of(text, renderer).extents for text in texts]).reshape(-1, 4)
    slack = SLACK * figure.dpi / 72
    left, low, right, high = (boxes + np.array([slack, slack, -slack, -slack])).T
    wide, tall = figure.bbox.size
    for at in np.flatnonzero((left < 0) | (low < 0) | (right > wide) | (high > tall)):
        yield f"“{texts[at].get_text()}” leaves the picture"
    apart = (left[:, None] >= right) | (right[:, None] <= left) | (low[:, None] >= high) | (high[:, None] <= low)
    for one, other in np.argwhere(np.triu(~apart, 1)):
        yield f"“{texts[one].get_text()}” overlaps “{texts[other].get_text()}”"
    if figure.findobj(Legend):
        yield "there is a legend, where labels could stand at the marks"
