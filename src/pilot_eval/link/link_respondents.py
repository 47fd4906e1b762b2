"""Rule ``link_respondents``: follow respondents from wave to wave, and use one response of each person in a wave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from pilot_eval.faults import StudyFaults
from pilot_eval.link import findings
from pilot_eval.link.answers import answers_of, evidence_of, identities, one_key, respondent_names
from pilot_eval.link.decisions import decided
from pilot_eval.link.near_repeats import near_faults, near_repeats, still_doubtful
from pilot_eval.link.persons import Answer, Evidence, Groups, Pair, followed, reissued
from pilot_eval.link.repeats import WHO, cells_of, rejections, without_repeats
from pilot_eval.link.scored import Candidate, Thresholds, link_scored, scores_of
from pilot_eval.link.told import Told
from pilot_eval.link.unchanged import numbers_of, unchanged
from pilot_eval.tables import REJECT_COLUMNS, fault_table, frame_of

#: Thresholds by variant of the links; the default decides what is used.
VARIANTS = {"tight": "tight", "default": "accept", "loose": "loose"}


def link_respondents(
    placed: pd.DataFrame,
    pseudonyms: pd.DataFrame,
    pairs: pd.DataFrame,
    cleaned: Sequence[pd.DataFrame],
    linkage: Mapping[str, Any],
    decisions: Sequence[Mapping[str, Any]],
    waves: Sequence[str],
) -> dict[str, Any]:
    """Pseudonyms of respondents, the same at every wave.

    Parameters
    ----------
    placed : DataFrame
        A row a response.
    pseudonyms : DataFrame
        ``_id kind hash key_id``.
    pairs : DataFrame
        Likeness of pairs of responses of one area, from ``score_pairs``.
    cleaned : sequence of DataFrame
        For the number of answers, and the day, by which one of a person's responses in a wave is chosen.
    linkage : mapping
        The study's ``linkage``.
    decisions : sequence of mapping
        Lines of ``config/link_decisions.csv`` with their ``line``.
    waves : sequence of str
        Ids in order of time.

    Returns
    -------
    dict
        ``respondents`` (a row a response that is used), ``links`` (a row a link), ``review`` (pairs for a person to
        decide), ``variants`` (whose response it is with stricter and looser links), ``rejects`` (further responses of
        a person in a wave), ``match_rates``, ``flow``, ``moved`` and ``faults``.

    Raises
    ------
    StudyFaults
        LNK-12 when the ids of persons were issued anew for a wave; LNK-13, 17 and 19 for decisions that cannot be
        used.
    """
    rows = placed.set_index("_id", drop=False)
    key_id = one_key(pseudonyms, dict(zip(placed["_id"], placed["wave"], strict=True)))
    answers = answers_of(placed, pseudonyms, linkage["keys"], waves)
    stops = [findings.anew(*case) for case in reissued(answers, waves)] if "person" in linkage["keys"] else []
    if stops:
        raise StudyFaults(stops)
    whose = identities(answers, waves)
    verdicts = decided(decisions, answers, whose, key_id)
    plain = evidence_of(pairs)
    cells = cells_of(cleaned)
    near = near_repeats(answers, pairs, cells, verdicts.beside(plain))
    twice = near.beside(verdicts.beside(plain))
    answers, rejects, instead = without_repeats(answers, rows, cells, linkage, twice)
    again = still_doubtful(near, instead)
    evidence = _of_used(verdicts.beside(plain), instead)
    scores = scores_of(pairs)
    found = {name: linked(answers, scores, linkage, evidence, linkage[limit]) for name, limit in VARIANTS.items()}
    used = found["default"]
    automatic = linked(answers, scores, linkage, _of_used(plain, instead), linkage["accept"]) if decisions else used
    persons = list(used.groups.members.values())
    names = respondent_names(persons)
    order = {row: place for place, row in enumerate(placed["_id"])}
    told = Told(rows, pairs, whose, waves)
    moved = findings.moved(persons, names, rows)
    respondents = _respondents(persons, names, used, order)
    rejects.sort(key=lambda entry: order[entry["_id"]])
    anew = findings.partly_anew(answers, waves, rows) if "person" in linkage["keys"] else []
    faults = [*verdicts.faults, *anew, *rejections(rejects), *findings.keyless(answers, rows),
              *findings.shared_mail(answers, rows, evidence), *findings.two_places(answers, rows),
              *near_faults(again, rows, whose),
              *findings.doubtful(used.doubtful), *findings.moves(moved),
              *unchanged(cleaned, [dict(zip(respondents["_id"], respondents["respondent"], strict=True)),
                                   numbers_of(cleaned)], waves)]  # fmt: skip
    return {
        "respondents": respondents,
        "links": told.links(used.passes, automatic.passes),
        "review": told.review(sorted([*used.doubtful, *again], key=lambda one: -one.score)),
        "variants": _variants(found, order),
        "rejects": frame_of(rejects, (*REJECT_COLUMNS, *WHO)),
        "match_rates": findings.match_rates(respondents, rows, waves),
        "flow": findings.flow(respondents, rows, waves),
        "moved": frame_of(moved, ("respondent", "what", "from", "to")),
        "faults": fault_table(faults),
    }


@dataclass(frozen=True)
class Linked:
    """Responses by person.

    Attributes
    ----------
    groups : Groups
    passes : dict of Pair to str
        What joined each pair.
    doubtful : list of Candidate
    """

    groups: Groups
    passes: dict[Pair, str]
    doubtful: list[Candidate]


def linked(
    answers: Sequence[Answer], scores: Mapping[Pair, float], linkage: Mapping[str, Any], evidence: Evidence,
    accept: float,
) -> Linked:  # fmt: skip
    """Follow persons by decisions and keys, then by likeness where that is at least ``accept``."""
    groups, passes = followed(answers, linkage["keys"], evidence)
    limits = Thresholds(accept, linkage["review"], linkage["gap"])
    joined, doubtful = link_scored(groups, scores, limits, evidence)
    return Linked(groups, passes | dict.fromkeys(joined, "likeness"), doubtful)


def _of_used(evidence: Evidence, instead: Mapping[str, str]) -> Evidence:
    """The same evidence, of the responses that are used."""

    def moved(pairs: Any) -> frozenset[Pair]:
        return frozenset(frozenset(instead.get(row, row) for row in pair) for pair in pairs)

    return replace(evidence, alike=moved(evidence.alike), same=moved(evidence.same), apart=moved(evidence.apart))


def _respondents(
    persons: Sequence[Sequence[Answer]], names: Mapping[str, str], used: Linked, order: Mapping[str, int]
) -> pd.DataFrame:
    first: dict[str, str] = {}
    for pair, which in used.passes.items():
        for row in pair:
            first.setdefault(row, which)
    found = [
        {"_id": answer.row, "respondent": names[person[0].row], "link_pass": first.get(answer.row, ""),
         "matched": len(person) > 1}
        for person in persons for answer in person
    ]  # fmt: skip
    found.sort(key=lambda entry: order[str(entry["_id"])])
    respondents = frame_of(found, ("_id", "respondent", "link_pass", "matched"))
    respondents["matched"] = pd.Series([bool(entry["matched"]) for entry in found], dtype=bool)
    return respondents


def _variants(found: Mapping[str, Linked], order: Mapping[str, int]) -> pd.DataFrame:
    rows = []
    for variant, of_one in found.items():
        persons = list(of_one.groups.members.values())
        names = respondent_names(persons)
        rows += [(variant, answer.row, names[person[0].row]) for person in persons for answer in person]
    rows.sort(key=lambda row: (list(found).index(row[0]), order[row[1]]))
    return pd.DataFrame(rows, columns=["variant", "_id", "respondent"], dtype="str")
