"""Rule ``relate_start``: does change depend on the start, once regression to the mean is taken out?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pilot_eval.change.fitting import Fitted, fit_planned
from pilot_eval.change.planned import AREA, Planned, told
from pilot_eval.change.rows import answered, organisations, pairs
from pilot_eval.change.seed import seed_of
from pilot_eval.faults import Fault
from pilot_eval.model.start_areas import area_starts
from pilot_eval.model.start_means import Naive, naive_slope
from pilot_eval.model.start_model import Slope, relates, slope_of, start_formula, with_time
from pilot_eval.model.start_parts import Parts, change_by_parts
from pilot_eval.parts import measured, part_of
from pilot_eval.tables import fault_table

Rows = list[dict[str, Any]]
RULE = "relate_start"
TOO_LITTLE = "the areas' starts differ too little to say"
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
    known = outcome or {"outcome": question["outcome"], "column": "", "roles": [], "unit": "", "digits": 2}
    asked = {**known, "roles": [role for role in known["roles"] if role in (question["roles"] or known["roles"])]}
    shares = {role: weights[role] for role in asked["roles"]}
    timed = with_time(analysis, waves)
    ends = waves[0], waves[-1]

    def planned(level: str) -> Planned:
        return Planned(asked, start_formula(formula, len(shares), level), True, shares, waves, name)

    def population(rows: pd.DataFrame) -> pd.DataFrame:
        both = pairs(rows, *ends)["respondent"] if question["matched"] else rows["respondent"]
        return rows.loc[rows["respondent"].isin(set(both))].reset_index(drop=True)

    fitted = fit_planned(timed, planned(AREA), population)
    faults = list(fitted.faults if outcome else absent(planned(AREA)))
    naive, slope, why = between_areas(fitted, planned(AREA), question["replicates"], seed_of(seed, RULE, name))
    faults += why
    rows = population(answered(analysis, asked["column"], asked["roles"], waves))
    parts = Parts(pd.DataFrame(), [], TOO_LITTLE)
    if fitted.fit is not None and (slope is None or slope.told):
        draws = seed_of(seed, RULE, name, "halves")
        usual = (question["parts"], question["splits"], question["replicates"])
        parts = change_by_parts(rows.loc[rows[AREA] != ""], waves, shares, *usual, draws)
        faults += part_faults(parts, planned(AREA))
    inner, more = between_organisations(timed, fitted, planned("organisation"), population, question, seed)
    faults += more
    tables = {
        "start_slope": [
            *slope_rows(slope, naive, fitted.rows, asked, name, SLOPE),
            *slope_rows(inner, None, fitted.rows, asked, f"{name}.organisations", WITHIN),
        ],
        "start_parts": part_rows(parts, asked, question),
        "start_by_area": area_rows(area_starts(fitted, areas, *ends), asked, name),
    }
    return {"part": part_of(RULE, tables), "faults": fault_table(faults)}


def absent(planned: Planned) -> list[Fault]:
    """The question asks about an outcome that the plan does not have."""
    saw = f"the plan has no outcome {planned.outcome['outcome']}; not answered"
    return [told(planned, "MOD-03", saw, "an outcome of models.yaml", "Correct the question")]


def between_areas(
    fitted: Fitted, planned: Planned, replicates: int, seed: int
) -> tuple[Naive | None, Slope | None, list[Fault]]:
    """The naive slope and the model's, with what a reader must know of them; None where there is none."""
    if fitted.fit is None or fitted.specification is None:
        return None, None, []
    if not relates(fitted.specification, AREA):
        saw = "the model has no related start and change of areas; no slope"
        return None, None, [told(planned, "MOD-03", saw, "areas with both", "Read what was left out above")]
    naive = naive_slope(fitted.fit, fitted.rows, AREA, planned.waves[0], planned.waves[-1])
    slope = slope_of(fitted.fit, AREA, naive.sampling, replicates, seed)
    return naive, slope, slope_faults(slope, fitted, planned)


def slope_faults(slope: Slope, fitted: Fitted, planned: Planned) -> list[Fault]:
    """Starts that differ too little, bootstrap fits that failed, and a fit at a boundary."""
    assert fitted.fit is not None
    found = []
    if not slope.told:
        saw = f"{TOO_LITTLE}: their spread is zero in {100 * slope.zero_share:.0f} % of the bootstrap fits"
        found.append(told(planned, "MOD-06", saw, "10 % at most", "Ask of change overall instead"))
    if slope.failures:
        saw = f"{slope.failures} bootstrap fits have no solution and are left out"
        found.append(told(planned, "MOD-02", saw, "none", "Read the interval with care"))
    if fitted.fit.singular and slope.told:
        saw = "the fit lies at a boundary: a spread is zero or a correlation is one"
        found.append(told(planned, "MOD-02", saw, "a fit inside", "Read the interval, not the slope alone"))
    return found


def between_organisations(
    timed: pd.DataFrame,
    areas: Fitted,
    planned: Planned,
    population: Any,
    question: Mapping[str, Any],
    seed: int,
) -> tuple[Slope | None, list[Fault]]:
    """The slope between organisations of one area, from a regular model with effects of them on start and change."""
    unit = "unit"
    if areas.fit is None or unit not in areas.fit.ngroups:
        return None, []
    fitted = fit_planned(timed, planned, population)
    reason = "" if fitted.fit is not None else "it cannot be fitted"
    if fitted.fit is not None and fitted.specification is not None:
        if not relates(fitted.specification, unit) or fitted.steps:
            reason = "it cannot be fitted"
        elif fitted.fit.singular:
            reason = "it is singular"
    if reason:
        saw = f"the model with start and change of organisations: {reason}; no slope between organisations"
        return None, [told(planned, "MOD-02", saw, "a regular model", "Read the slope between areas alone")]
    assert fitted.fit is not None
    sampling = naive_slope(fitted.fit, fitted.rows, unit, planned.waves[0], planned.waves[-1]).sampling
    words = question["question"], "organisations"
    slope = slope_of(fitted.fit, unit, sampling, question["replicates"], seed_of(seed, RULE, *words))
    return slope, [] if slope.told else [
        told(planned, "MOD-06", "the organisations' starts differ too little to say", "starts that differ",
             "Read the slope between areas alone")
    ]  # fmt: skip


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
    """Start and change of each area, as observed and as modelled."""
    found: Rows = []
    for row in areas.to_dict("records"):
        for columns, n, units in ((("mean_first",), "n_first", "units_first"), (("start", "estimate"), "n", "units")):
            found += measured(
                {column: row[column] for column in columns}, outcome["digits"], outcome["unit"],
                outcome=outcome["outcome"], group=name, area=row["area"], n=int(row[n]), status=row["status"],
                n_organisations=int(row[units]) or None,
                estimand="start and change of one area; those of the model are drawn towards the means of all",
            )  # fmt: skip
    return found
