"""Rule ``tabulate_items``: how the answers to each question are distributed at each wave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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
    organisation = pd.factorize(analysis["organisation"])[0]
    organisation[(analysis["organisation"] == "").to_numpy()] = -1
    at = {wave: (analysis["wave"] == wave).to_numpy() for wave in waves}
    for question in questions:
        codes = pd.to_numeric(analysis[question["item"]]).to_numpy(dtype=np.float64)
        for wave in waves:
            own = at[wave] & ~np.isnan(codes)
            if own.any():
                rows += _distribution(codes[own], organisation[own], question, wave)
    return {"part": part_of("tabulate_items", {"items": rows})}


def _distribution(
    codes: NDArray[np.float64], organisation: NDArray[np.int64], question: Mapping[str, Any], wave: str
) -> list[dict[str, Any]]:
    item, total, everybody = question["item"], len(codes), _behind(organisation)
    words = "distribution of the answers given"
    shared = {"wave": wave, "sum": f"{item}.{wave}", "estimand": words}
    rows: list[dict[str, Any]] = [
        {"column": "n", "value": total, "kind": "count", "n": total, "n_organisations": everybody,
         "group": item, "group_label": question["label"], "total": True, **shared}
    ]  # fmt: skip
    known = [code for code, _ in question["labels"]]
    strange = sorted(set(codes.tolist()) - set(known))
    if strange:
        raise ValueError(f"item {item} holds the code {strange[0]:g}, which its codebook does not have")
    for code, label in question["labels"]:
        chosen = codes == code
        counted = int(chosen.sum())
        place = {"group": f"{item}.{code}", "group_label": f"{question['label']}: {label}"}
        rows.append(
            {"column": "n", "value": counted, "kind": "count", "n": counted,
             "n_organisations": _behind(organisation[chosen]), **shared, **place}
        )  # fmt: skip
        rows.append(
            {"column": "share", "value": counted / total, "kind": "share", "digits": 3, "n": total, "wave": wave,
             "n_organisations": everybody, "estimand": words, **place}
        )  # fmt: skip
    return rows


def _behind(organisation: NDArray[np.int64]) -> int | None:
    return len(np.unique(organisation[organisation >= 0])) or None
