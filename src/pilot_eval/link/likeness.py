"""How alike two responses are as persons: each field from 0 to 1, and the weighted mean of those that both have."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cdist

Matrix = NDArray[np.float32]
FIELDS = ("last", "email", "first", "organisation", "birth_year")
#: A first and a last name that stand in each other's place agree less surely than two in their own.
SWAPPED = 0.98


def fields_of(left: pd.DataFrame, right: pd.DataFrame) -> dict[str, Matrix]:
    """Likeness of every row of one frame with every row of another, by field.

    Parameters
    ----------
    left, right : DataFrame
        Columns of :data:`pilot_eval.link.people.PERSON`.

    Returns
    -------
    dict of str to array (len(left), len(right))
        From 0 to 1; NaN where either side is missing: missing never equals missing.
    """
    found = {
        "email": _jaro_winkler(left["email"], right["email"]),
        "organisation": _same(left["organisation"], right["organisation"]),
        "birth_year": _same(left["birth_year"], right["birth_year"]),
        "first": _jaro_winkler(left["first"], right["first"]),
        "last": np.fmax(
            _jaro_winkler(left["last"], right["last"]), _jaro_winkler(_end(left["last"]), _end(right["last"]))
        ),
    }
    crossed = (
        np.fmin(_jaro_winkler(left["first"], right["last"]), _jaro_winkler(left["last"], right["first"])) * SWAPPED
    )
    swapped = crossed > np.fmax(found["first"], found["last"])
    for name in ("first", "last"):
        found[name] = np.where(swapped, crossed, found[name])
    return found


def score_of(fields: Mapping[str, Matrix], weights: Mapping[str, float], without: Collection[str] = ()) -> Matrix:
    """Weighted mean of the fields that both sides have.

    Parameters
    ----------
    fields : mapping of str to array
        From :func:`fields_of`.
    weights : mapping of str to float
        Of each field.
    without : collection of str
        Fields that do not count.

    Returns
    -------
    array
        NaN where what is known of both persons weighs less than a whole name: an organisation and a first name make
        nobody.
    """
    used = [name for name in FIELDS if name not in without and weights[name] > 0]
    shape = next(iter(fields.values())).shape
    total, weight, personal = (np.zeros(shape, dtype=np.float32) for _ in range(3))
    for name in used:
        known = ~np.isnan(fields[name])
        total += np.where(known, fields[name], 0) * np.float32(weights[name])
        weight += known * np.float32(weights[name])
        personal += known * np.float32(0 if name == "organisation" else weights[name])
    enough = personal >= np.float32(weights["first"] + weights["last"])
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(enough, total / weight, np.nan).astype(np.float32)


def pattern_of(row: Mapping[str, Any]) -> str:
    """How the fields of a pair agree, in words that name nobody: ``first=typo last=same organisation=same``."""
    return " ".join(f"{name}={_word(row[name])}" for name in (*FIELDS, "role"))


def _word(likeness: float) -> str:
    if likeness != likeness:
        return "missing"
    return "same" if likeness >= 0.9999 else "typo" if likeness >= 0.85 else "other"


def _jaro_winkler(left: pd.Series, right: pd.Series) -> Matrix:
    found = cdist(left.tolist(), right.tolist(), scorer=JaroWinkler.normalized_similarity, dtype=np.float32)
    return _known(np.asarray(found, dtype=np.float32).reshape(len(left), len(right)), left, right)


def _same(left: pd.Series, right: pd.Series) -> Matrix:
    found = left.to_numpy(dtype=object)[:, None] == right.to_numpy(dtype=object)[None, :]
    return _known(found.astype(np.float32), left, right)


def _known(found: Matrix, left: pd.Series, right: pd.Series) -> Matrix:
    mine, its = (side.to_numpy(dtype=object) == "" for side in (left, right))
    missing = mine[:, None] | its[None, :]
    return np.where(missing, np.float32(np.nan), found)


def _end(last: pd.Series) -> pd.Series:
    """Last word of a name: middle names come and go."""
    return pd.Series([name.split()[-1] if name else "" for name in last], dtype="str")
