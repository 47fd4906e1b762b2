"""The same data with fewer random columns: what a model is at a boundary, and the nulls of tests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .arrays import Floats
from .design import Design, Grouping, TermColumns
from .problem import Problem, assemble


def without_column(problem: Problem, factor: int, column: int) -> Problem | None:
    """The problem without one random column (its variance zero); None if no random column is left."""
    target = problem.groupings[factor]
    groupings: list[Grouping] = []
    for grouping in problem.design.groupings:
        if grouping is not target:
            groupings.append(grouping)
            continue
        terms: list[TermColumns] = []
        at = 0
        for term in grouping.terms:
            keep = [i for i in range(len(term.names)) if at + i != column]
            at += len(term.names)
            if keep:
                names = tuple(term.names[i] for i in keep)
                terms.append(TermColumns(term.values[:, keep], names, term.correlated, term.source))
        if terms:
            groupings.append(replace(grouping, terms=tuple(terms)))
    if not groupings:
        return None
    d = problem.design
    design = Design(d.y, d.x, d.x_names, d.terms, d.offset, tuple(groupings), d.spec)
    return assemble(problem.parsed, problem.rows, design, problem.weights)


def plain_deviance(problem: Problem, y: Floats, reml: bool) -> float:
    """-2 log-likelihood of ordinary (weighted) regression on the fixed part, with all constants."""
    columns = problem.cross.columns[:, problem.scaled.x]
    response = problem.internal_response(y)[:, 0]
    beta, *_ = np.linalg.lstsq(columns, response, rcond=None)
    rss = float(((response - columns @ beta) ** 2).sum())
    nu = problem.n - columns.shape[1] if reml else problem.n
    value = nu * (1.0 + np.log(2.0 * np.pi * rss / nu)) + problem.constant(reml)
    if reml and columns.shape[1]:
        value += float(np.linalg.slogdet(columns.T @ columns)[1])
    return float(value)
