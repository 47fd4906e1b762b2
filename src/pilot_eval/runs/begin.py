"""What must hold before the first job: asked at once, for everything that a run will meet."""

from __future__ import annotations

import base64
import os
import shutil
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from pilot_eval.faults import Fault
from pilot_eval.runs.refusals import free_space, size
from pilot_eval.step import STOPPED

#: Where outputs stand, below the study's folder; nothing else does.
MADE = ("data/processed", "results")
#: Written by the run itself when it ends, and by no rule.
OWN = {"data/processed/qa/faults.csv"}
INCOMPLETE = Path(".snakemake/incomplete")
#: Space that a run may need: so many times its deliveries, and pages and pictures besides.
TIMES, PAGES = 5, 50_000_000
SHOWN = 3
#: Clocks of a file server and of this machine may be so many seconds apart.
APART = 120


def cut_off(outputs: Collection[str]) -> Iterator[Fault]:
    """Outputs at which an earlier run was killed: RUN-01. Snakemake's marks name them, and it makes them again."""
    marks = [mark for mark in INCOMPLETE.rglob("*") if mark.is_file()]
    names = sorted({_named(mark) for mark in marks} & set(outputs))
    if names:
        number = f"{len(names)} unfinished output{'s are' if len(names) > 1 else ' is'} made again"
        yield Fault("RUN-01", "WARN", "the run before", f"was cut off; {number}: {_some(names)}")


def no_space(root: Path, deliveries: Iterable[str]) -> Iterator[Fault]:
    """A disk on which a run would not get far: RUN-05."""
    needed = TIMES * sum((root / path).stat().st_size for path in deliveries) + PAGES
    free = free_space(root)
    if free < needed:
        saw = f"the disk has {size(free)} free"
        yield Fault("RUN-05", "STOP", "data/processed", saw, f"about {size(needed)}", "Free space and run again")


def stale(outputs: Collection[str]) -> Iterator[Fault]:
    """Files among the outputs that belong to no rule of this study any more: PUB-08."""
    for top in MADE:
        for folder, _, names in sorted(os.walk(top)):
            for path in sorted(Path(folder, name).as_posix() for name in names):
                if path not in outputs and path not in OWN and not _temporary(path):
                    saw = "belongs to nothing in this study's configuration; it is left over from an earlier run"
                    yield Fault("PUB-08", "WARN", path, saw, "", "Delete it; it is no result of this run")


def from_the_future(paths: Iterable[str]) -> Iterator[Fault]:
    """Files whose time stamp lies after now: RUN-16; they get the present time.

    Snakemake fails a job whose input is newer than its output, and an output from the future would pass as newer than
    whatever changes from now on. Contents are compared by checksum, so nothing is lost with the times.
    """
    now = time.time()
    late = [path for path in paths if os.path.isfile(path) and os.stat(path).st_mtime > now + APART]
    locked = []
    for path in late:
        try:
            os.utime(path, (now, now))
        except OSError:
            locked.append(path)
    for found, severity, action in (
        (locked, "STOP", "Give them the present time (touch)"),
        ([path for path in late if path not in locked], "WARN", "They got the present time; contents are what counts"),
    ):
        if found:
            saw = f"modified after now ({_some(found)}); the clock was moved, or files come from a backup"
            yield Fault("RUN-16", severity, found[0], saw, "", action, count=len(found))


def clear_left_over() -> None:
    """Remove what killed jobs left half-written and what earlier ones said; only the run that holds the lock may."""
    shutil.rmtree(STOPPED, ignore_errors=True)
    for top in (*MADE, "logs"):
        for folder, _, names in os.walk(top):
            for name in names:
                if _temporary(name):
                    Path(folder, name).unlink(missing_ok=True)


def _named(mark: Path) -> str:
    """The output that a mark of Snakemake stands for; empty when it cannot be told."""
    text = "".join(part.removeprefix("@") for part in mark.relative_to(INCOMPLETE).parts)
    try:
        return base64.urlsafe_b64decode(text).decode("utf-8")
    except ValueError:
        return ""


def _temporary(path: str) -> bool:
    """Whether a file is what ``files`` writes beside an output before it gets its name."""
    name = path.rpartition("/")[2]
    return name.startswith(".") and name.rpartition(".")[2].isdigit()


def _some(names: Sequence[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")
