"""The linter of figures: what a drawn figure breaks of the house's conventions, each in one line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure

from pilot_eval.publish.figures.lint_axes import axes_problems
from pilot_eval.publish.figures.lint_colours import colour_problems
from pilot_eval.publish.figures.lint_text import text_problems, texts_of
from pilot_eval.publish.figures.style import Drawing, styled

NUMBER = re.compile(r"(?<![\w.])−?\d[\d,]*(?:\.\d+)?%?")
SVG = "{http://www.w3.org/2000/svg}"


def problems(figure: Figure, drawing: Drawing, svgs: Sequence[str]) -> list[str]:
    """What is wrong with a figure; an empty list when nothing is.

    Parameters
    ----------
    figure : Figure
        The picture, drawn in the style of :func:`pilot_eval.publish.figures.style.styled`.
    drawing : Drawing
        What is said about it, and the numbers drawn.
    svgs : sequence of str
        The picture as SVG; of a picture rendered more than once all texts must be the same.

    Returns
    -------
    list of str
        One line a problem, in a fixed order.
    """
    with styled(""):  # how wide a text is depends on the style
        renderer: RendererAgg = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
        figure.draw_without_rendering()
        return [
            *text_problems(figure, renderer),
            *colour_problems(figure, renderer),
            *axes_problems(figure, drawing, renderer),
            *_said(figure, drawing),
            *_written(figure, drawing, svgs),
        ]


def _said(figure: Figure, drawing: Drawing) -> Iterator[str]:
    """Words that are missing, and numbers in them that the figure does not draw."""
    for name in ("title", "subtitle", "alt", "description"):
        if not getattr(drawing, name).strip():
            yield f"{name} is empty"
    shown = {text for _, cell in drawing.drawn for text in (cell.text, cell.shown)}
    # Digits within names are no numbers of the ledger: labels and headings, and what the subtitle says of waves, units
    # and period.
    labels = [label for labels, _ in drawing.drawn for label in labels.values()]
    labels += [text.get_text() for text in texts_of(figure) if text.get_fontweight() == "bold"]
    names = {part for label in labels for part in (label, *label.split(", ")) if re.search(r"[^\W\d]", part)}
    named = set(NUMBER.findall(" ".join([drawing.subtitle, *(cell.unit for _, cell in drawing.drawn)])))
    known = shown | named | _counts(drawing)
    within = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?!\w)")
    for name in ("title", "alt", "description"):
        found = dict.fromkeys(NUMBER.findall(within.sub(" ", getattr(drawing, name))))
        yield from (f"{name} has {number}, which is not drawn" for number in found if number not in known)
    if any(cell.kind == "bound" for _, cell in drawing.drawn) and "interval" not in drawing.subtitle + drawing.note:
        yield "what the intervals are is not said"


def _counts(drawing: Drawing) -> set[str]:
    """How many areas, outcomes and the like have an estimate in the picture: whoever looks can count them."""
    seen: dict[str, set[str]] = {}
    for labels, cell in drawing.drawn:
        for name, label in labels.items() if cell.column == "estimate" else ():
            seen.setdefault(name, set()).add(label)
    return {str(len(found)) for found in seen.values()}


def _written(figure: Figure, drawing: Drawing, svgs: Sequence[str]) -> Iterator[str]:
    """Faults of the SVG as a file."""
    if len(set(svgs)) > 1:
        yield "the SVG differs from one rendering to the next"
    try:
        root = ElementTree.fromstring(svgs[0])
    except ElementTree.ParseError as error:
        yield f"the SVG is not well-formed: {error}"
        return
    if root.get("role") != "img" or root.get("aria-label") != drawing.alt:
        yield "the SVG has no role or not the alt text"
    written = {" ".join("".join(one.itertext()).split()) for one in root.iter(f"{SVG}text")}
    lines = [" ".join(line.split()) for text in texts_of(figure) for line in text.get_text().split("\n")]
    yield from (f"“{line}” is not drawn as text" for line in dict.fromkeys(lines) if line and line not in written)
