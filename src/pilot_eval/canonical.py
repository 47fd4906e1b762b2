"""One spelling for comparing names: what people see as the same name compares as equal.

The canonical form is for comparing and hashing only; what is shown keeps its own spelling. Labels and areas are
compared as :func:`canonical`; persons, who leave accents out as they please, as :func:`folded`; organisations, whose
names people shorten as well, as :func:`expanded`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SAINTS = {"saint": "st", "saints": "sts"}
#: Letters with a stroke or tied together: no accent can be taken from them.
PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
#: Words for no answer, canonical and without spaces; a text without letters and digits is one too.
NOTHING = frozenset({"", "na", "nan", "none", "null", "nil", "notapplicable", "notavailable", "missing", "unknown"})
#: Marks of width zero, of direction and of byte order.
INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
#: How names of schools and services are shortened, in canonical words.
ABBREVIATIONS = {
    "cofe": "church of england", "ce": "church of england", "rc": "roman catholic", "cath": "catholic",
    "utc": "university technical college", "acad": "academy", "coll": "college", "sch": "school", "schl": "school",
    "prim": "primary", "sec": "secondary", "inf": "infant", "infants": "infant", "jun": "junior", "juniors": "junior",
    "jnr": "junior", "nurs": "nursery", "gram": "grammar", "comp": "comprehensive", "spec": "special",
    "tech": "technical", "hs": "high school", "ps": "primary school", "ctr": "centre", "center": "centre",
    "comm": "community",
    "va": "voluntary aided", "vc": "voluntary controlled", "6th": "sixth", "rd": "road",
}  # fmt: skip
_PHRASES = (("c of e", "church of england"), ("c e", "church of england"), ("r c", "roman catholic"))


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
    if text.isascii():  # as most names are: the same in a tenth of the time
        return " ".join(SAINTS.get(word, word) for word in text.translate(_ASCII).split())
    before = None
    while text != before:  # removing a character can let its neighbours combine, so until nothing changes
        before, text = text, _once(text)
    return text


def says_nothing(text: str) -> bool:
    """Whether a text is how programs and people write that there is no answer: ``NA``, ``None``, ``-``.

    It may be a name all the same: whoever asks has looked for that first.
    """
    return bool(text.strip()) and canonical(text).replace(" ", "") in NOTHING


def seen(text: str) -> str:
    """A text as people see it: one normal form, no invisible characters, single spaces.

    Examples
    --------
    >>> seen(" G\u2060-205\u200b ")
    'G-205'
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())


@lru_cache(maxsize=1 << 16)
def folded(text: str) -> str:
    """The canonical form without accents.

    Examples
    --------
    >>> folded("Zoë  O’Hara-Løvås")
    'zoe ohara lovas'
    """
    before = None
    while text != before:  # a letter without its accent may be written otherwise
        before, text = text, canonical(text).translate(PLAIN_LETTERS)
        apart = unicodedata.normalize("NFKD", text)
        text = unicodedata.normalize("NFKC", "".join(one for one in apart if not unicodedata.combining(one)))
    return text


def expanded(name: str) -> str:
    """The folded name of an organisation with its abbreviations written out and without a leading article.

    Examples
    --------
    >>> expanded("The St. Mary's C.E. Prim School") == expanded("Saint Marys C of E Primary School")
    True
    """
    text = f" {folded(name)} "
    for short, whole in _PHRASES:
        text = text.replace(f" {short} ", f" {whole} ")
    words = [ABBREVIATIONS.get(word, word) for word in text.split()]
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


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


def _of_ascii(character: str) -> str:
    if character == "&":
        return " and "
    if character in "'`." or not (character.isprintable() or character.isspace()):
        return ""
    return character.lower() if character.isalnum() else " "


#: What `_once` makes of each ASCII character by itself.
_ASCII = str.maketrans({chr(code): _of_ascii(chr(code)) for code in range(128)})
