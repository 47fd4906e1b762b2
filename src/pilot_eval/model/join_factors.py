"""Rule ``join_factors``: strength of evidence from case studies beside the modelled change of the same areas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilot_eval.change.seed import seed_of
from pilot_eval.faults import Fault
from pilot_eval.model.coder_agreement import agreement
from pilot_eval.model.rank_correlation import LEAST_PAIRS, Correlation, correlations, orders_of
from pilot_eval.parts import measured, part_of
from pilot_eval.tables import fault_table

Floats = NDArray[np.float64]
Rows = list[dict[str, Any]]
RULE = "join_factors"
RANKED = ("areas", "rho", "low", "high", "p", "p_adjusted", "tau", "tau_low", "tau_high", "tau_p")
AGREED = ("cases", "coders", "same_code", "kappa", "kappa_low", "kappa_high", "alpha", "alpha_low", "alpha_high")
CHANGE = ("estimate", "low", "high")


def join_factors(
    ratings: pd.DataFrame,
    codings: pd.DataFrame,
    changes: Sequence[pd.DataFrame],
    question: Mapping[str, Any],
    outcome: Mapping[str, Any] | None,
    scheme: Mapping[str, Any] | None,
    seed: int,
) -> dict[str, Any]:
    """Join evidence and change by area, correlate their ranks, and say how well coders agreed.

    Parameters
    ----------
    ratings : DataFrame
        ``evidence, area, item, occasion, value``, one row a case; of several occasions the last one counts.
    codings : DataFrame
        The same with ``coder``: all codes of the cases, where the delivery says who coded.
    changes : sequence of DataFrame
        Change by area from the outcome's primary model (``fit_change.areas``); none when the plan has no such model.
    question : mapping
        ``question, evidence, outcome, permutations``.
    outcome, scheme : mapping or None
        ``outcome, unit, digits`` of the outcome; ``elements, occasions, levels`` of the evidence. None: the study has
        no such.
    seed : int
        Of the study.

    Returns
    -------
    dict
        ``part`` with the tables ``joint_display``, ``factor_ranks`` and ``coding_agreement``, and ``faults``. Codes
        are judgements of areas and have no ``n``; behind a change and a correlation stand the areas' respondents.
    """
    name, place = str(question["question"]), f"question {question['question']}"
    own = ratings.loc[(ratings["evidence"] == question["evidence"]) & ratings["value"].notna()]
    lacks = _lacks(question, outcome, scheme, changes, own)
    if lacks or scheme is None or outcome is None:
        saw = f"{lacks}; not available"
        fault = Fault("MOD-10", "WARN", place, saw, "evidence and a modelled outcome", "Check the plan")
        empty = measured(dict.fromkeys(RANKED), group=name, group_label="All factors", estimand=lacks)
        return {"part": part_of(RULE, {"factor_ranks": empty}), "faults": fault_table([fault])}
    occasion = scheme["occasions"][-1][0] if scheme["occasions"] else ""
    strength = own.loc[own["occasion"] == occasion].pivot(index="area", columns="item", values="value")
    strength = strength.reindex(columns=[code for code, _ in scheme["elements"]]).astype("float64")
    joined = changes[0].loc[changes[0]["area"].isin(strength.index)].reset_index(drop=True)
    ranks, notes = rank_rows(joined, strength, scheme["elements"], question, outcome, seed_of(seed, RULE, name))
    coded = codings.loc[(codings["evidence"] == question["evidence"]) & codings["value"].notna()]
    tables = {
        "joint_display": display_rows(joined, strength, name, outcome),
        "factor_ranks": ranks,
        "coding_agreement": agreement_rows(coded, name, seed_of(seed, RULE, name, "coders")),
    }
    faults = [Fault("MOD-03", "WARN", place, *note) for note in notes]
    return {"part": part_of(RULE, tables), "faults": fault_table(faults)}


def _lacks(
    question: Mapping[str, Any], outcome: Any, scheme: Any, changes: Sequence[pd.DataFrame], own: pd.DataFrame
) -> str:
    if scheme is None or own.empty:
        return f"the study has no evidence {question['evidence']}"
    if outcome is None or not changes:
        return f"no model of the plan has the outcome {question['outcome']}"
    return "" if changes[0]["estimate"].notna().any() else f"{question['outcome']} has no modelled change by area"


def display_rows(joined: pd.DataFrame, strength: pd.DataFrame, name: str, outcome: Mapping[str, Any]) -> Rows:
    """Per area its modelled change and the strength of evidence of each factor."""
    found: Rows = []
    for row in joined.to_dict("records"):
        place = {"outcome": outcome["outcome"], "area": row["area"], "group": name}
        found += measured(
            {key: row[key] for key in CHANGE}, outcome["digits"], outcome["unit"], **place, n=row["n"],
            n_organisations=row["n_organisations_least"], n_least=row["n_least"], dominance=row["dominance"],
            status=row["status"],
            estimand="change in one area, drawn towards the change overall",
        )  # fmt: skip
        for item, value in strength.loc[row["area"]].items():
            known = {"value": value} if value == value else {"value": None, "status": "x"}
            found.append({"column": f"strength_{item}", "kind": "statistic", "digits": 0, **known, **place,
                          "estimand": "strength of evidence"})  # fmt: skip
    return found


def rank_rows(
    joined: pd.DataFrame,
    strength: pd.DataFrame,
    elements: Sequence[tuple[str, str]],
    question: Mapping[str, Any],
    outcome: Mapping[str, Any],
    seed: int,
) -> tuple[Rows, list[tuple[str, str, str]]]:
    """Rank correlation of each factor with change over the areas that have both, and why some have none.

    Areas with answers at one wave only are left out: their modelled change is that of all others.
    """
    usable = joined.loc[(joined["status"] == "") & joined["estimate"].notna()]
    notes = list(_left_out(joined, usable))
    known: dict[str, tuple[Correlation, Correlation]] = {}
    rows = {item: usable.loc[strength.loc[usable["area"], item].notna().to_numpy()] for item, _ in elements}
    for item, label in elements:
        own = rows[item]
        x = strength.loc[own["area"], item].to_numpy(dtype=np.float64)
        y = own["estimate"].to_numpy(dtype=np.float64)
        reason = _refused(x, y)
        if reason:
            notes.append((f"{label}: {reason}; not correlated", "areas that differ", "Nothing: the display stands"))
        else:
            known[item] = correlations(x, y, orders_of(len(own), question["permutations"], seed))
    adjusted = dict(zip(known, benjamini_hochberg([rho.p for rho, _ in known.values()]), strict=True))
    found: Rows = []
    for item, label in elements:
        values: dict[str, float | None] = {**dict.fromkeys(RANKED), "areas": len(rows[item])}
        if item in known:
            rho, tau = known[item]
            numbers = (rho.value, rho.low, rho.high, rho.p, adjusted[item], tau.value, tau.low, tau.high, tau.p)
            values |= dict(zip(RANKED[1:], numbers, strict=True))
        found += _ranked(values, f"{question['question']}.{item}", label, rows[item], outcome)
    return found, notes


def _ranked(
    values: Mapping[str, float | None], group: str, label: str, own: pd.DataFrame, outcome: Mapping[str, Any]
) -> Rows:
    """Cells of one factor; how many areas there are is no secret and is counted exactly."""
    shared: dict[str, Any] = {"outcome": outcome["outcome"], "group": group, "group_label": label}
    words = "rank correlation over areas of strength of evidence and modelled change"
    (areas,) = measured({"areas": values["areas"]}, **shared, estimand="areas with both")
    rest = {key: value for key, value in values.items() if key != "areas"}
    people: dict[str, Any] = {
        "n": int(own["n"].sum()),
        "n_organisations": int(own["n_organisations"].fillna(0).sum()) or None,
    }
    return [{**areas, "unit": "areas"}, *measured(rest, **shared, **people, estimand=words)]


def _left_out(joined: pd.DataFrame, usable: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    gone = len(joined) - len(usable)
    if gone:
        saw = f"{gone} of {len(joined)} areas with evidence have no modelled change of their own"
        yield saw, "a change of each", "They are shown and not correlated"


def _refused(x: Floats, y: Floats) -> str:
    if len(x) < LEAST_PAIRS:
        return f"{len(x)} area{'s' * (len(x) != 1)} with evidence and change, fewer than {LEAST_PAIRS}"
    if np.ptp(x) == 0:
        return f"the evidence is {x[0]:g} in all {len(x)} areas"
    return "" if np.ptp(y) > 0 else f"the modelled change is the same in all {len(y)} areas"


def benjamini_hochberg(p: Sequence[float]) -> list[float]:
    """Adjusted p values of one family (Benjamini & Hochberg 1995)."""
    from statsmodels.stats.multitest import multipletests

    return [float(value) for value in multipletests(list(p), method="fdr_bh")[1]] if p else []


def agreement_rows(coded: pd.DataFrame, name: str, seed: int) -> Rows:
    """How coders agree, where cases were coded by more than one."""
    shared: dict[str, Any] = {"group": name, "group_label": "Cases coded by more than one coder"}
    words = "agreement of coders on ordered codes"
    wide = coded.pivot(index=["area", "item", "occasion"], columns="coder", values="value").astype("float64")
    found = agreement(wide.to_numpy(), seed)
    if not found.cases:
        return measured({**dict.fromkeys(AGREED), "cases": 0}, **shared, estimand=words)
    numbers = (found.cases, found.coders, found.same, *found.kappa, *found.alpha)
    return measured(dict(zip(AGREED, numbers, strict=True)), **shared, estimand=words)
