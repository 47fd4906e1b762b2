"""Estimates, standard errors, degrees of freedom, tests and intervals of linear functions of the coefficients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import pandas as pd

from .arrays import Floats

DfMethod = Literal["satterthwaite", "kenward-roger", "normal"]
METHODS = ("satterthwaite", "kenward-roger", "normal")


class Basis(Protocol):
    """What a method of small-sample inference answers; contrasts (r, p) are on the data's coefficients."""

    @property
    def method(self) -> str: ...

    def covariance(self) -> Floats: ...

    def df(self, contrasts: Floats) -> Floats: ...

    def f_test(self, contrasts: Floats) -> tuple[float, int, float]: ...


@dataclass(frozen=True)
class Linear:
    """Linear functions L b with their covariance and degrees of freedom; `labels` name the rows."""

    estimate: Floats
    covariance: Floats
    df: Floats
    contrasts: Floats

    def table(self, labels: pd.Index, level: float = 0.95) -> pd.DataFrame:
        """estimate, se, df, statistic, p, low, high."""
        from scipy.special import stdtr, stdtrit

        se = np.sqrt(np.maximum(np.diag(self.covariance), 0.0))
        with np.errstate(divide="ignore", invalid="ignore"):
            statistic = self.estimate / se
        df = np.minimum(self.df, 1e10)
        p = 2.0 * stdtr(df, -np.abs(statistic))
        half = stdtrit(df, 0.5 + level / 2.0) * se
        return pd.DataFrame(
            {
                "estimate": self.estimate,
                "se": se,
                "df": self.df,
                "statistic": statistic,
                "p": p,
                "low": self.estimate - half,
                "high": self.estimate + half,
            },
            index=labels,
        )


def linear(basis: Basis, beta: Floats, contrasts: Floats, constant: Floats | float = 0.0) -> Linear:
    """Evaluate contrasts (r, p) of the coefficients (p,), plus a constant."""
    covariance = contrasts @ basis.covariance() @ contrasts.T
    return Linear(contrasts @ beta + constant, covariance, basis.df(contrasts), contrasts)


def contrast_rows(contrast: object, names: list[str]) -> tuple[Floats, pd.Index]:
    """Contrasts given as a vector, a matrix, a mapping of coefficient to weight, or a frame, as rows (r, p).

    Raises
    ------
    ValueError
        A name that is no coefficient, or a length that does not fit.
    """
    from .errors import ModelError

    if isinstance(contrast, dict):
        if contrast and all(isinstance(v, (dict, list, tuple, np.ndarray, pd.Series)) for v in contrast.values()):
            rows = [contrast_rows(v, names)[0] for v in contrast.values()]
            return np.vstack(rows), pd.Index(list(contrast))
        contrast = pd.Series(contrast, dtype=float)
    if isinstance(contrast, pd.Series):
        unknown = [str(i) for i in contrast.index if i not in names]
        if unknown:
            raise ModelError(f"there is no coefficient {unknown[0]!r}; the model has {', '.join(map(repr, names))}")
        row = contrast.reindex(names).fillna(0.0).to_numpy(dtype=float)
        return row[None], pd.Index([contrast.name if contrast.name is not None else "contrast"])
    if isinstance(contrast, pd.DataFrame):
        parts = [contrast_rows(row, names)[0] for _, row in contrast.iterrows()]
        return np.vstack(parts), contrast.index
    matrix: Floats = np.atleast_2d(np.asarray(contrast, dtype=float))
    if matrix.ndim != 2 or matrix.shape[1] != len(names):
        raise ModelError(f"a contrast needs {len(names)} weights, one per coefficient ({', '.join(names)})")
    labels = ["contrast"] if len(matrix) == 1 else [f"contrast {i + 1}" for i in range(len(matrix))]
    return matrix, pd.Index(labels)


def anova_table(basis: Basis, hypotheses: dict[str, Floats]) -> pd.DataFrame:
    """F tests of named hypotheses L b = 0: num_df, den_df, statistic, p."""
    from scipy.special import chdtrc, fdtrc

    rows = []
    for contrasts in hypotheses.values():
        statistic, num, den = basis.f_test(contrasts)
        p = chdtrc(num, num * statistic) if np.isinf(den) else fdtrc(num, den, max(statistic, 0.0))
        rows.append((num, den, statistic, float(p)))
    table = pd.DataFrame(rows, columns=["num_df", "den_df", "statistic", "p"], index=pd.Index(hypotheses, name="term"))
    table.attrs["df"] = basis.method
    return table
