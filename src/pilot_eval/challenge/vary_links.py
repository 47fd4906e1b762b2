"""Rule ``vary_links``: the change overall when doubtful links are dropped, more are taken, or nobody is followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.change.fitting import fit_planned, overall
from pilot_eval.change.planned import Planned
from pilot_eval.change.rows import organisations
from pilot_eval.parts import measured, part_of

#: Variants beside the links that are used, strictest last.
VARIED = ("loose", "tight", "unlinked")
TYPES = {
    "variant": "str", "n": "Int64", "respondents": "Int64", "followed": "Int64", "estimate": "float64",
    "low": "float64", "high": "float64", "reason": "str",
}  # fmt: skip


def vary_links(
    analysis: pd.DataFrame,
    variants: pd.DataFrame,
    model: str,
    formula: str,
    reml: bool,
    outcome: Mapping[str, Any],
    weights: Mapping[str, float],
    waves: Sequence[str],
) -> dict[str, pd.DataFrame]:
    """Fit an outcome's primary model with other links between the waves.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table of ``score``.
    variants : DataFrame
        ``variant _id respondent``: whose response it is, by how alike persons must be to be linked.
    model, formula, reml, outcome, weights, waves
        As for ``fit_change``.

    Returns
    -------
    dict
        ``part`` with a row of the table ``challenge`` for each of :data:`VARIED`, and ``estimates``, exact, with the
        default links first. ``unlinked`` takes every response for another person's. Links that are those of another
        variant are not fitted again.
    """
    planned = Planned(outcome, formula, reml, weights, waves, model)
    known: dict[tuple[str, ...], dict[str, Any]] = {}
    found, cells = [], []
    for variant in ("default", *VARIED):
        rows = relinked(analysis, variants, variant)
        partition = tuple(sorted(" ".join(sorted(ids)) for _, ids in rows.groupby("respondent")["_id"]))
        if partition not in known:
            known[partition] = _estimate(rows, planned)
        values = known[partition]
        found.append({"variant": variant, **{name: values[name] for name in TYPES if name != "variant"}})
        if variant in VARIED:
            cells += measured(
                {name: values[name] for name in ("estimate", "low", "high")}, outcome["digits"], outcome["unit"],
                outcome=outcome["outcome"], group=f"links_{variant}", n=values["respondents"],
                n_organisations=values["organisations"],
                estimand=f"mean change from {waves[0]} to {waves[-1]} with other links between the waves",
            )  # fmt: skip
    estimates = pd.DataFrame(found, columns=list(TYPES)).astype(TYPES)
    return {"part": part_of("vary_links", {"challenge": cells}), "estimates": estimates}


def relinked(analysis: pd.DataFrame, variants: pd.DataFrame, variant: str) -> pd.DataFrame:
    """The analysis table with the respondents of a variant."""
    if variant == "unlinked":
        return analysis.assign(respondent=analysis["_id"].astype("str"))
    whose = variants[variants["variant"] == variant].set_index("_id")["respondent"]
    return analysis.assign(respondent=analysis["_id"].map(whose).astype("str"))


def _estimate(rows: pd.DataFrame, planned: Planned) -> dict[str, Any]:
    fitted = fit_planned(rows, planned)
    used = fitted.rows
    seen = used.groupby("respondent")["wave"].nunique()
    estimate = None if fitted.refused else overall(fitted)
    return {
        "n": len(used), "respondents": len(seen), "followed": int((seen > 1).sum()),
        "organisations": organisations(used), "reason": fitted.refused,
        **{name: None if estimate is None else float(estimate[name]) for name in ("estimate", "low", "high")},
    }  # fmt: skip
