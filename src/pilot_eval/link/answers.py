"""Responses as linking sees them, and the pseudonyms by which review list and decisions name them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import pandas as pd

from pilot_eval.faults import Fault, StudyFaults
from pilot_eval.link.persons import Answer, Evidence

#: From this likeness of first and of last name, names under one e-mail address are one person's.
ALIKE = 0.85
#: Kinds of hash that are no pass of their own but belong to what passes compare.
PARTS = ("name", "name_part", "first", "last", "birth_year")


def answers_of(
    placed: pd.DataFrame, pseudonyms: pd.DataFrame, passes: Sequence[str], waves: Sequence[str]
) -> list[Answer]:
    """Responses with their hashes; several values of one kind count as one key of all of them.

    Ids and addresses that are no pass of the study are left out, so that they cannot forbid a link either.
    """
    pseudonyms = pseudonyms[pseudonyms["kind"].isin([*passes, *PARTS])]
    keys: dict[tuple[str, str], list[str]] = {}
    for row, kind, value in pseudonyms[["_id", "kind", "hash"]].itertuples(index=False, name=None):
        keys.setdefault((row, kind), []).append(value)
    with_places = set(placed.loc[placed["organisation"] != "", "instrument"])
    columns = placed[["_id", "instrument", "wave", "organisation", "area", "role"]]

    def key(row: str, kind: str) -> str:
        return " ".join(sorted(keys.get((row, kind), ())))

    return [
        Answer(
            row=row,
            instrument=instrument,
            wave=waves.index(wave),
            person=key(row, "person"),
            email=key(row, "email"),
            name=key(row, "name"),
            parts=frozenset(keys.get((row, "name_part"), ())),
            place=organisation if instrument in with_places else area,
            first=key(row, "first"),
            last=key(row, "last"),
            birth_year=key(row, "birth_year"),
            role=role,
        )
        for row, instrument, wave, organisation, area, role in columns.itertuples(index=False, name=None)
    ]


def evidence_of(pairs: pd.DataFrame) -> Evidence:
    """Pairs whose first and last names are alike."""
    alike = pairs.loc[(pairs["first"] >= ALIKE) & (pairs["last"] >= ALIKE), ["_id", "other"]]
    return Evidence(alike=frozenset(frozenset(pair) for pair in alike.itertuples(index=False, name=None)))


def identities(answers: Sequence[Answer], waves: Sequence[str]) -> dict[str, str]:
    """Pseudonym of each response that says who answered: the same in every delivery that says the same.

    Rows that nothing names have none: no decision can speak of them.
    """
    found = {}
    for answer in answers:
        if answer.person or answer.email or answer.name:
            said = (answer.instrument, waves[answer.wave], answer.person, answer.email, answer.name, answer.place)
            found[answer.row] = "p" + _digest(*said)
    return found


def case_of(one: str, other: str) -> str:
    """Name of a pair of pseudonyms, in either order."""
    return "k" + _digest(*sorted((one, other)))


def respondent_names(persons: Sequence[Sequence[Answer]]) -> dict[str, str]:
    """Pseudonym by the first row of each person, made of the hashes of the earliest response: a later wave does not
    change it, nor does the order of rows. Where nothing tells two apart, the row id does."""
    keys: dict[str, str] = {}
    for person in persons:
        early = min(person, key=lambda answer: answer.wave)
        known = early.person or early.email or early.name
        parts = (early.instrument, str(early.wave), early.person, early.email, early.name, early.place)
        keys[person[0].row] = "|".join(parts) if known else early.row
    seen: dict[str, int] = {}
    for key in keys.values():
        seen[key] = seen.get(key, 0) + 1
    whole = {row: key if seen[key] == 1 else f"{key}|{row}" for row, key in keys.items()}
    names = {row: "r" + _digest(key) for row, key in whole.items()}
    if len(set(names.values())) < len(names):
        raise AssertionError("two respondents have one pseudonym")
    return names


def one_key(pseudonyms: pd.DataFrame, rows: Mapping[str, str]) -> str:
    """Id of the one key of all pseudonyms; empty when there are none.

    Parameters
    ----------
    pseudonyms : DataFrame
        ``_id key_id``.
    rows : mapping of str to str
        Wave by row id.

    Raises
    ------
    StudyFaults
        LNK-13 when pseudonyms of two waves were made with two keys: nobody would link.
    """
    waves = [rows.get(row, "rows not used") for row in pseudonyms["_id"]]
    found = dict.fromkeys(zip(waves, pseudonyms["key_id"], strict=True))
    known = sorted({key_id for _, key_id in found})
    if len(known) > 1:
        told = [f"of {wave} with key {key_id}" for wave, key_id in found]
        raise StudyFaults(
            [Fault("LNK-13", "STOP", "data/processed/link/hash_identifiers/pseudonyms.parquet",
                   "pseudonyms were made: " + ", ".join(told), "one key: nobody would link",
                   "Restore the first key and hash all waves with it")]
        )  # fmt: skip
    return known[0] if known else ""


def _digest(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:10]
