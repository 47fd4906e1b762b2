"""Cumulative link mixed models (logit): logit P(Y <= j) = threshold_j - x'b - z'u."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ..arrays import Floats
from ..errors import ModelError
from .fit import GeneralizedFit
from .fitting import check_quadrature, find_optimum
from .predictions import linear_predictor
from .problem import prepare_ordered
from .response import label
from .wald import WaldBasis


@dataclass(frozen=True)
class ClmmFit(GeneralizedFit):
    """A fitted cumulative link mixed model; `se` and `vcov` hold thresholds first, then coefficients."""

    def named_beta(self, beta: Floats) -> Floats:
        out: Floats = self.problem.scaled.x_back[1:, 1:] @ beta
        return out

    @property
    def categories(self) -> list[str]:
        """The answers in order."""
        return [label(v) for v in self.problem.response.labels]

    @property
    def parameter_names(self) -> list[str]:
        names = [f"{a}|{b}" for a, b in zip(self.categories, self.categories[1:], strict=False)]
        return names + self.problem.names[1:]

    @cached_property
    def thresholds(self) -> pd.Series:
        """Cut points of the latent scale, named ``1|2``, ``2|3``, …"""
        family = self.problem.response.family
        # centred columns moved the origin by the intercept that they imply
        values = family.thresholds(self.extra) - self.problem.scaled.x_back[0, 1:] @ self._split[1]
        return pd.Series(values, index=self.parameter_names[: len(values)], name="estimate")

    @property
    def to_data(self) -> Floats:
        family, back = self.problem.response.family, self.problem.scaled.x_back
        k, p = len(self.extra), len(self.beta)
        out = np.zeros((k + p, k + p))
        out[:k, :k] = family.jacobian(self.extra)
        out[:k, k:] = -back[0, 1:]
        out[k:, k:] = back[1:, 1:]
        return out

    @cached_property
    def covariance(self) -> Floats:
        k = len(self.extra)
        return self.covariance_named[k:, k:]

    def mean_basis(self) -> WaldBasis:
        """Coefficients with the intercept -mean(thresholds), so that marginal means are on the latent scale."""
        k, p = len(self.extra), len(self.beta)
        m = np.zeros((1 + p, k + p))
        m[0, :k] = -1.0 / k
        m[1:, k:] = np.eye(p)
        return WaldBasis(m @ self.covariance_named @ m.T, m @ np.r_[self.thresholds.to_numpy(), self.beta])

    @property
    def response(self) -> Floats:
        """Answers coded from 0."""
        out: Floats = self.problem.response.family.y.astype(float)
        return out

    def predict(
        self, new: pd.DataFrame | None = None, re: str = "all", kind: str = "probabilities"
    ) -> pd.DataFrame | pd.Series:
        """Probabilities of the answers (n, categories) for new rows, or for the rows used.

        Parameters
        ----------
        re
            "all": with the conditional modes (zero for groups not seen); "none": the fixed part alone.
        kind
            "probabilities", or "link": the linear predictor x'b + z'u.
        """
        if kind not in ("probabilities", "link"):
            raise ModelError(f"predict: kind {kind!r} is not 'probabilities' or 'link'")
        eta = linear_predictor(self, new, re, None)
        index = (self.problem.rows.data if new is None else new).index
        if kind == "link":
            return pd.Series(eta, index=index, name="predicted")
        family = self.problem.response.family
        shift = float(self.problem.scaled.x_back[0, 1:] @ self._split[1])
        return pd.DataFrame(family.probabilities(eta + shift, self.extra), index=index, columns=self.categories)

    def residuals(self, kind: str = "probability") -> pd.Series:
        """Residuals of the rows used.

        Parameters
        ----------
        kind
            "probability": P(lower answer) - P(higher answer), at the conditional modes (Li & Shepherd 2012);
            "simulated": scaled quantile residuals from 250 simulations with seed 1 (see `simulated_residuals`).
        """
        if kind == "simulated":
            from .simulated import simulated_residuals

            return simulated_residuals(self).residuals
        if kind != "probability":
            raise ModelError(f"residuals: kind {kind!r} is not 'probability' or 'simulated'")
        return pd.Series(-self.inner.rows.d1, index=self.problem.rows.data.index, name=kind)

    def refit(self, y: Any) -> ClmmFit:
        """The same model for other answers of the rows used, coded from 0."""
        codes = np.asarray(y)
        if codes.shape != self.response.shape or set(np.unique(codes)) != set(range(len(self.categories))):
            raise ModelError(f"refit: give {self.nobs} codes, with each of 0 … {len(self.categories) - 1} in use")
        return self.refit_family(replace(self.problem.response.family, y=codes.astype(np.int64)))


def clmm(formula: str, data: pd.DataFrame, n_agq: int = 1) -> ClmmFit:
    """Fit a cumulative logit mixed model by maximum likelihood.

    Parameters
    ----------
    formula
        lme4's notation; the response is one column of ordered answers (a categorical in its own order, numbers
        in theirs). The thresholds take the place of the intercept.
    n_agq
        1: Laplace; more: nodes of adaptive Gauss-Hermite quadrature, for one random intercept.

    Raises
    ------
    ModelError
        What makes the model meaningless for these data; names the variable and the remedy.
    ConvergenceError
        No optimum was reached.
    """
    problem = prepare_ordered(formula, data)
    check_quadrature(problem, n_agq)
    return ClmmFit(problem, n_agq, find_optimum(problem, n_agq))
