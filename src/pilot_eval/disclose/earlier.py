"""What an earlier release says of the numbers of this one: a reader has both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pilot_eval.disclose.cell import Cell
from pilot_eval.disclose.primary import FOR_THEMSELVES
from pilot_eval.disclose.rounding import published
from pilot_eval.faults import Fault

if TYPE_CHECKING:
    import pandas as pd

ACTION = "Tell whom it concerns: it cannot be taken back"


@dataclass(frozen=True)
class Earlier:
    """Ids of the cells that a release shows with the number of today, and of those that it hides."""

    told: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()


def earlier(released: Sequence[pd.DataFrame], cells: Sequence[Cell], digits: Sequence[int], base: int) -> Earlier:
    """Hold the cells of today against the ledger of a release.

    Parameters
    ----------
    released : sequence of DataFrame
        Its ledger, all text; none when nothing was released.
    cells : sequence of Cell
        With the ids under which they are published.
    digits : sequence of int
        Decimals of each.
    base : int
        Counts are published as multiples of it.
    """
    before: dict[str, tuple[str, str]] = {}
    for ledger in released:
        before |= dict(zip(ledger["id"], zip(ledger["value"], ledger["status"], strict=True), strict=True))
    told = {
        cell.id
        for cell, places in zip(cells, digits, strict=True)
        if cell.known and before.get(cell.id, ("", ""))[0] == published(cell.value, cell.kind, places, base)[0]
    }
    return Earlier(frozenset(told), frozenset(identity for identity, (_, status) in before.items() if status == "c"))


def told_before(cells: Iterable[Cell], reasons: Mapping[str, str], known: Earlier) -> list[Fault]:
    """Numbers that are hidden for themselves now, and stand in the release."""
    own = Counter(
        cell.row[0] for cell in cells if reasons.get(cell.id) in FOR_THEMSELVES and cell.id in known.told
    )  # fmt: skip
    return [
        Fault("PUB-12", "WARN", f"table {table}", "the last release shows a number that is hidden now", "[c]", ACTION,
              count=number)
        for table, number in sorted(own.items())
    ]  # fmt: skip
