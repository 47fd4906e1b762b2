"""Rule ``compare_items``: each question before and after, by the same respondents, as publications print it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilot_eval.change.rows import KEPT, answered, organisations, pairs
from pilot_eval.describe.pair_tests import paired
from pilot_eval.describe.square_tables import bowker, cross, mcnemar, stuart_maxwell
from pilot_eval.parts import measured, part_of

Rows = list[dict[str, Any]]


def compare_items(
    analysis: pd.DataFrame,
    questions: Sequence[Mapping[str, Any]],
    roles: Sequence[str],
    waves: Sequence[str],
) -> dict[str, pd.DataFrame]:
    """Compare the first wave with the last, question by question.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table of ``score``.
    questions : sequence of mapping
        ``item, label`` and ``labels`` (pairs of code and label, ascending) of each labelled item.
    roles : sequence of str
        All roles of the study.
    waves : sequence of str
        In order of time.

    Returns
    -------
    dict
        ``part`` with the tables ``item_changes`` (questions of three answers or more) and ``share_changes`` (those of
        two). A question that nobody answered at both waves is in neither. All tests take respondents as independent.
    """
    tables: dict[str, Rows] = {"item_changes": [], "share_changes": []}
    ends = (waves[0], waves[-1])
    analysis = analysis.loc[analysis["wave"].isin(ends)]
    for question in questions:
        own = analysis.loc[:, [*KEPT, *({question["item"]} & set(analysis.columns))]]
        matched = pairs(answered(own, question["item"], roles, ends), *ends)
        if len(matched):
            table = "share_changes" if len(question["labels"]) == 2 else "item_changes"
            tables[table] += (_shares if table == "share_changes" else _ordered)(matched, question, waves)
    return {"part": part_of("compare_items", tables)}


def _place(matched: pd.DataFrame, question: Mapping[str, Any], waves: Sequence[str]) -> dict[str, Any]:
    return {
        "group": question["item"], "group_label": question["label"], "n": len(matched),
        "n_organisations": organisations(matched),
        "estimand": f"answers of the same respondents at {waves[0]} and {waves[-1]}",
    }  # fmt: skip


def _ordered(matched: pd.DataFrame, question: Mapping[str, Any], waves: Sequence[str]) -> Rows:
    """Means of the codes, and the tests that need no distance between them."""
    first, last = (matched[end].to_numpy(dtype=np.float64) for end in ("first", "last"))
    table = cross(first, last)
    values = paired(first, last) | bowker(table) | stuart_maxwell(table)
    return measured(values, **_place(matched, question, waves))


def _shares(matched: pd.DataFrame, question: Mapping[str, Any], waves: Sequence[str]) -> Rows:
    """Shares who gave the higher answer; behind the odds stand the fewer of those who moved up or down."""
    higher = float(question["labels"][-1][0])
    first, last = (matched[end].to_numpy(dtype=np.float64) == higher for end in ("first", "last"))
    up, down = ~first & last, first & ~last
    change = last.mean() - first.mean()
    low, high = paired_difference(int(up.sum()), int(down.sum()), int((first & last).sum()), len(matched))
    place = _place(matched, question, waves)
    shares = {"n": len(matched), "share_first": float(first.mean()), "share_last": float(last.mean())}
    tests = mcnemar(int(up.sum()), int(down.sum()))
    odds = {name: tests.pop(name) for name in ("odds", "odds_low", "odds_high")}
    fewer = matched[up if up.sum() < down.sum() else down]
    return [
        *measured(shares, **place),
        *measured({"change": float(change), "low": low, "high": high, **tests}, 3, "share (0 to 1)", **place),
        *measured(odds, **{**place, "n": len(fewer), "n_organisations": organisations(fewer)}),
    ]


def paired_difference(up: int, down: int, both: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Interval of the difference of two shares of the same respondents, from the Wilson intervals of both shares.

    Parameters
    ----------
    up, down : int
        Respondents who agree at the last wave alone, and at the first alone.
    both : int
        Respondents who agree at both.
    n : int
        All respondents.

    References
    ----------
    Newcombe, R. G. (1998). Improved confidence intervals for the difference between binomial proportions based on
    paired data. Statistics in Medicine 17(22), method 10.
    """
    from scipy import stats

    last, first, neither = (both + up) / n, (both + down) / n, n - both - up - down
    ends = [stats.binomtest(count, n).proportion_ci(level, method="wilson") for count in (both + up, both + down)]
    (low_last, high_last), (low_first, high_first) = [(end.low, end.high) for end in ends]
    margins = (both + up) * (down + neither) * (both + down) * (up + neither)
    cross_product = both * neither - up * down
    # Newcombe's continuity correction of phi, which keeps the interval from being too short.
    corrected = max(cross_product - n / 2, 0.0) if cross_product > 0 else cross_product
    phi = corrected / np.sqrt(margins) if margins else 0.0
    below: NDArray[np.float64] = np.array([last - low_last, high_first - first])
    above: NDArray[np.float64] = np.array([high_last - last, first - low_first])
    low, high = (np.sqrt(max(float(a @ a) - 2 * phi * float(a[0] * a[1]), 0.0)) for a in (below, above))
    return last - first - float(low), last - first + float(high)
