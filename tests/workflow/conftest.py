"""One finished run of the mini study, shared by the tests that only look at it."""

import fcntl
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from flow import copy_study, snakemake


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A mini study that has been run to the end, and the arguments of its jobs in the folder ``jobs`` beside it.

    One core, C locale, a far time zone, another folder to start from, and a path with a space and an accent. The
    processes of one session of tests share it: who comes first runs it.
    """
    base = tmp_path_factory.getbasetemp()
    # As deep as the copies that tests make of it: the paths of our code are relative to the study.
    home = base.parent / "shared" / "a study" if "PYTEST_XDIST_WORKER" in os.environ else base / "a study"
    home.mkdir(parents=True, exist_ok=True)
    study, jobs, terminal = home / "mini é one", home / "jobs", home / "mini é one" / "terminal.txt"
    with (home / "lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not terminal.exists():
            copy_study(study)
            jobs.mkdir()
            env = {"LC_ALL": "C", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "HOME": "/nonexistent"}
            done = snakemake(study, cores=1, env=env | {"PILOT_EVAL_JOBS": str(jobs)}, cwd=home)
            assert done.returncode == 0, done.stderr
            terminal.write_text(done.stderr, encoding="utf-8")
    return study
