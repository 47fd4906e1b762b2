"""Checks of the grouping factors against the rows: enough rows, slopes that vary, labels that do not repeat."""

from __future__ import annotations

import warnings

import numpy as np

from .arrays import Floats
from .design import Design, Grouping, TermColumns
from .errors import ModelError, NestingWarning

#: with more cells than this the check for repeated labels is left out
MAX_CELLS = 5_000_000


def check_groups(design: Design, n_limit: bool) -> None:
    """Stop where a random term cannot be told from the residual, warn where labels look nested but repeat.

    Parameters
    ----------
    n_limit
        A residual is estimated too (linear models), so there must be fewer groups and effects than rows.
    """
    n = len(design.y)
    for grouping in design.groupings:
        if n_limit and grouping.n_groups >= n:
            raise ModelError(
                f"the grouping factor {grouping.name!r} has {grouping.n_groups} levels for {n} rows: "
                "no level has a repeated row, so its variance cannot be told from the residual; leave the term out"
            )
        for term in grouping.terms:
            effects = grouping.n_groups * term.values.shape[1]
            if n_limit and effects >= n:
                raise ModelError(
                    f"({term.source} | {grouping.name}) has {effects} random effects for {n} rows; "
                    f"use fewer columns, for instance (1 | {grouping.name})"
                )
            if n_limit and grouping.n_groups <= design.x.shape[1]:
                _check_told_from_fixed(design.x, grouping, term)
            if len(term.names) > 1 and term.names[0] == "Intercept":
                for i in range(1, len(term.names)):
                    if not _varies_within(term.values[:, i], grouping):
                        raise ModelError(
                            f"({term.source} | {grouping.name}): {term.names[i]!r} does not vary within any level of "
                            f"{grouping.name!r}, so no level has a slope; use (1 | {grouping.name})"
                        )
    _warn_repeated_labels(design.groupings)


def check_repeats(groupings: tuple[Grouping, ...], n: int) -> None:
    """Stop where each of the `n` rows, of one answer each, has a level of its own.

    Counts and shares of several trials have a spread of their own, from which such a level can be told.
    """
    for grouping in groupings:
        if grouping.n_groups >= n:
            raise ModelError(
                f"the grouping factor {grouping.name!r} has {grouping.n_groups} levels for {n} rows of one answer "
                "each: no level has a repeated row, so its variance cannot be estimated; leave the term out"
            )


def _check_told_from_fixed(x: Floats, grouping: Grouping, term: TermColumns) -> None:
    """Stop where the fixed part has an effect for every level: REML then says nothing of the variance."""
    x = x / np.sqrt((x * x).sum(axis=0))
    onto = np.linalg.pinv(x.T @ x, rcond=1e-12, hermitian=True)
    for name, values in zip(term.names, term.values.T, strict=True):
        sums = np.stack([np.bincount(grouping.codes, values * column, grouping.n_groups) for column in x.T])
        total = np.bincount(grouping.codes, values * values, grouping.n_groups)
        left = total - np.einsum("pg,pk,kg->g", sums, onto, sums)
        if (left <= 1e-6 * total).all():
            raise ModelError(
                f"the fixed part has an effect of {name!r} for every level of {grouping.name!r}, from which its "
                f"variance in ({term.source} | {grouping.name}) cannot be told; keep one of the two"
            )


def _varies_within(values: Floats, grouping: Grouping) -> bool:
    first = np.empty(grouping.n_groups)
    first[grouping.codes[::-1]] = values[::-1]
    return bool((first[grouping.codes] != values).any())


def _warn_repeated_labels(groupings: tuple[Grouping, ...]) -> None:
    """Every label of the lower factor in more than half of the upper groups: numbers given anew in each group."""
    warned: set[frozenset[str]] = set()
    # people write from large to small: of two fully crossed factors the later one is taken for the lower
    for lower in reversed(groupings):
        for upper in groupings:
            pair = frozenset((lower.name, upper.name))
            if lower is upper or set(lower.group) & set(upper.group) or upper.n_groups < 3 or pair in warned:
                continue
            if lower.n_groups * upper.n_groups > MAX_CELLS or not _first_label_spreads(lower, upper):
                continue
            cells = np.bincount(
                lower.codes * upper.n_groups + upper.codes, minlength=lower.n_groups * upper.n_groups
            ).reshape(lower.n_groups, upper.n_groups)
            meets = (cells > 0).sum(axis=1)
            rows_per_cell = len(lower.codes) / int(meets.sum())
            if (meets > upper.n_groups / 2).all() and _looks_numbered(rows_per_cell):
                warned.add(pair)
                # numbers beside names are what is numbered anew, in whichever order the two are written
                swap = _numbers(upper) and not _numbers(lower)
                inner, outer = (upper.name, lower.name) if swap else (lower.name, upper.name)
                warnings.warn(
                    f"every label of {lower.name!r} occurs in more than half of the groups of {upper.name!r}, "
                    f"so the two are fitted as crossed; if {inner!r} is numbered anew within each "
                    f"{outer!r}, write (1 | {outer}/{inner})",
                    NestingWarning,
                    stacklevel=4,
                )


def _first_label_spreads(lower: Grouping, upper: Grouping) -> bool:
    """Whether the first label alone occurs in more than half of the upper groups (a quick no for nested data)."""
    return len(np.unique(upper.codes[lower.codes == 0])) > upper.n_groups / 2


def _numbers(grouping: Grouping) -> bool:
    return all(str(label).isdecimal() for label in grouping.labels)


def _looks_numbered(rows_per_cell: float) -> bool:
    """One row per cell is a true crossing (each sample on each plate), not a numbering."""
    return rows_per_cell > 1.0
