"""Two responses of one person in a wave: one is used, the other rejected with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.faults import Fault
from pilot_eval.link.persons import Answer, Evidence, fullest, repeated

WHO = ("_id", "source", "instrument", "wave", "role", "area")
#: Columns of the cleaned table that are no answers.
FIXED = frozenset({
    "_file", "_row", "_id", "source", "instrument", "wave", "completed", "area_said", "organisation_said",
    "organisation_name_said", "role_said", "response",
})  # fmt: skip
Cells = Mapping[str, Mapping[str, Any]]


def without_repeats(
    answers: Sequence[Answer], rows: pd.DataFrame, cells: Cells, linkage: Mapping[str, Any], evidence: Evidence
) -> tuple[list[Answer], list[dict[str, Any]], dict[str, str]]:
    """One response a person, place and wave.

    Parameters
    ----------
    answers : sequence of Answer
        The used ones adopt the keys of those that are not.
    rows : DataFrame
        Placed responses by row id.
    cells : mapping
        From :func:`cells_of`.
    linkage : mapping
        ``keys`` and ``duplicates``.
    evidence : Evidence

    Returns
    -------
    answers : list of Answer
    rejects : list of dict
    instead : dict of str to str
        Rejected row: the one used instead.
    """
    rejects: list[dict[str, Any]] = []
    instead: dict[str, str] = {}
    for group in repeated(answers, linkage["keys"], evidence):
        used = fullest(group, linkage["duplicates"], cells["filled"], cells["day"])
        for answer in group:
            if answer is not used:
                used.adopt(answer)
                instead[answer.row] = used.row
                rejects.append(_reject(rows.loc[answer.row], rows.loc[used.row], cells, linkage["duplicates"]))
    return [answer for answer in answers if answer.row not in instead], rejects, instead


def cells_of(cleaned: Sequence[pd.DataFrame]) -> Cells:
    """Of each response: how many cells are filled, the day, and all cells as one text."""
    filled: dict[str, int] = {}
    day: dict[str, str] = {}
    text: dict[str, Any] = {}
    for frame in cleaned:
        items = frame[[column for column in frame.columns if column not in FIXED]]
        full = (items.notna() & (items.astype("str") != "")).sum(axis=1)
        filled |= dict(zip(frame["_id"], full.astype(int), strict=True))
        day |= dict(zip(frame["_id"], frame["completed"], strict=True))
        text |= dict(zip(frame["_id"], items.astype("str").itertuples(index=False, name=None), strict=True))
    return {"filled": filled, "day": day, "text": text}


def rejections(rejects: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """A fault for each rejected row (LNK-01 the same answers, LNK-02 others)."""
    return [
        Fault(entry["rule"], "REJECT", entry["_file"], entry["detail"], "one response a person and wave",
              "Row not used", int(entry["_row"]))
        for entry in rejects
    ]  # fmt: skip


def _reject(row: Any, used: Any, cells: Cells, policy: str) -> dict[str, Any]:
    mine, its = cells["text"][row["_id"]], cells["text"][used["_id"]]
    where = f"row {used['_row']}" + ("" if used["_file"] == row["_file"] else f" of {used['_file']}")
    filled = cells["filled"]
    detail = f"same respondent and answers as {where}" if mine == its else (
        f"same respondent as {where}, which has {filled[used['_id']]} answers against {filled[row['_id']]}"
    )  # fmt: skip
    reject = {"_file": row["_file"], "_row": row["_row"], "reason": "duplicate_person",
              "rule": "LNK-01" if mine == its else "LNK-02", "detail": f"{detail}; policy {policy}"}  # fmt: skip
    return reject | {name: row[name] for name in WHO}
