"""Rule ``relate_start``: does change depend on the start, once regression to the mean is taken out?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pilot_eval.change.planned import AREA, Planned, told
from pilot_eval.change.rows import answered, organisations
from pilot_eval.change.seed import seed_of
from pilot_eval.faults import Fault
from pilot_eval.model.population import known_outcome, population
from pilot_eval.model.start_areas import area_starts
from pilot_eval.model.start_fit import UNIT, related
from pilot_eval.model.start_means import Naive
from pilot_eval.model.start_model import Slope
from pilot_eval.model.start_parts import Parts, change_by_parts
from pilot_eval.parts import measured, part_of
from pilot_eval.tables import fault_table

Rows = list[dict[str, Any]]
RULE = "relate_start"
SLOPE = "change per unit of the true start, between areas: cov(start, change) / var(start) of their effects"
WITHIN = "change per unit of the true start, between organisations of one area"


def relate_start(
    analysis: pd.DataFrame,
    question: Mapping[str, Any],
    outcome: Mapping[str, Any] | None,
    formula: str,
    weights: Mapping[str, float],
    waves: Sequence[str],
    areas: Sequence[str],
    seed: int,
) -> dict[str, Any]:
    """Answer one question of kind ``start``.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table of ``score``.
    question : mapping
        ``question, outcome, roles, matched, parts, splits, replicates``.
    outcome : mapping or None
        ``outcome, column, roles, unit, digits``; None: the plan has no such outcome.
    formula : str
        Of the outcome's primary model; empty when it has none.
    weights : mapping of str to float
        Share of each role in means over roles.
    waves, areas : sequence of str
        In order.
    seed : int
        Of the study.

    Returns
    -------
    dict
        ``part`` of the ledger: ``start_slope``, ``start_parts`` and ``start_by_area``; and ``faults``.
    """
    name = question["question"]
    known = known_outcome(outcome, question)
    asked = {**known, "roles": [role for role in known["roles"] if role in (question["roles"] or known["roles"])]}
    shares = {role: weights[role] for role in asked["roles"]}
    keep = population(question, waves)
    replicates = question["replicates"]
    found = related(
        analysis, asked, formula, shares, waves, name, keep, replicates, seed_of(seed, RULE, name)
    )  # fmt: skip
    faults = list(found.faults if outcome else absent(found.planned))
    areas_slope = found.slopes.get(AREA)
    parts = Parts(pd.DataFrame(), [])
    if found.fitted.fit is not None and (areas_slope is None or areas_slope.told):
        rows = keep(answered(analysis, asked["column"], asked["roles"], waves))
        usual = (question["parts"], question["splits"], replicates, seed_of(seed, RULE, name, "halves"))
        parts = change_by_parts(rows.loc[rows[AREA] != ""], waves, shares, *usual)
        faults += part_faults(parts, found.planned)
    behind = found.fitted.rows
    tables = {
        "start_slope": [
            *slope_rows(areas_slope, found.naive, behind, asked, name, SLOPE),
            *slope_rows(found.slopes.get(UNIT), None, behind, asked, f"{name}.organisations", WITHIN),
        ],
        "start_parts": part_rows(parts, asked, question),
        "start_by_area": area_rows(area_starts(found.fitted, areas, waves[0], waves[-1]), asked, name),
    }
    return {"part": part_of(RULE, tables), "faults": fault_table(faults)}


def absent(planned: Planned) -> list[Fault]:
    """The question asks about an outcome that the plan does not have."""
    saw = f"the plan has no outcome {planned.outcome['outcome']}; not answered"
    return [told(planned, "MOD-03", saw, "an outcome of models.yaml", "Correct the question")]


def part_faults(parts: Parts, planned: Planned) -> list[Fault]:
    """Areas that cannot be halved, and why there are no parts."""
    found = []
    if parts.alone:
        saw = f"area{'s' * (len(parts.alone) > 1)} {', '.join(parts.alone)}: one organisation, which cannot be halved"
        action = "Change by parts of the start leaves it out"
        found.append(told(planned, "MOD-03", saw, "two organisations", action))
    if parts.refused:
        found.append(
            told(planned, "MOD-03", f"{parts.refused}; no change by parts", "more areas", "Ask for fewer parts")
        )
    return found


def slope_rows(
    slope: Slope | None, naive: Naive | None, rows: pd.DataFrame, outcome: Mapping[str, Any], group: str, words: str
) -> Rows:
    """The slope, the naive one, and the bias that the model expects of the naive one."""
    values: dict[str, float | None] = {
        name: None if slope is None else getattr(slope, name) for name in ("estimate", "low", "high", "p")
    }
    of_areas = words == SLOPE
    if of_areas:
        values["naive"] = naive.slope if naive else None
        values["bias"] = naive.expected - slope.estimate if naive and slope else None
    place = {
        "outcome": outcome["outcome"], "group": group, "estimand": words, "n": int(rows["respondent"].nunique()),
        "n_organisations": organisations(rows),
    }  # fmt: skip
    spread = {"sd_start": slope.sd_start if slope else None}
    share = {"zero_share": slope.zero_share if slope else None}
    return [
        *measured(values, outcome["digits"], "change per unit of the start", **place),
        *measured(spread | share, outcome["digits"], outcome["unit"], **place),
    ]


def part_rows(parts: Parts, outcome: Mapping[str, Any], question: Mapping[str, Any]) -> Rows:
    """Change by parts of the start, and how much the highest part differs from the lowest."""
    found: Rows = []
    table, name = parts.table, question["question"]
    if table.empty:
        names = [*(str(number + 1) for number in range(question["parts"])), "difference"]
        table = pd.DataFrame({"part": names}).assign(
            start=np.nan, change=np.nan, low=np.nan, high=np.nan, respondents=0, organisations=0
        )
    for row in table.to_dict("records"):
        whole = row["part"] == "difference"
        words = "difference of change, part of the highest start less part of the lowest" if whole else (
            "mean change of areas in one part of the start, start and change from different organisations")  # fmt: skip
        values = {name: row[name] for name in ("change", "low", "high")}
        if not whole:
            values = {"mean_first": row["start"], **values}
        found += measured(
            values, outcome["digits"], outcome["unit"], outcome=outcome["outcome"], estimand=words,
            group=f"{name}.{row['part']}" if whole else f"{name}.part-{row['part']}-of-{question['parts']}",
            n=int(row["respondents"]), n_organisations=int(row["organisations"]) or None,
        )  # fmt: skip
    return found


def area_rows(areas: pd.DataFrame, outcome: Mapping[str, Any], name: str) -> Rows:
    """Start and change of each area, as observed and as modelled. A start that all answers share is confidential."""
    found: Rows = []
    for row in areas.to_dict("records"):
        shared = {
            "outcome": outcome["outcome"], "group": name, "area": row["area"],
            "estimand": "start and change of one area; those of the model are drawn towards the means of all",
        }  # fmt: skip
        found += measured(
            {"mean_first": row["mean_first"]}, outcome["digits"], outcome["unit"], **shared, n=int(row["n_first"]),
            n_organisations=int(row["units_first"]) or None, dominance=row["dominance_first"],
            status="c" if row["alike"] else row["status"],
        )  # fmt: skip
        found += measured(
            {column: row[column] for column in ("start", "estimate")}, outcome["digits"], outcome["unit"], **shared,
            n=int(row["n"]), n_least=row["n_least"], n_organisations=int(row["units"]) or None,
            dominance=row["dominance"], status=row["status"],
        )  # fmt: skip
    return found
