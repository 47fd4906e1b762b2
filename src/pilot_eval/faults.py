"""The one error type of bad input: what was found, where, what was expected, what to do.

Every stage reports through :class:`Fault`; a stage gathers all its faults before it raises
:class:`StudyFaults`, so that a person mends them in one go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass

SEVERITIES = ("STOP", "REJECT", "FIX", "WARN", "OK")
SHOWN_PER_ID = 20
#: An address in a column where none belongs: a message shows what stood there, but not whom it names.
ADDRESS = re.compile(r"""[^\s@"'<>(),;:]{1,64}@[^\s@"'<>(),;:]+\.\w+""")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong (or mended) in the input.

    Parameters
    ----------
    id : str
        Stable identifier of the kind, such as ``"ING-22"`` (see ``docs/faults.md``).
    severity : {"STOP", "REJECT", "FIX", "WARN", "OK"}
        STOP: the file or study cannot be used. REJECT: the row goes to the rejects table.
        FIX: a value was changed, old and new stand in the change log. WARN: kept and counted.
    file : str
        Path relative to the study's folder.
    saw, expected, action : str
        What stood there (never an identifying value), what should, and what to do.
    row : int or None
        Physical line (CSV), sheet row (xlsx) or case number (SPSS); the line in a YAML file.
    column : str
        Column or key, empty when the whole row or file is meant.
    count : int
        How many rows show the same.

    Notes
    -----
    An e-mail address in what was seen is veiled, whatever column it stood in.
    """

    id: str
    severity: str
    file: str
    saw: str
    expected: str = ""
    action: str = ""
    row: int | None = None
    column: str = ""
    count: int = 1

    def __post_init__(self) -> None:
        """Veil addresses."""
        for name in ("saw", "expected", "action", "column"):
            text = getattr(self, name)
            if "@" in text:
                object.__setattr__(self, name, ADDRESS.sub(lambda found: veil(found[0]), text))

    @property
    def message(self) -> str:
        """The fault as one line: ``[ID] SEVERITY file, row N, column C: saw V; expected E. Do D.``

        What is not seen, such as a line end within a cell, is written as an escape.
        """
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column:
            place += f", column {self.column}"
        text = f"[{self.id}] {self.severity} {place}: {self.saw}"
        if self.expected:
            text += f"; expected {self.expected}"
        text = text.rstrip(".") + "."
        if self.action:
            text += " " + self.action.rstrip(".") + ("" if self.action.endswith("?") else ".")
        return text if text.isprintable() else "".join(map(_seen, text))

    def as_dict(self) -> dict[str, object]:
        """The fault as a plain mapping (for JSON and for ``data/processed/qa/faults.csv``)."""
        return {**asdict(self), "message": self.message}


class StudyFaults(Exception):
    """Input that cannot be used; carries every fault that was found, not only the first.

    Parameters
    ----------
    faults : iterable of Fault
        At least one of them of severity STOP.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(report(self.faults)))


def report(faults: Iterable[Fault]) -> list[str]:
    """Lines for the terminal: at most ``SHOWN_PER_ID`` of each kind, then a count of the rest.

    Parameters
    ----------
    faults : iterable of Fault

    Returns
    -------
    list of str
        One line a fault, STOP first, in the order given within a severity.
    """
    found = sorted(faults, key=lambda fault: SEVERITIES.index(fault.severity))
    lines: list[str] = []
    seen: dict[str, int] = {}
    for fault in found:
        seen[fault.id] = seen.get(fault.id, 0) + 1
        if seen[fault.id] <= SHOWN_PER_ID:
            lines.append(fault.message)
    lines += [
        f"[{kind}] and {count - SHOWN_PER_ID} more of this kind."
        for kind, count in sorted(seen.items())
        if count > SHOWN_PER_ID
    ]
    return lines


def _seen(sign: str) -> str:
    return sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii")


def veil(value: str) -> str:
    """An identifying value as messages may show it: its kind and length, never itself.

    Examples
    --------
    >>> veil("a.smith@school.example")
    '<e-mail, 22 chars>'
    """
    kind = "e-mail" if "@" in value else "number" if value.strip("+ ()-").isdigit() else "text"
    return f"<{kind}, {len(value)} chars>"


def counted(number: float, one: str, many: str = "") -> str:
    """A number with its noun: ``1 row``, ``1,234 rows``, ``2.5 months``; ``many`` where it takes more than an s."""
    shown = int(number) if float(number).is_integer() else number
    return f"{shown:,} {one if number == 1 else many or f'{one}s'}"
