"""Change by area: the raw difference of means, and the model's estimate drawn towards the change overall."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilot_eval.change.fitting import Fitted
from pilot_eval.change.planned import AREA
from pilot_eval.change.rows import dominance, organisations
from pilot_eval.model.area_errors import AreaErrors

#: Why an area's modelled change is not its own: it has answers at one wave only, or the model has no slope by area.
BORROWED, ABSENT, NO_SLOPE = "u", "x", "z"
COUNTED = ("n", "n_first", "n_last", "n_organisations", "n_least", "n_organisations_least")
MODELLED = ("estimate", "se", "low", "high", "above_zero", "above_mean", "above_smallest", "se_known")


def area_changes(
    fitted: Fitted,
    areas: Sequence[str],
    first: str,
    last: str,
    errors: AreaErrors | None = None,
    smallest: float | None = None,
) -> pd.DataFrame:
    """Change of every area of the study.

    Parameters
    ----------
    fitted : Fitted
        A fit, or a refused one: then raw changes alone.
    areas : sequence of str
    first, last : str
        Waves.
    errors : AreaErrors, optional
        What is known of the areas' modelled changes; None: the model gives areas no change of their own.
    smallest : float, optional
        Smallest change that matters.

    Returns
    -------
    DataFrame
        One row an area: ``area, n, n_first, n_last`` (answers), ``n_organisations``; at the wave with fewest, of those
        at which anybody answered, ``n_least`` and ``n_organisations_least``; ``dominance`` at the worse one; ``raw``
        (difference of the means of all answers), ``alike`` (whether all answers of a wave are the same, so that it
        tells the other), then ``MODELLED`` and ``status``. ``se`` is
        that of the area's own change (fixed and random part), ``se_known`` the same with the covariance parameters
        taken as known; the probabilities are empirical Bayes, by the normal distribution.
    """
    rows = fitted.rows
    found = []
    for area in areas:
        own = rows.loc[rows[AREA] == area]
        ends = [own.loc[own["wave"] == wave] for wave in (first, last)]
        begun, ended = (end["value"] for end in ends)
        raw = float(ended.mean() - begun.mean()) if len(begun) and len(ended) else float("nan")
        held = [end for end in ends if len(end)]
        found.append(
            {"area": area, "n": own["respondent"].nunique(), "n_first": len(begun), "n_last": len(ended),
             "n_organisations": organisations(own), "n_least": min(map(len, held), default=None),
             "n_organisations_least": min(filter(None, map(organisations, held)), default=None),
             "dominance": min((most for most in map(dominance, held) if most is not None), default=None),
             "alike": any(end["value"].nunique() == 1 for end in held), "raw": raw}
        )  # fmt: skip
    types = {**dict.fromkeys(COUNTED, "Int64"), "dominance": "float64", "alike": "bool", "raw": "float64"}
    table = pd.DataFrame(found, columns=["area", *types]).astype(types)
    modelled = _modelled(errors, smallest)
    for column in MODELLED:
        table[column] = table["area"].map(modelled[column]).astype("float64")
    status = np.where(table["raw"].isna(), BORROWED, "")
    status = np.where(table["estimate"].isna(), ABSENT, status)
    if fitted.fit is not None and errors is None:
        status = np.full(len(table), NO_SLOPE)
    table["status"] = pd.Series(status, dtype="str")
    return table


def _modelled(errors: AreaErrors | None, smallest: float | None) -> pd.DataFrame:
    """Estimates, intervals and probabilities by area; empty when the model gives areas no change of their own."""
    if errors is None:
        return pd.DataFrame(columns=list(MODELLED), dtype="float64")
    table = pd.DataFrame({"estimate": errors.estimate, "se": errors.se, "low": errors.low, "high": errors.high})
    table["above_zero"] = _above(errors.estimate, errors.se)
    table["above_mean"] = _above(errors.deviation, errors.deviation_se)
    table["above_smallest"] = np.nan if smallest is None else _above(errors.estimate - smallest, errors.se)
    table["se_known"] = errors.se_known
    return table.set_index(errors.labels)


def _above(value: NDArray[np.float64], se: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probability that something estimated with an error is above zero; NaN where it has none."""
    from scipy.special import ndtr

    with np.errstate(divide="ignore", invalid="ignore"):
        found: NDArray[np.float64] = np.where(se > 0, ndtr(value / se), np.nan)
    return found
