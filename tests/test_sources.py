"""A rule's own code: what its module imports from us, directly or not."""

import subprocess
import sys
from pathlib import Path

import pytest

from pilot_eval import sources
from pilot_eval.sources import PACKAGE, files_of


def names(module):
    return {str(file.relative_to(PACKAGE)) for file in files_of(module)}


def test_imports_are_followed():
    assert {"study/load.py", "study/model.py", "faults.py", "study/__init__.py", "__init__.py"} <= names(
        "pilot_eval.study.load"
    )


def test_imports_for_type_checking_only_do_not_count(tmp_path, monkeypatch):
    package = tmp_path / "pilot_eval"
    package.mkdir()
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pilot_eval.b\nimport pilot_eval.c\n"
    for name, content in {"__init__": "", "a": text, "b": "", "c": ""}.items():
        (package / f"{name}.py").write_text(content, encoding="utf-8")
    monkeypatch.setattr(sources, "PACKAGE", package)
    files_of.cache_clear()
    assert {file.stem for file in files_of("pilot_eval.a")} == {"__init__", "a", "c"}
    files_of.cache_clear()


def test_imports_inside_functions_count():
    assert "files.py" in names("pilot_eval.dictionary")


def test_other_packages_and_unknown_names_give_nothing():
    assert files_of("pandas") == frozenset()
    assert files_of("pilot_eval.no_such_stage.no_such_rule") <= files_of("pilot_eval")


@pytest.mark.parametrize(
    "module", ["model.fit_change", "model.fit_natural", "clean.recode_items", "publish.write_report"]
)
def test_whatever_a_module_loads_is_among_its_sources(module):
    """Also by relative imports, as the kernel's modules import one another."""
    ours = "[m.__file__ for name, m in sys.modules.items() if name.split('.')[0] == 'pilot_eval']"
    call = [sys.executable, "-c", f"import sys, pilot_eval.{module}; print(*{ours}, sep='\\n')"]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    loaded = {Path(file).resolve() for file in done.stdout.splitlines()}
    assert len(loaded) > 5 and loaded <= files_of(f"pilot_eval.{module}")


def test_a_change_in_the_kernel_is_seen_by_what_fits_models():
    names = {file.name for file in files_of("pilot_eval.model.fit_change") if file.parent.name == "mixed"}
    assert {"objective.py", "optimise.py", "kenward_roger.py", "bootstrap.py"} <= names
    assert not {file for file in files_of("pilot_eval.publish.write_packs") if file.parent.name == "mixed"}
