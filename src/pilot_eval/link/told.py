"""Pairs of responses as tables tell them: by pseudonym and place, with their score and how their fields agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.link.answers import case_of
from pilot_eval.link.likeness import pattern_of
from pilot_eval.link.notes import records
from pilot_eval.link.persons import Pair
from pilot_eval.link.scored import Candidate

PAIR = ("case", "one", "other", "one_id", "other_id", "score", "pattern")
LINKS = (*PAIR, "link_pass", "automatic", "used")
REVIEW = (*PAIR, "one_file", "one_row", "other_file", "other_row")
TYPES = {"score": "float64", "automatic": "bool", "used": "bool", "one_row": "Int64", "other_row": "Int64"}


class Told:
    """Tells pairs of the responses of one run.

    Parameters
    ----------
    rows : DataFrame
        Placed responses by row id.
    pairs : DataFrame
        From ``score_pairs``.
    whose : mapping of str to str
        Pseudonym by row id.
    waves : sequence of str
        Ids in order of time.
    """

    def __init__(
        self, rows: pd.DataFrame, pairs: pd.DataFrame, whose: Mapping[str, str], waves: Sequence[str]
    ) -> None:  # fmt: skip
        self.facts = rows[["_file", "_row"]].to_dict("index")
        self.wave = {row: waves.index(wave) for row, wave in rows["wave"].items()}
        self.whose = whose
        self.scored = {frozenset((row["_id"], row["other"])): row for row in records(pairs)}

    def links(self, used: Mapping[Pair, str], automatic: Mapping[Pair, str]) -> pd.DataFrame:
        """Every link that is used, and those that would be without decisions.

        Parameters
        ----------
        used, automatic : mapping of Pair to str
            What joined each pair, with decisions and without.
        """
        rows = [
            {**self._pair(*self._in_order(pair)), "link_pass": which, "automatic": pair in automatic,
             "used": pair in used}
            for pair, which in {**automatic, **used}.items()
        ]  # fmt: skip
        return _table(sorted(rows, key=lambda row: (row["one_id"], row["other_id"])), LINKS)

    def review(self, doubtful: Sequence[Candidate]) -> pd.DataFrame:
        """Pairs for a person to decide, likeliest first."""
        rows = []
        for one in doubtful:
            near, far = self.facts[one.one], self.facts[one.other]
            rows.append(
                {**self._pair(one.one, one.other), "one_file": near["_file"], "one_row": near["_row"],
                 "other_file": far["_file"], "other_row": far["_row"]}
            )  # fmt: skip
        return _table(rows, REVIEW)

    def _pair(self, one: str, other: str) -> dict[str, Any]:
        row = self.scored.get(frozenset((one, other)))
        mine, its = self.whose.get(one, ""), self.whose.get(other, "")
        return {
            "case": case_of(mine, its), "one": mine, "other": its, "one_id": one, "other_id": other,
            "score": None if row is None else row["score"], "pattern": "" if row is None else pattern_of(row),
        }  # fmt: skip

    def _in_order(self, pair: Pair) -> list[str]:
        return sorted(pair, key=lambda row: (self.wave[row], row))


def _table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    found = pd.DataFrame([dict(row) for row in rows], columns=list(columns))
    return found.astype({name: TYPES.get(name, "str") for name in columns})
