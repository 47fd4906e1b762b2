"""What a fit at a boundary gives when all that lies there is left out: told beside it, not in its place."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pilot_eval.change.fitting import Fitted, read_contrast
from pilot_eval.change.ladder import Step, regular
from pilot_eval.change.planned import Planned
from pilot_eval.faults import Fault
from pilot_eval.model.change_cells import cells_of

#: Its name among the ways of analysis.
WAY = "off_boundary"


@dataclass(frozen=True)
class Fallback:
    """A regular model below a singular one: its formula, the steps to it, and the change overall that it estimates."""

    formula: str
    steps: list[Step]
    estimate: pd.Series


def fallback(fitted: Fitted, planned: Planned) -> Fallback | None:
    """The regular model below a singular fit; None where the fit is regular, or nothing simpler is."""
    from pilot_eval.mixed import lmer

    if fitted.fit is None or not fitted.fit.singular or fitted.specification is None or fitted.change is None:
        return None
    if fitted.change.overall is None:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit, specification, steps = regular(
            fitted.specification, fitted.rows, fitted.fit,
            lambda formula, rows: lmer(formula, rows, reml=planned.reml),
        )  # fmt: skip
    if fit is None:
        return None
    return Fallback(specification.formula, steps, read_contrast(fit, fitted.change.overall))


def fallback_faults(found: Fallback | None, planned: Planned) -> list[Fault]:
    """The steps in one line, with the change overall that they lead to."""
    if found is None:
        return []
    one = found.estimate
    size = f"{one['estimate']:.{planned.outcome['digits']}f}"
    dropped = " and ".join(step.dropped for step in found.steps)
    saw = f"a boundary; without {dropped} the change overall is {size}"
    return [Fault("MOD-02", "WARN", planned.place, saw, "a spread that can be told", "The planned model stands")]


def fallback_rows(found: Fallback | None, fitted: Fitted, planned: Planned) -> list[dict[str, Any]]:
    """The same as a row beside the other ways of analysis."""
    if found is None:
        return []
    values = {name: float(found.estimate[name]) for name in ("estimate", "low", "high")}
    first, last = planned.waves[0], planned.waves[-1]
    words = f"mean change from {first} to {last}, without the random terms that lie at a boundary"
    return cells_of(fitted, planned, values, words, group=WAY)


def fallback_record(found: Fallback | None) -> dict[str, Any] | None:
    """The same for the record of the fit."""
    if found is None:
        return None
    return {
        "formula": found.formula,
        "dropped": [step.dropped for step in found.steps],
        **{
            name: None if pd.isna(found.estimate[name]) else float(found.estimate[name])
            for name in ("estimate", "se", "df", "low", "high")
        },
    }
