"""The same comparisons on results of R that are kept beside the project; absent, the tests are skipped."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
FOLDER = SHARED / "reference" / "mixed"
STUDIES = SHARED / "data" / "studies"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="these results of R are not on this machine")


def _checker(name: str) -> ModuleType:
    """The comparison program of that name, as a module."""
    spec = importlib.util.spec_from_file_location(f"shared_check_{name}", SHARED / "check" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stored results with single column names as lists, as the checker expects them; R's toJSON made them text."""
    out = tmp_path_factory.mktemp("reference")
    (out / "data").symlink_to(FOLDER / "data")
    for path in FOLDER.glob("*.json"):
        stored = json.loads(path.read_text())
        for table in (stored.get("ranef") or {}).values():
            if isinstance(table.get("columns"), str):
                table["columns"] = [table["columns"]]
        (out / path.name).write_text(json.dumps(stored))
    return out


@pytest.mark.parametrize("case", [path.stem for path in sorted(FOLDER.glob("*.json"))])
def test_agrees_with_r(case: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = _checker("mixed").main([str(folder), case])
    printed = capsys.readouterr().out
    if "0 passed, 0 failed" in printed:
        pytest.skip("the checker compares no case of this kind")
    assert status == 0, printed


@pytest.mark.skipif(not STUDIES.is_dir(), reason="the real studies are not on this machine")
@pytest.mark.parametrize("study", ["btheb", "dart_scores", "early", "tvsfp"])
def test_real_studies(study: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _checker("studies").main([study]) == 0, capsys.readouterr().out
