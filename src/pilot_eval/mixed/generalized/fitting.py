"""From a prepared problem to its optimum: start, objective, and what is said of the result."""

from __future__ import annotations

import warnings

import numpy as np

from ..arrays import Floats
from ..errors import ConvergenceError, ModelError, SingularFitWarning
from .laplace import Laplace, NotFinite
from .optimum import Optimum, optimise
from .problem import Problem
from .quadrature import Quadrature
from .singular import singular_directions


def start(problem: Problem) -> Floats:
    """First parameters: the family's own, the intercept, random effects of middling size."""
    arrays = problem.arrays
    extra, intercept = arrays.family.start()
    beta = np.zeros(arrays.x.shape[1])
    ones = np.flatnonzero(np.ptp(arrays.x, axis=0) == 0)
    if len(ones):
        at = ones[0]
        beta[at] = (intercept - float(np.mean(arrays.offset))) / arrays.x[0, at]
    out: Floats = np.r_[extra, beta, 0.7 * arrays.layout.start()]
    return out


def find_optimum(problem: Problem, n_agq: int, psi: Floats | None = None) -> Optimum:
    """Fit, and say what is unusual about it.

    Raises
    ------
    ConvergenceError
        The criterion cannot be evaluated or the optimiser does not settle.
    """
    arrays = problem.arrays
    objective = Laplace(arrays) if n_agq == 1 else Quadrature(arrays, n_agq)
    advice = "scale of the covariates, a simpler random part, or more data may help"
    try:
        best = optimise(objective, start(problem) if psi is None else psi, arrays.layout)
    except NotFinite as error:
        raise ConvergenceError(f"formula {problem.parsed.text!r}: numbers beyond floating point; {advice}") from error
    if not best.converged:
        raise ConvergenceError(
            f"formula {problem.parsed.text!r}: no optimum was reached (the gradient is worth "
            f"{np.sqrt(max(best.decrement, 0.0)):.2g} standard errors); {advice}"
        )
    if best.singular:
        what = "; ".join(singular_directions(problem, arrays.split(best.psi)[2])) or "a variance is zero"
        warnings.warn(
            f"singular fit: {what}. The estimate lies at the boundary; a simpler random part says the same",
            SingularFitWarning,
            stacklevel=4,
        )
    return best


def check_quadrature(problem: Problem, n_agq: int) -> None:
    """Quadrature is for one random intercept."""
    if not isinstance(n_agq, int) or n_agq < 1:
        raise ModelError(f"n_agq={n_agq!r} must be a whole number of 1 (Laplace) or more")
    one = len(problem.groupings) == 1 and problem.groupings[0].columns == ["Intercept"]
    if n_agq > 1 and not one:
        raise ModelError(f"n_agq={n_agq} needs exactly one random intercept (1 | group); use n_agq=1 (Laplace)")
