"""The tables that answer the plan's questions, by kind of question."""

from __future__ import annotations

from pilot_eval.publish.change_tables import CHANGE, LEVELS, MODERATORS
from pilot_eval.publish.evidence_tables import FACTORS, RATINGS
from pilot_eval.publish.natural_tables import NATURAL
from pilot_eval.publish.sides_tables import SIDES
from pilot_eval.publish.start_tables import START
from pilot_eval.publish.table import Table

#: Kind of question: its tables in order. A study has them when its plan asks a question of the kind.
ANSWER_TABLES: dict[str, dict[str, Table]] = {
    "change": {
        **CHANGE,
        "equivalence": Table(
            "Is the change in each outcome too small to matter?",
            "Each row is one question that has a smallest change that matters.",
            {"outcome": "Outcome", "group": "Question"},
            {"estimate": "Change", "margin": "Smallest change that matters", "low90": "Lower bound of 90% interval",
             "high90": "Upper bound of 90% interval", "p_equivalence": "p value of equivalence"},
            ("cause", "rounding", "disclosure"), {"p_equivalence": "equivalence"},
        ),
    },
    "start": START,
    "moderator": MODERATORS,
    "levels": LEVELS,
    "sides": SIDES,
    "natural": NATURAL,
    "ratings": RATINGS,
    "factors": FACTORS,
}  # fmt: skip
