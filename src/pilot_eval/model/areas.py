"""Change by area: the raw difference of means, and the model's estimate drawn towards the change overall."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pilot_eval.change.contrasts import slope, start
from pilot_eval.change.fitting import Fitted, overall
from pilot_eval.change.rows import organisations

if TYPE_CHECKING:
    from pilot_eval.mixed.lmm import LmmFit

GROUP = "area"
#: Why an area's modelled change is not its own: it has answers at one wave only, or the model has no slope by area.
BORROWED, ABSENT, NO_SLOPE = "u", "x", "z"


def area_changes(fitted: Fitted, areas: Sequence[str], first: str, last: str) -> pd.DataFrame:
    """Change of every area of the study.

    Parameters
    ----------
    fitted : Fitted
        A fit, or a refused one: then raw changes alone.
    areas : sequence of str
    first, last : str
        Waves.

    Returns
    -------
    DataFrame
        One row an area: ``area, n, n_first, n_last`` (answers), ``n_organisations``, ``n_organisations_least`` (at the
        wave with fewer), ``raw`` (difference of the means of all answers), ``estimate, se, low, high, status``. The
        standard error is that of the area's own change (fixed and random part) from the mixed-model equations, the
        covariance parameters taken as known.
    """
    rows = fitted.rows
    found = []
    for area in areas:
        own = rows.loc[rows["area"] == area]
        ends = [own.loc[own["wave"] == wave] for wave in (first, last)]
        begun, ended = (end["value"] for end in ends)
        raw = float(ended.mean() - begun.mean()) if len(begun) and len(ended) else float("nan")
        thinner = min(organisations(end) or 0 for end in ends) or None
        found.append((area, own["respondent"].nunique(), len(begun), len(ended), organisations(own), thinner, raw))
    columns = ["area", "n", "n_first", "n_last", "n_organisations", "n_organisations_least", "raw"]
    table = pd.DataFrame(found, columns=columns).astype(dict.fromkeys(columns[1:-1], "Int64"))
    modelled = _modelled(fitted, first, last)
    for column in ("estimate", "se", "low", "high"):
        table[column] = table["area"].map(modelled[column]).astype("float64")
    status = np.where(table["raw"].isna(), BORROWED, "")
    status = np.where(table["estimate"].isna(), ABSENT, status)
    if fitted.fit is not None and modelled.empty:
        status = np.full(len(table), NO_SLOPE)
    table["status"] = pd.Series(status, dtype="str")
    return table


def _modelled(fitted: Fitted, first: str, last: str) -> pd.DataFrame:
    """``estimate se low high`` by area; empty when the model gives areas no change of their own."""
    from scipy.special import ndtri

    from pilot_eval.mixed.effects import error_covariance, factor_index, modes_table

    empty = pd.DataFrame(columns=["estimate", "se", "low", "high"], dtype="float64")
    step = _own_step(fitted, first, last)
    if step is None or fitted.fit is None or fitted.change is None or fitted.change.overall is None:
        return empty
    fit = fitted.fit
    factor = factor_index(fit, GROUP)
    modes = modes_table(fit, factor)
    fixed = fitted.change.overall.reindex(fit.fixef.index).to_numpy()
    own = step.reindex(modes.columns).to_numpy()
    weight = np.concatenate([fixed, own])
    estimate = float(fixed @ fit.fixef.to_numpy()) + modes.to_numpy() @ own
    variance = np.einsum("i,nij,j->n", weight, error_covariance(fit, factor), weight)
    se = np.sqrt(np.maximum(variance, 0.0))
    half = float(ndtri(0.975)) * se
    return pd.DataFrame(
        {"estimate": estimate, "se": se, "low": estimate - half, "high": estimate + half}, index=modes.index
    )


def variation(fitted: Fitted, first: str, last: str) -> dict[str, float | None]:
    """How much areas differ.

    Returns
    -------
    dict
        ``sd_change`` and ``sd_start`` between areas, ``icc_area`` (share of the areas in the variance at the first
        wave), ``new_low`` and ``new_high`` (range of the change of a further area, by t with areas - 2 degrees of
        freedom: Higgins, Thompson & Spiegelhalter 2009); None where the model has no such part.
    """
    from scipy.special import stdtrit

    names = ("sd_change", "sd_start", "icc_area", "new_low", "new_high")
    found: dict[str, float | None] = dict.fromkeys(names)
    fit = fitted.fit
    if fit is None or GROUP not in fit.ngroups:
        return found
    at_start = _variances(fitted, first)
    found["sd_start"] = float(np.sqrt(at_start[GROUP]))
    total = sum(at_start.values()) + fit.sigma**2
    found["icc_area"] = at_start[GROUP] / total if total > 0 else None
    step = _own_step(fitted, first, last)
    if step is None:
        return found
    spread = _quadratic(fit, GROUP, step)
    estimate = overall(fitted)
    half = float(stdtrit(max(fit.ngroups[GROUP] - 2, 1), 0.975)) * float(np.sqrt(spread + estimate["se"] ** 2))
    found["sd_change"] = float(np.sqrt(spread))
    found["new_low"], found["new_high"] = float(estimate["estimate"]) - half, float(estimate["estimate"]) + half
    return found


def _own_step(fitted: Fitted, first: str, last: str) -> pd.Series | None:
    """What an area's effects add to its change; None when they add nothing."""
    columns = fitted.specification.columns_of(GROUP) if fitted.specification else None
    if columns is None:
        return None
    step = slope(columns, fitted.rows, first, last)
    return step if (step != 0).any() else None


def _variances(fitted: Fitted, wave: str) -> dict[str, float]:
    """Variance at a wave due to each group."""
    assert fitted.specification is not None and fitted.fit is not None
    return {
        group: _quadratic(fitted.fit, group, start(fitted.specification.columns_of(group) or "0", fitted.rows, wave))
        for group in fitted.specification.groups
    }


def _quadratic(fit: LmmFit, group: str, weights: pd.Series) -> float:
    from pilot_eval.mixed.effects import factor_index

    factor = factor_index(fit, group)
    own = weights.reindex(fit.problem.groupings[factor].columns).to_numpy()
    return max(float(own @ fit.covariances[factor] @ own), 0.0)
