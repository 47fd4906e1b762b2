"""The manifest."""

import json

from pilot_eval.verify.write_manifest import write_manifest

STUDY = {"title": "T", "release": "1", "synthetic": True, "period": "2020"}
FILES = {
    "../../src/pilot_eval/step.py": "a", "../../requirements.lock": "b", "config/study.yaml": "c",
    "data/raw/s.csv": "d", "results/ledger.csv": "e", "notebooks/tour.py": "f",
}  # fmt: skip


def manifest(home, files):
    checked = {path: {"sha256": sha, "bytes": 1} for path, sha in files.items()}
    return write_manifest(checked=checked, home=home, study=STUDY)["manifest"]


def test_every_file_stands_in_its_section():
    found = manifest("../..", FILES)
    assert {section: list(files) for section, files in found.items() if section != "study"} == {
        "inputs": ["data/raw/s.csv"],
        "config": ["config/study.yaml"],
        "code": ["notebooks/tour.py", "src/pilot_eval/step.py"],
        "environment": ["requirements.lock"],
        "outputs": ["results/ledger.csv"],
    }
    assert found["study"] == {"title": "T", "release": "1", "synthetic": True}


def test_it_does_not_depend_on_where_the_study_lies():
    here = {path.removeprefix("../../"): sha for path, sha in FILES.items()}
    far = {path.replace("../../", "../../opt/some/host/"): sha for path, sha in FILES.items()}
    one = json.dumps(manifest("../..", FILES))
    assert json.dumps(manifest(".", here)) == one == json.dumps(manifest("../../opt/some/host", far))
