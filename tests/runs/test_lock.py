"""One run at a time, and none beside a job that outlived its run."""

import os
import subprocess
import sys

import pytest

from pilot_eval.faults import StudyFaults
from pilot_eval.runs import lock

HOLD = """
import sys
from pilot_eval.runs import lock
with lock.job_lock() if sys.argv[1] == "job" else lock.take_lock():
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def study(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(lock.RUN, raising=False)
    yield tmp_path
    os.environ.pop(lock.RUN, None)  # take_lock sets it


def other(what):
    """Another process that holds a lock until its input ends or it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, what], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.fault("RUN-02", "RUN-04")
@pytest.mark.parametrize(("what", "said"), [("run", "another run works"), ("job", "a job of a run that was killed")])
def test_who_works_on_the_study_is_named_and_a_killed_one_is_forgotten(what, said):
    process = other(what)
    try:
        with pytest.raises(StudyFaults) as error:
            lock.take_lock()
    finally:
        process.kill()
        process.wait()
    (fault,) = error.value.faults
    assert (fault.id, fault.severity) == ("RUN-02", "STOP")
    assert said in fault.saw and f"(process {process.pid}, since " in fault.saw
    with lock.take_lock():
        assert lock.holder() == os.environ[lock.RUN]
    assert lock.holder() == "" and not list(lock.JOBS.glob("*"))


@pytest.mark.fault("RUN-02")
def test_a_job_knows_whether_its_own_run_goes_on():
    lock.check_run()  # a job that no run started
    with lock.take_lock():
        lock.check_run()
        os.environ[lock.RUN] = "4711-1"  # that of another run, which has died
        with pytest.raises(StudyFaults, match="RUN-02"):
            lock.check_run()


def test_a_job_shows_itself_for_as_long_as_it_works():
    with lock.job_lock():
        assert [path.name for path in lock.JOBS.iterdir()] == [str(os.getpid())]
    assert not list(lock.JOBS.iterdir())
