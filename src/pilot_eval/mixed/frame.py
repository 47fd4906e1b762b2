"""Takes the rows a model needs out of a data frame: complete, finite, with the levels that occur.

What is dropped is counted by reason; what cannot be right (infinite values, text where numbers belong,
unknown variables, weights that are not positive) stops here with the variable's name and the remedy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .arrays import Bools, Floats
from .columns import check_finite, counted, is_coded, numeric, readable, row_labels, text_factor
from .errors import ModelError
from .formula import ParsedFormula
from .names import nearest, variables


@dataclass(frozen=True)
class CleanRows:
    """The complete rows of the variables a model uses.

    `dropped` maps a variable to the number of rows in which it was missing (a row may count for several);
    `keep` marks the rows of the caller's data that are used.
    """

    data: pd.DataFrame
    weights: Floats | None
    offset: Floats | None
    keep: Bools
    dropped: dict[str, int]

    @property
    def n_dropped(self) -> int:
        return int((~self.keep).sum())


def _vector(what: str, value: Any, data: pd.DataFrame) -> Floats | None:
    """Weights or an offset, by name or by row, as floats."""
    if value is None:
        return None
    if isinstance(value, str):
        if value not in data.columns:
            hint = nearest(value, map(str, data.columns))
            raise ModelError(f"{what}: there is no variable {value!r} in the data{hint}")
        value = _column(data, value)
    elif isinstance(value, pd.Series):
        if len(value) == len(data) and not value.index.equals(data.index):
            raise ModelError(
                f"{what}: the index of the values is not that of the data, so it is not clear which row each belongs "
                "to; align them, or give .to_numpy() to take them in order"
            )
    else:
        try:
            value = pd.Series(value, dtype=None if np.ndim(value) == 1 and len(value) else object)
        except (TypeError, ValueError) as error:
            raise ModelError(f"{what}: {np.shape(value)} values for {len(data)} rows; give one per row") from error
    if len(value) != len(data):
        raise ModelError(f"{what}: {np.shape(value)} values for {len(data)} rows; give one per row of the data")
    value = value.set_axis(data.index)
    out = numeric(what, value)
    check_finite(what, out, data.index)
    return out


def _column(data: pd.DataFrame, name: str) -> pd.Series:
    column = data[name]
    if isinstance(column, pd.DataFrame):
        raise ModelError(f"the data have {column.shape[1]} columns called {name!r}; rename or drop all but one")
    return column


def clean(
    parsed: ParsedFormula,
    data: pd.DataFrame,
    weights: Any = None,
    offset: Any = None,
    numeric_response: bool = True,
) -> CleanRows:
    """Keep the complete rows of the variables that the formula names.

    Raises
    ------
    ModelError
        An unknown variable, infinite values, a response that is text, weights that are not positive, no row left.
    """
    if not isinstance(data, pd.DataFrame):
        raise ModelError(f"data must be a pandas DataFrame, not {type(data).__name__}")
    names = variables(parsed, [c for c in data.columns if isinstance(c, str)])
    if not len(data):
        raise ModelError("the data have no rows")
    groups = {g for term in parsed.random for g in term.group}
    columns = {name: readable(name, _column(data, name), name in groups) for name in names}
    keep = np.ones(len(data), dtype=bool)
    dropped: dict[str, int] = {}
    for name, column in columns.items():
        if name == parsed.response and numeric_response:
            numeric(name, column)
        missing = column.isna().to_numpy()
        if missing.any():
            dropped[name] = int(missing.sum())
            keep &= ~missing
        if pd.api.types.is_float_dtype(column.dtype):
            check_finite(name, column.to_numpy(dtype=float, na_value=np.nan), data.index)
    extra = {"weights": _vector("weights", weights, data), "offset": _vector("offset", offset, data)}
    for what, vector in extra.items():
        if vector is not None and np.isnan(vector).any():
            dropped[what] = int(np.isnan(vector).sum())
            keep &= ~np.isnan(vector)
    w = extra["weights"]
    if w is not None and (w[keep] <= 0).any():
        bad = keep & (w <= 0)
        raise ModelError(
            f"weights must be positive; {int(bad.sum())} are zero or negative (rows {row_labels(data.index, bad)}); "
            "leave these rows out of the data"
        )
    if not keep.any():
        worst = max(dropped, key=lambda k: dropped[k])
        raise ModelError(f"no complete row is left; {worst!r} is missing in {dropped[worst]} of {len(data)} rows")
    if not keep.all():
        columns = {name: column.loc[keep] for name, column in columns.items()}
        extra = {k: None if v is None else v[keep] for k, v in extra.items()}
    coded = " ".join([parsed.fixed, *(term.columns for term in parsed.random)])
    whole = {name for name in names if name in groups or is_coded(name, coded)}
    if not numeric_response:
        whole.add(parsed.response)
    frame = pd.DataFrame({name: _typed(name, c, name in groups, name in whole) for name, c in columns.items()})
    return CleanRows(frame, extra["weights"], extra["offset"], keep, dropped)


def _typed(name: str, column: pd.Series, group: bool, whole: bool) -> pd.Series:
    """A complete column as the design reads it: a categorical of the levels that occur, or numbers.

    Parameters
    ----------
    whole
        Its values are labels: whole numbers stay (or become) whole. Others become floats, in which products and
        powers of small integer types do not overflow.
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        used = np.bincount(column.cat.codes, minlength=len(column.cat.categories)) > 0
        return column if used.all() else column.cat.remove_unused_categories()
    if pd.api.types.is_bool_dtype(column.dtype):
        return column if column.dtype == bool else column.astype(bool)
    if pd.api.types.is_numeric_dtype(column.dtype):
        if whole and pd.api.types.is_integer_dtype(column.dtype):
            return column.astype(np.int64)
        values = pd.Series(column.to_numpy(dtype=float), index=column.index)
        return counted(values) if whole else values
    return column if group else text_factor(name, column)
