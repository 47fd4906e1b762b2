"""A singular fit in words."""

from __future__ import annotations

import numpy as np

from ..arrays import Floats
from ..optimise import BOUNDARY
from .problem import Problem


def singular_directions(problem: Problem, theta: Floats) -> list[str]:
    """Names of the variances estimated as zero and of the terms whose covariance has not full rank."""
    out = []
    parts = zip(problem.groupings, problem.t_internal(theta), problem.layout.templates, strict=True)
    for grouping, t, template in parts:
        for term, (begin, width) in zip(grouping.terms, template.terms, strict=True):
            block = t[begin : begin + width, begin : begin + width]
            zero = [n for n, row in zip(term.names, block, strict=True) if np.linalg.norm(row) < BOUNDARY]
            out += [f"the variance of {name!r} by {grouping.name!r} is zero" for name in zero]
            if not zero and (np.abs(np.diag(block)) < BOUNDARY).any():
                out.append(f"the covariance of ({term.source} | {grouping.name}) has not full rank (correlation of ±1)")
    return out
