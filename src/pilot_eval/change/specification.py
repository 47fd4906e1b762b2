"""A planned formula, and what of it the rows at hand can bear: terms that nothing could tell are left out openly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_RANDOM = re.compile(r"\(((?:[^()|]|\([^()]*\))+)(\|\|?)([^()|]+)\)")


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

    def columns_of(self, group: str) -> str | None:
        """Columns of a group's first random term; None when it has none."""
        return next((columns for columns, _, name in self.random if name == group), None)


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
    random = tuple((match[1].strip(), match[2], match[3].strip()) for match in _RANDOM.finditer(right))
    fixed = re.sub(r"(\+\s*)+$", "", re.sub(r"(\+\s*){2,}", "+ ", _RANDOM.sub("", right)).strip()).strip(" +")
    if "|" in fixed or fixed.count("(") != fixed.count(")"):
        raise ValueError(f'formula "{formula}": the random terms cannot be read')
    return Specification(response.strip(), fixed or "1", random)


def fit_to_rows(formula: str, rows: pd.DataFrame) -> Specification:
    """The specification that rows can bear.

    Parameters
    ----------
    formula : str
        As planned, the outcome's column in place of ``{outcome}``. ``organisation`` means the column ``unit``.
    rows : DataFrame
        Rows of the fit.

    Returns
    -------
    Specification
        Fixed terms of a column that is constant, and random terms of a group that has one level, is met once only or
        parts the rows as another group does, stand in ``dropped`` with the reason.
    """
    planned = read_formula(re.sub(r"\borganisation\b", "unit", formula))
    fixed, dropped = _without_constants(planned.fixed, rows)
    random = []
    for term in planned.random:
        reason = _useless(term[2], rows, [group for _, _, group in planned.random])
        if reason:
            dropped.append((f"({term[0]} {term[1]} {_public(term[2])})", reason))
        else:
            random.append(term)
    return Specification(planned.response, fixed, tuple(random), tuple(dropped))


def _without_constants(fixed: str, rows: pd.DataFrame) -> tuple[str, list[tuple[str, str]]]:
    from formulaic import Formula

    terms, kept, dropped = list(Formula(fixed)), [], []
    for term in terms:
        names = {name for factor in term.factors for name in re.findall(r"[^\W\d]\w*", factor.expr)}
        same = sorted(name for name in names & set(rows.columns) if rows[name].nunique() < 2)
        if same:
            only = rows[same[0]].iloc[0]
            dropped.append((str(term), f'{same[0]} is "{only}" in all rows'))
        else:
            kept.append(str(term))
    intercept = "1" if "1" in kept else "0"
    kept = [term for term in kept if term != "1"]
    return (fixed if not dropped else " + ".join([intercept, *kept])), dropped


def _useless(group: str, rows: pd.DataFrame, groups: list[str]) -> str:
    """Why a group's random term says nothing in these rows; empty when it may."""
    levels = rows[group].nunique()
    if group == "unit" and (rows["organisation"] == "").all():
        return "no respondent answers for an organisation"
    if levels < 2:
        return f"the rows hold one {_public(group)} only"
    if levels == len(rows):
        return f"no {_public(group)} has more than one row"
    for other in groups:
        together = rows[[group, other]].drop_duplicates()
        if (
            other != group
            and len(together) == levels == rows[other].nunique()
            and groups.index(other) < groups.index(group)
        ):
            return f"each {_public(group)} is a whole {_public(other)}"
    return ""


def _public(group: str) -> str:
    return "organisation" if group == "unit" else group
