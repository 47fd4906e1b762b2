"""How often chance links: persons who cannot be the same, linked by the same rules; what is accepted is false."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from pilot_eval.link.persons import Answer, Evidence, Groups
from pilot_eval.link.scored import Thresholds, link_scored, scores_of
from pilot_eval.link.scorers import score_block
from pilot_eval.tables import frame_of

#: Persons made up from the first and last names of all, for each questionnaire and pair of waves.
MADE_UP = 500
DECOYS = ("kind", "instrument", "wave", "other_wave", "n_tried", "n_accepted")


def try_decoys(persons: pd.DataFrame, linkage: Mapping[str, Any], waves: Sequence[str], seed: int) -> pd.DataFrame:
    """Link the respondents of each area with persons who are not there.

    Parameters
    ----------
    persons : DataFrame
        From :func:`pilot_eval.link.people.people`.
    linkage : mapping
        ``weights``, ``accept`` and ``gap``.
    waves : sequence of str
        Ids in order of time; neighbours are tried.
    seed : int

    Returns
    -------
    DataFrame
        By kind, questionnaire and waves: decoys tried and accepted. ``other_area``: respondents of the later wave
        from all other areas, each put into an organisation of this one. ``made_up``: first and last names drawn each
        on its own from all respondents, without e-mail address or year of birth.
    """
    rows = []
    for instrument in sorted(persons["instrument"].unique()):
        of_one = persons[persons["instrument"] == instrument]
        for wave, later in pairwise(waves):
            before, after = (of_one[(of_one["wave"] == one) & (of_one["area"] != "")] for one in (wave, later))
            if not (len(before) and len(after)):
                continue
            rng = np.random.default_rng(_seed(seed, instrument, wave, later))
            for kind, sets in (("other_area", _strangers(before, after, rng)), ("made_up", _made_up(before, rng))):
                tried, accepted = 0, 0
                for mine, decoys in sets:
                    tried += len(decoys)
                    accepted += _accepted(mine, decoys, linkage)
                rows.append({"kind": kind, "instrument": instrument, "wave": wave, "other_wave": later,
                             "n_tried": tried, "n_accepted": accepted})  # fmt: skip
    return frame_of(rows, DECOYS)


def _strangers(
    before: pd.DataFrame, after: pd.DataFrame, rng: np.random.Generator
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:  # fmt: skip
    """Of each area its own respondents, and as many as come again from other areas, who cannot have moved here."""
    for area, mine in before.groupby("area", sort=True):
        there = after[after["area"] != area]
        there = there[~there["email"].isin(set(mine["email"]) - {""})]
        size = min(len(there), int((after["area"] == area).sum()))
        chosen = there.iloc[np.sort(rng.choice(len(there), size, replace=False))] if size else there.iloc[:0]
        yield mine, _moved(chosen, str(area), mine["organisation"], rng)


def _made_up(before: pd.DataFrame, rng: np.random.Generator) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    named = before[(before["first"] != "") & (before["last"] != "")]
    areas = before["area"].value_counts(sort=False).sort_index()
    if named.empty:
        return
    number = rng.multinomial(MADE_UP, areas / areas.sum())
    for (area, _), size in zip(areas.items(), number, strict=True):
        mine = before[before["area"] == area]
        invented = named.iloc[rng.integers(len(named), size=size)].assign(
            last=named["last"].to_numpy()[rng.integers(len(named), size=size)], email="", birth_year="",
        )  # fmt: skip
        yield mine, _moved(invented, str(area), mine["organisation"], rng)


def _moved(decoys: pd.DataFrame, area: str, places: pd.Series, rng: np.random.Generator) -> pd.DataFrame:
    return decoys.assign(area=area, organisation=places.to_numpy()[rng.integers(len(places), size=len(decoys))])


def _accepted(mine: pd.DataFrame, decoys: pd.DataFrame, linkage: Mapping[str, Any]) -> int:
    """Decoys that the rules of the study link with somebody."""
    if not (len(mine) and len(decoys)):
        return 0
    named = decoys.assign(_id=[f"decoy {number}" for number in range(len(decoys))])
    pairs = score_block(mine, named, linkage["weights"], linkage["review"]).assign(wave="", other_wave="decoy")
    sides = ((0, mine), (1, named))
    answers = [Answer(row=row, instrument="", wave=wave, role=role)
               for wave, side in sides for row, role in zip(side["_id"], side["role"], strict=True)]  # fmt: skip
    limits = Thresholds(linkage["accept"], linkage["review"], linkage["gap"])
    links, _ = link_scored(Groups.of(answers), scores_of(pairs), limits, Evidence())
    return len(links)


def _seed(seed: int, *words: str) -> int:
    text = "|".join((str(seed), "score_pairs", *words))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
