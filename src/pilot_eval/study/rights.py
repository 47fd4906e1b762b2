"""Whether a run may write where it has to: asked before the first job, not found out in the middle of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pilot_eval.faults import Fault, StudyFaults

#: Folders that a run makes and fills, below the study's.
WRITTEN = ("data/processed", "results", "logs", ".snakemake")


def writable(root: Path) -> None:
    """Nothing, when every folder that a run writes to can be written.

    Parameters
    ----------
    root : Path
        The study's folder.

    Raises
    ------
    StudyFaults
        RUN-06 for each folder that cannot: locked, of somebody else, on a disk that can only be read, or no folder.
    """
    locked = [folder for folder in dict.fromkeys(_folders(root)) if not os.access(folder, os.W_OK | os.X_OK)]
    locked += [root / name for name in WRITTEN if (root / name).is_file()]
    if locked:
        action = "Change the rights of the folder, or run a copy of the study elsewhere"
        raise StudyFaults(
            Fault("RUN-06", "STOP", os.path.relpath(folder, root) if folder != root else str(root),
                  "the folder cannot be written", "", action)
            for folder in locked
        )  # fmt: skip


def _folders(root: Path) -> Iterator[Path]:
    """Every folder that is written to; for those to come, the one in which they will be made."""
    for name in WRITTEN:
        top = root / name
        if os.path.isdir(top):
            yield from (Path(folder) for folder, _, _ in os.walk(top))
        else:
            yield next(parent for parent in top.parents if os.path.isdir(parent))
