"""Linear mixed models: the fit, its results, and the door to everything that is computed from it on demand."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from . import basis as _basis
from . import bootstrap as _bootstrap
from . import effects, inference
from . import kenward_roger as _kr
from . import satterthwaite as _sw
from .agreement import Agreement, agreement
from .arrays import Floats
from .crossprod import Products
from .diagnostics import Diagnostics, diagnose
from .errors import DegreesOfFreedomWarning, ModelError
from .fitting import Optimum
from .fixed_part import FixedPart
from .objective import Objective
from .predict import predict_rows
from .problem import Problem
from .solve import Solved, solve
from .summary import summary
from .varcorr import varcorr_table
from .variance_shares import icc_table, r_squared, random_variances

#: above these, tests() uses Satterthwaite unless Kenward-Roger is asked for
KENWARD_ROGER_ROWS = 10_000
KENWARD_ROGER_BLOCK = 1_500


@dataclass(frozen=True, eq=False)
class LmmFit(FixedPart):
    """A fitted linear mixed model.

    Estimates are labelled pandas objects in the data's units; tests, degrees of freedom and intervals are
    computed when first asked for. `response` is the outcome that was fitted, shape (n,).
    """

    problem: Problem
    response: Floats
    reml: bool
    optimum: Optimum

    # --- what everything else is made of, internal units -----------------------------------------------------

    @cached_property
    def products(self) -> Products:
        return self.problem.products(self.response)

    @cached_property
    def objective(self) -> Objective:
        return self.problem.objective(self.products, self.reml)

    @cached_property
    def solved(self) -> Solved:
        return solve(self.products, self.problem.layout, self.optimum.theta)

    @cached_property
    def sigma_internal(self) -> float:
        return float(np.sqrt(self.solved.top.rss[0] / self.objective.nu))

    @property
    def scale_y(self) -> float:
        return self.problem.scaled.y_scale

    @cached_property
    def to_data(self) -> Floats:
        """Internal coefficients to the data's, without the shift of the outcome (p, p)."""
        return self.scale_y * self.problem.scaled.x_back

    @cached_property
    def beta(self) -> Floats:
        return self.problem.scaled.coefficients(self.solved.top.beta[0])

    @cached_property
    def covariance(self) -> Floats:
        inner = self.sigma_internal**2 * self.solved.top.inverse[0]
        out: Floats = self.to_data @ inner @ self.to_data.T
        return out

    @cached_property
    def covariances(self) -> list[Floats]:
        """Covariance of each factor's effects in the data's units."""
        return [self.sigma**2 * c for c in self.problem.relative_covariances(self.optimum.theta)]

    @cached_property
    def curvature(self) -> _sw.Curvature:
        return _sw.curvature(self.objective, self.optimum.theta)

    @cached_property
    def kenward_roger(self) -> _kr.KenwardRoger:
        return _kr.kenward_roger(self.problem, self.optimum.theta, self.sigma_internal**2)

    def slopes_internal(self, contrasts: Floats) -> Floats:
        """Internal coefficients shifted so that contrasts of them are contrasts of the data's coefficients."""
        return np.linalg.solve(self.to_data, self.beta) if len(self.beta) else self.beta

    # --- estimates -------------------------------------------------------------------------------------------

    @cached_property
    def sigma(self) -> float:
        """Residual standard deviation in the outcome's units (for weight 1)."""
        return self.scale_y * self.sigma_internal

    @property
    def criterion(self) -> float:
        """-2 log-likelihood with all constants: the REML criterion, or the deviance for ML."""
        return self.optimum.value

    @property
    def loglik(self) -> float:
        return -0.5 * self.criterion

    @property
    def n_parameters(self) -> int:
        """Fixed effects, covariance parameters and sigma."""
        return len(self.problem.scaled.kept) + self.problem.layout.n_theta + 1

    @property
    def aic(self) -> float:
        return self.criterion + 2.0 * self.n_parameters

    @property
    def bic(self) -> float:
        return self.criterion + float(np.log(self.nobs)) * self.n_parameters

    @property
    def singular(self) -> bool:
        return self.optimum.singular

    @property
    def converged(self) -> bool:
        return self.optimum.converged

    @cached_property
    def theta(self) -> Floats:
        """Relative Cholesky factors as lme4 lists them, in the data's units."""
        blocks = []
        for t, back, template in zip(
            self.problem.t_internal(self.optimum.theta),
            self.problem.scaled.z_back,
            self.problem.layout.templates,
            strict=True,
        ):
            half = back @ t
            out = np.zeros_like(half)
            for start, width in template.terms:
                part = slice(start, start + width)
                r = np.linalg.qr(half[part, part].T)[1]
                out[part, part] = (r * np.where(np.diag(r) < 0, -1.0, 1.0)[:, None]).T
            blocks.append(out)
        return self.problem.layout.theta_of(blocks)

    @cached_property
    def varcorr(self) -> pd.DataFrame:
        """group, term1, term2, vcov, sdcor; the last row's group is ``Residual``."""
        return varcorr_table(self.problem.groupings, self.covariances, self.sigma)

    def ranef(self, group: str, interval: float | None = None) -> pd.DataFrame:
        """Conditional modes of a grouping factor: index = level, columns = terms.

        Parameters
        ----------
        interval
            Coverage, e.g. 0.95: adds `<term>:se`, `:low`, `:high`, which include the uncertainty of the
            fixed effects (theta taken as known, normal quantile).

        Raises
        ------
        KeyError
            No such grouping factor.
        """
        return effects.ranef_table(self, group, interval)

    def area_effects(
        self,
        term: str,
        group: str = "area",
        new: bool = False,
        level: float = 0.95,
        bootstrap: int = 0,
        seed: int = 1,
    ) -> pd.DataFrame:
        """A group's own coefficient (fixed + random) with `estimate se low high`.

        Var(b + u - u_true) from the mixed-model equations, theta taken as known; where a slope's variance is
        estimated as zero this shrinks to the fixed effect's own interval, so a parametric-bootstrap interval
        belongs beside it: ``bootstrap=1000`` gives it, from the errors of prediction in as many simulated data
        sets (`attrs` counts replicates and failures). ``new=True`` gives the prediction for a group not seen.
        """
        if bootstrap and not new:
            from .area_bootstrap import area_bootstrap

            return area_bootstrap(self, term, group, bootstrap, seed, level)
        return effects.area_effects(self, term, group, new, level)

    # --- tests -----------------------------------------------------------------------------------------------

    def default_df(self) -> inference.DfMethod:
        """Kenward-Roger, above 10,000 rows or a block above 1,500 rows Satterthwaite."""
        if self.nobs > KENWARD_ROGER_ROWS or _kr.largest_block(self.problem) > KENWARD_ROGER_BLOCK:
            return "satterthwaite"
        return "kenward-roger"

    @cached_property
    def _reml_fit(self) -> LmmFit:
        return self if self.reml else _fit_response(self.problem, self.response, True, quiet=True)

    def basis(self, df: inference.DfMethod | None = None) -> inference.Basis:
        """Covariance and degrees of freedom by a method; Kenward-Roger refits an ML fit by REML, with a note."""
        method = df or self.default_df()
        if method not in inference.METHODS:
            raise ModelError(f"df={method!r} is not one of {', '.join(map(repr, inference.METHODS))}")
        if method == "normal":
            return _basis.NormalBasis(self)
        if method == "satterthwaite":
            return _basis.SatterthwaiteBasis(self)
        if not self.reml:
            warnings.warn(
                "Kenward-Roger rests on REML: the model was refitted by REML for these tests",
                DegreesOfFreedomWarning,
                stacklevel=3,
            )
        return _basis.KenwardRogerBasis(self._reml_fit)

    def _beta_for(self, basis: inference.Basis) -> Floats:
        return self._reml_fit.beta if basis.method == "kenward-roger" else self.beta

    def profile_ci(self, level: float = 0.95, group: str | None = None, term: str | None = None) -> pd.DataFrame:
        """Profile-likelihood intervals of standard deviations and correlations: `group term1 term2 low high`.

        Profiles the ML deviance, as R does; a REML fit is refitted by ML. The last row is sigma. With `group` (and
        `term`) only that factor's rows (only that standard deviation) are computed.
        """
        from .compare import as_ml
        from .profile import profile_ci

        return profile_ci(as_ml(self), level, group, term)

    # --- resampling and deletion -----------------------------------------------------------------------------

    def simulate(self, n: int, seed: int) -> pd.DataFrame:
        """New outcomes (rows used, n) with new random effects; column k depends on the seed and on k alone."""
        from .simulate import simulate

        return pd.DataFrame(simulate(self, range(n), seed), index=self.problem.rows.data.index)

    def bootstrap(
        self,
        statistic: _bootstrap.Statistic | None = None,
        n: int = 1000,
        seed: int = 1,
        first: int = 0,
    ) -> _bootstrap.Bootstrap:
        """Parametric bootstrap.

        Parameters
        ----------
        statistic
            A function of a fit that returns named numbers; None: fixed effects, standard deviations,
            correlations and sigma, computed in batch.
        n, seed
            Replicates `first` to `first + n - 1`; the random numbers of replicate k depend on seed and k alone.

        Returns
        -------
        Bootstrap
            Replicates, failures by replicate, and percentile, basic and BCa intervals.
        """
        return _bootstrap.bootstrap(self, statistic, n, seed, first)

    def influence(self, group: str, refit: bool | None = None) -> pd.DataFrame:
        """The fit without each group of a factor, by leaving out its cross-products.

        Parameters
        ----------
        refit
            Whether theta is optimised again; default: for the coarsest factor. `attrs["theta"]` says which.

        Returns
        -------
        DataFrame
            Index = level; the coefficients, `cooks_distance`, `sigma`, and with `refit` the standard deviations.
            Rows are NaN where the fixed part cannot be estimated without the group.
        """
        from .influence import influence

        return influence(self, group, refit)

    # --- judgement and display -------------------------------------------------------------------------------

    def diagnostics(self) -> Diagnostics:
        """Gradient, Hessian, boundary, condition and quantiles of residuals and effects."""
        return diagnose(self)

    def icc(self) -> pd.DataFrame:
        """Variance, share and intraclass correlation by level, fine to coarse (mean of z'Sigma z with slopes)."""
        return icc_table(random_variances(self), self._residual_variance)

    def r2(self) -> pd.Series:
        """Marginal and conditional R² (Nakagawa & Schielzeth 2013, with slopes as Johnson 2014)."""
        linear = self.problem.design.x[:, self.problem.scaled.kept] @ self.beta
        return r_squared(linear, random_variances(self), self._residual_variance)

    @property
    def _residual_variance(self) -> float:
        """Mean residual variance of the rows."""
        w = self.problem.weights
        return self.sigma**2 * (1.0 if w is None else float(np.mean(1.0 / w)))

    def agreement(self) -> Agreement:
        """The same model by statsmodels' MixedLM, and the differences."""
        return agreement(self)

    def summary(self) -> str:
        """The fit as text, like lme4's, with the df method, gradient and rows dropped."""
        return summary(self)

    # --- rows ------------------------------------------------------------------------------------------------

    @cached_property
    def fitted(self) -> pd.Series:
        """Conditional means of the rows used, offset included."""
        inner = self.problem.scaled.columns[:, self.problem.scaled.x] @ self.solved.top.beta[0]
        for f, modes in enumerate(self.solved.modes):
            z = self.problem.scaled.columns[:, self.problem.scaled.z[f]]
            inner = inner + np.einsum("nq,nq->n", z, modes[self.problem.structure.codes[f]])
        out = self.problem.scaled.y_shift + self.scale_y * inner
        if self.problem.design.offset is not None:
            out = out + self.problem.design.offset
        return pd.Series(out, index=self.problem.rows.data.index, name="fitted")

    def residuals(self, kind: str = "response") -> pd.Series:
        """Residuals of the rows used.

        Parameters
        ----------
        kind
            "response" (conditional), "pearson" (times the root of the weight), "scaled" (pearson over sigma),
            "marginal" (outcome less the fixed part).
        """
        if kind == "marginal":
            values = self.response - self.predict(re="none").to_numpy()
            return pd.Series(values, index=self.fitted.index, name=kind)
        if kind not in ("response", "pearson", "scaled"):
            raise ModelError(f"residuals: kind {kind!r} is not one of 'response', 'pearson', 'scaled', 'marginal'")
        out = self.response - self.fitted.to_numpy()
        if kind != "response" and self.problem.weights is not None:
            out = out * np.sqrt(self.problem.weights)
        if kind == "scaled":
            out = out / self.sigma
        return pd.Series(out, index=self.fitted.index, name=kind)

    def predict(self, new: pd.DataFrame | None = None, re: str = "all", offset: Any = None) -> pd.Series:
        """Expected outcome for new rows, or for the rows used.

        Parameters
        ----------
        re
            "all": with the conditional modes (zero for groups not seen); "none": the fixed part alone.
        """
        return predict_rows(self, new, re, offset)

    def refit(self, y: Any) -> LmmFit:
        """The same model for another outcome of shape (n,) on the rows used; cross-products are shared.

        Raises
        ------
        ModelError
            Another length, or values that are not finite.
        """
        values = np.asarray(y, dtype=float)
        if values.shape == (len(self.problem.rows.keep),) and values.shape != (self.nobs,):
            values = values[self.problem.rows.keep]
        if values.shape != (self.nobs,) or not np.isfinite(values).all():
            raise ModelError(f"refit needs {self.nobs} finite values, one per row used, not shape {np.shape(y)}")
        return _fit_response(self.problem, values, self.reml, quiet=False)

    def with_theta(self, theta: Floats) -> LmmFit:
        """The same fit evaluated at another internal theta (m,), not optimised."""
        value = float(self.objective.value(theta[None])[0])
        return LmmFit(self.problem, self.response, self.reml, replace(self.optimum, theta=theta, value=value))


def _fit_response(problem: Problem, y: Floats, reml: bool, quiet: bool) -> LmmFit:
    """`estimate.fit_response`, which makes fits and so comes after this module."""
    from .estimate import fit_response

    return fit_response(problem, y, reml, quiet)
