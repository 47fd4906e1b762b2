"""Parametric bootstrap in batch: all replicates share X, Z and their cross-products; only y differs.

Chunks have one fixed width, the last one padded, so that the bytes do not depend on who computes which chunk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .arrays import Bools, Floats, Ints
from .crossprod import Products, batch_width
from .errors import ModelError
from .fitting import BATCH_TOLERANCE, at_boundary, batch, interior_points
from .objective import Objective, eliminate, solve_top
from .optimise import BOUNDARY, difference_hessian, make_positive, minimise
from .simulate import simulate

if TYPE_CHECKING:
    from .lmm import LmmFit

Statistic = Callable[["LmmFit"], "pd.Series | dict[str, float]"]


@dataclass(frozen=True)
class Bootstrap:
    """Replicates of statistics: `values` (n, statistics) with replicate number as index, NaN where one failed.

    `observed` are the statistics of the fit, `failures` maps a replicate to what went wrong, `singular` marks the
    replicates that ended at a boundary.
    """

    values: pd.DataFrame
    observed: pd.Series
    failures: dict[int, str]
    singular: pd.Series
    seed: int
    acceleration: pd.Series | None = None

    def interval(self, kind: str = "percentile", level: float = 0.95, digits: int = 6) -> pd.DataFrame:
        """Bootstrap intervals: `estimate low high n`, quantiles to 6 significant digits.

        Parameters
        ----------
        kind
            "percentile", "basic" or "bca" (bias corrected and accelerated; acceleration from leaving out the
            coarsest groups).

        Raises
        ------
        ModelError
            An unknown kind, or BCa without the leave-out values (a statistic given as a function).
        """
        from scipy.special import ndtr, ndtri

        tails = np.array([0.5 - level / 2.0, 0.5 + level / 2.0])
        rows = []
        for name in self.values.columns:
            draws = self.values[name].dropna().to_numpy()
            estimate = float(self.observed[name])
            if not len(draws):
                rows.append((estimate, np.nan, np.nan, 0))
                continue
            if kind == "percentile":
                low, high = np.quantile(draws, tails)
            elif kind == "basic":
                high, low = 2.0 * estimate - np.quantile(draws, tails)
            elif kind == "bca":
                if self.acceleration is None:
                    raise ModelError("interval('bca') needs leave-out values; use bootstrap(..., statistic=None)")
                below = ((draws < estimate).sum() + 0.5 * (draws == estimate).sum()) / len(draws)
                z0 = ndtri(np.clip(below, 0.5 / len(draws), 1.0 - 0.5 / len(draws)))
                a = float(self.acceleration.get(name, 0.0))
                z = z0 + ndtri(tails)
                low, high = np.quantile(draws, ndtr(z0 + z / (1.0 - a * z)))
            else:
                raise ModelError(f"interval: kind {kind!r} is not 'percentile', 'basic' or 'bca'")
            rows.append((estimate, float(f"{low:.{digits}g}"), float(f"{high:.{digits}g}"), len(draws)))
        return pd.DataFrame(rows, columns=["estimate", "low", "high", "n"], index=self.values.columns)


#: curvature of the criterion, as a share of its greatest, below which a direction counts as flat
FLAT = 1e-4
#: how far from a boundary it is looked whether the criterion rises
NEARBY = 1e-3


@dataclass(frozen=True)
class Refits:
    """Optima of a batch: internal theta (k, m), criterion (k,), converged and singular (k,)."""

    theta: Floats
    value: Floats
    converged: Bools
    singular: Bools


def refit_products(fit: LmmFit, products: Products, start: Floats, hessian: Floats) -> Refits:
    """Fit every response of `products` from one start (m,) and curvature (m, m).

    A replicate that ends at a boundary is started anew from inside where the criterion does not bend up in all
    directions there: at a variance of zero every criterion is stationary, also one that falls as soon as it is left.
    """
    objective, layout = fit.objective, fit.problem.layout
    first = batch(objective, products, start, hessian)
    theta, value, converged = first.theta, first.value, first.converged & np.isfinite(first.value)
    edge = np.flatnonzero(converged & at_boundary(layout, theta))
    again = np.concatenate([np.flatnonzero(~converged), edge[~_bends_up(objective, products, theta, edge, hessian)]])
    if len(again):
        starts = [interior_points(layout, t) for t in layout.fold(theta[again])]
        owner = np.repeat(again, [len(s) for s in starts])

        def function(points: Floats, which: Ints) -> tuple[Floats, Floats]:
            return objective(points, products.take(owner[which]))

        width = batch_width(objective.products)
        ended = minimise(function, np.concatenate(starts), hessian, BATCH_TOLERANCE, width=width)
        for end, number, ok, best in zip(ended.theta, owner, ended.converged, ended.value, strict=True):
            if ok and (best < value[number] - 1e-9 or not converged[number]):
                theta[number], value[number], converged[number] = end, best, True
    theta = layout.fold(theta)
    # what counts as zero is zero: quantiles of standard deviations would otherwise print rounding
    theta = np.where(layout.diagonal & (theta < BOUNDARY), 0.0, theta)
    return Refits(theta, value, converged, at_boundary(layout, theta))


def _bends_up(objective: Objective, products: Products, theta: Floats, members: Ints, hessian: Floats) -> Bools:
    """Whether the criterion rises from the boundary where these members (e,) of a batch ended: it is a true minimum.

    The criterion is even in each column of T, so a column of zeros has no mixed derivatives with other elements: one
    evaluation with all such columns moved a little gives the curvature along each. A zero on the diagonal with other
    elements below it turns without changing the model, and counts as flat.
    """
    if not len(members):
        return np.zeros(0, dtype=bool)
    ended, layout = objective.layout.fold(theta[members]), objective.layout
    small = np.abs(ended) < BOUNDARY
    zero = layout.diagonal & small
    moved = np.where(zero, NEARBY, ended)
    gradient = objective(moved, products.take(members))[1]
    flat = FLAT * float(np.linalg.eigvalsh(hessian)[-1])
    rises = np.where(zero, gradient / NEARBY > flat, True).all(axis=1)
    out: Bools = rises & ~layout.hangs(small)
    return out


def refit_batch(fit: LmmFit, y: Floats) -> Refits:
    """Fit all columns of y (n, k), starting from the fit's own optimum."""
    return refit_products(fit, fit.problem.products(y, with_finest=False), lifted(fit), curvature_at(fit))


def curvature_at(fit: LmmFit) -> Floats:
    """Positive Hessian of the criterion at the optimum (m, m); the curvature all replicates begin with."""
    theta = lifted(fit)[None]

    def function(points: Floats, which: Ints) -> tuple[Floats, Floats]:
        return fit.objective(points)

    gradient = function(theta, np.zeros(1, dtype=np.int64))[1]
    out: Floats = make_positive(difference_hessian(function, theta, gradient, np.zeros(1, dtype=np.int64)))[0]
    return out


def lifted(fit: LmmFit) -> Floats:
    """The optimum, with diagonal elements off the boundary: a replicate may lie inside."""
    theta = fit.optimum.theta
    return np.where(fit.problem.layout.diagonal & (theta < 0.1), 0.1, theta)


def standard_batch(fit: LmmFit, theta: Floats, beta: Floats, sigma: Floats) -> pd.DataFrame:
    """Fixed effects, standard deviations, correlations and sigma at each theta (k, m), beta (k, p), sigma (k,)."""
    parts: dict[str, Floats] = {name: beta[:, i] for i, name in enumerate(fit.problem.names)}
    for template, back, grouping in zip(
        fit.problem.layout.templates, fit.problem.scaled.z_back, fit.problem.groupings, strict=True
    ):
        half = sigma[:, None, None] * (back @ template.matrix(theta))
        sd = np.sqrt((half * half).sum(axis=2))
        for term, (start, width) in zip(grouping.terms, template.terms, strict=True):
            for i in range(width):
                parts[f"sd({term.names[i]}|{grouping.name})"] = sd[:, start + i]
            for i in range(width):
                for j in range(i + 1, width):
                    inner = (half[:, start + i] * half[:, start + j]).sum(axis=1)
                    with np.errstate(invalid="ignore", divide="ignore"):
                        value = inner / (sd[:, start + i] * sd[:, start + j])
                    parts[f"cor({term.names[i]},{term.names[j]}|{grouping.name})"] = value
    parts["sigma"] = sigma
    return pd.DataFrame(parts)


def as_fits(fit: LmmFit, y: Floats, refits: Refits) -> list[LmmFit | None]:
    """The replicates as fits, None where one did not converge."""
    from .lmm import LmmFit

    fits: list[LmmFit | None] = []
    for i in range(y.shape[1]):
        if not refits.converged[i]:
            fits.append(None)
            continue
        best = replace(
            fit.optimum,
            theta=refits.theta[i],
            value=float(refits.value[i]),
            singular=bool(refits.singular[i]),
            gradient=np.zeros(refits.theta.shape[1]),
        )
        fits.append(LmmFit(fit.problem, y[:, i], fit.reml, best))
    return fits


def _called(statistic: Statistic, fits: list[LmmFit | None], observed: pd.Series, begin: int) -> tuple[Floats, dict]:  # type: ignore[type-arg]
    """A caller's statistic of each replicate (k, s), and what went wrong where."""
    out, failures = np.full((len(fits), len(observed)), np.nan), {}
    for i, replicate in enumerate(fits):
        if replicate is None:
            continue
        try:
            out[i] = pd.Series(statistic(replicate), dtype=float).reindex(observed.index).to_numpy()
        except (ArithmeticError, ValueError, np.linalg.LinAlgError) as error:
            failures[begin + i] = f"{type(error).__name__}: {error}"
    return out, failures


def bootstrap(fit: LmmFit, statistic: Statistic | None, n: int, seed: int, first: int = 0) -> Bootstrap:
    """See `LmmFit.bootstrap`."""
    hessian, start = curvature_at(fit), lifted(fit)
    if statistic is None:
        observed = standard_batch(fit, fit.optimum.theta[None], fit.beta[None], np.array([fit.sigma])).iloc[0]
    else:
        observed = pd.Series(statistic(fit), dtype=float)
    blocks, flags = [], []
    failures: dict[int, str] = {}
    # chunks begin at multiples of the width, so that parts computed elsewhere are the same bytes
    width = batch_width(fit.products)
    for begin in range(first - first % width, first + n, width):
        y = simulate(fit, range(begin, begin + width), seed)
        products = fit.problem.products(y, with_finest=False)
        refits = refit_products(fit, products, start, hessian)
        wrong = {begin + int(i): "did not converge" for i in np.flatnonzero(~refits.converged)}
        if statistic is None:
            solution = solve_top(products, eliminate(products, fit.problem.layout, refits.theta).top)
            beta = fit.problem.scaled.coefficients(solution.beta)
            sigma = fit.scale_y * np.sqrt(solution.rss / fit.objective.nu)
            block = standard_batch(fit, refits.theta, beta, sigma).to_numpy(copy=True)
            block[~refits.converged] = np.nan
        else:
            block, more = _called(statistic, as_fits(fit, y, refits), observed, begin)
            wrong |= more
        inside = np.arange(begin, begin + width)
        inside = np.flatnonzero((inside >= first) & (inside < first + n))
        blocks.append(block[inside])
        flags.append(refits.singular[inside])
        failures |= {k: v for k, v in wrong.items() if first <= k < first + n}
    index = pd.RangeIndex(first, first + n, name="replicate")
    values = pd.DataFrame(np.concatenate(blocks), index=index, columns=observed.index)
    acceleration = None
    if statistic is None:
        from .influence import leave_out_statistics

        acceleration = _acceleration(leave_out_statistics(fit))
    return Bootstrap(values, observed, failures, pd.Series(np.concatenate(flags), index=index), seed, acceleration)


def _acceleration(left_out: pd.DataFrame) -> pd.Series:
    """Jackknife acceleration over the coarsest groups (Efron 1987)."""
    gap = left_out.mean() - left_out
    with np.errstate(invalid="ignore", divide="ignore"):
        return ((gap**3).sum() / (6.0 * (gap**2).sum() ** 1.5)).fillna(0.0)
