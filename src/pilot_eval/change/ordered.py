"""An ordered outcome: a cumulative logit model, and its odds ratio averaged over the random effects.

The coefficients of such a model are those of one group with its own effects; they grow with the spread of the effects,
of which few answers a group tell little. The odds ratio of the population (Zeger, Liang & Albert 1988, Biometrics 44,
1049-1060) is exp(b / sqrt(1 + c² v)) with c = 16 sqrt(3) / (15 pi) and v the variance of the effects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilot_eval.change.population import predictors, put

if TYPE_CHECKING:
    from pilot_eval.mixed.draws import Parameters
    from pilot_eval.mixed.glmm import GlmmFit

Floats = NDArray[np.float64]
#: Squared ratio of the scales of the logistic and the normal distribution.
ATTENUATION = (16 * np.sqrt(3) / (15 * np.pi)) ** 2


def fit_ordered(formula: str, rows: pd.DataFrame) -> GlmmFit:
    """A cumulative logit model; a binary one where the outcome has two levels, which is the same model.

    Raises
    ------
    ModelError
        When it cannot be fitted.
    """
    from pilot_eval.mixed import clmm, glmer

    response = formula.partition("~")[0].strip()
    levels = sorted(rows[response].unique())
    if len(levels) != 2:
        return clmm(formula, rows)
    return glmer(formula, rows.assign(**{response: (rows[response] == levels[-1]).astype("float64")}), "binomial")


def population_change(fit: GlmmFit, drawn: Parameters, before: pd.DataFrame, after: pd.DataFrame) -> Floats:
    """Log odds ratio of the population from one row to another, (draws,); the variance is the mean of both rows'."""
    first, first_variance = predictors(drawn, put(fit, before))
    last, last_variance = predictors(drawn, put(fit, after))
    spread = (first_variance + last_variance) / 2
    found: Floats = ((last - first) / np.sqrt(1.0 + ATTENUATION * spread))[:, 0]
    return found
