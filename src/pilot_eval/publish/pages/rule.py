"""How a rule of pages is made of a function that finds what breaks it."""

from __future__ import annotations

from typing import Any

from pilot_eval.publish.kept_rules import rule_by
from pilot_eval.publish.pages.view import Page


def _place(page: Page, one: Any) -> str:
    """Where an element stands, or a number of a line; zero is the page as a whole."""
    line = one if isinstance(one, int) else one.sourceline
    return f"{page.name} line {line}" if line else page.name


#: A rule by the function that finds what breaks it: elements, numbers of lines, or zero for the page as a whole.
rule = rule_by(_place)
