"""The model of an outcome on its natural scale, and its change averaged over the random effects."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilot_eval.change.ladder import Step, descend
from pilot_eval.change.ordered import ATTENUATION, fit_ordered
from pilot_eval.change.planned import AREA
from pilot_eval.change.population import Population, interval, means, medians, predictors, put, shares
from pilot_eval.change.specification import Specification, fit_to_rows
from pilot_eval.model.natural_rows import HALF, told_by

Floats = NDArray[np.float64]
#: An estimate and the bounds of its 95 % interval.
Bounds = tuple[float, float, float]
DRAWS = 4000
FIXED = "wave * role"
#: Areas differ in level and in change. What is told of referrals is a fact of an organisation at a wave, whichever of
#: its people tells it: that effect carries the scatter beyond the distribution. An opinion is a person's own.
OF_FACTS = "(1 + elapsed | area) + (1 | organisation) + (1 | occasion)"
OF_OPINIONS = "(1 + elapsed | area) + (1 | organisation) + (1 | respondent)"


@dataclass(frozen=True)
class NaturalFit:
    """A model of one outcome, and draws of all its parameters (the first is the estimate)."""

    form: str
    rows: pd.DataFrame
    fit: Any
    drawn: Any
    specification: Specification
    steps: list[Step]


@dataclass(frozen=True)
class Change:
    """Change between two waves in some of the rows.

    Attributes
    ----------
    first, last : float or None
        Level at either wave: share in per cent, expected count, median weeks; None for ordered outcomes.
    change, ratio : Bounds or None
        Difference, ratio of last to first (odds ratio of ordered outcomes), each where the form has one.
    statistic, p : float
        Test of no change on the scale of the model.
    reached : list of (Bounds, Bounds, Bounds)
        Of ordered outcomes: per level above the lowest the share that reaches it at first and last, and the change.
    given : list of (Bounds, Bounds, Bounds)
        The same of giving just this level, the lowest one included.
    """

    first: float | None
    last: float | None
    change: Bounds | None
    ratio: Bounds | None
    statistic: float
    p: float
    reached: list[tuple[Bounds, Bounds, Bounds]]
    given: list[tuple[Bounds, Bounds, Bounds]]


def fit_form(rows: pd.DataFrame, form: str, few: str, seed: int, stated: bool = False) -> NaturalFit:
    """Fit the model of a form, or a simpler one where it cannot be fitted.

    Parameters
    ----------
    rows : DataFrame
        Of ``natural_rows.answers_of``.
    form : str
    few : str
        Why areas have no effects; empty when they have.
    seed : int
    stated : bool
        Take waits that are not over yet as over.

    Raises
    ------
    ModelError, LinAlgError
        When no model can be fitted.
    """
    from pilot_eval.mixed.draws import draw_parameters

    specification = _specification(rows, form, few)
    with warnings.catch_warnings():
        # singular fits are told from the fit, roles without a wave from the rows
        warnings.simplefilter("ignore")
        fit, specification, steps = descend(
            specification, rows, lambda formula, data: _fitted(formula, data, form, stated)
        )
        return NaturalFit(form, rows, fit, draw_parameters(fit, DRAWS, seed), specification, steps)


def _specification(rows: pd.DataFrame, form: str, few: str) -> Specification:
    response = "cbind(value, rest)" if form == "share" else "value"
    random = OF_OPINIONS if form == "ordered" else OF_FACTS
    found = fit_to_rows(f"{response} ~ {FIXED} + {random}", rows, {AREA: few} if few else None)
    beyond = ("1", "|", "occasion")
    if form == "share" and beyond not in found.random and rows["occasion"].nunique() > 1:
        # a share of several trials has a scatter of its own, beside which even single rows tell that of occasions
        dropped = tuple(one for one in found.dropped if "occasion" not in one[0])
        found = replace(found, random=(*found.random, beyond), dropped=dropped)
    return found


def _fitted(formula: str, rows: pd.DataFrame, form: str, stated: bool) -> Any:
    from pilot_eval.mixed import glmer, lmer, tobit

    if form == "count":
        return glmer(formula, rows, "negative-binomial", offset="log_exposure")
    if form == "weeks":
        return lmer(formula, rows) if stated or rows["came"].all() else tobit(formula, rows, "came")
    return fit_ordered(formula, rows) if form == "ordered" else glmer(formula, rows, "binomial")


def read_change(found: NaturalFit, first: str, last: str, roles: Sequence[str]) -> Change | None:
    """Change of the population of some roles; None where none of them answered at both waves.

    The rows of these roles at any wave are put at both waves, so that both have the same covariates.
    """
    told = [role for role in told_by(found.rows, first, last) if role in roles]
    if not told:
        return None
    own = found.rows.loc[found.rows["role"].isin(told)]
    start, end = (_put(found, own, wave) for wave in (first, last))
    test = found.fit.contrast(end.share @ end.x - start.share @ start.x).iloc[0]
    shared: dict[str, Any] = {"statistic": float(test["statistic"]), "p": float(test["p"]), "reached": [], "given": []}
    if found.form == "ordered":
        return _ordered(found, start, end, shared)
    if found.form in ("share", "yes_no"):
        before, after = (100.0 * shares(found.drawn, people) for people in (start, end))
    elif found.form == "count":
        before, after = (means(found.drawn, people) for people in (start, end))
    else:
        before, after = (np.maximum(np.exp(medians(found.drawn, people)) - HALF, 0.0) for people in (start, end))
    ratio = None if found.form in ("share", "yes_no") or (before <= 0).any() else interval(after / before)
    return Change(float(before[0]), float(after[0]), interval(after - before), ratio, **shared)


def _put(found: NaturalFit, own: pd.DataFrame, wave: str) -> Population:
    there = own.assign(
        wave=pd.Categorical([wave] * len(own), categories=found.rows["wave"].cat.categories),
        elapsed=found.rows.loc[found.rows["wave"] == wave, "elapsed"].iloc[0],
    )
    return put(found.fit, there, own["log_exposure"].to_numpy() if found.form == "count" else None)


def _ordered(found: NaturalFit, start: Population, end: Population, shared: dict[str, Any]) -> Change:
    """Odds ratio of the population, and the share at and above each level."""
    spread = [predictors(found.drawn, people)[1] @ people.share for people in (start, end)]
    step = found.drawn.beta @ (end.share @ end.x - start.share @ start.x)
    odds = np.exp(step / np.sqrt(1.0 + ATTENUATION * (spread[0] + spread[1]) / 2))
    before, after = (_cumulative(shares(found.drawn, people)) for people in (start, end))
    shared["reached"] = _levels(before[:, 1:-1], after[:, 1:-1])
    shared["given"] = _levels(-np.diff(before, axis=1), -np.diff(after, axis=1))
    return Change(None, None, None, interval(odds), **shared)


def _cumulative(reached: Floats) -> Floats:
    """Per cent that reach each level, the lowest (all) and one beyond the highest (nobody) included."""
    reached = reached.reshape(len(reached), -1)
    ones = np.ones((len(reached), 1))
    return 100.0 * np.hstack([ones, reached, 0.0 * ones])


def _levels(before: Floats, after: Floats) -> list[tuple[Bounds, Bounds, Bounds]]:
    return [
        (interval(before[:, j]), interval(after[:, j]), interval(after[:, j] - before[:, j]))
        for j in range(before.shape[1])
    ]
