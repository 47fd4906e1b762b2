"""From data to a fitted generalised model: `glmer`, and what outcomes its families take."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .arrays import Floats
from .design import build, evaluate
from .errors import ModelError
from .estimate_general import fit_general, prepare_general
from .families import Binomial, Family, NegativeBinomial, Poisson
from .formula import ParsedFormula, parse
from .frame import CleanRows, clean
from .glmm import GlmmFit

FAMILIES = ("binomial", "poisson", "negative-binomial")
#: a count whose own scatter is lost in rounding
LARGEST_COUNT = 1e9


def glmer(
    formula: str, data: pd.DataFrame, family: str, n_agq: int = 1, weights: Any = None, offset: Any = None
) -> GlmmFit:
    """Fit a generalised linear mixed model.

    Parameters
    ----------
    formula
        lme4's notation; a binomial outcome may be ``cbind(k, n - k)``.
    family
        "binomial" (logit), "poisson" (log) or "negative-binomial" (log, Var = mu + mu^2 / dispersion).
    n_agq
        1: Laplace; more: nodes of adaptive Gauss-Hermite quadrature, for one random intercept.
    weights
        Binomial shares: the numbers of trials.
    offset
        Added to the linear predictor, for instance the log of the exposure.

    Raises
    ------
    ModelError
        An outcome the family cannot take, perfect separation, or whatever `lmer` refuses.
    ConvergenceError
        No stationary point was reached.
    """
    if family not in FAMILIES:
        raise ModelError(f"family={family!r} is not one of {', '.join(map(repr, FAMILIES))}")
    parsed = parse(formula, getattr(data, "columns", ()))
    if parsed.trials is not None and family != "binomial":
        raise ModelError(f"cbind(...) is a binomial outcome, not {family}")
    rows = clean(parsed, data, weights, offset, numeric_response=family != "binomial")
    y, trials = _outcome(parsed, rows, family)
    design = build(parsed, rows, y)
    problem = prepare_general(parsed, rows, design)
    made: Family
    if family == "binomial":
        made = Binomial(y, trials)
    elif family == "poisson":
        made = Poisson(y)
    else:
        made = NegativeBinomial(y)
    return fit_general(problem, made, n_agq)


def _outcome(parsed: ParsedFormula, rows: CleanRows, family: str) -> tuple[Floats, Floats]:
    """Shares and trials for a binomial outcome, counts (and ones) otherwise."""
    name, data = parsed.response, rows.data
    if family != "binomial":
        if rows.weights is not None:
            raise ModelError(f"weights: {family} models take none; an exposure is an offset, log(exposure)")
        y = evaluate(name, data)
        bad = (y < 0) | (y != np.round(y))
        if bad.any():
            where = data.index[bad][0]
            raise ModelError(f"{name!r} must hold counts (0, 1, 2, …); row {where} holds {y[bad][0]:g}")
        if y.max() > LARGEST_COUNT:
            where = int(np.argmax(y))
            raise ModelError(
                f"{name!r} holds the count {y[where]:g} (row {data.index[where]}); beyond {LARGEST_COUNT:g} counts are "
                "measurements: model their logarithm with lmer, or count in larger units"
            )
        if not y.any():
            raise ModelError(f"the outcome {name!r} is 0 in all rows used; there is nothing to model")
        return y, np.ones(len(y))
    if parsed.trials is not None:
        k, rest = evaluate(name, data), evaluate(parsed.trials, data)
        for what, values in ((name, k), (parsed.trials, rest)):
            bad = (values < 0) | (np.abs(values - np.round(values)) > 1e-8)
            if bad.any():
                raise ModelError(
                    f"{what!r} must hold counts of trials; row {data.index[bad][0]} holds {values[bad][0]:g}"
                )
        if rows.weights is not None:
            raise ModelError("cbind(...) counts the trials itself; leave the weights out, or give shares and weights")
        trials = k + rest
        if (trials <= 0).any():
            raise ModelError(f"row {data.index[trials <= 0][0]} has no trials; leave such rows out")
        for what, values in ((name, k), (parsed.trials, rest)):
            if not values.any():
                raise ModelError(f"{what!r} is 0 in all {len(k)} rows used; there is nothing to model")
        return k / trials, trials
    y = _zero_one(name, data)
    trials = np.ones(len(y)) if rows.weights is None else rows.weights
    bad = (y < 0) | (y > 1) | (np.abs(y * trials - np.round(y * trials)) > 1e-6)
    if bad.any():
        raise ModelError(
            f"{name!r} must be 0 or 1 (or a share of trials with the trials as weights); "
            f"row {data.index[bad][0]} holds {y[bad][0]:g}"
        )
    if np.ptp(y) == 0:
        raise ModelError(f"the outcome {name!r} is {y[0]:g} in all {len(y)} rows used; there is nothing to model")
    return y, trials


def _zero_one(name: str, data: pd.DataFrame) -> Floats:
    column = data.get(name)
    if column is not None and isinstance(column.dtype, pd.CategoricalDtype):
        levels = list(column.cat.categories)
        if len(levels) != 2:
            raise ModelError(
                f"{name!r} has {len(levels)} categories; a binomial outcome has two (the first is failure)"
            )
        return (column.cat.codes == 1).to_numpy(dtype=float)
    return evaluate(name, data)
