import shutil
from pathlib import Path

import pytest

from pilot_eval.cli import main

MINI = Path(__file__).resolve().parents[1] / "mini"


@pytest.fixture
def study(tmp_path):
    for name in ("config", "data"):
        shutil.copytree(MINI / name, tmp_path / name)
    return tmp_path


def check(study, capsys):
    status = main(["check", "--study", str(study / "config" / "study.yaml")])
    out, err = capsys.readouterr()
    return status, out, err.splitlines()


def test_a_good_study_is_summed_up(study, capsys):
    status, out, err = check(study, capsys)
    assert (status, err) == (0, [])
    assert "spring (month 0), summer (month 4), winter (month 10)" in out
    assert "6, of them 3 surveys, 535 rows" in out
    assert out.endswith("no faults\n")


def test_a_delivery_that_changed_since_registration_is_named_with_both_checksums(study, capsys):
    with (study / "data/raw/plots.csv").open("a") as stream:
        stream.write("x")
    status, out, err = check(study, capsys)
    assert (status, out, err[-1]) == (1, "", "1 fault")
    assert err[0].startswith("[ING-27] STOP data/raw/plots.csv: sha256 is ")
    assert "config/sources.csv says 650de099..." in err[0]
    assert "(1,130 bytes; registered 1,129)" in err[0]


def test_a_size_that_is_not_the_files_is_named(study, capsys):
    file = study / "config/sources.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",1129,30,", ",1128,30,"), encoding="utf-8")
    status, _, err = check(study, capsys)
    assert status == 1
    assert "column plots.bytes: bytes 1,128; expected 1,129" in err[0]


def test_an_empty_delivery_is_named_as_such(study, capsys):
    (study / "data/raw/plots.csv").write_bytes(b"")
    assert (
        check(study, capsys)[2][0] == "[ING-22] STOP data/raw/plots.csv: the file is empty (0 bytes). Ask for it again."
    )


def test_files_that_nobody_registered_are_warned_of(study, capsys):
    for name in ("plots (1).csv", "README.md", ".hidden", "unused/old.csv", "later/wave.sav"):
        (study / "data/raw" / name).parent.mkdir(exist_ok=True)
        (study / "data/raw" / name).write_text("x", encoding="utf-8")
    status, out, err = check(study, capsys)
    assert status == 0
    assert out.endswith("no faults\n")
    assert [line.split(":")[0] for line in err] == [
        "[REG-14] WARN data/raw/later/wave.sav",
        "[REG-14] WARN data/raw/plots (1).csv",
    ]


def test_a_wave_that_was_not_delivered_is_warned_of(study, capsys):
    file = study / "config/sources.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if "summer" not in line), encoding="utf-8")
    status, _, err = check(study, capsys)
    assert status == 0
    assert "[REG-15] WARN config/sources.csv: no file for instrument diary, wave summer" in "\n".join(err)


def test_faults_of_config_and_of_deliveries_come_together(study, capsys):
    (study / "data/raw/plots.csv").write_bytes(b"x")
    (study / "data/raw/visits.csv").unlink()
    (study / "config/study.yaml").write_text("seed: [", encoding="utf-8")
    (study / "config/scales.yaml").unlink()
    status, _, err = check(study, capsys)
    assert status == 1
    assert [line.split("]")[0] for line in err] == ["[CFG-01", "[CFG-04", "[CFG-04", "[ING-27", "4 faults"]


def test_a_study_that_is_not_there_is_one_line(tmp_path, capsys):
    status, _, err = check(tmp_path, capsys)
    assert status == 1
    assert len(err) == 1
    assert err[0].startswith("[RUN-13]")


def test_the_truth_file_of_a_synthetic_study_is_checked_too(study, capsys):
    root = MINI.parents[1]
    for name in ("config", "data"):
        shutil.rmtree(study / name)
    shutil.copytree(root / "config", study / "config")
    shutil.copytree(root / "data/raw", study / "data/raw")
    assert check(study, capsys)[0] == 0
    file = study / "config/truth.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("follows: joint_working", "follows: joint_workin", 1))
    status, _, err = check(study, capsys)
    assert status == 1
    assert len(err) == 2 and err[0].startswith("[CFG-30] STOP config/truth.yaml, row ")
