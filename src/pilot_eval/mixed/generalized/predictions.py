"""Linear predictors for the rows used and for new rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..arrays import Floats
from ..design import evaluate
from ..errors import ModelError
from ..frame import numeric
from ..predict import fixed_rows, group_index, random_columns
from .effects import modes

if TYPE_CHECKING:
    from .fit import GeneralizedFit


def linear_predictor(fit: GeneralizedFit, new: pd.DataFrame | None, re: str, offset: Any) -> Floats:
    """X b + offset (+ Z u) in the data's units, thresholds not included.

    Raises
    ------
    ModelError
        A variable missing in the new data, a level that was not fitted, or an unknown `re`.
    """
    if re not in ("all", "none"):
        raise ModelError(f"predict: re={re!r} is not 'all' or 'none'")
    ordered = bool(fit.problem.response.labels)
    if new is None:
        x = fit.problem.design.x[:, fit.problem.scaled.kept]
        out: Floats = x[:, int(ordered) :] @ fit.beta + fit.problem.arrays.offset
        if re == "none":
            return out
        arrays, inner = fit.problem.arrays, fit.inner
        return out + arrays.blocks.times(inner.v, inner.u)
    out = fixed_rows(fit, new)[:, int(ordered) :] @ fit.beta
    for text in fit.problem.parsed.offsets:
        out = out + evaluate(text, new)
    if offset is not None:
        out = out + (numeric("offset", new[offset]) if isinstance(offset, str) else np.asarray(offset, dtype=float))
    if re == "all":
        for f in range(len(fit.problem.groupings)):
            index = group_index(fit, f, new)
            u = np.where((index >= 0)[:, None], modes(fit, f)[np.maximum(index, 0)], 0.0)
            out = out + np.einsum("nq,nq->n", random_columns(fit, f, new), u)
    return out
