"""Dirt as delivered waves have it, planted on purpose; every piece is noted with what must become of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from pilot_eval.study.truth import Dirt
from pilot_eval.synth.deliveries import Cells, Table, Value, response_id
from pilot_eval.synth.design import Design
from pilot_eval.synth.streams import stream
from pilot_eval.synth.truth import Plan

#: Kind: stage that must find it, record in which it must stand, and what happens.
MUST = {
    "identical_row": ("clean", "rejects", "the later record is rejected as a duplicate record"),
    "same_response": ("clean", "rejects", "the later record with the response id is rejected as a duplicate record"),
    "person_twice": ("link", "rejects", "the less complete of the person's two responses is rejected"),
    "mistyped_key": ("link", "changes or review", "placed by the organisation's name, or put on the review list"),
    "out_of_range": ("clean", "changes", "the cell becomes missing, kind out_of_range"),
    "undeclared_code": ("clean", "changes", "the cell becomes missing, kind out_of_range"),
    "impossible_date": ("clean", "changes", "the date becomes missing"),
    "misspelt_area": ("link", "review", "never accepted unseen; the nearest area is proposed"),
    "area_alias": ("link", "changes", "a declared alias; placed in the area"),
    "test_response": ("clean", "rejects", "the row is rejected as a test response"),
    "outside_pilot": ("link", "rejects", "the row is rejected; its organisation is not in the register"),
    "new_key": ("link", "changes", "placed in the predecessor organisation of the register"),
}


#: What is added to a key when an organisation gets a new one: above all keys of the register.
NEW_KEYS = 50_000


@dataclass(frozen=True)
class Planted:
    """One planted fault: where it lies (row of the table, before it has a line) and what the cell says."""

    kind: str
    source: str
    row: int
    item: str = ""
    text: str = ""


def plant(plan: Plan, design: Design, tables: dict[str, Table]) -> tuple[list[Planted], dict[str, str]]:
    """Plant all dirt of the truth file, in place.

    Returns
    -------
    planted : list of Planted
        In the order of the truth file.
    renamed : dict
        Old key: new key of organisations that changed it.
    """
    planted: list[Planted] = []
    copied: dict[str, set[int]] = {name: set() for name in tables}
    renamed: dict[str, str] = {}
    in_place = [dirt for dirt in plan.truth.dirt if dirt.kind in _CELLS or dirt.kind == "new_key"]
    for dirt in [*in_place, *(dirt for dirt in plan.truth.dirt if dirt not in in_place)]:
        table = tables[dirt.source]
        touched = {entry.row for entry in planted if entry.source == dirt.source} | copied[dirt.source]
        free = [row for row in range(len(table.posts)) if row not in touched]
        rng = stream(plan.truth.seed, f"dirt {dirt.kind} {dirt.source}")
        if dirt.kind == "new_key":
            planted += _rename(dirt, table, design, rng, free, renamed)
        elif dirt.kind in _CELLS:
            planted += _change_cells(dirt, table, plan, design, rng, free)
        else:
            free = [row for row in free if table.rows[row][table.used_as("email")] is not None]
            originals = [int(row) for row in rng.choice(free, dirt.times, replace=False)]
            copied[dirt.source] |= set(originals)
            planted += [_add_row(dirt, table, plan, original) for original in originals]
    return planted, renamed


def _change_cells(
    dirt: Dirt, table: Table, plan: Plan, design: Design, rng: np.random.Generator, free: list[int]
) -> list[Planted]:
    """Spoil a cell of as many rows as wanted."""
    item = dirt.item or table.used_as("organisation")
    found: list[Planted] = []
    for row in rng.permutation([row for row in free if table.rows[row][item] is not None]):
        spoilt = _CELLS[dirt.kind](dirt, table.rows[row][item], plan, design, rng)
        if spoilt is not None and len(found) < dirt.times:
            table.rows[row][item] = spoilt
            text = f"{spoilt:g}" if isinstance(spoilt, float) else str(spoilt)
            found.append(Planted(dirt.kind, dirt.source, int(row), item, text))
    if len(found) < dirt.times:
        raise ValueError(f"{dirt.kind} in {dirt.source}: only {len(found)} of {dirt.times} rows are fit for it")
    return found


def _value(dirt: Dirt, cell: Value, plan: Plan, design: Design, rng: np.random.Generator) -> Value:
    return float(dirt.value) if isinstance(dirt.value, int) else dirt.value


def _date(dirt: Dirt, cell: Value, plan: Plan, design: Design, rng: np.random.Generator) -> Value:
    """A day outside the study as a date; a day that no calendar has as text."""
    try:
        return dt.date.fromisoformat(str(dirt.value))
    except ValueError:
        return str(dirt.value)


def _mistype(dirt: Dirt, cell: Value, plan: Plan, design: Design, rng: np.random.Generator) -> Value:
    """Two neighbouring digits changed over, None when that gives another organisation or the same."""
    text = str(cell)
    place = int(rng.integers(1, len(text) - 1))
    typed = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return typed if typed not in design.key else None


def _misspell(dirt: Dirt, cell: Value, plan: Plan, design: Design, rng: np.random.Generator) -> Value:
    """One inner letter left out of an area's name."""
    text = str(cell)
    place = int(rng.integers(2, len(text) - 2))
    return text[:place] + text[place + 1 :] if text[place].isalpha() and text[place] != text[place + 1] else None


def _alias(dirt: Dirt, cell: Value, plan: Plan, design: Design, rng: np.random.Generator) -> Value:
    area = next(area for area in plan.study.config.areas if area.name == cell)
    return area.aliases[-1] if area.aliases else None


_CELLS: dict[str, Callable[[Dirt, Value, Plan, Design, np.random.Generator], Value]] = {
    "out_of_range": _value,
    "undeclared_code": _value,
    "impossible_date": _date,
    "mistyped_key": _mistype,
    "misspelt_area": _misspell,
    "area_alias": _alias,
}


def _rename(
    dirt: Dirt, table: Table, design: Design, rng: np.random.Generator, free: Sequence[int], renamed: dict[str, str]
) -> list[Planted]:
    """Give organisations new keys: all their rows of this delivery, and the map for the register."""
    item = table.used_as("organisation")
    keys = list(dict.fromkeys(str(table.rows[row][item]) for row in free))
    chosen = [keys[index] for index in rng.choice(len(keys), dirt.times, replace=False)]
    renamed |= {old: str(int(old) + NEW_KEYS) for old in sorted(chosen)}
    found = []
    for row in free:
        old = str(table.rows[row][item])
        if old in chosen:
            table.rows[row][item] = renamed[old]
            found.append(Planted(dirt.kind, dirt.source, row, item, renamed[old]))
    return found


def _add_row(dirt: Dirt, table: Table, plan: Plan, original: int) -> Planted:
    """Append a row made from one that is free of other dirt."""
    row: Cells = dict(table.rows[original])
    table.rows.append(row)
    new_id = response_id(plan, table.source, len(table.rows))
    item, text = "", ""
    if dirt.kind == "same_response":
        _blank_half(row, table)
    elif dirt.kind == "person_twice":
        row[table.used_as("response")] = new_id
        _blank_half(row, table)
    elif dirt.kind == "test_response":
        item, text = _as_test(row, table, new_id)
    elif dirt.kind == "outside_pilot":
        item, text = _as_outsider(row, table, plan, new_id)
    return Planted(dirt.kind, dirt.source, len(table.rows) - 1, item, text)


def _blank_half(row: Cells, table: Table) -> None:
    """Leave half of the answers out, as in a questionnaire that was broken off."""
    answers = [item.item for item in table.items if item.use == "answer"]
    for item in answers[len(answers) // 2 :]:
        row[item] = None


def _as_test(row: Cells, table: Table, new_id: str) -> tuple[str, str]:
    state = table.used_as("status")
    row |= {
        table.used_as("response"): new_id,
        table.used_as("name"): "Test Tester",
        table.used_as("email"): "test@surveyhouse.example",
        state: "Test" if state in table.delivery.words else 2.0,
    }
    return state, "Test"


def _as_outsider(row: Cells, table: Table, plan: Plan, new_id: str) -> tuple[str, str]:
    key, outsider = table.used_as("organisation"), plan.truth.outsider
    row |= {
        table.used_as("response"): new_id,
        table.used_as("name"): outsider.name,
        table.used_as("email"): outsider.email,
        key: outsider.key,
        table.used_as("organisation_name"): outsider.organisation,
    }
    return key, outsider.key
