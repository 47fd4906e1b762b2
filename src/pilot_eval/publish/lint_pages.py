"""Finished pages, read back and held against every rule of the conventions for pages."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pilot_eval.publish.kept_rules import kept_rules
from pilot_eval.publish.pages import frame_rules, reading_rules, safety_rules, table_rules
from pilot_eval.publish.pages.view import read_page

#: Every rule, each a sentence of the conventions (docs/publish.md).
RULES = (*frame_rules.RULES, *safety_rules.RULES, *reading_rules.RULES, *table_rules.RULES)


def lint_pages(pages: Sequence[str], names: Sequence[str], synthetic: bool, final: bool) -> dict[str, pd.DataFrame]:
    """Every rule with the number of places in which finished pages break it.

    Parameters
    ----------
    pages : sequence of str
        HTML pages, made by whichever program.
    names : sequence of str
        What each is called where a broken rule is told.
    synthetic, final : bool
        Whether the data are synthetic and whether people have signed: every page has to say so.

    Returns
    -------
    dict
        ``kept``: see ``kept_rules``; a place is a page and a line.
    """
    read = (read_page(name, text, synthetic, final) for name, text in zip(names, pages, strict=True))
    return {"kept": kept_rules(RULES, read)}
