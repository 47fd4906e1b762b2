"""One finished run of the mini study, shared by the tests that only look at it."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from flow import copy_study, snakemake


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A mini study that has been run to the end: one core, C locale, a far time zone, a path with a space."""
    study = copy_study(tmp_path_factory.mktemp("a study", numbered=False) / "mini one")
    env = {"LC_ALL": "C", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "HOME": "/nonexistent"}
    done = snakemake(study, cores=1, env=env)
    assert done.returncode == 0, done.stderr
    study.joinpath("terminal.txt").write_text(done.stderr, encoding="utf-8")
    return study
