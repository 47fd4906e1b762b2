"""Replace what identifies a person by keyed hashes."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

import pandas as pd

from pilot_eval.canonical import canonical
from pilot_eval.faults import Fault, StudyFaults
from pilot_eval.link.people import NOBODY, address, name_parts, name_words, plain, year

#: Keys that begin so are public: fit for synthetic answers only.
PUBLIC = b"public-synthetic-"
KINDS = ("person", "email", "name", "birth_year")


def hash_identifiers(
    identifiers: Sequence[pd.DataFrame], secret: bytes, synthetic: bool, known_key: str
) -> dict[str, Any]:  # fmt: skip
    """Pseudonyms of every identifying value that can link.

    Parameters
    ----------
    identifiers : sequence of DataFrame
        One a delivery: ``_id kind column value``; kinds other than person, email, name and birth_year are not used.
    secret : bytes
        Key of the hashes.
    synthetic : bool
        Whether the study says that its answers are synthetic.
    known_key : str
        Id of the key with which the study was begun; empty when it does not say.

    Returns
    -------
    dict
        ``pseudonyms``: a row a value, ``_id kind hash key_id``; names give one hash of the whole, one of each part
        (``name_part``), by which names that differ in a part agree, and one of the ``first`` and of the ``last``.
        ``key``: ``{"key_id": ...}``, by which two sets of pseudonyms are known to come from one key.

    Raises
    ------
    StudyFaults
        LNK-15 when the public key stands before data that are not synthetic; LNK-13 when the key is another than that
        of before.
    """
    key_id = id_of(secret)
    faults = []
    if secret.startswith(PUBLIC) and not synthetic:
        faults.append(
            Fault("LNK-15", "STOP", "config/study.yaml", "the key of the pseudonyms is the public one",
                  "a key of your own, since the study is not synthetic", "Make one: pilot-eval new-key", None,
                  "secret")
        )  # fmt: skip
    if known_key and known_key != key_id:
        faults.append(
            Fault("LNK-13", "STOP", "config/study.yaml", f"the pseudonyms would be made with key {key_id}",
                  f"key {known_key}, with which the study was begun",
                  "Restore that key, or rotate it as docs/link.md says: with another nobody of before is found", None,
                  "secret.key_id")
        )  # fmt: skip
    if faults:
        raise StudyFaults(faults)
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
    pseudonyms["key_id"] = pd.Series([key_id] * len(pseudonyms), dtype="str")
    return {"pseudonyms": pseudonyms, "key": {"key_id": key_id}}


def id_of(secret: bytes) -> str:
    """What tells one key from another and says nothing of it: 8 digits of its hash of a constant."""
    return hmac.digest(secret, b"key id", "sha256").hex()[:8]


def _forms(kind: str, values: Sequence[str]) -> list[tuple[str, str]]:
    """The forms of one respondent's values of a kind that are hashed: none when they name nobody."""
    if kind == "name":
        words, (first, last) = sorted(name_words(values)), name_parts(values)
        ends = [("first", first), ("last", last.split()[-1] if last else "")]
        parts = [("name_part", word) for word in dict.fromkeys(words) if len(word) > 1]
        return [(form, text) for form, text in (("name", " ".join(words)), *ends, *parts) if text]
    if kind == "person":
        text = " ".join(sorted({plain(value) for value in values if canonical(value) not in NOBODY}))
    else:
        text = address(values) if kind == "email" else year(values)
    return [(kind, text)] if text else []


def _hash(secret: bytes, kind: str, text: str) -> str:
    return hmac.new(secret, f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()[:16]
