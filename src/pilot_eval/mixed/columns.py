"""One column of the data as a model may use it: numbers, a factor, or a fault that names its rows."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from .arrays import Bools, Floats
from .errors import ModelError

#: squares of values beyond this, or below its inverse, are no longer numbers
LARGEST = 1e150
#: pandas' words for objects that are all numbers
NUMBERS = {"mixed-integer-float", "integer", "floating", "decimal", "boolean"}


def row_labels(index: pd.Index, where: Bools) -> str:
    """The first labels of the rows concerned, and how many more there are."""
    labels = [str(v) for v in index[where][:5]]
    return ", ".join(labels) + (f" and {int(where.sum()) - 5} more" if where.sum() > 5 else "")


def shown(value: Any) -> str:
    """A value as people write it, without the name of its numpy type."""
    return repr(value.item() if isinstance(value, np.generic) else value)


def is_coded(name: str, text: str) -> bool:
    """Whether formulaic text makes a factor of a variable: ``C(name)``."""
    return bool(re.search(rf"\bC\(\s*`?{re.escape(name)}`?\s*[,)]", text))


def readable(name: str, column: pd.Series, group: bool = False) -> pd.Series:
    """The column with a dtype that says what it holds: numbers kept as objects become numbers.

    Parameters
    ----------
    group
        A grouping factor, whose labels may be dates.

    Raises
    ------
    ModelError
        Dates, complex numbers, cells that are no single values, numbers and text in one column.
    """
    kind = str(column.dtype)
    if column.dtype == object:
        kind = pd.api.types.infer_dtype(column, skipna=True)
    elif isinstance(column.dtype, pd.CategoricalDtype):
        return column
    if "complex" in kind:
        raise ModelError(f"{name!r} holds complex numbers; use their real part or their size")
    if re.search(r"date|time|period|duration", kind):
        if group:
            return column
        raise ModelError(f"{name!r} is a date or a duration; turn it into a number (days since …) or text first")
    if kind in ("mixed", "mixed-integer"):
        _check_unmixed(name, column)
        kind = "mixed-integer-float"
    numbers = {"mixed-integer-float"} if group else NUMBERS
    return _as_numbers(name, column) if column.dtype == object and kind in numbers else column


def _as_numbers(name: str, column: pd.Series) -> pd.Series:
    """Objects that are all numbers (or missing) as whole numbers where they are, else as decimals."""
    missing = column.isna()
    try:
        values = column.where(~missing, np.nan).astype(float)
    except OverflowError as error:
        raise ModelError(f"{name!r} holds whole numbers beyond {LARGEST:g}; use larger units") from error
    whole = not missing.any() and all(isinstance(v, (int, np.integer)) for v in column)
    return values.astype(np.int64) if whole and (values.abs() < 2**53).all() else values


def _check_unmixed(name: str, column: pd.Series) -> None:
    """Stop at numbers beside text, and at cells that are neither; show one of each."""
    values = column.dropna()
    text = np.array([isinstance(v, str) for v in values], dtype=bool)
    number = np.array([isinstance(v, (int, float, Decimal, np.number, np.bool_)) for v in values], dtype=bool)
    neither = ~(text | number)
    if neither.any():
        at = int(np.argmax(neither))
        raise ModelError(
            f"{name!r} holds {type(values.iloc[at]).__name__} values (row {values.index[at]}: {values.iloc[at]!r}); "
            "each cell must be one number or one text"
        )
    if text.any():
        first = [f"row {values.index[w][0]} holds {shown(values[w].iloc[0])}" for w in (number, text)]
        raise ModelError(
            f"{name!r} mixes numbers and text ({', '.join(first)}); "
            "correct the rows, or make all of it numbers or all of it text"
        )


def numeric(name: str, column: pd.Series) -> Floats:
    """A column as floats; anything else is a ModelError that names the variable."""
    column = readable(name, column)
    if pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(column.dtype):
        return column.to_numpy(dtype=float, na_value=np.nan)
    example = column.dropna()
    if not len(example):
        raise ModelError(f"{name!r} holds no values")
    what = "categories" if isinstance(column.dtype, pd.CategoricalDtype) else "text"
    raise ModelError(
        f"{name!r} holds {what} ({shown(example.iloc[0])} in row {example.index[0]}, …) where numbers belong; "
        "convert it first"
    )


def check_finite(name: str, values: Floats, index: pd.Index) -> None:
    """Stop at infinite values, and at sizes whose squares are none; missing values pass.

    Raises
    ------
    ModelError
        Names the variable, the rows and the remedy.
    """
    with np.errstate(invalid="ignore"):
        size = np.abs(values)
        largest = float(np.fmax.reduce(size, initial=0.0))
    if largest > LARGEST:
        infinite = np.isinf(values)
        if infinite.any():
            raise ModelError(
                f"{name!r} is infinite in {int(infinite.sum())} rows (index {row_labels(index, infinite)}); "
                "set them to missing or correct them"
            )
        raise ModelError(
            f"{name!r} holds values beyond {LARGEST:g} (index {row_labels(index, size > LARGEST)}); use larger units"
        )
    if 0.0 < largest < 1.0 / LARGEST:
        raise ModelError(f"{name!r} holds no value above {largest:.3g} in size; use smaller units")


def text_factor(name: str, column: pd.Series) -> pd.Series:
    """Text as a categorical with levels sorted by code point."""
    codes, found = pd.factorize(column)
    levels = sorted(found, key=str)
    place = {v: i for i, v in enumerate(levels)}
    ranks = np.array([place[v] for v in found], dtype=np.int64)
    values = pd.Categorical.from_codes(ranks[codes], categories=pd.Index(levels, dtype=object))
    return pd.Series(values, index=column.index)


def counted(column: pd.Series) -> pd.Series:
    """Whole numbers that a missing value had made decimal, as whole numbers again: their labels are 1, not 1.0."""
    if not pd.api.types.is_float_dtype(column.dtype):
        return column
    values = column.to_numpy(dtype=float)
    if not (np.abs(values) < 2**53).all() or (values != np.round(values)).any():
        return column
    return pd.Series(values.astype(np.int64), index=column.index)
