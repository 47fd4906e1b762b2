"""A planned formula, and what of it the rows at hand can bear: terms that nothing could tell are left out openly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_RANDOM = re.compile(r"\(((?:[^()|]|\((?:[^()]|\([^()]*\))*\))+)(\|\|?)([^()|]+)\)")


@dataclass(frozen=True)
class Specification:
    """A formula in lme4's notation, taken apart.

    Attributes
    ----------
    response, fixed : str
        Left side; right side without random terms, as formulaic reads it.
    random : tuple of (str, str, str)
        Columns, ``|`` or ``||``, and the grouping column of each random term.
    dropped : tuple of (str, str)
        Terms of the plan that were left out, and why.
    """

    response: str
    fixed: str
    random: tuple[tuple[str, str, str], ...]
    dropped: tuple[tuple[str, str], ...] = ()

    @property
    def formula(self) -> str:
        """The formula in lme4's notation."""
        return " + ".join([f"{self.response} ~ {self.fixed}", *("({} {} {})".format(*term) for term in self.random)])

    @property
    def groups(self) -> tuple[str, ...]:
        """Grouping columns in order, each once."""
        return tuple(dict.fromkeys(group for _, _, group in self.random))

    def columns_of(self, group: str) -> str | None:
        """Columns of all random terms of a group; None when it has none."""
        own = [columns for columns, _, name in self.random if name == group]
        if len(own) < 2:
            return own[0] if own else None
        start = "0" if all(columns.startswith("0") for columns in own) else "1"
        return " + ".join([start, *(columns.removeprefix("0 + ") for columns in own if columns != "1")])

    def without_slope(self, group: str) -> Specification:
        """The same with an intercept alone for a group."""
        random = [("1", "|", name) if name == group else (columns, bar, name) for columns, bar, name in self.random]
        return replace(self, random=tuple(dict.fromkeys(random)))

    def without_level(self, group: str) -> Specification:
        """The same without any effect of a group."""
        return replace(self, random=tuple(term for term in self.random if term[2] != group))


def read_formula(formula: str) -> Specification:
    """Take a formula apart.

    Raises
    ------
    ValueError
        When there is no ``~``, or brackets with a bar cannot be read.
    """
    response, tilde, right = formula.partition("~")
    if not tilde:
        raise ValueError(f'formula "{formula}" has no ~')
    random = tuple(
        (match[1].strip(), match[2], group) for match in _RANDOM.finditer(right) for group in _nested(match[3])
    )
    fixed = re.sub(r"(\+\s*)+$", "", re.sub(r"(\+\s*){2,}", "+ ", _RANDOM.sub("", right)).strip()).strip(" +")
    if "|" in fixed or fixed.count("(") != fixed.count(")"):
        raise ValueError(f'formula "{formula}": the random terms cannot be read')
    return Specification(response.strip(), fixed or "1", random)


def _nested(groups: str) -> list[str]:
    """``a/b`` as ``a`` and ``b:a``, as lme4 reads it."""
    found: list[str] = []
    for name in (part.strip() for part in groups.split("/")):
        found.append(":".join([name, *found[-1:]]))
    return found


def fit_to_rows(formula: str, rows: pd.DataFrame, barred: Mapping[str, str] | None = None) -> Specification:
    """The specification that rows can bear.

    Parameters
    ----------
    formula : str
        As planned, the outcome's column in place of ``{outcome}``. ``organisation`` means the column ``unit``.
    rows : DataFrame
        Rows of the fit.
    barred : mapping of str to str, optional
        Groups that are to have no effects of their own, each with the reason. When no random term remains, respondents
        get an intercept: their answers at two waves are not independent.

    Returns
    -------
    Specification
        Terms of a column that is constant, and random terms of a group that has one level, is met once only or
        parts the rows as another group does, stand in ``dropped`` with the reason.
    """
    planned = read_formula(re.sub(r"\borganisation\b", "unit", formula))
    fixed, dropped = _without_constants(planned.fixed, rows)
    random = []
    for columns, bar, group in planned.random:
        told = f"({columns} {bar} {public(group)})"
        reason = (barred or {}).get(group) or _useless(group, rows, [name for _, _, name in planned.random])
        if reason:
            dropped.append((told, reason))
            continue
        bearable, constant = _without_constants(columns, rows)
        dropped += [(f"{term} in {told}", why) for term, why in constant]
        if bearable != "0":
            random.append((bearable, bar, group))
    if barred and not random and not _useless("respondent", rows, []):
        random.append(("1", "|", "respondent"))
    return Specification(planned.response, fixed, tuple(random), tuple(dropped))


def without_redundant(planned: Specification, rows: pd.DataFrame) -> Specification:
    """The specification without fixed terms that follow from the terms before them.

    A term that a larger one contains stays while that one does: what the larger one means hangs on it.
    """
    import numpy as np
    from formulaic import model_matrix

    matrix = model_matrix(planned.fixed, rows)
    spec: Any = matrix.model_spec
    x = np.asarray(matrix, dtype=float)
    scale = np.sqrt((x * x).sum(axis=0))
    triangle: Any = np.linalg.qr(x / np.where(scale > 0, scale, 1.0), mode="r")
    ends = {term: indices[-1] + 1 for term, indices in spec.term_indices.items() if indices}
    ranks = {term: _rank(triangle[:, :end]) for term, end in ends.items()}
    added = dict(zip(ranks, np.diff([0, *ranks.values()]), strict=True))
    redundant = {term for term, more in added.items() if more == 0}
    gone = [
        term for term in ends
        if term in redundant
        and not any(set(term.factors) < set(other.factors) for other in ends if other not in redundant)
    ]  # fmt: skip
    if not gone:
        return planned
    kept = [str(term) for term in ends if term not in gone]
    fixed = " + ".join(["1" if "1" in kept else "0", *(term for term in kept if term != "1")])
    reasons = tuple((str(term), "it follows from the terms before it") for term in gone)
    return replace(planned, fixed=fixed, dropped=planned.dropped + reasons)


def _rank(columns: NDArray[Any]) -> int:
    import numpy as np

    return int(np.linalg.matrix_rank(columns, tol=1e-9)) if columns.size else 0


def _without_constants(fixed: str, rows: pd.DataFrame) -> tuple[str, list[tuple[str, str]]]:
    from formulaic import Formula

    terms, kept, dropped = list(Formula(fixed)), [], []
    for term in terms:
        names = {name for factor in term.factors for name in re.findall(r"[^\W\d]\w*", factor.expr)}
        same = sorted(name for name in names & set(rows.columns) if rows[name].nunique() < 2)
        if same:
            only = rows[same[0]].iloc[0]
            why = "is not known in any row" if str(only) == "" else f'is "{only}" in all rows'
            dropped.append((str(term), f"{same[0]} {why}"))
        else:
            kept.append(str(term))
    intercept = "1" if "1" in kept else "0"
    kept = [term for term in kept if term != "1"]
    return (fixed if not dropped else " + ".join([intercept, *kept])), dropped


def _useless(group: str, rows: pd.DataFrame, groups: list[str]) -> str:
    """Why a group's random term says nothing in these rows; empty when it may."""
    own = grouped(rows, group)
    levels = own.nunique()
    if group == "unit" and (rows["organisation"] == "").all():
        return "no respondent answers for an organisation"
    if levels < 2:
        return f"the rows hold one {public(group)} only"
    if levels == len(rows):
        return f"no {public(group)} has more than one row"
    for other in groups[: groups.index(group)] if group in groups else ():
        theirs = grouped(rows, other)
        together = own.astype(str) + "\0" + theirs.astype(str)
        if other != group and together.nunique() == levels == theirs.nunique():
            return f"each {public(group)} is a whole {public(other)}"
    return ""


def grouped(rows: pd.DataFrame, group: str) -> pd.Series[Any]:
    """The group of each row; ``a:b`` parts them by both columns."""
    first, *more = group.split(":")
    found = rows[first]
    for name in more:
        found = found.astype(str) + ":" + rows[name].astype(str)
    return found


def public(group: str) -> str:
    """A grouping column as plans call it."""
    return re.sub(r"\bunit\b", "organisation", group)
