"""Double programming: how far the kernel's answer and that of statsmodels lie apart, with a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .errors import ModelError

if TYPE_CHECKING:
    from .lmm import LmmFit

#: what counts as agreement: log-likelihood, and fixed effects in standard errors
LOGLIK, COEFFICIENT = 0.01, 0.01


@dataclass(frozen=True)
class Agreement:
    """Two programs' answers to one model.

    Attributes
    ----------
    verdict : str
        "agree"; "theirs is worse": their log-likelihood is lower, so they stopped early or at a false optimum;
        "disagree".
    loglik : float
        Ours less theirs.
    coefficients : float
        Largest difference of the fixed effects, in our standard errors.
    deviations : float
        Largest difference of the random effects' standard deviations, in residual standard deviations.
    optimiser : str
        Of their attempts the one that was kept.
    converged, singular : bool
        What they say of their fit.
    table : DataFrame
        `kernel statsmodels`, a row each fixed effect and standard deviation.
    """

    verdict: str
    loglik: float
    coefficients: float
    deviations: float
    optimiser: str
    converged: bool
    singular: bool
    table: pd.DataFrame


def agreement(fit: LmmFit) -> Agreement:
    """Fit the same model with statsmodels' MixedLM and compare.

    Raises
    ------
    ModelError
        statsmodels has no such model (prior weights, crossed groups, correlated columns below the top group), or no
        optimiser of it got anywhere.
    """
    from .second_fit import NoSecondFit, second_fit

    problem = fit.problem
    if problem.weights is not None:
        raise ModelError("agreement: statsmodels' MixedLM has no prior weights")
    rows = problem.rows.data
    response = problem.parsed.response
    offset = problem.rows.offset
    if response in rows:  # a refit's outcome is not the data's
        rows = rows.assign(**{response: fit.response if offset is None else fit.response - offset})
    try:
        theirs = second_fit(fit.formula, rows, fit.reml)
    except NoSecondFit as error:
        raise ModelError(f"agreement: statsmodels cannot fit this model: {error}") from error
    other = theirs.fixef.reindex(fit.fixef.index)
    coefficients = float(((fit.fixef - other) / fit.se).abs().max()) if len(other) else 0.0
    loglik = float(fit.loglik - theirs.loglik)
    spread = _beside(fit.varcorr, theirs.varcorr)
    deviations = float((spread["kernel"] - spread["statsmodels"]).abs().max()) / fit.sigma
    if abs(loglik) <= LOGLIK and coefficients <= COEFFICIENT:
        verdict = "agree"
    else:
        verdict = "theirs is worse" if loglik > LOGLIK else "disagree"
    table = pd.concat([pd.DataFrame({"kernel": fit.fixef, "statsmodels": other}), spread])
    table.index.name = "term"
    return Agreement(
        verdict, loglik, coefficients, deviations, theirs.optimiser, theirs.converged, theirs.singular, table
    )


def _beside(ours: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    """Standard deviations of the random effects and the residual, side by side."""
    first, second = _deviations(ours), _deviations(theirs)
    return pd.DataFrame({"kernel": pd.Series(first), "statsmodels": pd.Series({name: second[name] for name in first})})


def _deviations(varcorr: pd.DataFrame) -> dict[str, float]:
    plain = varcorr.loc[varcorr["term2"].fillna("") == ""]
    names = zip(plain["group"], plain["term1"].fillna(""), plain["sdcor"], strict=True)
    return {f"sd({term}|{group})" if term else "sigma": float(np.float64(value)) for group, term, value in names}
