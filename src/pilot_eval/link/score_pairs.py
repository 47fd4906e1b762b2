"""Rule ``score_pairs``: how alike respondents of one area are as persons; names go in, row ids and numbers come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations_with_replacement
from typing import Any

import pandas as pd

from pilot_eval.link.decoys import try_decoys
from pilot_eval.link.people import people
from pilot_eval.link.scorers import SCORED, scorer_of, tidy

PAIRS = ("_id", "other", "instrument", "wave", "other_wave", *SCORED[2:], "role")


def score_pairs(
    identifiers: Sequence[pd.DataFrame],
    placed: pd.DataFrame,
    linkage: Mapping[str, Any],
    waves: Sequence[str],
    seed: int,
) -> dict[str, Any]:
    """Score every pair of responses of one questionnaire and area that are like each other.

    Parameters
    ----------
    identifiers : sequence of DataFrame
        One a delivery: ``_id kind column value``, in clear text; nothing of it is handed on.
    placed : DataFrame
        A row a response.
    linkage : mapping
        ``scorer``, ``weights``, ``review`` and what :func:`try_decoys` needs.
    waves : sequence of str
        Ids in order of time.
    seed : int
        Of the study, for the decoys.

    Returns
    -------
    dict
        ``pairs``: a row a pair, of two waves (the earlier first) or of one, that reaches the threshold for review with
        its e-mail address or without; ``decoys``: how many persons who cannot be the same were linked all the same.
    """
    persons = people(identifiers, placed)
    score = scorer_of(linkage["scorer"])
    found = []
    for instrument in sorted(persons["instrument"].unique()):
        of_one = persons[persons["instrument"] == instrument]
        for wave, later in combinations_with_replacement(waves, 2):
            left = of_one[of_one["wave"] == wave]
            right = left if wave == later else of_one[of_one["wave"] == later]
            if len(left) and len(right):
                pairs = score(left, right, linkage["weights"], loosest(linkage))
                found.append(pairs.assign(instrument=instrument, wave=wave, other_wave=later))
    empty = tidy([]).assign(instrument="", wave="", other_wave="")
    pairs = pd.concat([empty, *found], ignore_index=True)
    roles = persons.set_index("_id")["role"]
    one, other = (roles.reindex(pairs[name]).to_numpy(dtype=object) for name in ("_id", "other"))
    same = pd.Series(one == other, dtype="float64")
    pairs["role"] = same.mask(pd.Series((one == "") | (other == ""), dtype=bool))
    for name in ("instrument", "wave", "other_wave"):
        pairs[name] = pairs[name].astype("str")
    return {"pairs": pairs.loc[:, list(PAIRS)], "decoys": try_decoys(persons, linkage, waves, seed)}


def loosest(linkage: Mapping[str, Any]) -> float:
    """The least score that any use of the pairs asks for."""
    return float(min(linkage["review"], linkage["loose"]))
