"""From data to a fitted linear mixed model: `lmer`, and refits of a prepared problem."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd

from .arrays import Floats
from .errors import ConvergenceError, ModelError, SingularFitWarning
from .fitting import Optimum, optimise
from .lmm import LmmFit
from .optimise import BOUNDARY
from .problem import Problem, prepare

#: a residual below this share of the outcome's own spread is rounding
EXACT = 1e-7


def fit_response(problem: Problem, y: Floats, reml: bool, quiet: bool = False, start: Floats | None = None) -> LmmFit:
    """Fit a prepared problem to an outcome (n,).

    Raises
    ------
    ConvergenceError
        No start reached a stationary point.
    """
    products = problem.products(y)
    objective = problem.objective(products, reml)
    with np.errstate(invalid="ignore", divide="ignore"):
        best = optimise(objective, start)
        fit = LmmFit(problem, y, reml, best)
        fit.__dict__["products"], fit.__dict__["objective"] = products, objective
        scatter = fit.sigma_internal / (1.0 if problem.weights is None else np.sqrt(problem.weights.mean()))
    if not scatter > EXACT:
        raise ModelError(
            f"{problem.parsed.text!r} reproduces the outcome {problem.parsed.response!r} exactly, so nothing is left "
            "to estimate a residual from; look for a variable that the outcome was computed from, or fewer terms"
        )
    if not best.converged or not np.isfinite(best.value):
        raise ConvergenceError(
            f"{problem.parsed.text!r} did not converge: criterion {best.value:.6g}, largest gradient "
            f"{np.abs(best.gradient).max():.2g}; simplify the random part or look for rows that fit no model"
        )
    if best.singular and not quiet:
        warnings.warn(_singular_message(problem, best), SingularFitWarning, stacklevel=3)
    return fit


def singular_directions(problem: Problem, theta: Floats) -> list[str]:
    """Names of the variances estimated as zero and of the terms whose covariance has not full rank."""
    out = []
    for grouping, t, template in zip(
        problem.groupings, problem.t_internal(theta), problem.layout.templates, strict=True
    ):
        for term, (start, width) in zip(grouping.terms, template.terms, strict=True):
            block = t[start : start + width, start : start + width]
            sds = np.sqrt((block * block).sum(axis=1))
            zero = [name for name, sd in zip(term.names, sds, strict=True) if sd < BOUNDARY]
            out += [f"the variance of {name!r} by {grouping.name!r} is zero" for name in zero]
            if not zero and (np.abs(np.diag(block)) < BOUNDARY).any():
                out.append(f"the covariance of ({term.source} | {grouping.name}) has not full rank (correlation of ±1)")
    return out


def _singular_message(problem: Problem, best: Optimum) -> str:
    what = "; ".join(singular_directions(problem, best.theta)) or "a variance is zero"
    return f"singular fit: {what}. The estimate lies at the boundary; a simpler random part says the same"


def lmer(formula: str, data: pd.DataFrame, reml: bool = True, weights: Any = None, offset: Any = None) -> LmmFit:
    """Fit a linear mixed model.

    Parameters
    ----------
    formula
        In lme4's notation: ``y ~ wave * group + (wave | area) + (1 | school)``.
    data
        One row per observation; rows with a missing value in a variable used are dropped and counted.
    reml
        REML (default) or maximum likelihood.
    weights
        Prior weights, positive: the residual variance of row i is sigma^2 / w_i. An array (n,) or a column name.
    offset
        Added to the linear predictor; an array (n,) or a column name.

    Returns
    -------
    LmmFit

    Raises
    ------
    ModelError
        The model makes no sense for these data; the message names the variable and the remedy.
    ConvergenceError
        The optimiser found no stationary point.

    Notes
    -----
    Bates, Maechler, Bolker & Walker (2015), J. Stat. Softw. 67(1), by elimination of nested groups instead of a
    sparse factorisation. A fit at a boundary is started again from the interior and the best optimum is kept.
    """
    problem = prepare(formula, data, weights, offset)
    return fit_response(problem, problem.design.y, reml)
