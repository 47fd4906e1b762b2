"""Rule ``adjust_tests``: the plan's tests, adjusted for how many there are, and tests of equivalence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilot_eval.challenge.equivalence import equivalence_rows, overall
from pilot_eval.parts import measured, part_of

EXPLORATORY = "exploratory"
KEPT = ["outcome", "group", "value", "n", "n_organisations", "estimand"]


def adjust_tests(
    parts: Sequence[pd.DataFrame], questions: Sequence[Mapping[str, Any]], method: str
) -> dict[str, pd.DataFrame]:
    """Adjust the p values of the plan's questions family by family.

    Parameters
    ----------
    parts : sequence of DataFrame
        Ledger parts of ``fit_change`` and of the rules that answer questions. Of a change overall the test stands in
        the row of its outcome in ``change_overall``; of every other question in a row whose group is the question.
    questions : sequence of mapping
        ``question, kind, contrast, outcome, family, smallest_change``.
    method : {"holm", "fdr_bh", "none"}
        For the changes overall of outcomes that no question asks about, which are adjusted together.

    Returns
    -------
    dict
        ``part`` with the tables ``change_adjusted`` (by outcome), ``questions_adjusted`` (by question) and
        ``equivalence``; and ``tests``, exact: ``question, outcome, family, p, p_adjusted``. A question whose model was
        refused has neither p and does not count. Pre-specified families are adjusted by Holm (1979), the exploratory
        one by Benjamini & Hochberg (1995).
    """
    tested = _tests(parts, questions)
    tested["p_adjusted"] = np.nan
    for family, own in tested.groupby("family", sort=False):
        known = own.index[np.isfinite(own["value"].to_numpy(dtype=np.float64))]
        how = method if family == "" else "fdr_bh" if family == EXPLORATORY else "holm"
        if len(known):
            tested.loc[known, "p_adjusted"] = adjust(tested.loc[known, "value"].to_numpy(dtype=np.float64), how)
    by_outcome: list[dict[str, Any]] = []
    by_question: list[dict[str, Any]] = []
    for row in tested.to_dict("records"):
        values = {"p": row["value"], "p_adjusted": row["p_adjusted"]}
        shared = {"n": row["n"], "n_organisations": row["n_organisations"], "estimand": f"test: {row['estimand']}"}
        if row["overall"]:
            shared["estimand"] = f"test of no change, {row['estimand']}"
            by_outcome += measured(values, outcome=row["outcome"], **shared)
        if row["question"]:
            by_question += measured(values, outcome=row["outcome"], group=row["question"], **shared)
    tests = tested.rename(columns={"value": "p"}).loc[:, ["question", "outcome", "family", "p", "p_adjusted"]]
    text = {"question": "str", "outcome": "str", "family": "str", "p": "float64"}
    tables = {
        "change_adjusted": by_outcome,
        "questions_adjusted": by_question,
        "equivalence": equivalence_rows(parts, questions),
    }
    return {"part": part_of("adjust_tests", tables), "tests": tests.astype(text)}


def adjust(p: NDArray[np.float64], method: str) -> NDArray[np.float64]:
    """Adjusted p values.

    Parameters
    ----------
    p : array of shape (n,)
        Finite.
    method : {"holm", "fdr_bh", "none"}
        Holm (1979), Benjamini & Hochberg (1995), or as they are.
    """
    from statsmodels.stats.multitest import multipletests

    if method == "none":
        return p.copy()
    return np.asarray(multipletests(p, method=method)[1], dtype=np.float64)


def _tests(parts: Sequence[pd.DataFrame], questions: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """One row a test: the change overall of every outcome, and every other question."""
    cells = pd.concat(list(parts), ignore_index=True)
    cells = cells.loc[cells["column"] == "p"]
    changes = cells.loc[(cells["table"] == "change_overall") & (cells["wave"] == ""), KEPT]
    asked = {one["outcome"]: one for one in questions if overall(one)}
    changes = changes.assign(
        overall=True,
        question=[asked[name]["question"] if name in asked else "" for name in changes["outcome"]],
        family=[asked[name]["family"] if name in asked else "" for name in changes["outcome"]],
    )
    found = [changes]
    for one in questions:
        if not overall(one):
            own = _own(cells, one)[KEPT].head(1)
            found.append(own.assign(overall=False, question=one["question"], family=one["family"]))
    return pd.concat(found, ignore_index=True)


def of_one_role(question: Mapping[str, Any]) -> bool:
    """Whether a question asks for the change in one role: it stands in the role's own row."""
    plain = question["kind"] == "change" and question["contrast"] == "overall" and not question["matched"]
    return bool(plain and len(question["roles"]) == 1)


def _own(cells: pd.DataFrame, question: Mapping[str, Any]) -> pd.DataFrame:
    """The test of a question other than that of a change overall; that of one role stands in the role's row."""
    if of_one_role(question):
        of_role = (cells["table"] == "change_by_role") & (cells["outcome"] == question["outcome"])
        chosen = of_role & (cells["group"] == question["roles"][0])
    elif question["kind"] == "sides":  # the change in the gap, not the gap itself
        chosen = (cells["group"] == f"{question['question']}.change") & (cells["table"] == "sides_gap")
        return cells.loc[chosen].tail(1)
    else:
        chosen = cells["group"] == question["question"]
    found: pd.DataFrame = cells.loc[chosen]
    return found
