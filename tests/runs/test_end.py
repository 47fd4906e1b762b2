"""What a run keeps when it ends: every fault in one file, and whether anything changed under it."""

import csv
import json
import stat

import pandas as pd
import pytest

from pilot_eval.faults import Fault
from pilot_eval.runs import end
from pilot_eval.step import stopped_of
from pilot_eval.tables import fault_table


@pytest.fixture(autouse=True)
def study(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").mkdir()
    (tmp_path / "results").mkdir()
    (tmp_path / "config/study.yaml").write_text("a: 1\n", encoding="utf-8")
    (tmp_path / "results/manifest.json").write_text("{}", encoding="utf-8")
    return tmp_path


@pytest.mark.fault("RUN-10")
@pytest.mark.parametrize("how", ["changed", "deleted"])
def test_what_changed_while_the_run_was_going_takes_its_manifest_away(study, how):
    before = end.frozen(["config/study.yaml", "config/none.csv"])
    assert list(end.changed_meanwhile(before)) == []
    assert (study / "results/manifest.json").exists()
    if how == "changed":
        (study / "config/study.yaml").write_text("a: 2\n", encoding="utf-8")
    else:
        (study / "config/study.yaml").unlink()
    (fault,) = end.changed_meanwhile(before)
    assert (fault.id, fault.severity, fault.file) == ("RUN-10", "STOP", "config/study.yaml")
    assert not (study / "results/manifest.json").exists()


def test_all_faults_of_finished_and_of_stopped_jobs_are_gathered_for_the_owner_alone(study):
    warned = [Fault("CLN-27", "WARN", "b.csv", "3 addresses", row=4, count=3), Fault("ING-12", "FIX", "a.csv", "empty")]
    (study / "data").mkdir()
    fault_table(warned).to_parquet("data/b.faults.parquet")
    stopped = [Fault("ING-14", "STOP", "c.csv", "short", row=row) for row in range(2, 30)]
    stopped_of("logs/read_wave/c.log").parent.mkdir(parents=True)
    stopped_of("logs/read_wave/c.log").write_text(json.dumps([f.as_dict() for f in stopped]), encoding="utf-8")
    rows = end.gather_faults(["data/a.parquet", "data/b.faults.parquet", "data/absent.faults.parquet"])
    with open(end.FAULTS, encoding="utf-8", newline="") as stream:
        written = list(csv.DictReader(stream))
    assert len(rows) == len(written) == 30
    assert [row["severity"] for row in written] == ["STOP"] * 28 + ["FIX", "WARN"]
    assert written[0]["message"] == "[ING-14] STOP c.csv, row 2: short."
    assert (written[-1]["row"], written[-1]["count"], written[-2]["row"]) == ("4", "3", "")
    assert stat.S_IMODE((study / end.FAULTS).stat().st_mode) == 0o600
    assert end.not_shown(rows) == ["[ING-14] and 8 more of this kind, all in data/processed/qa/faults.csv."]
    assert end.not_shown(rows[:20]) == []


def test_a_study_without_faults_has_an_empty_list(study):
    assert end.gather_faults([]) == []
    assert pd.read_csv(end.FAULTS).empty
