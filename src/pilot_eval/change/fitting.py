"""One outcome's model fitted by the kernel, or the reason why it is not."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from pilot_eval.change.contrasts import Change, change_contrasts
from pilot_eval.change.rows import answered
from pilot_eval.change.specification import Specification, fit_to_rows, without_redundant
from pilot_eval.faults import Fault

if TYPE_CHECKING:
    from pilot_eval.mixed.lmm import LmmFit

#: With fewer areas that answered at both ends, how areas differ cannot be told from chance.
LEAST_AREAS = 3
LEAST_DF = 1.0
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
    """

    rows: pd.DataFrame
    refused: str = ""
    faults: list[Fault] = field(default_factory=list)
    specification: Specification | None = None
    fit: LmmFit | None = None
    change: Change | None = None
    overall_only: str = ""


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
        Refused, with a fault, where there is one wave only, no variation or no solution. With too few areas the
        change overall alone.
    """
    from numpy.linalg import LinAlgError

    from pilot_eval.mixed import ModelError, RankDeficientWarning, SingularFitWarning, lmer

    column = planned.outcome["column"]
    everybody = answered(analysis, column, planned.outcome["roles"], planned.waves)
    if keep is not None:
        everybody = keep(everybody)
    rows = everybody.loc[everybody[AREA] != ""].reset_index(drop=True)
    without = _without_role(analysis, planned)
    faults = list(_lost(planned, "SCO-03", "a known role", without))
    faults += _lost(planned, "DES-03", "a known area", len(everybody) - len(rows))
    formula = planned.formula.replace("{outcome}", column)
    lacking = {name: int(rows[name].isna().sum()) for name in _variables(formula, rows) if rows[name].isna().any()}
    complete = rows.dropna(subset=list(lacking)).reset_index(drop=True)
    needed = "every variable of the formula (" + ", ".join(sorted(lacking)) + ")"
    faults += _lost(planned, "SCO-03", needed, len(rows) - len(complete))
    if complete.empty:
        missing = {"role": without, AREA: len(everybody) - len(rows), **lacking}
        return _empty(complete, planned, missing, len(everybody) + without)
    refused = refusal(complete, planned)
    if refused is not None:
        reason, fault = refused
        return Fitted(complete, reason, [*faults, fault])
    rows = _used_levels(complete)
    first, last = planned.waves[0], planned.waves[-1]
    few = _too_few_areas(rows, first, last)
    specification = fit_to_rows(formula, rows, {AREA: few} if few else None)
    change = change_contrasts(specification.fixed, rows, first, last, planned.weights)
    if change.overall is None:
        saw = f"no role answered at both {first} and {last}, or another variable moves just as the wave does"
        return Fitted(rows, saw, [*faults, _told(planned, "MOD-03", f"{saw}; not modelled", "a change that can be told",
                                                "Ask the same roles at both, or correct the formula")])  # fmt: skip
    reduced = without_redundant(specification, rows)
    if reduced is not specification and _tell_the_same(specification, reduced, rows, planned):
        specification = reduced
        change = change_contrasts(specification.fixed, rows, first, last, planned.weights)
    if few:
        expected = f"{LEAST_AREAS} areas, for change by area"
        faults.append(_told(planned, "MOD-03", f"{few}; overall change only", expected, PAGES))
    faults += [
        _told(planned, "MOD-04", f"{term} is left out: {reason}", "a term that the rows can tell", PAGES)
        for term, reason in specification.dropped
        if reason != few
    ]
    faults += [
        _told(planned, "MOD-03", f"role {role} did not answer at both waves; no change of its own",
              f"answers of it at {first} and {last}", PAGES)
        for role in change.left_out
    ]  # fmt: skip
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            fit = lmer(specification.formula, rows, reml=planned.reml)
        except (ModelError, LinAlgError) as error:
            # The kernel's algebra breaks down where fixed and random terms explain every answer exactly.
            why = str(error) if isinstance(error, ModelError) else "the terms leave no variation between answers"
            fault = _told(planned, "MOD-02", f"no fit: {why}", "a model that converges", "Simplify its random part")
            # Counts of the kernel's message could be small: what is published does not have them.
            return Fitted(rows, "the model could not be fitted to these answers", [*faults, fault])
    for one in said:
        if _ours(one) and not issubclass(one.category, SingularFitWarning):  # that the fit itself tells
            kind = "MOD-04" if issubclass(one.category, RankDeficientWarning) else "MOD-02"
            faults.append(_told(planned, kind, str(one.message), "a model that the rows can tell", PAGES))
    return Fitted(rows, "", faults, specification, fit, change, few)


def refusal(rows: pd.DataFrame, planned: Planned) -> tuple[str, Fault] | None:
    """Why rows cannot tell a change, as it may be published and as a fault; None when they can."""
    first, last = planned.waves[0], planned.waves[-1]
    there = set(rows["wave"])
    if first not in there or last not in there:
        only = ", ".join(wave for wave in planned.waves if wave in there)
        reason = f"there are answers at {only} only; not modelled"
        return reason, _told(planned, "MOD-03", reason, f"answers at {first} and {last}", "Check the deliveries")
    for wave in (first, last):
        values = rows.loc[rows["wave"] == wave, "value"]
        if values.nunique() == 1:
            reason = f"no variation at {wave}; not modelled"
            saw = f"all {len(values)} answers at {wave} are {values.iloc[0]:g}; {reason}"
            return reason, _told(planned, "SCO-02", saw, "answers that vary", "Check the delivery and its codebook")
    if not _areas(rows, first) & _areas(rows, last):
        reason = f"no area has answers at both {first} and {last}; not modelled"
        return reason, _told(planned, "MOD-03", reason, "one area at least", "Check the areas of the deliveries")
    return None


def _empty(rows: pd.DataFrame, planned: Planned, missing: Mapping[str, int], number: int) -> Fitted:
    """Nothing to fit: which of the variables is missing."""
    reason = "no answer has outcome, role and area together; not modelled"
    lost = ", ".join(f"{name} is missing in {count}" for name, count in missing.items() if count)
    saw = f"0 of {number} answers can be modelled" + (f": {lost}" if lost else ", nobody answered it")
    expected = "answers with outcome, role and area together"
    return Fitted(rows, reason, [_told(planned, "SCO-03", saw, expected, "Check the codebook and the deliveries")])


def _lost(planned: Planned, kind: str, what: str, number: int) -> Iterator[Fault]:
    if number:
        saw = f"{number} answers without it are not in the model"
        yield Fault(kind, "WARN", planned.place, saw, what, PAGES, count=number)


def _told(planned: Planned, kind: str, saw: str, expected: str, action: str) -> Fault:
    return Fault(kind, "WARN", planned.place, saw, expected, action)


def _tell_the_same(one: Specification, other: Specification, rows: pd.DataFrame, planned: Planned) -> bool:
    """Whether the change of the same roles can be told from both, up to every wave."""
    there = set(rows["wave"])
    for wave in planned.waves[1:]:
        if wave in there:
            told = [
                set(change_contrasts(each.fixed, rows, planned.waves[0], wave, planned.weights).by_role)
                for each in (one, other)
            ]
            if told[0] != told[1]:
                return False
    return True


def _without_role(analysis: pd.DataFrame, planned: Planned) -> int:
    """Answers to the outcome by respondents of whom the role is not known."""
    column = planned.outcome["column"]
    if column not in analysis:
        return 0
    known = analysis[column].notna() & analysis["wave"].isin(list(planned.waves))
    return int((known & (analysis["role"] == "")).sum())


def _areas(rows: pd.DataFrame, wave: str) -> set[str]:
    return set(rows.loc[rows["wave"] == wave, AREA])


def _too_few_areas(rows: pd.DataFrame, first: str, last: str) -> str:
    """Why areas cannot have a change of their own; empty when enough of them answered at both ends."""
    both = len(_areas(rows, first) & _areas(rows, last))
    return "" if both >= LEAST_AREAS else f"{both} area{'s' * (both != 1)} answered at both {first} and {last}"


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
