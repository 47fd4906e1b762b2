"""What linking finds on the way: faults, changed values, and the list for a person to decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pilot_eval.faults import Fault, StudyFaults

Row = Mapping[str, Any]


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain mappings, in order."""
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


class Notes:
    """What happened on the way: faults, changes, and the list for a person to decide."""

    def __init__(self, said: Mapping[str, Mapping[str, str]]) -> None:
        self.said = said
        self.faults: list[Fault] = []
        self.changes: list[tuple[Any, ...]] = []
        self.review: list[tuple[Any, ...]] = []

    def column(self, row: Row, use: str) -> str:
        return self.said.get(row["source"], {}).get(use, use)

    def fault(self, kind: str, severity: str, row: Row, use: str, saw: str, expected: str, action: str,
              count: int = 1) -> None:  # fmt: skip
        place, column = int(row["_row"]), self.column(row, use)
        self.faults.append(Fault(kind, severity, row["_file"], saw, expected, action, place, column, count))

    def change(self, row: Row, variable: str, old: str, new: str, rule: str, why: str) -> None:
        self.changes.append((row["_file"], row["_row"], row["_id"], variable, old, new, rule, why))

    def ask(self, row: Row, use: str, value: str, candidate: str, score: float) -> None:
        self.review.append((row["_id"], row["_file"], row["_row"], self.column(row, use), value, candidate, score))

    def stop(self) -> None:
        if any(fault.severity == "STOP" for fault in self.faults):
            raise StudyFaults(self.faults)
