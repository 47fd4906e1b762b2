"""Conditional modes and a group's own coefficients, with the uncertainty of all parameters to first order.

Var(u_hat - u) = T M^-1 T' + J S J', with S the covariance of the parameters and J the change of the modes with them
(generalised delta method, as TMB's sdreport; Kass & Steffey 1989), J by central differences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..arrays import Floats
from ..effects import normal_quantile
from ..errors import ModelError
from .laplace import inner_minimum

if TYPE_CHECKING:
    from .fit import GeneralizedFit


def modes(fit: GeneralizedFit, f: int, psi: Floats | None = None) -> Floats:
    """Modes of factor f at parameters `psi` (default: the optimum), data's units (n_f, q_f)."""
    arrays = fit.problem.arrays
    inner = fit.inner if psi is None else inner_minimum(arrays, psi, fit.inner.u)
    theta = arrays.split(fit.optimum.psi if psi is None else psi)[2]
    u = inner.u.finest if f == 0 else inner.u.rest[arrays.blocks.slots[f - 1]]
    half = fit.problem.scaled.z_back[f] @ fit.problem.t_internal(theta)[f]
    out: Floats = u @ half.T
    return out


def modes_table(fit: GeneralizedFit, f: int) -> pd.DataFrame:
    grouping = fit.problem.groupings[f]
    return pd.DataFrame(modes(fit, f), index=pd.Index(grouping.labels, name=grouping.name), columns=grouping.columns)


def conditional_covariance(fit: GeneralizedFit, f: int) -> Floats:
    """T M^-1 T' of each group, data's units (n_f, q_f, q_f)."""
    half = fit.problem.scaled.z_back[f] @ fit.problem.t_internal(fit.theta_internal)[f]
    out: Floats = half @ fit.inner.factor.covariance(f) @ half.T
    return out


def _coefficient(fit: GeneralizedFit, psi: Floats, name: str) -> float:
    """A fixed effect in the data's units at parameters `psi`; 0 if the fixed part lacks it."""
    if name not in fit.fixef.index:
        return 0.0
    beta = fit.named_beta(fit.problem.arrays.split(psi)[1])
    return float(beta[list(fit.fixef.index).index(name)])


def standard_errors(fit: GeneralizedFit, f: int, column: int, fixed: str | None) -> Floats:
    """Of each group's effect in one column, plus the fixed effect named `fixed` (n_f,)."""
    psi, covariance = fit.optimum.psi, fit.optimum.covariance

    def total(at: Floats) -> Floats:
        own = modes(fit, f, at)[:, column]
        return own if fixed is None else own + _coefficient(fit, at, fixed)

    spread = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    jacobian = np.zeros((fit.problem.groupings[f].n_groups, len(psi)))
    for j in np.flatnonzero(spread > 0):
        move = np.zeros(len(psi))
        move[j] = 1e-3 * min(float(spread[j]), 1.0)
        jacobian[:, j] = (total(psi + move) - total(psi - move)) / (2.0 * move[j])
    variance = conditional_covariance(fit, f)[:, column, column]
    variance = variance + np.einsum("nj,jk,nk->n", jacobian, covariance, jacobian)
    out: Floats = np.sqrt(np.maximum(variance, 0.0))
    return out


def ranef_table(fit: GeneralizedFit, f: int, interval: float | None) -> pd.DataFrame:
    """Modes; with an interval also `<term>:se`, `<term>:low`, `<term>:high`."""
    table = modes_table(fit, f)
    if interval is None:
        return table
    z = normal_quantile(interval)
    columns: dict[str, Floats] = {}
    for i, name in enumerate(table.columns):
        value, se = table[name].to_numpy(), standard_errors(fit, f, i, None)
        columns[name], columns[f"{name}:se"] = value, se
        columns[f"{name}:low"], columns[f"{name}:high"] = value - z * se, value + z * se
    return pd.DataFrame(columns, index=table.index)


def area_effects(fit: GeneralizedFit, term: str, f: int, new: bool, level: float) -> pd.DataFrame:
    """See `GeneralizedFit.area_effects`.

    Raises
    ------
    ModelError
        The group has no random part of that name.
    """
    grouping = fit.problem.groupings[f]
    if term not in grouping.columns:
        raise ModelError(
            f"{grouping.name!r} has no random {term!r}; its random columns are {', '.join(map(repr, grouping.columns))}"
        )
    j, z = grouping.columns.index(term), normal_quantile(level)
    fixed = float(fit.fixef.get(term, 0.0))
    if new:
        own = float(fit.se.get(term, 0.0))
        se = np.array([np.sqrt(fit.covariances[f][j, j] + own**2)])
        estimate, labels = np.array([fixed]), pd.Index(["(new)"], name=grouping.name)
    else:
        se, labels = standard_errors(fit, f, j, term), pd.Index(grouping.labels, name=grouping.name)
        estimate = fixed + modes(fit, f)[:, j]
    columns = {"estimate": estimate, "se": se, "low": estimate - z * se, "high": estimate + z * se}
    return pd.DataFrame(columns, index=labels)
