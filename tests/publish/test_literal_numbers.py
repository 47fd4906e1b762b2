"""Numbers in sentences come from the ledger: no module that writes them has one written in, or counts one itself."""

import ast
import re
from pathlib import Path

import pytest

import pilot_eval.publish

PUBLISH = Path(pilot_eval.publish.__file__).parent
#: Modules whose texts people read as findings: sentences, questions, packs, report, and the words of figures.
WRITERS = sorted(
    path for path in (*PUBLISH.glob("*.py"), *(PUBLISH / "figures").glob("*.py"))
    if path.stem.startswith(("sentences", "start_sentence", "answers", "questions", "wording", "verdicts",
                             "write_packs", "write_findings", "write_report"))
    or (path.parent.name == "figures" and not path.stem.startswith(("lint", "style")))
)  # fmt: skip
#: What has a digit and is no result: the level of intervals, what a scale's end means, ids, colours, tones of a legend.
ALLOWED = re.compile(
    r"95%|\(90% interval\)|, where 1 is the same rating|\.part-1-of-|#[0-9A-F]{6}|\.\d?f|\\\d|0|100%|00\.0%"
    r"|−0\.00 \(−0\.00 to −0\.00\)|White: below 5% missing; then a tone each from 5%, 10% and 20% on\."
)
#: What makes a number of its own out of others.
COUNTS = ("len", "sum", "round")


def written(source):
    """Texts with a digit, and numbers that an f-string works out itself, by line."""
    tree = ast.parse(source)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            rest = ALLOWED.sub("", node.value)
            if re.search(r"\d", rest):
                yield f"line {node.lineno}: {node.value}"
        if isinstance(node, ast.FormattedValue):
            value = node.value
            called = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in COUNTS
            if called or (isinstance(value, ast.Constant) and not isinstance(value.value, str)):
                yield f"line {node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize("module", WRITERS, ids=lambda path: path.stem)
def test_no_sentence_has_a_number_of_its_own(module):
    assert list(written(module.read_text("utf-8"))) == []


def test_the_modules_that_write_sentences_are_looked_at():
    stems = {path.stem for path in WRITERS}
    assert {"sentences", "sentences_change", "questions", "wording", "write_packs", "say", "joint_display"} <= stems


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('text = f"Of {n} areas 12 rose"', True), ('text = f"{len(rows)} areas rose"', True),
        ('text = "rose by 0.3"', True), ("text = f\"{number(row, 'estimate')} points\"", False),
        ('"""A module of 12 lines."""', False), ('text = "95% interval"', False),
    ],
)  # fmt: skip
def test_the_search_finds_what_is_written_in(source, found):
    assert bool(list(written(source))) == found
