"""How change differs with a moderator: contrasts of its levels, or its slope, and the test of all of them at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from pilot_eval.change.contrasts import change_contrasts
from pilot_eval.change.fitting import LEAST_DF, Fitted, read_contrast
from pilot_eval.change.planned import AREA, Planned
from pilot_eval.model.moderators import Moderator

Values = dict[str, float | None]
SIZE = ("estimate", "low", "high", "se")
PER_SD = ("per_sd", "per_sd_low", "per_sd_high")
TEST = ("f", "num_df", "df", "p")
NOT_APPLICABLE = "z"
BELOW, ABOVE = "below", "above"


@dataclass(frozen=True)
class Answer:
    """What the fit says of a moderator; ``reason`` says why it says nothing.

    Attributes
    ----------
    size, per_sd, test : dict
        ``SIZE``: difference of change between the second and the first of two levels, or per unit of a number;
        ``PER_SD``: per standard deviation of a number; ``TEST``: joint F test that change does not differ.
    levels : list of (str, str, Series or None)
        Level, in words, and the contrast of its change; None where it cannot be told.
    left_out : list of str
        Levels whose change cannot be told.
    """

    size: Values
    per_sd: Values
    test: Values
    levels: list[tuple[str, str, pd.Series | None]] = field(default_factory=list)
    size_status: str = ""
    per_sd_status: str = ""
    left_out: list[str] = field(default_factory=list)
    reason: str = ""


def no_answer(reason: str) -> Answer:
    """Nothing to say, and why."""
    return Answer(dict.fromkeys(SIZE), dict.fromkeys(PER_SD), dict.fromkeys(TEST), reason=reason)


def answer_of(fitted: Fitted, moderator: Moderator, planned: Planned) -> Answer:
    """Read a moderator off a fit that has its product with time.

    Parameters
    ----------
    fitted : Fitted
    moderator : Moderator
    planned : Planned
        With waves and weights of the roles.
    """
    if fitted.fit is None or fitted.specification is None:
        return no_answer(fitted.refused)
    dropped = next((why for term, why in fitted.specification.dropped if term == moderator.column), "")
    if dropped:
        return no_answer(f"the moderator is left out: {dropped}")
    if moderator.numeric:
        return _slope(fitted, moderator, planned)
    return _levels(fitted, moderator, planned)


def _change(fitted: Fitted, planned: Planned, column: str, value: Any) -> pd.Series | None:
    """Contrast of the change where the moderator has a value; None where the rows cannot tell it."""
    assert fitted.specification is not None and fitted.fit is not None
    change = change_contrasts(
        fitted.specification.fixed, fitted.rows, planned.waves[0], planned.waves[-1], planned.weights, {column: value}
    )
    return change.overall


def _slope(fitted: Fitted, moderator: Moderator, planned: Planned) -> Answer:
    assert fitted.fit is not None
    column = moderator.column
    middle, spread = middle_and_spread(fitted.rows, column)
    ends = [_change(fitted, planned, column, value) for value in (middle, middle + 1.0)]
    if ends[0] is None or ends[1] is None:
        return no_answer("the answers cannot tell change apart from the moderator")
    slope = ends[1] - ends[0]
    found = read_contrast(fitted.fit, slope)
    size: Values = {name: float(found[name]) for name in SIZE}
    per_sd: Values = {
        name: spread * float(found[of]) for name, of in zip(PER_SD, ("estimate", "low", "high"), strict=True)
    }
    levels: list[tuple[str, str, pd.Series | None]] = [
        (BELOW, "one standard deviation below the mean", ends[0] - spread * slope),
        (ABOVE, "one standard deviation above the mean", ends[0] + spread * slope),
    ]
    return Answer(size, per_sd, _joint(fitted, [slope]), levels)


def _levels(fitted: Fitted, moderator: Moderator, planned: Planned) -> Answer:
    assert fitted.fit is not None
    there = sorted(set(fitted.rows[moderator.column].astype(str)))
    ordered = [level for level in moderator.labels if level in there]
    ordered += [level for level in there if level not in ordered]
    changes = {level: _change(fitted, planned, moderator.column, level) for level in ordered}
    levels = [(level, moderator.labels.get(level, level), changes[level]) for level in ordered]
    told = [contrast for contrast in changes.values() if contrast is not None]
    left_out = [level for level, contrast in changes.items() if contrast is None]
    if len(told) < 2:
        return no_answer("fewer than two levels of the moderator were seen at both ends")
    differences = [contrast - told[0] for contrast in told[1:]]
    size: Values = dict.fromkeys(SIZE)
    if len(differences) == 1:
        found = read_contrast(fitted.fit, differences[0])
        size = {name: float(found[name]) for name in SIZE}
    status = "" if len(differences) == 1 else NOT_APPLICABLE
    return Answer(size, dict.fromkeys(PER_SD), _joint(fitted, differences), levels, status, NOT_APPLICABLE, left_out)


def _joint(fitted: Fitted, contrasts: list[pd.Series]) -> Values:
    """F test of several contrasts at once, by the degrees of freedom that the fit's tests have."""
    from pilot_eval.mixed.inference import anova_table

    assert fitted.fit is not None
    rows = np.stack([contrast.reindex(fitted.fit.fixef.index).to_numpy(dtype=np.float64) for contrast in contrasts])
    tested = anova_table(fitted.fit.basis(), {"moderator": rows}).iloc[0]
    told = tested["den_df"] >= LEAST_DF
    return {
        "f": float(tested["statistic"]),
        "num_df": float(tested["num_df"]),
        "df": float(tested["den_df"]) if told else None,
        "p": float(tested["p"]) if told else None,
    }


def middle_and_spread(rows: pd.DataFrame, column: str) -> tuple[float, float]:
    """Mean and standard deviation of a moderator over areas if each has one, else organisations, else respondents."""
    for key in (AREA, "organisation", "respondent"):
        each = rows.groupby(key, sort=True)[column]
        if (rows[key] != "").all() and (each.nunique() <= 1).all():
            values = each.first()
            return float(values.mean()), float(values.std(ddof=1))
    return float(rows[column].mean()), float(rows[column].std(ddof=1))
