"""Likelihood-ratio tests of nested fits, correct where the null lies on the boundary.

One added random slope beside its intercept: ½χ²₁ + ½χ²₂; one added independent variance: ½χ²₀ + ½χ²₁ (Self & Liang
1987; Stram & Lee 1994). Other nulls on a boundary, or a null fit that is itself singular: parametric bootstrap.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, Union, cast

import numpy as np

from .arrays import Floats
from .bootstrap import refit_batch
from .crossprod import batch_reserve
from .errors import ModelError
from .simulate import simulate

if TYPE_CHECKING:
    from .glmm import GlmmFit
    from .lmm import LmmFit

#: fits that have a likelihood to compare
Fit: TypeAlias = Union["LmmFit", "GlmmFit"]


@dataclass(frozen=True)
class LikelihoodRatio:
    """A likelihood-ratio test: `weights` are those of chi-squares with `df` degrees of freedom.

    `method` is "chi-square", "mixture" or "bootstrap"; `replicates` are the bootstrap statistics, if any.
    """

    statistic: float
    p: float
    method: str
    df: tuple[int, ...]
    weights: tuple[float, ...]
    note: str
    replicates: Floats | None = None

    def __str__(self) -> str:
        law = " + ".join(f"{w:g} chi2({d})" for w, d in zip(self.weights, self.df, strict=True))
        return f"LRT = {self.statistic:.4f}, p = {self.p:.4g} ({self.method}: {law or self.note})"


def _random_columns(fit: Fit) -> dict[str, list[frozenset[str]]]:
    """Sets of column names of each term, by group (names sorted)."""
    out: dict[str, list[frozenset[str]]] = {}
    for grouping in fit.problem.groupings:
        key = ":".join(sorted(grouping.group))
        out[key] = [frozenset(t.names) for t in grouping.terms]
    return out


def _same_space(small: Floats, large: Floats) -> bool:
    """Whether the columns of `small` lie in the span of `large`."""
    if small.shape[1] == 0:
        return True
    if large.shape[1] == 0:
        return False
    rest = small - large @ np.linalg.lstsq(large, small, rcond=None)[0]
    return bool(np.abs(rest).max() <= 1e-7 * max(1.0, float(np.abs(small).max())))


def _added(null: Fit, full: Fit) -> tuple[str, int]:
    """What the full model's random part adds: ("none" | "slope" | "variance" | "several"), size of the old term."""
    before, after = _random_columns(null), _random_columns(full)
    changes: list[tuple[str, int]] = []
    for group, terms in after.items():
        left = list(before.get(group, []))
        grown = []
        for term in terms:
            if term in left:
                left.remove(term)
            else:
                grown.append(term)
        for term in grown:
            inner = next((t for t in left if t < term), None)
            if inner is None:
                changes.append(("variance" if len(term) == 1 else "several", 0))
            else:
                left.remove(inner)
                changes.append(("slope" if len(term) == len(inner) + 1 else "several", len(inner)))
        if left:
            raise ModelError(f"compare: the null model has random terms of {group!r} that the full model lacks")
    missing = set(before) - set(after)
    if missing:
        raise ModelError(f"compare: the null model groups by {missing.pop()!r}, the full model does not")
    if not changes:
        return "none", 0
    return changes[0] if len(changes) == 1 else ("several", 0)


def _chi_square_tail(value: float, df: int) -> float:
    from scipy.special import chdtrc

    if df == 0:
        return 1.0 if value <= 0.0 else 0.0
    return float(chdtrc(df, max(value, 0.0)))


def compare(null: Fit, full: Fit, n: int = 1000, seed: int = 1, bootstrap: bool | None = None) -> LikelihoodRatio:
    """Likelihood-ratio test of `null` against `full`, two linear fits or two generalised fits of one family.

    Parameters
    ----------
    n, seed
        Replicates and seed where the reference distribution is a parametric bootstrap.
    bootstrap
        True asks for the bootstrap; by default it is used only where no mixture is known.

    Raises
    ------
    ModelError
        The fits are not of one kind, not of the same rows and outcome, or not nested.
    """
    from .lmm import LmmFit

    _check_kind(null, full)
    if null.nobs != full.nobs or not np.array_equal(_outcome(null), _outcome(full)):
        raise ModelError(
            f"compare: the fits are not of the same rows ({null.nobs} and {full.nobs}) and outcome; "
            "drop the rows that either model drops before fitting both"
        )
    x0 = null.problem.scaled.columns[:, null.problem.scaled.x]
    x1 = full.problem.scaled.columns[:, full.problem.scaled.x]
    if not _same_space(x0, x1):
        raise ModelError("compare: the null model's fixed part is not contained in the full model's")
    extra = x1.shape[1] - x0.shape[1]
    notes = []
    if isinstance(null, LmmFit) and isinstance(full, LmmFit) and (null.reml != full.reml or (extra and full.reml)):
        null, full = as_ml(null), as_ml(full)
        notes.append("refitted by ML, since REML criteria compare only for equal fixed parts")
    kind, size = _added(null, full)
    statistic = float(null.criterion - full.criterion)
    if statistic < 0.0:
        notes.append(f"the full model fits worse by {-statistic:.2g}; set to 0" if statistic < -1e-6 else "")
        statistic = 0.0
    single_slope = kind == "slope" and size == 1
    known = kind == "none" or (extra == 0 and not null.singular and (single_slope or kind == "variance"))
    if bootstrap or (bootstrap is None and (not known or (null.singular and kind != "none"))):
        reason = "asked for" if bootstrap else _reason(kind, null.singular, extra)
        draws = _ratios(null, full, n, seed)
        used = draws[np.isfinite(draws)]
        p = float((1 + (used >= statistic - 1e-8).sum()) / (len(used) + 1))
        notes.append(f"parametric bootstrap, {len(used)} of {n} replicates ({reason})")
        return LikelihoodRatio(statistic, p, "bootstrap", (), (), "; ".join(filter(None, notes)), draws)
    if kind == "none":
        p = _chi_square_tail(statistic, extra) if extra else 1.0
        return LikelihoodRatio(statistic, p, "chi-square", (extra,), (1.0,), "; ".join(filter(None, notes)))
    low = size if kind == "slope" else 0
    tails = _chi_square_tail(statistic, low), _chi_square_tail(statistic, low + 1)
    notes.append("the null lies on the boundary: half and half mixture")
    p = 0.5 * tails[0] + 0.5 * tails[1] if statistic > 0.0 else 1.0
    return LikelihoodRatio(statistic, p, "mixture", (low, low + 1), (0.5, 0.5), "; ".join(filter(None, notes)))


def _check_kind(null: Fit, full: Fit) -> None:
    from .lmm import LmmFit

    linear = isinstance(null, LmmFit), isinstance(full, LmmFit)
    if linear == (True, True):
        return
    if not any(linear):
        one, other = cast("GlmmFit", null), cast("GlmmFit", full)
        if (one.family.name, one.n_agq) == (other.family.name, other.n_agq):
            return
        raise ModelError(
            f"compare: one fit is {one.family.name} with n_agq={one.n_agq}, the other {other.family.name} with "
            f"n_agq={other.n_agq}; fit both alike"
        )
    raise ModelError("compare: one fit is linear, the other is not; fit both by the same function")


def _outcome(fit: Fit) -> Floats:
    from .lmm import LmmFit

    return fit.response if isinstance(fit, LmmFit) else fit.family.y


def _ratios(null: Fit, full: Fit, n: int, seed: int) -> Floats:
    from .lmm import LmmFit
    from .refits import ratios_general

    if isinstance(null, LmmFit) and isinstance(full, LmmFit):
        return bootstrap_ratios(null, full, n, seed)
    return ratios_general(cast("GlmmFit", null), cast("GlmmFit", full), n, seed)


def _reason(kind: str, singular: bool, extra: int) -> str:
    if singular:
        return "the null fit is singular"
    if extra:
        return "fixed and random parts differ at once"
    return "several parameters lie on the boundary under the null"


def as_ml(fit: LmmFit) -> LmmFit:
    """The same model by maximum likelihood."""
    from .estimate import fit_response

    return fit if not fit.reml else fit_response(fit.problem, fit.response, False, quiet=True)


def bootstrap_ratios(null: LmmFit, full: LmmFit, n: int, seed: int) -> Floats:
    """Likelihood ratios (n,) of outcomes simulated from the null; NaN where a replicate did not converge."""
    out = np.empty(n)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reserve = batch_reserve(full.products)
        for begin in range(0, n, reserve):
            part = range(begin, min(begin + reserve, n))
            y = simulate(null, part, seed)
            small, large = refit_batch(null, y), refit_batch(full, y)
            ratio = np.where(small.converged & large.converged, small.value - large.value, np.nan)
            out[part.start : part.stop] = np.maximum(ratio, 0.0)
    return out
