"""Rule ``count_flow``: participant flow of records, respondents, organisations and areas, in boxes that add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.change.rows import KEPT
from pilot_eval.change.rows import organisations as behind
from pilot_eval.parts import part_of

Rows = Iterator[dict[str, Any]]


def count_flow(
    analysis: pd.DataFrame,
    organisations: pd.DataFrame,
    receipts: Sequence[Mapping[str, Any]],
    rejects: Sequence[pd.DataFrame],
    waves: Sequence[str],
    areas: Sequence[str],
    invited: Sequence[int | None],
    outcomes: Sequence[Mapping[str, Any]],
) -> dict[str, pd.DataFrame]:
    """Count who and what came in, left, and stayed.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table of ``score``: respondent and wave.
    organisations : DataFrame
        The register of organisations.
    receipts : sequence of mapping
        ``rows_delivered`` of each source.
    rejects : sequence of DataFrame
        Every rejects table up to the analysis table, with ``reason``.
    waves, areas : sequence of str
        In order.
    invited : sequence of int or None
        Persons invited at each wave, by role.
    outcomes : sequence of mapping
        ``column, roles`` of each outcome: who answered none of those of their role is not analysed.

    Returns
    -------
    dict
        ``part`` with the table ``flow``. ``group`` is the box: ``records.delivered``, ``records.rejected.REASON``,
        ``records.analysed``, and for organisations (and each kind), respondents and areas ``LEVEL.WAVE.BOX``.

    Raises
    ------
    ValueError
        When boxes do not add up: a row was lost or counted twice.
    """
    obstacle = hindered(analysis, areas, outcomes)
    analysis = analysis.loc[:, [*KEPT, "organisation_kind"]].assign(obstacle=obstacle)
    rows = [
        *_records(analysis, receipts, rejects),
        *_respondents(analysis, waves, invited),
        *_organisations(analysis, organisations, waves),
        *_areas(analysis, waves, areas),
    ]
    return {"part": part_of("count_flow", {"flow": rows})}


def balanced(what: str, whole: int, *parts: int) -> int:
    """The whole, when its parts add up to it."""
    if whole != sum(parts):
        raise ValueError(f"{what}: {whole} is not {' + '.join(map(str, parts))}")
    return whole


#: Why a respondent is not analysed, the first that applies, in words.
OBSTACLES = {
    "no_role": "Not analysed: role not known", "no_area": "Not analysed: area not known",
    "no_outcome": "Not analysed: no outcome answered",
}  # fmt: skip


def hindered(analysis: pd.DataFrame, areas: Sequence[str], outcomes: Sequence[Mapping[str, Any]]) -> pd.Series[str]:
    """Why no model can use a row: a key of ``OBSTACLES``; empty when one can."""
    answered = pd.Series(False, index=analysis.index)
    for outcome in outcomes:
        if outcome["column"] in analysis:
            answered |= analysis[outcome["column"]].notna() & analysis["role"].isin(list(outcome["roles"]))
    found = pd.Series("", index=analysis.index).mask(~answered, "no_outcome")
    return found.mask(~analysis["area"].isin(list(areas)), "no_area").mask(analysis["role"] == "", "no_role")


def _used(level: str, wave: str, unit: pd.Series[Any], rows: pd.DataFrame) -> Rows:
    """Of those with an answer: who is not analysed, by reason, and who is. One good row of a unit is enough."""
    reasons = rows["obstacle"].groupby(unit).agg(lambda found: "" if (found == "").any() else str(found.iloc[0]))
    total, balance = len(reasons), f"{level}.{wave}.use"
    counts = {reason: int((reasons == reason).sum()) for reason in OBSTACLES}
    analysed = int((reasons == "").sum())
    balanced(f"{level} analysed at {wave}", total, analysed, *counts.values())
    boxes = [(reason, OBSTACLES[reason], reason) for reason, count in counts.items() if count]
    for box, words, reason in [*boxes, ("analysed", "Analysed", "")]:
        here = rows[unit.isin(reasons.index[reasons == reason])]
        yield _box(f"{level}.{wave}.{box}", words, wave, int((reasons == reason).sum()),
                   int(here["respondent"].nunique()), behind(here), balance if boxes else "")  # fmt: skip


def _records(analysis: pd.DataFrame, receipts: Sequence[Mapping[str, Any]], rejects: Sequence[pd.DataFrame]) -> Rows:
    reasons = pd.concat([frame["reason"].astype(str) for frame in rejects] or [pd.Series(dtype=str)])
    exits = reasons.value_counts().sort_index()
    delivered = sum(int(receipt["rows_delivered"]) for receipt in receipts)
    balanced("records delivered", delivered, len(analysis), *map(int, exits))
    yield _box("records.delivered", "Records delivered", "", delivered, None)
    for reason, rejected in exits.items():
        words = f"Not used: {str(reason).replace('_', ' ')}"
        yield _box(f"records.rejected.{reason}", words, "", int(rejected), None)
    yield _box("records.analysed", "Records analysed", "", len(analysis), len(analysis), behind(analysis))


def _respondents(analysis: pd.DataFrame, waves: Sequence[str], invited: Sequence[int | None]) -> Rows:
    first = waves[0]
    known = [number for number in invited if number is not None]
    asked = sum(known) if len(known) == len(invited) else None
    people = {wave: set(analysis.loc[analysis["wave"] == wave, "respondent"]) for wave in waves}
    for wave in waves:
        here = analysis.loc[analysis["wave"] == wave]
        responded = len(people[wave])
        if asked is not None and asked >= responded:
            balance = f"respondents.{wave}.invited"
            yield _box(balance, "Invited", wave, asked, None, balance=balance, total=True)
            silent = asked - responded
            yield _box(f"respondents.{wave}.not_responded", "Did not respond", wave, silent, None, balance=balance)
            yield _box(
                f"respondents.{wave}.responded", "Responded", wave, responded, responded, behind(here), balance
            )  # fmt: skip
        else:
            yield _box(f"respondents.{wave}.responded", "Responded", wave, responded, responded, behind(here))
        yield from _used("respondents", wave, here["respondent"], here)
    for wave in waves[1:]:
        both, gone, new = people[first] & people[wave], people[first] - people[wave], people[wave] - people[first]
        balanced(f"respondents of {first}", len(people[first]), len(both), len(gone))
        balanced(f"respondents of {wave}", len(people[wave]), len(both), len(new))
        # `followed` and `new` make up those who responded, a public total: neither is hidden alone
        for box, words, who, balance in (
            ("followed", "Linked to an answer at the first wave", both, f"respondents.{wave}"),
            ("new", "Not linked: no answer at the first wave", new, f"respondents.{wave}"),
            ("lost", "Answered at the first wave, not here", gone, ""),
        ):
            own = analysis.loc[analysis["respondent"].isin(who) & analysis["wave"].isin([first, wave])]
            yield _box(f"respondents.{wave}.{box}", words, wave, len(who), len(who), behind(own), balance)


def _organisations(analysis: pd.DataFrame, register: pd.DataFrame, waves: Sequence[str]) -> Rows:
    if register.empty:
        return
    kinds = sorted(set(register["kind"]))
    for kind in ["", *kinds] if len(kinds) > 1 else [""]:
        known = register if not kind else register.loc[register["kind"] == kind]
        level = f"organisations.{kind}" if kind else "organisations"
        names = set(zip(known["kind"], known["organisation"], strict=True))
        yield _box(f"{level}.registered", "In the register", "", len(names), None, len(names))
        spoke: dict[str, set[tuple[str, str]]] = {}
        for wave in waves:
            rows = analysis.loc[(analysis["wave"] == wave) & (analysis["organisation"] != "")]
            rows = rows.loc[rows["organisation_kind"] == kind] if kind else rows
            spoke[wave] = set(zip(rows["organisation_kind"], rows["organisation"], strict=True))
            strange = spoke[wave] - names
            if strange:
                raise ValueError(f"{len(strange)} organisations of {wave} are not in the register")
            silent = len(names - spoke[wave])
            balanced(f"{level} at {wave}", len(names), len(spoke[wave]), silent)
            balance = f"{level}.{wave}"  # the register's number is public: neither box is hidden alone
            yield _box(
                f"{level}.{wave}.responded", "With an answer", wave, len(spoke[wave]), rows["respondent"].nunique(),
                len(spoke[wave]), balance,
            )  # fmt: skip
            yield _box(
                f"{level}.{wave}.not_responded", "Without an answer", wave, silent, None, silent or None, balance
            )  # fmt: skip
            yield from _used(level, wave, rows["organisation_kind"] + " " + rows["organisation"], rows)
        for wave in waves[1:]:
            begun, here = spoke[waves[0]], spoke[wave]
            both, gone, joined = begun & here, begun - here, here - begun
            balanced(f"{level} of {waves[0]}", len(begun), len(both), len(gone))
            balanced(f"{level} of {wave}", len(here), len(both), len(joined))
            # `followed` and `new` make up those with an answer: neither is hidden alone
            for box, words, who, balance in (
                ("followed", "With an answer at the first wave too", both, f"{level}.{wave}.answered"),
                ("new", "Without an answer at the first wave", joined, f"{level}.{wave}.answered"),
                ("lost", "With an answer at the first wave, not here", gone, ""),
            ):
                own = _answers(analysis, who, [waves[0], wave])
                yield _box(f"{level}.{wave}.{box}", words, wave, len(who), own, len(who), balance)


def _answers(analysis: pd.DataFrame, names: set[tuple[str, str]], waves: Sequence[str]) -> int:
    """Respondents who answer for any of these organisations at any of these waves."""
    here = analysis.loc[analysis["wave"].isin(waves), ["organisation_kind", "organisation", "respondent"]]
    chosen = [pair in names for pair in zip(here["organisation_kind"], here["organisation"], strict=True)]
    return int(here.loc[chosen, "respondent"].nunique())


def _areas(analysis: pd.DataFrame, waves: Sequence[str], areas: Sequence[str]) -> Rows:
    yield _box("areas.registered", "In the study", "", len(areas), None, unit="areas")
    everywhere = set(areas)
    for wave in waves:
        here = analysis.loc[(analysis["wave"] == wave) & analysis["area"].isin(list(areas))]
        there = set(here["area"])
        everywhere &= there
        balanced(f"areas at {wave}", len(areas), len(there), len(set(areas) - there))
        yield _box(f"areas.{wave}.responded", "With an answer", wave, len(there), None, unit="areas")
    yield _box("areas.followed", "With answers at every wave", "", len(everywhere), None, unit="areas")


def _box(
    group: str,
    words: str,
    wave: str,
    value: int,
    n: int | None,
    units: int | None = None,
    balance: str = "",
    total: bool = False,
    unit: str = "",
) -> dict[str, Any]:
    return {
        "column": "n", "kind": "count", "group": group, "group_label": words, "wave": wave, "value": value, "n": n,
        "n_organisations": units, "sum": balance, "total": total, "unit": unit, "estimand": "count",
    }  # fmt: skip
