"""One finished run of the mini study, shared by the tests that only look at it."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from flow import copy_study, snakemake


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A mini study that has been run to the end, and the arguments of its jobs in the folder ``jobs`` beside it.

    One core, C locale, a far time zone, another folder to start from, and a path with a space and
    an accent.
    """
    study = copy_study(tmp_path_factory.mktemp("a study", numbered=False) / "mini é one")
    jobs = study.parent / "jobs"
    jobs.mkdir()
    env = {"LC_ALL": "C", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "HOME": "/nonexistent"}
    done = snakemake(study, cores=1, env=env | {"PILOT_EVAL_JOBS": str(jobs)}, cwd=study.parent)
    assert done.returncode == 0, done.stderr
    study.joinpath("terminal.txt").write_text(done.stderr, encoding="utf-8")
    return study
