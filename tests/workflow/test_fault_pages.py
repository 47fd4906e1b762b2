"""Every id that a message can name is explained, tested, and has its page."""

import re
from pathlib import Path

from rulebook import ROOT, SOURCE, modules

from pilot_eval.fault_kinds import kinds
from pilot_eval.fault_pages import marked_tests, pages
from pilot_eval.faults import SEVERITIES

TESTS = marked_tests({
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")
})  # fmt: skip


def test_every_id_in_the_source_has_a_kind():
    own = {path.relative_to(SOURCE) for path in (SOURCE / "fault_kinds").glob("*.py")}
    named: set[str] = set()
    for module in modules():
        if module.relative_to(SOURCE) not in own:
            named |= set(re.findall(r'"([A-Z]{3}-\d\d[a-z]?)"', module.read_text("utf-8")))
    assert named - set(kinds()) == set()


def test_a_kind_says_all_that_is_to_be_known():
    for kind in kinds().values():
        assert set(kind.severities) <= set(SEVERITIES) and kind.severities, kind.id
        for field in ("title", "example", "otherwise", "handled", "remedy"):
            assert getattr(kind, field).strip(), f"{kind.id}: {field}"


def test_every_kind_is_built_by_a_test():
    assert [name for name in kinds() if name not in TESTS] == []
    assert [name for name in TESTS if name not in kinds()] == []


def test_the_pages_have_not_drifted():
    written = {path.relative_to(ROOT / "docs").as_posix(): path.read_text("utf-8") for path in _pages()}
    assert written == pages(TESTS), "run: python -m pilot_eval.fault_pages docs tests"


def _pages() -> list[Path]:
    return [ROOT / "docs" / "faults.md", *(ROOT / "docs" / "faults").glob("*.md")]
