"""Items that go against the others of their scale: probably coded the other way round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.faults import Fault

#: An item that goes against the rest by this much, in so many answers.
AGAINST, LEAST_ANSWERS = -0.2, 30
LEAST_ITEMS = 3


def item_rest(
    table: pd.DataFrame, items: Sequence[Mapping[str, Any]], scales: Mapping[str, Sequence[str]]
) -> dict[str, float]:
    """Correlation of each item with the mean of the others of its scale, or, outside scales, of its answer scale.

    Items with too few answers, or too few others, have none.
    """
    blocks: dict[tuple[Any, ...], dict[str, bool]] = {}
    asked = {item["item"]: item for item in items if item["item"] in table}
    placed: set[str] = set()
    for scale, words in scales.items():
        for word in words:
            if word.lstrip("-") in asked:
                blocks.setdefault(("scale", scale), {})[word.lstrip("-")] = word.startswith("-")
                placed.add(word.lstrip("-"))
    for name, item in asked.items():
        if name not in placed and item["type"] == "likert":
            blocks.setdefault(tuple(sorted(item["labels"])), {})[name] = False
    found: dict[str, float] = {}
    for block in blocks.values():
        # turning an item about any point turns its correlations
        signed = pd.DataFrame({name: -table[name] if turned else table[name] for name, turned in block.items()})
        signed = signed.loc[:, signed.notna().any()]
        if signed.shape[1] < LEAST_ITEMS:
            continue
        centred = signed - signed.mean()
        for name in centred.columns:
            rest = centred.drop(columns=name).mean(axis=1)
            both = centred[name].notna() & rest.notna()
            if both.sum() >= LEAST_ANSWERS and centred.loc[both, name].nunique() > 1 and rest[both].nunique() > 1:
                found.setdefault(name, float(centred.loc[both, name].corr(rest[both])))
    return found


def opposed_fault(row: Mapping[str, Any], scaled: bool, file: str) -> list[Fault]:
    """CLN-04: an item of a scale against the rest; outside scales, one that was with the rest at the wave before."""
    now, then = row["item_rest"], row["earlier_item_rest"]
    if now is None or now >= AGAINST or not (scaled or (then is not None and then > -AGAINST)):
        return []
    told = f"item-rest correlation {now:.2f} at {row['wave']}"
    told += f", {then:+.2f} at {row['earlier_wave']}" if then is not None and row["earlier_wave"] else ""
    expected = "the same sign" if then is not None and then > 0 else "a correlation above 0"
    return [Fault("CLN-04", "WARN", file, told, expected, "Probably coded the other way round: check the questionnaire",
                  None, row["column"], row["n"])]  # fmt: skip
