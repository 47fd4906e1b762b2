"""The benchmarking strip of a pack: this area among all, without a name or an order of the others."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

OWN, OTHERS, INK = "#12436D", "#BFBFBF", "#0B0C0C"
WIDE, TALL, LEFT, RIGHT, MIDDLE = 480, 118, 20, 20, 52


@dataclass(frozen=True)
class Strip:
    """What a strip shows, all of it as published.

    Parameters
    ----------
    own, low, high : float
        This area's change with its interval.
    whole : float
        The programme's change; NaN when it is not shown.
    others : sequence of float
        Change of the other areas, in no order that tells them apart.
    """

    own: float
    low: float
    high: float
    whole: float
    others: Sequence[float]


def limits(strips: Sequence[Strip]) -> tuple[float, float]:
    """A scale on which all strips of one unit fit, zero included."""
    ends = [end for strip in strips for end in (strip.low, strip.high, strip.whole, *strip.others)]
    ends = [end for end in ends if math.isfinite(end)] + [0.0]
    room = 0.06 * ((max(ends) - min(ends)) or 1.0)
    return min(ends) - room, max(ends) + room


def draw_strip(strip: Strip, scale: tuple[float, float], here: str, programme: str, alt: str) -> Markup:
    """The strip as SVG.

    Parameters
    ----------
    strip : Strip
    scale : (float, float)
        Least and greatest value of the axis.
    here, programme : str
        What the two labels say.
    alt : str
        The picture in words.
    """

    def x(value: float) -> float:
        return round(LEFT + (value - scale[0]) / (scale[1] - scale[0]) * (WIDE - LEFT - RIGHT), 1)

    dots = "".join(
        f'<circle cx="{x(value)}" cy="{MIDDLE}" r="6" fill="{OTHERS}" stroke="#3D3D3D" stroke-width="1"/>'
        for value in sorted(strip.others)
    )
    ticks = "".join(
        f'<line x1="{x(at)}" x2="{x(at)}" y1="84" y2="90" stroke="{INK}"/>'
        f'<text x="{x(at)}" y="108" text-anchor="middle">{_text(at)}</text>'
        for at in _ticks(scale)
    )
    left_first = not math.isfinite(strip.whole) or strip.own <= strip.whole
    apart = abs(x(strip.own) - x(strip.whole)) if math.isfinite(strip.whole) else WIDE
    nudge = min(8.0, round(apart / 2 - 5, 1))
    left = _turned(x(strip.own), here, left_first)
    labels = _label(x(strip.own), nudge, here, left, bold=True)
    whole, top = "", 0
    if math.isfinite(strip.whole):
        at = x(strip.whole)
        whole = f'<line x1="{at}" x2="{at}" y1="26" y2="84" stroke="#801650" stroke-width="2" stroke-dasharray="6 3"/>'
        turned = _turned(at, programme, not left_first)
        top = 20 if turned == left else 0  # both on one side of marks that are near: one above the other
        labels += _label(at, nudge, programme, turned, up=top)
    return Markup(
        f'<svg class="strip" role="img" aria-label="{escape(alt)}" viewBox="0 {-top} {WIDE} {TALL + top}" '
        f'font-family="Arial, Helvetica, sans-serif" font-size="16" fill="{INK}">'
        f'<line x1="{x(0)}" x2="{x(0)}" y1="26" y2="84" stroke="{INK}" stroke-width="2"/>'
        f'<line x1="{LEFT}" x2="{WIDE - RIGHT}" y1="84" y2="84" stroke="{INK}"/>{ticks}{dots}{whole}'
        f'<line x1="{x(strip.low)}" x2="{x(strip.high)}" y1="{MIDDLE}" y2="{MIDDLE}" stroke="{OWN}" stroke-width="4"/>'
        f'<path d="M{x(strip.own)} {MIDDLE - 10}l10 10l-10 10l-10 -10z" fill="{OWN}" stroke="{INK}"/>{labels}</svg>'
    )


def _turned(x: float, text: str, left: bool) -> bool:
    """Whether a label stands left of its mark: as wished, but turned inwards where the edge is near."""
    room = 9.5 * len(text)
    return (left and x - room > 0) or x + room > WIDE


def _label(x: float, nudge: float, text: str, left: bool, bold: bool = False, up: int = 0) -> str:
    """A label that ends or begins at its mark."""
    weight = ' font-weight="bold"' if bold else ""
    side = "end" if left else "start"
    place = round(x + (nudge if left else -nudge), 1)
    return f'<text x="{place}" y="{18 - up}" text-anchor="{side}"{weight}>{escape(text)}</text>'


def _ticks(scale: tuple[float, float]) -> list[float]:
    """Round numbers along the axis, at most six."""
    span = scale[1] - scale[0]
    power = 10.0 ** math.floor(math.log10(span))
    step = next(step for step in (power / 5, power / 4, power / 2, power, 2 * power) if span / step <= 5)
    first = math.ceil(scale[0] / step)
    return [round(step * at, 10) for at in range(first, math.floor(scale[1] / step) + 1)]


def _text(value: float) -> str:
    return f"{value:g}".replace("-", "\u2212")
