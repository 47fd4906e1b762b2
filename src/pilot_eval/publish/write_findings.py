"""Rule ``write_findings``: what each question of the plan was answered, in one plain sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.publish.answers import SENTENCES
from pilot_eval.publish.lookup import Lookup
from pilot_eval.spreadsheet import plain_column

COLUMNS = ("question", "asks", "finding", "verdict", "status", "family", "estimand", "ids", "data")
PLANNED, EXPLORED = "pre-specified", "exploratory"


def write_findings(
    cells: pd.DataFrame, questions: Sequence[Mapping[str, Any]], synthetic: bool
) -> dict[str, pd.DataFrame]:
    """One row per question of the plan, built by rules from published numbers alone.

    Parameters
    ----------
    cells : DataFrame
        Disclosed cells of ``hide_cells``.
    questions : sequence of mapping
        ``question, kind, asks, estimand, family, outcome`` (``id, label, unit``) and what its kind has.
    synthetic : bool

    Returns
    -------
    dict
        ``findings``: ``question, asks, finding`` (the sentence), ``verdict``, ``status`` (pre-specified or
        exploratory), ``family``, ``estimand``, ``ids`` (of the sentence's numbers, in its order), ``data``.
    """
    lookup = Lookup(cells)
    rows = []
    for question in questions:
        said = SENTENCES[question["kind"]](lookup, question)
        rows.append(
            {
                "question": question["question"], "asks": question["asks"], "finding": said.text,
                "verdict": said.verdict,
                "status": EXPLORED if question["family"] == EXPLORED else PLANNED, "family": question["family"],
                "estimand": question["estimand"], "ids": " ".join(said.ids),
                "data": "synthetic" if synthetic else "collected",
            }
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")
    for column in ("asks", "finding", "estimand"):
        table[column] = pd.Series(plain_column(table[column].tolist()), dtype="str")
    return {"findings": table}
