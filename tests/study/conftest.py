"""A private copy of the mini study that a test can spoil."""

import shutil
from pathlib import Path

import pytest

from pilot_eval.faults import StudyFaults
from pilot_eval.study import load_study

MINI = Path(__file__).resolve().parents[1] / "mini"


class Copy:
    """A copy of the mini study, with what is wrong with it."""

    def __init__(self, root):
        self.root = root
        shutil.copytree(MINI / "config", root / "config")
        shutil.copytree(MINI / "data", root / "data")

    def edit(self, name, *changes):
        """Replace texts in a file below config/; each must be there."""
        file = self.root / "config" / name
        text = file.read_text(encoding="utf-8")
        for old, new in zip(changes[::2], changes[1::2], strict=True):
            assert old in text, old
            text = text.replace(old, new, 1)
        file.write_text(text, encoding="utf-8")
        return self

    def line(self, name, part):
        """Physical line on which a text stands now."""
        text = (self.root / "config" / name).read_text(encoding="utf-8")
        return text[: text.index(part)].count("\n") + 1

    def faults(self, **options):
        try:
            load_study(self.root, **options)
        except StudyFaults as error:
            return error.faults
        return ()


@pytest.fixture
def copy(tmp_path):
    return Copy(tmp_path / "a study")
