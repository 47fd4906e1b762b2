import hashlib
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


@pytest.mark.fault("REG-14")
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


def another(study, name="diary_winter (1).csv", change=lambda text: text):
    """A second delivery of the winter's answers, with its line of sources.csv."""
    text = change((study / "data/raw/diary_winter.csv").read_text(encoding="utf-8-sig"))
    (study / "data/raw" / name).write_bytes(text.encode())
    file = study / "config/sources.csv"
    entry = next(line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("diary_winter,"))
    old = (study / "data/raw/diary_winter.csv").read_bytes()
    for before, after in (
        ("diary_winter,", "winter_again,"), ("data/raw/diary_winter.csv", f"data/raw/{name}"),
        (hashlib.sha256(old).hexdigest(), hashlib.sha256(text.encode()).hexdigest()),
        (f",{len(old)},", f",{len(text.encode())},"),
    ):  # fmt: skip
        assert before in entry
        entry = entry.replace(before, after)
    with file.open("a", encoding="utf-8") as stream:
        stream.write(entry + "\n")


@pytest.mark.fault("REG-12")
def test_two_deliveries_of_one_wave_are_told_with_what_they_share(study, capsys):
    another(study, change=lambda text: text.replace("WI0001,maple1@", "WI0001,maple9@").replace("WI0002,", "WX0002,"))
    status, _, err = check(study, capsys)
    assert (status, err[-1]) == (1, "1 fault")
    assert err[0].startswith("[REG-12] STOP data/raw: two deliveries claim wave winter, instrument diary: ")
    assert "(166 rows) and data/raw/diary_winter (1).csv (166 rows; 1 new id, 1 lost id, 1 changed cell)" in err[0]


def lies_there(study, name, change=lambda text: text):
    """The winter's answers under another name, which nobody registered."""
    text = change((study / "data/raw/diary_winter.csv").read_text(encoding="utf-8-sig"))
    (study / "data/raw" / name).write_text(text, encoding="utf-8")


def corrected(text):
    """Two cells changed, and a record more."""
    rows = text.replace("WI0001,maple1@", "WI0001,maple9@").replace("WI0003,", "WI0003,x", 1).splitlines()
    return "\n".join([*rows, rows[-1].replace("WI0", "WX0", 1)]) + "\n"


@pytest.mark.fault("REG-12")
@pytest.mark.parametrize(
    "name", ["diary_winter (1).csv", "Copy of diary_winter.csv", "diary_winter_FINAL.csv", "later/sent by post.csv"]
)
def test_a_second_delivery_need_not_be_registered_to_be_seen(study, capsys, name):
    (study / "data/raw/later").mkdir()
    lies_there(study, name, corrected)
    status, _, err = check(study, capsys)
    assert (status, len(err)) == (1, 2)
    assert err[0].startswith("[REG-12] STOP data/raw: two deliveries claim wave winter, instrument diary: ")
    assert f"(166 rows) and data/raw/{name} (167 rows; 1 new id, 2 changed cells)" in err[0]


@pytest.mark.fault("REG-14")
def test_files_that_are_something_else_are_not_used(study, capsys):
    shutil.copy(study / "data/raw/diary_winter.csv", study / "data/raw/diary_winter (1).csv")
    lies_there(study, "diary_winter (2).csv")  # without its byte-order mark
    lies_there(study, "diary_autumn.csv", lambda text: "".join(
        line if not n else line.replace("WI", "AU") for n, line in enumerate(text.splitlines(keepends=True))
    ))  # fmt: skip
    (study / "data/raw/plots_new.csv").write_text("ref,size\nG-100,3\n", encoding="utf-8")
    status, _, err = check(study, capsys)
    assert status == 0
    assert [line.split(":")[0] for line in err] == [
        "[REG-14] WARN data/raw/diary_autumn.csv",
        "[REG-14] WARN data/raw/diary_winter (1).csv",
        "[REG-14] WARN data/raw/diary_winter (2).csv",
        "[REG-14] WARN data/raw/plots_new.csv",
    ]
    assert "the same content as data/raw/diary_winter.csv" in err[1]


@pytest.mark.fault("REG-13")
def test_one_content_under_two_names_stops(study, capsys):
    shutil.copy(study / "data/raw/diary_winter.csv", study / "data/raw/copy.csv")
    file = study / "config/sources.csv"
    text = file.read_text(encoding="utf-8")
    winter = next(line for line in text.splitlines() if line.startswith("diary_winter,"))
    copied = winter.replace(
        "diary_winter,survey,diary,winter,data/raw/diary_winter", "copied,survey,diary,summer,data/raw/copy"
    )
    kept = [line for line in text.splitlines() if not line.startswith("diary_summer,")]
    file.write_text("\n".join([*kept, copied]) + "\n", encoding="utf-8")
    status, _, err = check(study, capsys)
    assert status == 1
    assert err[0].startswith(
        "[REG-13] STOP config/sources.csv, row 7, column sha256: same content as data/raw/diary_winter.csv"
    )


@pytest.mark.fault("REG-15")
@pytest.mark.parametrize(
    ("said", "severity"), [("", "WARN"), (", required: true", "STOP"), (", waves: [spring, winter]", "")]
)
def test_a_wave_without_a_file_stops_only_where_it_is_required(study, capsys, said, severity):
    file = study / "config/sources.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if "summer" not in line), encoding="utf-8")
    (study / "data/raw/diary_summer.csv").unlink()
    config = study / "config/study.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(
        text.replace("role: volunteer, organisation: allotment}", f"role: volunteer, organisation: allotment{said}}}")
    )
    status, _, err = check(study, capsys)
    assert status == (severity == "STOP")
    found = [line for line in err if line.startswith("[REG-15]")]
    assert [line.split()[1] for line in found] == ([severity] if severity else [])
    assert all("instrument diary, wave summer" in line for line in found)


@pytest.mark.fault("REG-04")
def test_registers_are_held_together_without_a_run(study, capsys):
    file = study / "data/raw/plots.csv"
    content = file.read_bytes()
    twice = content + content.splitlines(keepends=True)[1]
    file.write_bytes(twice)
    sources = study / "config/sources.csv"
    entry = sources.read_text(encoding="utf-8").replace(",1129,30,", f",{len(twice)},31,")
    old, new = (hashlib.sha256(one).hexdigest() for one in (content, twice))
    sources.write_text(entry.replace(old, new), encoding="utf-8")
    status, _, err = check(study, capsys)
    assert (status, err[-1]) == (1, "1 fault")
    assert err[0].startswith('[REG-04] STOP data/raw/plots.csv, row 32, column plot_ref: "G-100" stands in row 2 too')


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


def test_the_plan_is_frozen_once_and_deviations_are_counted(study, capsys):
    config = str(study / "config" / "study.yaml")
    assert main(["check", "--freeze", "--study", config]) == 0
    assert "0 deviations since" in capsys.readouterr().out
    assert main(["check", "--freeze", "--study", config]) == 1
    assert "not frozen twice" in capsys.readouterr().err
    models = study / "config" / "models.yaml"
    kept = [line for line in models.read_text("utf-8").splitlines() if not line.startswith("multiplicity")]
    models.write_text("\n".join([*kept, "multiplicity: none", ""]), "utf-8")
    assert main(["check", "--study", config]) == 0
    assert "1 deviation since" in capsys.readouterr().out
