"""Rules about what is read in a page: headings, links, pictures and text."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from pilot_eval.publish.pages.rule import rule
from pilot_eval.publish.pages.view import IMPLIED, Page, nested, parsed, words

HEADINGS = "//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6]"


@rule("Every element ends where it should, and stands where a browser leaves it.")
def well_nested(page: Page) -> Iterator[int]:
    try:
        written = list(nested(page.text))
    except ValueError as error:
        yield int(error.args[0])
        return
    if not {name for name, *_ in written} >= IMPLIED:
        yield 0
        return
    built = ((one.tag, depth) for one, depth in _with_depth(parsed(page.text), 0))
    for (name, depth, line), other in itertools.zip_longest(written, built, fillvalue=("", 0, 0)):
        if (name, depth) != tuple(other)[:2]:
            yield line
            return


def _with_depth(element: Any, depth: int) -> Iterator[tuple[Any, int]]:
    """Elements of a tree in order, and how deep they stand; no recursion: a page may be deeper than Python allows."""
    waiting = [(element, depth)]
    while waiting:
        one, at = waiting.pop()
        yield one, at
        waiting += [(child, at + 1) for child in reversed(one)]


@rule("No id stands twice.")
def unique_ids(page: Page) -> Iterator[Any]:
    yield from (element for element in page.find("//*[@id]") if page.named[element.get("id")] is not element)


@rule("What names or describes another element is there.")
def references_known(page: Page) -> Iterator[Any]:
    for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for", "headers"):
        for element in page.find(f"//*[@{name}]"):
            if not set(element.get(name).split()) <= page.named.keys():
                yield element


@rule("A page has one heading of the first level.")
def one_main_heading(page: Page) -> Iterator[int]:
    if len(page.find("//h1")) != 1:
        yield 0


@rule("The first heading is the main one, and no level is skipped.")
def heading_levels(page: Page) -> Iterator[Any]:
    before = 0
    for heading in page.find(HEADINGS):
        if int(heading.tag[1]) > before + 1:
            yield heading
        before = int(heading.tag[1])


@rule("No heading, paragraph, entry of a list, term or caption is empty.")
def nothing_empty(page: Page) -> Iterator[Any]:
    names = ("h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "dt", "dd", "caption", "figcaption", "summary")
    for element in page.find("//*[" + " or ".join(f"self::{name}" for name in names) + "]"):
        if not words(element):
            yield element


@rule("Links within the page lead to a place that there is.")
def links_lead(page: Page) -> Iterator[Any]:
    for link in page.find("//a"):
        target = link.get("href", "")
        if not target or (target.startswith("#") and target[1:] not in page.named):
            yield link


@rule("Every link has a name.")
def links_named(page: Page) -> Iterator[Any]:
    for link in page.find("//a"):
        if not (words(link) or link.get("aria-label", "").strip() or link.xpath(".//img[@alt!='']")):
            yield link


@rule("Every picture has a text in its place.")
def pictures_worded(page: Page) -> Iterator[Any]:
    yield from page.find("//img[not(normalize-space(@alt))]")
    yield from page.find("//svg[not(@aria-hidden='true')][not(@role='img') or not(normalize-space(@aria-label))]")


@rule("Every picture stands in a figure with one caption.")
def figures_captioned(page: Page) -> Iterator[Any]:
    yield from page.find("//*[self::svg or self::img][not(@aria-hidden='true')][not(ancestor::figure)]")
    yield from page.find("//figure[count(./figcaption) != 1]")


@rule("Tables and pictures that are wider than a telephone scroll in a region that the keyboard reaches.")
def wide_scrolls(page: Page) -> Iterator[Any]:
    region = "ancestor::*[contains(concat(' ', @class, ' '), ' scroll ')][@tabindex='0'][@role='region']"
    yield from page.find(f"//*[self::table or self::svg or self::img][not(@aria-hidden='true')][not({region})]")


@rule("The keyboard goes through the page in its order.")
def tab_order(page: Page) -> Iterator[Any]:
    yield from page.find("//*[@tabindex > 0]")


@rule("What is folded says what it holds.")
def folded_named(page: Page) -> Iterator[Any]:
    yield from page.find("//details[not(./*[1][self::summary])]")


@rule("Lists hold entries and nothing else.")
def lists_of_entries(page: Page) -> Iterator[Any]:
    yield from page.find("//*[self::ul or self::ol]/*[not(self::li)]")
    yield from page.find("//dl/*[not(self::dt or self::dd or self::div)]")
    yield from page.find("//li[not(parent::ul or parent::ol)]")


@rule("No text is raised or lowered: screen readers read it as part of the word.")
def nothing_raised(page: Page) -> Iterator[Any]:
    yield from page.find("//*[self::sup or self::sub]")


RULES = (
    well_nested, unique_ids, references_known, one_main_heading, heading_levels, nothing_empty, links_lead, links_named,
    pictures_worded, figures_captioned, wide_scrolls, tab_order, folded_named, lists_of_entries, nothing_raised,
)  # fmt: skip
