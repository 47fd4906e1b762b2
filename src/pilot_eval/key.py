"""The key of the pseudonyms: where it comes from, for everything that needs it."""

from __future__ import annotations

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
        Empty when there is none.
    """
    if os.environ.get(name):
        return os.environ[name].encode()
    return file.read_bytes().strip() if file.is_file() else b""
