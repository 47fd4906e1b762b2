"""Checksums of what the rules wrote, by which an output that was edited by hand is known."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pilot_eval import files
from pilot_eval.faults import Fault, StudyFaults

RECORDS = Path(".snakemake/pilot_eval/sha256")
MANIFEST = Path("results/manifest.json")


def write_recorded(contents: Sequence[tuple[str, bytes]]) -> None:
    """Write the outputs of a job and the checksum of each.

    The old checksums go first: a job killed in between leaves outputs without one, never with a wrong one.
    """
    for path, _ in contents:
        record_of(path).unlink(missing_ok=True)
    files.write_together(contents)
    files.write_together(
        [(record_of(path), hashlib.sha256(content).hexdigest().encode()) for path, content in contents]
    )


def record_of(path: str | Path) -> Path:
    """Where the checksum of an output stands."""
    return RECORDS / f"{path}.sha256"


def checksum(path: str | Path) -> str:
    """Checksum of a file's bytes, as 64 hexadecimal digits."""
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def refuse_edited(path: str) -> None:
    """Nothing, when an output is what its rule wrote or no rule's checksum is known.

    Raises
    ------
    StudyFaults
        RUN-09.
    """
    record = record_of(path)
    if record.is_file() and checksum(path) != record.read_text("utf-8"):
        raise StudyFaults([_edited(path)])


def edited(paths: Iterable[str]) -> Iterator[Fault]:
    """Outputs that differ from what their rules wrote: RUN-09.

    A file of ``results/`` whose checksum is not at hand (``.snakemake/`` was lost, or the folder came from elsewhere)
    is held against the manifest instead.
    """
    known: dict[str, Any] = {}
    if MANIFEST.is_file() and not record_of(MANIFEST).is_file():
        try:
            known = dict(json.loads(MANIFEST.read_text("utf-8"))["outputs"])
        except (ValueError, KeyError, TypeError):
            yield _edited(str(MANIFEST))
    for path in paths:
        if not Path(path).is_file():
            continue
        record = record_of(path)
        expected = record.read_text("utf-8") if record.is_file() else known.get(path, {}).get("sha256", "")
        if expected and checksum(path) != expected:
            yield _edited(path)


def _edited(path: str) -> Fault:
    saw = "differs from what its rule wrote; it was edited by hand"
    return Fault("RUN-09", "STOP", path, saw, "", "Delete it and run again")
