"""Names in a model's formula, found without the libraries that fit it."""

from __future__ import annotations

import re
from collections.abc import Iterator

PLACE = "{outcome}"
_TEXT = re.compile(r"'[^']*'|\"[^\"]*\"")
_WORD = re.compile(r"(?<![\w.])([^\W\d][\w.]*)(\s*\(|\s*=(?!=))?")
#: Operators that join nothing: ``a * * b``, ``a *``, ``: b``. A sign and a bar may stand alone, ``**`` is one operator.
_LOOSE = re.compile(r"[-+*:/^]\s+[*:/^]|\*{3,}|[:/^]\s*[*:/^]|\*\s*[:/^]|[*:/^]\s*(?:$|[)|])|(?:^|[(|])\s*[*:/^]")
#: Words of the notation that name no column.
CONSTANTS = frozenset({"TRUE", "FALSE", "True", "False", "None"})


def names_in(formula: str) -> Iterator[str]:
    """Columns that a formula names, each once, in order; functions, keywords and the place of the outcome left out.

    Examples
    --------
    >>> list(names_in("{outcome} ~ wave * C(role, levels=['a', 'b']) + (wave | area)"))
    ['wave', 'role', 'area']
    """
    text = _TEXT.sub(" ", formula.replace(PLACE, " ").replace("`", " "))
    seen = set(CONSTANTS)
    for match in _WORD.finditer(text):
        if match[2] is None and match[1] not in seen:
            seen.add(match[1])
            yield match[1]


def wrong_form(formula: str) -> str | None:
    """What is wrong with a formula's form; None when it reads ``{outcome} ~ terms`` with its brackets closed."""
    left, tilde, right = formula.partition("~")
    if not tilde or "~" in right or not right.strip():
        return "no single ~ between the outcome and the terms"
    if PLACE not in left or PLACE in right:
        return f"no {PLACE} to the left of ~, and there only"
    open_brackets = 0
    for character in _TEXT.sub("", formula):
        open_brackets += (character == "(") - (character == ")")
        if open_brackets < 0:
            break
    if open_brackets:
        return "brackets that do not match"
    if _LOOSE.search(_TEXT.sub("x", right)):
        return "an operator without a term on each side"
    if re.search(r"\|\s*\)|\(\s*\|", right):
        return "a random term without columns or group"
    if "|" in re.sub(r"\([^()]*(\([^()]*\)[^()]*)*\)", "", right):
        return "a random term without its brackets"
    return None
