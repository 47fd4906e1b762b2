"""Reads HTML pages for the tests: what a browser and a screen reader would find in them."""

import itertools
import re
from html.parser import HTMLParser
from pathlib import Path

ASSETS = Path(__file__).resolve().parents[2] / "src" / "pilot_eval" / "publish" / "assets"
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"}


def asset(name):
    """The text of a template or style."""
    return (ASSETS / name).read_text("utf-8")


class Page(HTMLParser):
    """Elements of a page in order, and its text; every element must be closed."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.text = [], [], ""
        self.feed(html)
        self.close()
        assert self.open == [], self.open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open[-3:])
        self.open.pop()

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.text += data

    def all(self, *tags):
        """Attributes of all elements with one of these names."""
        return [attrs for tag, attrs in self.elements if tag in tags]


def conventions(html):
    """What is wrong with a page by the house's conventions; an empty list when nothing is."""
    page = Page(html)
    wrong = []
    if page.all("html")[0].get("lang") != "en-GB":
        wrong.append("language")
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    if levels.count(1) != 1 or any(after > before + 1 for before, after in itertools.pairwise(levels)):
        wrong.append(f"headings {levels}")
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    wrong += [f"id {one} stands twice" for one in sorted({one for one in ids if ids.count(one) > 1})]
    for link in page.all("a"):
        target = link["href"]
        if target.startswith("#") and target[1:] not in ids:
            wrong.append(f"link to {target}")
    wrong += [f"loads {attrs}" for attrs in page.all("script", "link", "iframe")]
    wrong += ["a picture from elsewhere" for attrs in page.all("img") if not attrs["src"].startswith("data:")]
    wrong += ["a picture without words" for attrs in page.all("img") if not attrs.get("alt")]
    wrong += ["a drawing without words" for attrs in page.all("svg") if not attrs.get("aria-label")]
    if len(page.all("caption")) != len(page.all("table")):
        wrong.append("a table without caption")
    wrong += ["a header without scope" for attrs in page.all("th") if attrs.get("scope") not in ("col", "row")]
    if len(page.all("main")) != 1 or not any(link.get("class") == "skip" for link in page.all("a")):
        wrong.append("no main part or no skip link")
    if "@media print" not in html:
        wrong.append("no print style")
    return wrong


def written_numbers(template):
    """Digits that stand in a template as text: outside tags, in no comment, and in no string of an expression."""
    text = re.sub(r"\{#.*?#\}", "", template, flags=re.DOTALL)
    code = re.findall(r"\{[{%].*?[}%]\}", text, flags=re.DOTALL)
    strings = [part for one in code for part in re.findall(r'"([^"]*)"', one)]
    text = re.sub(r"\{[{%].*?[}%]\}", "", text, flags=re.DOTALL)
    text = re.sub(r"<style.*?</style>|<[^>]*>", "", text, flags=re.DOTALL)
    found = [line.strip() for line in text.splitlines() if re.search(r"\d", line)]
    return found + [part for part in strings if re.search(r"(?<![a-z])\d", part)]
