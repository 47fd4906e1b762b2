"""Rules of what is said about a figure, and of its SVG as a file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pilot_eval.publish.figures.lint_view import Box, Picture, rule
from pilot_eval.publish.figures.style import Drawing

NUMBER = re.compile(r"(?<![\w.])−?\d[\d,]*(?:\.\d+)?%?")
SVG = "{http://www.w3.org/2000/svg}"


@rule("Title, subtitle, alternative text and long description are there.")
def words_there(picture: Picture) -> Iterator[str]:
    for name in ("title", "subtitle", "alt", "description"):
        if not getattr(picture.drawing, name).strip():
            yield name


@rule("Every number in the words is drawn.")
def numbers_drawn(picture: Picture) -> Iterator[str]:
    """Digits within names are no numbers of the ledger: those of labels, headings, units, period, the study's words."""
    drawing = picture.drawing
    shown = {text for _, cell in drawing.drawn for text in (cell.text, cell.shown)}
    labels = [label for labels, _ in drawing.drawn for label in labels.values()]
    labels += [text.get_text() for text in picture.texts if text.get_fontweight() == "bold"]
    parts = {part for label in (*labels, *picture.names) for part in (label, *label.split(", "))}
    names = [part for part in parts if re.search(r"\d", part) and not NUMBER.fullmatch(part)]
    named = set(NUMBER.findall(" ".join([drawing.subtitle, *(cell.unit for _, cell in drawing.drawn)])))
    known = shown | named | _counts(drawing)
    within = "|".join(map(re.escape, sorted(names, key=len, reverse=True))) or r"\Z"
    unnamed = re.compile(rf"(?<!\w)(?:{within})(?!\w)")
    for name in ("title", "alt", "description"):
        found = dict.fromkeys(NUMBER.findall(unnamed.sub(" ", getattr(drawing, name))))
        yield from (name for number in found if number not in known)


@rule("It is said what the intervals are.")
def intervals_said(picture: Picture) -> Iterator[str]:
    drawing = picture.drawing
    if any(cell.kind == "bound" for _, cell in drawing.drawn) and "interval" not in drawing.subtitle + drawing.note:
        yield "note"


@rule("The SVG is well-formed.")
def well_formed(picture: Picture) -> Iterator[str]:
    if picture.root is None:
        yield ""


@rule("The SVG is an image with the alternative text.")
def alt_text(picture: Picture) -> Iterator[str]:
    root = picture.root
    if root is not None and (root.get("role") != "img" or root.get("aria-label") != picture.drawing.alt):
        yield ""


@rule("The SVG has every text as text.")
def text_as_text(picture: Picture) -> Iterator[Box]:
    if picture.root is None:
        return
    written = {" ".join("".join(one.itertext()).split()) for one in picture.root.iter(f"{SVG}text")}
    for text, box in zip(picture.texts, picture.boxes, strict=True):
        lines = (" ".join(line.split()) for line in text.get_text().split("\n"))
        if any(line and line not in written for line in lines):
            yield box


def _counts(drawing: Drawing) -> set[str]:
    """How many areas, outcomes and the like have an estimate in the picture: whoever looks can count them."""
    seen: dict[str, set[str]] = {}
    for labels, cell in drawing.drawn:
        for name, label in labels.items() if cell.column == "estimate" else ():
            seen.setdefault(name, set()).add(label)
    return {str(len(found)) for found in seen.values()}


RULES = (words_there, numbers_drawn, intervals_said, well_formed, alt_text, text_as_text)
