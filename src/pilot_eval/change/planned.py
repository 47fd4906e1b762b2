"""What is planned of one outcome, and why rows cannot tell it: each reason as it may be published, and as a fault."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pilot_eval.faults import Fault

#: With fewer areas that answered at both ends, how areas differ cannot be told from chance.
LEAST_AREAS = 3
AREA = "area"
PAGES = "The quality pages list it"


@dataclass(frozen=True)
class Planned:
    """What is to be fitted: an outcome (``outcome, column, roles, unit, digits``), a formula, and how it is read.

    Attributes
    ----------
    outcome : mapping
    formula : str
        Of the plan, with ``{outcome}``.
    reml : bool
    weights : mapping of str to float
        Share of each role in the overall change.
    waves : sequence of str
        In order of time.
    name : str
        Of the model, for messages.
    """

    outcome: Mapping[str, Any]
    formula: str
    reml: bool
    weights: Mapping[str, float]
    waves: Sequence[str]
    name: str

    @property
    def place(self) -> str:
        """The model in messages."""
        return f"model {self.name}, outcome {self.outcome['outcome']}"

    @property
    def tells_change(self) -> bool:
        """Whether the formula names the time; an analysis of covariance of one wave does not."""
        return bool({"wave", "months"} & set(re.findall(r"[^\W\d]\w*", self.formula)))


def refusal(rows: pd.DataFrame, planned: Planned) -> tuple[str, Fault] | None:
    """Why rows cannot tell a change, as it may be published and as a fault; None when they can."""
    first, last = planned.waves[0], planned.waves[-1]
    there = set(rows["wave"])
    if first not in there or last not in there:
        only = ", ".join(wave for wave in planned.waves if wave in there)
        reason = f"there are answers at {only} only; not modelled"
        return reason, told(planned, "MOD-03", reason, f"answers at {first} and {last}", "Check the deliveries")
    for wave in (first, last):
        values = rows.loc[rows["wave"] == wave, "value"]
        if values.nunique() == 1:
            reason = f"no variation at {wave}; not modelled"
            saw = f"all {len(values)} answers at {wave} are {values.iloc[0]:g}; {reason}"
            return reason, told(planned, "SCO-02", saw, "answers that vary", "Check the delivery and its codebook")
    if not _areas(rows, first) & _areas(rows, last):
        reason = f"no area has answers at both {first} and {last}; not modelled"
        return reason, told(planned, "MOD-03", reason, "one area at least", "Check the areas of the deliveries")
    return None


def nothing_left(planned: Planned, missing: Mapping[str, int], number: int) -> tuple[str, Fault]:
    """The same where no row is left: which of the variables is missing, in how many of all answers."""
    reason = "no answer has outcome, role and area together; not modelled"
    gone = ", ".join(f"{name} is missing in {count}" for name, count in missing.items() if count)
    saw = f"0 of {number} answers can be modelled" + (f": {gone}" if gone else ", nobody answered it")
    expected = "answers with outcome, role and area together"
    return reason, told(planned, "SCO-03", saw, expected, "Check the codebook and the deliveries")


def too_few_areas(rows: pd.DataFrame, first: str, last: str) -> str:
    """Why areas cannot have a change of their own; empty when enough of them answered at both ends."""
    both = len(_areas(rows, first) & _areas(rows, last))
    return "" if both >= LEAST_AREAS else f"{both} area{'s' * (both != 1)} answered at both {first} and {last}"


def lost(planned: Planned, kind: str, what: str, number: int) -> Iterator[Fault]:
    """Answers that are not in the model because they lack something; none lost is no fault."""
    if number:
        saw = f"{number} answers lack {what} and are not in the model"
        yield Fault(kind, "WARN", planned.place, saw, what, PAGES, count=number)


def without_lone(rows: pd.DataFrame, names: Sequence[str]) -> tuple[pd.DataFrame, dict[str, int]]:
    """Rows without those that alone have a category: its effect would be the row's own error.

    Parameters
    ----------
    rows : DataFrame
    names : sequence of str
        Variables of the fixed part; numbers have no categories.

    Returns
    -------
    DataFrame, dict of str to int
        What is left, and how many rows went for each variable.
    """
    lone: dict[str, int] = {}
    for name in names:
        if pd.api.types.is_numeric_dtype(rows[name]) or rows[name].nunique() < 2:
            continue
        alone = rows[name].map(rows[name].value_counts()).astype("int64") == 1
        if alone.any():
            lone[name] = int(alone.sum())
            rows = rows.loc[~alone].reset_index(drop=True)
    return rows, lone


def without_role(analysis: pd.DataFrame, planned: Planned) -> int:
    """Answers to the outcome by respondents of whom the role is not known."""
    column = planned.outcome["column"]
    if column not in analysis:
        return 0
    known = analysis[column].notna() & analysis["wave"].isin(list(planned.waves))
    return int((known & (analysis["role"] == "")).sum())


def told(planned: Planned, kind: str, saw: str, expected: str, action: str) -> Fault:
    """A warning about a model."""
    return Fault(kind, "WARN", planned.place, saw, expected, action)


def _areas(rows: pd.DataFrame, wave: str) -> set[str]:
    return set(rows.loc[rows["wave"] == wave, AREA])
