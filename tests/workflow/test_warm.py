"""A job as a fork of the warm process does what a new interpreter would do with its script."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pilot_eval import warm
from pilot_eval.runs import usage
from pilot_eval.step import WARM

#: Starts a server, runs a script by what stands for the interpreter, and says how the shell saw it end.
RUN = """
import json, subprocess, sys, time
from pilot_eval import warm
command = warm.start(sys.executable)
{before}
command = ["/bin/bash", "-c", f"{{command}} {{sys.argv[1]}}"]
done = subprocess.run(command, capture_output=True, text=True)
print(json.dumps([done.returncode, done.stdout, done.stderr]))
"""


def run(script: str, tmp_path: Path, before: str = "", **environment: str) -> tuple[int, str, str]:
    """Status, output and errors of a script that is run as a fork."""
    path = tmp_path / "job.py"
    path.write_text(script, encoding="utf-8")
    call = [sys.executable, "-c", RUN.format(before=before), str(path)]
    env = {**os.environ, **environment}
    done = subprocess.run(call, capture_output=True, text=True, cwd=tmp_path, check=True, env=env)
    status, out, err = json.loads(done.stdout.splitlines()[-1])
    return status, out, err


def test_a_fork_has_the_folder_the_environment_and_the_streams_of_the_launcher(tmp_path):
    script = "import os, sys; print(os.getcwd(), os.environ['OWN'], sys.argv, __name__); sys.stderr.write('told')"
    status, out, err = run(script, tmp_path, OWN="ä=1\n2")
    assert (status, err) == (0, "told")
    assert out == f"{tmp_path} ä=1\n2 {[str(tmp_path / 'job.py')]} __main__\n"


def test_the_libraries_are_there_already(tmp_path):
    # The server imports while it has nothing else to do.
    wait = """
ask, end = ["/bin/bash", "-c", f"{command} {sys.argv[1]}"], time.monotonic() + 120
while "False" in subprocess.run(ask, capture_output=True, text=True).stdout and time.monotonic() < end:
    time.sleep(0.5)
"""
    wanted = ["pandas", "pilot_eval.link.score_pairs", "pilot_eval.mixed.area_bootstrap"]
    script = f"import sys; print(*(name in sys.modules for name in {wanted}))"
    assert run(script, tmp_path, wait)[1] == "True True True\n"


@pytest.mark.parametrize(
    ("script", "status", "told"),
    [
        ("import sys; sys.exit(3)", 3, ""),
        ("import sys; sys.exit('why')", 1, ""),
        ("raise ValueError('spoilt')", 1, "ValueError: spoilt"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL, ""),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", -signal.SIGTERM, ""),
    ],
)
def test_the_launcher_ends_as_its_job_ended(tmp_path, script, status, told):
    ended, _, err = run(script, tmp_path)
    # bash says 128 + n of a signal where it has not become the launcher itself
    assert ended in (status, 128 - status)
    assert told in err


def test_without_a_server_the_launcher_is_an_interpreter(tmp_path):
    gone = "import os; os.environ['PILOT_EVAL_WARM'] = '/nowhere'"
    assert run("import sys; print(len(sys.argv))", tmp_path, gone) == (0, "1\n", "")


def test_without_room_for_a_socket_jobs_start_cold(monkeypatch):
    monkeypatch.setattr(warm.tempfile, "mkdtemp", lambda prefix: "/nowhere/" + "x" * 200)
    monkeypatch.delenv(WARM, raising=False)
    assert warm.start("/a b/python") == "'/a b/python'"
    assert WARM not in os.environ


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="asks Linux for the processes")
def test_the_server_ends_with_the_process_that_started_it(tmp_path):
    call = [
        sys.executable,
        "-c",
        "import sys, time; from pilot_eval import warm; warm.start(sys.executable); time.sleep(99)",
    ]
    parent = subprocess.Popen(call, cwd=tmp_path)
    until = time.monotonic() + 20
    while not (children := _children(parent.pid)) and time.monotonic() < until:
        time.sleep(0.05)
    (server,) = children
    parent.kill()
    parent.wait()
    while Path(f"/proc/{server}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(f"/proc/{server}").exists()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="asks Linux for the processes")
def test_a_server_that_is_not_needed_ends_before_its_process(monkeypatch):
    monkeypatch.delenv(WARM, raising=False)
    before = set(_children(os.getpid()))
    warm.start(sys.executable)
    (server,) = set(_children(os.getpid())) - before
    assert WARM in os.environ
    warm.stop()
    assert not Path(f"/proc/{server}").exists() and WARM not in os.environ
    warm.stop()


def _children(process: int) -> list[int]:
    return [int(name) for name in Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()]


def test_benchmarks_tell_what_the_job_itself_used(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    table = Path("logs/a_rule/a_rule.tsv")
    table.parent.mkdir(parents=True)
    names = "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time"
    table.write_text(f"{names}\n2.0\t0:00:02\t6.3\t10.7\t1.7\t2.6\t0.0\t0.0\t0.0\t0.0\n", encoding="utf-8")
    usage.note(table.with_suffix(".log"))
    usage.put_right()
    header, row = table.read_text("utf-8").splitlines()
    found = dict(zip(header.split("\t"), row.split("\t"), strict=True))
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    most = sum(one.ru_utime + one.ru_stime for one in used)
    assert header == names and found["s"] == "2.0" and found["max_vms"] == "NA"
    assert float(found["max_rss"]) >= 20 and 0 < float(found["cpu_time"]) <= most + 0.01
    assert float(found["mean_load"]) == pytest.approx(50 * float(found["cpu_time"]), abs=1)
    assert not list(usage.USED.rglob("*.json"))
