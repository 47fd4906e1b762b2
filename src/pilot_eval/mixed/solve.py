"""Conditional modes and their conditional variances by back-substitution through the elimination."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import Floats
from .crossprod import Products
from .layout import Layout
from .objective import Eliminated, Solution, State, _stage_t, eliminate, solve_top, stage_offsets
from .shrink import shrink


@dataclass(frozen=True)
class Solved:
    """The elimination at one theta, unwound: `modes[f]` (n_f, q_f) in internal units."""

    state: State
    top: Solution
    modes: list[Floats]


def pieces(products: Products, layout: Layout, theta: Floats, state: State) -> list[Eliminated]:
    """Every stage's pieces, the first one's too where patterns stood for it; theta (1, m)."""
    if products.patterns is None:
        return state.whole
    stage = products.structure.stages[0]
    f = stage.slots[0][0]
    b = products.rows[f]
    t = _stage_t(stage, layout, theta)
    a = b[..., products.z[f]]
    c, p, _ = shrink(t, a)
    return [Eliminated(t, a, b, c, p, c @ b), *state.whole[1:]]


def solve(products: Products, layout: Layout, theta: Floats) -> Solved:
    """Coefficients and conditional modes at theta (m,), for products of one response."""
    state, top, modes = solve_batch(products, layout, theta[None])
    return Solved(state, top, [m[0] for m in modes])


def solve_batch(products: Products, layout: Layout, theta: Floats) -> tuple[State, Solution, list[Floats]]:
    """The same at theta (k, m) for products of 1 or k responses: modes (k, n_f, q_f) by factor."""
    state = eliminate(products, layout, theta, split=False)
    top = solve_top(products, state.top)
    parts = pieces(products, layout, theta, state)
    return State(state.logdet, state.top, [*parts], state.rows), top, unwind(products, parts, top.beta)


def unwind(products: Products, parts: list[Eliminated], beta: Floats) -> list[Floats]:
    """Back-substitution from the coarsest stage down, for coefficients (k, p)."""
    structure = products.structure
    y = products.d - 1
    modes = [np.zeros((len(beta), n, len(z))) for n, z in zip(structure.n_groups, products.z, strict=True)]
    for stage, e in zip(reversed(structure.stages), reversed(parts), strict=True):
        rest = e.b[..., y] - (e.b[..., products.x] @ beta[:, None, :, None])[..., 0]
        for link in stage.links:
            above = modes[link.factor][:, link.of_source]
            rest = rest - (e.b[..., products.z[link.factor]] @ above[..., None])[..., 0]
        u = (e.c @ rest[..., None])[..., 0]
        offsets = stage_offsets(stage, products)
        for (f, groups), at in zip(stage.slots, offsets, strict=True):
            modes[f][:, groups] = u[..., at : at + len(products.z[f])]
    return modes
