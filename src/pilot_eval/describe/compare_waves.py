"""Rule ``compare_waves``: means at each wave, paired change, and what an earlier publication printed of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.change.rows import KEPT, answered, organisations, pairs
from pilot_eval.change.standardise import standardised
from pilot_eval.describe.pair_tests import mean_interval, paired
from pilot_eval.parts import measured, part_of

Rows = list[dict[str, Any]]


def compare_waves(
    analysis: pd.DataFrame,
    outcomes: Sequence[Mapping[str, Any]],
    waves: Sequence[str],
    replications: Sequence[Mapping[str, Any]],
    agreements: Sequence[Mapping[str, Any]],
) -> dict[str, pd.DataFrame]:
    """Compare the first wave with the last, outcome by outcome.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table of ``score``.
    outcomes : sequence of mapping
        ``outcome, column, roles, unit, digits`` of each outcome.
    waves : sequence of str
        In order of time.
    replications : sequence of mapping
        ``replication, outcomes, role`` (role None: all).
    agreements : sequence of mapping
        ``agreement, column, wave, agree`` (codes that count as agreement).

    Returns
    -------
    dict
        ``part`` with the tables ``paired``, ``means``, ``replication`` and ``agreement``.
    """
    tables: dict[str, Rows] = {"paired": [], "means": [], "replication": [], "agreement": []}
    by_name = {outcome["outcome"]: outcome for outcome in outcomes}
    columns = [outcome["column"] for outcome in outcomes] + [agreement["column"] for agreement in agreements]
    analysis = analysis.loc[:, [*KEPT, *dict.fromkeys(column for column in columns if column in analysis)]]
    for outcome in outcomes:
        rows = answered(analysis, outcome["column"], outcome["roles"], waves)
        tables["paired"] += list(paired_rows(rows, outcome, waves))
        tables["means"] += list(mean_rows(rows, outcome, waves))
    for replication in replications:
        for name in replication["outcomes"]:
            outcome = by_name[name]
            roles = [replication["role"]] if replication["role"] else outcome["roles"]
            rows = answered(analysis, outcome["column"], roles, waves)
            tables["replication"] += _paired(rows, rows, outcome, waves, group=replication["replication"])
    for agreement in agreements:
        tables["agreement"] += agreement_row(analysis, agreement)
    return {"part": part_of("compare_waves", tables)}


def paired_rows(rows: pd.DataFrame, outcome: Mapping[str, Any], waves: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Paired change over all roles, then by role at the first wave, all standardised alike."""
    matched = pairs(rows, waves[0], waves[-1])
    yield from _paired(rows, rows, outcome, waves, sum=outcome["outcome"], total=True)
    if len(outcome["roles"]) > 1:
        for role in outcome["roles"]:
            people = matched.loc[matched["role"] == role, "respondent"]
            own = rows.loc[rows["respondent"].isin(people)]
            yield from _paired(own, rows, outcome, waves, group=role, sum=outcome["outcome"])


def _paired(
    rows: pd.DataFrame, everybody: pd.DataFrame, outcome: Mapping[str, Any], waves: Sequence[str], **shared: Any
) -> Rows:
    first, last = waves[0], waves[-1]
    matched = pairs(rows, first, last)
    start = everybody.loc[everybody["wave"] == first, "value"].to_numpy()
    values = paired(matched["first"].to_numpy(), matched["last"].to_numpy())
    values["standardised"] = standardised(values["change"], start)
    summed = {"sum": shared.pop("sum", ""), "total": shared.pop("total", False)}
    cells = measured(
        values, outcome["digits"], outcome["unit"], outcome=outcome["outcome"], n=len(matched),
        n_organisations=organisations(matched), estimand=f"change of the same respondents from {first} to {last}",
        **shared,
    )  # fmt: skip
    cells[0] |= summed
    return cells


def mean_rows(rows: pd.DataFrame, outcome: Mapping[str, Any], waves: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Means at each wave: all respondents, those with answers at the first and the last wave, the others, by role."""
    both = set(pairs(rows, waves[0], waves[-1])["respondent"])
    matched = rows["respondent"].isin(both)
    for wave in waves:
        here = rows["wave"] == wave
        sets = {"all": ("", here), "matched": ("matched", here & matched), "unmatched": ("matched", here & ~matched)}
        if len(outcome["roles"]) > 1:
            sets |= {f"role:{role}": ("role", here & (rows["role"] == role)) for role in outcome["roles"]}
        for group, (kind, chosen) in sets.items():
            own = rows.loc[chosen]
            cells = measured(
                mean_interval(own["value"].to_numpy()), outcome["digits"], outcome["unit"],
                outcome=outcome["outcome"], group=group, wave=wave, n=len(own), n_organisations=organisations(own),
                estimand="mean score of respondents",
            )  # fmt: skip
            cells[0]["sum"] = f"{outcome['outcome']}.{wave}.{kind}" if kind else ""
            yield from cells


def agreement_row(analysis: pd.DataFrame, agreement: Mapping[str, Any]) -> Rows:
    """Share of respondents of all surveys who agree, with Wilson's interval."""
    from scipy import stats

    column = agreement["column"]
    asked = analysis.loc[(analysis["wave"] == agreement["wave"]) & analysis[column].notna()]
    agree = int(asked[column].isin(agreement["agree"]).sum())
    n = len(asked)
    shared = {
        "group": agreement["agreement"], "wave": "", "n": n, "n_organisations": organisations(asked), "digits": 3,
        "estimand": f"share of respondents who agree at {agreement['wave']}, surveys pooled",
    }  # fmt: skip
    interval = stats.binomtest(agree, n).proportion_ci(method="wilson") if n else None
    values = {
        "agree": ("share", agree / n if n else None),
        "low": ("bound", interval.low if interval else None),
        "high": ("bound", interval.high if interval else None),
    }
    found: Rows = [{"column": "n", "value": n, "kind": "count", **shared, "digits": 0}]
    for name, (kind, value) in values.items():
        found.append({"column": name, "kind": kind, "value": value, "status": "" if n else "x", **shared})
    return found
