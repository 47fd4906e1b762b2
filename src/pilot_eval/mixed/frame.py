"""Takes the rows a model needs out of a data frame: complete, finite, with the levels that occur.

What is dropped is counted by reason; what cannot be right (infinite values, text where numbers belong,
unknown variables, weights that are not positive) stops here with the variable's name and the remedy.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .arrays import Bools, Floats
from .errors import ModelError
from .formula import ParsedFormula, formulaic_formula


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


def names_in(text: str, columns: list[str], formula: str) -> list[str]:
    """The variables that formulaic text names, in order of appearance."""
    quoted = list(dict.fromkeys(re.findall(r"`([^`]+)`", text)))
    plain = text
    for i, name in enumerate(quoted):
        plain = plain.replace(f"`{name}`", f"quoted_{i}_")
    try:
        found = {str(v) for v in formulaic_formula(plain).required_variables}
    except Exception as error:
        raise ModelError(f"formula {formula!r}: cannot read {text!r} ({error})") from error
    # a column that shares its name with one of formulaic's functions (cc, log) is not among those found
    words = re.findall(r"(?<![\w.'\"])([A-Za-z_]\w*)(?![\w'\"]*\s*\()", plain)
    found |= {w for w in words if w in columns}
    ordered = sorted(found, key=plain.find)
    return [quoted[int(v.split("_")[1])] if v.startswith("quoted_") else v for v in ordered]


def variables(parsed: ParsedFormula, columns: list[str]) -> list[str]:
    """The data columns that a formula names, in order of appearance; an unknown name is a ModelError."""
    # expressions are arithmetic, the fixed part and the columns of random terms are formulas
    single = [parsed.response, *([parsed.trials] if parsed.trials else []), *parsed.offsets]
    texts = {text: text if text in columns else f"I({text})" for text in single}
    texts |= {text: text for text in [parsed.fixed, *(term.columns for term in parsed.random)]}
    names: dict[str, None] = {}
    for text, readable in texts.items():
        if text in columns:
            names[text] = None
            continue
        if text in ("1", "0"):
            continue
        names.update(dict.fromkeys(names_in(readable, columns, parsed.text)))
    for term in parsed.random:
        names.update(dict.fromkeys(term.group))
    for name in names:
        if name not in columns:
            close = difflib.get_close_matches(name, columns, n=1, cutoff=0.5)
            hint = f"; did you mean {close[0]!r}?" if close else f"; the data have {', '.join(map(repr, columns[:12]))}"
            raise ModelError(f"formula {parsed.text!r}: there is no variable {name!r} in the data{hint}")
    return list(names)


def _vector(what: str, value: Any, data: pd.DataFrame) -> Floats | None:
    if value is None:
        return None
    if isinstance(value, str):
        if value not in data.columns:
            raise ModelError(f"{what}: there is no variable {value!r} in the data")
        value = data[value]
    try:
        out = np.asarray(value, dtype=float)
    except (TypeError, ValueError) as error:
        raise ModelError(f"{what}: the values are not numbers") from error
    if out.shape != (len(data),):
        raise ModelError(f"{what}: {out.shape} values for {len(data)} rows; give one per row of the data")
    return out


def _rows(index: pd.Index, where: Bools) -> str:
    labels = [str(v) for v in index[where][:5]]
    return ", ".join(labels) + (f" and {int(where.sum()) - 5} more" if where.sum() > 5 else "")


def numeric(name: str, column: pd.Series) -> Floats:
    """A column as floats; text is a ModelError that names the variable."""
    if not pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        example = column.dropna().iloc[:1].to_list()
        raise ModelError(
            f"{name!r} holds text ({example[0]!r}, …) where numbers belong; convert it first"
            if example
            else f"{name!r} holds no values"
        )
    return column.to_numpy(dtype=float, na_value=np.nan)


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
    names = variables(parsed, [str(c) for c in data.columns])
    groups = {g for term in parsed.random for g in term.group}
    frame = data[names]
    keep = np.ones(len(frame), dtype=bool)
    dropped: dict[str, int] = {}
    for name in names:
        column = frame[name]
        if name == parsed.response and numeric_response:
            numeric(name, column)
        missing = column.isna().to_numpy()
        if missing.any():
            dropped[name] = int(missing.sum())
            keep &= ~missing
        if pd.api.types.is_float_dtype(column.dtype) and name not in groups:
            infinite = np.isinf(column.to_numpy(dtype=float, na_value=np.nan))
            if infinite.any():
                raise ModelError(
                    f"{name!r} is infinite in {int(infinite.sum())} rows (index {_rows(frame.index, infinite)}); "
                    "set them to missing or correct them"
                )
    extra = {"weights": _vector("weights", weights, data), "offset": _vector("offset", offset, data)}
    for what, vector in extra.items():
        if vector is not None:
            missing = np.isnan(vector)
            if missing.any():
                dropped[what] = int(missing.sum())
                keep &= ~missing
            if np.isinf(vector).any():
                raise ModelError(f"{what}: infinite in rows {_rows(frame.index, np.isinf(vector))}")
    w = extra["weights"]
    if w is not None and (w[keep] <= 0).any():
        bad = keep & (w <= 0)
        raise ModelError(
            f"weights must be positive; {int(bad.sum())} are zero or negative (rows {_rows(frame.index, bad)}); "
            "leave these rows out of the data"
        )
    if not keep.any():
        worst = max(dropped, key=lambda k: dropped[k]) if dropped else "the data"
        count = f"{dropped.get(worst, 0)} of {len(frame)} rows"
        raise ModelError(f"no complete row is left; {worst!r} is missing in {count}")
    if not keep.all():
        frame = frame.loc[keep]
        extra = {k: None if v is None else v[keep] for k, v in extra.items()}
    converted = {}
    for name in names:
        column = frame[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            if not keep.all() or len(column.cat.categories) > column.nunique():
                converted[name] = column.cat.remove_unused_categories()
        elif pd.api.types.is_extension_array_dtype(column.dtype) and pd.api.types.is_numeric_dtype(column.dtype):
            converted[name] = pd.Series(column.to_numpy(dtype=float), index=column.index)
        elif name not in groups and not pd.api.types.is_numeric_dtype(column.dtype):
            converted[name] = _text_factor(name, column)
    if converted:
        frame = frame.assign(**converted)
    return CleanRows(frame, extra["weights"], extra["offset"], keep, dropped)


def _text_factor(name: str, column: pd.Series) -> pd.Series:
    """Text as a categorical with levels sorted by code point."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        raise ModelError(f"{name!r} is a date; turn it into a number (days since …) or a category first")
    codes, found = pd.factorize(column)
    levels = sorted(found, key=str)
    place = {v: i for i, v in enumerate(levels)}
    ranks = np.array([place[v] for v in found], dtype=np.int64)
    values = pd.Categorical.from_codes(ranks[codes], categories=pd.Index(levels, dtype=object))
    return pd.Series(values, index=column.index)
