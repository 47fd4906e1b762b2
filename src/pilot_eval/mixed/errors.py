"""The faults and warnings of the mixed-model kernel, by type, so that callers can tell them apart."""

from __future__ import annotations


class ModelError(ValueError):
    """The model cannot be fitted to these data; the message names the variable and the remedy."""


class ConvergenceError(ModelError):
    """The optimiser did not reach a point that can be reported as a fit."""


class SingularFitWarning(UserWarning):
    """A variance is estimated as zero or a correlation as one: a legal result, to be read with care."""


class RankDeficientWarning(UserWarning):
    """Columns of the fixed part are linear combinations of others and were dropped, as R does."""


class NestingWarning(UserWarning):
    """Labels repeat between groups, so that a nested factor would be fitted as crossed."""


class DegreesOfFreedomWarning(UserWarning):
    """The degrees of freedom asked for were replaced or rest on another fit."""
