"""Reads the response of a generalised model: 0/1, successes of trials, counts, ordered answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..arrays import Bools, Floats
from ..design import evaluate
from ..errors import ModelError
from ..formula import ParsedFormula
from ..frame import CleanRows
from .counts import NegativeBinomial, Poisson
from .cumulative import Cumulative
from .families import Binomial

FAMILIES = ("binomial", "poisson", "negative-binomial")


@dataclass(frozen=True)
class Response:
    """A family that holds the response, and the categories' labels of an ordered one."""

    family: Any
    labels: tuple[Any, ...] = ()


def _refuse(name: str, rows: CleanRows, bad: Bools, wanted: str) -> None:
    if bad.any():
        where = ", ".join(str(v) for v in rows.data.index[bad][:5])
        raise ModelError(f"{name!r} must be {wanted}; {int(bad.sum())} rows are not (first: {where})")


def _varied(name: str, values: Floats) -> None:
    if np.ptp(values) == 0:
        raise ModelError(
            f"the outcome {name!r} is constant ({values[0]:g} in all {len(values)} rows used); "
            "there is nothing to model"
        )


def binomial(parsed: ParsedFormula, rows: CleanRows) -> Response:
    """0/1, shares with the trials as weights, or ``cbind(successes, failures)``."""
    y = evaluate(parsed.response, rows.data)
    weight = np.ones(len(y)) if rows.weights is None else rows.weights
    name = parsed.response
    if parsed.trials is not None:
        failures = evaluate(parsed.trials if parsed.trials in rows.data else f"I({parsed.trials})", rows.data)
        for text, value in ((name, y), (parsed.trials, failures)):
            _refuse(text, rows, (value < 0) | (value != np.round(value)), "a count of 0 or more")
        trials = y + failures
        _refuse(f"{name} + {parsed.trials}", rows, trials == 0, "at least one trial; leave empty rows out of the data")
        _varied(f"{name} of the trials", y / trials)
        return Response(Binomial(y, trials, weight))
    if rows.weights is not None and ((y != 0) & (y != 1)).any():
        _refuse(name, rows, (y < 0) | (y > 1), "0 or 1, or a share whose trials are the weights")
        successes = y * weight
        whole = np.abs(successes - np.round(successes)) > 1e-6
        _refuse(f"{name} times weights", rows, whole, "a whole number of successes; give the trials as weights")
        _varied(name, y)
        return Response(Binomial(np.round(successes), weight, np.ones(len(y))))
    _refuse(
        name, rows, (y != 0) & (y != 1), "0 or 1 (or cbind(successes, failures), or a share with trials as weights)"
    )
    _varied(name, y)
    return Response(Binomial(y, np.ones(len(y)), weight))


def counts(parsed: ParsedFormula, rows: CleanRows, family: str) -> Response:
    if parsed.trials is not None:
        raise ModelError(f"formula {parsed.text!r}: cbind(...) is a binomial response; use family='binomial'")
    y = evaluate(parsed.response, rows.data)
    _refuse(parsed.response, rows, (y < 0) | (y != np.round(y)), "a count: a whole number of 0 or more")
    _varied(parsed.response, y)
    weight = np.ones(len(y)) if rows.weights is None else rows.weights
    return Response(Poisson(y, weight) if family == "poisson" else NegativeBinomial(y, weight))


def ordered(parsed: ParsedFormula, rows: CleanRows) -> Response:
    """An ordered categorical in its own order, or numbers and text in theirs; at least two categories."""
    name = parsed.response
    if parsed.trials is not None or name not in rows.data:
        raise ModelError(f"formula {parsed.text!r}: the response of clmm is one column of ordered answers")
    column = rows.data[name]
    if not isinstance(column.dtype, pd.CategoricalDtype):
        levels = sorted(column.unique())
        column = pd.Series(pd.Categorical(column, categories=levels), index=column.index)
    codes = column.cat.codes.to_numpy().astype(np.int64)
    labels = tuple(column.cat.categories)
    if len(labels) < 2:
        raise ModelError(
            f"the outcome {name!r} is constant ({labels[0]!r} in all rows used); there is nothing to model"
        )
    if len(labels) > 50:
        raise ModelError(f"the outcome {name!r} has {len(labels)} categories; clmm is for ordered answers, use lmer")
    return Response(Cumulative(codes, len(labels)), labels)


def label(value: Any) -> str:
    """A category as it stands in a threshold's name: whole numbers without a point."""
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)
