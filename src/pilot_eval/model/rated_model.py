"""The cumulative logit model of ordered ratings of areas: its rows, its formula and its fit."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pilot_eval.change.ladder import Step, fit_down
from pilot_eval.change.ordered import fit_ordered

if TYPE_CHECKING:
    from pilot_eval.mixed.glmm import GlmmFit

#: With fewer areas rated at both ends, how areas differ cannot be told from chance.
LEAST_AREAS = 3
#: Areas differ in level and in change; an area's ratings of one thing resemble one another. The second form, with one
#: change for all that is rated, is for ratings that tell some of it without error.
FIXED = ("later * item", "later + item")
RANDOM = "(1 + later | area) + (1 | place)"


def refused(ends: pd.DataFrame) -> tuple[str, str]:
    """Fault and reason why ratings cannot tell a change; two empty texts when they can."""
    both = ends.dropna(subset=["first", "last"])
    areas = both["area"].nunique()
    if areas < LEAST_AREAS:
        return "MOD-03", f"{areas} area{'s' * (areas != 1)} rated at both ends"
    if pd.concat([both["first"], both["last"]]).nunique() == 1:
        return "SCO-02", f"all ratings are {both['first'].iloc[0]:g}"
    return "", ""


def long_rows(ends: pd.DataFrame, elements: Sequence[str]) -> pd.DataFrame:
    """One row a rating: ``area, item, place`` (thing rated in an area), ``later`` (0 or 1), ``rating``."""
    rows = pd.concat([ends.assign(later=float(at), rating=ends[end]) for at, end in enumerate(("first", "last"))])
    rows = rows.dropna(subset="rating").astype({"rating": "int64"})
    rows["place"] = rows["area"] + " / " + rows["item"]
    rows["item"] = pd.Categorical(rows["item"], categories=list(elements))
    columns = ["area", "item", "place", "later", "rating"]
    return rows.sort_values(["area", "item", "later"], kind="stable").loc[:, columns].reset_index(drop=True)


def fit_rated(rows: pd.DataFrame, elements: int) -> tuple[GlmmFit, list[Step]]:
    """The first form that can be fitted, and the steps down to it.

    Raises
    ------
    ModelError
        When none can.
    """
    from pilot_eval.mixed import ModelError

    # of one thing each area has two ratings: no more than a level of each can be told
    forms, random = (FIXED, RANDOM) if elements > 1 else (("later",), "(1 | area)")
    steps: list[Step] = []
    for form in forms:
        formula = f"rating ~ {form} + {random}"
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # boundaries are told by the fit, not by warnings
                fit, down = fit_down(formula, rows, fit_ordered)
            return fit, [*steps, *down]
        except (ModelError, np.linalg.LinAlgError) as error:
            steps.append(Step(formula, str(error), "a change of each thing rated"))
    raise ModelError(steps[-1].why)
