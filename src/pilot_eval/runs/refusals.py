"""What the system refused, in the words of a fault: no space, no right, a broken disk."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from pilot_eval.faults import Fault

FULL = {errno.ENOSPC, errno.EDQUOT}
LOCKED = {errno.EACCES, errno.EPERM, errno.EROFS}


def refusal(error: OSError) -> Fault:
    """The fault that an error of the system is.

    Parameters
    ----------
    error : OSError
        With its number; the file when it is known.

    Returns
    -------
    Fault
        RUN-05 no space, RUN-06 no right, RUN-18 anything else.
    """
    name = os.path.relpath(error.filename) if isinstance(error.filename, str) else "."
    if error.errno in FULL:
        saw = f"the disk is full ({size(free_space(Path(name)))} free); nothing half-written was kept"
        return Fault("RUN-05", "STOP", name, saw, "", "Free space and run again")
    if error.errno in LOCKED:
        saw = "it is on a disk that can only be read" if error.errno == errno.EROFS else "its rights forbid it"
        action = "Change the rights, or run a copy of the study elsewhere"
        return Fault("RUN-06", "STOP", name, f"cannot be written or read: {saw}", "", action)
    saw = f"the system could not read or write it ({error.strerror}); nothing half-written was kept"
    return Fault("RUN-18", "STOP", name, saw, "", "Look after the disk and run again")


def free_space(path: Path) -> int:
    """Bytes that are free where a file is, or will be."""
    there = next((folder for folder in [path, *path.absolute().parents] if folder.is_dir()), Path("."))
    return shutil.disk_usage(there).free


def size(count: int) -> str:
    """Bytes as people read them.

    Examples
    --------
    >>> size(0), size(2_400_000), size(3_000_000_000)
    ('0 MB', '2 MB', '3.0 GB')
    """
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
