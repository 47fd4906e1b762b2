"""One job: inputs read, function called, contracts held, outputs written whole, faults in one line each."""

import hashlib
import sys
import types
from types import SimpleNamespace

import pandas as pd
import pandera.pandas as pa
import pytest

from pilot_eval import step
from pilot_eval.faults import Fault, StudyFaults


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
    assert len((step.RECORDS / "out/t.parquet.sha256").read_text("utf-8")) == 64


def test_a_killed_job_does_not_leave_the_faults_of_an_earlier_one(rule, tmp_path, monkeypatch):
    with pytest.raises(SystemExit):
        step.run(rule(more=-1))

    class Killed(BaseException):
        pass

    monkeypatch.setattr(step, "call", raising(Killed()))
    with pytest.raises(Killed):
        step.run(rule(more=1))
    assert not (tmp_path / "logs/add_one.log").exists()


def test_an_interrupted_job_says_so_without_a_traceback(rule, tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(step, "call", raising(KeyboardInterrupt()))
    with pytest.raises(SystemExit):
        step.run(rule())
    assert (tmp_path / "logs/add_one.log").read_text("utf-8").startswith("[RUN-04] STOP rule add_one: interrupted.")
    assert capfd.readouterr().err == ""


def test_a_fault_of_the_program_names_no_address(rule, tmp_path, monkeypatch):
    monkeypatch.setattr(step, "call", raising(ValueError("no number: 'ann.hill@school.example'")))
    with pytest.raises(SystemExit):
        step.run(rule())
    head = (tmp_path / "logs/add_one.log").read_text("utf-8").partition("\n\n")[0]
    assert head.startswith("[RUN-20]") and "ann.hill" not in head


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
    assert "add_one" in (tmp_path / "logs/add_one.log").read_text("utf-8").splitlines()[0]
    assert not (tmp_path / "out").exists()


def test_an_intermediate_edited_by_hand_is_refused(rule, tmp_path):
    step.run(rule())
    pd.DataFrame({"a": [9]}).to_parquet("out/t.parquet")
    with pytest.raises(SystemExit):
        step.run(rule(source="out/t.parquet"))
    assert "[RUN-09]" in (tmp_path / "logs/add_one.log").read_text("utf-8")


def test_a_job_whose_run_has_died_writes_nothing(rule, tmp_path, monkeypatch):
    holders = iter(["4711", ""])
    monkeypatch.setattr(step, "_holder", lambda: next(holders))
    with pytest.raises(SystemExit):
        step.run(rule())
    assert not (tmp_path / "out").exists()


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
