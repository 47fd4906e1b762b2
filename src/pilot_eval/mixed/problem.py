"""A linear mixed model made ready: design, scaling, structure and cross-products, before any optimisation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .arrays import Floats
from .crossprod import CrossProducts, Products
from .design import Design, Grouping, build
from .errors import ModelError
from .formula import ParsedFormula, parse
from .frame import CleanRows, clean
from .layout import Layout, lay_out
from .names import names_in
from .nesting import check_groups
from .objective import Objective
from .scaling import Scaled, scale
from .structure import Structure, analyse

if TYPE_CHECKING:
    from .kenward_roger import DesignBlocks


@dataclass(frozen=True, eq=False)
class Problem:
    """All that a fit and its refits share. `groupings[f]` are in the structure's order (fine to coarse)."""

    parsed: ParsedFormula
    rows: CleanRows
    design: Design
    scaled: Scaled
    structure: Structure
    cross: CrossProducts
    layout: Layout
    groupings: tuple[Grouping, ...]
    weights: Floats | None

    @property
    def n(self) -> int:
        return len(self.design.y)

    @property
    def names(self) -> list[str]:
        return [self.design.x_names[j] for j in self.scaled.kept]

    @cached_property
    def fixed_variables(self) -> list[str]:
        """The data columns that the fixed part names."""
        return names_in(self.parsed.fixed, [str(c) for c in self.rows.data.columns], self.parsed.text)

    @cached_property
    def design_blocks(self) -> list[DesignBlocks]:
        """What Kenward-Roger needs of X and Z, made when first asked for."""
        from .kenward_roger import design_blocks

        return design_blocks(self)

    def internal_response(self, y: Floats) -> Floats:
        """Responses (n,) or (n, k) without offset, centred, scaled and weighted: (n, k)."""
        y = y[:, None] if y.ndim == 1 else y
        if self.design.offset is not None:
            y = y - self.design.offset[:, None]
        out = (y - self.scaled.y_shift) / self.scaled.y_scale
        return out if self.weights is None else out * np.sqrt(self.weights)[:, None]

    def products(self, y: Floats, with_finest: bool = True) -> Products:
        return self.cross.with_responses(self.internal_response(y), with_finest)

    def constant(self, reml: bool) -> float:
        """What brings the criterion from internal units to those of the data."""
        nu = self.n - len(self.scaled.kept) if reml else self.n
        out = 2.0 * nu * float(np.log(self.scaled.y_scale))
        if reml and len(self.scaled.kept):
            out -= 2.0 * float(np.log(np.diag(self.scaled.x_back)).sum())
        return out if self.weights is None else out - float(np.log(self.weights).sum())

    def objective(self, products: Products, reml: bool) -> Objective:
        return Objective(products, self.layout, reml, self.constant(reml))

    def t_internal(self, theta: Floats) -> list[Floats]:
        """Relative Cholesky factors by factor, internal columns."""
        return [t.matrix(theta[None])[0] for t in self.layout.templates]

    def relative_covariances(self, theta: Floats) -> list[Floats]:
        """Covariance of each factor's effects relative to the residual variance, in the columns' own units."""
        out = []
        for t, back in zip(self.t_internal(theta), self.scaled.z_back, strict=True):
            half = back @ t
            out.append(half @ half.T)
        return out


def prepare(
    formula: str,
    data: pd.DataFrame,
    weights: Any = None,
    offset: Any = None,
) -> Problem:
    """Read the formula, take the rows, build and check the design, and make the cross-products.

    Raises
    ------
    ModelError
        Whatever makes the model meaningless for these data; the message names the variable and the remedy.
    """
    parsed = parse(formula, getattr(data, "columns", ()))
    if parsed.trials is not None:
        raise ModelError(f"formula {formula!r}: cbind(...) is a binomial response; use glmer")
    if not parsed.random:
        raise ModelError(
            f"formula {formula!r} has no random term such as (1 | group); without one, use ordinary regression"
        )
    rows = clean(parsed, data, weights, offset)
    design = build(parsed, rows)
    response = design.y if design.offset is None else design.y - design.offset
    if np.ptp(response) <= 1e-12 * max(float(np.abs(response).max()), float(np.abs(design.y).max())):
        raise ModelError(
            f"the outcome {parsed.response!r} is constant ({response[0]:g} in all {len(response)} rows used); "
            "there is nothing to model"
        )
    check_groups(design, n_limit=True)
    return assemble(parsed, rows, design, rows.weights)


def assemble(
    parsed: ParsedFormula, rows: CleanRows, design: Design, weights: Floats | None, centre_response: bool = True
) -> Problem:
    """Scaling, structure and cross-products of a design."""
    structure = analyse([g.codes for g in design.groupings], [g.n_groups for g in design.groupings])
    groupings = tuple(design.groupings[f] for f in structure.order)
    scaled = scale(
        Design(design.y, design.x, design.x_names, design.terms, design.offset, groupings, design.spec),
        weights,
        centre_response,
    )
    if len(design.y) <= len(scaled.kept):
        raise ModelError(f"{len(design.y)} rows for {len(scaled.kept)} fixed effects; drop terms or bring more rows")
    columns = scaled.columns if weights is None else scaled.columns * np.sqrt(weights)[:, None]
    cross = CrossProducts(structure, columns, scaled.z, scaled.x)
    layout = lay_out([[t.values.shape[1] for t in g.terms] for g in groupings])
    return Problem(parsed, rows, design, scaled, structure, cross, layout, groupings, weights)
