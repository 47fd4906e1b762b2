"""The tables that answer the plan's questions, by kind of question."""

from __future__ import annotations

from pilot_eval.publish.table import Table

#: Kind of question: its tables in order. A study has them when its plan asks a question of the kind.
ANSWER_TABLES: dict[str, dict[str, Table]] = {}
