"""Reads HTML pages for the tests: what a browser and a screen reader would find in them."""

import re
from html.parser import HTMLParser
from pathlib import Path

from pilot_eval.publish.lint_pages import lint_pages

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
    """Where a page breaks the house's conventions; an empty list when it keeps them all."""
    page = Page(html)
    synthetic = "Synthetic data." in page.text
    kept = lint_pages([html], ["page"], synthetic, "Draft." not in page.text)["kept"]
    return [f"{name}: {first}" for name, first in kept.loc[kept["places"] != "0", ["rule", "first"]].to_numpy()]


def written_numbers(template):
    """Digits that stand in a template as text: outside tags, in no comment, and in no string of an expression."""
    text = re.sub(r"\{#.*?#\}", "", template, flags=re.DOTALL)
    code = re.findall(r"\{[{%].*?[}%]\}", text, flags=re.DOTALL)
    strings = [part for one in code for part in re.findall(r'"([^"]*)"', one)]
    text = re.sub(r"\{[{%].*?[}%]\}", "", text, flags=re.DOTALL)
    text = re.sub(r"<style.*?</style>|<[^>]*>", "", text, flags=re.DOTALL)
    found = [line.strip() for line in text.splitlines() if re.search(r"\d", line)]
    return found + [part for part in strings if re.search(r"(?<![a-z])\d", part)]
