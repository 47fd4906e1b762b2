"""Every sabotage still applies to today's source; whether tests notice it, the nightly run tells."""

import ast
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from table import PACKAGE, ROOT, sabotages

ALL = sabotages()


def test_there_are_at_least_twenty_of_different_names():
    assert len(ALL) >= 20 and len({one.name for one in ALL}) == len(ALL)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_it_applies_to_the_source_as_it_is(one):
    text = (ROOT / PACKAGE / one.file).read_text("utf-8")
    spoiled = one.applied(text)
    assert ast.dump(ast.parse(spoiled)) != ast.dump(ast.parse(text)), "another program, and one that can be read"
    for test in one.tests:
        path, _, name = test.partition("::")
        assert (ROOT / path).exists()
        assert not name or f"def {name}(" in (ROOT / path).read_text("utf-8")
