"""Rule ``compare_waves``: means at each wave, paired change, and what an earlier publication printed of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pilot_eval.change.rows import KEPT, answered, behind, organisations, pairs
from pilot_eval.change.standardise import standardised, standardised_interval
from pilot_eval.describe.pair_tests import independent, mean_interval, paired
from pilot_eval.describe.pooled_share import pooled_share
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
        ``part`` with the tables ``paired``, ``unpaired``, ``means``, ``means_by_area``, ``replication`` and
        ``agreement``.
    """
    tables: dict[str, Rows] = {
        "paired": [], "unpaired": [], "means": [], "means_by_area": [], "replication": [], "agreement": []
    }  # fmt: skip
    by_name = {outcome["outcome"]: outcome for outcome in outcomes}
    columns = [outcome["column"] for outcome in outcomes] + [agreement["column"] for agreement in agreements]
    analysis = analysis.loc[:, [*KEPT, *dict.fromkeys(column for column in columns if column in analysis)]]
    for outcome in outcomes:
        rows = answered(analysis, outcome["column"], outcome["roles"], waves)
        tables["paired"] += list(paired_rows(rows, outcome, waves))
        tables["unpaired"] += list(unpaired_rows(rows, outcome, waves))
        tables["means"] += list(mean_rows(rows, outcome, waves))
        tables["means_by_area"] += list(area_mean_rows(rows, outcome, waves))
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
    """Paired change over all roles, then by role at the first wave, all standardised alike.

    To the last wave, and to every later one where there are more than two.
    """
    for wave in ("", *waves[1:]) if len(waves) > 2 else ("",):
        ends = (waves[0], wave or waves[-1])
        matched = pairs(rows, *ends)
        place = {"wave": wave, "sum": f"{outcome['outcome']}.{wave}" if wave else outcome["outcome"]}
        yield from _paired(rows, rows, outcome, ends, total=True, **place)
        if len(outcome["roles"]) > 1:
            for role in outcome["roles"]:
                people = matched.loc[matched["role"] == role, "respondent"]
                own = rows.loc[rows["respondent"].isin(people)]
                yield from _paired(own, rows, outcome, ends, group=role, **place)


def _paired(
    rows: pd.DataFrame, everybody: pd.DataFrame, outcome: Mapping[str, Any], waves: Sequence[str], **shared: Any
) -> Rows:
    first, last = waves[0], waves[-1]
    matched = pairs(rows, first, last)
    start = everybody.loc[everybody["wave"] == first, "value"].to_numpy()
    values = paired(matched["first"].to_numpy(), matched["last"].to_numpy())
    values["standardised"] = standardised(values["change"], start)
    se = None if values["sd_change"] is None else values["sd_change"] / float(np.sqrt(len(matched)))
    low, high = standardised_interval(values["change"], se, start)
    values |= {"standardised_low": low, "standardised_high": high}
    summed = {"sum": shared.pop("sum", ""), "total": shared.pop("total", False)}
    cells = measured(
        values, outcome["digits"], outcome["unit"], outcome=outcome["outcome"], n=len(matched),
        **behind(matched), estimand=f"change of the same respondents from {first} to {last}",
        **shared,
    )  # fmt: skip
    cells[0] |= summed
    return cells


def unpaired_rows(rows: pd.DataFrame, outcome: Mapping[str, Any], waves: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The same change without pairs: of all respondents of both waves, and of those of one wave only."""
    ends = (waves[0], waves[-1])
    both = set(pairs(rows, *ends)["respondent"])
    for group, chosen in (("all", rows), ("unmatched", rows.loc[~rows["respondent"].isin(both)])):
        own = [chosen.loc[chosen["wave"] == wave] for wave in ends]
        first, last = (one["value"].to_numpy(dtype=np.float64) for one in own)
        shared = {
            "outcome": outcome["outcome"], "group": group,
            "estimand": f"difference between the respondents of {ends[0]} and of {ends[1]}",
        }  # fmt: skip
        for name, one in zip(("first", "last"), own, strict=True):
            mean = float(one["value"].mean()) if len(one) else None
            yield from measured(
                {f"n_{name}": len(one), f"mean_{name}": mean}, outcome["digits"], outcome["unit"], **shared,
                n=len(one), **behind(one),
            )  # fmt: skip
        # a difference of two means gives away the thinner of them
        fewer = min(own, key=len)
        yield from measured(
            independent(first, last), outcome["digits"], outcome["unit"], **shared, n=len(fewer),
            n_organisations=min((number for number in map(organisations, own) if number), default=None),
        )  # fmt: skip


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
                outcome=outcome["outcome"], group=group, wave=wave, n=len(own), **behind(own),
                estimand="mean score of respondents",
            )  # fmt: skip
            cells[0]["sum"] = f"{outcome['outcome']}.{wave}.{kind}" if kind else ""
            yield from cells


def area_mean_rows(rows: pd.DataFrame, outcome: Mapping[str, Any], waves: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Means of each area at each wave at which anybody there answered: also before there is a change to tell.

    None of an outcome with two answers: its mean is a share, which for one area names those who gave the rarer answer.
    Where all gave the same answer the mean is confidential: it would tell what each of them said.
    """
    if rows["value"].nunique() <= 2:
        return
    for (area, wave), own in rows.loc[rows["wave"].isin(list(waves))].groupby(["area", "wave"], observed=True):
        if area:
            yield from measured(
                {"mean": float(own["value"].mean())}, outcome["digits"], outcome["unit"],
                outcome=outcome["outcome"], area=area, wave=wave, n=len(own), **behind(own),
                estimand="mean score of the area's respondents", status="" if own["value"].nunique() > 1 else "c",
            )  # fmt: skip


def agreement_row(analysis: pd.DataFrame, agreement: Mapping[str, Any]) -> Rows:
    """Share of respondents of all surveys who agree; areas are the clusters, and where none is known organisations."""
    column = agreement["column"]
    asked = analysis.loc[(analysis["wave"] == agreement["wave"]) & analysis[column].notna()]
    cluster = asked["area"].where(asked["area"] != "", asked["organisation"])
    cluster = cluster.where(cluster != "", asked["respondent"])
    agree = asked[column].isin(agreement["agree"]).to_numpy(dtype=np.bool_)
    return measured(
        {"n": len(asked), **pooled_share(agree, cluster.to_numpy(dtype=np.str_))}, 3,
        group=agreement["agreement"], n=len(asked), n_organisations=organisations(asked),
        estimand=f"share of respondents who agree at {agreement['wave']}, surveys pooled",
    )  # fmt: skip
