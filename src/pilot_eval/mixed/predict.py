"""Predictions for the rows used and for new rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .arrays import Floats, Ints
from .columns import numeric
from .design import evaluate
from .errors import ModelError
from .formula import FUNCTIONS
from .names import names_in

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
    frame = _align(fit, new, fit.problem.fixed_variables)
    try:
        matrix = spec.get_model_matrix(frame, na_action="ignore", context=FUNCTIONS)
    except Exception as error:
        raise ModelError(f"predict: cannot build the fixed part for the new data: {error}") from error
    values = np.asarray(matrix, dtype=float)
    return values[:, fit.problem.scaled.kept]


def _align(fit: Any, new: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """New data with the fitted levels and types; a level not seen is an error that names it."""
    seen = fit.problem.rows.data
    changed: dict[str, Any] = {}
    for name in names:
        if name not in new.columns:
            raise ModelError(f"predict: the new data have no variable {name!r}")
        column = seen[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            values = new[name].astype(object)
            levels = list(column.cat.categories)
            if not set(values.dropna()) <= set(levels):
                text = {str(v): v for v in levels}
                values = values.map(lambda v, text=text: text.get(str(v), v))
            unknown = set(values.dropna()) - set(levels)
            if unknown:
                raise ModelError(f"predict: {name!r} has the level {unknown.pop()!r}, which was not fitted")
            changed[name] = pd.Categorical(values, categories=levels)
        elif pd.api.types.is_float_dtype(column.dtype):
            changed[name] = numeric(name, new[name])
    return new.assign(**changed) if changed else new


def random_columns(fit: Any, f: int, new: pd.DataFrame) -> Floats:
    """Columns of factor f's random terms for new data (n, q)."""
    from formulaic import Formula

    parts = []
    known = [str(c) for c in fit.problem.rows.data.columns]
    for term in fit.problem.groupings[f].terms:
        if term.names == ("Intercept",):
            parts.append(np.ones((len(new), 1)))
            continue
        matrix = Formula(term.source).get_model_matrix(fit.problem.rows.data, na_action="ignore", context=FUNCTIONS)
        aligned = _align(fit, new, names_in(term.source, known, fit.problem.parsed.text))
        frame = matrix.model_spec.get_model_matrix(aligned, na_action="ignore", context=FUNCTIONS)
        names = [str(c) for c in frame.columns]
        parts.append(np.asarray(frame, dtype=float)[:, [names.index(n) for n in term.names]])
    return np.concatenate(parts, axis=1)


def _label_text(seen: pd.Series, new: pd.Series) -> pd.Series:
    """Labels as text, as the fitted ones are: whole numbers that a missing value had made decimal are whole."""
    text = new.astype(str)
    if pd.api.types.is_integer_dtype(seen.dtype) and pd.api.types.is_float_dtype(new.dtype):
        whole = (new == new.round()).fillna(False).to_numpy(dtype=bool)
        text = text.mask(whole, new.where(whole, 0).astype(np.int64).astype(str))
    return text


def group_index(fit: Any, f: int, new: pd.DataFrame) -> Ints:
    """Position of each new row's group among the labels, -1 where it was not seen."""
    grouping = fit.problem.groupings[f]
    for name in grouping.group:
        if name not in new.columns:
            raise ModelError(f"predict: the new data have no grouping variable {name!r}; use re='none'")
    columns = [_label_text(fit.problem.rows.data[name], new[name]) for name in grouping.group]
    values = columns[0] if len(grouping.group) == 1 else pd.concat(columns, axis=1).agg(":".join, axis=1)
    index = pd.Index(grouping.labels.astype(str)).get_indexer(pd.Index(values))
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
