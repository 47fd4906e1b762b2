"""Paragraphs of a page as WordprocessingML: runs of text, links, places that links lead to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from pilot_eval.publish.xlsx import BARRED

BOLD, ITALIC, FIXED = {"b", "strong"}, {"em", "i"}, {"code", "samp"}
#: Nothing of these is read by anyone: what works in a browser only.
SILENT = {"script", "style", "template", "button", "input", "select", "label"}
#: Parts of a page that stand for themselves; everything else is part of a line.
BLOCKS = {
    "article", "aside", "blockquote", "body", "caption", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "li", "main", "nav", "ol", "p", "pre",
    "section", "summary", "svg", "table", "ul",
}  # fmt: skip


@dataclass(frozen=True)
class Run:
    """Text of one look, and where it leads: ``#`` and an anchor of the page, or another file."""

    text: str
    bold: bool = False
    italic: bool = False
    fixed: bool = False
    link: str = ""


#: A line that ends within a paragraph; line ends of the page's source are blanks.
BREAK = Run("\n")


@dataclass
class Marks:
    """Writes paragraphs, and keeps the numbers that a document gives to its places.

    Parameters
    ----------
    targets : set of str
        Ids to which a link of the page leads: only these become bookmarks.
    relate : callable
        Gives the relationship's id of a link out of the document.
    """

    targets: set[str]
    relate: Callable[[str], str]
    names: dict[str, str] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    placed: set[str] = field(default_factory=set)

    def place(self, identity: str | None) -> None:
        """Remember that the next paragraph is where an id of the page stands."""
        if identity in self.targets and identity not in self.placed:
            self.placed.add(identity)
            self.waiting.append(identity)

    def paragraph(self, runs: list[Run], style: str = "", more: str = "") -> str:
        """A paragraph of runs; ``more`` is written into its properties after the style."""
        style = f"<w:pStyle w:val={quoteattr(style)}/>" if style else ""
        properties = f"<w:pPr>{style}{more}</w:pPr>" if style or more else ""
        places, self.waiting = "".join(map(self._bookmark, self.waiting)), []
        return f"<w:p>{properties}{places}{''.join(map(self._run, runs))}</w:p>"

    def _name(self, identity: str) -> str:
        """Name of a bookmark: Word takes forty letters, digits and low lines at most."""
        return self.names.setdefault(identity, f"place_{len(self.names) + 1}")

    def _bookmark(self, identity: str) -> str:
        name = self._name(identity)
        number = name.rpartition("_")[2]
        return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/><w:bookmarkEnd w:id="{number}"/>'

    def _run(self, run: Run) -> str:
        look = '<w:rStyle w:val="Hyperlink"/>' if run.link else ""
        look += '<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New" w:cs="Courier New"/>' if run.fixed else ""
        look += ("<w:b/><w:bCs/>" if run.bold else "") + ("<w:i/><w:iCs/>" if run.italic else "")
        inner = (f"<w:rPr>{look}</w:rPr>" if look else "") + "<w:br/>".join(map(_text, run.text.split(BREAK.text)))
        written = f"<w:r>{inner}</w:r>"
        if run.link.startswith("#"):
            return f'<w:hyperlink w:anchor="{self._name(run.link[1:])}" w:history="1">{written}</w:hyperlink>'
        if run.link:
            return f'<w:hyperlink r:id="{self.relate(run.link)}" w:history="1">{written}</w:hyperlink>'
        return written


def _text(text: str) -> str:
    if not text:
        return ""
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>'


def runs_of(element: Any, **look: Any) -> list[Run]:
    """The text inside an element as runs: blanks as a browser has them, none at either end."""
    return tidy(list(_runs(element, Run("", **look))))


def tidy(runs: list[Run]) -> list[Run]:
    """Runs whose blanks are single, and which neither begin nor end with one."""
    found: list[Run] = []
    blank = True
    for run in runs:
        text = BREAK.text if run is BREAK else re.sub(r"[ \t\r\n\f\v]+", " ", BARRED.sub("", run.text))
        text = text.removeprefix(" ") if blank else text
        if text:
            blank = text[-1] in (" ", BREAK.text)
            found.append(_with(run, text))
    while found and not found[-1].text.strip():
        found.pop()
    if found:
        found[-1] = _with(found[-1], found[-1].text.rstrip(" "))
    return found


def _runs(element: Any, look: Run) -> Iterator[Run]:
    yield _with(look, element.text or "")
    for child in element:
        yield from runs_inside(child, look)
        yield _with(look, child.tail or "")


def runs_inside(child: Any, look: Run = Run("")) -> Iterator[Run]:
    """The runs of one part of a line, without what follows it."""
    tag = child.tag
    if not isinstance(tag, str) or tag in SILENT or "hidden" in child.attrib:
        return
    if tag == "br":
        yield BREAK
        return
    # What a browser sets on a line of its own inside a caption or a heading is a line here, too.
    if "subtitle" in child.get("class", "").split():
        yield BREAK
        look = Run("")
    yield from _runs(
        child,
        Run("", look.bold or tag in BOLD, look.italic or tag in ITALIC, look.fixed or tag in FIXED,
            child.get("href", "") if tag == "a" else look.link),
    )  # fmt: skip


def _with(look: Run, text: str) -> Run:
    return Run(text, look.bold, look.italic, look.fixed, look.link)
