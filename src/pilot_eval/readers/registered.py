"""Is the file the one that was registered, and is all of it there?"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from pilot_eval.faults import Fault, StudyFaults
from pilot_eval.readers.delivered import Delivered
from pilot_eval.readers.kinds import contents
from pilot_eval.readers.layout import layout_of
from pilot_eval.readers.read import read_delivery
from pilot_eval.study.delivery import Source

SOURCES = "config/sources.csv"


def read_registered(path: Path, source: Source) -> Delivered:
    """Read a delivery and hold it against its line of ``sources.csv``.

    Parameters
    ----------
    path : Path
    source : Source

    Returns
    -------
    Delivered
        Its faults include those of the registration, which may be STOP: the caller adds its own and then stops.

    Raises
    ------
    StudyFaults
        When the file cannot be read; with ING-27 in front when its checksum differs too.
    """
    changed = checksum_faults(path, source)
    try:
        delivered = read_delivery(path, source.path, layout_of(source))
    except StudyFaults as error:
        raise StudyFaults([*changed, *error.faults]) from None
    faults = [*changed, *row_count_faults(delivered, source), *delivered.faults]
    return replace(delivered, faults=tuple(faults))


def checksum_faults(path: Path, source: Source) -> list[Fault]:
    """ING-27 when the bytes are not those that were registered."""
    content = contents(path, source.path)
    found = hashlib.sha256(content).hexdigest()
    if found == source.sha256:
        return []
    size = f" ({len(content):,} bytes)" if len(content) != source.bytes else ""
    expected = f"{source.sha256[:8]}... as {SOURCES} says" + (f" ({source.bytes:,} bytes)" if size else "")
    action = "Restore the file, or register the new delivery: pilot-eval register FILE --because REASON"
    return [Fault("ING-27", "STOP", source.path, f"its sha256 is {found[:8]}...{size}", expected, action)]


def row_count_faults(delivered: Delivered, source: Source) -> list[Fault]:
    """ING-24 when there are not as many records as were registered."""
    if delivered.delivered == source.rows:
        return []
    saw, expected = f"{delivered.delivered:,} records", f"{source.rows:,} as {SOURCES} says"
    action = "Transfer the file again, or correct its entry"
    return [Fault("ING-24", "STOP", source.path, saw, expected, action)]
