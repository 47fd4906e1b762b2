"""Rules about the frame of a page: its head, its landmarks, its labels, its style."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pilot_eval.publish.pages.rule import rule
from pilot_eval.publish.pages.view import Page, words

#: Bytes within which a browser looks for the encoding, and bytes that a page may have.
HEAD, LARGEST = 1024, 3_000_000
SYNTHETIC = "synthetic data"


@rule("A page begins with the document type of HTML.")
def document_type(page: Page) -> Iterator[int]:
    if not page.text.lower().startswith("<!doctype html>"):
        yield 1


@rule("The encoding, UTF-8, is declared where a browser looks for it.")
def encoding(page: Page) -> Iterator[int]:
    if not re.search(r'<meta charset="utf-8">', page.text.encode()[:HEAD].decode("utf-8", "ignore"), re.IGNORECASE):
        yield 0


@rule("The language is British English.")
def language(page: Page) -> Iterator[int]:
    if page.root.get("lang") != "en-GB":
        yield 0


@rule("A page has one title, which is not empty.")
def title(page: Page) -> Iterator[int]:
    found = page.find("/html/head/title")
    if len(found) != 1 or not words(found[0]):
        yield 0


@rule("A page fits the width of the screen, and a reader may enlarge it.")
def viewport(page: Page) -> Iterator[int]:
    said = [str(one) for one in page.find("/html/head/meta[@name='viewport']/@content")]
    if len(said) != 1 or "width=device-width" not in said[0] or re.search(r"user-scalable|maximum-scale", said[0]):
        yield 0


@rule("What the keyboard reaches first is a link to the main part.")
def skip_link(page: Page) -> Iterator[int]:
    first = next(iter(page.find("/html/body//*[@href or @tabindex or self::summary]")), None)
    main = page.find("/html/body/main/@id")
    if first is None or not main or first.get("href") != f"#{main[0]}" or not words(first):
        yield 0


@rule("A page has a header, one main part and a footer, and nothing but the skip link stands outside of them.")
def landmarks(page: Page) -> Iterator[Any]:
    if any(len(page.find(f"//{name}[not(ancestor::main)]")) != 1 for name in ("header", "footer")):
        yield 0
    if len(page.find("//main")) != 1:
        yield 0
    named = "self::header or self::main or self::footer or self::script or self::a[contains(@class, 'skip')]"
    yield from page.find(f"/html/body/*[not({named})]")


@rule("Regions and further landmarks have a name.")
def regions_named(page: Page) -> Iterator[Any]:
    for region in page.find("//*[@role='region' or self::nav or self::section or self::aside]"):
        by = [page.named[one] for one in region.get("aria-labelledby", "").split() if one in page.named]
        if not region.get("aria-label", "").strip() and not any(map(words, by)):
            yield region


@rule("Synthetic data are said to be so in the header, the title and the description of the page.")
def synthetic_said(page: Page) -> Iterator[int]:
    header = " ".join(words(one) for one in page.find("/html/body/header"))
    # A title that begins with the study's own may have said "synthetic" already, without "data".
    titles = " ".join(words(one) for one in page.find("/html/head/title"))
    described = " ".join(str(one) for one in page.find("/html/head/meta[@name='description']/@content"))
    said = SYNTHETIC in header.lower() and "synthetic" in titles.lower() and "synthetic" in described.lower()
    if page.synthetic and not said:
        yield 0


@rule("Synthetic data are said to be so under every figure.")
def synthetic_figures(page: Page) -> Iterator[Any]:
    if page.synthetic:
        yield from (one for one in page.find("//figcaption") if SYNTHETIC not in words(one).lower())


@rule("A page says above its first section that it is a draft until it is signed, and then no more.")
def draft_said(page: Page) -> Iterator[int]:
    drafts = page.find("//main//*[contains(@class, 'draft')][not(preceding::h2)]")
    if page.final == any(words(one).startswith("Draft") for one in drafts):
        yield 0


@rule("A page has a style for paper.")
def print_style(page: Page) -> Iterator[int]:
    if "@media print" not in page.css:
        yield 0


@rule("Whoever uses the keyboard sees where they are.")
def visible_focus(page: Page) -> Iterator[int]:
    if not re.search(r":focus-visible\s*\{[^}]*outline:\s*[^0n\s]", page.css):
        yield 0


@rule("A page is smaller than 3 MB.")
def small(page: Page) -> Iterator[int]:
    if len(page.text.encode()) >= LARGEST:
        yield 0


RULES = (
    document_type, encoding, language, title, viewport, skip_link, landmarks, regions_named, synthetic_said,
    synthetic_figures, draft_said, print_style, visible_focus, small,
)  # fmt: skip
