"""Predictions for the rows used and for new rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .arrays import Floats, Ints
from .design import CONTEXT, evaluate
from .errors import ModelError
from .frame import numeric

if TYPE_CHECKING:
    from .lmm import LmmFit


def fixed_rows(fit: Any, new: pd.DataFrame) -> Floats:
    """Rows of X for new data, the columns that are used: (n, p).

    Raises
    ------
    ModelError
        A variable is missing in the new data, or a level was not among those fitted.
    """
    spec = fit.problem.design.spec
    for name in fit.problem.fixed_variables:
        if name not in new.columns:
            raise ModelError(f"predict: the new data have no variable {name!r}")
    frame = _align(fit, new)
    try:
        matrix = spec.get_model_matrix(frame, na_action="ignore", context=CONTEXT)
    except Exception as error:
        raise ModelError(f"predict: cannot build the fixed part for the new data: {error}") from error
    values = np.asarray(matrix, dtype=float)
    return values[:, fit.problem.scaled.kept]


def _align(fit: Any, new: pd.DataFrame) -> pd.DataFrame:
    """New data with the fitted levels; a level not seen is an error that names it."""
    seen = fit.problem.rows.data
    changed = {}
    for name in fit.problem.fixed_variables:
        column = seen.get(str(name))
        if column is not None and isinstance(column.dtype, pd.CategoricalDtype):
            values = new[str(name)].astype(object)
            levels = list(column.cat.categories)
            if not set(values.dropna()) <= set(levels):
                text = {str(v): v for v in levels}
                values = values.map(lambda v, text=text: text.get(str(v), v))
            unknown = set(values.dropna()) - set(levels)
            if unknown:
                raise ModelError(f"predict: {name!r} has the level {unknown.pop()!r}, which was not fitted")
            changed[str(name)] = pd.Categorical(values, categories=levels)
    return new.assign(**changed) if changed else new


def random_columns(fit: Any, f: int, new: pd.DataFrame) -> Floats:
    """Columns of factor f's random terms for new data (n, q)."""
    from formulaic import Formula

    parts = []
    for term in fit.problem.groupings[f].terms:
        if term.names == ("Intercept",):
            parts.append(np.ones((len(new), 1)))
            continue
        matrix = Formula(term.source).get_model_matrix(fit.problem.rows.data, na_action="ignore", context=CONTEXT)
        frame = matrix.model_spec.get_model_matrix(_align(fit, new), na_action="ignore", context=CONTEXT)
        names = [str(c) for c in frame.columns]
        parts.append(np.asarray(frame, dtype=float)[:, [names.index(n) for n in term.names]])
    return np.concatenate(parts, axis=1)


def group_index(fit: Any, f: int, new: pd.DataFrame) -> Ints:
    """Position of each new row's group among the labels, -1 where it was not seen."""
    grouping = fit.problem.groupings[f]
    for name in grouping.group:
        if name not in new.columns:
            raise ModelError(f"predict: the new data have no grouping variable {name!r}; use re='none'")
    if len(grouping.group) == 1:
        values: Any = new[grouping.group[0]]
        labels = grouping.labels
    else:
        values = new[list(grouping.group)].astype(str).agg(":".join, axis=1)
        labels = grouping.labels
    index = pd.Index(labels.astype(str)).get_indexer(pd.Index(values.astype(str)))
    return np.asarray(index, dtype=np.int64)


def predict_rows(fit: LmmFit, new: pd.DataFrame | None, re: str, offset: Any) -> pd.Series:
    """See `LmmFit.predict`."""
    if re not in ("all", "none"):
        raise ModelError(f"predict: re={re!r} is not 'all' or 'none'")
    if new is None:
        if re == "all":
            return fit.fitted
        values = fit.problem.design.x[:, fit.problem.scaled.kept] @ fit.beta
        if fit.problem.design.offset is not None:
            values = values + fit.problem.design.offset
        return pd.Series(values, index=fit.problem.rows.data.index, name="predicted")
    out = fixed_rows(fit, new) @ fit.beta
    for text in fit.problem.parsed.offsets:
        out = out + evaluate(text, new)
    if offset is not None:
        out = out + (numeric("offset", new[offset]) if isinstance(offset, str) else np.asarray(offset, dtype=float))
    if re == "all":
        for f, grouping in enumerate(fit.problem.groupings):
            index = group_index(fit, f, new)
            modes = fit.ranef(grouping.name).to_numpy()
            u = np.where((index >= 0)[:, None], modes[np.maximum(index, 0)], 0.0)
            out = out + np.einsum("nq,nq->n", random_columns(fit, f, new), u)
    return pd.Series(out, index=new.index, name="predicted")
