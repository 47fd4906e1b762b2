"""What and whom a question is about: its outcome, roles, and those who answered at both ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.change.rows import pairs
from pilot_eval.faults import Fault

Keep = Callable[[pd.DataFrame], pd.DataFrame]


def known_outcome(outcome: Mapping[str, Any] | None, question: Mapping[str, Any]) -> Mapping[str, Any]:
    """The outcome that a question is about; where the plan has none of that name, one that nobody was asked."""
    return outcome or {"outcome": question["outcome"], "column": "", "roles": [], "unit": "", "digits": 2}


def roles_with(known: pd.DataFrame, outcome: Mapping[str, Any], question: Mapping[str, Any]) -> list[str]:
    """Roles of an outcome that a question is about and that occur in some rows, in the outcome's order."""
    asked = set(question["roles"] or outcome["roles"]) & set(known["role"])
    return [role for role in outcome["roles"] if role in asked]


def population(question: Mapping[str, Any], waves: Sequence[str]) -> Keep:
    """What keeps, of the rows of an outcome, those that a question is about."""

    def keep(rows: pd.DataFrame) -> pd.DataFrame:
        if not question["matched"]:
            return rows
        both = set(pairs(rows, waves[0], waves[-1])["respondent"])
        return rows.loc[rows["respondent"].isin(both)].reset_index(drop=True)

    return keep


def of_interest(faults: Sequence[Fault]) -> list[Fault]:
    """Faults of a fit in a population: that one role alone is left in it is none."""
    return [fault for fault in faults if not fault.saw.startswith(("role is left out", "wave:role is left out"))]


def unanswered(reason: str, question: Mapping[str, Any]) -> Fault:
    """A question that the data cannot answer, in one line."""
    action = "Correct the question, or look for the missing data"
    place = f"question {question['question']}"
    return Fault("MOD-11", "WARN", place, f"{reason}; not available", "data that can answer it", action)
