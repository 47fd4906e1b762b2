import csv
import hashlib
import shutil
from pathlib import Path

import pytest

from pilot_eval.cli import main
from pilot_eval.study import load_study

MINI = Path(__file__).resolve().parents[1] / "mini"


@pytest.fixture
def study(tmp_path):
    for name in ("config", "data"):
        shutil.copytree(MINI / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def register(study, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)

    def run(*words):
        status = main(["register", *map(str, words), "--study", str(study / "config/study.yaml")])
        out, err = capsys.readouterr()
        return status, out, err

    return run


def entries(study):
    with (study / "config/sources.csv").open(encoding="utf-8", newline="") as stream:
        return {row["source"]: row for row in csv.DictReader(stream)}


def test_what_is_registered_already_stays_as_it_is(study, register):
    before = (study / "config/sources.csv").read_bytes()
    status, out, _ = register(study / "data/raw/diary_spring.csv", study / "data/raw/plots.csv")
    assert (status, out) == (0, "diary_spring: unchanged\nplots: unchanged\n")
    assert (study / "config/sources.csv").read_bytes() == before


def test_every_shipped_entry_is_found_again_from_the_file_alone(study, register):
    before = entries(study)
    (study / "config/sources.csv").write_text(",".join(next(iter(before.values()))) + "\n")
    for source, row in before.items():
        words = [study / row["path"], "--kind", row["kind"], "--source", source]
        assert register(*words, "--supplier", row["supplier"], "--received", row["received"])[0] == 0
    after = entries(study)
    assert list(after) == list(before)
    for source, row in before.items():
        # A table without days says nothing of their form.
        same = set(row) - ({"date_format"} if row["kind"] != "survey" else set())
        assert {key: after[source][key] for key in same} == {key: row[key] for key in same}


def test_new_content_needs_a_reason(study, register):
    file = study / "data/raw/diary_winter.csv"
    old = entries(study)["diary_winter"]["sha256"]
    file.write_bytes(file.read_bytes() + b"\n")
    status, _, err = register(file)
    assert status == 1
    assert "[REG-12] STOP data/raw/diary_winter.csv" in err
    assert entries(study)["diary_winter"]["sha256"] == old
    assert register(file, "--because", "sent again")[0] == 0
    new = hashlib.sha256(file.read_bytes()).hexdigest()
    assert entries(study)["diary_winter"]["sha256"] == new
    kept = (study / "config/redeliveries.csv").read_text().splitlines()
    assert kept == ["source,old_sha256,new_sha256,because", f"diary_winter,{old},{new},sent again"]


def moved(study, name):
    """The summer's file under another name, not registered yet."""
    entry = study / "config/sources.csv"
    lines = entry.read_text(encoding="utf-8").splitlines(keepends=True)
    entry.write_text("".join(line for line in lines if not line.startswith("diary_summer")), encoding="utf-8")
    return (study / "data/raw/diary_summer.csv").rename(study / "data/raw" / name)


def test_wave_and_instrument_come_from_the_name_when_it_tells(study, register):
    file = moved(study, "more_summer.csv")
    assert register(file)[0] == 0
    row = entries(study)["more_summer"]
    assert (row["kind"], row["instrument"], row["wave"]) == ("survey", "diary", "summer")
    assert (row["encoding"], row["delimiter"], row["decimal"], row["date_format"]) == ("cp1252", ";", ",", "%d/%m/%Y")
    assert row["rows"] == "171"


def test_what_nobody_says_is_asked_by_option_and_nothing_is_written(study, register):
    file = moved(study, "more.csv")
    before = (study / "config/sources.csv").read_bytes()
    status, _, err = register(file, study / "data/raw/plots.csv")
    assert status == 1
    assert "its wave is not known; expected one of spring, summer, winter. Give --wave." in err
    assert (study / "config/sources.csv").read_bytes() == before


def test_the_person_at_the_terminal_is_asked(study, register, monkeypatch):
    file = moved(study, "more.csv")
    asked = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda text: asked.append(text) or ("summer" if "wave" in text else ""))
    assert register(file)[0] == 0
    assert entries(study)["more"]["wave"] == "summer"
    assert [text.split()[1] for text in asked] == ["kind", "source", "wave"]


@pytest.mark.parametrize("name", ["elsewhere.csv", "data/raw/empty.csv", "data/raw/none.csv"])
def test_files_that_cannot_be_registered(study, register, name):
    file = study / name
    if "none" not in name:
        file.write_text("" if "empty" in name else "a,b\n1,2\n")
    status, _, err = register(file, "--wave", "summer")
    assert status == 1
    assert file.name in err


def test_one_name_is_one_file(study, register):
    file = study / "data/raw/more.csv"
    shutil.copy(study / "data/raw/diary_summer.csv", file)
    assert register(file, study / "data/raw/plots.csv", "--source", "more", "--wave", "summer")[0] == 1


def again(study, change, name="diary_winter (1).csv"):
    """Another delivery of the winter's answers."""
    file = study / "data/raw" / name
    file.write_text(change((study / "data/raw/diary_winter.csv").read_text(encoding="utf-8-sig")), encoding="utf-8")
    return file


@pytest.mark.fault("REG-12")
def test_a_second_delivery_says_what_becomes_of_the_first(study, register):
    file = again(study, lambda text: text.replace("WI0001,maple1@", "WI0001,maple9@").replace("WI0002,", "WX0002,"))
    before = (study / "config/sources.csv").read_bytes()
    status, _, err = register(file, "--source", "winter_again", "--wave", "winter")
    assert status == 1
    assert err.startswith("[REG-12] STOP data/raw/diary_winter (1).csv: ")
    assert "1 new id, 1 lost id, 1 changed cell" in err
    assert "--supersedes diary_winter --because REASON" in err
    assert (study / "config/sources.csv").read_bytes() == before
    words = (file, "--source", "winter_again", "--wave", "winter", "--supersedes", "diary_winter")
    assert "Say why" in register(*words)[2]
    assert register(*words, "--because", "the supplier corrected two records")[0] == 0
    row = entries(study)["winter_again"]
    assert (row["supersedes"], row["because"]) == ("diary_winter", "the supplier corrected two records")
    assert "diary_winter" not in {source.source for source in load_study(study).sources}


@pytest.mark.fault("REG-12")
def test_files_that_are_parts_of_one_wave_stand_together(study, register):
    file = again(study, lambda text: text.replace("WI0", "WX0"))
    words = (file, "--source", "winter_east", "--wave", "winter")
    assert register(*words)[0] == 1
    assert register(*words, "--part", "east")[0] == 0
    assert {"winter_east", "diary_winter"} <= {source.source for source in load_study(study).sources}


@pytest.mark.fault("REG-13")
def test_a_copy_under_another_name_is_refused(study, register):
    file = study / "data/raw/diary_autumn.csv"
    shutil.copy(study / "data/raw/diary_winter.csv", file)
    status, _, err = register(file, "--wave", "summer")
    assert status == 1
    assert "[REG-13] STOP data/raw/diary_autumn.csv: same content as data/raw/diary_winter.csv" in err


def test_what_a_file_does_not_show_is_said(study, register):
    file = again(study, lambda text: "Diaries of the winter\n\n" + text)
    words = (file, "--source", "titled", "--wave", "winter", "--part", "titled")
    assert "[ING-11] STOP" in register(*words)[2]
    assert register(*words, "--set", "header_row=3", "--set", "timezone=Europe/London")[0] == 0
    row = entries(study)["titled"]
    assert (row["header_row"], row["timezone"], row["rows"]) == ("3", "Europe/London", "166")
    assert 'Did you mean "header_row"?' in register(*words, "--set", "headerrow=3")[2]
    assert "[CFG-12]" in register(*words, "--set", "header_row=third")[2]
