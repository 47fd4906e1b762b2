"""What glmer and clmm fits have in common: estimates, tests, effects, predictions, display."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
import pandas as pd

from .. import inference, means
from ..arrays import Floats
from ..effects import factor_index
from ..errors import ModelError
from ..varcorr import varcorr_table
from . import effects
from .fitting import find_optimum
from .laplace import Inner, inner_minimum
from .optimum import Optimum
from .problem import Problem
from .summary import Diagnostics, diagnose, summary
from .wald import WaldBasis


@dataclass(frozen=True)
class GeneralizedFit:
    """A fitted generalised or cumulative mixed model; estimates are labelled, in the data's units."""

    problem: Problem
    n_agq: int
    optimum: Optimum

    # --- inside ----------------------------------------------------------------------------------------------

    @cached_property
    def _split(self) -> tuple[Floats, Floats, Floats]:
        return self.problem.arrays.split(self.optimum.psi)

    @property
    def extra(self) -> Floats:
        """The family's own parameters, internal scale."""
        out: Floats = self._split[0]
        return out

    @property
    def theta_internal(self) -> Floats:
        return self._split[2]

    @cached_property
    def inner(self) -> Inner:
        """Modes, linear predictor and row terms at the optimum."""
        return inner_minimum(self.problem.arrays, self.optimum.psi, self.problem.arrays.blocks.zeros())

    @property
    def to_data(self) -> Floats:
        """d (named parameters) / d (extra, beta)."""
        raise NotImplementedError

    def named_beta(self, beta: Floats) -> Floats:
        """Fixed effects in the data's units from internal ones."""
        raise NotImplementedError

    @cached_property
    def covariance_named(self) -> Floats:
        """Covariance of the named parameters."""
        m = self.to_data
        lead = m.shape[1]
        out: Floats = m @ self.optimum.covariance[:lead, :lead] @ m.T
        return out

    @property
    def parameter_names(self) -> list[str]:
        return self.problem.names

    @cached_property
    def beta(self) -> Floats:
        return self.named_beta(self._split[1])

    @cached_property
    def covariance(self) -> Floats:
        """Covariance of the fixed effects."""
        return self.covariance_named

    @cached_property
    def covariances(self) -> list[Floats]:
        """Covariance of each factor's effects, data's units."""
        return self.problem.covariances(self.theta_internal)

    # --- estimates -------------------------------------------------------------------------------------------

    @property
    def formula(self) -> str:
        return self.problem.parsed.text

    @property
    def family(self) -> str:
        return str(self.problem.response.family.name)

    @cached_property
    def fixef(self) -> pd.Series:
        """Fixed effects on the scale of the linear predictor, named as formulaic names terms."""
        names = self.problem.names
        return pd.Series(self.beta, index=names[len(names) - len(self.beta) :], name="estimate")

    @cached_property
    def vcov(self) -> pd.DataFrame:
        """Covariance of the named parameters, from the Hessian in all parameters."""
        return pd.DataFrame(self.covariance_named, index=self.parameter_names, columns=self.parameter_names)

    @cached_property
    def se(self) -> pd.Series:
        """Standard errors of the named parameters."""
        se = np.sqrt(np.maximum(np.diag(self.covariance_named), 0.0))
        return pd.Series(se, index=self.parameter_names, name="se")

    @property
    def loglik(self) -> float:
        """Log-likelihood with all its constants."""
        return -self.optimum.value

    @property
    def criterion(self) -> float:
        """-2 log-likelihood."""
        return 2.0 * self.optimum.value

    @property
    def n_parameters(self) -> int:
        return len(self.optimum.psi)

    @property
    def aic(self) -> float:
        return self.criterion + 2.0 * self.n_parameters

    @property
    def bic(self) -> float:
        return self.criterion + float(np.log(self.nobs)) * self.n_parameters

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

    @property
    def singular(self) -> bool:
        return self.optimum.singular

    @property
    def converged(self) -> bool:
        return self.optimum.converged

    @cached_property
    def varcorr(self) -> pd.DataFrame:
        """group, term1, term2, vcov, sdcor; there is no residual."""
        return varcorr_table(self.problem.groupings, self.covariances, None)

    def ranef(self, group: str, interval: float | None = None) -> pd.DataFrame:
        """Conditional modes of a grouping factor: index = level, columns = terms.

        Parameters
        ----------
        interval
            Coverage, e.g. 0.95: adds `<term>:se`, `:low`, `:high`, which include the uncertainty of all parameters.

        Raises
        ------
        KeyError
            No such grouping factor.
        """
        return effects.ranef_table(self, factor_index(self, group), interval)  # type: ignore[arg-type]

    def area_effects(self, term: str, group: str = "area", new: bool = False, level: float = 0.95) -> pd.DataFrame:
        """A group's own coefficient (fixed + random) on the linear predictor's scale: `estimate se low high`.

        The standard error includes the uncertainty of the effects and, to first order, of all parameters;
        ``new=True`` predicts a group that was not seen.
        """
        return effects.area_effects(self, term, factor_index(self, group), new, level)  # type: ignore[arg-type]

    # --- tests -----------------------------------------------------------------------------------------------

    def basis(self, df: str | None = None) -> WaldBasis:
        if df not in (None, "normal"):
            raise ModelError(f"df={df!r}: these models have z-tests only; use df='normal'")
        return WaldBasis(self.covariance, self.beta)

    def tests(self, df: str = "normal", level: float = 0.95) -> pd.DataFrame:
        """Per fixed effect: `estimate se df statistic p low high` (Wald)."""
        return self._table(np.eye(len(self.beta)), pd.Index(self.fixef.index, name="term"), df, level)

    def contrast(self, contrast: Any, df: str = "normal", level: float = 0.95) -> pd.DataFrame:
        """Linear functions of the fixed effects: a vector, a matrix, or a mapping of coefficient to weight."""
        rows, labels = inference.contrast_rows(contrast, [str(v) for v in self.fixef.index])
        return self._table(rows, labels, df, level)

    def mean_basis(self) -> WaldBasis:
        """Coefficients and covariance behind marginal means, intercept included."""
        return self.basis()

    def anova(self, df: str = "normal") -> pd.DataFrame:
        """Type III Wald tests of the fixed terms: `num_df den_df statistic p`; covariates stand at zero."""
        from ..terms import type_three

        self.basis(df)
        problem, basis = self.problem, self.mean_basis()
        x = problem.design.x[:, problem.scaled.kept]
        hypotheses = type_three(problem.design.spec, problem.rows.data, x, problem.names)
        return inference.anova_table(basis, hypotheses)

    def emmeans(
        self,
        by: str | list[str],
        at: dict[str, Any] | None = None,
        df: str = "normal",
        weights: str = "equal",
        level: float = 0.95,
    ) -> means.MarginalMeans:
        """Marginal means on the scale of the linear predictor, as `LmmFit.emmeans`."""
        self.basis(df)
        basis = self.mean_basis()
        return means.emmeans(self, basis, basis.beta, by, at, weights, level)

    def emtrends(
        self,
        var: str,
        by: str | list[str] | None = None,
        at: dict[str, Any] | None = None,
        df: str = "normal",
        level: float = 0.95,
    ) -> means.MarginalMeans:
        """Slopes of a numeric variable on the scale of the linear predictor, as `LmmFit.emtrends`."""
        self.basis(df)
        basis = self.mean_basis()
        return means.emtrends(self, basis, basis.beta, var, by, at, level)

    def _table(self, rows: Floats, labels: pd.Index, df: str, level: float) -> pd.DataFrame:
        table = inference.linear(self.basis(df), self.beta, rows).table(labels, level)
        table.attrs["df"] = "normal"
        return table

    # --- judgement and display -------------------------------------------------------------------------------

    def simulate(self, n: int, seed: int) -> pd.DataFrame:
        """New responses (rows used, n) with new random effects; column k depends on the seed and on k alone."""
        from .simulated import draw

        return pd.DataFrame(draw(self, range(n), seed), index=self.problem.rows.data.index)

    def diagnostics(self) -> Diagnostics:
        """Gradient, Hessian, boundary, condition, and quantiles of the effects."""
        return diagnose(self)

    def summary(self) -> str:
        """The fit as text, like lme4's and ordinal's."""
        return summary(self)

    # --- again -----------------------------------------------------------------------------------------------

    def refit_family(self, family: Any) -> Self:
        """The same model for another response of the same kind, started from this fit."""
        response = replace(self.problem.response, family=family)
        problem = replace(self.problem, response=response, arrays=replace(self.problem.arrays, family=family))
        return replace(self, problem=problem, optimum=find_optimum(problem, self.n_agq, self.optimum.psi))
