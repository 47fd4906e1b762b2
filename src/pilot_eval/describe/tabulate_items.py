"""Rule ``tabulate_items``: how the answers to each question are distributed at each wave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.change.rows import organisations
from pilot_eval.parts import part_of


def tabulate_items(
    analysis: pd.DataFrame, questions: Sequence[Mapping[str, Any]], waves: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """Counts and shares of the answers by question and wave.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table of ``score``.
    questions : sequence of mapping
        ``item, label`` and ``labels`` (pairs of code and label, ascending) of each labelled item, asked by one
        instrument or several.
    waves : sequence of str
        In order of time.

    Returns
    -------
    dict
        ``part`` with the table ``items``: per code its count and its share of those who answered; per question the
        number who answered. A question that nobody was asked at a wave has no cells there.
    """
    rows: list[dict[str, Any]] = []
    for question in questions:
        item = question["item"]
        for wave in waves:
            own = analysis.loc[(analysis["wave"] == wave) & analysis[item].notna()]
            if len(own):
                rows += _distribution(own, question, wave)
    return {"part": part_of("tabulate_items", {"items": rows})}


def _distribution(own: pd.DataFrame, question: Mapping[str, Any], wave: str) -> list[dict[str, Any]]:
    item, total = question["item"], len(own)
    shared = {"wave": wave, "sum": f"{item}.{wave}", "estimand": "distribution of the answers given"}
    rows: list[dict[str, Any]] = [
        {"column": "n", "value": total, "kind": "count", "n": total, "n_organisations": organisations(own),
         "group": item, "group_label": question["label"], "total": True, **shared}
    ]  # fmt: skip
    codes = pd.to_numeric(own[item])
    known = [code for code, _ in question["labels"]]
    strange = sorted(set(codes) - set(known))
    if strange:
        raise ValueError(f"item {item} holds the code {strange[0]:g}, which its codebook does not have")
    for code, label in question["labels"]:
        chosen = own.loc[codes == code]
        place = {"group": f"{item}.{code}", "group_label": f"{question['label']}: {label}", "wave": wave}
        behind = organisations(chosen) if len(chosen) else None
        rows.append(
            {"column": "n", "value": len(chosen), "kind": "count", "n": len(chosen), "n_organisations": behind,
             **shared, **place}
        )  # fmt: skip
        rows.append(
            {"column": "share", "value": len(chosen) / total, "kind": "share", "digits": 3, "n": total,
             "n_organisations": organisations(own), "estimand": shared["estimand"], **place}
        )  # fmt: skip
    return rows
