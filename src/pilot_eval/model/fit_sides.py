"""Rule ``fit_sides``: how two sides of one relationship rate it: the gap, its change, who moved, their agreement."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pilot_eval.change.ladder import Step, descend
from pilot_eval.change.seed import seed_of
from pilot_eval.change.specification import fit_to_rows
from pilot_eval.faults import Fault
from pilot_eval.model.dyad_agreement import agreement
from pilot_eval.model.dyads import fewer, one_side, people, rated_dyads
from pilot_eval.parts import measured, part_of
from pilot_eval.tables import fault_table

if TYPE_CHECKING:
    from pilot_eval.mixed import LmmFit

Rows = list[dict[str, Any]]
#: Organisations of both sides are crossed: a service stands in many links, a school may too. What an organisation says
#: at one wave it says in all its links: the side with fewer organisations has an effect at each wave too. That of the
#: other is what is left; with both, gaps would be explained without remainder.
OF_GAP = "gap ~ wave + (1 | area) + (1 | area_wave) + (1 | left) + (1 | right) + (1 | {shared}_wave)"
OF_SIDE = "value ~ wave + (1 | area) + (1 | area_wave) + (1 | own)"
TESTED = ("estimate", "low", "high", "se", "statistic", "df", "p")
AGREED = ("icc", "icc_low", "icc_high")


@dataclass(frozen=True)
class Modelled:
    """A model of gaps or ratings by wave; ``fit`` is None where there is none, and ``reason`` says why."""

    waves: tuple[str, ...]
    fit: LmmFit | None = None
    reason: str = ""
    formula: str = ""
    steps: tuple[Step, ...] = ()

    def at(self, wave: str, less: str = "") -> dict[str, float | None]:
        """Mean at a wave, or its change from another, with test and interval."""
        if self.fit is None or wave not in self.waves or (less and less not in self.waves):
            return dict.fromkeys(TESTED)
        weights = np.zeros(len(self.waves))
        weights[0] = 0.0 if less else 1.0
        for name, sign in ((wave, 1.0), (less, -1.0)):
            if name and name != self.waves[0]:
                weights[self.waves.index(name)] += sign
        table = self.fit.contrast(weights).iloc[0]
        told = table["df"] >= 1
        return {
            name: float(table[name]) if told or name in ("estimate", "se", "statistic") else None for name in TESTED
        }


def fit_sides(
    analysis: pd.DataFrame,
    dyads: pd.DataFrame,
    question: Mapping[str, Any],
    perception: Mapping[str, Any] | None,
    waves: Sequence[str],
    seed: int,
) -> dict[str, Any]:
    """Compare both sides of each link, wave by wave.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table of ``score``.
    dyads : DataFrame
        Links at each wave, with the row ids of the answers of both sides.
    question : mapping
        ``question`` (its name), ``replicates``.
    perception : mapping or None
        ``column unit digits`` of what is rated and ``sides``, the kinds of organisation on the left and on the right;
        None: the plan has no such perception.
    waves : sequence of str
        In order of time.
    seed : int
        Of the study.

    Returns
    -------
    dict
        ``part`` with the tables ``sides_answered`` (links by who rated them), ``sides_gap`` (gap at each wave, left
        less right, and its change), ``sides_moved`` (change of each side) and ``sides_agreement``; and ``faults``.
    """
    name, place = str(question["question"]), f"question {question['question']}"
    if perception is None or perception["column"] not in analysis:
        saw = "the study has no such perception" if perception is None else "nobody was asked what it is about"
        return _result({"sides_gap": measured(dict.fromkeys(TESTED), group=name)}, [_not_told(place, saw)])
    rated = rated_dyads(analysis, dyads, perception["column"], waves)
    both = rated.loc[rated["gap"].notna()].reset_index(drop=True)
    shared = "left" if both["left"].nunique() < both["right"].nunique() else "right"
    gap = modelled(OF_GAP.format(shared=shared), _with_waves(both), waves)
    moved = {side: modelled(OF_SIDE, _with_waves(one_side(both, side)), waves) for side in ("left", "right")}
    unit = {"digits": perception["digits"], "unit": perception["unit"]}
    kinds = dict(zip(("left", "right"), perception["sides"], strict=True))
    tables = {
        "sides_answered": answered_rows(rated, name, waves),
        "sides_gap": gap_rows(gap, both, name, waves, unit),
        "sides_moved": [
            cell for side in moved for cell in moved_rows(moved[side], both, (side, kinds[side]), name, waves, unit)
        ],
        "sides_agreement": agreement_rows(both, name, waves, int(question["replicates"]), seed),
    }
    notes = [*_told(gap, "gap", place), *(fault for side in moved for fault in _told(moved[side], kinds[side], place))]
    return _result(tables, notes)


def _result(tables: Mapping[str, Rows], notes: Iterable[Fault]) -> dict[str, Any]:
    return {"part": part_of("fit_sides", tables), "faults": fault_table(notes)}


def _with_waves(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with the groups of a place at one wave."""
    places = [name for name in ("area", "left", "right") if name in rows]
    at = {f"{name}_wave": rows[name].astype(str) + " " + rows["wave"].astype(str) for name in places}
    return rows.assign(**at)


def modelled(formula: str, rows: pd.DataFrame, waves: Sequence[str]) -> Modelled:
    """Fit a mixed model to ratings that both sides gave, or say why not."""
    from pilot_eval.mixed import ModelError, lmer

    rows = rows.assign(wave=rows["wave"].cat.remove_unused_categories(), organisation="")
    there = tuple(wave for wave in waves if wave in set(rows["wave"]))
    value = formula.split(" ~ ")[0]
    if len(there) < 2:
        only = f"answers of both sides at {there[0]} only" if there else "no link was rated by both sides"
        return Modelled(there, reason=only)
    if any(rows.loc[rows["wave"] == wave, value].nunique() < 2 for wave in there):
        return Modelled(there, reason="no variation at one wave")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fit, used, steps = descend(fit_to_rows(formula, rows), rows, lmer)
    except (ModelError, np.linalg.LinAlgError) as error:
        return Modelled(there, reason=f"no fit: {str(error)[:80]}")
    return Modelled(there, fit, "", used.formula, tuple(steps))


def answered_rows(rated: pd.DataFrame, name: str, waves: Sequence[str]) -> Rows:
    """Links at each wave by which sides rated them: those of one side are in no gap."""
    found: Rows = []
    left, right = rated["left_score"].notna(), rated["right_score"].notna()
    for wave in waves:
        here = rated["wave"] == wave
        for column, chosen in (("both", left & right), ("left_only", left & ~right), ("right_only", right & ~left)):
            own = rated.loc[here & chosen]
            found += measured(
                {column: len(own)}, group=name, wave=wave, n=people(own), n_organisations=fewer(own),
                estimand="links by who rated them", sum=f"{name}.{wave}",
            )  # fmt: skip
    return found


def gap_rows(gap: Modelled, both: pd.DataFrame, name: str, waves: Sequence[str], unit: Mapping[str, Any]) -> Rows:
    """The gap at each wave, and its change from the first to each later one."""
    words = f"mean over links of the left side's rating less the right side's: {gap.formula or 'not modelled'}"
    found: Rows = []
    for wave in waves:
        own = both.loc[both["wave"] == wave]
        found += measured(gap.at(wave), **unit, group=name, wave=wave, n=people(own), n_organisations=fewer(own),
                          estimand=words)  # fmt: skip
    for wave in waves[1:]:
        own = _fewest([both.loc[both["wave"] == each] for each in (waves[0], wave)])
        found += measured(gap.at(wave, less=waves[0]), **unit, group=f"{name}.change", group_label="Change in the gap",
                          wave=wave, n=people(own), n_organisations=fewer(own),
                          estimand=f"gap at {wave} less that at {waves[0]}")  # fmt: skip
    return found


def moved_rows(
    moved: Modelled, both: pd.DataFrame, side: tuple[str, str], name: str, waves: Sequence[str], unit: Mapping[str, Any]
) -> Rows:
    """Change of one side from the first wave to each later one, organisations in a link that both sides rated."""
    found: Rows = []
    here, kind = side
    rows = one_side(both, here)
    for wave in waves[1:]:
        own = _fewest([rows.loc[rows["wave"] == each] for each in (waves[0], wave)])
        found += measured(
            moved.at(wave, less=waves[0]), **unit, group=f"{name}.{here}", group_label=f"The {kind} side", wave=wave,
            n=people(own, here), n_organisations=int(own[here].nunique()) or None,
            estimand=f"mean change of the {here} side from {waves[0]}: {moved.formula or 'not modelled'}",
        )  # fmt: skip
    return found


def _fewest(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """A difference of two means gives away the thinner of them."""
    return min(parts, key=len)


def agreement_rows(both: pd.DataFrame, name: str, waves: Sequence[str], replicates: int, seed: int) -> Rows:
    """Agreement of both sides at each wave."""
    found: Rows = []
    for wave in waves:
        own = both.loc[both["wave"] == wave]
        known = (
            agreement(own, replicates, seed_of(seed, "fit_sides", name, wave)) if len(own) else dict.fromkeys(AGREED)
        )
        found += measured(known, group=name, wave=wave, n=people(own), n_organisations=fewer(own),
                          estimand="ICC(A,1) of both sides' ratings, interval by bootstrap of areas")  # fmt: skip
    return found


def _not_told(place: str, saw: str) -> Fault:
    action = "Correct the question in models.yaml, or ask both sides"
    return Fault("MOD-30", "WARN", place, f"{saw}; not available", "ratings of both sides at two waves", action)


def _told(model: Modelled, what: str, place: str) -> Iterable[Fault]:
    """Why there is no model of the gap or of a side, the steps down to it, and what lies at a boundary."""
    if model.fit is None:
        yield _not_told(place, f"{what}: {model.reason}")
        return
    for step in model.steps:
        yield Fault("MOD-05", "WARN", place, f"{what}, no fit: {step.why[:80]}", "a fit",
                    f"It was left without {step.dropped}")  # fmt: skip
    if model.fit.singular:
        saw = f"{what}: a spread between groups is estimated at a boundary"
        yield Fault("MOD-02", "WARN", place, saw, "spreads above zero", "The fit stands as it is")
