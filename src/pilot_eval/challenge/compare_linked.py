"""Rule ``compare_linked``: do those who could be followed differ from those who could not?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

import pandas as pd

#: From this standardised difference on the two groups are told apart (Harron et al. 2017).
FLAGGED = 0.1
TYPES = {
    "wave": "str", "what": "str", "level": "str", "n_linked": "Int64", "n_unlinked": "Int64", "linked": "float64",
    "unlinked": "float64", "difference": "float64", "flagged": "bool",
}  # fmt: skip


def compare_linked(
    analysis: pd.DataFrame, outcomes: Sequence[Mapping[str, Any]], attributes: Sequence[str], waves: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """Standardised differences between linked and unlinked responses of each wave.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table of ``score``.
    outcomes : sequence of mapping
        ``outcome column``: compared by their means.
    attributes : sequence of str
        Columns of levels, such as role and area: each level is compared by its share.
    waves : sequence of str

    Returns
    -------
    dict
        ``differences``: a row a wave and outcome or level: mean (share) of the linked and of the unlinked, and their
        difference in standard deviations, the root of the mean of the two groups' variances. Missing where a group has
        fewer than two answers or nothing varies.

    References
    ----------
    Harron, K. et al. (2017). Challenges in administrative data linkage for research. International Journal of
    Epidemiology 46(5).
    """
    rows = []
    for wave in waves:
        here = analysis[analysis["wave"] == wave]
        for outcome in outcomes:
            if outcome["column"] in here:
                values = pd.to_numeric(here[outcome["column"]])
                rows.append(
                    {"wave": wave, "what": outcome["outcome"], "level": "", **_compared(values, here["matched"])}
                )
        for name in attributes:
            if name not in here:
                continue
            if pd.api.types.is_numeric_dtype(here[name]):
                rows.append({"wave": wave, "what": name, "level": "", **_compared(here[name], here["matched"])})
                continue
            said = here[name].astype("str")
            for level in sorted(set(said) - {"", "<NA>", "nan"}):
                share = (said == level).astype("float64")
                rows.append({"wave": wave, "what": name, "level": level, **_compared(share, here["matched"])})
    return {"differences": pd.DataFrame(rows, columns=list(TYPES)).astype(TYPES)}


def _compared(values: pd.Series, linked: pd.Series) -> dict[str, Any]:
    known = values.notna()
    one, other = values[known & linked], values[known & ~linked]
    found: dict[str, Any] = {
        "n_linked": len(one), "n_unlinked": len(other), "linked": one.mean() if len(one) else None,
        "unlinked": other.mean() if len(other) else None, "difference": None, "flagged": False,
    }  # fmt: skip
    if len(one) > 1 and len(other) > 1:
        spread = sqrt((float(one.var()) + float(other.var())) / 2)
        if spread > 0:
            found["difference"] = (float(one.mean()) - float(other.mean())) / spread
            found["flagged"] = abs(found["difference"]) > FLAGGED
    return found
