"""Compare a delivery with the codebook and with the earlier wave of the same questionnaire: what has drifted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.clean.distributions import LEAST, jump_fault, jump_of, lost_fault
from pilot_eval.clean.layout import label_drift, order_drift, text_drift
from pilot_eval.clean.opposed import item_rest, opposed_fault
from pilot_eval.faults import Fault, StudyFaults
from pilot_eval.tables import fault_table

COLUMNS = (
    "wave", "item", "column", "n", "mean", "sd", "blank", "item_rest", "earlier_wave", "earlier_n", "earlier_mean",
    "earlier_blank", "earlier_item_rest", "distance", "limit",
)  # fmt: skip
TEXTS = ("wave", "item", "column", "earlier_wave")


def report_drift(
    cleaned: pd.DataFrame,
    variables: pd.DataFrame,
    earlier_cleaned: Sequence[pd.DataFrame],
    earlier_variables: Sequence[pd.DataFrame],
    source: Mapping[str, Any],
    codebook: Sequence[Mapping[str, Any]],
    waves: Sequence[str],
    scales: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    """What changed since the wave before, found by statistics and never mended.

    Parameters
    ----------
    cleaned, variables : DataFrame
        The delivery's cleaned responses and its own metadata.
    earlier_cleaned, earlier_variables : sequence of DataFrame
        Those of the deliveries of the same instrument that can hold earlier waves.
    source : mapping
        ``path`` of the delivery.
    codebook : sequence of mapping
        Items of the instrument.
    waves : sequence of str
        In order of time.
    scales : mapping of str to sequence of str
        Items of each scale, those counted in reverse with a leading ``-``.

    Returns
    -------
    dict
        ``drift``, a row an item and wave, and ``faults``: CLN-02 order and texts of the columns, CLN-03 and CLN-34
        labels and texts, CLN-04 an item against the others or turned round, CLN-22 waves in the wrong order, CLN-33
        a distribution that jumped.

    Raises
    ------
    StudyFaults
        When most answers are older than those of the wave before.
    """
    file = source["path"]
    rows: list[dict[str, Any]] = []
    faults: list[Fault] = []
    stock = list(zip([*earlier_cleaned, cleaned], [*earlier_variables, variables], strict=True))
    for wave in [wave for wave in waves if (cleaned["wave"] == wave).any()]:
        here = cleaned[cleaned["wave"] == wave]
        before, described, past = _before(stock, waves[: waves.index(wave)])
        faults += text_drift(variables, described, codebook, wave, past, file)
        if past:
            faults += label_drift(variables, described, codebook, wave, past, file)
            faults += order_drift(variables, described, codebook, wave, past, file)
            faults += _older(here, before, past, file)
        found, told = _items(here, before, codebook, wave, past, scales, file)
        rows, faults = rows + found, faults + told
        if past:
            moved = {fault.column for fault in told}
            faults += [fault for item in codebook if _kept_at(item, wave, past) and item["names"][wave] not in moved
                       for fault in lost_fault(here, before, item, wave, past, file)]  # fmt: skip
    if any(fault.severity == "STOP" for fault in faults):
        raise StudyFaults(faults)
    drift = pd.DataFrame({
        name: pd.Series([row[name] for row in rows], dtype="str" if name in TEXTS else
                        "Int64" if name in ("n", "earlier_n") else "float64")
        for name in COLUMNS
    })  # fmt: skip
    return {"drift": drift, "faults": fault_table(faults)}


def _before(
    stock: Sequence[tuple[pd.DataFrame, pd.DataFrame]], waves: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Responses and metadata of the latest wave of which there are any, and its name; else none of them, and ``""``."""
    for wave in reversed(waves):
        parts = [(table[table["wave"] == wave], described) for table, described in stock]
        parts = [(table, described) for table, described in parts if len(table)]
        if parts:
            return pd.concat([table for table, _ in parts]), parts[0][1], wave
    return stock[-1][0].iloc[:0], stock[-1][1].iloc[:0], ""


def _kept_at(item: Mapping[str, Any], wave: str, past: str) -> bool:
    """Whether the cleaned table has an item at two waves."""
    names = item["names"]
    return bool(item["use"] in ("answer", "attribute") and names.get(wave) and names.get(past))


def _items(
    here: pd.DataFrame, before: pd.DataFrame, codebook: Sequence[Mapping[str, Any]], wave: str, past: str,
    scales: Mapping[str, Sequence[str]], file: str,
) -> tuple[list[dict[str, Any]], list[Fault]]:  # fmt: skip
    """Statistics of every numeric answer asked at the wave, and what is odd about them."""
    rows, faults = [], []
    asked = [item for item in codebook if item["use"] == "answer" and item["names"].get(wave)
             and pd.api.types.is_float_dtype(here[item["item"]])]  # fmt: skip
    now, then = item_rest(here, asked, scales), item_rest(before, asked, scales)
    for item in asked:
        name, column = item["item"], item["names"][wave]
        compared = bool(past and item["names"].get(past))
        values = here[name]
        old = before[name] if compared else before[name].iloc[:0]
        jump = jump_of(values, old, item["type"] == "binary")
        rows.append({
            "wave": wave, "item": name, "column": column, "n": int(values.notna().sum()), "mean": values.mean(),
            "sd": values.std(), "blank": values.isna().mean(), "item_rest": now.get(name),
            "earlier_wave": past if compared else "", "earlier_n": int(old.notna().sum()), "earlier_mean": old.mean(),
            "earlier_blank": old.isna().mean(), "earlier_item_rest": then.get(name), "distance": jump.distance,
            "limit": jump.limit,
        })  # fmt: skip
        scaled = any(name in {word.lstrip("-") for word in items} for items in scales.values())
        against = opposed_fault(rows[-1], scaled, file)
        faults += against or jump_fault(values, old, jump, item, rows[-1], file)
    return rows, faults


def _older(here: pd.DataFrame, before: pd.DataFrame, past: str, file: str) -> Iterator[Fault]:
    """CLN-22: answers of a later wave that are mostly older than those of the wave before."""
    days, old = (sorted(table.loc[table["completed"] != "", "completed"]) for table in (here, before))
    if min(len(days), len(old)) < LEAST:
        return
    number = sum(day < old[len(old) // 2] for day in days)
    if number > len(days) / 2:
        saw = f"{number} of {len(days)} answers are older than the middle one of {past} ({old[len(old) // 2]})"
        yield Fault("CLN-22", "STOP", file, saw, f"answers after those of {past}",
                    "Have the waves been swapped? Correct sources.csv", None, "", number)  # fmt: skip
