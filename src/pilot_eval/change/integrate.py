"""Expected answers averaged over normal random effects: what a population says, not a group whose effects are zero.

For a row with linear predictor eta and random part z'u, u ~ N(0, S), the sum z'u is N(0, v), v = z'Sz, summed over all
factors, so that every integral has one dimension:

* logit link: E logit^-1(eta + sqrt(v) Z), by the trapezoidal rule on [-9, 9]; for a function analytic in a strip its
  error falls as exp(-2 pi a / h), a = pi / sqrt(v) the distance of its poles, h the step (Trefethen & Weideman 2014,
  SIAM Rev. 56, 385-458), where Gauss-Hermite nodes fail for large v;
* log link: E exp(eta + sqrt(v) Z) = exp(eta + v / 2), in closed form;
* a normal outcome: each row is N(eta, v + sigma²); the median of all rows together solves
  mean Phi((m - eta) / sqrt(v + sigma²)) = 1 / 2.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
STEP, END = 0.15, 9.0
#: Halvings of the interval that holds a median; each adds a digit of a binary number.
HALVINGS = 60
#: Beyond this a mean is no number that anybody counted.
LARGEST_LOG = 500.0


def logistic_normal(eta: Floats, sd: Floats) -> Floats:
    """E logit^-1(eta + sd Z), Z ~ N(0, 1); shapes broadcast."""
    from scipy.special import expit

    nodes = np.arange(-END, END + STEP / 2, STEP)
    weights = np.exp(-0.5 * nodes**2)
    weights /= weights.sum()
    total: Floats = np.zeros(np.broadcast_shapes(np.shape(eta), np.shape(sd)))
    for node, weight in zip(nodes, weights, strict=True):
        total += weight * expit(eta + sd * node)
    return total


def log_normal(eta: Floats, sd: Floats) -> Floats:
    """E exp(eta + sd Z)."""
    out: Floats = np.exp(np.minimum(eta + 0.5 * sd * sd, LARGEST_LOG))
    return out


def median_of_normals(mean: Floats, sd: Floats, share: Floats) -> Floats:
    """Median of mixtures of normal distributions, by bisection.

    Parameters
    ----------
    mean, sd : array of shape (n, k)
        One mixture a row.
    share : array of shape (k,)
        Weights of its parts; they sum to 1.

    Returns
    -------
    array of shape (n,)
    """
    from scipy.special import ndtr

    low: Floats = mean.min(axis=1)  # the median lies between the medians of the parts
    high: Floats = mean.max(axis=1)
    if (low == high).all():
        return low
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        below = ndtr((middle[:, None] - mean) / sd) @ share < 0.5
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    out: Floats = 0.5 * (low + high)
    return out
