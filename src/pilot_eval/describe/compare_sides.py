"""Rule ``compare_sides``: how the two sides of each dyad rate the same relationship."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilot_eval.parts import part_of


def compare_sides(
    analysis: pd.DataFrame, dyads: pd.DataFrame, perceptions: Sequence[Mapping[str, Any]], waves: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """Mean of each side and the gap between them, over the dyads of which both sides answered.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table of ``score``.
    dyads : DataFrame
        ``left, right, wave, left_id, right_id`` (answers of a side, separated by blanks), ``sided``.
    perceptions : sequence of mapping
        ``perception, column, unit, digits``.
    waves : sequence of str

    Returns
    -------
    dict
        ``part`` with the table ``perceptions``: ``n`` dyads, ``left_mean, right_mean, gap`` (left minus right) with
        an interval that allows for organisations that stand in several dyads.
    """
    rows: list[dict[str, Any]] = []
    for perception in perceptions:
        scores = analysis.set_index("_id")[perception["column"]].dropna()
        for wave in waves:
            rows += _compared(_rated(dyads.loc[dyads["wave"] == wave], scores), perception, wave)
    return {"part": part_of("compare_sides", {"perceptions": rows})}


def _rated(dyads: pd.DataFrame, scores: pd.Series) -> pd.DataFrame:
    """Dyads with a score of both sides; a side's score is the mean of its answers."""
    known = scores.to_dict()
    found = []
    for dyad in dyads.itertuples():
        sides = [[one for one in str(ids).split() if one in known] for ids in (dyad.left_id, dyad.right_id)]
        if all(sides):
            means = [float(np.mean([known[one] for one in side])) for side in sides]
            found.append((dyad.left, dyad.right, *means, " ".join(sides[0] + sides[1])))
    return pd.DataFrame(found, columns=["left", "right", "left_score", "right_score", "ids"])


def _compared(rated: pd.DataFrame, perception: Mapping[str, Any], wave: str) -> list[dict[str, Any]]:
    gap = (rated["left_score"] - rated["right_score"]).to_numpy(dtype=np.float64)
    sides = [rated["left"].nunique(), rated["right"].nunique()]
    fewer = "left" if sides[0] < sides[1] else "right"
    low, high = clustered_interval(gap, rated[fewer].to_numpy())
    people = len({one for ids in rated["ids"] for one in ids.split()})
    shared = {
        "group": perception["perception"], "wave": wave, "n": people,
        "n_organisations": min(sides) if len(rated) else None,
        "estimand": "mean over dyads of which both sides answered; interval clustered by the smaller side",
    }  # fmt: skip
    values = {
        "left_mean": ("mean", rated["left_score"].mean()), "right_mean": ("mean", rated["right_score"].mean()),
        "gap": ("estimate", gap.mean() if len(gap) else None), "gap_low": ("bound", low), "gap_high": ("bound", high),
    }  # fmt: skip
    found: list[dict[str, Any]] = [{"column": "n", "kind": "count", "value": len(rated), **shared}]
    for column, (kind, value) in values.items():
        number = None if value is None or value != value else float(value)
        found.append(
            {"column": column, "kind": kind, "value": number, "status": "x" if number is None else "",
             "unit": perception["unit"], "digits": perception["digits"], **shared}
        )  # fmt: skip
    return found


def clustered_interval(
    values: NDArray[np.float64], clusters: NDArray[Any], level: float = 0.95
) -> tuple[float | None, float | None]:
    """Interval of a mean whose values come in clusters: CR1 standard error, t with clusters - 1 degrees of freedom.

    Parameters
    ----------
    values, clusters : array of shape (n,)

    Returns
    -------
    low, high : float or None
        None with fewer than two clusters.

    References
    ----------
    Cameron, A. C. & Miller, D. L. (2015). A practitioner's guide to cluster-robust inference. Journal of Human
    Resources 50(2).
    """
    from scipy.special import stdtrit

    groups = pd.Series(values - values.mean() if len(values) else values).groupby(np.asarray(clusters)).sum()
    g, n = len(groups), len(values)
    if g < 2:
        return None, None
    se = float(np.sqrt((groups**2).sum() * g / (g - 1))) / n
    half = float(stdtrit(g - 1, (1 + level) / 2)) * se
    return float(values.mean()) - half, float(values.mean()) + half
