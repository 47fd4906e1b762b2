import os
import stat

import pytest
import yaml

from pilot_eval.cli import main
from pilot_eval.study import load_study
from pilot_eval.study.model import StudyConfig
from pilot_eval.study.schema import schemas


def test_a_new_study_checks_without_faults(tmp_path, capsys):
    folder = tmp_path / "deep" / "a study"
    assert main(["new", str(folder)]) == 0
    assert main(["check", "--study", str(folder)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "pilot-eval register" in out
    assert load_study(folder).config.synthetic is False


def test_it_has_what_editors_and_people_need(tmp_path):
    main(["new", str(tmp_path)])
    assert {file.name for file in (tmp_path / "config/schema").iterdir()} == set(schemas())
    assert "pilot-eval check" in (tmp_path / "README.md").read_text(encoding="utf-8")
    assert (tmp_path / "data/raw").is_dir()
    for name in ("study", "scales", "models"):
        text = (tmp_path / f"config/{name}.yaml").read_text(encoding="utf-8")
        assert text.startswith(f"# yaml-language-server: $schema=schema/{name}.json\n")


def test_git_never_sees_the_key_or_the_people(tmp_path):
    main(["new", str(tmp_path)])
    ignored = (tmp_path / ".gitignore").read_text(encoding="utf-8").split()
    assert {"config/secret.key", "data/"} <= set(ignored)


def test_every_key_of_the_config_is_shown_but_those_for_special_cases(tmp_path):
    main(["new", str(tmp_path)])
    text = (tmp_path / "config/study.yaml").read_text(encoding="utf-8")
    shown = {name for name in StudyConfig.model_fields if f"\n{name}:" in text or f"\n# {name}:" in text}
    assert set(StudyConfig.model_fields) - shown == {"evidence", "attendance", "citation"}


def test_the_examples_that_are_commented_out_are_valid_too(tmp_path):
    main(["new", str(tmp_path)])
    text = (tmp_path / "config/study.yaml").read_text(encoding="utf-8")
    registers = [line[2:] for line in text.splitlines() if line.startswith("# ")]
    start = registers.index("registers:")
    value = yaml.safe_load("\n".join(registers[start : start + 11]))
    value = {**yaml.safe_load(text), **value}
    assert StudyConfig.model_validate(value).registers.links.left == "school"


@pytest.mark.fault("CFG-06")
def test_a_folder_that_holds_something_is_left_alone(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    assert main(["new", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("[CFG-06] STOP ")
    assert os.listdir(tmp_path) == ["mine.txt"]
    assert main(["new", str(tmp_path / "mine.txt")]) == 1


def test_a_key_is_made_once_for_its_owner_only(tmp_path, capsys):
    main(["new", str(tmp_path)])
    assert main(["new-key", "--study", str(tmp_path)]) == 0
    file = tmp_path / "config/secret.key"
    key = file.read_text(encoding="ascii")
    assert len(bytes.fromhex(key)) == 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert main(["new-key", "--study", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("[LNK-14] STOP config/secret.key")
    assert file.read_text(encoding="ascii") == key
    assert key.strip() not in capsys.readouterr().out
