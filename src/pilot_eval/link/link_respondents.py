"""Follow respondents from wave to wave, and use one response of each person in a wave."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd

from pilot_eval.faults import Fault, StudyFaults
from pilot_eval.link.persons import Answer, by_key, followed, fullest, reissued, repeated
from pilot_eval.tables import REJECT_COLUMNS, fault_table, frame_of

WHO = ("_id", "source", "instrument", "wave", "role", "area")
#: Columns of the cleaned table that are no answers.
FIXED = frozenset({
    "_file", "_row", "_id", "source", "instrument", "wave", "completed", "area_said", "organisation_said",
    "organisation_name_said", "role_said", "response",
})  # fmt: skip


def link_respondents(
    placed: pd.DataFrame,
    pseudonyms: pd.DataFrame,
    cleaned: Sequence[pd.DataFrame],
    linkage: Mapping[str, Any],
    waves: Sequence[str],
) -> dict[str, Any]:
    """Pseudonyms of respondents, the same at every wave.

    Parameters
    ----------
    placed : DataFrame
        A row a response.
    pseudonyms : DataFrame
        ``_id kind hash``.
    cleaned : sequence of DataFrame
        For the number of answers, and the day, by which one of a person's responses in a wave is chosen.
    linkage : mapping
        ``keys``: passes, strictest first; ``duplicates``: the policy.
    waves : sequence of str
        Ids in order of time.

    Returns
    -------
    dict
        ``respondents`` (a row a response that is used), ``rejects`` (further responses of a person in a wave),
        ``match_rates``, ``moved`` and ``faults``.

    Raises
    ------
    StudyFaults
        LNK-12 when the ids of persons were issued anew for a wave.
    """
    answers = _answers(placed, pseudonyms, linkage["keys"], waves)
    rows = placed.set_index("_id", drop=False)
    faults = [_anew(*case) for case in reissued(answers, waves)] if "person" in linkage["keys"] else []
    if faults:
        raise StudyFaults(faults)
    cells = _cells(cleaned)
    rejects, out = [], set()
    for group in repeated(answers, linkage["keys"]):
        used = fullest(group, linkage["duplicates"], cells["filled"], cells["day"])
        for answer in group:
            if answer is not used:
                used.adopt(answer)
                out.add(answer.row)
                rejects.append(_reject(rows.loc[answer.row], rows.loc[used.row], cells, linkage["duplicates"]))
    answers = [answer for answer in answers if answer.row not in out]
    faults += _rejections(rejects) + _keyless(answers, rows) + _shared_mail(answers, rows)
    persons, passes = followed(answers, linkage["keys"])
    names = _names(persons)
    found = [
        {"_id": answer.row, "respondent": names[person[0].row], "link_pass": passes.get(answer.row, ""),
         "matched": len(person) > 1}
        for person in persons for answer in person
    ]  # fmt: skip
    order = {row: place for place, row in enumerate(placed["_id"])}
    found.sort(key=lambda entry: order[str(entry["_id"])])
    respondents = frame_of(found, ("_id", "respondent", "link_pass", "matched"))
    respondents["matched"] = pd.Series([bool(entry["matched"]) for entry in found], dtype=bool)
    rejects.sort(key=lambda entry: order[entry["_id"]])
    moved = _moved(persons, names, rows)
    return {
        "respondents": respondents,
        "rejects": frame_of(rejects, (*REJECT_COLUMNS, *WHO)),
        "match_rates": _match_rates(respondents, rows, waves),
        "moved": frame_of(moved, ("respondent", "what", "from", "to")),
        "faults": fault_table([*faults, *_moves(moved)]),
    }


def _answers(
    placed: pd.DataFrame, pseudonyms: pd.DataFrame, passes: Sequence[str], waves: Sequence[str]
) -> list[Answer]:
    """Responses with their hashes; several values of one kind count as one key of all of them.

    Ids and addresses that are no pass of the study are left out, so that they cannot forbid a link either.
    """
    pseudonyms = pseudonyms[pseudonyms["kind"].isin([*passes, "name", "name_part"])]
    keys: dict[tuple[str, str], list[str]] = {}
    for row, kind, value in pseudonyms[["_id", "kind", "hash"]].itertuples(index=False, name=None):
        keys.setdefault((row, kind), []).append(value)
    with_places = set(placed.loc[placed["organisation"] != "", "instrument"])
    columns = placed[["_id", "instrument", "wave", "organisation", "area"]]

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
        )
        for row, instrument, wave, organisation, area in columns.itertuples(index=False, name=None)
    ]


def _cells(cleaned: Sequence[pd.DataFrame]) -> dict[str, dict[str, Any]]:
    """Of each response: how many cells are filled, the day, and all cells as one text."""
    filled: dict[str, int] = {}
    day: dict[str, str] = {}
    text: dict[str, Any] = {}
    for frame in cleaned:
        items = frame[[column for column in frame.columns if column not in FIXED]]
        full = (items.notna() & (items.astype("str") != "")).sum(axis=1)
        filled |= dict(zip(frame["_id"], full.astype(int), strict=True))
        day |= dict(zip(frame["_id"], frame["completed"], strict=True))
        text |= dict(zip(frame["_id"], items.astype("str").itertuples(index=False, name=None), strict=True))
    return {"filled": filled, "day": day, "text": text}


def _reject(row: Any, used: Any, cells: Mapping[str, Mapping[str, Any]], policy: str) -> dict[str, Any]:
    same = cells["text"][row["_id"]] == cells["text"][used["_id"]]
    where = f"row {used['_row']}" + ("" if used["_file"] == row["_file"] else f" of {used['_file']}")
    filled = cells["filled"]
    detail = f"same respondent and answers as {where}" if same else (
        f"same respondent as {where}, which has {filled[used['_id']]} answers against {filled[row['_id']]}"
    )  # fmt: skip
    reject = {"_file": row["_file"], "_row": row["_row"], "reason": "duplicate_person",
              "rule": "LNK-01" if same else "LNK-02", "detail": f"{detail}; policy {policy}"}  # fmt: skip
    return reject | {name: row[name] for name in WHO}


def _rejections(rejects: Sequence[Mapping[str, Any]]) -> list[Fault]:
    return [
        Fault(entry["rule"], "REJECT", entry["_file"], entry["detail"], "one response a person and wave",
              "Row not used", int(entry["_row"]))
        for entry in rejects
    ]  # fmt: skip


def _anew(instrument: str, before: str, after: str, number: int, ids: int, names: int) -> Fault:
    return Fault(
        "LNK-12", "STOP", "config/study.yaml",
        f"instrument {instrument}: {ids} of {number} ids of {after} occur at {before}, but {names} persons match on "
        "name and organisation", "ids that stay",
        "The ids were issued anew: leave person out of linkage.keys, or ask for the old ids", None, "linkage",
    )  # fmt: skip


def _keyless(answers: Sequence[Answer], rows: pd.DataFrame) -> list[Fault]:
    """Responses that nothing can link, by file (LNK-04)."""
    bare = [answer.row for answer in answers if not (answer.person or answer.email or answer.name)]
    by_file = rows.loc[bare].groupby("_file", sort=True)["_row"].agg(["size", "first"])
    return [
        Fault("LNK-04", "WARN", str(file), f"{size} rows have neither id nor e-mail nor name", "",
              "Used, but not linked to another wave", int(first), "", int(size))
        for file, size, first in by_file.itertuples(name=None)
    ]  # fmt: skip


def _shared_mail(answers: Sequence[Answer], rows: pd.DataFrame) -> list[Fault]:
    """One e-mail address of two persons in one wave does not link them (LNK-03)."""
    faults = []
    for same in by_key(answers, "email"):
        for wave in sorted({answer.wave for answer in same}):
            shared = rows.loc[[answer.row for answer in same if answer.wave == wave]]
            if len(shared) > 1:
                places = " and ".join(str(row) for row in shared["_row"])
                faults.append(
                    Fault("LNK-03", "WARN", shared["_file"].iloc[0], f"rows {places}: one e-mail address, different "
                          "names or ids", "", "Linked by name and organisation instead", int(shared["_row"].iloc[0]),
                          "", len(shared))
                )  # fmt: skip
    return faults


def _names(persons: Sequence[Sequence[Answer]]) -> dict[str, str]:
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
    names = {row: "r" + hashlib.sha256(key.encode()).hexdigest()[:10] for row, key in whole.items()}
    if len(set(names.values())) < len(names):
        raise AssertionError("two respondents have one pseudonym")
    return names


def _moved(persons: Sequence[Sequence[Answer]], names: Mapping[str, str], rows: pd.DataFrame) -> list[dict[str, Any]]:
    """What changed about a person between one wave and the next."""
    facts = rows[["organisation", "area", "role", "_file", "_row"]].to_dict("index")
    found = []
    for person in persons:
        for early, late in pairwise(sorted(person, key=lambda answer: answer.wave)):
            for what in ("organisation", "area", "role"):
                before, after = facts[early.row][what], facts[late.row][what]
                if before and after and before != after:
                    found.append({"respondent": names[person[0].row], "what": what, "from": before, "to": after,
                                  "_file": facts[late.row]["_file"], "_row": facts[late.row]["_row"]})  # fmt: skip
    return sorted(found, key=lambda entry: (entry["respondent"], entry["what"], entry["_file"], entry["_row"]))


def _moves(moved: Sequence[Mapping[str, Any]]) -> list[Fault]:
    return [
        Fault("LNK-06" if entry["what"] == "role" else "LNK-05", "WARN", entry["_file"],
              f'respondent {entry["respondent"]}: {entry["what"]} was "{entry["from"]}", now "{entry["to"]}"', "",
              "Each wave keeps its own", int(entry["_row"]), entry["what"])
        for entry in moved if entry["what"] != "area"
    ]  # fmt: skip


def _match_rates(respondents: pd.DataFrame, rows: pd.DataFrame, waves: Sequence[str]) -> pd.DataFrame:
    """Responses, and those of persons seen at another wave too, by wave, role and area."""
    facts = rows.loc[respondents["_id"], ["wave", "role", "area"]].reset_index(drop=True)
    facts["matched"] = respondents["matched"].astype("Int64")
    facts["order"] = facts["wave"].map({wave: place for place, wave in enumerate(waves)})
    table = facts.groupby(["order", "wave", "role", "area"], sort=True)["matched"].agg(n="size", n_matched="sum")
    return table.reset_index().drop(columns="order").astype({"n": "Int64", "n_matched": "Int64"})
