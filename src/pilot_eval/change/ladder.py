"""Simpler models in place of one that cannot be fitted, or that lies at a boundary: a stated ladder, no step unsaid.

One step leaves out one thing: first the correlations between the effects of a group, then its slopes, then a whole
level; of several groups the finest first, so that the coarsest, which carries the uncertainty of few areas, stays
longest.

*A fit that fails* goes down until one holds: it has no other answer. *A singular fit* is an answer, the best one of the
planned model, and stays. To drop what is estimated as zero would change no estimate, only give the change overall the
degrees of freedom of respondents in place of those of areas, and areas an interval that says they are known to be
alike. :func:`regular` fits what is left when all that lies at a boundary is dropped, to be told beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from pilot_eval.change.specification import Specification, grouped, public, read_formula

if TYPE_CHECKING:
    import pandas as pd

Fit = TypeVar("Fit")
#: Standard deviations below this share of the residual one count as zero, and eigenvalues of correlations below it.
ZERO = 1e-4


@dataclass(frozen=True)
class Step:
    """One step down: the formula that was left, why, and what the next one lacks."""

    formula: str
    why: str
    dropped: str


@dataclass(frozen=True)
class Rung:
    """A simpler specification, and what it leaves out."""

    specification: Specification
    dropped: str


def fit_down(formula: str, rows: pd.DataFrame, fit: Callable[[str, pd.DataFrame], Fit]) -> tuple[Fit, list[Step]]:
    """Fit a formula, or the first simpler one that can be fitted.

    Parameters
    ----------
    formula : str
        In lme4's notation.
    rows : DataFrame
    fit : callable
        Takes a formula and the rows; raises ``ModelError`` or ``LinAlgError`` where it fails.

    Returns
    -------
    fit, list of Step
        No step where the formula itself was fitted.

    Raises
    ------
    ModelError, LinAlgError
        What the planned formula failed with, when every simpler one failed too.
    """
    found, _, steps = descend(read_formula(formula), rows, fit)
    return found, steps


def descend(
    planned: Specification, rows: pd.DataFrame, fit: Callable[[str, pd.DataFrame], Fit]
) -> tuple[Fit, Specification, list[Step]]:
    """The same for a formula taken apart; also gives the specification that was fitted."""
    steps: list[Step] = []
    try:
        return _converged(fit(planned.formula, rows)), planned, steps
    except _failures() as error:
        first, why, left = error, str(error), planned
    for rung in rungs(planned, rows):
        steps.append(Step(left.formula, why, rung.dropped))
        left = rung.specification
        try:
            return _converged(fit(left.formula, rows)), left, steps
        except _failures() as error:
            why = str(error)
    raise first


def rungs(planned: Specification, rows: pd.DataFrame) -> Iterator[Rung]:
    """All simpler specifications, each simpler than the one before, down to one level."""
    left = planned
    order = sorted(planned.groups, key=lambda group: -_levels(group, rows))
    for group in order:
        simpler = uncorrelated(left, group, rows)
        # of numbers `||` has none; of a factor, which the kernel refuses there, it is written out
        if simpler is not None and (("||", group) not in _bars(left) or "== " in str(simpler.columns_of(group))):
            left = simpler
            yield Rung(left, f"the correlation between effects of {public(group)}")
    for group in order:
        if left.columns_of(group) != "1":
            left = left.without_slope(group)
            yield Rung(left, f"slopes by {public(group)}")
    for group in order[:-1]:
        left = left.without_level(group)
        yield Rung(left, f"the level of {public(group)}")


def regular(
    planned: Specification, rows: pd.DataFrame, fitted: Any, fit: Callable[[str, pd.DataFrame], Any]
) -> tuple[Any, Specification, list[Step]]:
    """What a singular linear fit becomes when all that lies at a boundary is dropped, one thing at a time.

    Returns
    -------
    fit or None, Specification, list of Step
        None where nothing simpler is regular, or can be fitted.
    """
    steps: list[Step] = []
    left = planned
    while fitted.singular:
        rung = _off_boundary(left, fitted, rows)
        if rung is None:
            return None, left, steps
        steps.append(Step(left.formula, "it lies at a boundary", rung.dropped))
        left = rung.specification
        try:
            fitted = _converged(fit(left.formula, rows))
        except _failures():
            return None, left, steps
    return fitted, left, steps


def uncorrelated(planned: Specification, group: str, rows: pd.DataFrame) -> Specification | None:
    """The specification with independent effects of a group; None where they are, or the columns are not simple.

    A factor becomes a column of zeros and ones for each level but the first: the kernel, as lme4, has no uncorrelated
    term of a factor. The first wave is then the origin: start and change are what is taken as independent.
    """
    terms = [term for term in planned.random if term[2] == group]
    columns = _single_columns(terms[0][0], rows) if len(terms) == 1 else None
    if columns is None or len(columns) < 2:
        return None
    apart = tuple(("1" if column == "1" else f"0 + {column}", "|", group) for column in columns)
    at = planned.random.index(terms[0])
    return replace(planned, random=planned.random[:at] + apart + planned.random[at + 1 :])


def _single_columns(columns: str, rows: pd.DataFrame) -> list[str] | None:
    """The columns of a random term, each as an expression; None where terms interact or are no plain columns."""
    import pandas as pd
    from formulaic import Formula

    found: list[str] = []
    for name in map(str, Formula(columns)):
        if name == "1":
            found.append(name)
        elif name not in rows:
            return None
        elif pd.api.types.is_numeric_dtype(rows[name]):
            found.append(name)
        else:
            there = rows[name].cat.categories if hasattr(rows[name], "cat") else sorted(rows[name].unique())
            found += [f"I(({name} == {level!r}) * 1.0)" for level in list(there)[1 if found else 0 :]]
    return found


def _off_boundary(planned: Specification, fitted: Any, rows: pd.DataFrame) -> Rung | None:
    """One thing less of what lies at a boundary: first correlations, then single slopes and levels without spread."""
    table = [row for row in fitted.varcorr.to_dict("records") if isinstance(row["term1"], str)]
    zero = {
        (row["group"], row["term1"])
        for row in table
        if not isinstance(row["term2"], str) and row["sdcor"] <= ZERO * fitted.sigma
    }
    for group in planned.groups:
        own = [row for row in table if row["group"] == group]
        joined = any(isinstance(row["term2"], str) for row in own)
        if joined and (any(place[0] == group for place in zero) or _tied(own)):
            simpler = uncorrelated(planned, group, rows)
            if simpler is None:
                return Rung(planned.without_slope(group), f"slopes by {public(group)}")
            return Rung(simpler, f"the correlation between effects of {public(group)}")
    for term in planned.random:
        name = "Intercept" if term[0] == "1" else term[0].removeprefix("0 + ")
        if (term[2], name) in zero and len(planned.random) > 1:
            left = tuple(other for other in planned.random if other != term)
            dropped = f"the level of {public(term[2])}" if term[0] == "1" else f"slopes by {public(term[2])}"
            return Rung(replace(planned, random=left), dropped)
    return None


def _tied(own: list[dict[str, Any]]) -> bool:
    """Whether the correlations of a group leave its effects less dimensions than columns."""
    import numpy as np

    names = [row["term1"] for row in own if not isinstance(row["term2"], str)]
    matrix = np.eye(len(names))
    for row in own:
        if isinstance(row["term2"], str):
            i, j = names.index(row["term1"]), names.index(row["term2"])
            matrix[i, j] = matrix[j, i] = row["sdcor"]
    return bool(np.linalg.eigvalsh(matrix)[0] < ZERO)


def _bars(planned: Specification) -> set[tuple[str, str]]:
    return {(bar, group) for _, bar, group in planned.random}


def _levels(group: str, rows: pd.DataFrame) -> int:
    return int(grouped(rows, group).nunique())


def _converged(fit: Fit) -> Fit:
    from pilot_eval.mixed import ConvergenceError

    if not getattr(fit, "converged", True):
        raise ConvergenceError("it did not converge")
    return fit


def _failures() -> tuple[type[Exception], ...]:
    """What a fit fails with: the kernel's algebra breaks down where the terms explain every answer exactly."""
    from numpy.linalg import LinAlgError

    from pilot_eval.mixed import ModelError

    return (ModelError, LinAlgError)
