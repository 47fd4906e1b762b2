"""One outcome's model fitted by the kernel, or the reason why it is not."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from pilot_eval.change.contrasts import Change, change_contrasts
from pilot_eval.change.dates import months_between
from pilot_eval.change.ladder import Step, descend
from pilot_eval.change.planned import (
    AREA,
    LEAST_AREAS,
    PAGES,
    Planned,
    lost,
    nothing_left,
    refusal,
    told,
    too_few_areas,
    without_lone,
    without_role,
)
from pilot_eval.change.rows import answered
from pilot_eval.change.specification import Specification, fit_to_rows, read_formula, without_redundant
from pilot_eval.faults import Fault

if TYPE_CHECKING:
    from pilot_eval.mixed.lmm import LmmFit

#: With less than one degree of freedom an interval has no end.
LEAST_DF = 1.0
MONTHS = "months"


@dataclass(frozen=True)
class Fitted:
    """A model fitted to rows, or refused.

    Attributes
    ----------
    rows : DataFrame
        The answers that the model speaks of.
    refused : str
        Why there is no fit, in words that may be published; empty when there is one.
    faults : list of Fault
        What a reader must know of the fit.
    specification, fit, change : None when refused
        ``change`` is from the first to the last wave.
    overall_only : str
        Why areas have no change of their own; empty when they may have.
    steps : list of Step
        What was left out because the model as it was could not be fitted; none: nothing was.
    """

    rows: pd.DataFrame
    refused: str = ""
    faults: list[Fault] = field(default_factory=list)
    specification: Specification | None = None
    fit: LmmFit | None = None
    change: Change | None = None
    overall_only: str = ""
    steps: list[Step] = field(default_factory=list)


def fit_planned(analysis: pd.DataFrame, planned: Planned, keep: Any = None) -> Fitted:
    """Fit one model to one outcome.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table.
    planned : Planned
    keep : callable, optional
        Takes the outcome's rows and gives those to be used.

    Returns
    -------
    Fitted
        Refused, with a fault, where there is one wave only, no variation, or neither the model nor a simpler one can be
        fitted. With too few areas the change overall alone.
    """
    from numpy.linalg import LinAlgError

    from pilot_eval.mixed import ModelError, RankDeficientWarning, SingularFitWarning, lmer

    column = planned.outcome["column"]
    everybody = answered(analysis, column, planned.outcome["roles"], planned.waves)
    if keep is not None:
        everybody = keep(everybody)
    rows = everybody.loc[everybody[AREA] != ""].reset_index(drop=True)
    without = without_role(analysis, planned)
    faults = list(lost(planned, "SCO-03", "a known role", without))
    faults += lost(planned, "DES-03", "a known area", len(everybody) - len(rows))
    formula = planned.formula.replace("{outcome}", column)
    if MONTHS in _variables(formula, rows):
        rows[MONTHS] = months_between(rows, planned.waves)
    lacking = {name: int(rows[name].isna().sum()) for name in _variables(formula, rows) if rows[name].isna().any()}
    complete = rows.dropna(subset=list(lacking)).reset_index(drop=True)
    needed = "every variable of the formula (" + ", ".join(sorted(lacking)) + ")"
    faults += lost(planned, "SCO-03", needed, len(rows) - len(complete))
    complete, lone = without_lone(complete, _variables(read_formula(formula).fixed, complete))
    faults += lost(
        planned, "SCO-03", "another answer of the same category (" + ", ".join(lone) + ")", sum(lone.values())
    )
    if complete.empty:
        missing = {"role": without, AREA: len(everybody) - len(rows), **lacking}
        reason, fault = nothing_left(planned, missing, len(everybody) + without)
        return Fitted(complete, reason, [fault])
    refused = refusal(complete, planned)
    if refused is None and not planned.tells_change:
        reason = "the model names no wave and tells no change"
        refused = reason, told(planned, "MOD-03", reason, "wave or months in the formula", "Its terms are told alone")
    if refused is not None:
        reason, fault = refused
        return Fitted(complete, reason, [*faults, fault])
    rows = _used_levels(complete)
    first, last = planned.waves[0], planned.waves[-1]
    few = too_few_areas(rows, first, last)
    specification = fit_to_rows(formula, rows, {AREA: few} if few else None)
    change = change_contrasts(specification.fixed, rows, first, last, planned.weights)
    if change.overall is None:
        saw = f"no role answered at both {first} and {last}, or another variable moves just as the wave does"
        return Fitted(rows, saw, [*faults, told(planned, "MOD-03", f"{saw}; not modelled", "a change that can be told",
                                                "Ask the same roles at both, or correct the formula")])  # fmt: skip
    reduced = without_redundant(specification, rows)
    if reduced is not specification and _tell_the_same(specification, reduced, rows, planned):
        specification = reduced
        change = change_contrasts(specification.fixed, rows, first, last, planned.weights)
    if few:
        expected = f"{LEAST_AREAS} areas, for change by area"
        faults.append(told(planned, "MOD-03", f"{few}; overall change only", expected, PAGES))
    faults += [
        told(planned, "MOD-04", f"{term} is left out: {reason}", "a term that the rows can tell", PAGES)
        for term, reason in specification.dropped
        if reason != few
    ]
    faults += [
        told(planned, "MOD-03", f"role {role} did not answer at both waves; no change of its own",
              f"answers of it at {first} and {last}", PAGES)
        for role in change.left_out
    ]  # fmt: skip
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            fit, specification, steps = descend(
                specification, rows, lambda formula, given: lmer(formula, given, reml=planned.reml)
            )
        except (ModelError, LinAlgError) as error:
            why = str(error) if isinstance(error, ModelError) else "the terms leave no variation between answers"
            fault = told(planned, "MOD-02", f"no fit: {why}", "a model that converges", "Simplify its random part")
            # Counts of the kernel's message could be small: what is published does not have them.
            return Fitted(rows, "the model could not be fitted to these answers", [*faults, fault])
    for one in said:
        if _ours(one) and not issubclass(one.category, SingularFitWarning):  # that the fit itself tells
            kind = "MOD-04" if issubclass(one.category, RankDeficientWarning) else "MOD-02"
            faults.append(told(planned, kind, str(one.message), "a model that the rows can tell", PAGES))
    faults += step_faults(steps, planned)
    return Fitted(rows, "", faults, specification, fit, change, few, steps)


def step_faults(steps: list[Step], planned: Planned) -> list[Fault]:
    """Each step down from a model that could not be fitted, as a warning."""
    return [
        told(planned, "MOD-05", f"no fit ({_short(step)}); fitted without {step.dropped}",
             "the planned model", "The record of the fit has every formula tried")
        for step in steps
    ]  # fmt: skip


def _short(step: Step) -> str:
    """Why a step was taken, in a few words: the kernel's message begins with the formula."""
    why = step.why.replace(repr(step.formula), "it")
    return why if len(why) <= 60 else why[:57].rsplit(" ", 1)[0] + " ..."


def _tell_the_same(one: Specification, other: Specification, rows: pd.DataFrame, planned: Planned) -> bool:
    """Whether the change of the same roles can be told from both, up to every wave."""
    there = set(rows["wave"])
    for wave in planned.waves[1:]:
        if wave in there:
            roles = [
                set(change_contrasts(each.fixed, rows, planned.waves[0], wave, planned.weights).by_role)
                for each in (one, other)
            ]
            if roles[0] != roles[1]:
                return False
    return True


def overall(fitted: Fitted) -> pd.Series:
    """``estimate se df statistic p low high`` of the overall change from the first to the last wave."""
    assert fitted.fit is not None and fitted.change is not None and fitted.change.overall is not None
    return read_contrast(fitted.fit, fitted.change.overall)


def read_contrast(fit: LmmFit, contrast: pd.Series) -> pd.Series:
    """A linear function of the fixed effects with the kernel's default degrees of freedom.

    With less than one degree of freedom there is no test and no interval: both would be endless.

    Coefficients that the kernel dropped as linear combinations of others are zero by its choice of a basis; since the
    contrast lies in the row space, its value does not depend on that choice.
    """
    table = fit.contrast(contrast.reindex(fit.fixef.index).to_numpy())
    found = table.iloc[0].copy()
    if found["df"] < LEAST_DF:
        found[["df", "p", "low", "high"]] = float("nan")
    return found


def _variables(formula: str, rows: pd.DataFrame) -> list[str]:
    """Columns that a formula names."""
    return sorted(set(re.findall(r"[^\W\d]\w*", formula)) & set(rows.columns))


def _used_levels(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.copy()
    for name in ("wave", "role"):
        rows[name] = rows[name].cat.remove_unused_categories()
    return rows


def _ours(said: warnings.WarningMessage) -> bool:
    return said.category.__module__.startswith("pilot_eval.")
