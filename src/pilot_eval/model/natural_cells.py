"""Cells of the answers on natural scales: levels and changes, shares of each answer, waits by Kaplan and Meier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pilot_eval.change.rows import organisations
from pilot_eval.model.natural_fit import Bounds, Change, NaturalFit, read_change
from pilot_eval.model.natural_rows import told_by
from pilot_eval.model.waiting import waits_at
from pilot_eval.parts import measured

Rows = list[dict[str, Any]]
#: Unit of the levels and of their difference, decimals of both, and what ``ratio`` is.
UNITS = {
    "share": ("%", "percentage points", 1, ""),
    "yes_no": ("%", "percentage points", 1, ""),
    "count": ("expected number", "expected number", 2, "ratio of expected numbers"),
    "weeks": ("weeks", "weeks", 1, "ratio of medians"),
    "ordered": ("%", "percentage points", 1, "odds ratio of a higher answer"),
}
STATED = "waits that were not over taken as over"
#: Measures of a level: at first, at last, the change and its bounds.
GIVEN = ("given_first", "given_last", "change", "low", "high")
REACHED = ("reached_first", "reached_last", "reached_change", "reached_low", "reached_high")
NOTHING = Change(None, None, None, None, float("nan"), float("nan"), [], [])


@dataclass(frozen=True)
class Report:
    """Cells of one question's rows.

    Attributes
    ----------
    question : mapping
        ``question`` (its name), ``form, came, estimand``.
    label : str
        The question's name in tables.
    levels, roles : mapping
        Codes of an ordered item, and roles asked, with their labels.
    waves : sequence of str
        In order.
    """

    question: Mapping[str, Any]
    label: str
    levels: Mapping[float, str]
    roles: Mapping[str, str]
    waves: Sequence[str]

    @property
    def form(self) -> str:
        return str(self.question["form"])

    def _words(self, what: str) -> str:
        return f"{self.question['estimand']}: {what}"

    def changes(self, rows: pd.DataFrame, found: NaturalFit | None, stated: NaturalFit | None) -> Rows:
        """From the first wave to the last, of all and of each role; to each later wave where there are more."""
        name, last, everybody = self.question["question"], self.waves[-1], list(self.roles)
        cells = self._change(rows, found, everybody, last, {"group": name})
        there = told_by(rows, self.waves[0], last) if found else []
        for role in there if len(there) > 1 else ():
            within = {"group": f"{name}.{role}", "group_label": f"{self.label}: {self.roles[role]}"}
            cells += self._change(rows.loc[rows["role"] == role], found, [role], last, within)
        for wave in self.waves[1:] if len(self.waves) > 2 else ():
            cells += self._change(rows, found, everybody, wave, {"group": name, "wave": wave})
        if stated is not None:
            within = {"group": f"{name}.stated", "group_label": f"{self.label}: {STATED}"}
            cells += self._change(rows, stated, everybody, last, within)
        return cells

    def _change(
        self, own: pd.DataFrame, found: NaturalFit | None, roles: Sequence[str], to: str, place: Mapping[str, str]
    ) -> Rows:
        """One row of the table: levels at both waves, difference, ratio and test, those that the form has."""
        first = self.waves[0]
        there = found is not None and {first, to} <= set(found.rows["wave"])
        change = (read_change(found, first, to, roles) if found is not None and there else None) or NOTHING
        unit, difference, digits, meant = UNITS[self.form]
        cells: Rows = []
        if self.form != "ordered":
            for measure, value, wave in (("level_first", change.first, first), ("level_last", change.last, to)):
                then = own.loc[own["wave"] == wave] if "wave" in own else own
                shared = {**place, **behind(then), "estimand": self._words(f"level at {wave}")}
                cells += measured({measure: value}, digits, unit, **shared)
            values = _named(change.change, ("change", "low", "high"))
            cells += measured(values, digits, difference, **place, **behind(own), estimand=self._words("difference"))
        if meant:
            values = _named(change.ratio, ("ratio", "ratio_low", "ratio_high"))
            cells += measured(values, digits, "", **place, **behind(own), estimand=self._words(meant))
        tested = {"statistic": change.statistic, "p": change.p}
        words = self._words("no change, on the scale of the model")
        return cells + measured(tested, digits, "", **place, **behind(own), estimand=words)

    def given(self, rows: pd.DataFrame, found: NaturalFit | None) -> Rows:
        """Of ordered outcomes: share that gives each answer, and that gives it or a higher one."""
        change = read_change(found, self.waves[0], self.waves[-1], list(self.roles)) if found else None
        cells: Rows = []
        for place, code in enumerate(sorted(rows["value"].unique()) if change and change.given else ()):
            assert change is not None
            text = self.levels.get(code, f"{code:g}")
            shared = {"group": f"{self.question['question']}.{code:g}", "group_label": f"{self.label}: {text}"}
            told = {"share that gives this answer": _triple(change.given[place], GIVEN)}
            if place:
                told["share that gives this answer or a higher one"] = _triple(change.reached[place - 1], REACHED)
            for words, values in told.items():
                cells += self._shares(rows, values, shared | {"estimand": self._words(words)})
        return cells

    def _shares(self, rows: pd.DataFrame, values: Mapping[str, float], shared: Mapping[str, str]) -> Rows:
        """Shares at either wave, behind which stand those who answered then, and their difference."""
        unit, difference, digits, _ = UNITS[self.form]
        cells: Rows = []
        for measure, value in values.items():
            ends = {"first": self.waves[0], "last": self.waves[-1]}
            wave = ends.get(measure.rpartition("_")[2])
            own = rows if wave is None else rows.loc[rows["wave"] == wave]
            cells += measured({measure: value}, digits, unit if wave else difference, **shared, **behind(own))
        return cells

    def waits(self, rows: pd.DataFrame) -> Rows:
        """Of waits: how many were not over, and the median by Kaplan and Meier, wave by wave."""
        cells: Rows = []
        for wave in self.waves if self.form == "weeks" else ():
            own = rows.loc[rows["wave"] == wave]
            if own.empty:
                continue
            found = waits_at(own)
            shared = {"group": self.question["question"], "wave": wave, **behind(own)}
            number = {"n": float(own["respondent"].nunique())} | ({"open": found.open} if self.question["came"] else {})
            cells += measured(number, **shared, estimand=self._words(f"share of waits not over at {wave}"))
            medians = {"median": found.median, "median_low": found.low, "median_high": found.high}
            words = self._words(f"Kaplan-Meier median at {wave}")
            cells += measured(medians, UNITS["weeks"][2], "weeks", **shared, estimand=words)
        return cells


def behind(rows: pd.DataFrame) -> dict[str, int | None]:
    """Respondents and organisations behind cells."""
    return {"n": int(rows["respondent"].nunique()), "n_organisations": organisations(rows)}


def _named(bounds: Bounds | None, names: tuple[str, str, str]) -> dict[str, float | None]:
    return dict(zip(names, bounds or (None, None, None), strict=True))


def _triple(found: tuple[Bounds, Bounds, Bounds], names: tuple[str, ...]) -> dict[str, float]:
    first, last, change = found
    return dict(zip(names, (first[0], last[0], *change), strict=True))
