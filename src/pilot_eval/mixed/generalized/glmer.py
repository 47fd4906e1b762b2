"""Generalised linear mixed models: binomial, Poisson, negative binomial."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ..arrays import Floats
from ..errors import ModelError
from .counts import NegativeBinomial
from .fit import GeneralizedFit
from .fitting import check_quadrature, find_optimum
from .predictions import linear_predictor
from .problem import prepare

RESIDUALS = ("response", "pearson", "deviance", "working", "simulated")


@dataclass(frozen=True)
class GlmmFit(GeneralizedFit):
    """A fitted generalised linear mixed model; see `glmer`."""

    def named_beta(self, beta: Floats) -> Floats:
        return self.problem.scaled.coefficients(beta)

    @property
    def to_data(self) -> Floats:
        extra = np.zeros((len(self.beta), len(self.extra)))
        return np.hstack([extra, self.problem.scaled.x_back])

    @property
    def dispersion(self) -> float:
        """NB2's dispersion: Var = mu + mu^2 / dispersion.

        Raises
        ------
        ModelError
            The family has none.
        """
        if not isinstance(self.problem.response.family, NegativeBinomial):
            raise ModelError(f"the {self.family} family has no dispersion parameter; use family='negative-binomial'")
        return NegativeBinomial.dispersion(self.extra)

    @property
    def response(self) -> Floats:
        """The response as the family holds it: 0/1, successes or counts."""
        out: Floats = self.problem.response.family.y
        return out

    @property
    def fitted(self) -> pd.Series:
        """Conditional expectations of the rows used: probabilities, shares or counts."""
        return self.predict()

    def predict(
        self, new: pd.DataFrame | None = None, re: str = "all", kind: str = "response", offset: Any = None
    ) -> pd.Series:
        """Expectations for new rows, or for the rows used.

        Parameters
        ----------
        re
            "all": with the conditional modes (zero for groups not seen); "none": the fixed part alone.
        kind
            "response" (probability or count) or "link" (linear predictor).
        """
        if kind not in ("response", "link"):
            raise ModelError(f"predict: kind {kind!r} is not 'response' or 'link'")
        eta = linear_predictor(self, new, re, offset)
        index = (self.problem.rows.data if new is None else new).index
        values = eta if kind == "link" else self.problem.response.family.mean(eta)
        return pd.Series(values, index=index, name="predicted")

    def residuals(self, kind: str = "deviance") -> pd.Series:
        """Residuals of the rows used, at the conditional modes.

        Parameters
        ----------
        kind
            "deviance" (lme4's default), "pearson", "response", "working", or "simulated": scaled quantile residuals
            from 250 simulations with seed 1 (see `simulated_residuals`), uniform where the model holds.
        """
        if kind not in RESIDUALS:
            raise ModelError(f"residuals: kind {kind!r} is not one of {', '.join(map(repr, RESIDUALS))}")
        if kind == "simulated":
            from .simulated import simulated_residuals

            return simulated_residuals(self).residuals
        family, eta = self.problem.response.family, self.inner.eta
        out = family.observed - family.mean(eta)
        if kind == "pearson":
            out = out * np.sqrt(family.weight / family.variance(eta, self.extra))
        elif kind == "working":
            out = out / (family.mean(eta) * (1.0 - family.mean(eta)) if family.name == "binomial" else family.mean(eta))
        elif kind == "deviance":
            out = np.sign(out) * np.sqrt(np.maximum(family.deviance(eta, self.extra), 0.0))
        return pd.Series(out, index=self.problem.rows.data.index, name=kind)

    def refit(self, y: Any) -> GlmmFit:
        """The same model for another response of the rows used, coded as `response`."""
        y = np.asarray(y, dtype=float)
        if y.shape != self.response.shape:
            raise ModelError(f"refit: {y.shape} values for {self.nobs} rows; give one per row used")
        return self.refit_family(replace(self.problem.response.family, y=y))


def glmer(
    formula: str,
    data: pd.DataFrame,
    family: str,
    n_agq: int = 1,
    weights: Any = None,
    offset: Any = None,
) -> GlmmFit:
    """Fit a generalised linear mixed model by maximum likelihood.

    Parameters
    ----------
    formula
        lme4's notation: ``y ~ x + (x | group)``, ``cbind(k, n - k) ~ …``, ``offset(log(n))``.
    family
        "binomial" (logit), "poisson" (log) or "negative-binomial" (NB2, log; `.dispersion`).
    n_agq
        1: Laplace; more: nodes of adaptive Gauss-Hermite quadrature, for one random intercept.
    weights
        Column name or values: prior weights; with shares as binomial response their numbers of trials.
    offset
        Column name or values added to the linear predictor.

    Raises
    ------
    ModelError
        What makes the model meaningless for these data, separation included; names the variable and the remedy.
    ConvergenceError
        No optimum was reached.
    """
    problem = prepare(formula, data, family, weights, offset)
    check_quadrature(problem, n_agq)
    return GlmmFit(problem, n_agq, find_optimum(problem, n_agq))
