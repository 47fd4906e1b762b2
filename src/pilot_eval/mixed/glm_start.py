"""Starting values for generalised models."""

from __future__ import annotations

import numpy as np

from .arrays import Floats
from .families import Family


def start_coefficients(family: Family, x: Floats, offset: Floats, psi: Floats) -> Floats:
    """Coefficients without random effects: a few weighted least-squares steps from the data (p,)."""
    if x.shape[1] == 0:
        return np.zeros(0)
    beta = np.zeros(x.shape[1])
    eta = family.start_eta()
    if family.name == "cumulative-logit":
        eta = offset.copy()
    best = -np.inf
    for _ in range(25):
        rows = family.rows(eta, psi)
        weight = np.maximum(rows.weight, 1e-8)
        working = eta - offset + rows.score / weight
        gram = x.T @ (x * weight[:, None])
        gram[np.diag_indices_from(gram)] += 1e-8 * np.trace(gram) / len(gram)
        new = np.linalg.solve(gram, x.T @ (weight * working))
        value = float(family.rows(offset + x @ new, psi).loglik.sum())
        share = 1.0
        while (not np.isfinite(value) or value < best - 1e-8) and share > 1e-3 and np.isfinite(best):
            share *= 0.5
            trial = beta + share * (new - beta)
            value = float(family.rows(offset + x @ trial, psi).loglik.sum())
            new = trial
        if not np.isfinite(value) or np.abs(x @ new).max() > 30.0:
            break
        done = abs(value - best) < 1e-8 * (1.0 + abs(value))
        beta, best, eta = new, value, offset + x @ new
        if done:
            break
    return beta
