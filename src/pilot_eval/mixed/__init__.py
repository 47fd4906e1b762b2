"""The mixed-model kernel: linear, generalised and cumulative-link mixed models in numpy.

In: a data frame and a formula in lme4's notation. Out: a frozen fit with labelled pandas results.
Structure, algebra, objective, optimiser, result, inference and display are modules in that order of import;
nothing here knows of surveys. The model, its sources and conventions: docs/mixed-models.md.
"""

from .clmm import ClmmFit, clmm
from .compare import LikelihoodRatio, compare
from .errors import (
    ConvergenceError,
    DegreesOfFreedomWarning,
    ModelError,
    NestingWarning,
    RankDeficientWarning,
    SingularFitWarning,
)
from .estimate import lmer
from .glmm import GlmmFit
from .lmm import LmmFit
from .outcomes import glmer
from .tobit import TobitFit, tobit

__all__ = [
    "ClmmFit",
    "ConvergenceError",
    "DegreesOfFreedomWarning",
    "GlmmFit",
    "LikelihoodRatio",
    "LmmFit",
    "ModelError",
    "NestingWarning",
    "RankDeficientWarning",
    "SingularFitWarning",
    "TobitFit",
    "clmm",
    "compare",
    "glmer",
    "lmer",
    "tobit",
]
