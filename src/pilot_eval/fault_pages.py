"""The pages on faults: a table of all kinds, and a page an id, written from the code and from the tests' marks.

``python -m pilot_eval.fault_pages docs tests`` writes ``docs/faults.md`` and ``docs/faults/ID.md``; a test fails when
they drift. A test says which kind it builds with ``@pytest.mark.fault("ING-14")``.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from pilot_eval.fault_kinds import kinds
from pilot_eval.fault_kinds.kind import Kind

HEAD = """# Faults

Generated from the code (`python -m pilot_eval.fault_pages docs tests`): every id that a message can name, what happens
here, and the test that builds the smallest input with it. Each id has a page of its own.

A message has one form: `[ID] SEVERITY file, row N, column C: what stood there; expected E. What to do.` The row is the
physical line of a CSV file, the row of a sheet, or the case number of an SPSS file. No message shows a value that could
identify a person.

| severity | what happens |
|---|---|
| STOP | the file or the study cannot be used; nothing downstream runs |
| REJECT | the row goes to a rejects table, with the reason |
| FIX | the value was changed; old and new stand in the change log |
| WARN | kept, and counted on the quality pages |
| OK | handled, nothing to do |

| id | what | severity | how it is handled | test |
|---|---|---|---|---|
"""


def marked_tests(sources: Mapping[str, str]) -> dict[str, list[str]]:
    """Tests by the kind of fault that they build.

    Parameters
    ----------
    sources : mapping of str to str
        Path of each test file relative to the project, and its text.

    Returns
    -------
    dict of str to list of str
        Id to ``file::test``, in the order of files and lines.
    """
    found: dict[str, list[str]] = {}
    for path in sorted(sources):
        for node in ast.walk(ast.parse(sources[path])):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for name in dict.fromkeys(name for mark in node.decorator_list for name in _named(mark)):
                    found.setdefault(name, []).append(f"{path}::{node.name}")
    return found


def _named(node: ast.AST) -> list[str]:
    """Ids that a call ``pytest.mark.fault(...)`` names."""
    is_mark = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "fault"
    if not is_mark:
        return []
    assert isinstance(node, ast.Call)
    return [str(argument.value) for argument in node.args if isinstance(argument, ast.Constant)]


def pages(tests: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The table and the pages: file name below ``docs`` to Markdown text."""
    known = kinds()
    out = {"faults.md": HEAD + "".join(_row(kind, tests.get(kind.id, [])) for kind in known.values())}
    out |= {f"faults/{kind.id}.md": _page(kind, tests.get(kind.id, [])) for kind in known.values()}
    return out


def _row(kind: Kind, tests: Sequence[str]) -> str:
    told = [f"[{kind.id}](faults/{kind.id}.md)", _cell(kind.title), ", ".join(kind.severities), _cell(kind.handled)]
    told.append("<br>".join(f"`{PurePosixPath(test).name}`" for test in tests))
    return "| " + " | ".join(told) + " |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _page(kind: Kind, tests: Sequence[str]) -> str:
    parts = [
        f"# {kind.id}: {kind.title}",
        f"**Severity:** {', '.join(kind.severities)}",
        f"**For example:** {kind.example}",
        f"**What a careless program makes of it:** {kind.otherwise}",
        f"**What happens here:** {kind.handled}",
        f"**What to do:** {kind.remedy}",
    ]
    if tests:
        parts.append("**Tested by:**\n\n" + "\n".join(f"* `{test}`" for test in tests))
    return "\n\n".join(parts) + "\n\n[All faults](../faults.md)\n"


if __name__ == "__main__":
    from pathlib import Path

    from pilot_eval.files import read, write

    docs, folder = Path(sys.argv[1]), Path(sys.argv[2])
    texts = {path.as_posix(): read(path) for path in folder.rglob("test_*.py")}
    for name, text in pages(marked_tests(texts)).items():
        write(docs / name, text)
