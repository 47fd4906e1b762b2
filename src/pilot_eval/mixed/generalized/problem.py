"""A generalised mixed model made ready: response, design, scaling, arrays and the checks before any fit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ..arrays import Floats
from ..design import Design, Grouping, build
from ..errors import ModelError
from ..formula import ParsedFormula, parse
from ..frame import CleanRows, clean
from ..layout import Layout, lay_out
from ..nesting import check_groups
from ..scaling import Scaled, scale
from . import response as responses
from . import separation
from .blocks import Blocks
from .laplace import Arrays
from .response import Response


@dataclass(frozen=True)
class Problem:
    """All that a fit and its refits share; `groupings` run from the most groups to the fewest."""

    parsed: ParsedFormula
    rows: CleanRows
    design: Design
    scaled: Scaled
    response: Response
    arrays: Arrays
    groupings: tuple[Grouping, ...]

    @property
    def n(self) -> int:
        return len(self.arrays.x)

    @property
    def layout(self) -> Layout:
        return self.arrays.layout

    @property
    def names(self) -> list[str]:
        return [self.design.x_names[j] for j in self.scaled.kept]

    def t_internal(self, theta: Floats) -> list[Floats]:
        """Cholesky factors of the effects' covariance by factor, internal columns."""
        return [t.matrix(theta[None])[0] for t in self.layout.templates]

    def covariances(self, theta: Floats) -> list[Floats]:
        """Covariance of each factor's effects in the data's units."""
        halves = [b @ t for b, t in zip(self.scaled.z_back, self.t_internal(theta), strict=True)]
        return [half @ half.T for half in halves]


def _random_part(parsed: ParsedFormula) -> None:
    if not parsed.random:
        raise ModelError(
            f"formula {parsed.text!r} has no random term such as (1 | group); without one, use ordinary regression"
        )


def prepare(formula: str, data: pd.DataFrame, family: str, weights: Any, offset: Any) -> Problem:
    """A model of 0/1, shares or counts.

    Raises
    ------
    ModelError
        Whatever makes the model meaningless for these data; the message names the variable and the remedy.
    """
    if family not in responses.FAMILIES:
        raise ModelError(f"family={family!r} is not one of {', '.join(map(repr, responses.FAMILIES))}")
    parsed = parse(formula)
    _random_part(parsed)
    rows = clean(parsed, data, weights, offset)
    response = responses.binomial(parsed, rows) if family == "binomial" else responses.counts(parsed, rows, family)
    return _assemble(parsed, rows, response, response.family.y)


def prepare_ordered(formula: str, data: pd.DataFrame) -> Problem:
    """A model of ordered answers; the thresholds take the place of the intercept.

    Raises
    ------
    ModelError
        As for `prepare`; also a fixed part without an intercept.
    """
    parsed = parse(formula)
    _random_part(parsed)
    rows = clean(parsed, data, numeric_response=False)
    response = responses.ordered(parsed, rows)
    return _assemble(parsed, rows, response, response.family.y.astype(float))


def _assemble(parsed: ParsedFormula, rows: CleanRows, response: Response, y: Floats) -> Problem:
    ordered = bool(response.labels)
    design = build(parsed, rows, y)
    if ordered and "Intercept" not in design.x_names:
        raise ModelError(
            f"formula {parsed.text!r}: the thresholds of clmm take the place of the intercept; leave 0 and -1 out"
        )
    check_groups(design, n_limit=False)
    order = sorted(range(len(design.groupings)), key=lambda f: -design.groupings[f].n_groups)
    groupings = tuple(design.groupings[f] for f in order)
    design = replace(design, groupings=groupings)
    _check_repeats(groupings, response, len(y))
    scaled = scale(design, centre_response=False)
    if len(y) <= len(scaled.kept):
        raise ModelError(f"{len(y)} rows for {len(scaled.kept)} fixed effects; drop terms or bring more rows")
    x = scaled.columns[:, scaled.x]
    _check_separation(response, x, design, scaled)
    z = [scaled.columns[:, at] for at in scaled.z]
    codes = [g.codes for g in groupings]
    layout = lay_out([[t.values.shape[1] for t in g.terms] for g in groupings])
    blocks = Blocks(codes, [g.n_groups for g in groupings], [len(at) for at in scaled.z])
    offset = np.zeros(len(y)) if design.offset is None else design.offset
    x = x[:, 1:] if ordered else x
    arrays = Arrays(response.family, np.ascontiguousarray(x), offset, z, codes, layout, blocks)
    return Problem(parsed, rows, design, scaled, response, arrays, groupings)


def _check_repeats(groupings: tuple[Grouping, ...], response: Response, n: int) -> None:
    """A level per row can be told from the family's own spread in counts, but not in single answers."""
    family = response.family
    single = bool(response.labels) or (family.name == "binomial" and float(family.trials.max()) <= 1.0)
    for grouping in groupings:
        if single and grouping.n_groups >= n:
            raise ModelError(
                f"the grouping factor {grouping.name!r} has {grouping.n_groups} levels for {n} rows of one "
                "answer each: no level has a repeated row, so its variance cannot be estimated; leave the term out"
            )


def _check_separation(response: Response, x: Floats, design: Design, scaled: Scaled) -> None:
    family = response.family
    if response.labels:
        direction = separation.cumulative(x[:, 1:], family.y, family.n_categories)
        direction = None if direction is None else np.r_[0.0, direction[family.n_categories - 1 :]]
    elif family.name == "binomial":
        direction = separation.binomial(x, family.y, family.trials)
    else:
        direction = separation.counts(x, family.y)
    if direction is None:
        return
    back = scaled.x_back @ direction
    spread = np.abs(back) * np.maximum(design.x[:, scaled.kept].std(axis=0), 1e-12)
    names = [design.x_names[scaled.kept[j]] for j in np.flatnonzero(spread > 1e-6 * spread.max(initial=0.0))]
    what = "zeros from other counts" if family.name in ("poisson", "negative-binomial") else "the answers"
    raise ModelError(
        f"{', '.join(map(repr, names)) or 'the fixed part'} separates {what} perfectly, so its coefficient has no "
        "finite estimate (often a category with few rows and one answer); merge categories or leave the term out"
    )
