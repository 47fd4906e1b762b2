"""Two versions of one table, held against one another cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

#: What can be said of a number: the same text, not more than the tolerance apart, further apart, on one side only.
RESULTS = ("equal", "within tolerance", "differs", "missing", "new")


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell of a table, or (``column`` empty) a whole row that stands on one side only."""

    id: str
    column: str
    published: str
    rerun: str
    apart: str
    tolerance: str
    result: str


def compare_tables(
    published: pd.DataFrame, rerun: pd.DataFrame, columns: Sequence[str], lenient: bool
) -> Iterator[Difference]:
    """Every cell of two versions of a table, equal ones too.

    Parameters
    ----------
    published, rerun : DataFrame
        All text. Rows are matched by their column ``id`` where both have one that is unique, else by their place.
    columns : sequence of str
        Columns to compare; one that a side lacks counts as empty there.
    lenient : bool
        Whether numbers may be one unit of the last published digit apart.

    Yields
    ------
    Difference
        Rows in the order of the published table, new ones last.
    """
    old, new = _by_key(published, rerun)
    for key, before in old.items():
        after = new.get(key)
        if after is None:
            yield Difference(key, "", _text(before, columns), "", "", "", "missing")
            continue
        for column in columns:
            yield _compare(key, column, before.get(column, ""), after.get(column, ""), lenient)
    for key, after in new.items():
        if key not in old:
            yield Difference(key, "", "", _text(after, columns), "", "", "new")


def _compare(key: str, column: str, before: str, after: str, lenient: bool) -> Difference:
    if before == after:
        return Difference(key, column, before, after, "", "", "equal")
    one, two = _number(before), _number(after)
    if one is None or two is None:
        return Difference(key, column, before, after, "", "", "differs")
    apart, tolerance = abs(one - two), _unit(one) if lenient else Decimal(0)
    result = "within tolerance" if apart <= tolerance else "differs"
    return Difference(key, column, before, after, f"{apart.normalize():f}", f"{tolerance:f}", result)


def _by_key(published: pd.DataFrame, rerun: pd.DataFrame) -> list[dict[str, dict[str, str]]]:
    named = all("id" in frame and frame["id"].is_unique for frame in (published, rerun))
    sides = []
    for frame in (published, rerun):
        records = [{str(name): str(value) for name, value in row.items()} for row in frame.to_dict("records")]
        sides.append({row["id"] if named else f"row {place}": row for place, row in enumerate(records, start=1)})
    return sides


def _text(row: dict[str, str], columns: Sequence[str]) -> str:
    """A row in short: its compared values that are not empty."""
    return ", ".join(row[column] for column in columns if row.get(column))


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _unit(number: Decimal) -> Decimal:
    """One unit of the last digit that a number shows."""
    return Decimal(1).scaleb(min(int(number.as_tuple().exponent), 0))
