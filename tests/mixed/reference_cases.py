"""R's results as stored beside the design, read at run time; absent, the tests that need them are skipped."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
FOLDER = SHARED / "reference" / "mixed"
needs_shared = pytest.mark.skipif(not FOLDER.is_dir(), reason="R's reference results are not on this machine")


def checker(name: str) -> ModuleType:
    """The comparison program, as a module."""
    path = SHARED / "check" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"shared_check_{name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cases(*kinds: str) -> list[str]:
    """Names of the stored cases whose engine holds one of the words."""
    if not FOLDER.is_dir():
        return []
    out = []
    for path in sorted(FOLDER.glob("*.json")):
        engine = str(json.loads(path.read_text()).get("engine", ""))
        if any(kind in engine for kind in kinds):
            out.append(path.stem)
    return out


def reference(case: str) -> dict[str, Any]:
    """One stored case."""
    loaded: dict[str, Any] = json.loads((FOLDER / f"{case}.json").read_text())
    return loaded
