"""Cumulative-link mixed models for ordered outcomes: logit P(Y <= j) = threshold_j - (x'b + z'u)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from .arrays import Floats
from .design import build
from .errors import ModelError
from .estimate_general import fit_general, prepare_general
from .families import CumulativeLogit
from .formula import parse
from .frame import clean
from .glmm import GlmmFit
from .problem import Problem


@dataclass(frozen=True, eq=False)
class ClmmFit(GlmmFit):
    """A fitted cumulative-logit mixed model; `fixef` holds b, `se` holds thresholds and b."""

    @property
    def levels(self) -> list[str]:
        """The outcome's categories, in order."""
        return [str(v) for v in ordered_levels(self.problem.rows.data[self.problem.parsed.response])]

    @cached_property
    def centring(self) -> Floats:
        """What the centring of X takes out of the linear predictor, per internal coefficient (p,)."""
        raw = self.problem.design.x[0, self.problem.scaled.kept]
        inner = self.problem.scaled.columns[0, self.problem.scaled.x]
        out: Floats = raw @ self.problem.scaled.x_back - inner
        return out

    @cached_property
    def back(self) -> Floats:
        p, q = len(self.problem.scaled.x), self.family.n_psi
        out = np.eye(p + q)
        out[:p, :p] = self.problem.scaled.x_back
        out[p:, :p] = self.centring
        return out

    @property
    def _threshold_shift(self) -> float:
        m, p = self.problem.layout.n_theta, len(self.beta)
        return float(self.centring @ self.optimum.omega[m : m + p])

    @cached_property
    def thresholds(self) -> pd.Series:
        """Thresholds in the data's units, named ``1|2``, ``2|3``, …"""
        values = (self.back @ self.optimum.omega[self.problem.layout.n_theta :])[len(self.beta) :]
        return pd.Series(values, index=self._threshold_names, name="estimate")

    @property
    def _threshold_names(self) -> list[str]:
        names = self.levels
        return [f"{a}|{b}" for a, b in pairwise(names)]

    @cached_property
    def se(self) -> pd.Series:
        """Standard errors of thresholds and coefficients, thresholds first."""
        p = len(self.beta)
        sd = np.sqrt(np.diag(self.joint_covariance))
        return pd.Series(np.r_[sd[p:], sd[:p]], index=[*self._threshold_names, *self.problem.names], name="se")

    def probabilities(self) -> pd.DataFrame:
        """Probability of each category for the rows used."""
        family = self.family
        assert isinstance(family, CumulativeLogit)
        values = family.probabilities(self.modes.eta, self.psi)
        return pd.DataFrame(values, index=self.problem.rows.data.index, columns=self.levels)


def ordered_levels(column: pd.Series) -> list[Any]:
    """Categories in order: a Categorical's own, numbers by value, text by code point."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return list(column.cat.categories)
    return sorted(column.unique().tolist())


def without_intercept(problem: Problem) -> Problem:
    """The thresholds stand for the intercept: its column goes, the others stay centred."""
    s = problem.scaled
    if not s.intercept:
        raise ModelError("clmm: keep the intercept in the formula; the thresholds take its place")
    inner = replace(s, x=s.x[1:], kept=s.kept[1:], x_back=s.x_back[1:, 1:], intercept=False)
    return replace(problem, scaled=inner)


def clmm(formula: str, data: pd.DataFrame, n_agq: int = 1, offset: Any = None) -> ClmmFit:
    """Fit a cumulative-logit mixed model to an ordered outcome.

    Parameters
    ----------
    formula
        lme4's notation; the outcome is a number, an ordered category or text (sorted by code point).
    n_agq
        1: Laplace; more: nodes of adaptive quadrature, for one random intercept.

    Raises
    ------
    ModelError
        Fewer than three categories (a binomial model fits two), more than 30, or whatever `glmer` refuses.
    """
    parsed = parse(formula, getattr(data, "columns", ()))
    if parsed.trials is not None:
        raise ModelError("clmm: cbind(...) is a binomial outcome; use glmer")
    rows = clean(parsed, data, None, offset, numeric_response=False)
    name = parsed.response
    if name not in rows.data:
        raise ModelError(f"clmm: the outcome {name!r} must be a column of the data")
    levels = ordered_levels(rows.data[name])
    if not 3 <= len(levels) <= 30:
        raise ModelError(
            f"clmm: the outcome {name!r} has {len(levels)} categories; three to thirty are needed "
            "(use glmer for two, lmer for a score)"
        )
    place = {v: i for i, v in enumerate(levels)}
    y = rows.data[name].map(place).to_numpy(dtype=float)
    design = build(parsed, rows, y)
    problem = without_intercept(prepare_general(parsed, rows, design))
    fit = fit_general(problem, CumulativeLogit(y, len(levels)), n_agq, ClmmFit)
    assert isinstance(fit, ClmmFit)
    return fit
