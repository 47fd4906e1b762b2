"""The elimination of one stack of groups: C = T M^-1 T', P = T M^-1 and log|M| with M = I + T'AT."""

from __future__ import annotations

import numpy as np

from .arrays import Floats


def shrink(t: Floats, a: Floats) -> tuple[Floats, Floats, Floats]:
    """C = T M^-1 T', P = T M^-1 and log|M| for T (k, 1, q, q) and A (k, n, q, q)."""
    q = a.shape[-1]
    if q == 1:
        m = 1.0 + t * t * a
        p = t / m
        return p * t, p, np.log(m[..., 0, 0])
    m = np.swapaxes(t, -1, -2) @ (a @ t)
    if q == 2:
        e, f, g = m[..., 0, 0] + 1.0, m[..., 0, 1], m[..., 1, 1] + 1.0
        det = e * g - f * f
        inverse = np.empty_like(m)
        inverse[..., 0, 0], inverse[..., 1, 1] = g / det, e / det
        inverse[..., 0, 1] = inverse[..., 1, 0] = -f / det
        logdet = np.log(det)
    else:
        m[..., np.arange(q), np.arange(q)] += 1.0
        chol = np.linalg.cholesky(m)
        logdet = 2.0 * np.log(np.diagonal(chol, axis1=-2, axis2=-1)).sum(axis=-1)
        inverse = np.linalg.inv(m)
    p = t @ inverse
    return p @ np.swapaxes(t, -1, -2), p, logdet
