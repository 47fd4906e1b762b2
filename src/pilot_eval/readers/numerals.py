"""Numbers as people and programs write them: thousands set apart, currency signs, percent signs."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

#: Kinds of space that set thousands apart, and the apostrophe that is typed for one.
SAME = str.maketrans({"\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u2019": "'"})
PERCENT = "%\u2030"
CURRENCY_CODES = re.compile(r"\b(GBP|EUR|USD)\b")
#: A number in groups of three, whatever the marks: ``1,234``, ``1.234.567``, ``1 234,5``.
GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}([,.' ][0-9]{3})+([.,][0-9]+)?")


@cache
def _groups(thousands: str, decimal: str) -> re.Pattern[str]:
    return re.compile(rf"[+-]?[1-9][0-9]{{0,2}}({re.escape(thousands)}[0-9]{{3}})+({re.escape(decimal)}[0-9]+)?")


def ungrouped(text: str, thousands: str, decimal: str) -> str:
    """A number without the marks that set its thousands apart; any other text as it is.

    Parameters
    ----------
    text : str
    thousands : str
        The declared mark, empty when there is none.
    decimal : {".", ","}

    Examples
    --------
    >>> ungrouped("1,234.5", ",", ".")
    '1234.5'
    >>> ungrouped("1,23", ",", ".")
    '1,23'
    """
    if not thousands:
        return text
    plain = text.strip().translate(SAME)
    return plain.replace(thousands, "") if _groups(thousands, decimal).fullmatch(plain) else text


def is_grouped(text: str) -> bool:
    """Whether a text may be a number in groups of three; ``0.125`` is none."""
    return GROUPED.fullmatch(text.strip().translate(SAME)) is not None


def is_dressed(text: str) -> bool:
    """Whether a text is a number beside the sign of a currency or of percent."""
    bare = "".join(one for one in text if unicodedata.category(one) != "Sc" and one not in PERCENT)
    bare = CURRENCY_CODES.sub("", bare).strip()
    return bare != text.strip() and re.fullmatch(r"[+-]?\s*[0-9][0-9.,' \u00a0]*", bare) is not None
