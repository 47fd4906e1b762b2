import json
from pathlib import Path

from pilot_eval.study.schema import main, schemas

ROOT = Path(__file__).resolve().parents[2]


def test_the_schema_in_config_is_that_of_the_models():
    """When this fails: ``python -m pilot_eval.study.schema config/schema`` (or ``make schema``)."""
    folder = ROOT / "config" / "schema"
    assert {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()} == schemas()


def test_the_files_are_written_as_they_are_compared(tmp_path):
    main(str(tmp_path / "schema"))
    assert {file.name: file.read_text(encoding="utf-8") for file in (tmp_path / "schema").iterdir()} == schemas()


def test_unknown_keys_are_wrong_and_areas_may_be_plain_names():
    study = json.loads(schemas()["study.json"])
    assert study["additionalProperties"] is False
    assert {"type": "string"} in study["properties"]["areas"]["items"]["anyOf"]
