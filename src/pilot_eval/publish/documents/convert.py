"""A finished page as a document, element by element: what the page says is said here once more and not otherwise."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from typing import Any

from pilot_eval.publish.documents.frame import About, Frame, drawing
from pilot_eval.publish.documents.grids import grids_of
from pilot_eval.publish.documents.marks import BLOCKS, Marks, Run, runs_inside, runs_of, tidy
from pilot_eval.publish.documents.raster import png_of

#: English Metric Units of a point, and the most of them that a picture is wide and high.
POINT = 12700
WIDE, HIGH = 481 * POINT, 640 * POINT
#: A unit of a drawing of the page is so much at most: its letters are then as large as those of the text.
UNIT = 0.75 * POINT
HEADINGS = {f"h{level}": f"Heading{level}" for level in range(1, 5)}
KEPT = "<w:keepNext/>"
BELOW_TABLE = '<w:spacing w:before="100"/>'
INDENT = '<w:ind w:left="425"/>'


def document_of(page: str, pictures: Mapping[str, bytes]) -> bytes:
    """A page of ours as DOCX.

    Parameters
    ----------
    page : str
        A whole HTML page on our frame.
    pictures : mapping of str to bytes
        PNG of each figure by its name; the page's figure has the id ``figure-NAME``. Other drawings of the page are
        drawn anew.

    Returns
    -------
    bytes
        The same for the same page and pictures.
    """
    from lxml import html

    tree = html.document_fromstring(page)
    frame = Frame(_about(tree))
    (main,) = tree.iter("main")
    targets = {link.get("href")[1:] for link in main.iter("a") if link.get("href", "").startswith("#")}
    written = _Written(frame, Marks(targets, frame.relate), pictures)
    for label in tree.find_class("synthetic"):
        written.line(runs_of(label))
    written.block(main)
    return frame.packed(written.content)


def _about(tree: Any) -> About:
    told = {meta.get("name"): meta.get("content", "") for meta in tree.iter("meta")}
    return About(
        title=_said(tree.find("head/title")),
        author=told.get("author", ""),
        description=told.get("description", ""),
        draft=bool(tree.find_class("draft")),
        strip=" ".join(_said(bar) for bar in tree.find_class("bar")),
        foot=" ".join(_said(foot) for foot in tree.iter("footer")),
    )


def _said(element: Any) -> str:
    return "".join(run.text for run in runs_of(element))


class _Written:
    """The content of a document as it grows."""

    def __init__(self, frame: Frame, marks: Marks, pictures: Mapping[str, bytes]) -> None:
        self._frame, self._marks, self._pictures = frame, marks, pictures
        self._drawn = 0
        self.content: list[str] = []

    def line(self, runs: list[Run], style: str = "", more: str = "") -> None:
        """A paragraph, if it says anything."""
        if runs:
            if not style and not more and self.content and self.content[-1].startswith("<w:tbl>"):
                more = BELOW_TABLE
            self.content.append(self._marks.paragraph(runs, style, more))

    def block(self, element: Any, style: str = "", more: str = "") -> None:
        """All that an element holds: its blocks one by one, and what stands between them as paragraphs.

        The first paragraph has the style and properties that are given, as the first line of an entry in a list.
        """
        self._marks.place(element.get("id"))
        loose: list[Run] = [Run(element.text or "")]

        def flush() -> None:
            nonlocal style, more
            if told := tidy(loose):
                self.line(told, style, more)
                style = more = ""
            loose.clear()

        for child in element:
            if isinstance(child.tag, str) and child.tag in BLOCKS:
                flush()
                self._one(child, style, more)
                style = more = ""
            else:
                loose.extend(runs_inside(child))
            loose.append(Run(child.tail or ""))
        flush()

    def _one(self, child: Any, style: str, more: str) -> None:
        tag, kinds = child.tag, child.get("class", "").split()
        if "hidden" in child.attrib:
            return
        if tag in HEADINGS:
            self._marks.place(child.get("id"))
            self.line(runs_of(child), HEADINGS[tag])
        elif tag == "table":
            self.content += grids_of(child, self._marks)
        elif tag == "svg":
            self._picture(child)
        elif tag in ("ul", "ol"):
            self._list(child, tag == "ol")
        elif tag == "dt" or "headline" in kinds:
            self.line(runs_of(child, bold=True), style, KEPT + more)
        elif tag == "dd":
            self.block(child, style, INDENT)
        elif tag == "summary":
            # The caption of a table says again what the handle says that opens it.
            if child.getparent().find(".//table") is None:
                self.line(runs_of(child, bold=True), style, KEPT + more)
        elif "subtitle" in kinds:
            self.line(runs_of(child), style, KEPT + more)
        else:
            self.block(child, style, more)

    def _list(self, element: Any, numbered: bool) -> None:
        own = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{self._frame.numbered()}"/></w:numPr>' if numbered else ""
        self._marks.place(element.get("id"))
        for entry in element.iter("li"):
            if entry.getparent() is element:
                self.block(entry, "ListNumber" if numbered else "ListBullet", own)

    def _picture(self, svg: Any) -> None:
        name = next((up.get("id", "") for up in svg.iterancestors("figure")), "").removeprefix("figure-")
        content = self._pictures.get(name)
        unit = math.inf
        if content is None:
            (content, width, height), unit = png_of(svg), UNIT
        else:
            width, height = struct.unpack(">II", content[16:24])
        scale = min(WIDE / width, HIGH / height, unit)
        self._drawn += 1
        size = int(width * scale), int(height * scale)
        relation = self._frame.picture(content)
        self.content.append(f"<w:p>{drawing(relation, self._drawn, *size, svg.get('aria-label', ''))}</w:p>")
