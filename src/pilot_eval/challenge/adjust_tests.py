"""Rule ``adjust_tests``: the tests of overall change, adjusted for how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilot_eval.parts import measured, part_of


def adjust_tests(parts: Sequence[pd.DataFrame], method: str) -> dict[str, pd.DataFrame]:
    """Adjust the p values of the outcomes' primary models together.

    Parameters
    ----------
    parts : sequence of DataFrame
        Ledger parts of ``fit_change``; the change from the first to the last wave is used.
    method : {"holm", "fdr_bh", "none"}

    Returns
    -------
    dict
        ``part`` with the table ``change_adjusted`` and ``tests``, exact: ``outcome, p, p_adjusted``. An outcome whose
        model was refused has neither and does not count.
    """
    cells: list[dict[str, Any]] = []
    tested = pd.concat([_tests(part) for part in parts], ignore_index=True)
    p = tested["value"].to_numpy(dtype=np.float64)
    adjusted = np.full(len(p), np.nan)
    known = np.isfinite(p)
    if known.any():
        adjusted[known] = adjust(p[known], method)
    for at, row in enumerate(tested.to_dict("records")):
        cells += measured(
            {"p": p[at], "p_adjusted": adjusted[at]}, outcome=row["outcome"], n=row["n"],
            n_organisations=row["n_organisations"], estimand=f"test of no change, {row['estimand']}",
        )  # fmt: skip
    tests = pd.DataFrame({"outcome": tested["outcome"].astype("str"), "p": p, "p_adjusted": adjusted})
    return {"part": part_of("adjust_tests", {"change_adjusted": cells}), "tests": tests}


def adjust(p: NDArray[np.float64], method: str) -> NDArray[np.float64]:
    """Adjusted p values.

    Parameters
    ----------
    p : array of shape (n,)
        Finite.
    method : {"holm", "fdr_bh", "none"}
        Holm (1979), Benjamini & Hochberg (1995), or as they are.
    """
    from statsmodels.stats.multitest import multipletests

    if method == "none":
        return p.copy()
    return np.asarray(multipletests(p, method=method)[1], dtype=np.float64)


def _tests(part: pd.DataFrame) -> pd.DataFrame:
    chosen = (part["table"] == "change_overall") & (part["column"] == "p") & (part["wave"] == "")
    return part.loc[chosen, ["outcome", "value", "n", "n_organisations", "estimand"]]
