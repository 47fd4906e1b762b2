"""Files that arrive for a study of one questionnaire, registered as they are and inspected."""

import hashlib
import json
import sys
from pathlib import Path

import pytest

from pilot_eval.cli import main

sys.path.insert(0, str(Path(__file__).parent))
from arriving import CODEBOOK, PLAN, ROWS, SCALES, STUDY, Arrived, text_of, write_entries


@pytest.fixture
def study(tmp_path):
    """The folder of a study without deliveries."""
    for name, text in (("study.yaml", STUDY), ("scales.yaml", SCALES), ("models.yaml", PLAN)):
        (tmp_path / "config").mkdir(exist_ok=True)
        (tmp_path / "config" / name).write_text(text, encoding="utf-8")
    (tmp_path / "config/codebook").mkdir()
    (tmp_path / "config/codebook/form.csv").write_text(CODEBOOK, encoding="utf-8")
    (tmp_path / "config/sources.csv").write_text("source\n", encoding="utf-8")
    (tmp_path / "data/raw").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def arrives(study, capsys):
    """Registers a file as it is, and inspects it."""

    def arrive(content=None, rows=24, name="form_before.csv", **said):
        if content is None:
            content = text_of(*ROWS)
        content = content if isinstance(content, bytes) else content.encode()
        path = study / "data/raw" / name
        path.write_bytes(content)
        entry = {
            "source": "form_before", "kind": "survey", "instrument": "form", "wave": "before",
            "path": f"data/raw/{name}", "format": path.suffix[1:], "encoding": "utf-8",
            "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), "rows": rows, **said,
        }  # fmt: skip
        write_entries(study, entry)
        capsys.readouterr()
        status = main(["inspect", str(path), "--as", "form_before", "--json", "--study", str(study)])
        out, _ = capsys.readouterr()
        return Arrived(status, json.loads(out))

    def again():
        status = main(
            ["inspect", str(study / "data/raw/form_before.csv"), "--as", "form_after", "--json", "--study", str(study)]
        )
        return Arrived(status, json.loads(capsys.readouterr().out))

    arrive.inspect = again
    return arrive
