"""What can befall a run: another one, a kill, Ctrl-C, a change under it, another place, another machine's files."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from flow import ROOT, copy_code, copy_study, differences, snakemake, start, would_run
from rulebook import rules

#: A goal of one job.
GOAL = "read_registers"


@pytest.fixture
def study(finished, tmp_path):
    """A finished study of one's own, records of the workflow included."""
    return shutil.copytree(finished, tmp_path / "mini", symlinks=True)


@pytest.fixture
def paused(tmp_path):
    """A run in the middle of its only job: the study, the run, the sign whose end lets it go on, the job's process."""
    mini, sign = copy_study(tmp_path / "mini"), tmp_path / "sign"
    run = start(mini, GOAL, env={"PILOT_EVAL_PAUSE": str(sign)})
    until = time.monotonic() + 300
    while not sign.exists() and time.monotonic() < until:
        time.sleep(0.02)
    yield mini, run, sign, int(sign.read_text("utf-8"))
    sign.unlink(missing_ok=True)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(run.pid, signal.SIGKILL)
    run.wait()


def stops(text):
    """Lines that stop the run; there is no traceback."""
    assert "Traceback" not in text and "Error" not in text, text
    return [line for line in text.splitlines() if " STOP " in line]


@pytest.mark.fault("RUN-01", "RUN-02", "RUN-04")
def test_two_runs_then_a_job_that_outlives_its_run_then_a_run_after_the_kill(paused):
    mini, run, _, job = paused
    done = snakemake(mini, GOAL)
    (line,) = stops(done.stderr)
    assert done.returncode == 1 and f"another run works on this study (process {run.pid}, since" in line

    run.kill()
    run.wait()
    done = snakemake(mini, GOAL)
    (line,) = stops(done.stderr)
    assert (
        done.returncode == 1 and f"a job of a run that was killed still works on this study (process {job}, si" in line
    )

    os.kill(job, signal.SIGKILL)
    time.sleep(0.1)
    done = snakemake(mini, GOAL)
    assert done.returncode == 0 and stops(done.stderr) == [], done.stderr
    assert "[RUN-01] WARN" in done.stderr and "unfinished outputs are made again" in done.stderr
    assert (mini / "data/processed/register/read_registers/areas.parquet").is_file()


@pytest.mark.fault("RUN-01b")
def test_ctrl_c_is_one_line_and_a_plain_rerun_goes_on(paused):
    mini, run, _, _ = paused
    os.killpg(run.pid, signal.SIGINT)
    _, text = run.communicate()
    assert run.returncode != 0
    assert [line[:9] for line in stops(text)] == ["[RUN-01b]"]
    done = snakemake(mini, GOAL)
    assert done.returncode == 0 and stops(done.stderr) == [], done.stderr


@pytest.mark.fault("RUN-03")
def test_a_job_that_the_system_kills_is_one_line_with_the_signal(paused):
    _, run, _, job = paused
    os.kill(job, signal.SIGKILL)
    _, text = run.communicate()
    (line,) = stops(text)
    assert run.returncode == 1
    assert line.startswith(f"[RUN-03] STOP rule {GOAL}: was killed by the system (signal 9), probably out of memory")


@pytest.mark.fault("RUN-10")
def test_config_changed_while_the_run_goes_is_told_at_its_end(paused):
    mini, run, sign, _ = paused
    with (mini / "config/study.yaml").open("a", encoding="utf-8") as stream:
        stream.write("# a late thought\n")
    sign.unlink()
    _, text = run.communicate()
    (line,) = stops(text)
    assert run.returncode == 1
    assert line.startswith("[RUN-10] STOP config/study.yaml: was changed while the run was going (")
    assert not (mini / "results/manifest.json").exists()


@pytest.mark.fault("RUN-09", "RUN-16", "PUB-08")
def test_edited_stale_and_future_files_are_told_though_nothing_has_to_run(study):
    shutil.copy(study / "results/packs/osyth.html", study / "results/packs/a23.html")
    future = time.time() + 1e8
    os.utime(study / "config/sources.csv", (future, future))
    for path in ("data/processed/score/score_scales/analysis.parquet", "results/ledger.csv"):
        os.utime(study / path, (future, future))
    done = snakemake(study)
    assert done.returncode == 0 and "Nothing to be done" in done.stderr, done.stderr
    told = [line for line in done.stderr.splitlines() if " WARN " in line]
    assert [line.partition(":")[0] for line in told] == [
        "[RUN-16] WARN config/sources.csv", "[PUB-08] WARN results/packs/a23.html",
    ]  # fmt: skip
    with (study / "results/ledger.csv").open("a", encoding="utf-8") as stream:
        stream.write("x\n")
    done = snakemake(study)
    (line,) = stops(done.stderr)
    assert done.returncode == 1 and line.startswith(
        "[RUN-09] STOP results/ledger.csv: differs from what its rule wrote"
    )


@pytest.mark.fault("RUN-12", "RUN-14")
def test_an_ascii_terminal_without_utf_8_in_a_path_with_an_accent(tmp_path):
    mini = copy_study(tmp_path / "é à" / "mini")
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    done = snakemake(mini, GOAL, env=env, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    survey = mini / "data/raw/plots.csv"
    survey.write_bytes(survey.read_bytes().replace(b"Lane End", "Lané End".encode("cp1252")))
    done = snakemake(mini, GOAL, env=env, cwd=tmp_path)
    assert done.returncode == 1 and stops(done.stderr) and done.stderr.isascii()


@pytest.mark.fault("RUN-13")
def test_from_another_directory_without_a_study_is_one_line(tmp_path):
    call = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile"), "--cores", "1"]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True)
    (line,) = stops(done.stderr)
    assert done.returncode == 1 and line.startswith("[RUN-13] STOP ") and "--config study=PATH" in line


@pytest.mark.fault("RUN-15")
def test_windows_line_ends_in_the_config_change_no_number(study):
    for file in [*(study / "config").glob("*.*"), *(study / "config/codebook").glob("*")]:
        if file.suffix in (".csv", ".yaml"):
            file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert {rule.name for rule in rules()} & set(would_run(study)) <= {"find_leaks", "write_manifest"}


@pytest.mark.fault("RUN-07", "RUN-08")
def test_code_and_data_with_an_older_time_are_seen(study, tmp_path):
    """A module that a rule's module imports, and a codebook; both as an archive would restore them, years old."""
    home = copy_code(tmp_path / "home")
    env = {"PYTHONPATH": str(home / "src")}
    assert snakemake(study, "--touch", home=home, env=env).returncode == 0
    module = home / "src/pilot_eval/score/composites.py"
    module.write_text(module.read_text("utf-8") + "\n# mended\n", encoding="utf-8")
    os.utime(module, (1e9, 1e9))
    jobs = would_run(study, home=home, env=env)
    assert "score_scales" in jobs and not {"read_wave", "recode_items"} & set(jobs), jobs


@pytest.mark.fault("RUN-01")
def test_kill_9_of_the_whole_run_at_two_moments_then_a_plain_rerun(finished, tmp_path):
    """Killed early and late; at no time does a wrong file carry a final name, and the end is the same to the byte."""
    mini = copy_study(tmp_path / "mini")
    for sign in ("data/processed/link/place_respondents/placed.parquet", "results/ledger.csv"):
        run = start(mini)
        until = time.monotonic() + 600
        while not (mini / sign).exists() and time.monotonic() < until:
            time.sleep(0.02)
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        assert wrong_files(finished, mini) == []
    done = snakemake(mini)
    assert done.returncode == 0, done.stderr
    assert "[RUN-01] WARN" in done.stderr or not list(mini.glob(".snakemake/incomplete/*"))
    assert differences(finished / "results", mini / "results") == []
    assert differences(finished / "data/processed", mini / "data/processed") == []
    assert not [path for path in mini.rglob(".*.*") if path.is_file() and ".snakemake" not in path.parts]


def wrong_files(finished, mini):
    """Outputs whose content is not that of an undisturbed run (the run's own list of faults is no rule's output)."""
    return [
        str(path)
        for top in ("data/processed", "results")
        for path in (mini / top).rglob("[!.]*")
        if path.is_file()
        and path != mini / "data/processed/qa/faults.csv"
        and path.read_bytes() != (finished / path.relative_to(mini)).read_bytes()
    ]
