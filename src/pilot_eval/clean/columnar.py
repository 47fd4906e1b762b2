"""Columns of many rows made from few different values: what is worked out once is spread over the rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd


def spread(words: Sequence[str | None], places: Any) -> Any:
    """Texts by their place among some words, None as an empty text; place -1 is empty too."""
    known = pd.array(["" if word is None else word for word in words] + [""], dtype="str")
    return known.take(places)


def repeated(word: str, number: int) -> Any:
    """One text many times."""
    return spread([word], np.zeros(number, dtype=np.intp))


def each_once(texts: pd.Series[str], test: Callable[[str], bool]) -> pd.Series[bool]:
    """A test of every text, made once for each that differs."""
    places, known = pd.factorize(texts)
    found = np.array([*(test(text) for text in known.tolist()), False], dtype=bool)
    return pd.Series(found[places], index=texts.index)
