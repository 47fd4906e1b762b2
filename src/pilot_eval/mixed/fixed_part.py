"""What every fit offers on its fixed part: named coefficients, tests, contrasts, marginal means."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from . import inference, means
from .arrays import Floats
from .problem import Problem


class FixedPart:
    """Base of all fits; a fit supplies `problem`, `beta`, `covariance` and `basis`."""

    problem: Problem

    @property
    def beta(self) -> Floats:
        """Coefficients in the data's units (p,)."""
        raise NotImplementedError

    @property
    def covariance(self) -> Floats:
        """Their covariance (p, p)."""
        raise NotImplementedError

    def basis(self, df: inference.DfMethod | None = None) -> inference.Basis:
        """Covariance and degrees of freedom by a method."""
        raise NotImplementedError

    def _beta_for(self, basis: inference.Basis) -> Floats:
        return self.beta

    @property
    def formula(self) -> str:
        return self.problem.parsed.text

    @cached_property
    def fixef(self) -> pd.Series:
        """Fixed effects, named as formulaic names terms."""
        return pd.Series(self.beta, index=self.problem.names, name="estimate")

    @cached_property
    def vcov(self) -> pd.DataFrame:
        """Covariance of the fixed effects (model based, not adjusted)."""
        return pd.DataFrame(self.covariance, index=self.problem.names, columns=self.problem.names)

    @cached_property
    def se(self) -> pd.Series:
        """Standard errors of the fixed effects."""
        return pd.Series(np.sqrt(np.diag(self.covariance)), index=self.problem.names, name="se")

    @property
    def nobs(self) -> int:
        return self.problem.n

    @property
    def ngroups(self) -> dict[str, int]:
        """Number of groups by grouping factor, fine to coarse."""
        return {g.name: g.n_groups for g in self.problem.groupings}

    @property
    def dropped(self) -> dict[str, int]:
        """Rows in which each variable was missing (a row may count for several)."""
        return dict(self.problem.rows.dropped)

    def tests(self, df: inference.DfMethod | None = None, level: float = 0.95) -> pd.DataFrame:
        """Per coefficient: `estimate se df statistic p low high`; `attrs["df"]` names the method."""
        return self._named(np.eye(len(self.beta)), pd.Index(self.problem.names, name="term"), df, level)

    def contrast(self, contrast: Any, df: inference.DfMethod | None = None, level: float = 0.95) -> pd.DataFrame:
        """Linear functions of the coefficients: a vector, a matrix, or a mapping of coefficient to weight."""
        rows, labels = inference.contrast_rows(contrast, self.problem.names)
        return self._named(rows, labels, df, level)

    def _named(self, rows: Floats, labels: pd.Index, df: inference.DfMethod | None, level: float) -> pd.DataFrame:
        basis = self.basis(df)
        table = inference.linear(basis, self._beta_for(basis), rows).table(labels, level)
        table.attrs["df"] = basis.method
        return table

    def anova(self, df: inference.DfMethod | None = None) -> pd.DataFrame:
        """Type III tests of the fixed terms: `num_df den_df statistic p`.

        The hypotheses do not depend on the coding of factors (as lmerTest's); covariates stand at zero.
        """
        from .terms import type_three

        basis = self.basis(df)
        problem = self.problem
        x = problem.design.x[:, problem.scaled.kept]
        hypotheses = type_three(problem.design.spec, problem.rows.data, x, problem.names)
        return inference.anova_table(basis, hypotheses)

    def emmeans(
        self,
        by: str | list[str],
        at: dict[str, Any] | None = None,
        df: inference.DfMethod | None = None,
        weights: str = "equal",
        level: float = 0.95,
    ) -> means.MarginalMeans:
        """Estimated marginal means for the combinations of `by`.

        Parameters
        ----------
        at
            Values of variables; a covariate that is not named stands at its mean, or is averaged over its values
            if it has two; a factor is averaged over; an offset stands at its mean.
        weights
            How averaged factors are weighted: "equal", "proportional" (their joint frequencies) or "cells".

        Returns
        -------
        MarginalMeans
            `estimate se df statistic p low high`, with a method `contrasts`; means that the data do not
            determine (an empty cell) are NaN.

        Raises
        ------
        ModelError
            A variable that is not in the fixed part.
        """
        basis = self.basis(df)
        return means.emmeans(self, basis, self._beta_for(basis), by, at, weights, level)

    def emtrends(
        self,
        var: str,
        by: str | list[str] | None = None,
        at: dict[str, Any] | None = None,
        df: inference.DfMethod | None = None,
        level: float = 0.95,
    ) -> means.MarginalMeans:
        """Slopes of a numeric variable, averaged as in `emmeans`; with a method `contrasts`."""
        basis = self.basis(df)
        return means.emtrends(self, basis, self._beta_for(basis), var, by, at, level)
