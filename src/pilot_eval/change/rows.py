"""The rows of the analysis table that speak to one outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd

#: What the comparisons need beside the outcomes: copies of the whole analysis table cost more than the comparisons.
KEPT = ("_id", "wave", "role", "area", "organisation", "respondent")


def answered(analysis: pd.DataFrame, column: str, roles: Sequence[str], waves: Sequence[str]) -> pd.DataFrame:
    """Rows in which one of the roles answered, areas unknown included.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table.
    column : str
        The outcome's column.
    roles : sequence of str
        Roles asked.
    waves : sequence of str
        Waves in order of time.

    Returns
    -------
    DataFrame
        All columns of the analysis table, ``value`` (the outcome, float64), and ``wave`` and ``role`` as categories
        in the order of the study that occur in the rows; sorted by respondent and wave.
    """
    value = pd.to_numeric(analysis[column]) if column in analysis else pd.Series(float("nan"), index=analysis.index)
    asked = value.notna() & analysis["role"].isin(list(roles)) & analysis["wave"].isin(list(waves))
    rows = analysis.loc[asked].copy()
    rows["value"] = value[asked].astype("float64")
    for name, known in (("wave", waves), ("role", roles)):
        there = [level for level in known if (rows[name] == level).any()]
        rows[name] = pd.Categorical(rows[name], categories=there, ordered=False)
    rows = rows.assign(_order=rows["wave"].cat.codes)
    return (
        rows.sort_values(["respondent", "_order", "_id"], kind="stable").drop(columns="_order").reset_index(drop=True)
    )


def organisations(rows: pd.DataFrame) -> int | None:
    """Number of organisations behind rows; None when no respondent answers for one. Keys are unique over all kinds."""
    return len(set(rows["organisation"].tolist()) - {""}) or None


def dominance(rows: pd.DataFrame) -> float | None:
    """How well the second largest organisation behind rows could tell the answers of the largest (the p % rule).

    Returns
    -------
    float or None
        Respondents of all others, in per cent of those of the largest; who answers for no organisation is one of the
        others. None when no respondent answers for one.
    """
    # Hundreds of small cells ask: plain sets take a tenth of the time of tables.
    people = set(zip(rows["organisation"].tolist(), rows["respondent"].tolist(), strict=True))
    sizes = sorted(Counter(organisation for organisation, _ in people if organisation).values(), reverse=True)
    if not sizes:
        return None
    return 100.0 * (len({person for _, person in people}) - sum(sizes[:2])) / sizes[0]


def behind(rows: pd.DataFrame) -> dict[str, float | None]:
    """What a cell made of rows says of the organisations behind it: how many, and whether one stands for most."""
    return {"n_organisations": organisations(rows), "dominance": dominance(rows)}


def pairs(rows: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """Respondents with an answer at both waves.

    Parameters
    ----------
    rows : DataFrame
        From :func:`answered`.
    first, last : str
        Two waves.

    Returns
    -------
    DataFrame
        One row a respondent, sorted: their rows at ``first`` with ``first`` and ``last``, the two values. Who answered
        two questionnaires at a wave counts with the mean of both answers.
    """
    means = rows.groupby(["respondent", "wave"], observed=True)["value"].mean().reset_index()
    start = rows.loc[rows["wave"] == first].drop_duplicates("respondent").drop(columns="value")
    begun = means.loc[means["wave"] == first, ["respondent", "value"]].rename(columns={"value": "first"})
    start = start.merge(begun, on="respondent", validate="one_to_one")
    end = means.loc[means["wave"] == last, ["respondent", "value"]].rename(columns={"value": "last"})
    return start.merge(end, on="respondent", how="inner", validate="one_to_one")
