"""Is the file the one that was registered, and is all of it there?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pilot_eval.faults import Fault
from pilot_eval.readers.delivered import Delivered
from pilot_eval.readers.layout import layout_of
from pilot_eval.readers.misfits import NO_RECORD
from pilot_eval.readers.read import read_delivery
from pilot_eval.study.delivery import Source

SOURCES = "config/sources.csv"


def read_registered(path: Path, source: Source, found: str, expected: Sequence[str] = ()) -> Delivered:
    """Read a delivery and hold it against its line of ``sources.csv``.

    Parameters
    ----------
    path : Path
    source : Source
    found : str
        The file's sha256 as it is.
    expected : sequence of str
        Names that its columns should have, as far as they are known.

    Returns
    -------
    Delivered
        Its faults include those of the registration, which may be STOP: the caller adds its own and then stops.

    Raises
    ------
    StudyFaults
        When the file cannot be read: why it cannot says more than that its checksum differs.
    """
    delivered = read_delivery(path, source.path, layout_of(source, expected))
    changed = checksum_faults(path, source, found) or row_count_faults(delivered, source)
    faults = [*changed, *delivered.faults]
    return replace(delivered, faults=tuple(faults))


def checksum_faults(path: Path, source: Source, found: str) -> list[Fault]:
    """ING-27 when the bytes are not those that were registered."""
    if found == source.sha256:
        return []
    there = path.stat().st_size
    size = f" ({there:,} bytes)" if there != source.bytes else ""
    expected = f"{source.sha256[:8]}... as {SOURCES} says" + (f" ({source.bytes:,} bytes)" if size else "")
    action = "Restore the file, or register the new delivery: pilot-eval register FILE --because REASON"
    return [Fault("ING-27", "STOP", source.path, f"its sha256 is {found[:8]}...{size}", expected, action)]


def row_count_faults(delivered: Delivered, source: Source) -> list[Fault]:
    """ING-24 when there are not as many records as were registered; empty rows and footers may have been counted."""
    footers = sum(reject.reason in NO_RECORD for reject in delivered.rejects)
    if source.rows in {delivered.delivered + delivered.blank * b - footers * f for b in (0, 1) for f in (0, 1)}:
        return []
    saw, expected = f"{delivered.delivered:,} records", f"{source.rows:,} as {SOURCES} says"
    action = "Transfer the file again, or correct its entry"
    return [Fault("ING-24", "STOP", source.path, saw, expected, action)]
