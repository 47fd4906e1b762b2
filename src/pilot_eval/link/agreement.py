"""How far two persons who decided the same pairs agree."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np

from pilot_eval.link.intervals import Z, none_of


def kappa(one: Sequence[str], other: Sequence[str]) -> tuple[float, float, float] | None:
    """Cohen's kappa with its large-sample 95 % interval.

    Parameters
    ----------
    one, other : sequence of str
        Decisions of the two on the same pairs, in one order.

    Returns
    -------
    tuple of float or None
        Kappa, lower and upper bound; None where both always say the same word: nothing is left to agree on. Where they
        never differ the standard error is zero, and the lower bound that of the rule of three.

    References
    ----------
    Fleiss, J. L., Cohen, J. & Everitt, B. S. (1969). Large sample standard errors of kappa and weighted kappa.
    Psychological Bulletin 72(5).
    """
    words = sorted({*one, *other})
    table = np.zeros((len(words), len(words)))
    for mine, its in zip(one, other, strict=True):
        table[words.index(mine), words.index(its)] += 1
    number = int(table.sum())
    if number == 0:
        return None
    shares = table / number
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    agreed, chance = float(np.trace(shares)), float(rows @ columns)
    if chance >= 1:
        return None
    value = (agreed - chance) / (1 - chance)
    if agreed == 1:
        return value, (1 - none_of(number) - chance) / (1 - chance), 1.0
    same = float(np.diag(shares) @ (1 - (rows + columns) * (1 - value)) ** 2)
    crossed = (columns[:, None] + rows[None, :]) ** 2 * shares
    differ = (1 - value) ** 2 * float(crossed.sum() - np.trace(crossed))
    variance = (same + differ - (value - chance * (1 - value)) ** 2) / (number * (1 - chance) ** 2)
    spread = Z * sqrt(max(variance, 0.0))
    return value, max(-1.0, value - spread), min(1.0, value + spread)
