"""Responses drawn from a fit: the random numbers of replicate k depend on the seed and on k alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .arrays import Floats

if TYPE_CHECKING:
    from .lmm import LmmFit


def generator(seed: int, k: int) -> np.random.Generator:
    """The generator of replicate k."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(k,))))


def simulate(fit: LmmFit, replicates: range, seed: int) -> Floats:
    """New outcomes (n, len(replicates)) with new random effects and new residuals."""
    return simulate_with_effects(fit, replicates, seed)[0]


def simulate_with_effects(fit: LmmFit, replicates: range, seed: int) -> tuple[Floats, list[Floats]]:
    """New outcomes, and the random effects that they hold: per factor (len(replicates), n_f, q_f), internal columns."""
    problem = fit.problem
    columns = problem.scaled.columns
    mean = fit.predict(re="none").to_numpy()
    halves = [fit.sigma * t for t in problem.t_internal(fit.optimum.theta)]
    spread: float | Floats = fit.sigma if problem.weights is None else fit.sigma / np.sqrt(problem.weights)
    out = np.empty((problem.n, len(replicates)))
    sizes = problem.structure.n_groups
    effects = [np.empty((len(replicates), n, len(h))) for n, h in zip(sizes, halves, strict=True)]
    for place, k in enumerate(replicates):
        rng = generator(seed, k)
        value = mean.copy()
        for f, half in enumerate(halves):
            u = rng.standard_normal((sizes[f], len(half))) @ half.T
            z = columns[:, problem.scaled.z[f]]
            value += np.einsum("nq,nq->n", z, u[problem.structure.codes[f]])
            effects[f][place] = u
        out[:, place] = value + spread * rng.standard_normal(problem.n)
    return out, effects


def simulate_general(fit: Any, replicates: range, seed: int) -> Floats:
    """Outcomes of a generalised model (n, len(replicates)) with new random effects, on the outcome's own scale."""
    problem = fit.problem
    fixed = fit.modes.eta - fit.target.spread(fit.modes.effects)
    t_of = problem.t_internal(fit.optimum.theta)
    out = np.empty((problem.n, len(replicates)))
    for place, k in enumerate(replicates):
        rng = generator(seed, k)
        effects = [rng.standard_normal((problem.structure.n_groups[f], len(t))) @ t.T for f, t in enumerate(t_of)]
        out[:, place] = fit.family.draw(fixed + fit.target.spread(effects), fit.psi, rng)
    return out
