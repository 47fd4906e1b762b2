"""A group's own coefficient in a generalised fit, with the uncertainty of the fixed part and of the group's effect.

Given the data, u is about normal around its mode with covariance (Z'WZ + Sigma^-1)^-1, and the mode moves with the
fixed part: du/db = -(Z'WZ + Sigma^-1)^-1 Z'WX, du/dpsi likewise (implicit function theorem). theta is taken as known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .arrays import Floats
from .conditional import conditional_covariance
from .effects import effect_place, interval_table
from .objective import eliminate

if TYPE_CHECKING:
    from .glmm import GlmmFit


def mode_slopes(fit: GlmmFit, f: int) -> Floats:
    """Derivative of factor f's modes with respect to (b, psi), internal units: (n_f, q, p + n_psi)."""
    target, modes, theta = fit.target, fit.modes, fit.optimum.theta
    rows = fit.family.rows(modes.eta, fit.psi)
    rights = [-rows.weight * column for column in target.x.T]
    rights += list(fit.family.psi_rows(modes.eta, fit.psi).score)
    t = [template.matrix(theta[None])[0] for template in target.layout.templates]
    out = np.empty((*modes.effects[f].shape, len(rights)))
    for k, right in enumerate(rights):
        products = target.weighted(rows.weight, right)
        out[:, :, k] = target.solve_modes(products, eliminate(products, target.layout, theta[None]), t)[1][f]
    return out


def area_effects_general(fit: GlmmFit, term: str, group: str, new: bool, level: float) -> pd.DataFrame:
    """See `GlmmFit.area_effects`."""
    f, j, i = effect_place(fit, term, group)
    fixed = float(fit.beta[i]) if i is not None else 0.0
    if new:
        variance = fit.covariances[f][j, j] + (fit.covariance[i, i] if i is not None else 0.0)
        return interval_table(np.array([fixed]), np.sqrt([variance]), ["(new)"], fit.problem.groupings[f].name, level)
    back = fit.problem.scaled.z_back[f][j]
    weight = np.einsum("q,nqk->nk", back, mode_slopes(fit, f))
    if i is not None:
        weight = weight + fit.back[i]
    variance = np.einsum("nk,kl,nl->n", weight, fit.internal_covariance, weight)
    variance = variance + np.einsum("q,nqr,r->n", back, conditional_covariance(fit.target, fit.modes, f), back)
    place = fit.problem.structure.original[f]
    estimate, se = np.empty(len(weight)), np.empty(len(weight))
    estimate[place], se[place] = fixed + fit.modes.effects[f] @ back, np.sqrt(variance)
    grouping = fit.problem.groupings[f]
    return interval_table(estimate, se, grouping.labels, grouping.name, level)
