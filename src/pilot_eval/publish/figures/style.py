"""What all figures share: palette, type, the drawing that a figure returns, and its SVG and PNG."""

from __future__ import annotations

import functools
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from typing import Any

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.text import Text

from pilot_eval.publish.lookup import Cell

PALETTE = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
TWO = ("#12436D", "#F46A25")
HIGHLIGHT, MUTED, BAND = "#12436D", "#BFBFBF", "#E4E9EE"
SEQUENTIAL = ("#6BACE6", "#2073BC", "#12436D")
#: Answers from one end to the other; grey stands in the middle of an odd number.
DIVERGING = ("#801650", "#F46A25", "#A285D1", "#BFBFBF", "#6BACE6", "#2073BC", "#12436D")
INK, GUIDE, JOIN, PAPER = "#0B0C0C", "#D5D8DA", "#8C8C8C", "#FFFFFF"
#: Tones of heat tables, from none to most.
RAMP = (PAPER, *SEQUENTIAL)
#: Every colour that a figure may have.
COLOURS = frozenset((*PALETTE, *RAMP, *DIVERGING, MUTED, BAND, INK, GUIDE, JOIN))
MARKERS = ("o", "s", "^", "D", "v", "P")
#: Width in inches: that of the text on an A4 page, so that 12 points stay 12 points in print.
WIDTH = 6.8
SIZE = 12.0
LINE = 0.205
EDGE = 0.04
FONT = "DejaVu Sans"
BOX = "□"
RC: Any = {
    "font.family": [FONT], "font.size": SIZE, "text.parse_math": False, "svg.fonttype": "none", "axes.linewidth": 0.8,
    "axes.edgecolor": INK, "text.color": INK, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK,
    "axes.spines.top": False, "axes.spines.right": False, "axes.unicode_minus": True,
    "text.hinting": "none",  # else a line is as wide as the resolution has it, and not as it was measured
}  # fmt: skip


@dataclass
class Drawing:
    """A figure and all that is said about it.

    Parameters
    ----------
    figure : Figure or None
        The picture, without a title; None when nothing may or can be shown.
    title : str
        Headline: what the figure says.
    subtitle : str
        What is drawn, in which unit, of whom.
    alt : str
        Short text in the picture's place.
    description : str
        Long description: highest, lowest and overall, from the numbers drawn.
    note : str
        What the intervals are, and what is left out.
    drawn : list of (labels, Cell)
        The numbers drawn, each with what it is a number of.
    """

    figure: Figure | None
    title: str
    subtitle: str
    alt: str
    description: str
    note: str = ""
    drawn: Sequence[tuple[Mapping[str, str], Cell]] = field(default_factory=list)


@contextmanager
def styled(name: str) -> Iterator[None]:
    """Matplotlib as this project sets it, whatever the user's own settings are; ids salted by the figure's name."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update({**RC, "svg.hashsalt": name})
        yield


def svg(figure: Figure, name: str, title: str, alt: str, synthetic: bool) -> str:
    """The picture as SVG: text as text, one role and label, ids that no other figure on a page has."""
    buffer = io.StringIO()
    FigureCanvasSVG(figure)
    about = {"Date": None, "Title": title, "Creator": None}
    figure.savefig(buffer, format="svg", metadata=about | ({"Description": "Synthetic data"} if synthetic else {}))
    text = re.sub(r"<!DOCTYPE.*?>\s*", "", buffer.getvalue(), count=1, flags=re.DOTALL)
    text = re.sub(r'( id="|url\(#|xlink:href="#)', rf"\g<1>{name}-", text)
    text = text.replace(f"'{FONT}'", f"'{FONT}', Verdana, sans-serif")
    return text.replace("<svg ", f'<svg role="img" aria-label="{escape(alt)}" ', 1)


def png(figure: Figure, title: str, synthetic: bool) -> bytes:
    """The picture as PNG at twice the resolution of a screen."""
    buffer = io.BytesIO()
    FigureCanvasAgg(figure)
    about: dict[str, Any] = {"Software": None, "Title": title}
    about |= {"Comment": "Synthetic data"} if synthetic else {}
    # A hundredth larger than the usual level makes it, in two thirds of its time.
    figure.savefig(buffer, format="png", dpi=192, metadata=about, pil_kwargs={"compress_level": 2})
    return buffer.getvalue()


@functools.cache
def width(text: str, bold: bool = False) -> float:
    """Width of a line of text in inches."""
    font = get_font(findfont(FontProperties(family=[FONT], weight="bold" if bold else "normal")))
    font.set_size(SIZE, 72)
    font.set_text(plain(text) if text.strip() else text, flags=LoadFlags.NO_HINTING)
    return float(font.get_width_height()[0]) / 64 / 72


def wrap(text: str, inches: float, lines: int = 4, bold: bool = False) -> list[str]:
    """Text broken into lines of a width in inches; what does not fit ends in an ellipsis."""
    found = [""]
    for word in plain(text).split():
        for piece in _pieces(word, inches, bold):
            longer = f"{found[-1]} {piece}".strip()
            if width(longer, bold) <= inches or not found[-1]:
                found[-1] = longer
            else:
                found.append(piece)
    if len(found) > lines:
        found = found[:lines]
        while found[-1] and width(found[-1] + "…", bold) > inches:
            found[-1] = found[-1][:-1].rstrip()
        found[-1] += "…"
    return found


def _pieces(word: str, inches: float, bold: bool) -> list[str]:
    """A word, cut where it alone is wider than the line."""
    pieces = [""]
    for letter in word:
        if width(pieces[-1] + letter, bold) > inches and pieces[-1]:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def plain(text: str) -> str:
    """Text without control characters and marks of direction; a box for what the typeface has no sign for."""
    known = _known()
    letters = unicodedata.normalize("NFC", text)
    return "".join(
        " " if not letter.isprintable() else letter if ord(letter) in known else BOX for letter in letters
    ).strip()


@functools.cache
def _known() -> frozenset[int]:
    """Code points that the typeface has a sign for."""
    return frozenset(get_font(findfont(FontProperties(family=[FONT]))).get_charmap())


def with_known_glyphs(figure: Figure) -> bool:
    """Draw a box for every sign that the typeface lacks, wherever the text came from; whether there was one."""
    found = False
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        written = "\n".join(plain(line) if line.strip() else line for line in text.get_text().split("\n"))
        if BOX in written:
            text.set_text(written)
            found = True
    return found


def wave_style(waves: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, str]]:
    """Colour and marker of each wave, the same in every figure."""
    colours = TWO if len(waves) == 2 else PALETTE
    return {wave["id"]: (colours[at % len(colours)], MARKERS[at % len(MARKERS)]) for at, wave in enumerate(waves)}


def contrast(one: str, other: str) -> float:
    """Contrast of two colours by WCAG 2.2: from 1 (the same) to 21 (black on white)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ink_on(colour: str) -> str:
    """The text colour that can be read on a fill: white or ink."""
    return PAPER if contrast(PAPER, colour) >= 4.5 else INK
