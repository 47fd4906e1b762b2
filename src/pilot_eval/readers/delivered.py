"""What any delivered file becomes: text cells with their physical rows, variables, rejects and faults."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pilot_eval.faults import Fault, StudyFaults


@dataclass(frozen=True)
class Missing:
    """Codes that a file declares as missing: single values, and ranges with an open end as None."""

    values: tuple[str, ...] = ()
    ranges: tuple[tuple[float | None, float | None], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.values or self.ranges)

    def as_dict(self) -> dict[str, list[object]]:
        """As the JSON of ``inspect`` and the table of variables write it."""
        return {"values": list(self.values), "ranges": [list(pair) for pair in self.ranges]}

    def holds(self, cell: str) -> bool:
        """Whether a delivered cell is one of these codes (strings are padded in SPSS: trailing blanks do not count)."""
        if not cell:
            return False
        if cell.rstrip() in self.values:
            return True
        number = as_number(cell) if self.ranges else None
        return number is not None and any(
            (low is None or low <= number) and (high is None or number <= high) for low, high in self.ranges
        )


@dataclass(frozen=True)
class Variable:
    """One column, and what the file itself says of it.

    ``type`` is ``numeric``, ``string``, ``date``, ``datetime`` or ``time``; ``n_missing`` counts system-missing (SPSS)
    or empty cells, ``n_user_missing`` cells that hold a declared missing code.
    """

    name: str
    label: str = ""
    type: str = "string"
    format: str = ""
    value_labels: dict[str, str] = field(default_factory=dict)
    missing: Missing = Missing()
    n_missing: int = 0
    n_user_missing: int = 0


@dataclass(frozen=True)
class Reject:
    """A record that cannot be used: its physical row and why; ``detail`` never identifies anybody."""

    row: int
    reason: str
    rule: str
    detail: str


@dataclass(frozen=True)
class Delivered:
    """One delivered file.

    Attributes
    ----------
    cells : tuple of list of str
        One list a column, each as long as ``rows``.
    rows : list of int
        Physical line (CSV), sheet row (xlsx) or case number (SPSS) of each record.
    sets : dict
        Multiple-response sets: name to label and variables.
    blank : int
        Records without any content, counted and not used.
    decimal, thousands : str
        Marks of the numbers: where decimals begin, and between thousands (empty: none).
    """

    file: str
    format: str
    encoding: str
    variables: tuple[Variable, ...]
    cells: tuple[list[str], ...]
    rows: list[int]
    rejects: tuple[Reject, ...] = ()
    sets: dict[str, dict[str, object]] = field(default_factory=dict)
    blank: int = 0
    decimal: str = "."
    thousands: str = ""
    faults: tuple[Fault, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Delivered names of the columns, in order."""
        return tuple(variable.name for variable in self.variables)

    @property
    def delivered(self) -> int:
        """Records in the file: used or rejected, blank ones not counted."""
        return len(self.rows) + len(self.rejects)

    def column(self, name: str) -> list[str]:
        """Cells of a column."""
        return self.cells[self.columns.index(name)]


def stop(faults: Iterable[Fault]) -> None:
    """End here when one of the faults is a STOP, with all of them.

    Raises
    ------
    StudyFaults
    """
    found = tuple(faults)
    if any(fault.severity == "STOP" for fault in found):
        raise StudyFaults(found)


def as_number(cell: str, decimal: str = ".") -> float | None:
    """A cell as a finite number, None when it is none."""
    try:
        number = float(cell if decimal == "." else cell.replace(decimal, "."))
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in cell else None


def number_text(number: float) -> str:
    """A number as its shortest decimal text: ``3.0`` is ``"3"``, ``2.5`` is ``"2.5"``, without exponent."""
    if not math.isfinite(number):
        return str(number)  # of a damaged dictionary: a code that no cell can be
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    from decimal import Decimal

    return format(Decimal(repr(float(number))), "f").removesuffix(".0")


def some(words: Sequence[str], most: int = 3) -> str:
    """The first few words of a list for a message: ``"a", "b" and 4 more``."""
    shown = ", ".join(f'"{word}"' for word in words[:most])
    return shown if len(words) <= most else f"{shown} and {len(words) - most} more"
