"""The workbook, read back and held against every rule of the conventions for spreadsheets."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from pilot_eval.publish.kept_rules import kept_rules
from pilot_eval.publish.workbook import book_rules, page_rules, table_rules
from pilot_eval.publish.workbook.view import read_book

#: Every rule, each a sentence of the conventions (docs/publish.md).
RULES = (*book_rules.RULES, *page_rules.RULES, *table_rules.RULES)


def lint_workbook(workbook: bytes, synthetic: bool) -> dict[str, pd.DataFrame]:
    """Every rule with the number of places in which a finished workbook breaks it.

    Parameters
    ----------
    workbook : bytes
        An .xlsx file, made by whichever program.
    synthetic : bool
        Whether its data are, so that every sheet has to say so.

    Returns
    -------
    dict
        ``kept``: see ``kept_rules``; a place is a sheet and a cell.
    """
    return {"kept": kept_rules(RULES, [replace(read_book(workbook), synthetic=synthetic)])}
