"""Packages in another version than the lock's."""

import pytest

from pilot_eval.runs import versions
from pilot_eval.runs.versions import installed, other_versions

LINES = """# a comment
numpy==1.0.0 \\
    --hash=sha256:0
pandas=={pandas} \\
colorama==0.0.1 ; sys_platform == 'win32' \\
Jinja2=={jinja2} ; python_full_version >= '3.0' \\
an-absent-tool==3 \\
{more}
"""


@pytest.fixture
def lock(tmp_path):
    def write(more=""):
        there = installed()
        path = tmp_path / "requirements.lock"
        path.write_text(LINES.format(pandas=there["pandas"], jinja2=there["jinja2"], more=more), encoding="utf-8")
        return path

    return write


@pytest.mark.fault("RUN-17")
def test_another_version_is_a_warning_that_names_both(lock):
    (fault,) = other_versions(lock())
    assert (fault.id, fault.severity) == ("RUN-17", "WARN")
    assert fault.saw.startswith(f"numpy {installed()['numpy']} is installed, the lock says 1.0.0;")


@pytest.mark.fault("RUN-17")
def test_a_needed_package_that_is_absent_stops(lock, monkeypatch):
    there = {name: version for name, version in installed().items() if name != "pandas"} | {"numpy": "1.0.0"}
    monkeypatch.setattr(versions, "installed", lambda: there)
    (fault,) = other_versions(lock())
    assert (fault.severity, fault.saw) == ("STOP", "pandas is not installed")
