"""A larger analysis table with known change, for what fits models; a finished run; and the order of the tests."""

import fcntl
import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent / "workflow"))
from flow import copy_study, snakemake

#: What takes longest comes first, so that both cores are busy to the end.
LONG = (
    "test_dag.py", "test_seed.py", "test_runs.py", "test_broken_disk.py", "test_canaries.py", "test_hostile_study.py",
    "test_real.py",
)  # fmt: skip


def pytest_collection_modifyitems(items):
    """Order files: the whole runs of the workflow, then the rest as it stands."""
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))


def draw(seed=1, areas=8, units=6, people=3, waves=("before", "after"), roles=("lead", "staff"), **changed):
    """Answers with random effects of area (start and change), organisation and respondent; one row an answer."""
    random = np.random.default_rng(seed)
    sd = {"area": 0.3, "slope": 0.25, "unit": 0.2, "person": 0.4, "error": 0.3, "change": 0.4, "drop": 0.2} | changed
    rows = []
    for a in range(areas):
        start, slope = random.normal(0, sd["area"]), random.normal(0, sd["slope"])
        for u in range(units):
            unit = random.normal(0, sd["unit"])
            for p in range(people):
                role = roles[(u + p) % len(roles)]
                person = random.normal(0, sd["person"])
                for w, wave in enumerate(waves):
                    if random.random() < sd["drop"]:
                        continue
                    value = 3 + start + unit + person + w * (sd["change"] + slope + 0.2 * (role == "staff"))
                    rows.append(
                        {
                            "_file": f"{wave}.csv", "_row": len(rows) + 2, "_id": f"{wave}-{a}-{u}-{p}", "source": wave,
                            "instrument": "form", "wave": wave, "months": 6.0 * w, "role": role, "area": f"area-{a}",
                            "organisation": f"o{a}{u}", "organisation_kind": "office", "unit": f"o{a}{u}",
                            "respondent": f"r{a}-{u}-{p}", "matched": True, "phase": "x",
                            "score": value + random.normal(0, sd["error"]),
                        }
                    )  # fmt: skip
    return pd.DataFrame(rows)


@pytest.fixture(scope="session")
def make():
    return draw


@pytest.fixture
def analysis():
    return draw()


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
