"""Estimated marginal means and slopes, and contrasts of them (as R's emmeans)."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from .adjust import adjust_p
from .arrays import Bools, Floats
from .errors import ModelError
from .grid import averaged_rows, cell_weights, reference_grid
from .inference import Basis, linear


class MarginalMeans(pd.DataFrame):
    """Marginal means or slopes: the columns of `by`, then `estimate se df statistic p low high`.

    `contrasts` compares the rows; whatever pandas derives from it is an ordinary frame.
    """

    _metadata = ["_basis", "_beta", "_rows", "_unknown", "_offset", "_by", "_level"]
    _basis: Basis
    _beta: Floats
    _rows: Floats
    _unknown: Floats
    _offset: float
    _by: list[str]
    _level: float

    @property
    def _constructor(self) -> Any:
        return pd.DataFrame

    @property
    def rows(self) -> Floats:
        """The linear functions of the coefficients behind the rows (r, p)."""
        return self._rows

    def contrasts(
        self,
        method: str | dict[str, Any] = "pairwise",
        within: str | list[str] | None = None,
        adjust: str = "holm",
        level: float | None = None,
    ) -> pd.DataFrame:
        """Contrasts of the means.

        Parameters
        ----------
        method
            "pairwise" (first - second), "revpairwise" (second - first), "consecutive" (each - the one before),
            "versus-first" (each - first), "versus-mean" (each - mean of all), or a mapping of a label to weights,
            one per mean of a family.
        within
            Columns of `by` that are held: one family of contrasts for each of their combinations.
        adjust
            "holm" (default), "tukey" (pairwise only), "bonferroni" or "none"; intervals are not adjusted.

        Returns
        -------
        DataFrame
            The columns of `within`, `contrast`, `estimate se df statistic p p_adjusted low high`.

        Raises
        ------
        ModelError
            An unknown method or column, or weights of the wrong length.
        """
        held = [within] if isinstance(within, str) else list(within or [])
        for name in held:
            if name not in self._by:
                raise ModelError(f"contrasts: {name!r} is not among the columns {', '.join(map(repr, self._by))}")
        free = [v for v in self._by if v not in held]
        keys = self[held].astype(str).agg("\x1f".join, axis=1) if held else pd.Series("", index=self.index)
        tables = []
        for key in dict.fromkeys(keys):
            index = np.flatnonzero((keys == key).to_numpy())
            labels = [" ".join(str(v) for v in row) for row in self.iloc[index][free].itertuples(index=False)]
            names, weights, pairwise = _weights(method, labels)
            constant = self._offset * weights.sum(axis=1)
            block = linear(self._basis, self._beta, weights @ self._rows[index], constant)
            table = block.table(pd.RangeIndex(len(names)), level or self._level)
            table.loc[~determined(weights @ self._unknown[index])] = np.nan
            n_means = len(index) if pairwise else None
            adjusted = adjust_p(
                table["p"].to_numpy(), adjust, table["statistic"].to_numpy(), table["df"].to_numpy(), n_means
            )
            table.insert(list(table.columns).index("p") + 1, "p_adjusted", adjusted)
            table.insert(0, "contrast", names)
            for place, name in enumerate(held):
                table.insert(place, name, [self.iloc[index[0]][name]] * len(table))
            tables.append(table)
        return pd.concat(tables, ignore_index=True)


def _weights(method: str | dict[str, Any], labels: list[str]) -> tuple[list[str], Floats, bool]:
    n = len(labels)
    eye = np.eye(n)
    if isinstance(method, dict):
        rows = []
        for name, values in method.items():
            row = np.asarray(values, dtype=float)
            if row.shape != (n,):
                raise ModelError(f"contrast {name!r} has {row.size} weights for {n} means ({', '.join(labels)})")
            rows.append(row)
        return list(method), np.array(rows), False
    if n < 2:
        raise ModelError("contrasts need at least two means in each family")
    if method in ("pairwise", "revpairwise"):
        pairs = list(combinations(range(n), 2))
        if method == "revpairwise":
            pairs = [(j, i) for i, j in pairs]
        return [f"{labels[i]} - {labels[j]}" for i, j in pairs], np.array([eye[i] - eye[j] for i, j in pairs]), True
    if method == "consecutive":
        names = [f"{labels[i]} - {labels[i - 1]}" for i in range(1, n)]
        return names, np.array([eye[i] - eye[i - 1] for i in range(1, n)]), False
    if method == "versus-first":
        return [f"{v} - {labels[0]}" for v in labels[1:]], eye[1:] - eye[0], False
    if method == "versus-mean":
        return [f"{v} - mean" for v in labels], eye - 1.0 / n, False
    raise ModelError(
        f"contrasts: method {method!r} is not 'pairwise', 'revpairwise', 'consecutive', "
        "'versus-first', 'versus-mean' or a mapping"
    )


def unknown_part(fit: Any, rows: Floats) -> Floats:
    """How rows over all columns of X depend on the columns that were dropped (r, dropped): zero if they do not."""
    kept = fit.problem.scaled.kept
    x = fit.problem.design.x
    dropped = [j for j in range(x.shape[1]) if j not in kept]
    relation = np.linalg.lstsq(x[:, kept], x[:, dropped], rcond=None)[0]
    gap: Floats = (rows[:, kept] @ relation - rows[:, dropped]) / (1.0 + np.abs(rows).max(initial=0.0))
    return gap


def determined(unknown: Floats) -> Bools:
    """Which rows the data determine, whatever was dropped."""
    out: Bools = np.all(np.abs(unknown) < 1e-6, axis=1)
    return out


def marginal(
    basis: Basis,
    beta: Floats,
    cells: pd.DataFrame,
    rows: Floats,
    unknown: Floats,
    by: list[str],
    level: float,
    offset: float = 0.0,
) -> MarginalMeans:
    """Assemble the table for averaged rows (cells, p); `offset` is added to every estimate."""
    table = linear(basis, beta, rows, offset).table(pd.RangeIndex(len(rows)), level)
    table.loc[~determined(unknown)] = np.nan
    for place, name in enumerate(by):
        table.insert(place, name, cells[name].to_numpy())
    out = MarginalMeans(table)
    out._basis, out._beta, out._rows, out._unknown, out._offset = basis, beta, rows, unknown, offset
    out._by, out._level = by, level
    out.attrs["df"] = basis.method
    return out


def emmeans(
    fit: Any, basis: Basis, beta: Floats, by: str | list[str], at: dict[str, Any] | None, weights: str, level: float
) -> MarginalMeans:
    """See `LmmFit.emmeans`."""
    names = [by] if isinstance(by, str) else list(by)
    grid, averaged = reference_grid(fit, names, at)
    cells, rows, unknown = _averaged(fit, grid, names, cell_weights(fit, grid, names, averaged, weights))
    given = fit.problem.design.offset
    return marginal(basis, beta, cells, rows, unknown, names, level, 0.0 if given is None else float(given.mean()))


def _averaged(fit: Any, grid: pd.DataFrame, by: list[str], weight: Floats) -> tuple[pd.DataFrame, Floats, Floats]:
    """Cells of `by`, their averaged rows over the columns that are used, and what dropped columns leave unknown."""
    cells, rows = averaged_rows(fit, grid, by, weight)
    if len(fit.problem.scaled.kept) == fit.problem.design.x.shape[1]:
        return cells, rows, np.zeros((len(rows), 0))
    return cells, rows, unknown_part(fit, averaged_rows(_AllColumns(fit), grid, by, weight)[1])


class _AllColumns:
    """A view of a fit whose fixed rows keep the dropped columns too."""

    def __init__(self, fit: Any) -> None:
        self._fit = fit
        scaled = type("Kept", (), {"kept": list(range(fit.problem.design.x.shape[1]))})
        self.problem = type(
            "View",
            (),
            {
                "design": fit.problem.design,
                "rows": fit.problem.rows,
                "scaled": scaled,
                "fixed_variables": fit.problem.fixed_variables,
            },
        )


def emtrends(
    fit: Any, basis: Basis, beta: Floats, var: str, by: str | list[str] | None, at: dict[str, Any] | None, level: float
) -> MarginalMeans:
    """See `LmmFit.emtrends`."""
    from .grid import is_factor

    names = [by] if isinstance(by, str) else list(by or [])
    if var not in fit.problem.rows.data.columns or is_factor(fit, var):
        raise ModelError(f"emtrends: {var!r} is not a numeric variable of the fixed part")
    grid, averaged = reference_grid(fit, names, at)
    if var not in grid:
        raise ModelError(f"emtrends: {var!r} is not in the fixed part")
    values = fit.problem.rows.data[var].to_numpy(dtype=float)
    h = 1e-3 * float(np.ptp(values))
    weight = cell_weights(fit, grid, names, averaged, "equal")
    cells, high, above = _averaged(fit, grid.assign(**{var: grid[var].astype(float) + h}), names, weight)
    _, low, below = _averaged(fit, grid.assign(**{var: grid[var].astype(float) - h}), names, weight)
    if var in names:
        raise ModelError(f"emtrends: {var!r} cannot be both the variable and in by; use at={{{var!r}: ...}}")
    return marginal(basis, beta, cells, (high - low) / (2.0 * h), (above - below) / (2.0 * h), names, level)
