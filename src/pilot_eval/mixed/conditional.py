"""Conditional covariance of random effects given the data, coming down the elimination."""

from __future__ import annotations

import numpy as np

from .arrays import Floats
from .laplace import Laplace, Modes


def conditional_covariance(target: Laplace, modes: Modes, f: int) -> Floats:
    """Blocks of (Z'WZ + Sigma^-1)^-1 for factor f's groups, internal units: (n_f, q, q).

    Derivatives of log|M| with respect to Z'WZ of a group are exactly these blocks.
    """
    from .objective import Bars, backward

    bars = Bars([], {})
    d = modes.products.d
    backward(modes.products, target.layout, modes.state, np.zeros((1, d, d)), 1.0, bars)
    block = bars.own[f][0]
    out: Floats = 0.5 * (block + np.swapaxes(block, 1, 2))
    return out
