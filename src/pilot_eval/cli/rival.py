"""Two deliveries of one thing: how they differ, counted by key."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from pilot_eval.faults import Fault, StudyFaults, counted
from pilot_eval.readers.delivered import Delivered
from pilot_eval.study.cross_sources import SUPERSEDE, claim_of
from pilot_eval.study.delivery import Source

RAW = "data/raw"


def rival_fault(root: Path, first: Source, second: Source) -> Fault:
    """REG-12: two deliveries claim one wave and instrument, with what they hold in common."""
    saw = f"two deliveries claim {claim_of(second)}: {first.path} ({counted(first.rows, 'row')}) and {second.path}"
    saw += f" ({counted(second.rows, 'row')}{told_between(root, first, second)})"
    return Fault("REG-12", "STOP", RAW, saw, "one delivery", SUPERSEDE)


def told_between(root: Path, old: Source, new: Source) -> str:
    """What a delivery has that another has not, as ``; 3 new ids, 2 changed cells``; nothing when one is unreadable."""
    from pilot_eval.readers.layout import layout_of
    from pilot_eval.readers.read import read_delivery

    try:
        before, after = (read_delivery(root / one.path, one.path, layout_of(one)) for one in (old, new))
    except StudyFaults:
        return ""
    return "; " + differences(before, after)


def differences(before: Delivered, after: Delivered) -> str:
    """New and lost ids and changed cells, as a message says them."""
    found = compared(before, after)
    if found is None:
        return "no column of both names the records"
    told = [counted(found.new, "new id")]
    told += [counted(found.lost, "lost id")] if found.lost else []
    told += [counted(found.changed, "changed cell")]
    return ", ".join(told)


class Compared(NamedTuple):
    """Ids that one or both of two deliveries have, and the cells of those that both have."""

    new: int
    lost: int
    shared: int
    changed: int
    cells: int


def compared(before: Delivered, after: Delivered) -> Compared | None:
    """Two deliveries by the first column that both have and in which no value stands twice; None: there is none."""
    columns = [name for name in before.columns if name in after.columns]
    key = next((name for name in columns if _unique(before, name) and _unique(after, name)), None)
    if key is None:
        return None
    old, new = (dict(zip(one.column(key), zip(*(one.column(name) for name in columns), strict=True), strict=True))
                for one in (before, after))  # fmt: skip
    shared = old.keys() & new.keys()
    changed = sum(one != other for name in shared for one, other in zip(old[name], new[name], strict=True))
    lost, added = len(old) - len(shared), len(new) - len(shared)
    return Compared(added, lost, len(shared), changed, len(shared) * (len(columns) - 1))


def _unique(delivered: Delivered, name: str) -> bool:
    cells = delivered.column(name)
    return bool(cells) and all(cell.strip() for cell in cells) and len(set(cells)) == len(cells)
