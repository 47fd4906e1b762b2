"""A page as it is read back: its elements as a browser builds them, its text, and what its data are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

#: A tag, a comment, or a whole element whose content is no markup.
TAG = re.compile(
    r"<!--.*?-->|<(?P<raw>script|style)\b[^>]*>.*?</(?P=raw)>"
    r"|<(?P<close>/?)(?P<name>[a-zA-Z][\w:-]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>",
    re.DOTALL | re.IGNORECASE,
)
#: Elements that have no end.
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
#: A place where a line may break holds nothing, but the parser takes it for an element that goes on.
BREAKABLE = "<wbr>"
#: Elements that the parser puts into a page that lacks them.
IMPLIED = {"html", "head", "body"}


@dataclass(frozen=True)
class Page:
    """A finished page.

    Attributes
    ----------
    name : str
        What it is called where a broken rule is told.
    text : str
        The page as it was written.
    root : element
        Its tree, without what stands in ``<template>``: that is no part of the page until a script makes it one.
    templates : list of element
        What stands in them.
    synthetic, final : bool
        Whether its data are synthetic, and whether people have signed it: it has to say so.
    """

    name: str
    text: str
    root: Any
    templates: list[Any]
    synthetic: bool
    final: bool

    def find(self, path: str) -> list[Any]:
        """Elements (or attributes) of the page by an XPath expression."""
        return list(self.root.xpath(path))

    @cached_property
    def attributes(self) -> list[tuple[Any, str, str]]:
        """Every attribute, also of what stands in templates: its element, its name without prefix, and its value."""
        elements = (element for root in (self.root, *self.templates) for element in root.iter())
        return [(one, key.rpartition(":")[2].lower(), value) for one in elements for key, value in one.attrib.items()]

    def everywhere(self, *names: str) -> Iterator[Any]:
        """Elements of these names, also of those that stand in templates."""
        for root in (self.root, *self.templates):
            yield from root.iter(*names)

    @cached_property
    def named(self) -> dict[str, Any]:
        """Elements by their id, the first of each: places to which a link or a reference can lead."""
        return {element.get("id"): element for element in reversed(self.find("//*[@id]"))}

    @property
    def css(self) -> str:
        """Its styles."""
        return "\n".join(words(style, "") for style in self.everywhere("style"))

    @property
    def policy(self) -> list[str]:
        """Its content policies."""
        return [str(one) for one in self.find("//meta[@http-equiv='Content-Security-Policy']/@content")]

    @cached_property
    def tables(self) -> list[Any]:
        """Its tables."""
        return self.find("//table")

    @cached_property
    def cells(self) -> list[tuple[Any, str]]:
        """Cells of its tables below their headers, with their text."""
        below = (cell for table in self.tables for cell in table.xpath("./tbody/tr/*[self::th or self::td]"))
        return [(cell, words(cell)) for cell in below]


def words(element: Any, between: str = " ") -> str:
    """The text of an element, white space as one space."""
    text = "".join(element.itertext())
    return between.join(text.split()) if between else str(text)


def read_page(name: str, text: str, synthetic: bool, final: bool) -> Page:
    """Read a page back.

    Parameters
    ----------
    name : str
    text : str
        An HTML page.
    synthetic, final : bool
        See ``Page``.
    """
    root = parsed(text)
    templates = list(root.iter("template"))
    for template in templates:
        template.getparent().remove(template)
    return Page(name, text, root, templates, synthetic, final)


def parsed(text: str) -> Any:
    """The tree that a browser builds, which closes and moves what is not well nested."""
    from lxml import etree

    return etree.fromstring(text.replace(BREAKABLE, ""), etree.HTMLParser(huge_tree=True, remove_comments=True))


def nested(text: str) -> Iterator[tuple[str, int, int]]:
    """Elements as they are written: name, depth, and line.

    Raises
    ------
    ValueError
        With the line of an end that ends nothing, or the last line where something is never ended.
    """
    unended: list[str] = []
    line, last = 1, 0
    for tag in TAG.finditer(text):
        line, last = line + text.count("\n", last, tag.start()), tag.start()
        name = (tag["raw"] or tag["name"] or "").lower()
        if tag["close"]:
            if not unended or unended.pop() != name:
                raise ValueError(line)
        elif name and tag[0] != BREAKABLE:
            yield name, len(unended), line
            if not (tag["raw"] or name in VOID or tag[0].endswith("/>")):
                unended.append(name)
    if unended:
        raise ValueError(line)
