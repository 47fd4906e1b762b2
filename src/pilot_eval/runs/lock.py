"""Who works on a study: one run at a time, and no job left over from a run that died.

Both locks are ``flock``s, which the kernel frees when their process ends, however it ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from pilot_eval.faults import Fault, StudyFaults

LOCK = Path(".snakemake/pilot_eval.lock")
JOBS = Path(".snakemake/pilot_eval/jobs")
#: Environment variable by which a job knows the run that started it.
RUN = "PILOT_EVAL_RUN"


def take_lock() -> IO[str]:
    """Hold the study for this run, for as long as what is returned stays open.

    Raises
    ------
    StudyFaults
        RUN-02 when another run, or a job of one that was killed, works on the study.
    """
    LOCK.parent.mkdir(exist_ok=True)
    held = LOCK.open("a+", encoding="utf-8")
    if not _locked(held):
        held.seek(0)
        raise StudyFaults([_busy("another run works on this study", held.read())])
    if left := list(_left_over()):
        held.close()
        raise StudyFaults(left)
    os.environ[RUN] = f"{os.getpid()}-{time.time_ns()}"
    held.truncate(0)
    held.write(f"{_process()}\n{os.environ[RUN]}")
    held.flush()
    return held


def holder() -> str:
    """The run that holds the study, empty when none does."""
    if LOCK.is_file():
        with LOCK.open(encoding="utf-8") as stream:
            if not _locked(stream, fcntl.LOCK_SH):
                return stream.read().rpartition("\n")[2]
    return ""


@contextlib.contextmanager
def job_lock() -> Iterator[None]:
    """Show for the length of a job that it works on the study, so that no new run begins beside it."""
    JOBS.mkdir(parents=True, exist_ok=True)
    path = JOBS / str(os.getpid())
    with path.open("w", encoding="utf-8") as stream:
        _locked(stream)
        stream.write(_process())
        stream.flush()
        yield
    path.unlink(missing_ok=True)


def check_run() -> None:
    """Refuse to go on when the run that started this job has ended: another one may be at work.

    Raises
    ------
    StudyFaults
        RUN-02.
    """
    if RUN in os.environ and holder() != os.environ[RUN]:
        saw = "the run that started this job has ended; the job wrote nothing"
        raise StudyFaults([Fault("RUN-02", "STOP", str(LOCK), saw, "", "Run again")])


def _left_over() -> Iterator[Fault]:
    """Jobs of earlier runs that are still at work; what is left of those that are not is cleared."""
    for path in sorted(JOBS.glob("*")):
        with path.open(encoding="utf-8") as stream:
            if not _locked(stream):
                yield _busy("a job of a run that was killed still works on this study", stream.read())
                continue
        path.unlink(missing_ok=True)


def _locked(stream: IO[str], kind: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(stream, kind | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _process() -> str:
    return f"{os.getpid()}, since {time.strftime('%H:%M')}"


def _busy(what: str, process: str) -> Fault:
    saw = f"{what} (process {process.partition(chr(10))[0] or 'unknown'})"
    return Fault("RUN-02", "STOP", str(LOCK), saw, "", "Wait, or end that process")
