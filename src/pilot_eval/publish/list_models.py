"""Every model in one table: what was fitted, how it went, and whether a second program agrees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.publish.qa_tables import rounded, without_formulas

Record = Mapping[str, Any]


def list_models(fits: Sequence[Record], round_counts_to: int) -> dict[str, pd.DataFrame]:
    """The quality pages' table of models, which notebooks read too.

    Parameters
    ----------
    fits : sequence of mapping
        Record of every model.
    round_counts_to : int
        Respondents are published as multiples of it.

    Returns
    -------
    dict
        ``models``: a row a model and outcome, all text.
    """
    rows = []
    for fit in fits:
        second = fit.get("second_fit", {})
        agrees = {True: "yes", False: "no"}.get(second.get("agrees"), f"not compared: {second.get('reason', '')}")
        rows.append(
            {
                "model": fit["model"], "outcome": fit["outcome"], "formula": fit.get("formula", fit["planned"]),
                "status": fit["status"], "reason": fit["reason"] or "",
                "left_out": "; ".join(f"{part['term']}: {part['reason']}" for part in fit.get("left_out", [])),
                "respondents": rounded(fit["respondents"], round_counts_to), "areas": str(fit["areas"]),
                "loglik": f"{fit['loglik']:.3f}" if "loglik" in fit else "",
                "converged": _word(fit.get("converged")), "singular": _word(fit.get("singular")),
                "boundary": "; ".join(map(_limit, fit.get("boundary", []))),
                "df_method": str(fit.get("df_method", "")), "second_program_agrees": agrees if second else "",
                "largest_difference_in_se": _small(second.get("largest_fixed_difference")),
                "loglik_difference": _small(second.get("loglik_difference")),
            }
        )  # fmt: skip
    return {"models": without_formulas(pd.DataFrame(rows))}


def _limit(one: Record) -> str:
    """A spread at its boundary, with the interval in which it may lie."""
    where = f"{one['term']} by {'organisation' if one['group'] == 'unit' else one['group']}"
    test = "" if one["p"] is None else f", p {one['p']:.3f}"
    return f"SD of {where} {one['sd']:.3g}, interval {one['low']:.3g} to {one['high']:.3g}{test}"


def _word(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _small(value: float | None) -> str:
    return "" if value is None else f"{value:.1e}"
