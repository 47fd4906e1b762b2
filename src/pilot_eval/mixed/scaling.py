"""Internal centring and scaling, so that units and origins do not cost digits.

X becomes X A (centred where there is an intercept), y is centred and scaled, and the columns of each unstructured
random term are transformed likewise: an unstructured covariance is closed under linear maps, so the model stays
the same. Terms without an intercept column, as those of ``||``, are scaled only: their origin is part of the model.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from .arrays import Floats, Ints
from .design import Design
from .errors import ModelError, RankDeficientWarning

#: rows of X that are looked at in one piece
CHUNK = 50_000
#: a column of X that keeps less than this share of its square next to the earlier ones is made orthogonal to them
NEARLY_DEPENDENT = 0.02


@dataclass(frozen=True)
class Scaled:
    """Internal columns and the way back.

    `columns` (n, d - 1) are the distinct internal columns, unweighted; `x`, `z[f]` positions among them;
    `x_back` (p, p): b = y_scale * x_back b_int + y_shift e_0; `z_back[f]` (q, q): u = z_back u_int.
    `kept` are the columns of X that are used.
    """

    columns: Floats
    x: Ints
    z: list[Ints]
    x_back: Floats
    z_back: list[Floats]
    kept: list[int]
    y_shift: float
    y_scale: float
    intercept: bool

    def coefficients(self, internal: Floats) -> Floats:
        """Fixed effects in the data's units from internal ones, (..., p)."""
        out = self.y_scale * (internal @ self.x_back.T)
        if self.intercept and out.shape[-1]:
            out[..., 0] += self.y_shift
        return out


class _Columns:
    """Collects distinct columns; two columns of one name and one transformation are the same column."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.index: dict[tuple[str, float, float], int] = {}
        self.values: list[tuple[Floats, float, float]] = []

    def add(self, name: str, raw: Floats, shift: float, scale: float) -> int:
        key = (name, shift, scale)
        if key not in self.index:
            self.index[key] = len(self.values)
            self.values.append((raw, shift, scale))
        return self.index[key]

    def stacked(self) -> Floats:
        """All columns (n, d - 1), row by row in memory."""
        out = np.empty((self.n, len(self.values)))
        for i, (raw, shift, scale) in enumerate(self.values):
            np.divide(raw - shift, scale, out=out[:, i])
        return out


def independent(
    x: Floats, shifts: Floats, scales: Floats, weights: Floats | None, tolerance: float = 1e-7
) -> tuple[list[int], Floats]:
    """Columns of the scaled X that are not combinations of earlier ones, as R's qr() keeps them, and X'X."""

    if not x.shape[1]:
        return [], np.zeros((0, 0))

    def scaled(rows: slice) -> Floats:
        out: Floats = (x[rows] - shifts) / scales
        return out if weights is None else out * np.sqrt(weights[rows])[:, None]

    gram = np.zeros((x.shape[1], x.shape[1]))
    for begin in range(0, len(x), CHUNK):
        part = scaled(slice(begin, begin + CHUNK))
        gram += part.T @ part
    size = np.sqrt(np.diag(gram))
    if (size > 0).all():
        try:
            # the square of each pivot is what its column adds to the earlier ones
            if np.diag(np.linalg.cholesky(gram / np.outer(size, size))).min() > 1e-4:
                return list(range(x.shape[1])), gram
        except np.linalg.LinAlgError:
            pass
    return orthogonalise(scaled(slice(None)), tolerance), gram


def orthogonalise(x: Floats, tolerance: float) -> list[int]:
    """Gram-Schmidt from left to right; a column that leaves less than `tolerance` of itself is dropped."""
    kept: list[int] = []
    basis = np.empty((len(x), 0))
    for j in range(x.shape[1]):
        column = x[:, j]
        norm = np.linalg.norm(column)
        if norm == 0.0:
            continue
        rest = column - basis @ (basis.T @ column)
        rest = rest - basis @ (basis.T @ rest)
        left = np.linalg.norm(rest)
        if left > tolerance * norm:
            kept.append(j)
            basis = np.column_stack([basis, rest / left])
    return kept


def _spread(column: Floats) -> tuple[float, float]:
    mean = float(column.mean())
    sd = float(column.std())
    return mean, sd if sd > 1e-12 * abs(mean) else 0.0


def _fixed_columns(
    columns: _Columns, design: Design, kept: list[int], shifts: Floats, scales: Floats, gram: Floats, x_back: Floats
) -> list[int]:
    """Positions of X's internal columns; one that nearly depends on earlier ones is made orthogonal to them.

    (year, group and year x group with year = 2016: the product is nearly 2016 times the group.) `x_back` is
    changed in place where a column is.
    """
    x: list[int] = []
    inner = gram[np.ix_(kept, kept)]
    plain: list[Floats] = []
    for place, j in enumerate(kept):
        size = inner[place, place]
        before = inner[:place, :place]
        coefficients = np.linalg.solve(before, inner[:place, place]) if place else np.zeros(0)
        left = size - coefficients @ inner[:place, place]
        column = (design.x[:, j], float(shifts[j]), float(scales[j]))
        if left > NEARLY_DEPENDENT * size:
            x.append(columns.add(design.x_names[j], *column))
            continue
        if not plain:
            plain = [(design.x[:, k] - shifts[k]) / scales[k] for k in kept]
        rest = plain[place] - sum(c * plain[k] for k, c in enumerate(coefficients))
        spread = float(np.sqrt(np.mean(rest * rest)))
        x.append(columns.add(f"{design.x_names[j]} given the columns before", rest, 0.0, spread))
        x_back[:, place] = (x_back[:, place] - _combination(x_back, shifts, scales, kept, coefficients)) / spread
    return x


def _combination(x_back: Floats, shifts: Floats, scales: Floats, kept: list[int], coefficients: Floats) -> Floats:
    """The combination of the plain scaled columns with these coefficients, in terms of the data's columns."""
    out = np.zeros(len(x_back))
    for k, c in enumerate(coefficients):
        out[k] += c / scales[kept[k]]
        if k and shifts[kept[k]]:
            out[0] -= c * shifts[kept[k]] / scales[kept[k]]
    return out


def scale(design: Design, weights: Floats | None = None, centre_response: bool = True) -> Scaled:
    """Choose internal columns for a design; drops columns of X that are linear combinations, with a warning.

    Raises
    ------
    ModelError
        A random term whose column does not vary, or that names a column twice for one group.
    """
    n = len(design.y)
    columns = _Columns(n)
    intercept = bool(design.x_names) and design.x_names[0] == "Intercept"
    shifts, scales = np.zeros(design.x.shape[1]), np.ones(design.x.shape[1])
    for j in range(int(intercept), design.x.shape[1]):
        raw = design.x[:, j]
        if intercept:
            shifts[j], scales[j] = _spread(raw)
        else:
            scales[j] = np.sqrt(np.mean(raw * raw))
    scales[scales == 0.0] = 1.0
    kept, gram = independent(design.x, shifts, scales, weights)
    if len(kept) < design.x.shape[1]:
        gone = [design.x_names[j] for j in range(design.x.shape[1]) if j not in kept]
        warnings.warn(
            f"the fixed part is rank deficient: dropped {', '.join(map(repr, gone))}, "
            "linear combinations of the other columns (an empty cell, or a variable given twice)",
            RankDeficientWarning,
            stacklevel=5,
        )
    x_back = np.diag(1.0 / scales[kept]) if kept else np.zeros((0, 0))
    if intercept and kept:
        x_back[0, 1:] = -shifts[kept[1:]] / scales[kept[1:]]
    x = _fixed_columns(columns, design, kept, shifts, scales, gram, x_back)
    z, z_back = [], []
    for grouping in design.groupings:
        at: list[int] = []
        back = np.zeros((len(grouping.columns), len(grouping.columns)))
        start = 0
        for term in grouping.terms:
            width = term.values.shape[1]
            constant = [i for i in range(width) if np.ptp(term.values[:, i]) == 0.0]
            has_one = term.names[0] == "Intercept"
            for i in constant:
                if not (i == 0 and has_one):
                    raise ModelError(
                        f"({term.source} | {grouping.name}): {term.names[i]!r} does not vary in the rows used, "
                        "so it has no slope; leave it out of the random term"
                    )
            for i, name in enumerate(term.names):
                raw = term.values[:, i]
                shift, spread = 0.0, 1.0
                if has_one and i > 0:
                    shift, spread = _spread(raw)
                elif not has_one:
                    spread = float(np.sqrt(np.mean(raw * raw)))
                at.append(columns.add(name, raw, shift, spread))
                back[start + i, start + i] = 1.0 / spread
                if has_one and i > 0:
                    back[start, start + i] = -shift / spread
            start += width
        if len(set(at)) < len(at) or len(set(grouping.columns)) < len(grouping.columns):
            twice = next(c for c in grouping.columns if grouping.columns.count(c) > 1)
            raise ModelError(
                f"the random terms of {grouping.name!r} name {twice!r} twice; "
                f"write (0 + x | {grouping.name}) for a slope without its own intercept"
            )
        z.append(np.array(at))
        z_back.append(back)
    y_shift, y_scale = 0.0, 1.0
    if centre_response:
        values = design.y if design.offset is None else design.y - design.offset
        y_shift, y_scale = _spread(values)
        if not intercept:
            y_shift, y_scale = 0.0, float(np.sqrt(np.mean(values * values)))
        y_scale = y_scale or 1.0
    return Scaled(columns.stacked(), np.array(x, dtype=np.int64), z, x_back, z_back, kept, y_shift, y_scale, intercept)
