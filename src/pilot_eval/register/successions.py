"""Organisations that changed their key: which keys are one organisation, and which of them the register has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from typing import Any, NamedTuple

from pilot_eval.faults import Fault
from pilot_eval.register.authority import Table


class Successions(NamedTuple):
    """Each old key with its successor, and each key of a chain with the key that the register has."""

    steps: dict[str, str]
    heads: dict[str, str]


def successions(table: Table, entry: Mapping[str, Any], known: Set[str]) -> tuple[Successions, list[Fault]]:
    """Changes of key, held against the register.

    Parameters
    ----------
    table : Table
    entry : mapping
        ``old new link successor predecessor merge``, as :class:`pilot_eval.study.model.PredecessorRegister`.
    known : set of str
        Keys in the register: it may have the old or the new one.

    Returns
    -------
    Successions, list of Fault
        REG-05 for two successors, a circle, an empty cell or a chain of which the register has no key; REG-06 where
        several organisations became one.
    """
    steps: dict[str, str] = {}
    rows: dict[str, int] = {}
    faults: list[Fault] = []

    def fault(saw: str, expected: str, action: str, row: int, column: str) -> None:
        faults.append(Fault("REG-05", "STOP", table.file, saw, expected, action, row, column))

    old, new = entry["old"], entry["new"]
    for row, before, after in _changes(table, entry, known):
        rows.setdefault(before, row)
        if not before or not after:
            empty = new if before else old
            fault("an empty cell", "an old and a new key", "Fill it in or delete the row", row, empty)
        elif steps.setdefault(before, after) != after:
            saw = f'"{before}" became "{steps[before]}" in row {rows[before]} and "{after}" here'
            fault(saw, "one successor", "Delete one row", row, new)
    heads: dict[str, str] = {}
    round_about = set()
    for start in steps:
        keys = chain(start, steps)
        if keys[-1] in steps:
            round_about.add(start)
            fault(f'"{start}" comes back to itself', "a chain with an end", "Correct the rows", rows[start], new)
        listed = [key for key in keys if key in known]
        heads |= dict.fromkeys(keys, listed[-1]) if listed else {}
    for before, after in steps.items():
        if before not in heads and before not in round_about:
            saw = f'"{before}" became "{after}"; no register has either'
            fault(saw, "a key of the register", "Add it to the register, or correct the row", rows[before], new)
    faults += _mergers(table, steps, rows, new, entry["merge"])
    return Successions(steps, heads), faults


def _changes(table: Table, entry: Mapping[str, Any], known: Set[str]) -> list[tuple[int, str, str]]:
    """Row, old and new key of each change; of a list of links only those that lead to or from a known key."""
    old, new = entry["old"], entry["new"]
    if not entry["link"]:
        return [(row, cells[old], cells[new]) for row, cells in table.records]
    changes = []
    for row, cells in table.records:
        word = cells[entry["link"]]
        if word in entry["successor"]:
            changes.append((row, cells[old], cells[new]))
        elif word in entry["predecessor"]:
            changes.append((row, cells[new], cells[old]))
    beside: dict[str, set[str]] = {}
    for _, before, after in changes:
        beside.setdefault(before, set()).add(after)
        beside.setdefault(after, set()).add(before)
    reached, ahead = set(), [key for key in beside if key in known]
    while ahead:
        key = ahead.pop()
        if key not in reached:
            reached.add(key)
            ahead += beside[key]
    return [change for change in changes if change[1] in reached]


def _mergers(table: Table, steps: Mapping[str, str], rows: Mapping[str, int], column: str, policy: str) -> list[Fault]:
    """REG-06: what the study says of organisations that became one, or that it says nothing yet."""
    severity = "OK" if policy else "WARN"
    told = {
        "pool": "; pooled, as merge says",
        "exclude": "; no change of its own is estimated, as merge says",
    }.get(policy, "; it is not comparable")
    action = "" if policy else "Set merge to pool or exclude at predecessors in config/study.yaml"
    faults = []
    for after, number in Counter(steps.values()).items():
        if number > 1:
            olds = [before for before in steps if steps[before] == after]
            saw = f"{' and '.join(olds)} all became {after}: its change is computed from {number} baselines{told}"
            if policy == "exclude":
                saw = f"{' and '.join(olds)} all became {after}{told}"
            faults.append(Fault("REG-06", severity, table.file, saw, "", action, rows[olds[-1]], column))
    return faults


def chain(start: str, steps: Mapping[str, str]) -> list[str]:
    """A key and its successors in order; a circle stops before a key comes twice."""
    keys = [start]
    while keys[-1] in steps and steps[keys[-1]] not in keys:
        keys.append(steps[keys[-1]])
    return keys
