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
    theta = theta[None]
    state = eliminate(products, layout, theta, split=False)
    top = solve_top(products, state.top)
    parts = pieces(products, layout, theta, state)
    modes = unwind(products, parts, top.beta[0])
    return Solved(State(state.logdet, state.top, [*parts], state.rows), top, modes)


def unwind(products: Products, parts: list[Eliminated], beta: Floats) -> list[Floats]:
    """Back-substitution from the coarsest stage down."""
    structure = products.structure
    y = products.d - 1
    modes = [np.zeros((n, len(z))) for n, z in zip(structure.n_groups, products.z, strict=True)]
    for stage, e in zip(reversed(structure.stages), reversed(parts), strict=True):
        b = e.b[0]
        rest = b[..., y] - b[..., products.x] @ beta
        for link in stage.links:
            rest = rest - (b[..., products.z[link.factor]] @ modes[link.factor][link.of_source][..., None])[..., 0]
        u = (e.c[0] @ rest[..., None])[..., 0]
        offsets = stage_offsets(stage, products)
        for (f, groups), at in zip(stage.slots, offsets, strict=True):
            modes[f][groups] = u[:, at : at + len(products.z[f])]
    return modes
