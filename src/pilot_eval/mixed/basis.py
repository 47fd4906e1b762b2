"""The three ways to small-sample inference on one fit: Kenward-Roger, Satterthwaite, normal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from . import kenward_roger as kr
from . import satterthwaite as sw
from .arrays import Floats

if TYPE_CHECKING:
    from .fixed_part import FixedPart
    from .lmm import LmmFit


@dataclass(frozen=True)
class NormalBasis:
    """z-tests: infinite degrees of freedom."""

    fit: FixedPart
    method: str = "normal"

    def covariance(self) -> Floats:
        return self.fit.covariance

    def df(self, contrasts: Floats) -> Floats:
        return np.full(len(contrasts), np.inf)

    def f_test(self, contrasts: Floats) -> tuple[float, int, float]:
        v = contrasts @ self.fit.covariance @ contrasts.T
        value = contrasts @ self.fit.beta
        q = int(np.linalg.matrix_rank(contrasts))
        return float(value @ np.linalg.pinv(v, hermitian=True) @ value) / q, q, np.inf


@dataclass(frozen=True)
class SatterthwaiteBasis:
    """Model-based covariance with Satterthwaite's degrees of freedom."""

    fit: LmmFit
    method: str = "satterthwaite"

    def covariance(self) -> Floats:
        return self.fit.covariance

    def df(self, contrasts: Floats) -> Floats:
        return sw.degrees_of_freedom(self.fit.curvature, contrasts @ self.fit.to_data)

    def f_test(self, contrasts: Floats) -> tuple[float, int, float]:
        inside = contrasts @ self.fit.to_data
        return sw.f_test(self.fit.curvature, inside, self.fit.slopes_internal(contrasts))


@dataclass(frozen=True)
class KenwardRogerBasis:
    """Adjusted covariance with Kenward-Roger degrees of freedom; `fit` is a REML fit."""

    fit: LmmFit
    method: str = "kenward-roger"

    def covariance(self) -> Floats:
        back = self.fit.to_data
        return back @ self.fit.kenward_roger.adjusted @ back.T

    def df(self, contrasts: Floats) -> Floats:
        return kr.degrees_of_freedom(self.fit.kenward_roger, contrasts @ self.fit.to_data)

    def f_test(self, contrasts: Floats) -> tuple[float, int, float]:
        inside = contrasts @ self.fit.to_data
        return kr.f_test(self.fit.kenward_roger, inside, self.fit.slopes_internal(contrasts))
