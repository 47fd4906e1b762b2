"""What is said of an outcome's change in everybody: the same in report, summary and figures as in the findings."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from pilot_eval.publish.lookup import Lookup, Row
from pilot_eval.publish.sentences import evidence
from pilot_eval.publish.verdicts import LEVEL, Evidence

Outcome = Mapping[str, Any]


def change_evidence(lookup: Lookup, outcome: Outcome) -> Evidence:
    """What the words about a change rest on: its interval, its adjusted test, and that of equivalence.

    Parameters
    ----------
    lookup : Lookup
    outcome : mapping
        With ``id`` and ``asked``, the plan's question about this very change (``printed``; empty: there is none).
    """
    test = adjusted_test(lookup, outcome)
    small = smallest(lookup, outcome)
    return evidence(lookup.change(outcome["id"]), _value(test, "p_adjusted"), _value(small, "p_equivalence"))


def adjusted_test(lookup: Lookup, outcome: Outcome) -> Row | None:
    """The row of the adjusted test: where a question asks for this change it is adjusted within its family."""
    return lookup.row("change_adjusted", outcome=outcome["id"])


def smallest(lookup: Lookup, outcome: Outcome) -> Row | None:
    """The row of the tests against the smallest change that matters."""
    return lookup.row("equivalence", group=outcome["asked"]) if outcome["asked"] else None


def areas_differ(lookup: Lookup, outcome: Outcome) -> bool:
    """Whether the change differs between areas: by the adjusted test where a question asks so, else by its own."""
    asked = lookup.row("questions_adjusted", group=outcome["varied"]) if outcome["varied"] else None
    if asked is not None:
        return asked.value("p_adjusted") < LEVEL
    return _value(lookup.row("change_variation", outcome=outcome["id"]), "p") < LEVEL


def _value(row: Row | None, column: str) -> float:
    return row.value(column) if row is not None else math.nan
