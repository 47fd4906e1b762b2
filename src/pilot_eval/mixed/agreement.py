"""Double programming: the same model fitted by statsmodels, and how far the two answers lie apart.

statsmodels' optimisers fail in known ways at a zero variance, so several are tried in a fixed order and the best
criterion is kept; an error there is read as a boundary, not as a disagreement.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .arrays import Floats
from .errors import ModelError

if TYPE_CHECKING:
    from .lmm import LmmFit

OPTIMISERS = ("lbfgs", "bfgs", "powell")
#: half a unit in the last digits that are published: log-likelihood, standard errors, share of variance
LOGLIK, COEFFICIENT, VARIANCE = 0.05, 0.02, 0.05


@dataclass(frozen=True)
class Agreement:
    """Differences between this kernel and statsmodels for one model.

    `loglik` is ours less theirs; `coefficients` the largest difference in our standard errors; `variances` the
    largest difference as a share of the total variance; `verdict` is "agree", "theirs is worse" (their criterion
    is higher, so they stopped early or at a false optimum), "disagree" or "not fitted".
    """

    verdict: str
    loglik: float
    coefficients: float
    variances: float
    optimiser: str
    note: str
    table: pd.DataFrame


def _variance_terms(fit: LmmFit) -> list[tuple[int, int, Floats]]:
    """(factor, column, Z of one column spread over its groups) for all but the correlated top-level term."""
    out = []
    for f, grouping in enumerate(fit.problem.groupings):
        at = 0
        for term in grouping.terms:
            for i in range(term.values.shape[1]):
                out.append((f, at + i, term.values[:, i]))
            at += term.values.shape[1]
    return out


def agreement(fit: LmmFit) -> Agreement:
    """Fit the same model with statsmodels' MixedLM and compare.

    Raises
    ------
    ModelError
        Prior weights, or factors that are not nested in one top-level factor: MixedLM has no such models.
    """
    problem = fit.problem
    if problem.weights is not None:
        raise ModelError("agreement: statsmodels' MixedLM has no prior weights")
    if not problem.structure.nested:
        raise ModelError("agreement: statsmodels' MixedLM needs factors nested in the coarsest one")
    for grouping in problem.groupings[:-1]:
        if any(len(t.names) > 1 for t in grouping.terms):
            raise ModelError(f"agreement: MixedLM cannot correlate effects below the top level ({grouping.name!r})")
    model = _model(fit)
    best: Any = None
    used, notes = "", []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for method in OPTIMISERS:
            try:
                result = model.fit(reml=fit.reml, method=method, maxiter=500)
            except (np.linalg.LinAlgError, ValueError, FloatingPointError) as error:
                notes.append(f"{method}: {error}")
                continue
            if np.isfinite(result.llf) and (best is None or result.llf > best.llf + 1e-6):
                best, used = result, method
    if best is None:
        empty = pd.DataFrame(columns=["kernel", "statsmodels"])
        return Agreement("not fitted", np.nan, np.nan, np.nan, "", "; ".join(notes), empty)
    return _compare(fit, best, used, notes)


def _model(fit: LmmFit) -> Any:
    from statsmodels.regression.mixed_linear_model import MixedLM, VCSpec

    problem = fit.problem
    top = problem.groupings[-1]
    y = fit.response - (0.0 if problem.design.offset is None else problem.design.offset)
    x = problem.design.x[:, problem.scaled.kept]
    correlated = [t for t in top.terms if len(t.names) > 1]
    exog_re = correlated[0].values if correlated else None
    names, colnames, mats = [], [], []
    for f, column, z in _variance_terms(fit):
        grouping = problem.groupings[f]
        if correlated and grouping is top and column < len(correlated[0].names):
            continue
        blocks, labels = [], []
        for g in range(top.n_groups):
            rows = np.flatnonzero(top.codes == g)
            inside, local = np.unique(grouping.codes[rows], return_inverse=True)
            block = np.zeros((len(rows), len(inside)))
            block[np.arange(len(rows)), local.reshape(-1)] = z[rows]
            blocks.append(block)
            labels.append([str(v) for v in inside])
        names.append(f"{grouping.name}|{grouping.columns[column]}")
        mats.append(blocks)
        colnames.append(labels)
    if exog_re is None:
        # without re_formula MixedLM adds an intercept of its own: give it the first variance of the top level
        spec = [i for i, n in enumerate(names) if n.startswith(f"{top.name}|")]
        first = spec[0]
        exog_re = top.terms[0].values[:, :1]
        del names[first], colnames[first], mats[first]
    groups = np.array([str(v) for v in top.labels], dtype=object)[top.codes]
    vc = VCSpec(names, colnames, mats) if names else None
    return MixedLM(y, x, groups=groups, exog_re=exog_re, exog_vc=vc)


def _compare(fit: LmmFit, theirs: Any, optimiser: str, notes: list[str]) -> Agreement:
    ours, names = fit.beta, fit.problem.names
    other = np.asarray(theirs.fe_params, dtype=float)
    se = fit.se.to_numpy()
    rows = [(n, a, b) for n, a, b in zip(names, ours, other, strict=True)]
    top = fit.problem.groupings[-1]
    variances: list[tuple[str, float, float]] = []
    cov_re = np.asarray(theirs.cov_re, dtype=float)
    leading = next((t for t in top.terms if len(t.names) > 1), top.terms[0])
    vc = dict(zip(theirs.model.exog_vc.names, theirs.vcomp, strict=True)) if len(theirs.vcomp) else {}
    for group, first, second, vcov, _ in fit.varcorr.to_numpy():
        if not isinstance(first, str):
            variances.append(("sigma^2", float(vcov), float(theirs.scale)))
            continue
        key = f"{group}|{first}"
        if not isinstance(second, str) and key in vc:
            variances.append((key, float(vcov), float(vc[key])))
        elif group == top.name and first in leading.names:
            i = leading.names.index(first)
            j = leading.names.index(second) if isinstance(second, str) else i
            variances.append((key if i == j else f"{key},{second}", float(vcov), float(cov_re[i, j])))
    table = pd.DataFrame(rows + variances, columns=["term", "kernel", "statsmodels"]).set_index("term")
    gap = float(fit.loglik - theirs.llf)
    coefficients = float(np.max(np.abs(ours - other) / se, initial=0.0))
    # a random slope far from its mean moves the intercept's variance a lot and the likelihood hardly
    total = sum(abs(v) for n, v, _ in variances if not re.search(",", n))
    spread = float(max((abs(a - b) for _, a, b in variances), default=0.0) / total)
    if abs(gap) <= LOGLIK and coefficients <= COEFFICIENT and spread <= VARIANCE:
        verdict = "agree"
    elif gap > LOGLIK:
        verdict = "theirs is worse"
    else:
        verdict = "disagree"
    return Agreement(verdict, gap, coefficients, spread, optimiser, "; ".join(notes), table)
