"""Linear mixed models of an outcome that is known for some rows only to exceed a value (right-censored).

A wait that is not over yet says "at least this long" (Hughes 1999, Biometrics 55, 625-629). The machinery of
generalised models fits it by Laplace's approximation; without censored rows that is exact, and the fit is that of
`lmer` by ML.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .censored import CensoredNormal
from .design import build
from .errors import ModelError
from .estimate_general import fit_general, prepare_general
from .formula import parse
from .frame import clean
from .glmm import GlmmFit


@dataclass(frozen=True, eq=False)
class TobitFit(GlmmFit):
    """A fitted linear mixed model of a right-censored outcome."""

    @property
    def sigma(self) -> float:
        """Residual standard deviation in the outcome's units."""
        return float(np.exp(self.psi[0]))

    @property
    def _residual_variance(self) -> float:
        return self.sigma**2


def tobit(formula: str, data: pd.DataFrame, seen: str, n_agq: int = 1, offset: Any = None) -> TobitFit:
    """Fit a linear mixed model to a right-censored outcome, by maximum likelihood.

    Parameters
    ----------
    formula
        lme4's notation.
    seen
        Column of the data: 1 or True where the outcome itself is known, 0 or False where it is known to be at least
        the value that stands there.
    n_agq
        1: Laplace; more: nodes of adaptive quadrature, for one random intercept.

    Raises
    ------
    ModelError
        A column that holds something else, no outcome seen, or whatever `lmer` refuses.
    """
    parsed = parse(formula, getattr(data, "columns", ()))
    if parsed.trials is not None:
        raise ModelError("tobit: cbind(...) is a binomial outcome; use glmer")
    if seen not in getattr(data, "columns", ()):
        raise ModelError(f"tobit: there is no variable {seen!r} in the data")
    known = data.loc[data[seen].notna()]
    rows = clean(parsed, known, None, offset)
    flags = known[seen].to_numpy(dtype=float)[rows.keep]
    wrong = (flags != 0) & (flags != 1)
    if wrong.any():
        where = rows.data.index[wrong][0]
        raise ModelError(f"{seen!r} must be 1 (seen) or 0 (censored); row {where} holds {flags[wrong][0]:g}")
    if not flags.any():
        raise ModelError(f"{seen!r} is 0 in all {len(flags)} rows used: no outcome was seen; there is nothing to model")
    design = build(parsed, rows)
    problem = prepare_general(parsed, rows, design)
    if np.ptp(design.y) == 0:
        raise ModelError(
            f"the outcome {parsed.response!r} is constant ({design.y[0]:g} in all {len(design.y)} rows used); "
            "there is nothing to model"
        )
    fit = fit_general(problem, CensoredNormal(design.y, flags == 1), n_agq, TobitFit)
    assert isinstance(fit, TobitFit)
    return fit
