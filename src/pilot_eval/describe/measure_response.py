"""Rule ``measure_response``: response and retention by area and role, and whether those who left had differed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pilot_eval.change.rows import KEPT, answered, organisations
from pilot_eval.change.standardise import standardised
from pilot_eval.describe.count_flow import balanced
from pilot_eval.faults import Fault
from pilot_eval.parts import part_of
from pilot_eval.tables import fault_table

Rows = list[dict[str, Any]]
UNKNOWN = "unknown"
TABLE = "table response_by_area"


def measure_response(
    analysis: pd.DataFrame,
    register: pd.DataFrame,
    outcomes: Sequence[Mapping[str, Any]],
    roles: Sequence[Mapping[str, Any]],
    areas: Sequence[str],
    waves: Sequence[str],
    least: int,
) -> dict[str, pd.DataFrame]:
    """Response at each wave and retention from the first.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table of ``score``.
    register : DataFrame
        ``organisation, area`` of every organisation; empty for a study without a register.
    outcomes : sequence of mapping
        ``outcome, column, roles, unit, digits`` of each outcome.
    roles : sequence of mapping
        ``id, invited`` (None when not known) of each role.
    areas, waves : sequence of str
        In order.
    least : int
        Respondents that must stand behind a published number.

    Returns
    -------
    dict
        ``faults`` (DES-01 an area with fewer respondents, DES-03 respondents without area) and ``part`` with the tables
        ``response_by_area``, ``response_by_role`` and ``attrition``. ``followed`` are the
        respondents of the first wave who answered at this one too, by their area and role at the first. How many
        persons were invited is known by role only; by area stands instead, where there is a register, how many of the
        ``organisations`` registered there answered (``organisations_answered, organisations_share``).
    """
    tables: dict[str, Rows] = {"response_by_area": [], "response_by_role": [], "attrition": []}
    # Who answered two questionnaires at a wave is one respondent, in the place and role of the first.
    columns = dict.fromkeys(outcome["column"] for outcome in outcomes)
    analysis = analysis.loc[:, [*KEPT, *(column for column in columns if column in analysis)]]
    people = analysis.drop_duplicates(["respondent", "wave"])
    placed = people.assign(area=people["area"].where(people["area"].isin(list(areas)), UNKNOWN))
    known_at = register["area"].where(register["area"].isin(list(areas)), UNKNOWN)
    registered = {area: set(register.loc[known_at == area, "organisation"]) for area in [*areas, UNKNOWN]}
    everywhere = set(register["organisation"])
    invited = {role["id"]: role["invited"] for role in roles}
    told = [number for number in invited.values() if number is not None]
    everybody = sum(told) if len(told) == len(invited) else None
    known = [*areas, UNKNOWN]
    for wave in waves:
        spoke = set(analysis.loc[analysis["wave"] == wave, "organisation"])
        whole = {"sum": wave, "total": True}
        again = set(placed.loc[placed["wave"] == wave, "respondent"])
        total = _response(placed, again, waves[0], wave, everybody, whole)
        tables["response_by_area"] += _without_invited(total)
        if everywhere:
            tables["response_by_area"] += _organisations(everywhere, spoke, wave, whole)
        for area in known:
            if area == UNKNOWN and not (placed["area"] == UNKNOWN).any() and not registered[UNKNOWN]:
                continue
            place = {"group": area, "group_label": "Not known"} if area == UNKNOWN else {"area": area}
            own = placed.loc[placed["area"] == area]
            shared = {"sum": wave, **place}
            tables["response_by_area"] += _without_invited(_response(own, again, waves[0], wave, None, shared))
            if everywhere:
                tables["response_by_area"] += _organisations(registered[area], spoke, wave, shared)
        balanced(f"respondents of {wave}", _number(placed, wave), *(_number(placed, wave, area) for area in known))
        tables["response_by_role"] += total
        for role in invited:
            own = people.loc[people["role"] == role]
            shared = {"group": role, "sum": wave}
            tables["response_by_role"] += _response(own, again, waves[0], wave, invited[role], shared)
    for outcome in outcomes:
        tables["attrition"] += _attrition(
            answered(analysis, outcome["column"], outcome["roles"], waves), outcome, waves
        )
    return {
        "part": part_of("measure_response", tables),
        "faults": fault_table([*_thin(placed, areas, waves, least), *_nowhere(placed, waves)]),
    }


def _thin(placed: pd.DataFrame, areas: Sequence[str], waves: Sequence[str], least: int) -> Iterator[Fault]:
    """Areas in which so few answered that nothing of their own may be shown."""
    for area in areas:
        own = placed.loc[placed["area"] == area]
        counts = {wave: int((own["wave"] == wave).sum()) for wave in waves}
        few = {wave: count for wave, count in counts.items() if 0 < count < least}
        if few:
            told = ", ".join(f"{count} at {wave}" for wave, count in few.items())
            action = "The model keeps them; tables hide them, and no figure or pack shows them"
            saw = f"area {area}: {told} answered"
            # Its count is one: quality pages add counts up, and the sum of hidden numbers is not for them.
            yield Fault("DES-01", "WARN", TABLE, saw, f"{least} respondents", action, column="area")


def _nowhere(placed: pd.DataFrame, waves: Sequence[str]) -> Iterator[Fault]:
    """Respondents of whom the area is not known."""
    for wave in waves:
        lost = int(((placed["wave"] == wave) & (placed["area"] == UNKNOWN)).sum())
        if lost:
            saw, action = f"{lost} respondents of {wave} have no known area", 'The table has them in a row "Not known"'
            yield Fault("DES-03", "WARN", TABLE, saw, "an area of the study", action, column="area")


def _number(placed: pd.DataFrame, wave: str, area: str = "") -> int:
    here = placed["wave"] == wave
    return int((here & (placed["area"] == area) if area else here).sum())


def _response(
    own: pd.DataFrame, again: set[str], first: str, wave: str, invited: int | None, shared: Mapping[str, Any]
) -> Rows:
    """Cells of one place or role; ``again`` are all who answered at the wave, wherever they are by then."""
    here = own.loc[own["wave"] == wave]
    begun = own.loc[own["wave"] == first]
    stayed = begun.loc[begun["respondent"].isin(again)]
    responded, followed = len(here), len(stayed)
    place = {name: value for name, value in shared.items() if name not in ("sum", "total")} | {"wave": wave}
    known = invited is not None and invited >= responded
    later = wave != first
    kept = followed / len(begun) if len(begun) else None
    counts = {
        "invited": (invited if known else None, None, "invited", "x"),
        "responded": (responded, here, "responded", "x"),
        "followed": (followed if later else None, stayed, "followed", "z"),
    }
    rows: Rows = []
    for column, (value, people, name, absent) in counts.items():
        rows.append(
            {"column": column, "kind": "count", "value": value, "status": "" if value is not None else absent,
             "n": None if people is None else len(people),
             "n_organisations": None if people is None else organisations(people), "estimand": "count",
             "sum": f"{name}.{shared['sum']}" if value is not None and column != "invited" else "",
             "total": shared.get("total", False) and value is not None and column != "invited", **place}
        )  # fmt: skip
    shares = {
        "rate": (responded / invited if known and invited else None, invited, here, "x", "share of those invited"),
        "retention": (kept if later else None, len(begun), begun, "x" if later else "z",
                      f"share of the respondents of {first} who answered again"),
    }  # fmt: skip
    for column, (share, base, people, absent, words) in shares.items():
        rows.append(
            {"column": column, "kind": "share", "digits": 3, "value": share, "n": base, "estimand": words,
             "status": "" if share is not None else absent, "n_organisations": organisations(people), **place}
        )  # fmt: skip
    order = ("invited", "responded", "rate", "followed", "retention")
    return sorted(rows, key=lambda row: order.index(row["column"]))


def _without_invited(rows: Rows) -> Rows:
    """Without what needs the persons invited: nobody knows them by area."""
    return [row for row in rows if row["column"] not in ("invited", "rate")]


def _organisations(registered: set[str], spoke: set[str], wave: str, shared: Mapping[str, Any]) -> Rows:
    """Organisations of a place, those with an answer, and their share.

    Counted are organisations, so that the cells have no ``n``: one with two respondents is no cell of two people.
    """
    known, answered_here = len(registered), len(registered & spoke)
    place = {name: value for name, value in shared.items() if name not in ("sum", "total")} | {"wave": wave}
    rows: Rows = [
        {"column": column, "kind": "count", "value": value, "n_organisations": value, "estimand": "count",
         "sum": f"{column}.{shared['sum']}", "total": shared.get("total", False), **place}
        for column, value in (("organisations", known), ("organisations_answered", answered_here))
    ]  # fmt: skip
    share = answered_here / known if known else None
    rows.append(
        {"column": "organisations_share", "kind": "share", "digits": 3, "value": share, "n_organisations": known,
         "status": "x" if share is None else "", "estimand": "share of the organisations registered", **place}
    )  # fmt: skip
    return rows


def _attrition(rows: pd.DataFrame, outcome: Mapping[str, Any], waves: Sequence[str]) -> Rows:
    """Scores at the first wave of those who answered at the last too, and of those who did not."""
    start = rows.loc[rows["wave"] == waves[0]]
    again = set(rows.loc[rows["wave"] == waves[-1], "respondent"])
    stayed = start.loc[start["respondent"].isin(again)]
    left = start.loc[~start["respondent"].isin(again)]
    shared = {"outcome": outcome["outcome"], "unit": outcome["unit"], "digits": outcome["digits"]}
    found: Rows = [
        {"column": "n", "kind": "count", "value": len(start), "n": len(start), **shared, "unit": "", "digits": 0,
         "n_organisations": organisations(start), "estimand": f"respondents at {waves[0]}"}
    ]  # fmt: skip
    means = {}
    for column, own in (("stayed_mean", stayed), ("left_mean", left)):
        means[column] = float(own["value"].mean()) if len(own) else None
        found.append(
            {"column": column, "kind": "mean", "value": means[column], "status": "" if len(own) else "x",
             "n": len(own), "n_organisations": organisations(own), "estimand": f"mean at {waves[0]}", **shared}
        )  # fmt: skip
    if means["stayed_mean"] is None or means["left_mean"] is None:
        gap = None
    else:
        gap = standardised(means["left_mean"] - means["stayed_mean"], start["value"].to_numpy(dtype=np.float64))
    fewest = min((left, stayed), key=len)
    found.append(
        {"column": "difference", "kind": "estimate", "value": gap, "status": "x" if gap is None else "", **shared,
         "n": len(fewest), "n_organisations": organisations(fewest), "unit": "standard deviations", "digits": 2,
         "estimand": "mean of those who left less that of those who stayed, in standard deviations of all"}
    )  # fmt: skip
    return found
