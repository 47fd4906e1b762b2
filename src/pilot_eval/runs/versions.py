"""Whether what is installed is what the lock says."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from pilot_eval.faults import Fault

LOCK = "requirements.lock"
PROJECT = "pilot_eval"
INFO = ".dist-info"


def other_versions(lock: Path) -> Iterator[Fault]:
    """Packages in another version than the lock's, and needed ones that are absent: RUN-17.

    Parameters
    ----------
    lock : Path
        Pinned packages, one a line, with the condition under which each is installed.

    Yields
    ------
    Fault
        WARN for another version, STOP for a package that the project needs and that is not installed.
    """
    from packaging.requirements import Requirement

    there = installed()
    needed = [Requirement(text) for text in metadata.requires(PROJECT) or ()]
    direct = {_plain(one.name) for one in needed if one.marker is None or one.marker.evaluate({"extra": ""})}
    for line in lock.read_text("utf-8").splitlines():
        if not line[:1].isalnum():
            continue
        pin, _, condition = line.rstrip("\\ ").partition(";")
        name, _, wanted = pin.strip().partition("==")
        marker = Requirement(f"x;{condition}").marker if condition else None
        if marker is not None and not marker.evaluate():
            continue
        found = there.get(_plain(name))
        if found is None and _plain(name) in direct:
            yield Fault("RUN-17", "STOP", LOCK, f"{name} is not installed", f"{name} {wanted}", "Run make setup")
        elif found not in (None, wanted):
            saw = f"{name} {found} is installed, the lock says {wanted}; numbers may differ in the last digits"
            yield Fault("RUN-17", "WARN", LOCK, saw, "", "Run make setup")


def installed() -> dict[str, str]:
    """Version of each installed package, told from the names of the folders that describe it: no file is read."""
    found: dict[str, str] = {}
    for folder in filter(os.path.isdir, sys.path):
        for name in sorted(os.listdir(folder)):
            if name.endswith(INFO):
                package, _, version = name.removesuffix(INFO).partition("-")
                found.setdefault(_plain(package), version)
    return found


def _plain(name: str) -> str:
    """One spelling of a package's name."""
    return name.lower().replace("_", "-").replace(".", "-")
