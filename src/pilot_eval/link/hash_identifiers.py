"""Replace what identifies a person by keyed hashes."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import pandas as pd

from pilot_eval.canonical import canonical
from pilot_eval.faults import Fault, StudyFaults

#: Keys that begin so are public: fit for synthetic answers only.
PUBLIC = b"public-synthetic-"
KINDS = ("person", "email", "name")
TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "rev"})
NOBODY = frozenset(
    {"", "na", "n a", "nil", "none", "no", "not applicable", "unknown", "anonymous", "anon", "test", "x"}
)
INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")


def hash_identifiers(identifiers: Sequence[pd.DataFrame], secret: bytes, synthetic: bool) -> dict[str, Any]:
    """Pseudonyms of every identifying value that can link.

    Parameters
    ----------
    identifiers : sequence of DataFrame
        One a delivery: ``_id kind column value``; kinds other than person, email and name are not used.
    secret : bytes
        Key of the hashes.
    synthetic : bool
        Whether the study says that its answers are synthetic.

    Returns
    -------
    dict
        ``pseudonyms``: a row a value, ``_id kind hash``; names give one hash of the whole and one of each part
        (``name_part``), by which names that differ in a part agree. ``key``: ``{"key_id": ...}``, by which two sets
        of pseudonyms are known to come from one key.

    Raises
    ------
    StudyFaults
        LNK-15 when the public key stands before data that are not synthetic.
    """
    if secret.startswith(PUBLIC) and not synthetic:
        raise StudyFaults(
            [Fault("LNK-15", "STOP", "config/study.yaml", "the key of the pseudonyms is the public one",
                   "a key of your own, since the study is not synthetic", "Make one: pilot-eval new-key", None,
                   "secret")]
        )  # fmt: skip
    values = pd.concat([frame[["_id", "kind", "column", "value"]] for frame in identifiers], ignore_index=True)
    values = values[values["kind"].isin(KINDS)]
    said: dict[tuple[str, str], list[str]] = {}
    for row, kind, value in zip(values["_id"], values["kind"], values["value"], strict=True):
        said.setdefault((row, kind), []).append(value)
    rows = [
        (row, form, _hash(secret, form, text))
        for (row, kind), found in sorted(said.items())
        for form, text in _forms(kind, found)
    ]
    pseudonyms = pd.DataFrame(rows, columns=["_id", "kind", "hash"], dtype="str").drop_duplicates(ignore_index=True)
    return {"pseudonyms": pseudonyms, "key": {"key_id": hmac.digest(secret, b"key id", "sha256").hex()[:8]}}


def _forms(kind: str, values: Sequence[str]) -> list[tuple[str, str]]:
    """The forms of one respondent's values of a kind that are hashed: none when they name nobody."""
    if kind == "name":
        words = sorted(word for value in values for word in canonical(value).split() if word not in TITLES)
        if " ".join(words) in NOBODY:
            return []
        return [("name", " ".join(words)), *(("name_part", word) for word in dict.fromkeys(words) if len(word) > 1)]
    plain = sorted({_plain(value) for value in values if canonical(value) not in NOBODY})
    if kind == "email":
        plain = [value for value in plain if re.fullmatch(r"[^@]+@[^@]+", value)]
    return [(kind, " ".join(plain))] if plain else []


def _plain(value: str) -> str:
    """One spelling of an e-mail address or an id; a whole number that became a decimal one is itself again."""
    plain = INVISIBLE.sub("", unicodedata.normalize("NFKC", value).casefold())
    return re.sub(r"^(\d+)\.0+$", r"\1", plain)


def _hash(secret: bytes, kind: str, text: str) -> str:
    return hmac.new(secret, f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()[:16]
