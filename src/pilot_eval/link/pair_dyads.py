"""Both sides of each pair of linked organisations, wave by wave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from pilot_eval.tables import frame_of


def pair_dyads(
    placed: pd.DataFrame, respondents: pd.DataFrame, links: pd.DataFrame, waves: Sequence[str]
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

    Returns
    -------
    dict
        ``dyads``: a row a link and wave at which either side answered: row ids of each side joined by spaces, and
        whether the pair is seen from ``both`` sides (LNK-10: one-sided ones have no gap).
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
    return {"dyads": frame_of(rows, ("left", "right", "wave", "left_id", "right_id", "sided"))}
