"""Rules about what a page may do: nothing is loaded, nothing runs but what its policy names, no text turns another."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from typing import Any

from pilot_eval.publish.pages.rule import rule
from pilot_eval.publish.pages.view import Page
from pilot_eval.template import CONTROLS

#: What a policy may allow, besides scripts by their checksum.
ALLOWED = {"default-src": {"'none'"}, "style-src": {"'unsafe-inline'"}, "img-src": {"data:"}}
CHECKSUM = re.compile(r"'sha256-[A-Za-z0-9+/]{43}='")
#: Attributes by which an element loads something.
LOADING = ("src", "srcset", "poster", "data", "background", "action", "formaction", "manifest", "ping")
#: Elements that load or do something by themselves.
ACTIVE = ("applet", "base", "embed", "form", "frame", "frameset", "iframe", "link", "object", "portal")


def _policy(page: Page) -> list[tuple[str, set[str]]]:
    """Directives of the page's policy with their sources."""
    parts = [part.split() for part in (page.policy[0] if page.policy else "").split(";") if part.strip()]
    return [(name, set(sources)) for name, *sources in parts]


def _sources(page: Page, directive: str) -> set[str]:
    """Sources that a directive allows: where it stands twice, browsers follow the first."""
    return next((sources for name, sources in _policy(page) if name == directive), set())


@rule("A content policy stands before every style and script, and forbids what it does not name.")
def policy_first(page: Page) -> Iterator[int]:
    before = page.find("//meta[@http-equiv='Content-Security-Policy'][not(preceding::style or preceding::script)]")
    if len(page.policy) != 1 or len(before) != 1 or _sources(page, "default-src") != {"'none'"}:
        yield 0


@rule("The policy allows styles and pictures of the page itself, scripts by their checksum, and nothing else.")
def policy_narrow(page: Page) -> Iterator[int]:
    for name, sources in _policy(page):
        known = all(map(CHECKSUM.fullmatch, sources)) if name == "script-src" else sources <= ALLOWED.get(name, set())
        if not known:
            yield 0


@rule("Every script is the one that the policy names by its checksum, and the policy names no other.")
def scripts_known(page: Page) -> Iterator[Any]:
    named = _sources(page, "script-src")
    found = set()
    for script in page.everywhere("script"):
        checksum = base64.b64encode(hashlib.sha256((script.text or "").encode()).digest()).decode()
        found.add(f"'sha256-{checksum}'")
        if script.get("src") is not None or f"'sha256-{checksum}'" not in named:
            yield script
    if named - found:
        yield 0


@rule("No element has a script in an attribute.")
def no_handlers(page: Page) -> Iterator[Any]:
    yield from (element for element, name, _ in page.attributes if name.startswith("on"))


@rule("Nothing is loaded: pictures stand in the page itself.")
def nothing_loaded(page: Page) -> Iterator[Any]:
    for element, name, value in page.attributes:
        # In drawings a reference is one to a part of the same page.
        loads = name in LOADING or (name == "href" and element.tag != "a")
        if loads and not value.startswith(("data:image/", "#")):
            yield element


@rule("No style loads anything.")
def no_style_loads(page: Page) -> Iterator[Any]:
    outside = re.compile(r"@import|url\(\s*[\"']?(?!#|data:)", re.IGNORECASE)
    if outside.search(page.css):
        yield 0
    yield from (element for element, name, value in page.attributes if name == "style" and outside.search(value))


@rule("No frame, form, object or automatic reload.")
def nothing_active(page: Page) -> Iterator[Any]:
    yield from page.everywhere(*ACTIVE)
    yield from (one for one in page.everywhere("meta") if one.get("http-equiv", "").lower() == "refresh")


@rule("Links lead within the page, to files beside it or to the web; none runs a script.")
def links_safe(page: Page) -> Iterator[Any]:
    for link in page.everywhere("a"):
        target = re.sub(r"[\s\x00-\x1f]", "", link.get("href", "")).lower()
        scheme = re.match(r"([a-z][a-z0-9+.-]*):", target)
        if target.startswith("/") or (scheme and scheme[1] not in ("https", "http", "mailto")):
            yield link


@rule("Buttons and fields come with the script: none stands in a page that nothing would answer.")
def no_dead_controls(page: Page) -> Iterator[Any]:
    yield from page.find("//*[self::button or self::input or self::select or self::textarea]")


@rule("No text turns the direction of others, and there are no other controls.")
def no_controls(page: Page) -> Iterator[int]:
    for number, line in enumerate(page.text.split("\n"), start=1):
        if CONTROLS.search(line):
            yield number


RULES = (
    policy_first, policy_narrow, scripts_known, no_handlers, nothing_loaded, no_style_loads, nothing_active, links_safe,
    no_dead_controls, no_controls,
)  # fmt: skip
