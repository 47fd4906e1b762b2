"""Outputs edited by hand are known by their checksums, or by the manifest when there are none."""

import json

import pytest

from pilot_eval import files
from pilot_eval.faults import StudyFaults
from pilot_eval.runs.records import checksum, edited, record_of, refuse_edited, write_recorded

PATH = "results/tables/t.csv"


@pytest.fixture(autouse=True)
def written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_recorded([(PATH, b"a\n1\n"), ("data/processed/x.json", b"{}\n")])
    return tmp_path


@pytest.mark.fault("RUN-09")
@pytest.mark.parametrize("path", [PATH, "data/processed/x.json"])
def test_an_output_edited_by_hand_is_named(written, path):
    assert list(edited([PATH, "data/processed/x.json", "results/absent.csv"])) == []
    (written / path).write_bytes(b"b\n")
    (fault,) = edited([PATH, "data/processed/x.json"])
    assert (fault.id, fault.severity, fault.file) == ("RUN-09", "STOP", path)
    with pytest.raises(StudyFaults, match="RUN-09"):
        refuse_edited(path)


@pytest.mark.fault("RUN-09")
def test_without_records_results_are_held_against_the_manifest(written):
    outputs = {PATH: {"sha256": checksum(PATH), "bytes": 4}}
    (written / "results/manifest.json").write_text(json.dumps({"outputs": outputs}), encoding="utf-8")
    record_of(PATH).unlink()
    assert list(edited([PATH])) == []
    (written / PATH).write_bytes(b"b\n")
    assert [fault.file for fault in edited([PATH])] == [PATH]
    (written / "results/manifest.json").write_text("{", encoding="utf-8")
    assert [fault.file for fault in edited([PATH])] == ["results/manifest.json"]


@pytest.mark.fault("RUN-01")
def test_a_job_killed_between_output_and_checksum_leaves_no_false_alarm(written, monkeypatch):
    class Killed(BaseException):
        pass

    whole, calls = files.write_together, []

    def killed_at_the_records(contents):
        calls.append(1)
        if len(calls) == 2:
            raise Killed
        whole(contents)

    monkeypatch.setattr(files, "write_together", killed_at_the_records)
    with pytest.raises(Killed):
        write_recorded([(PATH, b"new\n")])
    assert (written / PATH).read_bytes() == b"new\n"
    assert list(edited([PATH])) == []
