"""Start and change of every area, as observed and as the model has them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pilot_eval.change.fitting import Fitted
from pilot_eval.change.planned import AREA
from pilot_eval.change.rows import organisations
from pilot_eval.model.start_model import TIME, relates

COLUMNS = ("area", "n", "n_first", "units", "units_first", "mean_first", "start", "estimate", "status")


def area_starts(fitted: Fitted, areas: Sequence[str], first: str, last: str) -> pd.DataFrame:
    """Start and change of every area of the study.

    Parameters
    ----------
    fitted : Fitted
        With start and change as effects of areas, or refused.
    areas : sequence of str
    first, last : str
        Waves.

    Returns
    -------
    DataFrame
        One row an area: respondents and organisations in all (``n, units``) and at the first wave, ``mean_first`` (of
        all its answers), ``start`` and ``estimate``: modelled start (roles weighted by their shares) and change.
        ``status``: u, answers at one wave only; x, none.
    """
    modelled = _modelled(fitted, first)
    found = []
    for area in areas:
        own = fitted.rows.loc[fitted.rows[AREA] == area]
        begun = own.loc[own["wave"] == first]
        both = len(begun) and (own["wave"] == last).any()
        mean = float(begun["value"].mean()) if len(begun) else np.nan
        start, estimate = modelled.loc[area] if area in modelled.index else (np.nan, np.nan)
        numbers = own["respondent"].nunique(), begun["respondent"].nunique()
        units = organisations(own) or 0, organisations(begun) or 0
        found.append((area, *numbers, *units, mean, start, estimate, "" if both else "u" if len(own) else "x"))
    return pd.DataFrame(found, columns=list(COLUMNS))


def _modelled(fitted: Fitted, first: str) -> pd.DataFrame:
    """``start, estimate`` by area; empty when the model gives areas no start and change."""
    from pilot_eval.mixed.effects import factor_index, modes_table

    if fitted.fit is None or fitted.specification is None or not relates(fitted.specification, AREA):
        return pd.DataFrame(columns=["start", "estimate"], dtype="float64")
    assert fitted.change is not None and fitted.change.overall is not None
    fit = fitted.fit
    modes = modes_table(fit, factor_index(fit, AREA))
    rows = fitted.rows.assign(_fixed=fit.predict(re="none").to_numpy())
    by_role = rows.loc[rows["wave"] == first].groupby("role", observed=True)["_fixed"].mean()
    shares = pd.Series(fitted.change.weights).reindex(by_role.index).fillna(0.0)
    start = float((by_role * shares).sum() / shares.sum())
    overall = float(fitted.change.overall.reindex(fit.fixef.index).to_numpy() @ fit.fixef.to_numpy())
    return pd.DataFrame({"start": start + modes["Intercept"], "estimate": overall + modes[TIME]})
