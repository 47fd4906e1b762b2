"""Who scores pairs of persons: all pairs of an area by string likeness, or, for very many records, a trained model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
import pandas as pd

from pilot_eval.link.likeness import FIELDS, fields_of, score_of

#: What identifies a person alone: hidden when the links that it made are made again without it.
KEYS = ("email",)
SCORED = ("_id", "other", *FIELDS, "score", "score_without_keys")


class Scorer(Protocol):
    """Scores the pairs of two sets of persons who were placed in one area."""

    def __call__(
        self, left: pd.DataFrame, right: pd.DataFrame, weights: Mapping[str, float], least: float
    ) -> pd.DataFrame:
        """Pairs of one area.

        Parameters
        ----------
        left, right : DataFrame
            Columns of :data:`pilot_eval.link.people.PERSON`; of one questionnaire, each of one wave, or the same
            frame twice: then each pair comes once.
        weights : mapping of str to float
            Of the fields.
        least : float
            Pairs that score less are left out.

        Returns
        -------
        DataFrame
            Columns :data:`SCORED`, sorted by row ids: likeness of each field (NaN: missing), the score, and what it
            is without :data:`KEYS`; a pair is there when either reaches ``least``.
        """
        ...


def scorer_of(name: str) -> Scorer:
    """The scorer that the study names; ``splink`` needs the optional packages of that extra."""
    if name == "splink":
        from pilot_eval.link.splink_scorer import score_by_model

        return score_by_model
    return score_by_likeness


def score_by_likeness(
    left: pd.DataFrame, right: pd.DataFrame, weights: Mapping[str, float], least: float
) -> pd.DataFrame:
    """All pairs of an area: weighted likeness by rapidfuzz. See :class:`Scorer`."""
    blocks = []
    for area, mine in left[left["area"] != ""].groupby("area", sort=True):
        its = right[right["area"] == area]
        if len(its):
            blocks.append(score_block(mine, its, weights, least, upper=left is right))
    return tidy(blocks)


def score_block(
    mine: pd.DataFrame, its: pd.DataFrame, weights: Mapping[str, float], least: float, upper: bool = False
) -> pd.DataFrame:
    """All pairs of two frames, wherever they were placed; of one frame with itself (``upper``) each pair once."""
    fields = fields_of(mine, its)
    score, without = score_of(fields, weights), score_of(fields, weights, KEYS)
    keep = (np.nan_to_num(score) >= least) | (np.nan_to_num(without) >= least)
    if upper:
        keep &= np.triu(np.ones_like(keep), 1)
    one, other = np.nonzero(keep)
    found = {name: values[one, other].astype(np.float64) for name, values in fields.items()}
    return pd.DataFrame(
        {"_id": mine["_id"].to_numpy()[one], "other": its["_id"].to_numpy()[other], **found,
         "score": score[one, other], "score_without_keys": without[one, other]},
        columns=list(SCORED),
    )  # fmt: skip


def tidy(blocks: list[pd.DataFrame]) -> pd.DataFrame:
    """Blocks of pairs as one frame with its types and order, numbers to four decimals."""
    numbers = [name for name in SCORED if name not in ("_id", "other")]
    types = {"_id": "str", "other": "str", **dict.fromkeys(numbers, "float64")}
    found = pd.concat([pd.DataFrame(columns=list(SCORED)).astype(types), *(block.astype(types) for block in blocks)])
    found[numbers] = found[numbers].round(4)
    return found.sort_values(["_id", "other"], kind="stable", ignore_index=True)
