"""Two responses of one wave under names that are alike: one person who came back with a slip, or two persons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from pilot_eval.faults import Fault
from pilot_eval.link.answers import ALIKE, case_of
from pilot_eval.link.persons import Answer, Evidence, Pair
from pilot_eval.link.repeats import Cells
from pilot_eval.link.scored import Candidate

#: Filled cells from which equal answers beside alike names are no coincidence, and likeness of what is the same.
LEAST_CELLS, SAME = 10, 0.9999


@dataclass(frozen=True)
class Near:
    """Pairs of one wave, place and role under alike names that no key has made one person.

    Attributes
    ----------
    certain : frozenset of Pair
        One of the names is the same and the year of birth too, or all answers are the same.
    doubtful : tuple of Candidate
        The others.
    """

    certain: frozenset[Pair]
    doubtful: tuple[Candidate, ...]

    def beside(self, evidence: Evidence) -> Evidence:
        """Evidence with the certain ones as one person."""
        return replace(evidence, same=evidence.same | self.certain)


def near_repeats(answers: Sequence[Answer], pairs: pd.DataFrame, cells: Cells, evidence: Evidence) -> Near:
    """Who may have answered twice in a wave without an address or id that says so.

    Parameters
    ----------
    answers : sequence of Answer
    pairs : DataFrame
        From ``score_pairs``.
    cells : mapping
        From :func:`pilot_eval.link.repeats.cells_of`.
    evidence : Evidence
        Pairs that were decided are left to the decision.
    """
    known = {answer.row: answer for answer in answers}
    alike = pairs[(pairs["wave"] == pairs["other_wave"]) & (pairs["first"] >= ALIKE) & (pairs["last"] >= ALIKE)]
    certain, doubtful = set(), []
    for one, other, first, last, score in alike[["_id", "other", "first", "last", "score"]].itertuples(
        index=False, name=None
    ):
        pair = frozenset((one, other))
        if len(pair) < 2 or not pair <= set(known) or pair in evidence.same | evidence.apart:
            continue
        mine, its = known[one], known[other]
        if _differ(mine, its, "person", "birth_year", "role") or mine.place != its.place:
            continue
        same_answers = cells["text"][one] == cells["text"][other] and cells["filled"][one] >= LEAST_CELLS
        same_year = bool(mine.birth_year) and mine.birth_year == its.birth_year and max(first, last) >= SAME
        if mine.place and mine.role and its.role and not _differ(mine, its, "email") and (same_answers or same_year):
            certain.add(pair)
        else:
            doubtful.append(Candidate(one, other, float(score), True))
    return Near(frozenset(certain), tuple(sorted(doubtful, key=lambda pair: (-pair.score, pair.one, pair.other))))


def still_doubtful(near: Near, instead: Mapping[str, str]) -> list[Candidate]:
    """Pairs of which neither response gave way to another."""
    return [pair for pair in near.doubtful if not {pair.one, pair.other} & set(instead)]


def near_faults(pairs: Sequence[Candidate], rows: pd.DataFrame, whose: Mapping[str, str]) -> Iterator[Fault]:
    """LNK-02: pairs that a person should look at; what they are called is in the list of cases only."""
    facts = rows[["_file", "_row", "wave"]].to_dict("index")
    for pair in pairs:
        one, other = sorted((facts[pair.one], facts[pair.other]), key=lambda fact: (fact["_file"], fact["_row"]))
        where = f"row {one['_row']}" + ("" if one["_file"] == other["_file"] else f" of {one['_file']}")
        case = case_of(whose.get(pair.one, ""), whose.get(pair.other, ""))
        saw = f"may be the respondent of {where}: names alike, the same place and role"
        action = f"Both are used until case {case} of the list of cases is decided"
        yield Fault("LNK-02", "WARN", other["_file"], saw, "one response a person and wave", action, int(other["_row"]))


def _differ(one: Answer, other: Answer, *facts: str) -> bool:
    """Whether something that both say is not the same."""
    said: list[tuple[Any, Any]] = [(getattr(one, fact), getattr(other, fact)) for fact in facts]
    return any(mine and its and mine != its for mine, its in said)
