"""Is a change too small to matter? Two one-sided tests (Schuirmann 1987, J. Pharmacokinet. Biopharm. 15, 657-680)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pilot_eval.parts import measured

NEEDED = ("estimate", "se", "df")


def equivalence(estimate: float, se: float, df: float, margin: float) -> dict[str, float]:
    """Two one-sided tests of a change against plus and minus the smallest change that matters.

    Parameters
    ----------
    estimate, se, df : float
        Of the change; ``df`` of its t distribution, infinite for a normal one.
    margin : float
        The smallest change that matters, above 0.

    Returns
    -------
    dict
        ``low90, high90``: the 90 % interval, which lies inside plus and minus the margin exactly when
        ``p_equivalence``, the greater of the two one-sided p values, is below 0.05.
    """
    from scipy.stats import t

    half = float(t.ppf(0.95, df)) * se
    p = max(float(t.sf((estimate + margin) / se, df)), float(t.cdf((estimate - margin) / se, df)))
    return {"low90": estimate - half, "high90": estimate + half, "p_equivalence": p}


def overall(question: Mapping[str, Any]) -> bool:
    """Whether a question asks for the change overall of its outcome, in everybody asked."""
    plain = not question["roles"] and not question["matched"]
    return bool(question["kind"] == "change" and question["contrast"] == "overall" and plain)


def equivalence_rows(parts: Sequence[pd.DataFrame], questions: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Cells of the table ``equivalence``: one row per change overall that has a smallest change that matters."""
    cells = pd.concat(list(parts), ignore_index=True)
    changes = cells.loc[(cells["table"] == "change_overall") & (cells["wave"] == "")]
    found: list[dict[str, Any]] = []
    for one in questions:
        own = changes.loc[changes["outcome"] == one.get("outcome", "")].set_index("column")
        margin = one["smallest_change"]
        if not overall(one) or margin is None or "estimate" not in own.index:
            continue
        estimate, se, df = (float(own["value"].get(name, np.nan)) for name in NEEDED)
        known = bool(np.isfinite([estimate, se, df]).all()) and se > 0
        tested = equivalence(estimate, se, df, margin) if known else dict.fromkeys(("low90", "high90", "p_equivalence"))
        first = own.iloc[0]
        found += measured(
            {"estimate": estimate if known else None, "margin": margin, **tested}, int(first["digits"]), first["unit"],
            outcome=one["outcome"], group=one["question"], n=first["n"], n_organisations=first["n_organisations"],
            estimand=f"change too small to matter: {first['estimand']}",
        )  # fmt: skip
    return found
