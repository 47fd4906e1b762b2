"""A drawn figure as the linter sees it, and how a rule of figures is made of a function that finds what breaks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from xml.etree import ElementTree

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.spines import Spine
from matplotlib.text import Annotation, Text

from pilot_eval.publish.figures.style import Drawing
from pilot_eval.publish.kept_rules import rule_by

#: Left, lower, right and upper end in pixels, or the same of many.
Box = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Area:
    """A filled area: where it stands, its fill and its outline (empty without one)."""

    box: Box
    fill: str
    outline: str


@dataclass
class Picture:
    """A figure that has been drawn, what is said about it, and its SVG.

    Parameters
    ----------
    name : str
        What it is called where a broken rule is told.
    figure : Figure
        The picture. It is looked at in the style of :func:`pilot_eval.publish.figures.style.styled`: how wide a text
        is depends on that.
    drawing : Drawing
        What is said about it, and the numbers drawn.
    svg : str
        The picture as SVG.
    names : sequence of str
        The study's own words: what digits they have are no numbers of the ledger.
    """

    name: str
    figure: Figure
    drawing: Drawing
    svg: str
    names: Sequence[str] = ()

    @cached_property
    def renderer(self) -> RendererAgg:
        """What measures texts; ticks and labels have been put in their places for it."""
        renderer: RendererAgg = FigureCanvasAgg(self.figure).get_renderer()  # type: ignore[no-untyped-call]
        self.figure.draw_without_rendering()
        return renderer

    @cached_property
    def artists(self) -> list[Artist]:
        """Everything that the figure is made of, seen or not."""
        return self.figure.findobj()

    @cached_property
    def texts(self) -> list[Text]:
        """The texts that are seen."""
        return texts_of(self.figure)

    @cached_property
    def boxes(self) -> Box:
        """Where each text stands; an annotation's arrow is no part of it."""
        found = [Text.get_window_extent(text, self.renderer).extents for text in self.texts]
        return np.array(found, dtype=np.float64).reshape(-1, 4)

    @cached_property
    def seen(self) -> list[Artist]:
        """Artists that are drawn, without the grounds of figure and axes and what hidden axes would have."""
        hidden = {id(self.figure.patch)} | {id(one) for one in self.artists if isinstance(one, Text)}
        hidden -= {id(text) for text in self.texts}
        for axes in self.figure.axes:
            hidden.add(id(axes.patch))
            if not axes.axison:
                parts = [*axes.spines.values(), axes.xaxis, axes.yaxis]
                hidden |= {id(one) for part in parts for one in part.findobj()}
        found: list[Artist] = []
        for artist in self.artists:
            if artist.get_visible() and id(artist) not in hidden:
                found.append(artist)
                if isinstance(artist, Annotation) and artist.arrow_patch is not None:
                    found.append(artist.arrow_patch)
        return found

    @cached_property
    def areas(self) -> list[Area]:
        """Filled areas, from back to front."""
        found = [one for one in self.seen if isinstance(one, Rectangle) and not isinstance(one, Spine)]
        return [
            Area(
                np.asarray(one.get_window_extent(self.renderer).extents),
                hex_of(one.get_facecolor()),
                hex_of(one.get_edgecolor()) if one.get_linewidth() > 0 else "",
            )
            for one in sorted(found, key=lambda one: one.get_zorder())
            if one.get_fill()
        ]

    @cached_property
    def root(self) -> ElementTree.Element | None:
        """The SVG, read back; None when it is not well-formed."""
        try:
            return ElementTree.fromstring(self.svg)
        except ElementTree.ParseError:
            return None

    def place(self, box: Box) -> str:
        """Where in the picture a box has its middle, as a person would look for it."""
        across, up = (box[:2] + box[2:]) / 2 / self.figure.bbox.size
        left, top = (round(100 * float(np.clip(share, 0, 1))) for share in (across, 1 - up))
        return f"{left}% from the left, {top}% from the top"


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


def hex_of(colour: Any) -> str:
    """A colour as the palette writes it; with its opacity where it lets something through."""
    text = to_hex(colour, keep_alpha=True).upper()
    return text[:7] if text.endswith("FF") else text


def _place(picture: Picture, one: Box | str) -> str:
    """Where a box stands, or a part of what is said; "" is the whole."""
    return ", ".join(filter(None, (picture.name, one if isinstance(one, str) else picture.place(one))))


#: A rule by the function that finds what breaks it: boxes in the picture, parts of what is said, or "" for all.
rule = rule_by(_place)
