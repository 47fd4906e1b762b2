"""Simulated studies of a benchmark: a table that is kept as it grows, and what it says, with Monte-Carlo errors."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

#: Seconds between two writes: what a run that is stopped may lose.
KEPT_EVERY = 2.0


def grow(file: Path, goal: int, study: Callable[[int], dict[str, Any]]) -> pd.DataFrame:
    """What the first ``goal`` studies say, a row each: those in the file are read, the others made by their number."""
    rows = pd.read_csv(file).to_dict("records") if file.is_file() else []
    written = time.monotonic()
    for number in range(len(rows), goal):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rows.append(study(number))
        if time.monotonic() - written > KEPT_EVERY or number + 1 == goal:
            pd.DataFrame(rows).to_csv(file, index=False)
            written = time.monotonic()
    return pd.DataFrame(rows)


def share(hits: Any) -> str:
    """A percentage with its Monte-Carlo error; a dash where nothing is known."""
    known = pd.Series(hits, dtype=float).dropna()
    if known.empty:
        return "–"
    p = float(known.mean())
    return f"{100 * p:.1f} ({100 * np.sqrt(max(p * (1 - p), 0.0) / len(known)):.1f})"


def bias(errors: pd.Series) -> str:
    """A mean error with its Monte-Carlo error."""
    known = errors.dropna()
    return f"{known.mean():+.3f} ({known.std() / np.sqrt(len(known)):.3f})" if len(known) > 1 else "–"
