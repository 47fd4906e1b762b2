"""A disk that breaks, or a kill, at every operation of a job: no wrong file under a final name, and a rerun heals.

``PILOT_EVAL_NIGHTLY=1`` (make nightly) does it for all jobs of the mini study, and kills whole runs at ten moments.
"""

import contextlib
import io
import os
import pickle
import random
import signal
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent / "shim"))
from broken_disk import ERRORS, KILL, BrokenDisk
from flow import copy_study, differences, snakemake, start
from test_runs import wrong_files

from pilot_eval import files, step
from pilot_eval.files import as_bytes
from pilot_eval.runs.records import checksum, record_of

NIGHTLY = os.environ.get("PILOT_EVAL_NIGHTLY") == "1"
#: One job of each stage, of two or more outputs where there is one.
JOBS = (
    "read_evidence/", "read_wave/diary_spring", "recode_items/diary_spring", "hash_identifiers/", "score_scales/",
    "count_flow/", "fit_change/change/hours", "adjust_tests/", "hide_cells/", "build_workbook/", "compare_release/",
)  # fmt: skip
#: In which a job of the workflow breaks, for a run that breaks in ten of them.
TEN = (
    "compare_waves", "count_flow", "measure_response", "pair_tests", "summarise_ratings", "tabulate_items",
    "leave_areas_out", "refit_matched", "read_evidence", "measure_scales",
)  # fmt: skip
OLD = b"what an earlier run wrote\n"


class Named(dict):
    """What Snakemake hands a script: named values."""


class Job:
    """A job of the mini study with the arguments that it had in a whole run."""

    def __init__(self, kept):
        self.rule, self.log = kept["rule"], kept["log"]
        self.input, self.output, self.params = (Named(kept[part]) for part in ("input", "output", "params"))

    @property
    def paths(self):
        """All outputs."""
        return [path for paths in self.output.values() for path in ([paths] if isinstance(paths, str) else paths)]


def jobs_of(finished):
    """All jobs of a finished run."""
    files = sorted((finished.parent / "jobs").iterdir())
    assert len(files) > 40
    return [Job(pickle.loads(file.read_bytes())) for file in files]


def test_every_operation_of_a_job_of_each_stage(finished, tmp_path, monkeypatch):
    jobs = [job for job in jobs_of(finished) if NIGHTLY or any(name in job.log[0] for name in JOBS)]
    assert NIGHTLY or len(jobs) == len(JOBS)
    called = step.call
    for job in jobs:
        monkeypatch.chdir(finished)
        results = called(job.rule, job.input, dict(job.params))
        whole = as_written(job, results)
        # Only what is done with the disk is repeated: computing, contracts and encoding once.
        monkeypatch.setattr(step, "call", lambda *_, results=results: results)
        monkeypatch.setattr(step, "_keep_contract", lambda *_: None)
        monkeypatch.setattr(
            files, "as_bytes", lambda suffix, content, whole=whole: whole.get(id(content)) or as_bytes(suffix, content)
        )
        folder = tmp_path / job.log[0].replace("/", "+")
        folder.mkdir()
        monkeypatch.chdir(folder)
        break_everywhere(job)


def as_written(job, results):
    """Bytes of each content that a job returned, by the content's identity."""
    pairs = [
        (path, content)
        for name, paths in job.output.items()
        for path, content in (
            [(paths, results[name])] if isinstance(paths, str) else zip(paths, results[name], strict=True)
        )
    ]
    return {id(content): as_bytes(Path(path).suffix, content) for path, content in pairs}


def break_everywhere(job):
    """Fail and kill a job at each thing that it does with the disk, beside old outputs; after each, run it again."""
    with BrokenDisk(".", sync=False) as disk:
        step.run(job)
    whole = {path: Path(path).read_bytes() for path in job.paths}
    assert disk.count >= 4 * (2 * len(whole) + 1), (
        "open, write, fsync and rename of outputs, their checksums and the log"
    )
    for how in (*ERRORS, KILL):
        for at in range(1, disk.count + 1):
            for path in job.paths:
                Path(path).write_bytes(OLD)
                record_of(path).unlink(missing_ok=True)
            place = f"{job.rule}, operation {at} of {disk.count}, {how}"
            if how == KILL:
                killed(job, at)
            else:
                assert one_message(job, at, how), place
                assert not half_written(), place
            for path, content in whole.items():
                assert Path(path).read_bytes() in (OLD, content), f"{place}: {path}"
            with BrokenDisk(".", sync=False):
                step.run(job)
            for path, content in whole.items():
                assert Path(path).read_bytes() == content, f"{place}: {path} after a rerun"
                assert record_of(path).read_text("utf-8") == checksum(path), f"{place}: checksum of {path}"
            assert not half_written(), f"{place}: after a rerun"


def one_message(job, at, how):
    """Whether a job on a broken disk ends with another status than 0 and one line, in its log or on the terminal."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), BrokenDisk(".", at, how, sync=False):
        try:
            step.run(job)
        except SystemExit as end:
            status = end.code
        else:
            return False
    log = Path(job.log[0])
    lines = said.getvalue().splitlines()
    if status == 1:
        lines += log.read_text("utf-8").partition("\n\n")[0].splitlines()
    (line,) = lines
    return status in (1, step.TOLD) and line.startswith(("[RUN-05]", "[RUN-06]", "[RUN-18]"))


def killed(job, at):
    """Kill a job with signal 9 at an operation, in a process of its own."""
    child = os.fork()
    if not child:
        try:
            with BrokenDisk(".", at, KILL, sync=False):
                step.run(job)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def half_written():
    """Temporary files beside outputs."""
    return [path for top in ("data", "results", "logs") for path in Path(top).rglob(".*") if path.is_file()]


@pytest.mark.fault("RUN-05", "RUN-06", "RUN-18")
@pytest.mark.parametrize("seed", range(10 if NIGHTLY else 1))
def test_ten_jobs_of_a_run_break_and_a_plain_rerun_heals(finished, tmp_path, seed):
    """Each breaks at an operation and in a way of its own; each is one line; what can go on does."""
    import shutil

    mini = shutil.copytree(finished, tmp_path / "mini", symlinks=True)
    goals = [path for job in jobs_of(finished) if job.rule in TEN for path in job.paths]
    for goal in goals:
        (mini / goal).unlink()
    done = snakemake(mini, *goals, env={"PILOT_EVAL_BREAK": str(seed)})
    assert done.returncode == 1
    stops = [line for line in done.stderr.splitlines() if " STOP " in line]
    assert "Traceback" not in done.stderr and "Error" not in done.stderr, done.stderr
    assert stops and all(line.startswith(("[RUN-03]", "[RUN-05]", "[RUN-06]", "[RUN-18]")) for line in stops), stops
    assert wrong_files(finished, mini) == []
    done = snakemake(mini, *goals)
    assert done.returncode == 0, done.stderr
    assert differences(finished / "data/processed", mini / "data/processed") == []


@pytest.mark.skipif(not NIGHTLY, reason="kills ten whole runs: make nightly")
def test_kill_9_of_the_whole_run_at_ten_random_moments(finished, tmp_path):
    draw = random.Random(9)
    mini = copy_study(tmp_path / "mini")
    for _ in range(10):
        run = start(mini)
        time.sleep(draw.uniform(1, 20))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        assert wrong_files(finished, mini) == []
    done = snakemake(mini)
    assert done.returncode == 0, done.stderr
    assert differences(finished / "results", mini / "results") == []
