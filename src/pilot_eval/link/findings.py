"""What linking found on the way: faults about persons, who moved, and how many could be followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd

from pilot_eval.faults import Fault
from pilot_eval.link.persons import Answer, Evidence, agree, by_key, elsewhere, other_ids
from pilot_eval.link.scored import Candidate

#: So many persons, and more than this share of a wave, are no namesakes.
LEAST_CLASHES, LARGEST_CLASHES = 5, 0.05
CASES = "data/processed/link/write_cases/cases.csv"


def anew(instrument: str, before: str, after: str, number: int, ids: int, names: int) -> Fault:
    """Ids of persons that were issued anew for a wave (LNK-12)."""
    return Fault(
        "LNK-12", "STOP", "config/study.yaml",
        f"instrument {instrument}: {ids} of {number} ids of {after} occur at {before}, but {names} persons match on "
        "name and organisation", "ids that stay",
        "The ids were issued anew: leave person out of linkage.keys, or ask for the old ids", None, "linkage",
    )  # fmt: skip


def partly_anew(answers: Sequence[Answer], waves: Sequence[str], rows: pd.DataFrame) -> list[Fault]:
    """Ids of which a part was issued anew (LNK-12): two of one name at one organisation are rare, many are not."""
    faults = []
    for before, after, clashes, number in other_ids(answers, waves):
        if len(clashes) >= LEAST_CLASHES and len(clashes) > LARGEST_CLASHES * number:
            first = rows.loc[clashes].sort_values("_row").iloc[0]
            saw = f"{len(clashes)} of {number} persons have name and organisation of one at {before}, and another id"
            action = f"Not linked: were these ids of {after} issued anew? Leave person out of linkage.keys then"
            faults.append(Fault("LNK-12", "WARN", str(first["_file"]), saw, "ids that stay", action, int(first["_row"]),
                                "", len(clashes)))  # fmt: skip
    return faults


def keyless(answers: Sequence[Answer], rows: pd.DataFrame) -> list[Fault]:
    """Responses that nothing can link, by file (LNK-04)."""
    bare = [answer.row for answer in answers if not (answer.person or answer.email or answer.name)]
    by_file = rows.loc[bare].groupby("_file", sort=True)["_row"].agg(["size", "first"])
    return [
        Fault("LNK-04", "WARN", str(file), f"{size} rows have neither id nor e-mail nor name", "",
              "Used, but not linked to another wave", int(first), "", int(size))
        for file, size, first in by_file.itertuples(name=None)
    ]  # fmt: skip


def shared_mail(answers: Sequence[Answer], rows: pd.DataFrame, evidence: Evidence) -> list[Fault]:
    """One e-mail address of two persons in one wave does not link them (LNK-03)."""
    faults = []
    for same in by_key(answers, "email"):
        for wave in sorted({answer.wave for answer in same}):
            here = [answer for answer in same if answer.wave == wave]
            others = [one for one in here if any(not agree(one, two, "email", evidence) for two in here)]
            if others:
                shared = rows.loc[[answer.row for answer in others]]
                places = " and ".join(str(row) for row in shared["_row"])
                faults.append(
                    Fault("LNK-03", "WARN", shared["_file"].iloc[0], f"rows {places}: one e-mail address, different "
                          "names or ids", "", "Linked by name and organisation instead", int(shared["_row"].iloc[0]),
                          "", len(shared))
                )  # fmt: skip
    return faults


def two_places(answers: Sequence[Answer], rows: pd.DataFrame) -> list[Fault]:
    """One person who answers for two organisations (or areas) in a wave (LNK-20)."""
    faults: dict[str, Fault] = {}
    for which in ("person", "email"):
        for same in by_key(answers, which):
            for one in same:
                here = [two for two in same if two.wave == one.wave and two is not one and elsewhere(one, two)]
                alike = [two for two in here if agree(one, two, which, Evidence())]
                if alike:
                    row, other = rows.loc[one.row], rows.loc[alike[0].row]
                    place = int(str(row["_row"]))
                    faults.setdefault(one.row, Fault(
                        "LNK-20", "WARN", str(row["_file"]), f"the respondent of row {other['_row']} answers for "
                        f'"{one.place}" too', "", "Both are used, each followed at its own place", place,
                    ))  # fmt: skip
    return [faults[answer.row] for answer in answers if answer.row in faults]


def doubtful(candidates: Sequence[Candidate]) -> list[Fault]:
    """Pairs that await a decision, as one fault (LNK-07)."""
    if not candidates:
        return []
    scores = [one.score for one in candidates]
    saw = f"{len(scores)} possible links with scores from {min(scores):.2f} to {max(scores):.2f} await a decision"
    action = "They count as not linked; fill in decision and save the lines as config/link_decisions.csv"
    return [Fault("LNK-07", "WARN", CASES, saw, "same, different or unsure", action, None, "decision", len(scores))]


def moved(persons: Sequence[Sequence[Answer]], names: Mapping[str, str], rows: pd.DataFrame) -> list[dict[str, Any]]:
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


def moves(changes: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """A fault for each person who changed organisation (LNK-05) or role (LNK-06)."""
    return [
        Fault("LNK-06" if entry["what"] == "role" else "LNK-05", "WARN", entry["_file"],
              f'respondent {entry["respondent"]}: {entry["what"]} was "{entry["from"]}", now "{entry["to"]}"', "",
              "Each wave keeps its own", int(entry["_row"]), entry["what"])
        for entry in changes if entry["what"] != "area"
    ]  # fmt: skip


def match_rates(respondents: pd.DataFrame, rows: pd.DataFrame, waves: Sequence[str]) -> pd.DataFrame:
    """Responses, and those of persons seen at another wave too, by wave, role and area."""
    facts = _facts(respondents, rows, waves)
    facts["matched"] = respondents["matched"].astype("Int64")
    table = facts.groupby(["order", "wave", "role", "area"], sort=True)["matched"].agg(n="size", n_matched="sum")
    return table.reset_index().drop(columns="order").astype({"n": "Int64", "n_matched": "Int64"})


def flow(respondents: pd.DataFrame, rows: pd.DataFrame, waves: Sequence[str]) -> pd.DataFrame:
    """Responses by what first linked them, wave, role and area; an empty pass: nothing did."""
    facts = _facts(respondents, rows, waves).assign(link_pass=respondents["link_pass"])
    table = facts.groupby(["order", "wave", "role", "area", "link_pass"], sort=True).size().rename("n")
    return table.reset_index().drop(columns="order").astype({"n": "Int64"})


def _facts(respondents: pd.DataFrame, rows: pd.DataFrame, waves: Sequence[str]) -> pd.DataFrame:
    facts = rows.loc[respondents["_id"], ["wave", "role", "area"]].reset_index(drop=True)
    return facts.assign(order=facts["wave"].map({wave: place for place, wave in enumerate(waves)}))
