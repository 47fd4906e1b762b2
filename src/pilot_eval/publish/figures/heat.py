"""Cells of heat tables: one tone for a level or a share, with the number on it."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from pilot_eval.publish.figures.style import INK, LINE, RAMP, SEQUENTIAL, WIDTH, ink_on


def level_tone(value: float, levels: Sequence[int]) -> str:
    """A level's tone: the higher the darker; of more than four levels the upper share a tone by thirds."""
    place = sorted(levels).index(int(value))
    return RAMP[place if len(levels) <= len(RAMP) else -(-3 * place // (len(levels) - 1))]


def share_tone(value: float) -> str:
    """A share's tone: white for none, then a third of the range each."""
    return RAMP[0] if value <= 0 else SEQUENTIAL[min(2, int(3 * value))]


def canvas(height: float) -> tuple[Figure, Axes]:
    """A figure whose axes count inches from its upper left corner."""
    figure = Figure(figsize=(WIDTH, height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(height, 0))
    axes.axis("off")
    return figure, axes


def draw_cell(
    axes: Axes, place: tuple[float, float], size: tuple[float, float], fill: str, text: str, strong: bool = False
) -> None:
    """A cell with its upper left corner at a place; a strong one has a heavy outline and a bold number."""
    axes.add_patch(
        Rectangle(place, *size, facecolor=fill, edgecolor=INK, lw=2.4 if strong else 0.6, zorder=3 if strong else 2)
    )
    middle = place[0] + size[0] / 2, place[1] + size[1] / 2
    weight = "bold" if strong else "normal"
    axes.text(*middle, text, ha="center", va="center_baseline", color=ink_on(fill), fontweight=weight, zorder=4)


def draw_label(axes: Axes, left: float, middle: float, lines: Sequence[str]) -> None:
    """A label of several lines about a height."""
    for at, line in enumerate(lines):
        axes.text(left, middle + (at - (len(lines) - 1) / 2) * LINE, line, va="center_baseline")
