"""Both sides of each pair of linked organisations, wave by wave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.faults import Fault
from pilot_eval.tables import fault_table, frame_of


def pair_dyads(
    placed: pd.DataFrame, respondents: pd.DataFrame, links: pd.DataFrame, waves: Sequence[str], register: str
) -> dict[str, Any]:
    """Who answered on the left and on the right of each link.

    Parameters
    ----------
    placed : DataFrame
        A row a response, with its organisation.
    respondents : DataFrame
        Responses that are used.
    links : DataFrame
        ``left right`` of the register, organisations that work together.
    waves : sequence of str
        Ids in order of time.
    register : str
        Delivered file of the links, for messages; empty when there is none.

    Returns
    -------
    dict
        ``dyads``: a row a link and wave at which either side answered: row ids of each side joined by spaces, and
        whether the pair is seen from ``both`` sides. ``faults`` (LNK-10): how many are seen from one side only, and
        so have no gap, and how many have several responses on a side, of which the mean counts.
    """
    used = placed[placed["_id"].isin(respondents["_id"]) & (placed["organisation"] != "")]
    sides = used.groupby(["organisation", "wave"], sort=False)["_id"].agg(" ".join).to_dict()
    rows = []
    for left, right in links[["left", "right"]].drop_duplicates().itertuples(index=False, name=None):
        for wave in waves:
            here, there = sides.get((left, wave), ""), sides.get((right, wave), "")
            if here or there:
                sided = "both" if here and there else "left" if here else "right"
                rows.append({"left": left, "right": right, "wave": wave, "left_id": here, "right_id": there,
                             "sided": sided})  # fmt: skip
    return {
        "dyads": frame_of(rows, ("left", "right", "wave", "left_id", "right_id", "sided")),
        "faults": fault_table([fault for wave in waves for fault in _sides_faults(rows, wave, register)]),
    }


def _sides_faults(rows: Sequence[Mapping[str, str]], wave: str, register: str) -> Iterator[Fault]:
    here = [row for row in rows if row["wave"] == wave]
    alone = [row for row in here if row["sided"] != "both"]
    if alone:
        saw = f"{len(alone)} of {len(here)} links with answers at {wave} have them from one side only"
        action = "Left out of the gap between the sides; nothing to do, or ask the other side"
        yield Fault("LNK-10", "WARN", register, saw, "answers of both sides", action, count=len(alone))
    several = [row for row in here if " " in row["left_id"] or " " in row["right_id"]]
    if several:
        saw = f"{len(several)} of {len(here)} links with answers at {wave} have several responses on a side"
        action = "The mean of the side is used"
        yield Fault("LNK-10", "OK", register, saw, "", action, count=len(several))
