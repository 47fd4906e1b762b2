"""Reads a formula in lme4's notation: response, fixed part, offsets and random terms.

The fixed part is left as text for formulaic; only what formulaic does not know is taken apart here:
``( ... | ... )``, ``( ... || ... )``, nesting ``a/b``, ``cbind(k, n - k)`` and ``offset(...)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from .errors import ModelError

#: names that formulas may use beside formulaic's own transforms
FUNCTIONS: dict[str, Any] = {"sqrt": np.sqrt, "abs": np.abs, "log1p": np.log1p, "expm1": np.expm1}


@dataclass(frozen=True)
class RandomTerm:
    """One random term: the columns' formula, the names of the grouping variables, its label as R spells it."""

    columns: str
    group: tuple[str, ...]
    correlated: bool
    label: str


@dataclass(frozen=True)
class ParsedFormula:
    """A formula taken apart; `fixed` is formulaic text, `trials` the second argument of ``cbind``."""

    text: str
    response: str
    trials: str | None
    fixed: str
    offsets: tuple[str, ...]
    random: tuple[RandomTerm, ...]


def _split(text: str, separators: str) -> list[tuple[str, str]]:
    """Split at separators outside brackets, quotes and backticks: pairs of (separator before, piece)."""
    pieces, depth, start, sign, quote = [], 0, 0, "", ""
    for i, c in enumerate(text):
        if quote:
            quote = "" if c == quote else quote
        elif c in "'\"`":
            quote = c
        elif c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
            if depth < 0:
                raise ModelError(f"formula {text!r}: a closing bracket has no opening one")
        elif depth == 0 and c in separators:
            pieces.append((sign, text[start:i]))
            sign, start = c, i + 1
    if depth or quote:
        raise ModelError(f"formula {text!r}: a bracket or quote is not closed")
    pieces.append((sign, text[start:]))
    return pieces


def to_python(text: str) -> str:
    """R's spelling of an expression as formulaic reads it (``factor(x)``, ``x^2``, ``TRUE``)."""
    text = re.sub(r"\b(?:as\.)?factor\(", "C(", text)
    text = re.sub(r"\bTRUE\b", "True", re.sub(r"\bFALSE\b", "False", text))
    text = text.replace("^", "**")
    return re.sub(r"\s+", " ", text).strip()


def _grouping(text: str, formula: str) -> list[tuple[tuple[str, ...], str]]:
    """``a/b/c`` as (a), (b, a), (c, b, a), labelled ``a``, ``b:a``, ``c:(b:a)``: R's order and spelling."""
    levels: list[tuple[tuple[str, ...], str]] = []
    above: tuple[str, ...] = ()
    label = ""
    for _, part in _split(text.strip(), "/"):
        names = []
        for _, name in _split(part, ":"):
            name = re.sub(r"^C\((.*)\)$", r"\1", to_python(name)).strip()
            quoted, name = name != _bare(name), _bare(name)
            if not name or (not quoted and re.search(r"[^\w. ]", name)):
                raise ModelError(
                    f"formula {formula!r}: the grouping {text.strip()!r} is not a column name, a:b or a/b; "
                    "make the grouping column in the data first and name it here"
                )
            names.append(name)
        label = ":".join([*names, f"({label})" if len(above) > 1 else label] if above else names)
        above = (*names, *above)
        levels.append((above, label))
    return levels


def _random(inner: str, formula: str) -> list[RandomTerm]:
    parts = [piece.strip() for _, piece in _split(inner, "|")]
    correlated = len(parts) == 2
    if not (correlated or (len(parts) == 3 and not parts[1])) or not parts[0] or not parts[-1]:
        raise ModelError(f"formula {formula!r}: cannot read the random term ({inner}); write (columns | group)")
    return [RandomTerm(to_python(parts[0]), group, correlated, label) for group, label in _grouping(parts[-1], formula)]


def _has_bar(text: str) -> bool:
    """Whether a ``|`` stands outside brackets and quotes."""
    return len(_split(text, "|")) > 1


def _inside(term: str) -> str:
    """What a pair of brackets around the whole term encloses (innermost of several), or nothing."""
    inside = ""
    while re.fullmatch(r"\(.*\)", term, re.DOTALL) and _balanced(term[1:-1]):
        inside = term = term[1:-1].strip()
    return inside


def _balanced(text: str) -> bool:
    try:
        _split(text, "")
    except ModelError:
        return False
    return True


def _quoted(formula: str, columns: Iterable[object]) -> str:
    """Names that Python would not read as one (R's ``bdi.pre``) in backticks."""
    for name in sorted((str(c) for c in columns), key=len, reverse=True):
        # a name without a letter (a column "1") cannot be told from a number
        readable = re.fullmatch(r"[^`~+*:|/()^]+", name) and re.search(r"[^\W\d_]", name)
        if not name.isidentifier() and readable and name in formula:
            formula = re.sub(rf"(?<![\w.`]){re.escape(name)}(?![\w.`(])", f"`{name}`", formula)
    return formula


def _bare(name: str) -> str:
    """A quoted name without its backticks; anything else as it is."""
    return name[1:-1] if re.fullmatch(r"`[^`]+`", name) else name


def parse(formula: str, columns: Iterable[object] = ()) -> ParsedFormula:
    """Take a formula in lme4's notation apart.

    Parameters
    ----------
    columns
        Names in the data: those that are no Python names are read as one word nevertheless.

    Raises
    ------
    ModelError
        No text, no ``~``, unbalanced brackets, an unreadable random term, or a term given twice.
    """
    if not isinstance(formula, str):
        raise ModelError(
            f"the formula must be text such as 'y ~ wave + (1 | area)', not {type(formula).__name__} ({formula!r})"
        )
    formula = _quoted(formula, columns)
    sides = _split(formula, "~")
    if len(sides) != 2 or not sides[0][1].strip():
        raise ModelError(f"formula {formula!r}: write 'response ~ terms', with exactly one '~'")
    left, right = sides[0][1].strip(), sides[1][1].strip()
    trials = None
    counts = re.fullmatch(r"cbind\((.*)\)", left)
    if counts:
        parts = [piece for _, piece in _split(counts.group(1), ",")]
        if len(parts) != 2:
            raise ModelError(f"formula {formula!r}: cbind takes two counts, successes and failures")
        left, trials = parts[0].strip(), to_python(parts[1])
    fixed, offsets, random = [], [], []
    for sign, piece in _split(right, "+-"):
        term = piece.strip()
        if not term:
            continue
        inner = _inside(term)
        if _has_bar(inner):
            if sign == "-":
                raise ModelError(f"formula {formula!r}: a random term cannot be subtracted; leave {term} out")
            random += _random(inner, formula)
        elif term.startswith("offset(") and term.endswith(")"):
            offsets.append(to_python(term[len("offset(") : -1]))
        elif "|" in re.sub(r"`[^`]*`", "", term):
            raise ModelError(f"formula {formula!r}: put the random term {term!r} in brackets")
        else:
            fixed.append(f"{sign or '+'} {to_python(term)}")
    text = " ".join(fixed).removeprefix("+ ") or "1"
    if text.startswith("-"):
        text = "1 " + text
    repeated = {t for t in random if random.count(t) > 1}
    if repeated:
        raise ModelError(f"formula {formula!r}: the random term for {repeated.pop().label!r} is given twice")
    return ParsedFormula(formula, _bare(to_python(left)), trials, text, tuple(offsets), tuple(random))


@lru_cache(maxsize=256)
def formulaic_formula(text: str) -> Any:
    """formulaic's reading of a fixed part; kept, since models of one study share most of theirs."""
    from formulaic import Formula

    return Formula(text)
