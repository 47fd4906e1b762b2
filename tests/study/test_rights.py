import os

import pytest

from pilot_eval.faults import StudyFaults
from pilot_eval.study import rights
from pilot_eval.study.rights import writable


@pytest.fixture
def locked(monkeypatch):
    """Folders that answer as locked ones do; root may write anywhere, so their rights cannot be taken away."""
    names = set()
    monkeypatch.setattr(rights.os, "access", lambda folder, mode: os.path.basename(folder) not in names)
    return names


def test_a_study_that_can_be_written_is_let_through(tmp_path):
    writable(tmp_path)
    (tmp_path / "data/processed/clean").mkdir(parents=True)
    writable(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"], "nothing is made by asking"


def test_each_locked_folder_is_named_once(tmp_path, locked):
    (tmp_path / "data/processed/clean/recode_items").mkdir(parents=True)
    (tmp_path / "results").mkdir()
    locked |= {"recode_items", "results"}
    with pytest.raises(StudyFaults) as error:
        writable(tmp_path)
    assert [fault.file for fault in error.value.faults] == ["data/processed/clean/recode_items", "results"]
    assert str(error.value).startswith("[RUN-06] STOP data/processed/clean/recode_items: the folder cannot be written.")


def test_where_folders_are_to_be_made_the_one_above_is_asked(tmp_path, locked):
    (tmp_path / "data").mkdir()
    locked.add(tmp_path.name)
    with pytest.raises(StudyFaults) as error:
        writable(tmp_path)
    assert [fault.file for fault in error.value.faults] == [str(tmp_path)]


def test_a_file_in_the_place_of_a_folder_is_named(tmp_path):
    (tmp_path / "results").write_text("x", encoding="utf-8")
    with pytest.raises(StudyFaults, match=r"RUN-06\] STOP results: "):
        writable(tmp_path)


def test_a_locked_folder_of_deliveries_is_one_fault_a_file_and_no_traceback(copy, monkeypatch):
    monkeypatch.setattr(os.path, "isfile", lambda file: False)
    monkeypatch.setattr(os, "access", lambda folder, mode: False)
    faults = copy.faults()
    assert {fault.id for fault in faults} == {"CFG-04"}
    assert faults[0].saw == "the folder of data/raw/diary_spring.csv is locked"
