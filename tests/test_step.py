"""One job: inputs read, function called, contracts held, outputs written whole, faults in one line each."""

import errno
import hashlib
import json
import os
import sys
import types
from types import SimpleNamespace

import pandas as pd
import pandera.pandas as pa
import pytest

from pilot_eval import step
from pilot_eval.faults import Fault, StudyFaults
from pilot_eval.runs import lock
from pilot_eval.runs.records import record_of


class Named(dict):
    """What Snakemake hands a script: named values."""


@pytest.fixture
def rule(tmp_path, monkeypatch):
    """A rule `add_one` of the stage `score` that adds a number to a column."""
    monkeypatch.chdir(tmp_path)
    contracts = types.ModuleType("pilot_eval.score.contracts")
    contracts.CONTRACTS = {
        "add_one.table": pa.DataFrameSchema({"a": pa.Column("int64", pa.Check.lt(100))}, strict=True)
    }
    monkeypatch.setitem(sys.modules, "pilot_eval.score.contracts", contracts)

    def add_one(table, more):
        if more < 0:
            raise StudyFaults([Fault("X-1", "STOP", "a.csv", "a negative number")])
        return {"table": table.assign(a=table["a"] + more)}

    monkeypatch.setattr(step, "find", lambda name: ("score", add_one))
    pd.DataFrame({"a": [1, 2]}).to_parquet("in.parquet")
    return job


def job(more=1, source="in.parquet"):
    return SimpleNamespace(
        rule="add_one", input=Named(table=source, code=["x.py"]), output=Named(table="out/t.parquet"),
        params=Named(more=more), log=["logs/add_one.log"],
    )  # fmt: skip


def raising(error):
    def fail(*_):
        raise error

    return fail


def test_a_job_writes_its_output_and_records_its_checksum(rule):
    step.run(rule(more=2))
    assert pd.read_parquet("out/t.parquet")["a"].tolist() == [3, 4]
    assert len(record_of("out/t.parquet").read_text("utf-8")) == 64


def test_a_killed_job_does_not_leave_the_faults_of_an_earlier_one(rule, tmp_path, monkeypatch):
    with pytest.raises(SystemExit):
        step.run(rule(more=-1))

    class Killed(BaseException):
        pass

    monkeypatch.setattr(step, "call", raising(Killed()))
    with pytest.raises(Killed):
        step.run(rule(more=1))
    assert not (tmp_path / "logs/add_one.log").exists()


@pytest.mark.fault("RUN-01b")
def test_an_interrupted_job_says_so_without_a_traceback(rule, tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(step, "call", raising(KeyboardInterrupt()))
    with pytest.raises(SystemExit):
        step.run(rule())
    assert (tmp_path / "logs/add_one.log").read_text("utf-8").startswith("[RUN-01b] STOP rule add_one: interrupted;")
    assert capfd.readouterr().err == ""


@pytest.mark.fault("RUN-20")
def test_a_fault_of_the_program_names_no_address(rule, tmp_path, monkeypatch):
    monkeypatch.setattr(step, "call", raising(ValueError("no number: 'ann.hill@school.example'")))
    with pytest.raises(SystemExit):
        step.run(rule())
    text = (tmp_path / "logs/add_one.log").read_text("utf-8")
    assert text.startswith("[RUN-20] STOP rule add_one: ValueError: no number:") and "Traceback" in text
    assert "ann.hill" not in text


def test_faults_stand_at_the_head_of_the_log_and_nothing_is_written(rule, tmp_path):
    with pytest.raises(SystemExit):
        step.run(rule(more=-1))
    head, _, rest = (tmp_path / "logs/add_one.log").read_text("utf-8").partition("\n\n")
    assert head == "[X-1] STOP a.csv: a negative number."
    assert "Traceback" in rest
    assert not (tmp_path / "out").exists()


def test_a_table_that_breaks_its_contract_is_not_written(rule, tmp_path):
    with pytest.raises(SystemExit):
        step.run(rule(more=500))
    text = (tmp_path / "logs/add_one.log").read_text("utf-8")
    assert "add_one" in text.splitlines()[0] and "output table breaks its contract: a (DATAFRAME_CHECK)" in text
    assert "501" not in text, "a value may identify somebody"
    assert not (tmp_path / "out").exists()


@pytest.mark.fault("RUN-09")
def test_an_intermediate_edited_by_hand_is_refused(rule, tmp_path):
    step.run(rule())
    pd.DataFrame({"a": [9]}).to_parquet("out/t.parquet")
    with pytest.raises(SystemExit):
        step.run(rule(source="out/t.parquet"))
    assert "[RUN-09]" in (tmp_path / "logs/add_one.log").read_text("utf-8")


@pytest.mark.fault("RUN-02")
def test_a_job_whose_run_has_died_writes_nothing(rule, tmp_path, monkeypatch):
    monkeypatch.setenv(lock.RUN, "4711-1")
    with pytest.raises(SystemExit):
        step.run(rule())
    assert "[RUN-02] STOP" in (tmp_path / "logs/add_one.log").read_text("utf-8")
    assert not (tmp_path / "out").exists()


ERRORS = {errno.ENOSPC: "RUN-05", errno.EACCES: "RUN-06", errno.EROFS: "RUN-06", errno.EIO: "RUN-18"}


@pytest.mark.fault("RUN-05", "RUN-06", "RUN-18")
@pytest.mark.parametrize("number", ERRORS)
def test_what_the_system_refuses_is_one_message_with_the_file(rule, tmp_path, monkeypatch, number):
    monkeypatch.setattr(step, "write_recorded", raising(OSError(number, os.strerror(number), "out/t.parquet")))
    with pytest.raises(SystemExit) as end:
        step.run(rule())
    assert end.value.code == 1
    head = (tmp_path / "logs/add_one.log").read_text("utf-8").partition("\n\n")[0]
    assert head.startswith(f"[{ERRORS[number]}] STOP out/t.parquet: ") and len(head.splitlines()) == 1


@pytest.mark.fault("RUN-05")
def test_without_room_for_the_log_the_terminal_is_told(rule, monkeypatch, capfd):
    monkeypatch.setattr(os, "fsync", raising(OSError(errno.ENOSPC, "No space left on device")))
    with pytest.raises(SystemExit) as end:
        step.run(rule())
    assert end.value.code == step.TOLD
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith("[RUN-05] STOP out/t.parquet: the disk is full (")


@pytest.mark.fault("RUN-03")
def test_too_little_memory_is_one_message(rule, tmp_path, monkeypatch):
    monkeypatch.setattr(step, "call", raising(MemoryError()))
    with pytest.raises(SystemExit):
        step.run(rule())
    assert (tmp_path / "logs/add_one.log").read_text("utf-8").startswith("[RUN-03] STOP rule add_one: there was not")


def test_the_faults_of_a_job_that_stopped_are_kept_whole(rule, tmp_path):
    kept = tmp_path / ".snakemake/pilot_eval/stopped/logs/add_one.log.json"
    with pytest.raises(SystemExit):
        step.run(rule(more=-1))
    (fault,) = json.loads(kept.read_text("utf-8"))
    assert fault["id"] == "X-1" and fault["message"] == "[X-1] STOP a.csv: a negative number."


def test_outputs_must_be_those_of_the_rule(rule):
    with pytest.raises(ValueError, match="outputs are"):
        step.write_outputs("add_one", {"other": "a.json"}, {"table": 1})


def test_the_key_of_the_pseudonyms_comes_from_the_environment_or_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("A_KEY", raising=False)
    with pytest.raises(StudyFaults, match="LNK-14"):
        step._secret("A_KEY", "k.key")
    (tmp_path / "k.key").write_text("\n", encoding="utf-8")
    with pytest.raises(StudyFaults, match="LNK-14"):
        step._secret("A_KEY", "k.key")
    (tmp_path / "k.key").write_text("abc\n", encoding="utf-8")
    assert step._secret("A_KEY", "k.key") == b"abc"
    monkeypatch.setenv("A_KEY", "xyz")
    assert step._secret("A_KEY", "k.key") == b"xyz"


def test_an_input_named_checked_is_handed_on_as_checksums(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.html").write_bytes(b"one\r\n")
    monkeypatch.setattr(step, "find", lambda name: ("verify", lambda checked: checked))
    found = step.call("write_manifest", {"checked": ["a.html"], "code": ["x.py"]}, {})
    assert found == {"a.html": {"sha256": hashlib.sha256(b"one\r\n").hexdigest(), "bytes": 5}}


def test_inputs_that_are_looked_through_are_handed_on_as_bytes_and_logs_with_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "logs/a").mkdir(parents=True)
    for name in ("a.csv", "b.yaml", "logs/a/a.log"):
        (tmp_path / name).write_bytes(name.encode())
    monkeypatch.setattr(step, "find", lambda name: ("verify", lambda public, scanned: (public, scanned)))
    public, scanned = step.call("find_leaks", {"public": ["b.yaml"], "scanned": ["a.csv"]}, {})
    assert (public, scanned) == ({"b.yaml": b"b.yaml"}, {"a.csv": b"a.csv", "logs/a/a.log": b"logs/a/a.log"})
