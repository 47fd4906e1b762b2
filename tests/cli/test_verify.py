"""The command is the goal ``verified`` of the workflow."""

import subprocess
from types import SimpleNamespace

import pytest

from pilot_eval.cli import main


@pytest.mark.parametrize(("status", "expected"), [(0, 0), (1, 1), (-9, 1)])
def test_it_runs_the_goal_on_the_study_and_passes_its_status_on(tmp_path, monkeypatch, status, expected):
    (tmp_path / "config").mkdir()
    (tmp_path / "config/study.yaml").write_text("title: x\n", encoding="utf-8")
    calls = []
    monkeypatch.setattr(
        subprocess, "run", lambda words, **more: calls.append(words) or SimpleNamespace(returncode=status)
    )
    assert main(["verify", "--study", str(tmp_path)]) == expected
    assert "verified" in calls[0] and f"study={tmp_path / 'config' / 'study.yaml'}" in calls[0]
