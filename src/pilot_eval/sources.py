"""Which of our own modules a module imports, directly or not: the trigger that reruns a rule when code changes."""

from __future__ import annotations

import ast
import functools
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


@functools.cache
def files_of(module: str) -> frozenset[Path]:
    """Source files that a module of ours needs.

    Parameters
    ----------
    module : str
        Dotted name, such as ``"pilot_eval.clean.recode_items"``.

    Returns
    -------
    frozenset of Path
        The module's own file, the ``__init__`` files above it, and those of all that they import from us. Imports
        inside functions count, imports for type checking only do not.
    """
    found: set[Path] = set()
    waiting = [module]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        file = _file_of(name)
        if file is None:
            continue
        found.add(file)
        waiting += _imported(file)
        if "." in name:
            waiting.append(name.rpartition(".")[0])
    return frozenset(found)


def _file_of(module: str) -> Path | None:
    parts = module.split(".")
    if parts[0] != PACKAGE.name:
        return None
    base = PACKAGE.joinpath(*parts[1:])
    for file in (base.with_suffix(".py") if len(parts) > 1 else PACKAGE / "__init__.py", base / "__init__.py"):
        if file.is_file():
            return file
    return None


@functools.cache
def _imported(file: Path) -> tuple[str, ...]:
    names: list[str] = []
    tree = ast.parse(file.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return tuple(name for name in names if name.split(".")[0] == PACKAGE.name)
