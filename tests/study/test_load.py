import subprocess
import sys
import time
from pathlib import Path

import pytest

from pilot_eval.faults import StudyFaults
from pilot_eval.study import load_study

ROOT = Path(__file__).resolve().parents[2]


def test_the_mini_study_is_typed(copy):
    study = load_study(copy.root / "config" / "study.yaml")
    assert study.waves == ("spring", "summer", "winter")
    assert study.areas == ("north-quay", "elm-vale", "osyth", "broad-marsh", "tor-hill")
    assert [source.source for source in study.surveys] == ["diary_spring", "diary_summer", "diary_winter"]
    assert study.source("diary_summer").decimal == ","
    assert study.fits == (("change", "belonging"), ("change", "growing"), ("change", "hours"), ("soils", "belonging"))
    assert study.primary("belonging") == "change"
    assert study.outcomes_of(study.plan.models["soils"]) == ("belonging",)
    assert study.codebooks["diary"][8].names == {"spring": "B1", "summer": "B1", "winter": "Bel1"}
    assert study.secret_key() == b"public-synthetic-allotments"


def test_the_key_of_the_environment_comes_first(copy, monkeypatch):
    monkeypatch.setenv("MINI_KEY", "other")
    assert load_study(copy.root).secret_key() == b"other"
    monkeypatch.delenv("MINI_KEY")
    (copy.root / "config/synthetic.key").unlink()
    assert load_study(copy.root).secret_key() is None


@pytest.mark.fault("CFG-10", "CFG-11", "CFG-12")
def test_faults_of_all_files_come_together(copy):
    copy.edit(
        "study.yaml", "seed: 20210301", "seed: never", "role: volunteer,", "role: volunter,", "short_title", "shortt"
    )
    copy.edit("scales.yaml", "minimum: 3", "minimum: many", "[sow, prune", "[sow, prun")
    copy.edit(
        "models.yaml",
        "digits: 1",
        "digit: 1",
        "wave: winter",
        "wave: wintr",
        "    unit: points on a 1 to 6 scale\n",
        "",
    )
    copy.edit("sources.csv", "survey,diary,spring", "survy,diary,sprin", "survey,diary,winter", "survey,dairy,winter")
    copy.edit("codebook/diary.csv", "known,People here know me,likert", "known,People here know me,lickert")
    found = {(fault.id, fault.file.removeprefix("config/"), fault.row, fault.column) for fault in copy.faults()}
    line = copy.line
    assert found == {
        ("CFG-10", "study.yaml", line("study.yaml", "shortt"), "shortt"),
        ("CFG-11", "study.yaml", line("study.yaml", "title:"), "short_title"),
        ("CFG-12", "study.yaml", line("study.yaml", "seed"), "seed"),
        ("CFG-30", "study.yaml", line("study.yaml", "volunter,"), "instruments.0.role"),
        ("CFG-12", "scales.yaml", line("scales.yaml", "many"), "scales.belonging.minimum"),
        ("CFG-30", "scales.yaml", line("scales.yaml", "prun,"), "scales.growing.items.1"),
        ("CFG-10", "models.yaml", line("models.yaml", "digit:"), "outcomes.hours.digit"),
        ("CFG-11", "models.yaml", line("models.yaml", "growing:"), "outcomes.growing.unit"),
        ("CFG-30", "models.yaml", line("models.yaml", "wintr"), "agreements.helped.wave"),
        ("CFG-12", "sources.csv", 2, "kind"),
        ("CFG-30", "sources.csv", 4, "instrument"),
        ("CFG-12", "codebook/diary.csv", line("codebook/diary.csv", "lickert"), "type"),
    }


def test_a_study_yaml_that_is_no_yaml_does_not_hide_the_other_files(copy):
    copy.edit("study.yaml", "seed:", "  seed: [")
    copy.edit("scales.yaml", "minimum: 3", "minimum: many")
    copy.edit("sources.csv", "survey,diary,spring", "survy,diary,spring")
    assert [(fault.id, fault.file) for fault in copy.faults()] == [
        ("CFG-01", "config/study.yaml"),
        ("CFG-12", "config/scales.yaml"),
        ("CFG-12", "config/sources.csv"),
    ]


@pytest.mark.parametrize("name", ["study.yaml", "scales.yaml", "models.yaml"])
@pytest.mark.parametrize("text", ["", "- a\n", "nonsense", "a: 1\n", "42\n"])
def test_whatever_a_yaml_file_holds_the_answer_is_a_list_of_faults(copy, name, text):
    (copy.root / "config" / name).write_text(text, encoding="utf-8")
    faults = copy.faults()
    assert faults
    assert {fault.file for fault in faults} == {f"config/{name}"}


def test_any_value_in_the_place_of_any_key_gives_faults_and_no_traceback(copy):
    import yaml

    for name in ("study.yaml", "scales.yaml", "models.yaml"):
        file = copy.root / "config" / name
        text = file.read_text(encoding="utf-8")
        value = yaml.safe_load(text)
        for key in value:
            for other in (None, "x", [None], {}, {"x": {"x": [1]}}, [{"id": "x"}]):
                file.write_text(yaml.safe_dump({**value, key: other}), encoding="utf-8")
                copy.faults()
        file.write_text(text, encoding="utf-8")
    assert copy.faults() == ()


@pytest.mark.fault("CFG-04")
@pytest.mark.parametrize("name", ["scales.yaml", "models.yaml", "sources.csv", "codebook/diary.csv"])
def test_a_missing_file_is_named(copy, name):
    (copy.root / "config" / name).unlink()
    assert [(fault.id, fault.file) for fault in copy.faults()] == [("CFG-04", f"config/{name}")]


@pytest.mark.fault("CFG-05")
def test_bytes_that_are_not_utf8_are_named_with_their_line(copy):
    file = copy.root / "config/scales.yaml"
    file.write_bytes(b"# one\n# two \xe9\n" + file.read_bytes())
    assert [(fault.id, fault.row) for fault in copy.faults()] == [("CFG-05", 2)]


@pytest.mark.fault("CFG-07")
@pytest.mark.parametrize(
    ("name", "old", "new", "row", "column", "sign"),
    [
        ("study.yaml", "label: Spring 2021", 'label: "Spring\\x07 2021"', 19, "waves.0.label", "U+0007"),
        ("study.yaml", "label: Spring 2021", "label: Spring\x1b 2021", 19, "", "U+001B"),
        ("study.yaml", "label: Spring 2021", 'label: "Spring\\0 2021"', 19, "waves.0.label", "U+0000"),
        ("models.yaml", "label: Belonging", "label: Belonging\x92", 3, "", "U+0092"),
        ("codebook/diary.csv", "People here", "People\ufffe here", 10, "", "U+FFFE"),
        ("codebook/diary.csv", "1=Under two", "1=Under\x00 two", 9, "", "U+0000"),
        ("good_practice/rain_barrels.md", "one* barrel", "one*\x08 barrel", 6, "", "U+0008"),
    ],
)
def test_control_characters_are_named_where_they_stand(copy, name, old, new, row, column, sign):
    (fault,) = [fault for fault in copy.edit(name, old, new).faults() if fault.id == "CFG-07"]
    assert (fault.row, fault.column, fault.saw) == (row, column, f"control character {sign}")
    assert not set(new) & {"\x07", "\x1b"} & set(fault.message)


@pytest.mark.parametrize("label", ["\\u200f", "\\u200b\\u2060", " ", "\\u00ad"])
def test_a_label_of_which_nothing_can_be_seen_is_none(copy, label):
    (fault,) = copy.edit("study.yaml", "label: Spring 2021", f'label: "{label}"').faults()
    assert (fault.id, fault.row, fault.expected) == ("CFG-12", 19, "some text")


def test_a_label_stands_in_one_line_whatever_lines_it_is_broken_into(copy):
    for name, old, new in (
        ("study.yaml", "label: Spring 2021", 'label: "Spring\\n\\t 2021\\u2028"'),
        ("study.yaml", "North Quay", '"North\\nQuay"'),
        ("models.yaml", "unit: hours a week", "unit: |\n      hours\n      a week"),
        ("codebook/diary.csv", "People here know me", '"People here\r\nknow me"'),
    ):
        file = copy.root / "config" / name
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")
    study = load_study(copy.root)
    assert (study.config.waves[0].label, study.config.areas[0].name) == ("Spring 2021", "North Quay")
    assert study.outcomes["hours"].unit == "hours a week"
    assert {item.label for item in study.codebooks["diary"]} >= {"People here know me"}


def test_a_study_that_is_not_there_is_named(tmp_path):
    with pytest.raises(StudyFaults, match="RUN-13"):
        load_study(tmp_path)
    with pytest.raises(StudyFaults, match="--study"):
        load_study(tmp_path / "config" / "study.yaml")


def test_deliveries_may_be_missing_for_those_who_make_them(copy):
    (copy.root / "data/raw/plots.csv").unlink()
    assert [fault.id for fault in copy.faults()] == ["CFG-04"]
    assert copy.faults(deliveries=False) == ()


def test_the_shipped_study_loads_in_no_time():
    load_study(ROOT, deliveries=False)
    start = time.process_time()
    load_study(ROOT, deliveries=False)
    assert time.process_time() - start < 0.15


def test_the_study_needs_no_heavy_library():
    code = "import sys, pilot_eval.study.schema; print([m for m in ('pandas', 'numpy', 'scipy') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"
