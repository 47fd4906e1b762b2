"""Change by parts of the start, cross-fitted: start and change of an area come from different organisations.

Whoever sorts areas by an observed start and looks at their observed change finds the weakest risen most, whatever is
true: the errors of the start that put an area among the weakest are missing at the end. Here one random half of an
area's organisations says where it started, the other half how it changed, so that the errors of the two are
independent. Both directions count, over many halvings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
#: Resamples of areas that are ranked in one piece.
CHUNK = 50


@dataclass(frozen=True)
class Sums:
    """Answers added up: numbers and sums by organisation, role and end; organisations sorted by area.

    Attributes
    ----------
    number, total : array of shape (organisations, roles, 2)
    area : array of shape (organisations,)
        Position of each one's area among ``areas``.
    areas : list of str
        Areas with two organisations or more.
    alone : list of str
        Areas with one, which cannot be halved.
    respondents : array of shape (organisations,)
    named : array of shape (organisations,)
        1 for an organisation, 0 for those who answer for the area itself.
    """

    number: Array
    total: Array
    area: Whole
    areas: list[str]
    alone: list[str]
    respondents: Array
    named: Array


@dataclass(frozen=True)
class Parts:
    """Change by parts of the start.

    Attributes
    ----------
    table : DataFrame
        A row a part, from the lowest start up, then ``difference`` (highest less lowest): ``part, start`` (measured in
        the organisations that did not sort the areas), ``change, low, high, areas, respondents, organisations`` (means
        over halvings).
    alone : list of str
        Areas that could not be halved.
    refused : str
        Why there is nothing; empty otherwise.
    """

    table: pd.DataFrame
    alone: list[str]
    refused: str = ""


def change_by_parts(
    rows: pd.DataFrame,
    waves: Sequence[str],
    weights: Mapping[str, float],
    parts: int,
    splits: int,
    replicates: int,
    seed: int,
) -> Parts:
    """Change by parts of the start.

    Parameters
    ----------
    rows : DataFrame
        Rows of :func:`pilot_eval.change.rows.answered` with known areas.
    waves : sequence of str
        In order: the first and the last count.
    weights : mapping of str to float
        Share of each role in means over roles. Areas differ in the roles that answered: each area's means are taken as
        deviations from those of its roles.
    parts, splits, replicates, seed : int
        Parts of areas, halvings, bootstrap resamples of areas.

    Returns
    -------
    Parts
        Intervals are estimate -+ t (areas - parts) * standard error of the bootstrap of areas, which is raised by
        sqrt(m / (m - 1)) for the m areas of a part: by so much a bootstrap of m is short. Halvings stay as drawn.
    """
    sums = add_up(rows, waves)
    if len(sums.areas) < 2 * parts:
        reason = f"{len(sums.areas)} areas have two organisations or more; {parts} parts need {2 * parts}"
        return Parts(pd.DataFrame(), sums.alone, reason)
    rng = np.random.default_rng(seed)
    halves = np.stack([halved(sums.area, rng) for _ in range(splits)])
    k = len(sums.areas)
    drawn = np.vstack([np.arange(k), rng.integers(0, k, (replicates, k))])
    shares = np.array([weights[role] for role in rows["role"].cat.categories])
    half = Halves.of(sums, halves)
    found = np.concatenate([half.parts(drawn[at : at + CHUNK], shares, parts) for at in range(0, len(drawn), CHUNK)])
    if not np.isfinite(found[0]).all():
        return Parts(pd.DataFrame(), sums.alone, "no halving leaves areas with answers at both waves in every part")
    return Parts(_table(found, half.behind(parts), k, parts), sums.alone)


def add_up(rows: pd.DataFrame, waves: Sequence[str]) -> Sums:
    """Numbers and sums of answers; the order of rows does not matter."""
    ends = rows.loc[rows["wave"].isin([waves[0], waves[-1]])]
    keys = ends[["area", "unit"]].drop_duplicates().sort_values(["area", "unit"])
    count = keys.groupby("area").size()
    alone = sorted(count.index[count < 2])
    keys = keys.loc[~keys["area"].isin(alone)].reset_index(drop=True)
    ends = ends.merge(keys.assign(_unit=range(len(keys))), on=["area", "unit"])
    roles = rows["role"].cat.categories
    at = (
        ends["_unit"].to_numpy(),
        ends["role"].cat.codes.to_numpy(),
        (ends["wave"] == waves[-1]).to_numpy().astype(int),
    )
    number, total = np.zeros((2, len(keys), len(roles), 2))
    np.add.at(number, at, 1.0)
    np.add.at(total, at, ends["value"].to_numpy())
    codes, areas = pd.factorize(keys["area"])
    by_unit = ends.groupby("_unit")
    respondents: Array = np.asarray(by_unit["respondent"].nunique(), dtype=np.float64)
    named: Array = np.asarray(by_unit["organisation"].first() != "", dtype=np.float64)
    return Sums(number, total, codes.astype(np.int64), list(areas), alone, respondents, named)


def halved(area: Whole, rng: np.random.Generator) -> NDArray[np.bool_]:
    """One random half of each area's organisations; of an odd number either half may be the larger."""
    order = np.lexsort((rng.random(len(area)), area))
    first = np.searchsorted(area, area)
    place = np.empty(len(area), dtype=np.int64)
    place[order] = np.arange(len(area)) - first[order]
    coin = rng.integers(0, 2, area[-1] + 1)
    out: NDArray[np.bool_] = (place + coin[area]) % 2 == 0
    return out


@dataclass(frozen=True)
class Halves:
    """Sums of both halves of every area: (splits * 2, areas, roles, ends); a half and its other are neighbours."""

    number: Array
    total: Array
    respondents: Array
    named: Array

    @classmethod
    def of(cls, sums: Sums, halves: NDArray[np.bool_]) -> Halves:
        """Add up the organisations of each half (splits, organisations)."""
        begin = np.flatnonzero(np.diff(sums.area, prepend=-1))
        sides = np.stack([halves, ~halves], axis=1).reshape(-1, halves.shape[1]).astype(np.float64)

        def added(values: Array) -> Array:
            spread = sides.reshape(*sides.shape, *([1] * (values.ndim - 1))) * values
            out: Array = np.add.reduceat(spread, begin, axis=1)
            return out

        return cls(added(sums.number), added(sums.total), added(sums.respondents), added(sums.named))

    def parts(self, drawn: Whole, shares: Array, parts: int) -> Array:
        """Start and change of each part for resamples of areas: (resamples, 2, parts), means over halvings.

        Parameters
        ----------
        drawn : array of shape (resamples, areas)
            Positions of the areas drawn.
        shares : array of shape (roles,)
        parts : int
        """
        level, deviation = self._deviations(drawn, shares)  # (b, 2), (2, b, halves, areas)
        at = np.broadcast_to(drawn[:, None, :], deviation.shape[1:])
        start, end = (np.take_along_axis(one, at, axis=2) for one in deviation)
        other = np.arange(start.shape[1]) ^ 1
        measured, change = start[:, other], (end - start)[:, other]
        known = np.isfinite(start) & np.isfinite(change)
        rank = np.argsort(np.argsort(np.where(known, start, np.inf), axis=2, kind="stable"), axis=2, kind="stable")
        part = np.where(known, rank * parts // np.maximum(known.sum(axis=2, keepdims=True), 1), -1)
        out = np.empty((len(drawn), 2, parts))
        for one in range(parts):
            inside = part == one
            number = inside.sum(axis=2)
            for place, values in enumerate((measured, change)):
                with np.errstate(invalid="ignore"):
                    mean = np.where(inside, values, 0.0).sum(axis=2) / number
                out[:, place, one] = _mean_of_finite(mean)
        out[:, 0] += level[:, :1]
        out[:, 1] += (level[:, 1] - level[:, 0])[:, None]
        return out

    def _deviations(self, drawn: Whole, shares: Array) -> tuple[Array, Array]:
        """Means over roles at both ends, and each half's deviation from the means of its own roles."""
        areas = self.number.shape[1]
        times = np.stack([np.bincount(one, minlength=areas) for one in drawn]).astype(np.float64)
        # halves 0 and 1 together are all answers
        whole, added = (values[0] + values[1] for values in (self.number, self.total))
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.einsum("ba,are->bre", times, added) / np.einsum("ba,are->bre", times, whole)
        both = np.isfinite(mean).all(axis=2)
        share = np.where(both, shares, 0.0)
        share /= share.sum(axis=1, keepdims=True)
        mean = np.nan_to_num(mean)
        level = np.einsum("br,bre->be", share, mean)
        deviation = np.empty((2, len(drawn), *self.number.shape[:2]))
        for end in range(2):
            number = self.number[..., end].sum(axis=2)
            expected = np.einsum("har,br->bha", self.number[..., end], mean[..., end])
            with np.errstate(invalid="ignore", divide="ignore"):
                deviation[end] = (self.total[..., end].sum(axis=2) - expected) / number
        return level, deviation

    def behind(self, parts: int) -> tuple[int, int]:
        """Respondents and organisations behind the change of a part, on average, rounded down."""
        return int(self.respondents.sum(axis=1).mean() / parts), int(self.named.sum(axis=1).mean() / parts)


def _mean_of_finite(values: Array) -> Array:
    """Means over halvings that fill a part (resamples, halves); NaN where none does."""
    finite = np.isfinite(values)
    with np.errstate(invalid="ignore"):
        out: Array = np.where(finite, values, 0.0).sum(axis=1) / finite.sum(axis=1)
    return out


def _table(found: Array, behind: tuple[int, int], areas: int, parts: int) -> pd.DataFrame:
    from scipy.special import stdtrit

    change = np.column_stack([found[:, 1], found[:, 1, -1] - found[:, 1, 0]])
    se = np.nanstd(change[1:], axis=0, ddof=1)
    sizes = np.bincount(np.arange(areas) * parts // areas, minlength=parts)
    members = np.append(sizes, min(sizes[0], sizes[-1])).astype(np.float64)
    half = stdtrit(areas - parts, 0.975) * se * np.sqrt(members / (members - 1.0))
    names = [str(number + 1) for number in range(parts)] + ["difference"]
    return pd.DataFrame(
        {
            "part": names,
            "start": [*found[0, 0], np.nan],
            "change": change[0],
            "low": change[0] - half,
            "high": change[0] + half,
            "areas": [*(int(size) for size in sizes), int(sizes[0] + sizes[-1])],
            "respondents": [behind[0]] * parts + [2 * behind[0]],
            "organisations": [behind[1]] * parts + [2 * behind[1]],
        }
    )
