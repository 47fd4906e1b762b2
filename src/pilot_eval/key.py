"""The key of the pseudonyms: where it comes from, for everything that needs it."""

from __future__ import annotations

import codecs
import os
from pathlib import Path


def key_of_pseudonyms(name: str, file: Path) -> bytes:
    """The study's key, from the environment or, when it is not set there, from a file.

    Parameters
    ----------
    name : str
        Environment variable.
    file : Path
        Ignored file that may hold the key.

    Returns
    -------
    bytes
        Without the blanks and quotation marks around it, which editors and shells leave: they are no part of a key.
        Empty when there is none.
    """
    known = _bare(os.fsencode(os.environ.get(name, "")))
    return known or (_bare(file.read_bytes()) if file.is_file() else b"")


def _bare(content: bytes) -> bytes:
    return content.removeprefix(codecs.BOM_UTF8).strip().strip(b"\"'").strip()
