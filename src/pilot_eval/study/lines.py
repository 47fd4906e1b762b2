"""YAML with line numbers: the plain value of a file, and the line on which each key stands."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import replace
from typing import Any

import yaml

from pilot_eval.faults import Fault, StudyFaults

Path = tuple[str | int, ...]
# libyaml's parser is some ten times faster than the one in Python; wheels of PyYAML bring it.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: Entries that a file can have; aliases of aliases multiply a few lines to millions of them.
MOST = 200_000
#: What no text has; C1 controls are what quotation marks of an old encoding become, the last two are no characters.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_NUMBERS = ("timestamp", "int", "float")


class _Loader(_Base):  # type: ignore[misc]
    """Safe loader to which an impossible date or number is text, so that it is refused where it stands."""


def _or_text(loader: Any, node: yaml.ScalarNode) -> Any:
    name = "construct_yaml_" + node.tag.rpartition(":")[2]
    try:
        return getattr(loader, name)(node)
    except (ValueError, OverflowError, IndexError):
        return str(node.value)


for _name in _NUMBERS:
    _Loader.add_constructor(f"tag:yaml.org,2002:{_name}", _or_text)


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
        CFG-01 when it is no YAML, CFG-02 when it is no mapping, CFG-03 for keys that stand twice, CFG-07 for control
        characters that are written by their numbers.
    """
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if not isinstance(node, yaml.MappingNode):
                raise StudyFaults([Fault("CFG-02", "STOP", file, "no mapping", "'key: value' lines", row=1)])
            lines: dict[Path, int] = {}
            wrong = list(_walk(loader, node, (), lines, file, frozenset()))
            if wrong:
                raise StudyFaults(wrong)
            return loader.construct_document(node), lines
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise StudyFaults([_no_yaml(error, text, file)]) from None
    except RecursionError:
        raise StudyFaults([Fault("CFG-01", "STOP", file, "nested too deeply", "valid YAML", row=1)]) from None


def control_faults(text: str, file: str) -> Iterator[Fault]:
    """CFG-07 for the first control character of a file.

    Tabulators and line ends are none: a text may stand on several lines.
    """
    if found := CONTROL.search(text):
        row = text.count("\n", 0, found.start()) + 1
        saw = f"control character U+{ord(found[0]):04X}"
        yield Fault("CFG-07", "STOP", file, saw, "text that can be read", "Delete it", row)


def _no_yaml(error: yaml.YAMLError, text: str, file: str) -> Fault:
    mark = getattr(error, "problem_mark", None)
    row = mark.line + 1 if mark is not None else text.count("\n", 0, getattr(error, "position", 0)) + 1
    row = min(row, text.rstrip("\n").count("\n") + 1)  # what is not closed is missed below the last line
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "no YAML"
    action = "Mind the indents, and put text with : # { } [ ] in quotation marks"
    return Fault("CFG-01", "STOP", file, str(problem), "valid YAML", action, row)


def _walk(
    loader: Any, node: yaml.Node, path: Path, lines: dict[Path, int], file: str, above: frozenset[int]
) -> Iterator[Fault]:
    lines.setdefault(path, node.start_mark.line + 1)
    if id(node) in above:
        raise yaml.MarkedYAMLError(problem="an alias that holds itself", problem_mark=node.start_mark)
    if len(lines) > MOST:
        raise yaml.MarkedYAMLError(problem="more entries than a study has", problem_mark=node.start_mark)
    above |= {id(node)}
    if isinstance(node, yaml.MappingNode):
        seen: set[Hashable] = set()
        for key, child in node.value:
            name = _key(loader, key)
            if name in seen:
                yield Fault(
                    "CFG-03", "STOP", file, f'key "{name}" stands twice', "one", "Delete one",
                    key.start_mark.line + 1, ".".join(map(str, path)),
                )  # fmt: skip
            seen.add(name)
            here = (*path, name)
            lines[here] = key.start_mark.line + 1
            yield from _walk(loader, child, here, lines, file, above)
    elif isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            yield from _walk(loader, child, (*path, index), lines, file, above)
    elif found := list(control_faults(node.value, file)):
        # Of a text over several lines the key's line is named: an escaped character may stand for a line end, too.
        yield replace(found[0], row=node.start_mark.line + 1, column=".".join(map(str, path)))


def _key(loader: Any, key: yaml.Node) -> str | int:
    if not isinstance(key, yaml.ScalarNode):
        raise yaml.MarkedYAMLError(problem="a key that is a list or a mapping", problem_mark=key.start_mark)
    if key.tag == "tag:yaml.org,2002:merge":
        raise yaml.MarkedYAMLError(problem="a merge key (<<)", problem_mark=key.start_mark)
    value = loader.construct_object(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else str(key.value)
