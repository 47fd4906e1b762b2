"""How far the answers to an item moved between two waves, and what it looks like."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from pilot_eval.faults import Fault
from pilot_eval.study.condition import conditions

#: Fewer answers at a wave tell nothing.
LEAST = 30
#: Largest difference of cumulative shares that a programme may well bring about, and a factor that leaves chance
#: (Kolmogorov and Smirnov at p = 0.001) outside.
LARGEST, CHANCE = 0.3, 1.95
#: A yes-or-no item has one share, which a programme may well double.
LARGEST_BINARY = 0.6
#: A rise of the share without an answer by so much is no chance either.
LARGEST_BLANK = 0.3
#: Differences of shares are not exact.
ROUNDING = 1e-9


class Jump(NamedTuple):
    """Largest difference of cumulative shares between two waves, and what it may be; null when it cannot be said."""

    distance: float
    limit: float

    @property
    def large(self) -> bool:
        """Whether the item jumped."""
        return self.distance > self.limit + ROUNDING


def jump_of(values: pd.Series[float], earlier: pd.Series[float], binary: bool) -> Jump:
    """The distance of two waves' answers (the statistic of Kolmogorov and Smirnov)."""
    now, then = values.dropna().to_numpy(), earlier.dropna().to_numpy()
    if min(len(now), len(then)) < LEAST:
        return Jump(math.nan, math.nan)
    largest = LARGEST_BINARY if binary else LARGEST
    return Jump(_distance(now, then), max(largest, CHANCE * math.sqrt(1 / len(now) + 1 / len(then))))


def jump_fault(
    values: pd.Series[float], earlier: pd.Series[float], jump: Jump, item: Mapping[str, Any], row: Mapping[str, Any],
    file: str,
) -> list[Fault]:  # fmt: skip
    """CLN-04 when the answers look turned round, CLN-33 when they moved otherwise."""
    wave, column, n = row["earlier_wave"], row["column"], row["n"]
    if jump.large:
        told = f"mean {row['earlier_mean']:.2f} at {wave}, {row['mean']:.2f} now; shares differ by {jump.distance:.2f}"
        expected = f"{jump.limit:.2f} at most"
        now, then = values.dropna().to_numpy(), earlier.dropna().to_numpy()
        ends = sorted(int(code) for code in item["labels"]) or [item["low"], item["high"]]
        turned = ends[0] + ends[-1] - then if None not in ends else then
        if item["type"] in ("likert", "ordinal", "binary") and _distance(now, turned) < jump.distance / 3:
            action = f"As if turned round since {wave}: check the questionnaire; declare reversed if so"
            return [Fault("CLN-04", "WARN", file, told, expected, action, None, column, n)]
        looks = next((f"As if counted {step:+d} since {wave}: c" for step in (-1, 1)
                      if _distance(now, then + step) < jump.distance / 3), "C")  # fmt: skip
        action = f"{looks}heck coding and wording; nothing was changed"
        return [Fault("CLN-33", "WARN", file, told, expected, action, None, column, n)]
    return []


def lost_fault(
    here: pd.DataFrame, before: pd.DataFrame, item: Mapping[str, Any], wave: str, past: str, file: str
) -> list[Fault]:  # fmt: skip
    """CLN-33 when many more of those who were asked an item left it blank than at the wave before."""
    now, then = _asked(here, item), _asked(before, item)
    rise = now.mean() - then.mean()
    if min(len(now), len(then)) < LEAST or rise <= LARGEST_BLANK + ROUNDING:
        return []
    told = f"{now.mean():.0%} of those asked without an answer, {then.mean():.0%} at {past}"
    action = "Check the export and the routing"
    if not item["asked_if"]:
        action = "Was it asked of all? Give it asked_if in the codebook, or check the export"
    column, number = item["names"][wave], int(now.sum())
    return [Fault("CLN-33", "WARN", file, told, "about as many", action, None, column, number)]


def _asked(table: pd.DataFrame, item: Mapping[str, Any]) -> pd.Series[bool]:
    """Whether an item is blank, of each response that was surely asked it."""
    values = table[item["item"]]
    asked = pd.Series(True, index=table.index)
    for condition in conditions(item["asked_if"]):
        gate = table[condition.item]
        asked &= gate.map(lambda value, holds=condition.holds: value == value and holds(value)).astype(bool)
    blank: pd.Series[bool] = values.isna() | (values == "")
    return blank[asked]


def _distance(one: Any, other: Any) -> float:
    points = np.union1d(one, other)
    shares = [np.searchsorted(np.sort(values), points, side="right") / len(values) for values in (one, other)]
    return float(np.abs(shares[0] - shares[1]).max())
