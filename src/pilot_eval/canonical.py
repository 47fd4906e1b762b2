"""One spelling for comparing names: what people see as the same name compares as equal.

The canonical form is for comparing and hashing only; what is shown keeps its own spelling.
"""

from __future__ import annotations

import re
import unicodedata

SAINTS = {"saint": "st", "saints": "sts"}


def canonical(text: str) -> str:
    """A name without the differences that mean nothing.

    Compatibility forms, case, kinds of space, invisible characters, punctuation and apostrophes do not count;
    ``&`` is ``and``, ``Saint`` is ``St``. Accents stay.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        Words of letters and digits with one space between them; ``canonical(canonical(x)) == canonical(x)``.

    Examples
    --------
    >>> canonical(" ST MARY’S  C.E. School")
    'st marys ce school'
    >>> canonical("Bath/NE Somerset") == canonical("bath ne somerset")
    True
    """
    before = None
    while text != before:  # removing a character can let its neighbours combine, so until nothing changes
        before, text = text, _once(text)
    return text


def _once(text: str) -> str:
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = "".join(character for character in text if unicodedata.category(character) not in {"Cf", "Cc"} or
                   character.isspace())  # fmt: skip
    text = re.sub(r"['’‘ʼ`´.]", "", text.replace("&", " and "))
    text = "".join(character if _counts(character) else " " for character in text)
    return " ".join(SAINTS.get(word, word) for word in text.split())


def _counts(character: str) -> bool:
    """Letters, digits and combining accents are part of a word; all else parts words."""
    return unicodedata.category(character)[0] in "LNM"
