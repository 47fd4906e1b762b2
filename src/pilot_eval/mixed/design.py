"""From clean rows to arrays: response, fixed-effects matrix, random-effects columns and group codes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .arrays import Floats, Ints
from .columns import numeric, row_labels
from .errors import ModelError
from .formula import FUNCTIONS, ParsedFormula, RandomTerm, formulaic_formula
from .frame import CleanRows
from .variation import check_variables


@dataclass(frozen=True)
class TermColumns:
    """The columns of one random term: raw values (n, q), their names, and how they were made."""

    values: Floats
    names: tuple[str, ...]
    correlated: bool
    source: str


@dataclass(frozen=True)
class Grouping:
    """One grouping factor with all its terms: codes (n,), labels (n_groups,)."""

    name: str
    codes: Ints
    labels: pd.Index
    terms: tuple[TermColumns, ...]
    group: tuple[str, ...]

    @property
    def n_groups(self) -> int:
        return len(self.labels)

    @property
    def columns(self) -> list[str]:
        return [name for term in self.terms for name in term.names]


@dataclass(frozen=True)
class Design:
    """All arrays of a model in the rows' order; `spec` is formulaic's record of the fixed part."""

    y: Floats
    x: Floats
    x_names: list[str]
    terms: dict[str, list[int]]
    offset: Floats | None
    groupings: tuple[Grouping, ...]
    spec: Any


def evaluate(text: str, data: pd.DataFrame) -> Floats:
    """The values of one expression (a column or a transformed one), shape (n,), finite."""
    if text in data.columns:
        return numeric(text, data[text])
    columns = _matrix(f"I({text}) - 1", data, text).values
    if columns.shape[1] != 1:
        raise ModelError(f"{text!r} gives {columns.shape[1]} columns where one is needed")
    out: Floats = columns[:, 0]
    return out


@dataclass(frozen=True)
class _Matrix:
    """formulaic's model matrix (n, columns): values, names, and the record of how they were made."""

    values: Floats
    names: list[str]
    spec: Any


def _matrix(text: str, data: pd.DataFrame, expression: str = "") -> _Matrix:
    """The columns of a formula (or of one expression); what is not finite after a transformation is an error."""
    try:
        # arrays, not a frame: of a small model's time a frame would take the larger part
        with np.errstate(all="ignore"):
            matrix = formulaic_formula(text).get_model_matrix(
                data, na_action="ignore", output="numpy", context=FUNCTIONS
            )
    except ModelError:
        raise
    except Exception as error:
        raise ModelError(f"cannot build the columns of {expression or text!r}: {error}") from error
    values, spec = np.asarray(matrix), matrix.model_spec
    if values.dtype == object:
        raise ModelError(f"{text!r} gives values that are not numbers")
    values = values.astype(float, copy=False)
    names = [str(name) for name in spec.column_names]
    if values.size and not np.isfinite(values.sum()):
        bad = ~np.isfinite(values)
        if bad.any():
            column = int(np.argmax(bad.any(axis=0)))
            raise ModelError(
                f"{expression or names[column]!r} is not finite in {int(bad[:, column].sum())} rows (index "
                f"{row_labels(data.index, bad[:, column])}); a transformation met values that it cannot take"
            )
    return _Matrix(values, names, spec)


def _term_list(text: str) -> tuple[bool, list[str]] | None:
    """Intercept yes or no, and the additive terms of a simple columns formula; None if it is not simple."""
    if re.search(r"[*:~%]", re.sub(r"\*\*", "", text)) or "(" in re.sub(r"C\(\w+\)", "", text):
        return None
    intercept, terms = True, []
    for sign, piece in re.findall(r"(^|[+-])\s*([^+-]+)", text.replace(" ", "")):
        if piece in ("0", "1"):
            intercept = (piece == "1") != (sign == "-")
        elif sign == "-":
            return None
        else:
            terms.append(piece)
    return intercept, terms


def _columns(term: RandomTerm, data: pd.DataFrame, fixed: _Matrix) -> TermColumns:
    """Columns of one random term, taken from the fixed part where both are coded alike (no second parse)."""
    n = len(data)
    simple = _term_list(term.columns)
    if simple == (True, []):
        return TermColumns(np.ones((n, 1)), ("Intercept",), term.correlated, term.columns)
    if simple and simple[0] and "Intercept" in fixed.names:
        slices = {str(t): s for t, s in fixed.spec.term_slices.items()}
        if all(t in slices for t in simple[1]):
            index = [0] + [i for t in simple[1] for i in range(slices[t].start, slices[t].stop)]
            names = tuple(fixed.names[i] for i in index)
            return TermColumns(fixed.values[:, index], names, term.correlated, term.columns)
    matrix = _matrix(term.columns, data)
    if not matrix.names:
        raise ModelError(f"the random term ({term.columns} | {term.label}) has no columns")
    return TermColumns(matrix.values, tuple(matrix.names), term.correlated, term.columns)


def _uncorrelated(term: RandomTerm, columns: TermColumns, data: pd.DataFrame) -> list[TermColumns]:
    """``(a + b || g)`` as one term per column; a factor there is refused, because lme4 reads it otherwise."""
    if any("[" in name for name in columns.names):
        raise ModelError(
            f"({term.columns} || {term.label}): a factor in an uncorrelated term; "
            f"write (1 | {term.label}) and one (0 + dummy | {term.label}) per column, or use '|'"
        )
    return [TermColumns(columns.values[:, [i]], (name,), True, term.columns) for i, name in enumerate(columns.names)]


def _codes(name: str, column: pd.Series) -> tuple[Ints, pd.Index]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes, labels = column.cat.codes.to_numpy().astype(np.int64), column.cat.categories
        used = np.bincount(codes, minlength=len(labels)) > 0
        if not used.all():
            codes, labels = (np.cumsum(used) - 1)[codes], labels[used]
        return codes, labels
    values = column.astype(str) if column.dtype == object else column
    codes, labels = pd.factorize(values, sort=True)
    return codes.astype(np.int64), pd.Index(labels)


def _grouping_codes(group: tuple[str, ...], data: pd.DataFrame) -> tuple[Ints, pd.Index]:
    codes, labels = _codes(group[0], data[group[0]])
    labels = pd.Index([str(v) for v in labels]) if len(group) > 1 else labels
    for name in group[1:]:
        more, names = _codes(name, data[name])
        pair, codes = np.unique(codes * len(names) + more, return_inverse=True)
        labels = pd.Index([f"{labels[k // len(names)]}:{names[k % len(names)]}" for k in pair])
    return codes, labels


def build(parsed: ParsedFormula, rows: CleanRows, response: Floats | None = None) -> Design:
    """Evaluate response, fixed and random parts of a formula on clean rows.

    Parameters
    ----------
    response
        The response where it is not a plain column of numbers (codes of an ordinal variable, shares of trials).

    Raises
    ------
    ModelError
        A variable of the fixed part with one value, a category with one row, a grouping factor with one level,
        a column that cannot be evaluated, a factor in a ``||`` term.
    """
    data = rows.data
    y = evaluate(parsed.response, data) if response is None else response
    check_variables(parsed, data)
    matrix = _matrix(parsed.fixed, data)
    offset = rows.offset
    for text in parsed.offsets:
        value = evaluate(text, data)
        offset = value if offset is None else offset + value
    grouped: dict[tuple[str, ...], list[TermColumns]] = {}
    labelled: dict[tuple[str, ...], str] = {}
    for term in parsed.random:
        columns = _columns(term, data, matrix)
        parts = [columns] if term.correlated else _uncorrelated(term, columns, data)
        grouped.setdefault(term.group, []).extend(parts)
        labelled.setdefault(term.group, term.label)
    groupings = []
    for group, terms in grouped.items():
        codes, labels = _grouping_codes(group, data)
        name = labelled[group]
        if len(labels) < 2:
            raise ModelError(
                f"the grouping factor {name!r} has one level ({labels[0]!r}) in the rows used; "
                "leave its random term out or bring more groups"
            )
        groupings.append(Grouping(name, codes, labels, tuple(terms), group))
    slices = {str(t): list(range(s.start, s.stop)) for t, s in matrix.spec.term_slices.items()}
    return Design(y, matrix.values, matrix.names, slices, offset, tuple(groupings), matrix.spec)
