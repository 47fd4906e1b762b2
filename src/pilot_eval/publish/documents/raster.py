"""A small drawing of ours as PNG: documents show it where their program knows no SVG."""

from __future__ import annotations

import functools
import importlib.util
import io
import re
from pathlib import Path
from typing import Any

#: Dots of the PNG for one unit of the drawing, and how many times finer it is drawn before it is made smooth.
SCALE, FINER = 2, 2
NUMBERS = re.compile(r"-?[\d.]+")
STEPS = re.compile(r"([MLlz])([^MLlz]*)")
BACK = "#FFFFFF"


def png_of(svg: Any) -> tuple[bytes, float, float]:
    """Draw the lines, circles, polygons and labels of a drawing.

    Parameters
    ----------
    svg : lxml element
        As an HTML parser reads it: names of attributes in lower case.

    Returns
    -------
    picture : bytes
    width, height : float
        In units of the drawing.

    Raises
    ------
    ValueError
        For a shape that is none of these: a picture with a part missing would be believed.
    """
    from PIL import Image, ImageDraw

    left, top, width, height = (float(number) for number in svg.get("viewbox").split())
    fine = SCALE * FINER
    image = Image.new("RGB", (round(width * fine), round(height * fine)), BACK)
    pen = _Pen(ImageDraw.Draw(image), left, top, fine)
    for shape in svg:
        draw = getattr(pen, str(shape.tag), None)
        if draw is None:
            raise ValueError(f"a drawing has a shape that no document shows yet: {shape.tag}")
        draw({**{"fill": svg.get("fill", "#000000"), "font-size": svg.get("font-size", "16")}, **shape.attrib}, shape)
    buffer = io.BytesIO()
    image.reduce(FINER).save(buffer, "PNG", compress_level=2)
    return buffer.getvalue(), width, height


class _Pen:
    """Draws on an image whose units are finer than the drawing's; its methods are named as the shapes are."""

    def __init__(self, draw: Any, left: float, top: float, scale: float) -> None:
        self._draw, self._left, self._top, self._scale = draw, left, top, scale

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return (x - self._left) * self._scale, (y - self._top) * self._scale

    def line(self, own: dict[str, str], _: Any) -> None:
        (x1, y1), (x2, y2) = (self._at(float(own[f"x{end}"]), float(own[f"y{end}"])) for end in "12")
        width = round(float(own.get("stroke-width", "1")) * self._scale)
        on, off = ([float(part) * self._scale for part in own.get("stroke-dasharray", "").split()] or [0, 0])[:2]
        length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
        start = 0.0
        while start < length:
            end = min(start + on, length) if on else length
            ends = [(x1 + (x2 - x1) * part / length, y1 + (y2 - y1) * part / length) for part in (start, end)]
            self._draw.line(ends, fill=own["stroke"], width=width)
            start = end + off

    def circle(self, own: dict[str, str], _: Any) -> None:
        x, y = self._at(float(own["cx"]), float(own["cy"]))
        radius = float(own["r"]) * self._scale
        edge = round(float(own.get("stroke-width", "1")) * self._scale)
        box = (x - radius, y - radius, x + radius, y + radius)
        self._draw.ellipse(box, fill=own["fill"], outline=own.get("stroke"), width=edge)

    def path(self, own: dict[str, str], _: Any) -> None:
        points: list[tuple[float, float]] = []
        for step, numbers in STEPS.findall(own["d"]):
            values = [float(number) for number in NUMBERS.findall(numbers)]
            for x, y in zip(values[::2], values[1::2], strict=True):
                points.append((points[-1][0] + x, points[-1][1] + y) if step == "l" else (x, y))
        places = [self._at(x, y) for x, y in points]
        self._draw.polygon(places, fill=own["fill"], outline=own.get("stroke"), width=round(self._scale))

    def text(self, own: dict[str, str], shape: Any) -> None:
        font = _font(own.get("font-weight", "normal"), round(float(own["font-size"]) * self._scale))
        side = {"start": "ls", "middle": "ms", "end": "rs"}[own.get("text-anchor", "start")]
        self._draw.text(self._at(float(own["x"]), float(own["y"])), shape.text or "", own["fill"], font, side)


@functools.cache
def _font(weight: str, size: int) -> Any:
    """The typeface of our figures, which comes with matplotlib; that library itself need not be loaded for it."""
    from PIL import ImageFont

    home = importlib.util.find_spec("matplotlib")
    name = "DejaVuSans-Bold.ttf" if weight == "bold" else "DejaVuSans.ttf"
    return ImageFont.truetype(Path(str(home and home.origin)).parent / "mpl-data" / "fonts" / "ttf" / name, size)
