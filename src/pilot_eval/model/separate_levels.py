"""Rule ``separate_levels``: does an outcome go with a predictor within organisations, and between them?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from pilot_eval.change.fitting import Fitted, fit_planned, read_contrast
from pilot_eval.change.planned import Planned, lost
from pilot_eval.change.rows import answered, organisations
from pilot_eval.change.specification import read_formula
from pilot_eval.faults import Fault
from pilot_eval.model.population import Keep, known_outcome, of_interest, population, roles_with, unanswered
from pilot_eval.parts import measured, part_of
from pilot_eval.tables import fault_table

Rows = list[dict[str, Any]]
RULE = "separate_levels"
TESTED = ("estimate", "low", "high", "se", "statistic", "df", "p")
WITHIN, BETWEEN = "within_organisation", "between_organisations"
#: Row of a question: what is added to its name, its words, and the weights of the two coefficients.
PARTS: tuple[tuple[str, str, dict[str, float]], ...] = (
    ("", "within one organisation, from wave to wave", {WITHIN: 1.0}),
    (".between", "between organisations", {BETWEEN: 1.0}),
    (".difference", "between less within", {BETWEEN: 1.0, WITHIN: -1.0}),
)


def separate_levels(
    analysis: pd.DataFrame,
    question: Mapping[str, Any],
    label: str,
    outcome: Mapping[str, Any] | None,
    formula: str,
    reml: bool,
    weights: Mapping[str, float],
    waves: Sequence[str],
) -> dict[str, Any]:
    """Answer one question of kind ``levels``.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table of ``score``.
    question : mapping
        ``question, outcome, predictor, roles, matched, estimand``.
    label : str
        Its name in tables.
    outcome : mapping or None
        ``outcome, column, roles, unit, digits``; None: the plan has no such outcome.
    formula, reml
        Of the outcome's primary model; an empty formula: it has none.
    weights : mapping of str to float
        Share of each role.
    waves : sequence of str
        In order of time.

    Returns
    -------
    dict
        ``part`` of the ledger: ``levels``, a row each for the part within organisations (under the question's name),
        the part between them and their difference; and ``faults``.
    """
    known = known_outcome(outcome, question)
    planned = Planned(known, "", reml, weights, waves, question["question"])
    faults: list[Fault] = []
    fitted, reason = Fitted(analysis.iloc[:0]), ""
    if outcome is None or not formula:
        reason = f"the plan has no model of {question['outcome']}"
    elif question["predictor"] not in analysis or not pd.api.types.is_numeric_dtype(analysis[question["predictor"]]):
        reason = f"the answers have no number {question['predictor']}"
    else:
        having = analysis.loc[analysis[question["predictor"]].notna() & (analysis["organisation"] != "")]
        roles = roles_with(having, known, question)
        planned = replace(planned, outcome={**known, "roles": roles}, formula=with_parts(formula))
        table, notes = parted(analysis, planned, question["predictor"], population(question, waves))
        fitted = fit_planned(table, planned)
        faults += [*notes, *of_interest(fitted.faults)]
        reason = fitted.refused
        if fitted.fit is not None and WITHIN not in fitted.fit.fixef.index:
            reason = f"no organisation answered {question['predictor']} differently at two waves"
    if reason:
        faults.append(unanswered(reason, question))
    tables = {"levels": _rows(fitted, planned.outcome, question, label)}
    return {"part": part_of(RULE, tables), "faults": fault_table(faults)}


def with_parts(formula: str) -> str:
    """A formula with the wave as a factor and the two parts of the predictor."""
    specification = read_formula(formula)
    random = " + ".join("({} {} {})".format(*term) for term in specification.random)
    fixed = f"{specification.fixed} + wave + {WITHIN} + {BETWEEN}"
    return f"{specification.response} ~ {fixed}" + (f" + {random}" if random else "")


def parted(analysis: pd.DataFrame, planned: Planned, predictor: str, keep: Keep) -> tuple[pd.DataFrame, list[Fault]]:
    """The answers of organisations, with the predictor in two parts (Mundlak 1978).

    An organisation's value at a wave is the mean of its respondents there; the part between is the mean of these values
    over the waves in which it answered, the part within what a wave's value is above that mean. So an organisation seen
    once has nothing within.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table.
    planned : Planned
        Roles and waves of the population.
    predictor : str
        Column.
    keep : callable
        Keeps, of the rows of the outcome, the population.
    """
    rows = keep(answered(analysis, planned.outcome["column"], planned.outcome["roles"], planned.waves))
    without = (rows["organisation"] == "").to_numpy()
    rows = rows.loc[~without].reset_index(drop=True)
    each = rows.groupby(["organisation", "wave"], observed=True, sort=True)[predictor].mean().dropna()
    mean = each.groupby("organisation", sort=True).mean()
    place = pd.MultiIndex.from_arrays([rows["organisation"], rows["wave"].astype("str")])
    here = each.rename(index=str, level="wave").reindex(place).to_numpy(dtype=np.float64)
    rows[BETWEEN] = rows["organisation"].map(mean).astype("float64")
    rows[WITHIN] = here - rows[BETWEEN].to_numpy()
    lacking = rows[WITHIN].isna()
    return rows.loc[~lacking].reset_index(drop=True), list(
        _lost(planned, int(without.sum()), int(lacking.sum()), predictor)
    )


def _lost(planned: Planned, without: int, lacking: int, predictor: str) -> Iterator[Fault]:
    """Answers that have no organisation, or whose organisation did not answer the predictor at that wave."""
    yield from lost(planned, "SCO-03", "an organisation", without)
    yield from lost(planned, "SCO-03", f"their organisation's {predictor} at that wave", lacking)


def _rows(fitted: Fitted, outcome: Mapping[str, Any], question: Mapping[str, Any], label: str) -> Rows:
    """One row a part; behind the part within stand those whose organisation answered at several waves."""
    found: Rows = []
    for added, words, wanted in PARTS:
        own = fitted.rows
        if not added and WITHIN in own:
            own = own.loc[own[WITHIN] != 0]
        values: dict[str, float | None] = dict.fromkeys(TESTED)
        if fitted.fit is not None and set(wanted) <= set(fitted.fit.fixef.index):
            weights = pd.Series(wanted).reindex(fitted.fit.fixef.index).fillna(0.0)
            estimate = read_contrast(fitted.fit, weights)
            values = {name: float(estimate[name]) for name in TESTED}
        found += measured(
            values, outcome["digits"], outcome["unit"], outcome=outcome["outcome"],
            group=question["question"] + added, group_label=f"{label}: {words}", estimand=question["estimand"],
            n=int(own["respondent"].nunique()), n_organisations=organisations(own),
        )  # fmt: skip
    return found
