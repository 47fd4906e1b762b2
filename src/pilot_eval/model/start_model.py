"""The model of change against the start: what a level's effects on both say of their relation.

Time is ``elapsed``: 0 at the first wave, 1 at the last. The effects of an area (or organisation) are then its start and
its change, and cov(start, change) / var(start) is the slope between their true values. With any other origin it would
be another quantity.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilot_eval.change.specification import Specification, read_formula

if TYPE_CHECKING:
    from pilot_eval.mixed.bootstrap import Bootstrap
    from pilot_eval.mixed.lmm import LmmFit

TIME = "elapsed"
COLUMNS = f"1 + {TIME}"
#: A spread of starts counts as zero below this share of the variance of observed starts: their reliability.
LEAST_RELIABILITY = 0.1
#: With more bootstrap fits than this in which starts do not differ, the slope has no denominator.
MOST_ZERO = 0.1
#: Of a model without one: answers of one respondent, organisation and area resemble one another.
LEVELS = (("1", "|", "organisation"), ("1", "|", "respondent"))


@dataclass(frozen=True)
class Slope:
    """Change per unit of the start, between the members of one level.

    Attributes
    ----------
    estimate, low, high, p : float
        ``p`` of no relation. NaN where starts differ too little to say.
    sd_start : float
        Standard deviation of their true starts.
    zero_share : float
        Share of the bootstrap fits in which starts do not differ; 1 where those of the data do not.
    failures : int
        Bootstrap fits without a solution; they are left out.
    """

    estimate: float
    low: float
    high: float
    p: float
    sd_start: float
    zero_share: float
    failures: int = 0

    @property
    def told(self) -> bool:
        """Whether starts differ enough to say."""
        return bool(self.zero_share <= MOST_ZERO)


def with_time(analysis: pd.DataFrame, waves: Sequence[str]) -> pd.DataFrame:
    """The analysis table with ``elapsed``: months since the first wave, as a share of those to the last."""
    ends = analysis.loc[analysis["wave"] == waves[-1], "months"]
    last = float(ends.iloc[0]) if len(ends) else 1.0
    return analysis.assign(**{TIME: analysis["months"] / last})


def start_formula(planned: str, roles: int, level: str = "area") -> str:
    """The formula of an outcome's model with start and change as effects of a level.

    Parameters
    ----------
    planned : str
        Formula of the outcome's primary model; empty when it has none.
    roles : int
        Number of roles asked.
    level : {"area", "organisation"}
        ``area``, or both areas and organisations.

    Returns
    -------
    str
        Fixed part and other random terms as planned; with ``{outcome}``.
    """
    if planned:
        known = read_formula(planned)
    else:
        known = Specification("{outcome}", "wave * role" if roles > 1 else "wave", LEVELS)
    levels = {"area", level}
    others = tuple(term for term in known.random if term[2].split(":")[0] not in levels)
    return replace(known, random=(*((COLUMNS, "|", name) for name in sorted(levels)), *others)).formula


def relates(specification: Specification, group: str) -> bool:
    """Whether start and change of a group may be related in a model, as they may not after a step down the ladder."""
    return [term[0] for term in specification.random if term[2] == group] == [COLUMNS]


def slopes_of(fit: LmmFit, sampling: Mapping[str, float], replicates: int, seed: int) -> dict[str, Slope]:
    """The slopes of a model with their parametric-bootstrap intervals.

    Parameters
    ----------
    fit : LmmFit
    sampling : mapping of str to float
        Of each grouping column with effects on start and change, the mean sampling variance of a member's observed
        start (``start_means``).
    replicates, seed : int

    Returns
    -------
    dict of str to Slope
        By grouping column. The interval is the symmetric one, estimate -+ the 95 % quantile of |replicate - estimate|:
        a ratio has heavy tails, so that percentile intervals hold the truth too seldom (benchmarks/start_intervals.md).

    Notes
    -----
    In a model where start and change are correlated a variance that is not there comes as a correlation of one, hardly
    ever as zero. So a spread of starts counts as zero where it makes up less than a tenth of the variance of observed
    starts, which is where it is estimated as zero from the starts alone.

    References
    ----------
    Hall, P. (1988). On symmetric bootstrap confidence intervals. Journal of the Royal Statistical Society B 50(1).
    Blance, A., Tu, Y.-K. & Gilthorpe, M. S. (2005). A multilevel modelling solution to mathematical coupling.
    Statistical Methods in Medical Research 14(6).
    """
    from pilot_eval.mixed.effects import factor_index

    own = {group: fit.covariances[factor_index(fit, group)] for group in sampling}
    least = {group: errors * LEAST_RELIABILITY / (1.0 - LEAST_RELIABILITY) for group, errors in sampling.items()}
    drawn = None
    if any(covariance[0, 0] > least[group] for group, covariance in own.items()):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # singular replicates are results
            drawn = fit.bootstrap(None, replicates, seed)
    return {group: _slope(group, covariance, least[group], drawn) for group, covariance in own.items()}


def _slope(group: str, covariance: NDArray[np.float64], least: float, found: Bootstrap | None) -> Slope:
    """Of one level: its covariance matrix, the least variance of starts that counts, and bootstrap fits (if any)."""
    spread, nothing = float(np.sqrt(covariance[0, 0])), float("nan")
    if found is None or covariance[0, 0] <= least:
        return Slope(nothing, nothing, nothing, nothing, spread, 1.0)
    drawn = found.values.dropna(subset=[f"sd(Intercept|{group})"])
    start, change = drawn[f"sd(Intercept|{group})"].to_numpy(), drawn[f"sd({TIME}|{group})"].to_numpy()
    zero = float((start**2 <= least).mean()) if len(drawn) else 1.0
    if zero > MOST_ZERO:
        return Slope(nothing, nothing, nothing, nothing, spread, zero, len(found.failures))
    estimate = float(covariance[0, 1] / covariance[0, 0])
    # without any spread of change its correlation is not defined, and the slope is 0
    correlation = drawn[f"cor(Intercept,{TIME}|{group})"].fillna(0.0).to_numpy()
    known = start > 0
    away = np.abs(correlation[known] * change[known] / start[known] - estimate)
    half = float(f"{np.quantile(away, 0.95):.6g}")
    p = float((1 + (away >= abs(estimate)).sum()) / (1 + len(away)))
    return Slope(estimate, estimate - half, estimate + half, p, spread, zero, len(found.failures))
