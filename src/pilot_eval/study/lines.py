"""YAML with line numbers: the plain value of a file, and the line on which each key stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from pilot_eval.faults import Fault, StudyFaults

Path = tuple[str | int, ...]


def read_yaml(text: str, file: str) -> tuple[dict[str, Any], dict[Path, int]]:
    """Parse one YAML file of a study.

    Parameters
    ----------
    text : str
    file : str
        Name for messages.

    Returns
    -------
    value : dict
    lines : dict
        Physical line (from 1) of every key and list entry, by its path.

    Raises
    ------
    StudyFaults
        CFG-01 when it is no YAML, CFG-02 when it is no mapping, CFG-03 for keys that stand twice.
    """
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark else None
        problem = getattr(error, "problem", None) or "no YAML"
        raise StudyFaults(
            [Fault("CFG-01", "STOP", file, problem, "valid YAML", "Mind the indents and quotation marks", row)]
        ) from None
    if not isinstance(node, yaml.MappingNode):
        raise StudyFaults([Fault("CFG-02", "STOP", file, "no mapping", "'key: value' lines", row=1)])
    lines: dict[Path, int] = {}
    twice = list(_walk(node, (), lines, file))
    if twice:
        raise StudyFaults(twice)
    return yaml.load(text, Loader=yaml.SafeLoader), lines


def _walk(node: yaml.Node, path: Path, lines: dict[Path, int], file: str) -> Iterator[Fault]:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, child in node.value:
            here = (*path, _plain(key))
            if key.value in seen:
                yield Fault(
                    "CFG-03", "STOP", file, f'key "{key.value}" stands twice', "one", "Delete one",
                    key.start_mark.line + 1, ".".join(map(str, path)),
                )  # fmt: skip
            seen.add(key.value)
            lines[here] = key.start_mark.line + 1
            yield from _walk(child, here, lines, file)
    elif isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            yield from _walk(child, (*path, index), lines, file)


def _plain(key: yaml.Node) -> str | int:
    return int(key.value) if key.tag == "tag:yaml.org,2002:int" else str(key.value)
