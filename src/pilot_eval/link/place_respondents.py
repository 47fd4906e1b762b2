"""Say for which organisation, area and role each response speaks."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from rapidfuzz import fuzz, process

from pilot_eval.canonical import canonical, says_nothing
from pilot_eval.faults import counted
from pilot_eval.link.converted import Converted, converted, kept_for_review, stated_attributes
from pilot_eval.link.directory import Directory, Found
from pilot_eval.link.notes import Notes, records
from pilot_eval.tables import CHANGE_COLUMNS, REJECT_COLUMNS, fault_table

#: Stated areas that contradict the register beyond this share (and number) mean that a column or file is wrong.
LEAST_ROWS, LARGEST_SHARE = 5, 0.05
#: Beyond this share of responses without any place the areas of study.yaml are not those of the delivery.
LARGEST_UNPLACED = 0.5
PLACED = (
    "_id", "_file", "_row", "source", "instrument", "wave", "role", "organisation", "organisation_kind", "area",
    "placed_by",
)  # fmt: skip
WHO = ("_id", "source", "instrument", "wave", "role", "area")
REGISTER = ("organisation", "kind", "name", "area")
WITHOUT = "Declare it in missing of the codebook (-1=na), or correct the file; kept without {}"
REVIEW = ("_id", "_file", "_row", "column", "value", "candidate", "score")


def place_respondents(
    cleaned: Sequence[pd.DataFrame],
    areas: pd.DataFrame,
    organisations: pd.DataFrame,
    aliases: pd.DataFrame,
    predecessors: pd.DataFrame,
    links: pd.DataFrame,
    instruments: Sequence[Mapping[str, Any]],
    roles: Sequence[Mapping[str, Any]],
    patterns: Mapping[str, str],
    typed_names: Sequence[Mapping[str, Any]],
    said: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    """Place every response.

    Parameters
    ----------
    cleaned : sequence of DataFrame
        One a delivery.
    areas, organisations, aliases, predecessors, links : DataFrame
        The registers.
    instruments, roles : sequence of mapping
        ``id role organisation`` and ``id label`` of the study.
    patterns : mapping
        Kind of organisation: regular expression of a sound key.
    typed_names : sequence of mapping
        ``kind accept aliases`` of the study's ``linkage.organisations``.
    said : mapping
        Delivery: use (``organisation``, ``area`` ...): delivered column, for messages and the review list.

    Returns
    -------
    dict
        ``placed`` (a row a response), ``changes``, ``rejects``, ``review`` and ``faults``.

    Raises
    ------
    StudyFaults
        When so many stated areas contradict the register (LNK-11) or are unknown (REG-07), or so many keys stand beside
        the name of another organisation (LNK-22), that a column must be wrong.
    """
    columns = ["_file", "_row", "_id", "source", "instrument", "wave", "area_said", "organisation_said",
               "organisation_name_said", "role_said"]  # fmt: skip
    attributes = [str(name) for name in organisations.columns if name not in REGISTER]
    rows = pd.concat(
        [frame[columns].join(stated_attributes(frame, attributes)) for frame in cleaned], ignore_index=True
    )
    notes = Notes(said)
    _say_role(rows, instruments, roles, notes)
    stated = _say_area(rows, areas, aliases, notes)
    found = _find(rows, stated, organisations, predecessors, instruments, patterns, typed_names)
    rows["organisation"] = [one.organisation for one in found]
    kinds = dict(zip(organisations["organisation"], organisations["kind"], strict=True))
    homes = dict(zip(organisations["organisation"], organisations["area"], strict=True))
    rows["organisation_kind"] = rows["organisation"].map(kinds).astype("str").fillna("")
    rows["area"] = rows["organisation"].map(homes).astype("str").fillna(stated)
    by = pd.Series([one.by for one in found], index=rows.index, dtype="str")
    rows["placed_by"] = by.mask(by == "", "area").mask((by == "") & (rows["area"] == ""), "none")
    seem = list(converted(records(rows), found, records(organisations), patterns, attributes))
    found = kept_for_review(found, seem)
    told = _note_converted(records(rows), seem, notes)
    answering = {entry["id"] for entry in instruments if entry["organisation"]}
    _note_organisations(rows, found, answering, told, notes)
    _note_areas(rows, stated, areas, aliases, notes)
    _note_names(rows, found, notes)
    _note_contradictions(rows, stated, _served(links, homes), notes)
    out = pd.Series([one.outside for one in found], index=rows.index, dtype=bool)
    _note_unplaced(rows[~out], len(areas), notes)
    notes.stop()
    rejects = rows.loc[out, ["_file", "_row"]].assign(
        reason="outside_pilot", rule="LNK-08",
        detail="key not in the register and near none: " + rows.loc[out, "organisation_said"],
    )  # fmt: skip
    rejects = rejects.assign(**{name: rows.loc[out, name] for name in WHO})
    return {
        "placed": _typed(rows.loc[~out], PLACED),
        "changes": _typed(pd.DataFrame(notes.changes, columns=list(CHANGE_COLUMNS)), CHANGE_COLUMNS),
        "rejects": _typed(rejects, (*REJECT_COLUMNS, *WHO)),
        "review": _typed(pd.DataFrame(notes.review, columns=list(REVIEW)), REVIEW),
        "faults": fault_table(notes.faults),
    }


def _say_role(
    rows: pd.DataFrame, instruments: Sequence[Mapping[str, Any]], roles: Sequence[Mapping[str, Any]], notes: Notes
) -> None:
    """Role of each row: that of its instrument, or the one said, by id or label."""
    known = {canonical(str(role[key])): role["id"] for role in roles for key in ("label", "id")}
    fixed = rows["instrument"].map({entry["id"]: entry["role"] for entry in instruments}).astype("str").fillna("")
    words = {text: known.get(canonical(text), "") for text in rows["role_said"].unique()}
    rows["role"] = fixed.where(fixed != "", rows["role_said"].map(words)).astype("str")
    for row in records(rows[rows["role"] == ""]):
        saw = f'saw "{row["role_said"]}"' if row["role_said"] else "no role"
        expected = "one of " + ", ".join(role["id"] for role in roles)
        notes.fault("LNK-16", "WARN", row, "role", saw, expected, "Kept without a role; label the role in the codebook")


def _say_area(rows: pd.DataFrame, areas: pd.DataFrame, aliases: pd.DataFrame, notes: Notes) -> pd.Series[str]:
    """Code of the area that each row states, ``""`` when it states none or no known one."""
    known = dict(zip(aliases["spelling"], aliases["area"], strict=True))
    names = dict(zip(areas["area"], areas["name"], strict=True))
    words = {text: known.get(canonical(text), "") for text in rows["area_said"].unique()}
    if len(areas) == 1:
        words[""] = str(areas["area"].iloc[0])  # where there is one area, nobody needs to say so
    stated = rows["area_said"].map(words).astype("str")
    spelled = (stated != "") & (rows["area_said"] != stated.map(names)) & (rows["area_said"] != stated)
    spelled &= rows["area_said"] != ""
    for row, code in zip(records(rows[spelled]), stated[spelled], strict=True):
        notes.change(row, "area", row["area_said"], code, "spelling", "spelling of the area")
    plain = {*map(_bare, names.values())}
    loose = rows[spelled & rows["area_said"].map(lambda said: _bare(said) in plain).astype(bool)]
    for _, of_source in loose.groupby("source", sort=True):
        saw = f"{counted(len(of_source), 'value')} unlike the area only in case, spaces or width"
        action = "Unified to the study's spelling, see the change log"
        notes.fault("REG-08", "FIX", records(of_source)[0], "area", saw, "", action, len(of_source))
    return stated


def _bare(name: str) -> str:
    """A name without its case, width and spaces; a spelling that differs in more is an alias."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _note_areas(
    rows: pd.DataFrame, stated: pd.Series[str], areas: pd.DataFrame, aliases: pd.DataFrame, notes: Notes
) -> None:
    """Stated areas that the study does not have.

    A word for no answer is ING-21; all else goes to the review list and is warned of (REG-07).
    """
    known = dict(zip(aliases["spelling"], aliases["area"], strict=True))
    names = dict(zip(areas["area"], areas["name"], strict=True))
    for row in records(rows[(stated == "") & (rows["area_said"] != "")]):
        said, where = row["area_said"], f"one of {len(names)} areas"
        if says_nothing(said):
            saw, action = f'saw "{said}", which is no area and no declared missing code', WITHOUT.format("area")
            notes.fault("ING-21", "WARN", row, "area", saw, where, action)
            continue
        near = process.extractOne(canonical(said), list(known), scorer=fuzz.ratio)
        if near is None:
            continue
        code, score = known[near[0]], round(near[1] / 100, 4)
        notes.ask(row, "area", said, code, score)
        nearest = f'Nearest: "{names[code]}" ({near[1]:.0f}); add it to the aliases of the area, or correct the file'
        notes.fault("REG-07", "WARN", row, "area", f'saw "{said}"', where, nearest)


def _find(
    rows: pd.DataFrame, stated: pd.Series[str], organisations: pd.DataFrame, predecessors: pd.DataFrame,
    instruments: Sequence[Mapping[str, Any]], patterns: Mapping[str, str], typed_names: Sequence[Mapping[str, Any]],
) -> list[Found]:  # fmt: skip
    """What the register says of each row's organisation; asked once for each different answer."""
    kind_of = {entry["id"]: entry["organisation"] or "" for entry in instruments}
    typed = {entry["kind"]: entry for entry in typed_names}
    directories = {
        kind: Directory.of(organisations, kind, patterns.get(kind, r"\S+"), predecessors, typed.get(kind))
        for kind in sorted({*kind_of.values()} - {""})
    }
    asked: dict[tuple[str, str, str, str], Found] = {}
    found = []
    kinds = rows["instrument"].map(kind_of)
    for key in zip(kinds, rows["organisation_said"], rows["organisation_name_said"], stated, strict=True):
        if key not in asked:
            asked[key] = _asked(directories[key[0]], *key[1:]) if key[0] else Found()
        found.append(asked[key])
    return found


def _asked(directory: Directory, key: str, name: str, area: str) -> Found:
    """What the register says; a word for no answer that is no key or name of it is none."""
    found = directory.find(key, name, area)
    plain_key, plain_name = ("" if says_nothing(word) else word for word in (key, name))
    if found.organisation or (plain_key, plain_name) == (key, name):
        return found
    return directory.find(plain_key, plain_name, area)


def _note_converted(rows: Sequence[Mapping[str, Any]], seem: Sequence[Converted], notes: Notes) -> set[str]:
    """REG-05 for keys of organisations that seem to have another one now; the ids of the rows that are so told."""
    told: set[str] = set()
    for one in seem:
        saw = f'saw "{one.key}" ({counted(len(one.rows), "row")}), not in the register'
        action = (
            f'Same {" and ".join(["name", *one.shared])} as {one.organisation}: add "{one.line}" (older key first) to '
            "the register of predecessors if it converted; kept without organisation"
        )
        row = rows[one.rows[0]]
        notes.fault("REG-05", "WARN", row, "organisation", saw, "a key of the register", action, len(one.rows))
        told.update(rows[place]["_id"] for place in one.rows)
    return told


def _note_organisations(
    rows: pd.DataFrame, found: Sequence[Found], answering: set[str], told: set[str], notes: Notes
) -> None:
    """Corrected keys to the change log, candidates to the review list, the rest of the unplaced to the faults."""
    for row, one in zip(records(rows), found, strict=True):
        said = row["organisation_said"]
        for use in ("organisation", "organisation_name"):
            if says_nothing(row[f"{use}_said"]) and not one.organisation and row["instrument"] in answering:
                saw = f'saw "{row[f"{use}_said"]}", which is no organisation and no declared missing code'
                expected = "an organisation of the register"
                notes.fault("ING-21", "WARN", row, use, saw, expected, WITHOUT.format("organisation"))
        if one.rule:
            typed = one.by == "typed_name"
            value = row["organisation_name_said"] if typed else said
            notes.change(row, "organisation", value, one.organisation, one.rule, one.why)
            if typed:
                saw = f'saw "{value}", like "{one.organisation}" ({one.candidates[0][1]:.2f}) and no other of the area'
                notes.fault("LNK-09", "FIX", row, "organisation_name", saw, "a name of the register",
                            f'Read as "{one.organisation}"; confirm in the change log')  # fmt: skip
                continue
        if one.rule in ("number", "spelling"):
            kind = {"lost leading zeros": "REG-01", "a number with decimals": "REG-03"}.get(one.why, "REG-08")
            action = f'Read as "{one.organisation}"'
            notes.fault(kind, "FIX", row, "organisation", f'saw "{said}"', "a key of the register", action)
        use, value = ("organisation", said) if said else ("organisation_name", row["organisation_name_said"])
        for candidate, score in one.candidates:
            notes.ask(row, use, value, candidate, score)
        if one.outside:
            action = "Row not used; correct the key, or add the organisation to the register"
            notes.fault("LNK-08", "REJECT", row, use, f'saw "{value}"', "a key of the register", action)
        elif (
            value
            and not one.organisation
            and row["instrument"] in answering
            and row["_id"] not in told
            and not (says_nothing(value))
        ):
            kind = "LNK-08" if said else "LNK-09"
            seems = f"Perhaps {one.candidates[0][0]}: on the review list" if one.candidates else "Nothing is near"
            notes.fault(kind, "WARN", row, use, f'saw "{value}"', "an organisation of the register",
                        f"{seems}; kept without organisation")  # fmt: skip


def _note_names(rows: pd.DataFrame, found: Sequence[Found], notes: Notes) -> None:
    """Keys beside the name of another organisation (LNK-22): one is a slip; of many, a column has been moved."""
    named = pd.Series([one.named for one in found], index=rows.index, dtype="str")
    keyed = rows["placed_by"].isin(["key", "predecessor"]) & (rows["organisation_name_said"] != "")
    for name, of_source in rows[named != ""].groupby("source", sort=True):
        stating = int((keyed & (rows["source"] == name)).sum())
        if len(of_source) >= LEAST_ROWS and len(of_source) > LARGEST_SHARE * stating:
            saw = f"{len(of_source)} of {stating} keys stand beside the name of another organisation"
            action = "Has one of the columns been sorted or moved without the other? Correct the file"
            row, number = records(of_source)[0], len(of_source)
            notes.fault("LNK-22", "STOP", row, "organisation", saw, "key and name of one", action, number)
            continue
        for row, other in zip(records(of_source), named[of_source.index], strict=True):
            saw = f'saw "{row["organisation_said"]}" beside the name of {other}'
            notes.fault("LNK-22", "WARN", row, "organisation", saw, "key and name of one organisation",
                        "The key is used: correct whichever is the slip")  # fmt: skip


def _served(links: pd.DataFrame, homes: Mapping[str, str]) -> dict[str, set[str]]:
    """Areas in which an organisation works: its own and, on the side that has fewer organisations, those of the
    organisations linked with it; a team serves many schools and may serve several areas, a school lies in one."""
    served = {key: {area} for key, area in homes.items()}
    one, other = sorted(("left", "right"), key=lambda side: links[side].drop_duplicates().size)
    for serving, client in zip(links[one], links[other], strict=True):
        if serving in served and client in served:
            served[serving].add(homes[client])
    return served


def _note_contradictions(
    rows: pd.DataFrame, stated: pd.Series[str], served: Mapping[str, set[str]], notes: Notes
) -> None:
    """The register's area stands against the stated one (LNK-11)."""
    both = (stated != "") & (rows["organisation"] != "") & (stated != rows["area"])
    wrong = rows[both & ~pd.Series(
        [area in served.get(key, ()) for key, area in zip(rows["organisation"], stated, strict=True)], index=rows.index
    )]  # fmt: skip
    logged = {change[2] for change in notes.changes if change[3] == "area"}
    for row in records(rows[both]):
        if row["_id"] not in logged:
            notes.change(
                row, "area", row["area_said"], row["area"], "register", "the organisation's area in the register"
            )
    for name, of_source in wrong.groupby("source", sort=True):
        stating = int(((rows["source"] == name) & (stated != "") & (rows["organisation"] != "")).sum())
        if len(of_source) >= LEAST_ROWS and len(of_source) > LARGEST_SHARE * stating:
            row = records(of_source)[0]
            saw, number = f"{len(of_source)} of {stating} areas contradict the register", len(of_source)
            action = "Has a column been sorted or moved alone, or is the register wrong? Correct it"
            notes.fault("LNK-11", "STOP", row, "area", saw, "the areas of the organisations", action, number)
            continue
        for row in records(of_source):
            saw = f'saw "{row["area_said"]}"; {row["organisation"]} is in "{row["area"]}"'
            notes.fault("LNK-11", "WARN", row, "area", saw, "", "The register is used")


def _note_unplaced(rows: pd.DataFrame, known: int, notes: Notes) -> None:
    """Stop a delivery most of whose stated areas nobody knows (REG-07): nothing could be said of any area.

    One fault stands for all of its rows. None shows a value: the column may hold the names of persons.
    """
    for _, of_source in rows.groupby("source", sort=True):
        lost = of_source[
            (of_source["area"] == "") & ~of_source["area_said"].map(lambda said: not said or says_nothing(said))
        ]
        if len(lost) < LEAST_ROWS or len(lost) <= LARGEST_UNPLACED * len(of_source):
            continue
        row = records(lost)[0]
        notes.faults = [fault for fault in notes.faults if (fault.id, fault.file) != ("REG-07", row["_file"])]
        saw = f"{len(lost)} of {len(of_source)} responses state an area that the study does not have"
        action = f'Correct areas in config/study.yaml, or the column in the codebook of "{row["instrument"]}"'
        notes.fault("REG-07", "STOP", row, "area", saw, f"one of the {known} areas", action)


def _typed(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    types = {name: {"_row": "Int64", "score": "float64"}.get(name, "str") for name in columns}
    return frame.loc[:, list(columns)].astype(types).reset_index(drop=True)
