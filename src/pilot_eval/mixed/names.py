"""The names a formula uses: which columns of the data they are, and what is said of those that are none."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from .errors import ModelError
from .formula import FUNCTIONS, ParsedFormula, formulaic_formula


def names_in(text: str, columns: list[str], formula: str) -> list[str]:
    """The variables that formulaic text names, in order of appearance."""
    quoted = list(dict.fromkeys(re.findall(r"`([^`]+)`", text)))
    plain = text
    for i, name in enumerate(quoted):
        plain = plain.replace(f"`{name}`", f"quoted_{i}_")
    try:
        found = {str(v) for v in formulaic_formula(plain).required_variables}
    except Exception as error:
        reason = str(error).strip().partition("\n")[0]
        raise ModelError(f"formula {formula!r}: cannot read {text!r} ({reason})") from error
    found -= FUNCTIONS.keys() - set(columns)
    # a column that shares its name with one of formulaic's functions (cc, log) is not among those found
    words = re.findall(r"(?<![\w.'\"])([A-Za-z_]\w*)(?![\w'\"]*\s*\()", plain)
    found |= {w for w in words if w in columns}
    ordered = sorted(found, key=plain.find)
    return [quoted[int(v.split("_")[1])] if v.startswith("quoted_") else v for v in ordered]


def nearest(name: str, columns: Iterable[str]) -> str:
    """A hint for a name that is not there: the one most like it, or the names there are."""
    known = list(columns)
    folded = {c.casefold(): c for c in reversed(known)}
    close = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.5)
    if close:
        return f"; did you mean {folded[close[0]]!r}?"
    return f"; the data have {', '.join(map(repr, known[:12])) or 'no column'}"


def variables(parsed: ParsedFormula, columns: list[str]) -> list[str]:
    """The data columns that a formula names, in order of appearance.

    Raises
    ------
    ModelError
        An unknown name, a name that means something else here, or the outcome among its own predictors.
    """

    def named(texts: Iterable[str], expressions: bool = False) -> dict[str, None]:
        names: dict[str, None] = {}
        for text in texts:
            if text in columns:
                names[text] = None
            elif text not in ("1", "0"):
                # expressions are arithmetic, the fixed part and the columns of random terms are formulas
                readable_text = f"I({text})" if expressions else text
                names.update(dict.fromkeys(names_in(readable_text, columns, parsed.text)))
        return names

    outcome = named([parsed.response], expressions=True)
    left = outcome | named([parsed.trials] if parsed.trials else [], expressions=True)
    right = named([parsed.fixed, *(term.columns for term in parsed.random)])
    right |= dict.fromkeys(name for term in parsed.random for name in term.group)
    names = left | named(parsed.offsets, expressions=True) | right
    for name in names:
        if name not in columns:
            if re.search(rf"\b{re.escape(name)}\(", parsed.text):
                raise ModelError(
                    f"formula {parsed.text!r}: there is no function {name!r} here; "
                    "make the column in the data first and name it"
                )
            hint = nearest(name, columns)
            raise ModelError(f"formula {parsed.text!r}: there is no variable {name!r} in the data{hint}")
    if "Intercept" in names:
        raise ModelError("a column called 'Intercept' cannot be told from the model's own; rename it")
    if len(outcome) == 1 and outcome.keys() <= right.keys():
        raise ModelError(
            f"formula {parsed.text!r}: the outcome {parsed.response!r} is on the right-hand side too, where it would "
            "explain itself; leave it out there"
        )
    return list(names)
