"""Start and change of every area, as observed and as the model has them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pilot_eval.change.fitting import Fitted
from pilot_eval.change.planned import AREA
from pilot_eval.change.rows import dominance, organisations
from pilot_eval.model.start_model import TIME, relates

COLUMNS = (
    "area", "n", "n_first", "n_least", "units", "units_first", "dominance", "dominance_first", "mean_first", "alike",
    "start", "estimate", "status",
)  # fmt: skip


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
        One row an area: respondents, organisations and dominance in all (``n, units, dominance``) and at the first
        wave, respondents at the wave with fewest (``n_least``), ``mean_first`` (of all its answers; ``alike`` when
        they are all the same), ``start`` and ``estimate``: modelled start (roles weighted by their shares) and change.
        ``status``: u, answers at one wave only; x, none.
    """
    modelled = _modelled(fitted, first)
    found = []
    for area in areas:
        own = fitted.rows.loc[fitted.rows[AREA] == area]
        begun = own.loc[own["wave"] == first]
        ended = own.loc[own["wave"] == last]
        least = min((end["respondent"].nunique() for end in (begun, ended) if len(end)), default=None)
        both = len(begun) and len(ended)
        mean = float(begun["value"].mean()) if len(begun) else np.nan
        start, estimate = modelled.loc[area] if area in modelled.index else (np.nan, np.nan)
        numbers = own["respondent"].nunique(), begun["respondent"].nunique(), least
        units = organisations(own) or 0, organisations(begun) or 0, dominance(own), dominance(begun)
        status = "" if both else "u" if len(own) else "x"
        alike = begun["value"].nunique() == 1
        found.append((area, *numbers, *units, mean, alike, start, estimate, status))
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
