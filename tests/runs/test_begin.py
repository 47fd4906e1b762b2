"""What is asked before the first job."""

import base64
import os
import time
from collections import namedtuple

import pytest

from pilot_eval.runs import begin, refusals

OUTPUTS = {"results/a.csv", "data/processed/clean/b.parquet"}


@pytest.fixture(autouse=True)
def study(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in (*OUTPUTS, "data/raw/w1.csv", "config/study.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x" * 1000)
    return tmp_path


@pytest.mark.fault("RUN-01", "RUN-01b")
def test_a_run_that_was_cut_off_is_told_with_what_is_made_again(study):
    assert list(begin.cut_off(OUTPUTS)) == []
    marks = study / ".snakemake/incomplete"
    name = base64.urlsafe_b64encode(b"data/processed/clean/b.parquet").decode()
    other = base64.urlsafe_b64encode(b"results/of_another_study.csv").decode()
    (marks / f"@{name[:20]}").mkdir(parents=True)
    (marks / f"@{name[:20]}" / name[20:]).touch()
    (marks / other).touch()
    (marks / "migration_underway").touch()
    (fault,) = begin.cut_off(OUTPUTS)
    assert (fault.id, fault.severity) == ("RUN-01", "WARN")
    assert fault.saw == "was cut off; 1 unfinished output is made again: data/processed/clean/b.parquet"


@pytest.mark.fault("RUN-05")
def test_a_disk_with_too_little_room_is_told_before_anything_runs(study, monkeypatch):
    assert list(begin.no_space(study, ["data/raw/w1.csv"])) == []
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(refusals.shutil, "disk_usage", lambda folder: usage(20_000_000))
    (fault,) = begin.no_space(study, ["data/raw/w1.csv"])
    assert fault.message == (
        "[RUN-05] STOP data/processed: the disk has 20 MB free; expected about 50 MB. Free space and run again."
    )


@pytest.mark.fault("PUB-08")
def test_what_is_left_of_an_earlier_configuration_is_named(study):
    for name in ("results/packs/a23.html", "data/processed/ingest/old.identifiers.parquet", "results/.a.csv.4711",
                 "data/processed/qa/faults.csv"):  # fmt: skip
        (study / name).parent.mkdir(parents=True, exist_ok=True)
        (study / name).touch()
    found = list(begin.stale(OUTPUTS))
    assert [(fault.id, fault.severity) for fault in found] == [("PUB-08", "WARN")] * 2
    assert [fault.file for fault in found] == [
        "data/processed/ingest/old.identifiers.parquet", "results/packs/a23.html",
    ]  # fmt: skip
    assert (study / "results/packs/a23.html").exists(), "a person deletes"


@pytest.mark.fault("RUN-16")
def test_times_in_the_future_are_told_and_mended_or_stop(study, monkeypatch):
    future = time.time() + 1e8
    paths = ["config/study.yaml", "data/raw/w1.csv", *sorted(OUTPUTS)]
    for name in ("data/raw/w1.csv", "results/a.csv"):
        os.utime(study / name, (future, future))
    with monkeypatch.context() as locked:
        locked.setattr(begin.os, "utime", lambda *_: (_ for _ in ()).throw(PermissionError()))
        (fault,) = begin.from_the_future(paths)
        assert (fault.id, fault.severity, fault.file, fault.count) == ("RUN-16", "STOP", "data/raw/w1.csv", 2)
    (fault,) = begin.from_the_future(paths)
    assert (fault.id, fault.severity, fault.file, fault.count) == ("RUN-16", "WARN", "data/raw/w1.csv", 2)
    assert all((study / name).stat().st_mtime <= time.time() for name in paths)
    assert list(begin.from_the_future(paths)) == []


@pytest.mark.fault("RUN-01")
def test_what_killed_jobs_left_is_cleared(study):
    for name in ("results/.a.csv.4711", "data/processed/clean/.b.parquet.12", ".snakemake/pilot_eval/stopped/x.json"):
        (study / name).parent.mkdir(parents=True, exist_ok=True)
        (study / name).touch()
    begin.clear_left_over()
    assert {path.relative_to(study).as_posix() for path in study.rglob("*") if path.is_file()} == {
        *OUTPUTS, "data/raw/w1.csv", "config/study.yaml",
    }  # fmt: skip
