"""z-tests of generalised models."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Floats


@dataclass(frozen=True)
class WaldBasis:
    """z-tests from the Hessian in all parameters: the one method that these models have."""

    matrix: Floats
    beta: Floats
    method: str = "normal"

    def covariance(self) -> Floats:
        return self.matrix

    def df(self, contrasts: Floats) -> Floats:
        return np.full(len(contrasts), np.inf)

    def f_test(self, contrasts: Floats) -> tuple[float, int, float]:
        v, value = contrasts @ self.matrix @ contrasts.T, contrasts @ self.beta
        q = int(np.linalg.matrix_rank(contrasts))
        return float(value @ np.linalg.pinv(v, hermitian=True) @ value) / q, q, np.inf
