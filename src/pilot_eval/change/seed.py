"""Seeds of random numbers: from the study's own and from what is drawn for, so that no job draws another's numbers."""

from __future__ import annotations

import hashlib


def seed_of(seed: int, rule: str, *words: str) -> int:
    """The seed of a job.

    Parameters
    ----------
    seed : int
        Of the study.
    rule, *words : str
        Rule and the values of its wildcards; anything more parts what one job draws for different ends.

    Returns
    -------
    int
        63 bits of the SHA-256 of all of them.
    """
    text = "|".join((str(seed), rule, *words))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1
