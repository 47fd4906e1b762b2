"""Generalised linear mixed models: binomial, Poisson and negative binomial, by Laplace or quadrature."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from . import basis as _basis
from . import bootstrap as _bootstrap
from . import inference
from .arrays import Floats
from .design import evaluate
from .diagnostics import Diagnostics, diagnose_general
from .effects import factor_index, normal_quantile
from .errors import ModelError
from .families import Family
from .fixed_part import FixedPart
from .laplace import Laplace, Modes
from .predict import fixed_rows, group_index, random_columns
from .problem import Problem
from .residuals import SimulatedResiduals, simulated_residuals
from .varcorr import varcorr_table
from .variance_shares import icc_table, r_squared, random_variances


@dataclass(frozen=True, eq=False)
class GlmmOptimum:
    """Where a fit ended: omega = (theta, b, psi) internal, F, Hessian in omega, and what it took."""

    theta: Floats
    omega: Floats
    value: float
    gradient: Floats
    hessian: Floats
    converged: bool
    singular: bool
    optima: int
    restarts: int
    evaluations: int


@dataclass(frozen=True, eq=False)
class GlmmFit(FixedPart):
    """A fitted generalised linear mixed model; standard errors come from the Hessian in all parameters."""

    problem: Problem
    family: Family
    target: Laplace
    n_agq: int
    optimum: GlmmOptimum

    @cached_property
    def modes(self) -> Modes:
        return self.target.modes(self.optimum.omega)

    @cached_property
    def psi(self) -> Floats:
        """The family's own parameters."""
        return self.target.split(self.optimum.omega)[2]

    @cached_property
    def back(self) -> Floats:
        """Internal (b, psi) to the data's (b, psi)."""
        p, q = len(self.problem.scaled.x), self.family.n_psi
        out = np.eye(p + q)
        out[:p, :p] = self.problem.scaled.x_back
        return out

    @cached_property
    def beta(self) -> Floats:
        return (self.back @ self.optimum.omega[self.problem.layout.n_theta :])[: len(self.problem.scaled.x)]

    @cached_property
    def internal_covariance(self) -> Floats:
        """Covariance of the internal (b, psi), the uncertainty of theta included."""
        m = self.problem.layout.n_theta
        values, vectors = np.linalg.eigh(self.optimum.hessian)
        fine = values > 1e-7 * values.max()
        inverse: Floats = 2.0 * (vectors[:, fine] / values[fine]) @ vectors[:, fine].T
        return inverse[m:, m:]

    @cached_property
    def joint_covariance(self) -> Floats:
        """Covariance of (b, psi) in the data's units, the uncertainty of theta included."""
        out: Floats = self.back @ self.internal_covariance @ self.back.T
        return out

    @cached_property
    def covariance(self) -> Floats:
        p = len(self.problem.scaled.x)
        return self.joint_covariance[:p, :p]

    @cached_property
    def covariances(self) -> list[Floats]:
        """Covariance of each factor's effects on the scale of the linear predictor."""
        return self.problem.relative_covariances(self.optimum.theta)

    def basis(self, df: inference.DfMethod | None = None) -> inference.Basis:
        """Normal theory; there are no small-sample degrees of freedom for these models."""
        if df not in (None, "normal"):
            raise ModelError(f"df={df!r}: generalised mixed models have normal theory only (df='normal')")
        return _basis.NormalBasis(self)

    # --- estimates -------------------------------------------------------------------------------------------

    @property
    def dispersion(self) -> float:
        """Negative binomial: Var = mu + mu^2 / dispersion; otherwise 1."""
        return float(np.exp(self.psi[0])) if self.family.name == "negative-binomial" else 1.0

    @property
    def loglik(self) -> float:
        """Approximate log-likelihood with all constants."""
        return -0.5 * self.optimum.value

    @property
    def criterion(self) -> float:
        return self.optimum.value

    @property
    def n_parameters(self) -> int:
        return len(self.optimum.omega)

    @property
    def aic(self) -> float:
        return self.criterion + 2.0 * self.n_parameters

    @property
    def bic(self) -> float:
        return self.criterion + float(np.log(self.nobs)) * self.n_parameters

    @property
    def converged(self) -> bool:
        return self.optimum.converged

    @property
    def singular(self) -> bool:
        return self.optimum.singular

    @cached_property
    def varcorr(self) -> pd.DataFrame:
        """group, term1, term2, vcov, sdcor; there is no residual row."""
        return varcorr_table(self.problem.groupings, self.covariances, None)

    def ranef(self, group: str, interval: float | None = None) -> pd.DataFrame:
        """Conditional modes; with an interval standard errors given the fixed part (as lme4's condVar) and bounds."""
        f = factor_index(self, group)
        grouping = self.problem.groupings[f]
        back = self.problem.scaled.z_back[f]
        values = np.empty_like(self.modes.effects[f])
        values[self.problem.structure.original[f]] = self.modes.effects[f] @ back.T
        table = pd.DataFrame(values, index=pd.Index(grouping.labels, name=grouping.name), columns=grouping.columns)
        if interval is None:
            return table
        covariance = self._conditional(f)
        se = np.sqrt(np.maximum(np.einsum("nii->ni", back @ covariance @ back.T), 0.0))
        ordered = np.empty_like(se)
        ordered[self.problem.structure.original[f]] = se
        z = normal_quantile(interval)
        for i, name in enumerate(grouping.columns):
            table[f"{name}:se"] = ordered[:, i]
            table[f"{name}:low"] = table[name] - z * ordered[:, i]
            table[f"{name}:high"] = table[name] + z * ordered[:, i]
        return table

    def _conditional(self, f: int) -> Floats:
        """Conditional covariance of factor f's effects given the data and the fixed part (n_f, q, q)."""
        from .conditional import conditional_covariance

        return conditional_covariance(self.target, self.modes, f)

    # --- rows ------------------------------------------------------------------------------------------------

    def predict(
        self, new: pd.DataFrame | None = None, re: str = "all", kind: str = "response", offset: Any = None
    ) -> pd.Series:
        """Expected outcome (kind="response") or linear predictor ("link") for new rows or the rows used."""
        if re not in ("all", "none") or kind not in ("response", "link"):
            raise ModelError("predict: re is 'all' or 'none', kind is 'response' or 'link'")
        if new is None:
            eta = self.modes.eta if re == "all" else self.modes.eta - self.target.spread(self.modes.effects)
            index = self.problem.rows.data.index
        else:
            index = new.index
            eta = fixed_rows(self, new) @ self.beta - self._threshold_shift
            for text in self.problem.parsed.offsets:
                eta = eta + evaluate(text, new)
            if offset is not None:
                eta = eta + np.asarray(new[offset] if isinstance(offset, str) else offset, dtype=float)
            if re == "all":
                for f, grouping in enumerate(self.problem.groupings):
                    found = group_index(self, f, new)
                    u = np.where((found >= 0)[:, None], self.ranef(grouping.name).to_numpy()[np.maximum(found, 0)], 0.0)
                    eta = eta + np.einsum("nq,nq->n", random_columns(self, f, new), u)
        values = eta if kind == "link" else self.family.mean(eta, self.psi)
        return pd.Series(values, index=index, name="predicted")

    @property
    def _threshold_shift(self) -> float:
        """What internal thresholds carry of the centring of X (cumulative models only)."""
        return 0.0

    def residuals(self, kind: str = "response") -> pd.Series:
        """Residuals: "response" or "pearson"; simulated ones come from `simulated_residuals`."""
        observed = self.problem.design.y
        out = observed - self.family.mean(self.modes.eta, self.psi)
        if kind == "pearson":
            rows = self.family.rows(self.modes.eta, self.psi)
            out = rows.score / np.sqrt(rows.weight)
        elif kind != "response":
            raise ModelError(f"residuals: kind {kind!r} is not 'response' or 'pearson'")
        return pd.Series(out, index=self.problem.rows.data.index, name=kind)

    def simulate(self, n: int, seed: int) -> pd.DataFrame:
        """New outcomes (rows used, n) with new random effects; column k depends on the seed and on k alone."""
        from .simulate import simulate_general

        draws = simulate_general(self, range(n), seed)
        return pd.DataFrame(draws, index=self.problem.rows.data.index)

    def area_effects(self, term: str, group: str = "area", new: bool = False, level: float = 0.95) -> pd.DataFrame:
        """A group's own coefficient (fixed + random) on the link's scale: `estimate se low high`.

        The interval holds the uncertainty of the fixed part and of the group's effect, theta taken as known, normal
        quantile. ``new=True`` gives the prediction for a group not seen.
        """
        from .effects_general import area_effects_general

        return area_effects_general(self, term, group, new, level)

    def refit(self, y: Any) -> GlmmFit:
        """The same model for another outcome (n,) on the rows used, in the form that `simulate` gives."""
        from .refits import refit_general

        return refit_general(self, y)

    def bootstrap(
        self, statistic: _bootstrap.Statistic | None = None, n: int = 200, seed: int = 1, first: int = 0
    ) -> _bootstrap.Bootstrap:
        """Parametric bootstrap by refits, one after the other; as `LmmFit.bootstrap`, without BCa intervals."""
        from .refits import bootstrap_general

        return bootstrap_general(self, statistic, n, seed, first)

    def simulated_residuals(self, n: int = 250, seed: int = 1) -> SimulatedResiduals:
        """Randomised quantile residuals by simulation (as DHARMa), uniform if the model is right, and their tests."""
        return simulated_residuals(self, n, seed)

    def diagnostics(self) -> Diagnostics:
        """Gradient, Hessian, boundary, condition and quantiles of Pearson residuals and effects."""
        return diagnose_general(self)

    def icc(self) -> pd.DataFrame:
        """Variance, share and correlation by level on the scale of the linear predictor."""
        return icc_table(random_variances(self), self._residual_variance)

    def r2(self) -> pd.Series:
        """Marginal and conditional R² (Nakagawa, Johnson & Schielzeth 2017)."""
        linear = self.problem.design.x[:, self.problem.scaled.kept] @ self.beta
        return r_squared(linear, random_variances(self), self._residual_variance)

    @property
    def _residual_variance(self) -> float:
        """Distribution-specific variance on the scale of the linear predictor."""
        if self.family.name in ("binomial", "cumulative-logit"):
            return float(np.pi**2 / 3.0)
        linear = self.modes.eta - self.target.spread(self.modes.effects)
        mean = float(np.exp(linear.mean() + 0.5 * sum(random_variances(self).values())))
        extra = 1.0 / self.dispersion if self.family.name == "negative-binomial" else 0.0
        return float(np.log1p(1.0 / mean + extra))

    def summary(self) -> str:
        """The fit as text."""
        from .summary import summary_general

        return summary_general(self)
