"""Freezing results."""

import hashlib
import json

import pytest

from pilot_eval.cli.release import freeze
from pilot_eval.faults import StudyFaults


@pytest.fixture
def root(tmp_path):
    for name in ("ledger.csv", "tables/flow.csv", "figures/flow.csv", "figures/flow.svg", "verify/leaks.json"):
        file = tmp_path / "results" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"id\n{name}\n", encoding="utf-8")
    return tmp_path


def test_ledger_tables_and_figure_data_with_their_checksums(root):
    names = freeze(root, "1.0")
    assert names == ["figures/flow.csv", "ledger.csv", "tables/flow.csv"]
    record = json.loads((root / "published/release.json").read_text("utf-8"))
    assert record["release"] == "1.0"
    for name in names:
        content = (root / "published" / name).read_bytes()
        assert content == (root / "results" / name).read_bytes()
        assert record["files"][name] == hashlib.sha256(content).hexdigest()


def test_what_an_earlier_release_had_besides_goes(root):
    freeze(root, "1.0")
    (root / "results/tables/flow.csv").unlink()
    freeze(root, "1.1")
    assert not (root / "published/tables/flow.csv").exists()


def test_results_edited_by_hand_are_not_released(root):
    record = root / ".snakemake/pilot_eval/sha256/results/ledger.csv.sha256"
    record.parent.mkdir(parents=True)
    record.write_text("0" * 64, encoding="utf-8")
    with pytest.raises(StudyFaults, match="RUN-09"):
        freeze(root, "1.0")
    assert not (root / "published").exists()


@pytest.mark.fault("VER-10")
def test_results_that_were_not_searched_for_respondents_are_not_released(root):
    (root / "results/verify/leaks.json").unlink()
    with pytest.raises(StudyFaults, match="VER-10"):
        freeze(root, "1.0")
    assert not (root / "published").exists()


def test_without_results_there_is_nothing_to_release(tmp_path):
    with pytest.raises(StudyFaults, match="RUN-13"):
        freeze(tmp_path, "1.0")
