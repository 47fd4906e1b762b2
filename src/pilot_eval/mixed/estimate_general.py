"""From a prepared problem to a fitted generalised model: start, minimise, restart from boundaries, judge."""

from __future__ import annotations

import warnings

import numpy as np

from .arrays import Floats
from .design import Design
from .errors import ConvergenceError, ModelError, SingularFitWarning
from .estimate import singular_directions
from .families import Binomial, Family
from .fitting import at_boundary
from .formula import ParsedFormula
from .frame import CleanRows
from .glm_start import start_coefficients
from .glmm import GlmmFit, GlmmOptimum
from .laplace import Laplace
from .nesting import check_groups, check_repeats
from .optimise import BOUNDARY, difference_hessian, minimise
from .problem import Problem, assemble
from .quadrature import Quadrature
from .separation import check_separation

#: predicted decrease of F at which the optimisation stops
TOLERANCE = 1e-10
#: standard deviations of the random effects at which the optimisation starts, on the scale of the linear predictor
START = 0.35
#: with more nodes of quadrature the weights of the outer ones are no longer numbers
MAX_NODES = 100


def find_optimum(target: Laplace, n_agq: int, start: Floats) -> GlmmOptimum:
    """Minimise F from a start; a fit at the boundary is started again from the interior."""
    function: Laplace | Quadrature = target if n_agq == 1 else Quadrature(target, n_agq)
    tolerance = TOLERANCE if n_agq == 1 else 1e-8
    layout = target.layout
    m = layout.n_theta
    best = minimise(function, start[None], None, tolerance, 120)
    omega, value, converged = best.theta[0], float(best.value[0]), bool(best.converged[0])
    restarts, optima = 0, 1
    if at_boundary(layout, omega[None, :m])[0] or not converged:
        target.reset()
        lifted = omega.copy()
        lifted[:m] = np.where(layout.diagonal & (np.abs(omega[:m]) < 0.1), 0.4, omega[:m] * layout.diagonal)
        again = minimise(function, lifted[None], None, tolerance, 120)
        restarts = 1
        if again.converged[0] and (again.value[0] < value - 1e-7 or not converged):
            optima += int(bool(converged))
            omega, value, converged = again.theta[0], float(again.value[0]), True
    omega = omega.copy()
    omega[:m] = layout.fold(omega[None, :m])[0]
    singular = bool(at_boundary(layout, omega[None, :m])[0])
    if singular:
        snapped = omega.copy()
        snapped[:m] = np.where(layout.diagonal & (omega[:m] < BOUNDARY), 0.0, omega[:m])
        if function(snapped[None])[0][0] <= value + 1e-6:
            omega = snapped
    values, gradient = function(omega[None])
    hessian = central_hessian(function, omega)
    return GlmmOptimum(
        omega[:m],
        omega,
        float(values[0]),
        gradient[0],
        hessian,
        bool(converged),
        singular,
        optima,
        restarts,
        function.evaluations,
    )


def central_hessian(function: Laplace | Quadrature, omega: Floats) -> Floats:
    """Hessian by central differences of the gradient."""
    step = 1e-4 if isinstance(function, Laplace) else 1e-3
    zero = np.zeros(1, dtype=np.int64)
    gradient = function(omega[None])[1]
    forward = difference_hessian(function, omega[None], gradient, zero, step)[0]
    backward = difference_hessian(function, omega[None], gradient, zero, -step)[0]
    out: Floats = 0.5 * (forward + backward)
    return out


def prepare_general(parsed: ParsedFormula, rows: CleanRows, design: Design) -> Problem:
    """Checks and assembly shared by glmer and clmm."""
    if not parsed.random:
        raise ModelError(f"formula {parsed.text!r} has no random term such as (1 | group)")
    check_groups(design, n_limit=False)
    return assemble(parsed, rows, design, None, centre_response=False)


def laplace_for(problem: Problem, family: Family) -> Laplace:
    """The objective of a problem: distinct columns of Z and internal columns of X."""
    used = sorted({int(i) for z in problem.scaled.z for i in z})
    place = {column: k for k, column in enumerate(used)}
    z = [np.array([place[int(i)] for i in at]) for at in problem.scaled.z]
    columns = np.ascontiguousarray(problem.scaled.columns[:, used])
    x = np.ascontiguousarray(problem.scaled.columns[:, problem.scaled.x])
    return Laplace(problem.structure, problem.layout, columns, z, x, problem.design.offset, family)


def fit_general(
    problem: Problem, family: Family, n_agq: int, kind: type[GlmmFit] = GlmmFit, start: Floats | None = None
) -> GlmmFit:
    """Fit a prepared problem, from an omega to start at or from a fit without random effects.

    Raises
    ------
    ModelError
        Quadrature asked for something else than one random intercept; perfect separation; answers of one row per level.
    ConvergenceError
        No stationary point was reached.
    """
    if not isinstance(n_agq, int | np.integer) or not 1 <= n_agq <= MAX_NODES:
        raise ModelError(f"n_agq={n_agq!r}: a whole number from 1 (Laplace) to {MAX_NODES}; 9 to 25 nodes are plenty")
    if n_agq > 1 and (len(problem.groupings) > 1 or problem.layout.n_theta > 1):
        raise ModelError("n_agq > 1 is for one random intercept; use n_agq=1 (Laplace) for this model")
    if family.name in ("cumulative-logit", "censored-normal") or (
        isinstance(family, Binomial) and family.trials.max() <= 1.0
    ):
        check_repeats(problem.groupings, problem.n)
    target = laplace_for(problem, family)
    check_separation(problem, family, target.x)
    if start is None:
        psi = family.start_psi()
        beta = start_coefficients(family, target.x, target.offset, psi)
        start = np.concatenate([START * problem.layout.start(), beta, psi])
    best = find_optimum(target, n_agq, start)
    if not best.converged or not np.isfinite(best.value):
        raise ConvergenceError(
            f"{problem.parsed.text!r} did not converge: F = {best.value:.6g}, largest gradient "
            f"{np.abs(best.gradient).max():.2g}; simplify the random part or look for separation"
        )
    if best.singular:
        what = "; ".join(singular_directions(problem, best.theta)) or "a variance is zero"
        warnings.warn(
            f"singular fit: {what}. The estimate lies at the boundary; a simpler random part says the same",
            SingularFitWarning,
            stacklevel=4,
        )
    return kind(problem, family, target, n_agq, best)
