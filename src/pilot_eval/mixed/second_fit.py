"""An independent second fit of a model by statsmodels: double programming.

Shares no numbers with the kernel: columns by formulaic, likelihood and optimisers by ``statsmodels`` ``MixedLM``. Its
known traps are met here: optimisers in a fixed order and from several starts (it can stop at a false optimum),
``LinAlgError`` at a zero variance read as a boundary, random columns and variance components given as arrays
(``vc_formula`` without ``re_formula`` would silently drop the top group's intercept).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .formula import ParsedFormula, parse

#: Optimisers and starting variances (relative to the residual variance) of every fit. The program's own sequence (bfgs,
#: lbfgs, cg from 1) ended more than 0.01 below the best log-likelihood in 58 of 110 fits to fresh draws of the shipped
#: study, and called itself converged in 29 of them; all attempts below together did so in 2.
QUICK = (("lbfgs", 0.1), ("lbfgs", 0.01))
#: Where those two end apart: slower, hardly ever at a false optimum, but loose; each starts where the last one ended.
THOROUGH = ("powell", "powell", "lbfgs")
THOROUGH_START = 0.3
#: Log-likelihoods that count as the same.
SAME = 1e-4
#: A variance below this share of the residual variance counts as zero.
BOUNDARY = 1e-6


class NoSecondFit(ValueError):
    """The model is outside what the second program can fit; the message says why."""


@dataclass(frozen=True)
class SecondFit:
    """Results of the second program.

    Attributes
    ----------
    fixef : Series
        Fixed effects by name.
    vcov : DataFrame
        Their covariance.
    varcorr : DataFrame
        ``group term1 term2 vcov sdcor``, the residual last, as the kernel's.
    loglik : float
        REML or ML log-likelihood with all constants.
    ranef : DataFrame
        Conditional modes of the top group: index its levels, columns its terms.
    optimiser : str
        The attempt that was kept.
    converged, singular : bool
    """

    fixef: pd.Series
    vcov: pd.DataFrame
    varcorr: pd.DataFrame
    loglik: float
    ranef: pd.DataFrame
    optimiser: str
    converged: bool
    singular: bool


@dataclass(frozen=True)
class _Component:
    """One random column with a variance of its own: its name, each row's level and value (n,)."""

    group: str
    term: str
    level: NDArray[Any]
    values: NDArray[np.float64]

    @property
    def name(self) -> str:
        return f"{self.group}|{self.term}"


def second_fit(formula: str, rows: pd.DataFrame, reml: bool = True) -> SecondFit:
    """Fit a linear mixed model with statsmodels.

    Parameters
    ----------
    formula : str
        lme4's notation, with at least one random term. The group with the fewest levels is the top group: one of its
        terms may have correlated columns; all other columns have variances of their own, and the other groups lie
        within its levels.
    rows : DataFrame
        Complete rows.
    reml : bool

    Returns
    -------
    SecondFit

    Raises
    ------
    NoSecondFit
        For crossed groups, correlated columns below the top group, or when no optimiser got anywhere.
    """
    from formulaic import model_matrix
    from statsmodels.regression.mixed_linear_model import MixedLM, VCSpec

    parsed = parse(formula, rows.columns)
    top, lead, components = _random_part(parsed, rows)
    group = _levels(rows, top)
    fixed = model_matrix(parsed.fixed, rows)
    x = np.asarray(fixed, dtype=float)
    z = lead.to_numpy(dtype=float)
    size = np.maximum(np.abs(z).max(axis=0), 1e-12)  # the starts suit columns of size one
    wide = [max(float(np.abs(one.values).max()), 1e-12) for one in components]
    kept = _independent(x)
    made = [_blocks(one, group, scale) for one, scale in zip(components, wide, strict=True)]
    names = [one.name for one in components]
    variances = VCSpec(names, [labels for labels, _ in made], [matrices for _, matrices in made])
    y = _column(parsed.response, rows) - sum(_column(text, rows) for text in parsed.offsets)
    model = MixedLM(y, x[:, kept], groups=group, exog_re=z / size, exog_vc=variances if components else None)
    result, optimiser = _best(model, reml)
    terms = list(lead.columns)
    modes = pd.DataFrame.from_dict(
        {level: effects.to_numpy()[: len(terms)] / size for level, effects in result.random_effects.items()}, "index"
    )
    modes.columns = pd.Index(terms)
    covariance = np.atleast_2d(result.cov_re) / np.outer(size, size)
    # statsmodels keeps variance components in the order of their names
    own = dict(zip(result.model.exog_vc.names, result.vcomp, strict=True)) if components else {}
    spread = [own[one.name] / scale**2 for one, scale in zip(components, wide, strict=True)]
    varcorr = _varcorr(":".join(top), terms, covariance, components, spread, float(result.scale))
    relative = np.r_[np.diag(np.atleast_2d(result.cov_re)), result.vcomp] / result.scale
    used = list(np.asarray(fixed.columns)[kept])
    fixed_covariance = np.asarray(result.cov_params())[: len(used), : len(used)]
    return SecondFit(
        pd.Series(result.fe_params, index=used),
        pd.DataFrame(fixed_covariance, index=used, columns=used),
        varcorr,
        float(result.llf),
        modes.sort_index(),
        optimiser,
        bool(result.converged),
        bool((relative < BOUNDARY).any() or _correlation_is_one(result.cov_re)),
    )


def _levels(rows: pd.DataFrame, group: tuple[str, ...]) -> NDArray[Any]:
    """Level of each row in a grouping factor, or in an interaction of several."""
    first, *others = (rows[column].astype(str).to_numpy(dtype=object) for column in group)
    for other in others:
        first = first + ":" + other
    out: NDArray[Any] = first
    return out


def _column(text: str, rows: pd.DataFrame) -> NDArray[np.float64]:
    from formulaic import model_matrix

    if text in rows:
        return rows[text].to_numpy(dtype=float)
    return np.asarray(model_matrix(f"I({text}) - 1", rows), dtype=float)[:, 0]


def _random_part(parsed: ParsedFormula, rows: pd.DataFrame) -> tuple[tuple[str, ...], pd.DataFrame, list[_Component]]:
    """The top group, its leading columns, and all other random columns."""
    from formulaic import model_matrix

    count = {term.group: len(np.unique(_levels(rows, term.group))) for term in parsed.random}
    top = min(count, key=lambda group: count[group])
    above = _levels(rows, top)
    for group in count:
        inside = pd.Series(above).groupby(_levels(rows, group)).nunique()
        if inside.max() > 1:
            raise NoSecondFit(f"some {':'.join(group)} has rows in more than one {':'.join(top)}")
    lead: pd.DataFrame | None = None
    components = []
    # a correlated term leads; where there is none the first column of the top group does
    for term in sorted(parsed.random, key=lambda term: (term.group != top, not term.correlated, term.columns == "1")):
        columns = pd.DataFrame(model_matrix(term.columns, rows))
        several = term.correlated and columns.shape[1] > 1
        if several and (term.group != top or lead is not None):
            raise NoSecondFit(f"correlated random slopes below the top group ({':'.join(term.group)})")
        start = 0
        if lead is None and term.group == top:
            lead = columns if term.correlated else columns.iloc[:, :1]
            start = lead.shape[1]
        for name in columns.columns[start:]:
            values = columns[name].to_numpy(dtype=float)
            components.append(_Component(":".join(term.group), str(name), _levels(rows, term.group), values))
    assert lead is not None
    return top, lead, components


def _independent(x: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Columns that are no linear combination of earlier ones, as R keeps them."""
    kept: list[int] = []
    for column in range(x.shape[1]):
        if np.linalg.matrix_rank(x[:, [*kept, column]]) == len(kept) + 1:
            kept.append(column)
    return np.isin(np.arange(x.shape[1]), kept)


def _blocks(one: _Component, group: NDArray[Any], scale: float) -> tuple[list[list[str]], list[NDArray[np.float64]]]:
    """Per top group the labels of a component's columns, and the columns."""
    labels, matrices = [], []
    for name in np.unique(group):
        inside = group == name
        found, codes = np.unique(one.level[inside], return_inverse=True)
        matrices.append((codes[:, None] == np.arange(len(found))) * (one.values[inside, None] / scale))
        labels.append([str(label) for label in found])
    return labels, matrices


def _best(model: Any, reml: bool) -> tuple[Any, str]:
    """The fit with the greatest log-likelihood of those that the optimisers reach."""
    found = [_attempt(model, reml, method, _start(model, spread)) for method, spread in QUICK]
    names = [method for method, _ in QUICK]
    if any(one is None or not one.converged for one in found) or abs(found[0].llf - found[1].llf) > SAME:
        begin = _start(model, THOROUGH_START)
        for method in THOROUGH:
            found.append(_attempt(model, reml, method, begin))
            names.append(method)
            begin = begin if found[-1] is None else found[-1].params_object
    reached = [(one.llf, name, one) for one, name in zip(found, names, strict=True) if one is not None]
    if not reached:
        raise NoSecondFit("every optimiser failed")
    _, name, best = max(reached, key=lambda one: one[0])
    return best, name


def _start(model: Any, spread: float) -> Any:
    from statsmodels.regression.mixed_linear_model import MixedLMParams

    begin = MixedLMParams(model.k_fe, model.k_re, model.k_vc)
    begin.fe_params = np.zeros(model.k_fe)
    begin.cov_re = spread * np.eye(model.k_re)
    begin.vcomp = np.full(model.k_vc, spread)
    return begin


def _attempt(model: Any, reml: bool, method: str, begin: Any) -> Any:
    """One optimisation; None when a variance reached zero in a way that ends it, or the likelihood is no number."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # convergence is kept as data
        try:
            result = model.fit(start_params=begin, reml=reml, method=method)
        except np.linalg.LinAlgError:
            return None
    return result if np.isfinite(result.llf) else None


def _varcorr(
    top: str, terms: list[str], covariance: NDArray[np.float64], components: list[_Component], spread: list[float],
    scale: float,
) -> pd.DataFrame:  # fmt: skip
    found: list[tuple[str, str, str, float, float]] = []
    deviations = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    for index, term in enumerate(terms):
        found.append((top, term, "", float(covariance[index, index]), float(deviations[index])))
    for first in range(len(terms)):
        for second in range(first + 1, len(terms)):
            product = deviations[first] * deviations[second]
            value = float(covariance[first, second])
            found.append((top, terms[first], terms[second], value, value / product if product > 0 else float("nan")))
    for one, value in zip(components, spread, strict=True):
        found.append((one.group, one.term, "", float(value), float(np.sqrt(max(value, 0.0)))))
    found.append(("Residual", "", "", scale, float(np.sqrt(scale))))
    return pd.DataFrame(found, columns=["group", "term1", "term2", "vcov", "sdcor"])


def _correlation_is_one(covariance: Any) -> bool:
    matrix = np.atleast_2d(covariance)
    product = np.outer(np.diag(matrix), np.diag(matrix))
    apart = ~np.eye(len(matrix), dtype=bool) & (product > 0)
    return bool((matrix[apart] ** 2 > (1 - 1e-6) * product[apart]).any())
