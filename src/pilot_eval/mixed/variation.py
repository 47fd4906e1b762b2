"""Checks of the fixed part's variables: more than one value, more than one row in each category."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .columns import is_coded, shown
from .errors import ModelError
from .formula import ParsedFormula
from .names import names_in


def check_variables(parsed: ParsedFormula, data: pd.DataFrame) -> None:
    """Stop at a variable that does not vary, or a category that rests on a single row.

    Raises
    ------
    ModelError
        Names the variable, the value or the row, and the remedy.
    """
    columns = [str(c) for c in data.columns]
    for name in names_in(parsed.fixed, columns, parsed.text):
        column = data[name]
        category = isinstance(column.dtype, pd.CategoricalDtype)
        values = column.cat.codes.to_numpy() if category else column.to_numpy()
        if len(column) > 1 and (values == values[0]).all():
            raise ModelError(
                f"{name!r} has one value ({shown(column.iloc[0])}) in the {len(column)} rows used, "
                "so it has no effect to estimate; leave it out of the formula, or see why the other values are missing"
            )
        truth = values.dtype == bool
        if not category and not truth and not is_coded(name, parsed.fixed) and values.dtype.kind in "iuf":
            continue
        if (np.bincount(values) == 1).any() if category else (column.value_counts() == 1).any():
            counts = column.value_counts()
            level = counts.index[counts == 1][0]
            row = data.index[(column == level).to_numpy()][0]
            raise ModelError(
                f"{name!r}: the category {shown(level)} has one row (index {row}), "
                "so its effect is that row's residual; merge it with another category or leave the row out"
            )
