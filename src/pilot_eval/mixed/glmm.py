"""Generalised linear mixed models: binomial, Poisson and negative binomial, by Laplace or quadrature."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from . import basis as _basis
from . import inference
from .arrays import Floats
from .design import Design, evaluate
from .diagnostics import Diagnostics, diagnose_general
from .effects import factor_index, normal_quantile
from .errors import ConvergenceError, ModelError, SingularFitWarning
from .estimate import singular_directions
from .families import Binomial, Family
from .fitting import at_boundary
from .fixed_part import FixedPart
from .formula import ParsedFormula
from .frame import CleanRows
from .glm_start import start_coefficients
from .laplace import Laplace, Modes
from .nesting import check_groups, check_repeats
from .optimise import BOUNDARY, difference_hessian, minimise
from .predict import fixed_rows, group_index, random_columns
from .problem import Problem, assemble
from .quadrature import Quadrature
from .residuals import SimulatedResiduals, simulated_residuals
from .separation import check_separation
from .varcorr import varcorr_table
from .variance_shares import icc_table, r_squared, random_variances

#: predicted decrease of F at which the optimisation stops
TOLERANCE = 1e-10


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
    def joint_covariance(self) -> Floats:
        """Covariance of (b, psi) in the data's units, the uncertainty of theta included."""
        m = self.problem.layout.n_theta
        values, vectors = np.linalg.eigh(self.optimum.hessian)
        fine = values > 1e-7 * values.max()
        inverse = 2.0 * (vectors[:, fine] / values[fine]) @ vectors[:, fine].T
        out: Floats = self.back @ inverse[m:, m:] @ self.back.T
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


# --- fitting -------------------------------------------------------------------------------------------------


def find_optimum(target: Laplace, n_agq: int, start: Floats) -> GlmmOptimum:
    """Minimise F from a start; a fit at the boundary is started again from the interior."""
    function: Laplace | Quadrature = target if n_agq == 1 else Quadrature(target, n_agq)
    tolerance = TOLERANCE if n_agq == 1 else 1e-8
    layout = target.layout
    m = layout.n_theta
    best = minimise(function, start[None], None, tolerance, 120)
    omega, value, converged = best.theta[0], float(best.value[0]), bool(best.converged[0])
    restarts, optima = 0, 1
    if at_boundary(layout, omega[None, :m])[0] or not converged:
        target.reset()
        lifted = omega.copy()
        lifted[:m] = np.where(layout.diagonal & (np.abs(omega[:m]) < 0.1), 0.4, omega[:m] * layout.diagonal)
        again = minimise(function, lifted[None], None, tolerance, 120)
        restarts = 1
        if again.converged[0] and (again.value[0] < value - 1e-7 or not converged):
            optima += int(bool(converged))
            omega, value, converged = again.theta[0], float(again.value[0]), True
    omega = omega.copy()
    omega[:m] = layout.fold(omega[None, :m])[0]
    singular = bool(at_boundary(layout, omega[None, :m])[0])
    if singular:
        snapped = omega.copy()
        snapped[:m] = np.where(layout.diagonal & (omega[:m] < BOUNDARY), 0.0, omega[:m])
        if function(snapped[None])[0][0] <= value + 1e-6:
            omega = snapped
    values, gradient = function(omega[None])
    hessian = central_hessian(function, omega)
    return GlmmOptimum(
        omega[:m],
        omega,
        float(values[0]),
        gradient[0],
        hessian,
        bool(converged),
        singular,
        optima,
        restarts,
        function.evaluations,
    )


def central_hessian(function: Laplace | Quadrature, omega: Floats) -> Floats:
    """Hessian by central differences of the gradient."""
    step = 1e-4 if isinstance(function, Laplace) else 1e-3
    zero = np.zeros(1, dtype=np.int64)
    gradient = function(omega[None])[1]
    forward = difference_hessian(function, omega[None], gradient, zero, step)[0]
    backward = difference_hessian(function, omega[None], gradient, zero, -step)[0]
    out: Floats = 0.5 * (forward + backward)
    return out


def prepare_general(parsed: ParsedFormula, rows: CleanRows, design: Design) -> Problem:
    """Checks and assembly shared by glmer and clmm."""
    if not parsed.random:
        raise ModelError(f"formula {parsed.text!r} has no random term such as (1 | group)")
    check_groups(design, n_limit=False)
    return assemble(parsed, rows, design, None, centre_response=False)


def laplace_for(problem: Problem, family: Family) -> Laplace:
    """The objective of a problem: distinct columns of Z and internal columns of X."""
    used = sorted({int(i) for z in problem.scaled.z for i in z})
    place = {column: k for k, column in enumerate(used)}
    z = [np.array([place[int(i)] for i in at]) for at in problem.scaled.z]
    columns = np.ascontiguousarray(problem.scaled.columns[:, used])
    x = np.ascontiguousarray(problem.scaled.columns[:, problem.scaled.x])
    return Laplace(problem.structure, problem.layout, columns, z, x, problem.design.offset, family)


def fit_general(problem: Problem, family: Family, n_agq: int, kind: type[GlmmFit] = GlmmFit) -> GlmmFit:
    """Fit a prepared problem.

    Raises
    ------
    ModelError
        Quadrature asked for something else than one random intercept; perfect separation; answers of one row per level.
    ConvergenceError
        No stationary point was reached.
    """
    if n_agq < 1:
        raise ModelError(f"n_agq={n_agq}: at least 1 (Laplace)")
    if n_agq > 1 and (len(problem.groupings) > 1 or problem.layout.n_theta > 1):
        raise ModelError("n_agq > 1 is for one random intercept; use n_agq=1 (Laplace) for this model")
    if family.name == "cumulative-logit" or (isinstance(family, Binomial) and family.trials.max() <= 1.0):
        check_repeats(problem.groupings, problem.n)
    target = laplace_for(problem, family)
    check_separation(problem, family, target.x)
    psi = family.start_psi()
    beta = start_coefficients(family, target.x, target.offset, psi)
    start = np.concatenate([0.7 * problem.layout.start(), beta, psi])
    best = find_optimum(target, n_agq, start)
    if not best.converged:
        raise ConvergenceError(
            f"{problem.parsed.text!r} did not converge: F = {best.value:.6g}, largest gradient "
            f"{np.abs(best.gradient).max():.2g}; simplify the random part or look for separation"
        )
    if best.singular:
        what = "; ".join(singular_directions(problem, best.theta)) or "a variance is zero"
        warnings.warn(
            f"singular fit: {what}. The estimate lies at the boundary; a simpler random part says the same",
            SingularFitWarning,
            stacklevel=4,
        )
    return kind(problem, family, target, n_agq, best)
