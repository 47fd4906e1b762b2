import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pilot_eval.cli import main

MINI = Path(__file__).resolve().parents[1] / "mini"
SHARED = Path(__file__).resolve().parents[2].parent / "shared"
VARIABLE = {
    "name", "label", "type", "format", "value_labels", "missing", "n_missing", "n_user_missing", "n_distinct", "min",
    "max",
}  # fmt: skip


@pytest.fixture
def study(tmp_path):
    for name in ("config", "data"):
        shutil.copytree(MINI / name, tmp_path / name)
    return tmp_path


def inspect(capsys, *words):
    status = main(["inspect", *map(str, words)])
    out, err = capsys.readouterr()
    return status, out, err


def test_a_fine_file(study, capsys):
    status, out, err = inspect(capsys, study / "data/raw/plots.csv")
    assert (status, err) == (0, "")
    assert "csv, 30 rows, 4 columns, utf-8" in out
    assert out.endswith("fine\n")


def test_json_has_the_promised_form(study, capsys):
    status, out, _ = inspect(capsys, study / "data/raw/diary_summer.csv", "--json")
    found = json.loads(out)
    assert (status, found["verdict"], found["format"], found["rows"]) == (0, "fine", "csv", 171)
    assert set(found) == {
        "file", "format", "encoding", "rows", "columns", "variables", "multiple_response_sets", "faults", "verdict",
    }  # fmt: skip
    assert all(set(variable) == VARIABLE for variable in found["variables"])
    hours = next(variable for variable in found["variables"] if variable["name"] == "Hours")
    assert (hours["type"], hours["max"]) == ("numeric", 430.0)


def test_json_of_a_fault(tmp_path, capsys):
    file = tmp_path / "f.csv"
    file.write_text("id,a\n1,2\n3\n")
    status, out, _ = inspect(capsys, file, "--json")
    (fault,) = json.loads(out)["faults"]
    assert status == 1
    assert set(fault) == {
        "id", "severity", "file", "row", "column", "value", "expected", "action", "count", "message",
    }  # fmt: skip
    assert (fault["id"], fault["row"], fault["value"]) == ("ING-14", 3, "1 field")


@pytest.mark.parametrize(("name", "content"), [("f.sav", b""), ("f.sav", b"PK\x03\x04"), ("f.csv", b"a,b\n1,\xff\0\n")])
def test_an_unreadable_file_is_named_without_a_traceback(tmp_path, capsys, name, content):
    file = tmp_path / name
    file.write_bytes(content)
    status, out, err = inspect(capsys, file, "--json")
    assert status == 2
    assert json.loads(out)["verdict"] == "unreadable"
    assert err.count("\n") == 1
    assert name in err


def test_no_text_of_a_person_is_shown(study, capsys):
    file = study / "data/raw/diary_spring.csv"
    said = "".join(inspect(capsys, file)[1:]) + "".join(inspect(capsys, file, "--json")[1:])
    assert "@" not in said


def held(study, capsys, file, source):
    path = study / "data/raw" / file
    return inspect(capsys, path, "--as", source, "--study", study / "config/study.yaml")


def test_held_against_its_entry_and_codebook(study, capsys):
    status, out, _ = held(study, capsys, "diary_winter.csv", "diary_winter")
    assert (status, out.endswith("fine\n")) == (0, True)
    status, out, _ = held(study, capsys, "diary_spring.csv", "diary_spring")
    assert status == 1
    assert "[CLN-10]" in out


def test_held_against_another_entry_all_differences_are_told(study, capsys):
    status, out, _ = held(study, capsys, "diary_winter.csv", "diary_spring")
    assert status == 1
    for fault in ("[ING-27]", "[CLN-01]", "[CLN-22]"):
        assert fault in out
    assert out.count("column B1:") == 1


def test_a_register_is_held_against_its_entry(study, capsys):
    assert held(study, capsys, "plots.csv", "plots")[0] == 0
    assert held(study, capsys, "plots.csv", "visits")[0] == 1


def test_a_source_misspelt(study, capsys):
    status, _, err = held(study, capsys, "plots.csv", "plot")
    assert status == 2
    assert 'Did you mean "plots"?' in err


def test_inspecting_text_imports_no_pandas(study):
    code = (
        "import sys; from pilot_eval.cli import main; main(['inspect', sys.argv[1]]); "
        "sys.exit('pandas' in sys.modules or 'pyreadstat' in sys.modules)"
    )
    file = study / "data/raw/plots.csv"
    assert subprocess.run([sys.executable, "-c", code, str(file)], stdout=subprocess.DEVNULL).returncode == 0


@pytest.mark.skipif(not (SHARED / "check/spss.py").exists(), reason="the real SPSS files are not here")
def test_every_real_spss_file_reads_as_two_other_programs_read_it(capsys, monkeypatch):
    spec = importlib.util.spec_from_file_location("check_spss", SHARED / "check/spss.py")
    check = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(check)

    def in_this_process(command, **_):
        status, out, err = inspect(capsys, *command[command.index("inspect") + 1 :])
        return subprocess.CompletedProcess(command, status, out, err)

    told = []
    monkeypatch.setattr(check.subprocess, "run", in_this_process)
    monkeypatch.setattr(check, "print", told.append, raising=False)
    assert check.main([]) == 0, "\n".join(told)
    assert told[-1].endswith(" 0 failed")
