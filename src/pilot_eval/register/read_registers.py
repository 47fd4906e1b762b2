"""Rule ``read_registers``: the authority tables of a study, every key unique, every reference resolved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pilot_eval.faults import Fault, StudyFaults
from pilot_eval.register.authority import Table, known_keys, mended_keys, one_spelling, read_tables, tidied, twice
from pilot_eval.register.homes import Vacancy, placed, vacancies, within
from pilot_eval.register.places import Places, letters
from pilot_eval.register.successions import Successions, successions
from pilot_eval.tables import fault_table, frame_of

Rows = list[dict[str, Any]]


def read_registers(
    deliveries: Sequence[Path],
    sources: Sequence[Mapping[str, Any]],
    contents: Sequence[str],
    areas: Sequence[Mapping[str, Any]],
    registers: Mapping[str, Any],
    secret: bytes,
) -> dict[str, pd.DataFrame]:
    """Read and hold together all registers of a study.

    Parameters
    ----------
    deliveries : sequence of Path
        Delivered files of kind ``register``; a study may have none.
    sources : sequence of mapping
        Their lines of ``sources.csv``, in the same order.
    contents : sequence of str
        The files' sha256 as the run found them: new content is read anew, however old its time stamp.
    areas : sequence of mapping
        ``code``, ``name`` and ``aliases`` of each area.
    registers : mapping
        Which source is which register, and its columns: ``registers`` of ``study.yaml``.
    secret : bytes
        Key of the order in which areas get their letters.

    Returns
    -------
    dict of DataFrame
        ``areas``, ``aliases``, ``organisations``, ``groups``, ``links``, ``predecessors`` and ``faults``.

    Raises
    ------
    StudyFaults
        With the faults of all registers, when one of them is a STOP.
    """
    places = Places(areas)
    tables, faults = read_tables(deliveries, sources, contents, needed_columns(registers))
    faults = [*places.faults, *faults]
    attributes = tuple(dict.fromkeys(name for entry in registers["organisations"] for name in entry["attributes"]))
    organisations, vacant = organisation_rows(registers["organisations"], tables, places, faults)
    kinds = {row["organisation"]: row["kind"] for row in organisations}
    groups = group_rows(registers["groups"], tables, places, faults)
    if not all(entry["source"] in tables for entry in registers["organisations"]):
        # References to a register that cannot be read would all be reported, and all be wrongly so.
        tables = {}
    changes = changed_keys(registers["predecessors"], tables, kinds, faults)
    links = link_rows(registers["links"], tables, kinds, changes.heads, faults)
    faults += vacancies(vacant, {row["organisation"]: row["area"] for row in organisations}, links, len(areas))
    if any(fault.severity == "STOP" for fault in faults):
        raise StudyFaults(faults)
    return {
        "areas": area_table(areas, secret),
        "aliases": frame_of(
            [{"spelling": spelling, "area": code} for spelling, code in sorted(places.codes.items())],
            ("spelling", "area"),
        ),
        "organisations": frame_of(
            [{**dict.fromkeys(attributes, ""), **row} for row in organisations],
            ("organisation", "kind", "name", "area", *attributes),
        ),
        "groups": frame_of(groups, ("group", "name", "area")),
        "links": frame_of(links, ("left", "right", "left_kind", "right_kind")),
        "predecessors": frame_of(
            [{"old": old, "new": new} for old, new in sorted(changes.steps.items())], ("old", "new")
        ),
        "faults": fault_table(faults),
    }


def needed_columns(registers: Mapping[str, Any]) -> dict[str, list[str]]:
    """Columns that each source must have; one source may serve as several registers."""
    needed: dict[str, list[str]] = {}
    for entry in registers["organisations"]:
        needed.setdefault(entry["source"], []).extend(
            [entry["key"], entry["name"], entry["area"], *entry["attributes"]]
        )
    for name, columns in (
        ("groups", ("key", "name", "area")), ("links", ("left_key", "right_key")),
        ("predecessors", ("old", "new", "link")),
    ):  # fmt: skip
        if registers[name]:
            named = [registers[name][column] for column in columns]
            needed.setdefault(registers[name]["source"], []).extend(column for column in named if column)
    return {source: list(dict.fromkeys(columns)) for source, columns in needed.items()}


def area_table(areas: Sequence[Mapping[str, Any]], secret: bytes) -> pd.DataFrame:
    """Areas in the order of the study; the letters follow another, which only the key tells."""
    found = letters([area["code"] for area in areas], secret)
    rows = [
        {"area": area["code"], "name": area["name"], "letter": found[area["code"]][0], "order": found[area["code"]][1]}
        for area in areas
    ]
    table = frame_of(rows, ("area", "name", "letter", "order"))
    return table.astype({"order": "Int64"})


def organisation_rows(
    registers: Sequence[Mapping[str, Any]], tables: Mapping[str, Table], places: Places, faults: list[Fault]
) -> tuple[Rows, dict[str, Vacancy]]:
    """Organisations of all kinds, no key twice, not even in two kinds; and those of which no area is given."""
    rows: Rows = []
    vacant: dict[str, Vacancy] = {}
    owner: dict[str, str] = {}
    for entry in registers:
        table = tables.get(entry["source"])
        if table is None:
            continue
        if entry["elsewhere"] == "leave_out":
            table, left_out = within(table, entry["area"], places)
            faults += left_out
        table = tidied(table, [entry["key"], entry["name"], *entry["attributes"]], faults)
        keys, wrong = mended_keys(table, entry["key"], entry["pattern"])
        codes, unplaced = placed(table, entry["area"], places, needed=False)
        faults += [*wrong, *unplaced, *twice(table, entry["key"], keys, codes)]
        levels = {attribute: one_spelling(table, attribute, faults) for attribute in entry["attributes"]}
        for (row, cells), key, code in zip(table.records, keys, codes, strict=True):
            name, place = cells[entry["name"]], entry["key"]
            if owner.setdefault(key, entry["kind"]) != entry["kind"] and key:
                saw = f'"{key}" is the key of a {owner[key]} too'
                action = "Give one of them another key"
                faults.append(Fault("REG-04", "STOP", table.file, saw, "one key per organisation", action, row, place))
            if not name:
                expected = "the organisation's name"
                faults.append(Fault("REG-17", "STOP", table.file, "an empty cell", expected, "", row, entry["name"]))
            attributes = {attribute: levels[attribute][cells[attribute]] for attribute in entry["attributes"]}
            rows.append({**attributes, "organisation": key, "kind": entry["kind"], "name": name, "area": code})
            if not cells[entry["area"]]:
                vacant[key] = Vacancy(table.file, row, entry["area"], entry["kind"])
    return rows, vacant


def group_rows(
    entry: Mapping[str, Any] | None, tables: Mapping[str, Table], places: Places, faults: list[Fault]
) -> Rows:
    """Commissioning groups with their areas."""
    if not entry or entry["source"] not in tables:
        return []
    table = tidied(tables[entry["source"]], [entry["key"], entry["name"]], faults)
    keys, wrong = mended_keys(table, entry["key"])
    codes, unplaced = placed(table, entry["area"], places)
    faults += [*wrong, *unplaced, *twice(table, entry["key"], keys, codes)]
    return [
        {"group": key, "name": record.cells[entry["name"]], "area": code}
        for record, key, code in zip(table.records, keys, codes, strict=True)
    ]


def changed_keys(
    entry: Mapping[str, Any] | None, tables: Mapping[str, Table], kinds: Mapping[str, str], faults: list[Fault]
) -> Successions:
    """Old keys with their successors."""
    if not entry or entry["source"] not in tables:
        return Successions({}, {})
    table = tidied(tables[entry["source"]], [entry["old"], entry["new"]], faults)
    changes, wrong = successions(table, entry, kinds.keys())
    faults += wrong
    return changes


def link_rows(
    entry: Mapping[str, Any] | None,
    tables: Mapping[str, Table],
    kinds: Mapping[str, str],
    heads: Mapping[str, str],
    faults: list[Fault],
) -> Rows:
    """Pairs of organisations, each of its side's kind; keys as the register has them; a pair stands once."""
    if not entry or entry["source"] not in tables:
        return []
    table = tidied(tables[entry["source"]], [entry["left_key"], entry["right_key"]], faults)
    pairs: dict[tuple[str, str], int] = {}
    again: list[int] = []
    sides = {}
    for side in ("left", "right"):
        sides[side], mended = known_keys(table, entry[f"{side}_key"], kinds.keys() | heads.keys())
        faults += mended
    for place, (row, _) in enumerate(table.records):
        ok, pair = True, []
        for side in ("left", "right"):
            column, kind = entry[f"{side}_key"], entry[side]
            key = heads.get(sides[side][place], sides[side][place])
            pair.append(key)
            if kinds.get(key) != kind:
                ok = False
                saw = f'saw "{key}"' + (f", which is a {kinds[key]}" if key in kinds else "")
                action = "Add it to the register, or correct the row"
                faults.append(
                    Fault("REG-18", "STOP", table.file, saw, f"a {kind} of its register", action, row, column)
                )
        if ok and pairs.setdefault((pair[0], pair[1]), row) != row:
            again.append(row)
    if again:
        saw = f"{len(again)} links stand in an earlier row too"
        faults.append(
            Fault("REG-04", "FIX", table.file, saw, "one row per link", "Used once", again[0], "", len(again))
        )
    return [
        {"left": left, "right": right, "left_kind": entry["left"], "right_kind": entry["right"]}
        for left, right in pairs
    ]
