"""Rule ``correct_slopes``: change on the start, with the false links taken out that fake regression to the mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from pilot_eval.change.rows import answered, pairs

Z = 1.959963984540054
#: Links by these keys are not what the audit by a hidden key judges.
KEYED = ("person", "email")
#: Fewer pairs beyond one an area say nothing of a slope.
LEAST = 10
NUMBERS = ("false_share", "slope", "low", "high", "corrected", "corrected_low", "corrected_high")


class FalseShare(NamedTuple):
    """Share of links that are false, its standard error, and by which of the audits it is known; ``""``: by none."""

    share: float
    error: float
    audit: str


def false_share(audit: pd.DataFrame, links: pd.DataFrame) -> FalseShare:
    """Share of false links, from the audit.

    A checked sample speaks of all links. The audit by a hidden key speaks of links that were made without one: those by
    id or address count as right.

    Parameters
    ----------
    audit : DataFrame
        ``method measure by share low high``, from ``audit_links``.
    links : DataFrame
        ``link_pass used``, from ``link_respondents``.
    """
    whole = audit[(audit["by"] == "") & (audit["measure"] == "precision")].set_index("method").to_dict("index")
    used = links.loc[links["used"], "link_pass"]
    without_key = float((~used.isin(KEYED)).mean()) if len(used) else 0.0
    for method, part in (("sample", 1.0), ("hidden_key", without_key)):
        if method in whole:
            found = whole[method]
            error = (float(found["high"]) - float(found["low"])) / (2 * Z)
            return FalseShare((1 - float(found["share"])) * part, error * part, method)
    return FalseShare(0.0, 0.0, "")


def correct_slopes(
    analysis: pd.DataFrame, audit: pd.DataFrame, links: pd.DataFrame, outcomes: Sequence[Mapping[str, Any]],
    waves: Sequence[str],
) -> dict[str, pd.DataFrame]:  # fmt: skip
    """Slope of change on the start within areas, as linked and corrected.

    Who is linked to another person's answer seems to have changed towards the mean. A share f of false links takes f of
    the covariance of both answers within an area, whether they stay in it or not, and leaves the variance of the first
    as it is: the covariance is divided by 1 - f.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table of ``score``.
    audit, links : DataFrame
        From ``link``.
    outcomes : sequence of mapping
        ``outcome column roles``.
    waves : sequence of str
        In order of time.

    Returns
    -------
    dict
        ``slopes``: a row an outcome with its pairs, both slopes with 95 % intervals (that of the corrected one knows
        how unsure f is), f, and by which audit it is known. Missing where there are too few pairs, the start does not
        vary within areas, or no audit says how many links are false.
    """
    wrong = false_share(audit, links)
    rows = []
    for outcome in outcomes:
        both = pairs(answered(analysis, outcome["column"], outcome["roles"], waves), waves[0], waves[-1])
        found = _slope(both["first"], both["last"], both["area"])
        row: dict[str, Any] = {"outcome": outcome["outcome"], "audit": wrong.audit, "n": len(both)}
        row |= {"false_share": wrong.share if wrong.audit else np.nan}
        if found:
            row |= _interval(*found, ("slope", "low", "high"))
            if wrong.audit and wrong.share < 1:
                kept = 1 - wrong.share
                together = found[0] / kept
                error = sqrt((found[1] / kept) ** 2 + (together * wrong.error / kept) ** 2)
                row |= _interval(together, error, ("corrected", "corrected_low", "corrected_high"))
        rows.append(row)
    types = {"outcome": "str", "audit": "str", "n": "Int64"} | dict.fromkeys(NUMBERS, "float64")
    return {"slopes": pd.DataFrame(rows, columns=list(types)).astype(types)}


def _interval(together: float, error: float, names: tuple[str, str, str]) -> dict[str, float]:
    """Slope of the change, which is that of the later answer less one."""
    return dict(zip(names, (together - 1, together - 1 - Z * error, together - 1 + Z * error), strict=True))


def _slope(first: pd.Series[float], last: pd.Series[float], area: pd.Series[str]) -> tuple[float, float] | None:
    """Slope of the last answer on the first within areas, and its standard error, robust to unequal spread."""
    degrees = len(first) - int(area.nunique()) - 1
    if degrees < LEAST:
        return None
    x, y = ((values - values.groupby(area).transform("mean")).to_numpy(dtype=np.float64) for values in (first, last))
    square = float(x @ x)
    if square < 1e-9:
        return None
    slope = float(x @ y) / square
    residual = (y - slope * x) * x
    return slope, sqrt(float(residual @ residual) * len(first) / degrees) / square
