"""One outcome's model fitted by the kernel, or the reason why it is not."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from pilot_eval.change.contrasts import Change, change_contrasts
from pilot_eval.change.rows import answered
from pilot_eval.change.specification import Specification, fit_to_rows
from pilot_eval.faults import Fault

if TYPE_CHECKING:
    from pilot_eval.mixed.lmm import LmmFit

LEAST_AREAS = 3


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


@dataclass(frozen=True)
class Fitted:
    """A model fitted to rows, or refused.

    Attributes
    ----------
    rows : DataFrame
        The answers that the model speaks of.
    refused : str
        Why there is no fit; empty when there is one.
    faults : list of Fault
        What a reader must know of the fit.
    specification, fit, change : None when refused
        ``change`` is from the first to the last wave.
    """

    rows: pd.DataFrame
    refused: str = ""
    faults: list[Fault] = field(default_factory=list)
    specification: Specification | None = None
    fit: LmmFit | None = None
    change: Change | None = None


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
        Refused, with a fault, where there are too few areas, one wave, no variation or no solution.
    """
    from pilot_eval.mixed import ModelError, lmer

    column = planned.outcome["column"]
    everybody = answered(analysis, column, planned.outcome["roles"], planned.waves)
    if keep is not None:
        everybody = keep(everybody)
    rows = everybody.loc[everybody["area"] != ""].reset_index(drop=True)
    faults = []
    if len(rows) < len(everybody):
        saw = f"{len(everybody) - len(rows)} answers without a known area are not in the model"
        faults.append(Fault("DES-03", "WARN", planned.place, saw, count=len(everybody) - len(rows)))
    formula = planned.formula.replace("{outcome}", column)
    complete = rows.dropna(subset=_variables(formula, rows)).reset_index(drop=True)
    if len(complete) < len(rows):
        saw = f"{len(rows) - len(complete)} answers lack a variable of the formula and are not in the model"
        faults.append(Fault("SCO-03", "WARN", planned.place, saw, count=len(rows) - len(complete)))
        rows = complete
    fault = refusal(rows, planned)
    if fault is not None:
        return Fitted(rows, fault.saw, [*faults, fault])
    rows = _used_levels(complete)
    specification = fit_to_rows(formula, rows)
    faults += [
        Fault("MOD-04", "WARN", planned.place, f"{term} is left out: {reason}")
        for term, reason in specification.dropped
    ]
    first, last = planned.waves[0], planned.waves[-1]
    change = change_contrasts(specification.fixed, rows, first, last, planned.weights)
    if change.overall is None:
        saw = f"no role answered at both {first} and {last}, or another variable moves just as the wave does"
        return Fitted(rows, saw, [*faults, Fault("MOD-03", "WARN", planned.place, saw)])
    faults += [
        Fault("MOD-03", "WARN", planned.place, f"role {role} did not answer at both waves; no change of its own")
        for role in change.left_out
    ]
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            fit = lmer(specification.formula, rows, reml=planned.reml)
        except ModelError as error:
            return Fitted(rows, str(error), [*faults, Fault("MOD-02", "WARN", planned.place, str(error))])
    faults += [Fault("MOD-02", "WARN", planned.place, str(one.message)) for one in said if _ours(one)]
    return Fitted(rows, "", faults, specification, fit, change)


def refusal(rows: pd.DataFrame, planned: Planned) -> Fault | None:
    """Why rows cannot tell a change; None when they can."""
    place, first, last = planned.place, planned.waves[0], planned.waves[-1]
    if rows.empty:
        return Fault("SCO-03", "WARN", place, "no answer has outcome, role and area together; not modelled")
    there = set(rows["wave"])
    if first not in there or last not in there:
        only = ", ".join(wave for wave in planned.waves if wave in there)
        return Fault("MOD-03", "WARN", place, f"there are answers at {only} only; not modelled")
    for wave in (first, last):
        values = rows.loc[rows["wave"] == wave, "value"]
        if values.nunique() == 1:
            saw = f"all {len(values)} answers at {wave} are {values.iloc[0]:g}; no variation, so it is not modelled"
            return Fault("SCO-02", "WARN", place, saw)
    both = set(rows.loc[rows["wave"] == first, "area"]) & set(rows.loc[rows["wave"] == last, "area"])
    if len(both) < LEAST_AREAS:
        saw = f"{len(both)} areas have answers at both {first} and {last}, {LEAST_AREAS} are needed; not modelled"
        return Fault("MOD-03", "WARN", place, saw)
    return None


def overall(fitted: Fitted) -> pd.Series:
    """``estimate se df statistic p low high`` of the overall change from the first to the last wave."""
    assert fitted.fit is not None and fitted.change is not None and fitted.change.overall is not None
    return read_contrast(fitted.fit, fitted.change.overall)


def read_contrast(fit: LmmFit, contrast: pd.Series) -> pd.Series:
    """A linear function of the fixed effects with the kernel's default degrees of freedom.

    Coefficients that the kernel dropped as linear combinations of others are zero by its choice of a basis; since the
    contrast lies in the row space, its value does not depend on that choice.
    """
    table = fit.contrast(contrast.reindex(fit.fixef.index).to_numpy())
    return table.iloc[0]


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
