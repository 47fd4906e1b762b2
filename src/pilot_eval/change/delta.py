"""Functions of all parameters of a generalised fit, with their covariance by the delta method.

The other way is to draw all parameters (:mod:`pilot_eval.mixed.draws`). Where each group has few answers, the variance
of the random effects is known within a factor of ten, and far from the estimate such draws no longer follow the
likelihood, in which coefficients and spread grow together; the derivative at the estimate does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pilot_eval.mixed.draws import Parameters
    from pilot_eval.mixed.glmm import GlmmFit

Floats = NDArray[np.float64]
STEP = 1e-4


def delta(fit: GlmmFit, function: Callable[[Parameters], Floats]) -> tuple[Floats, Floats]:
    """Values of functions of the parameters, and their covariance.

    Parameters
    ----------
    fit : GlmmFit
        Of ``glmer`` or ``clmm``.
    function : callable
        Takes parameters of shape (n, ...) and gives values of shape (n, k).

    Returns
    -------
    values : array of shape (k,)
    covariance : array of shape (k, k)
        J C J', J by central differences, C the covariance of all parameters, those of the random part included.
    """
    from pilot_eval.mixed.draws import omega_covariance

    omega = fit.optimum.omega
    steps = STEP * np.eye(len(omega)) * np.maximum(1.0, np.abs(omega))
    found = function(parameters_at(fit, np.vstack([omega, omega + steps, omega - steps])))
    k = len(omega)
    slopes = (found[1 : k + 1] - found[k + 1 :]) / (2.0 * np.diag(steps)[:, None])
    covariance: Floats = slopes.T @ omega_covariance(fit) @ slopes
    return found[0], covariance


def parameters_at(fit: GlmmFit, omega: Floats) -> Parameters:
    """Parameters in the data's units for internal ones (n, all)."""
    from pilot_eval.mixed.draws import Parameters

    m, p = fit.problem.layout.n_theta, len(fit.beta)
    own = omega[:, m:] @ fit.back.T
    each = [fit.problem.relative_covariances(theta) for theta in omega[:, :m]]
    covariances = [np.stack(found) for found in zip(*each, strict=True)]
    return Parameters(own[:, :p], own[:, p:], covariances, np.zeros(len(omega)))
