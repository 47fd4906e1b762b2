"""Text that a spreadsheet program must not take for a formula."""

from __future__ import annotations

import re

#: What a cell of a CSV file must not begin with, in the wide forms of East Asian keyboards too.
SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
CONTROLS = ("\t", "\r", "\n")
BREAKS = re.compile("[\t\r\n\v\f\x85\u2028\u2029]+")


def formula(text: str) -> bool:
    """Whether a spreadsheet program could run a text.

    Examples
    --------
    >>> [formula(text) for text in ("=1+1", " @SUM(A1)", "\\tcmd", "North", "")]
    [True, True, True, False, False]
    """
    return text.startswith(CONTROLS) or text.lstrip().startswith(SIGNS)


def plain(text: str) -> str:
    """A label as a CSV file has it: on one line, an apostrophe first where it would else be a formula.

    A line end within a label begins a new record to some programs, so that what follows it could be one too.

    Examples
    --------
    >>> plain("=cmd|' /C calc'!A0"), plain("North"), plain("a\\r=1+1")
    ("'=cmd|' /C calc'!A0", 'North', 'a =1+1')
    """
    return ("'" if formula(text) else "") + BREAKS.sub(" ", text)


def plain_column(values: list[str]) -> list[str]:
    """The same for a column that may hold numbers: if all of it are, a minus sign begins no formula.

    Examples
    --------
    >>> plain_column(["-1.5", ""]), plain_column(["-1.5", "-x"])
    (['-1.5', ''], ["'-1.5", "'-x"])
    """
    return values if all(_number(value) for value in values if value) else [plain(value) for value in values]


def _number(text: str) -> bool:
    try:
        float(text.strip("<"))
    except ValueError:
        return False
    return text[:1] not in CONTROLS and text[:1] not in ("+", " ")
