"""Type III hypotheses of the fixed terms, as lmerTest makes them (Kuznetsova et al. 2017, section 2.2).

A term is contained in another if both hold the same covariates and the other holds all its factors. The
hypothesis of a term is orthogonal to those of the terms that contain it, which makes it independent of the coding
of factors; covariates stand at zero.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from .arrays import Floats
from .formula import FUNCTIONS
from .scaling import orthogonalise


def _strip(name: str) -> str:
    return name.replace("[T.", "[")


def _kinds(spec: Any) -> dict[str, bool]:
    """Expression of each factor: whether it is categorical."""
    return {str(expr): str(state[0]).endswith("CATEGORICAL") for expr, state in spec.encoder_state.items()}


def containing(spec: Any) -> dict[str, list[str]]:
    """Terms that contain each term.

    A factor of a term counts only if the term without it lies in an earlier term (R codes it by contrasts then):
    beside ``wave:group`` alone ``wave`` is the slope of the first group, and no average over groups.
    """
    kinds = _kinds(spec)
    parts: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
    earlier: list[frozenset[str]] = []
    for term, found in spec.term_factors.items():
        names = frozenset(str(f) for f in found) - {"1"}
        counted = {n for n in names if len(names) == 1 or any(names - {n} <= other for other in earlier)}
        covariates = frozenset(n for n in counted if not kinds.get(n, False))
        parts[str(term)] = covariates, frozenset(counted - covariates)
        earlier.append(names)
    return {a: [b for b in parts if b != a and parts[a][0] == parts[b][0] and parts[a][1] < parts[b][1]] for a in parts}


def _least_squares(x: Floats, y: Floats) -> Floats:
    if len(x) > 20_000:
        out: Floats = np.linalg.lstsq(x.T @ x, x.T @ y, rcond=None)[0]
        return out
    solved: Floats = np.linalg.lstsq(x, y, rcond=None)[0]
    return solved


def type_three(spec: Any, data: pd.DataFrame, x: Floats, names: list[str]) -> dict[str, Floats]:
    """Contrasts (r, p) of the kept coefficients for each term but the intercept.

    Parameters
    ----------
    x
        The kept columns of the fixed part (n, p), `names` theirs.
    """
    from formulaic import Formula

    if len([t for t in spec.term_factors if str(t) != "1"]) == 1:
        # lmerTest takes sequential contrasts for a single term: the same hypothesis, not quite the same df of F
        r = np.linalg.qr(x)[1]
        return {term: (r / np.diag(r)[:, None])[index] for term, index in _term_columns(spec, names).items()}
    text = " + ".join(str(t) for t in spec.term_factors)
    plain = re.sub(r"\bC\(([^(),]+),[^()]*(?:\([^()]*\))?[^()]*\)", r"C(\1)", text)
    if "Intercept" not in names:
        plain += " - 1"
    recoded = plain.replace(" - 1", "") != text or any("[" in n and "[T." not in n for n in names)
    coded = x
    columns = names
    if recoded and "Intercept" in names:
        matrix = Formula(plain).get_model_matrix(data, na_action="ignore", context=FUNCTIONS)
        columns = [str(c) for c in matrix.columns]
        coded = matrix.to_numpy(dtype=float)
    full = Formula(plain).get_model_matrix(data, na_action="ignore", context=FUNCTIONS, ensure_full_rank=False)
    full_names = [_strip(str(c)) for c in full.columns]
    values = full.to_numpy(dtype=float)
    slices = _term_columns(spec, columns)
    if not {_strip(c) for c in columns} <= set(full_names):
        # an interaction without its main effects: formulaic names some of its columns like a main effect
        kept = orthogonalise(values, 1e-7)
        columns, coded = [full_names[j] for j in kept], values[:, kept]
        slices = {
            str(term): [place for place, j in enumerate(kept) if where.start <= j < where.stop]
            for term, where in full.model_spec.term_slices.items()
            if str(term) != "1"
        }
    basis = _least_squares(coded, values).T
    around = containing(spec)
    order = sorted(slices, key=lambda t: -len(spec_degree(spec, t)))
    for term in order:
        outer = [i for other in around.get(term, []) for i in slices.get(other, [])]
        if outer:
            a, b = basis[:, outer], basis[:, slices[term]]
            basis[:, slices[term]] = b - a @ np.linalg.lstsq(a, b, rcond=None)[0]
    at = [full_names.index(_strip(c)) for c in columns]
    rows = basis[at]
    out = {}
    back = None if coded is x else _least_squares(coded, x)
    for term, index in slices.items():
        contrast = rows[:, index].T
        contrast = np.where(np.abs(contrast) < 1e-10, 0.0, contrast)
        contrast = contrast[np.abs(contrast).sum(axis=1) > 1e-8]
        if back is not None:
            contrast = contrast @ back
        if len(contrast):
            out[term] = contrast
    return out


def spec_degree(spec: Any, term: str) -> list[str]:
    """The factors of a term by its name."""
    for t, factors in spec.term_factors.items():
        if str(t) == term:
            return [str(f) for f in factors if str(f) != "1"]
    return []


def _term_columns(spec: Any, names: list[str]) -> dict[str, list[int]]:
    """Positions of each term's columns among `names`; the intercept is left out."""
    out: dict[str, list[int]] = {}
    all_names = [str(c) for c in spec.column_names]
    for term, where in spec.term_slices.items():
        if str(term) == "1":
            continue
        wanted = {_strip(n) for n in all_names[where]}
        index = [i for i, n in enumerate(names) if _strip(n) in wanted]
        if not index:  # recoded columns: by the term's factors
            parts = [re.sub(r"\bC\(([^(),]+),.*\)$", r"C(\1)", p) for p in str(term).split(":")]
            index = [i for i, n in enumerate(names) if [q.split("[")[0] for q in n.split(":")] == parts]
        if index:
            out[str(term)] = index
    return out
