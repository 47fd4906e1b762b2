"""Links by likeness among persons whom no key has linked: one to one, and only where no second comes near."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pilot_eval.link.persons import Answer, Evidence, Groups, Pair, fits


@dataclass(frozen=True)
class Thresholds:
    """From where a likeness links, from where a person should look, and how far the second must be behind."""

    accept: float
    review: float
    gap: float


@dataclass(frozen=True)
class Candidate:
    """Two groups of responses that may be one person.

    Attributes
    ----------
    one, other : str
        The responses that are most alike, the earlier first.
    score : float
    role : bool
        Whether their roles agree, or one is unknown.
    """

    one: str
    other: str
    score: float
    role: bool


def link_scored(
    groups: Groups, scores: Mapping[Pair, float], limits: Thresholds, evidence: Evidence
) -> tuple[dict[Pair, float], list[Candidate]]:
    """Join what is alike enough, in place, until nothing more can be joined.

    Parameters
    ----------
    groups : Groups
        Persons as keys and decisions left them.
    scores : mapping of Pair to float
        Likeness of responses in one area and questionnaire.
    limits : Thresholds
        A pair is joined from ``accept`` when for neither side another, with whom it could be one person just as well,
        comes within ``gap``, and their roles do not differ. Who was joined is no rival any more.
    evidence : Evidence

    Returns
    -------
    links : dict of Pair to float
        Joined pairs and their scores.
    doubtful : list of Candidate
        Pairs from ``review`` that a person should decide, likeliest first: of each response the best, and those within
        the gap of it.
    """
    links: dict[Pair, float] = {}
    while True:
        candidates = _candidates(groups, scores, limits.review, evidence)
        rivals = _by_root(candidates, groups)
        chosen = [one for one in candidates if one.score >= limits.accept and one.role]
        chosen = [one for one in chosen if _lead(one, rivals, groups) >= limits.gap]
        if not chosen:
            return links, _doubtful(candidates, groups, limits.gap)
        for one in chosen:
            mine, its = groups.group(one.one), groups.group(one.other)
            if mine is not its and fits(mine, its, evidence):
                links[frozenset((one.one, one.other))] = one.score
                groups.join(one.one, one.other)


def scores_of(pairs: pd.DataFrame, column: str = "score") -> dict[Pair, float]:
    """Scores between waves by pair, missing ones left out."""
    known = pairs.loc[pairs[column].notna() & (pairs["wave"] != pairs["other_wave"]), ["_id", "other", column]]
    return {frozenset((one, other)): float(score) for one, other, score in known.itertuples(index=False, name=None)}


def _candidates(
    groups: Groups, scores: Mapping[Pair, float], least: float, evidence: Evidence
) -> list[Candidate]:  # fmt: skip
    """The best pair of any two groups that can be one person."""
    best: dict[frozenset[str], Candidate] = {}
    for pair, score in scores.items():
        rows = sorted(pair)
        roots = frozenset(groups.root.get(row, "") for row in rows)
        if score < least or len(roots) < 2 or "" in roots:
            continue
        known = best.get(roots)
        if known is not None and (known.score, known.other) >= (score, rows[1]):
            continue
        mine, its = (groups.group(row) for row in rows)
        if fits(mine, its, evidence):
            early, late = sorted(rows, key=lambda row: (_answer(groups, row).wave, row))
            roles = {_answer(groups, row).role for row in rows} - {""}
            best[roots] = Candidate(early, late, score, len(roles) < 2)
    return sorted(best.values(), key=lambda one: (-one.score, one.one, one.other))


def _by_root(candidates: Sequence[Candidate], groups: Groups) -> dict[str, list[Candidate]]:
    found: dict[str, list[Candidate]] = {}
    for one in candidates:
        for row in (one.one, one.other):
            found.setdefault(groups.root[row], []).append(one)
    return found


def _lead(candidate: Candidate, rivals: Mapping[str, Sequence[Candidate]], groups: Groups) -> float:
    """How far the nearest rival is behind, 1 when there is none; below zero when it is ahead."""
    near = [
        one.score for row in (candidate.one, candidate.other) for one in rivals[groups.root[row]]
        if one is not candidate and _exclude(candidate, one, groups)
    ]  # fmt: skip
    return candidate.score - max(near) if near else 1.0


def _exclude(candidate: Candidate, rival: Candidate, groups: Groups) -> bool:
    """Whether only one of two candidates can be true: their far sides answered in one wave."""
    mine, its = ({groups.root[one.one], groups.root[one.other]} for one in (candidate, rival))
    (far,), (near,) = mine - its, its - mine
    return bool({answer.wave for answer in groups.members[far]} & {answer.wave for answer in groups.members[near]})


def _doubtful(candidates: Sequence[Candidate], groups: Groups, gap: float) -> list[Candidate]:
    best: dict[str, float] = {}
    for one in candidates:
        for row in (one.one, one.other):
            root = groups.root[row]
            best[root] = max(best.get(root, 0.0), one.score)
    return [one for one in candidates if one.score > max(best[groups.root[row]] for row in (one.one, one.other)) - gap]


def _answer(groups: Groups, row: str) -> Answer:
    return next(answer for answer in groups.group(row) if answer.row == row)
