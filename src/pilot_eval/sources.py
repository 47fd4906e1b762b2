"""Which of our own modules a module imports, directly or not: the trigger that reruns a rule when code changes."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
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
    """Modules of ours that a file imports, relative imports by their full names; a package's own name may be one."""
    names: list[str] = []
    inside = [PACKAGE.name, *file.relative_to(PACKAGE).parts[:-1]]
    for node in _statements(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = inside[: len(inside) - node.level + 1] if node.level else []
            origin = ".".join([*above, *filter(None, [node.module])])
            names += [origin, *(f"{origin}.{alias.name}" for alias in node.names)]
    return tuple(name for name in names if name.split(".")[0] == PACKAGE.name)


def _statements(tree: ast.AST) -> Iterator[ast.stmt]:
    """All statements of a module, those in functions too, but what stands under ``if TYPE_CHECKING``.

    No import stands in an expression, and expressions are nine tenths of a tree.
    """
    for part in ("body", "orelse", "finalbody", "handlers", "cases"):
        for node in getattr(tree, part, ()):
            if isinstance(node, ast.stmt):
                yield node
            if not (isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
                yield from _statements(node)
