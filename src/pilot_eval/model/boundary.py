"""What a fit at a boundary leaves open: how large a variance that is estimated as zero may be."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

from pilot_eval.change.fitting import Fitted
from pilot_eval.change.planned import Planned
from pilot_eval.change.specification import public
from pilot_eval.faults import Fault

if TYPE_CHECKING:
    from pilot_eval.mixed.lmm import LmmFit

#: Standard deviations below this share of the residual one count as zero.
ZERO = 1e-4


def boundary(fitted: Fitted) -> list[dict[str, Any]]:
    """The random effects of a singular fit that lie at a boundary, each with its interval and its test.

    Returns
    -------
    list of dict
        ``group``, ``term``; ``sd`` with the 95 % profile interval ``low, high``; ``correlation`` with the term before
        it where that is one, else None; and ``p`` of the likelihood-ratio test against the model without the term
        (half and half mixture of chi-squares: Self & Liang 1987). A variance of zero has a ratio of zero and p 1.
        Empty when the fit is regular.
    """
    fit = fitted.fit
    if fit is None or not fit.singular:
        return []
    table = [row for row in fit.varcorr.to_dict("records") if isinstance(row["term1"], str)]
    alone = [row for row in table if not _text(row["term2"])]
    ones = {
        (row["group"], row["term2"]): float(row["sdcor"]) for row in table
        if _text(row["term2"]) and math.isclose(abs(row["sdcor"]), 1.0, abs_tol=1e-6)
    }  # fmt: skip
    found = []
    for row in alone:
        place = row["group"], row["term1"]
        zero = row["sdcor"] <= ZERO * fit.sigma
        if zero or place in ones:
            interval = fit.profile_ci(group=place[0], term=place[1]).iloc[0]
            found.append(
                {"group": place[0], "term": place[1], "sd": float(row["sdcor"]), "low": float(interval["low"]),
                 "high": float(interval["high"]), "correlation": ones.get(place),
                 "p": 1.0 if zero else _slope_p(fitted, fit, place[0])}
            )  # fmt: skip
    return found


def boundary_faults(found: list[dict[str, Any]], planned: Planned) -> list[Fault]:
    """Each of them as a warning."""
    faults = []
    for one in found:
        state = "0" if one["correlation"] is None else f"tied to the start (correlation {one['correlation']:+.0f})"
        test = "" if one["p"] is None else f", p {one['p']:.3f}"
        saw = (f"spread of {one['term']} by {public(one['group'])} is {state}, a boundary; "
               f"interval {one['low']:.2g} to {one['high']:.2g}{test}")  # fmt: skip
        expected, action = "a spread that can be told", "Read the interval, not the zero alone"
        faults.append(Fault("MOD-02", "WARN", planned.place, saw, expected, action))
    return faults


def _slope_p(fitted: Fitted, fit: LmmFit, group: str) -> float | None:
    """Test of the one slope of a group's term against its intercept alone; None where the term has another form."""
    from scipy.special import chdtrc

    from pilot_eval.mixed import ModelError, lmer

    assert fitted.specification is not None
    own = [term for term in fitted.specification.random if term[2] == group]
    width = sum(row["group"] == group and not _text(row["term2"]) for row in fit.varcorr.to_dict("records"))
    if len(own) != 1 or own[0][1] != "|" or width != 2 or own[0][0].startswith("0"):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            null = lmer(fitted.specification.without_slope(group).formula, fitted.rows, reml=fit.reml)
        except ModelError:
            return None
    ratio = max(null.criterion - fit.criterion, 0.0)
    return float(0.5 * chdtrc(1, ratio) + 0.5 * chdtrc(2, ratio))


def _text(name: Any) -> bool:
    return isinstance(name, str) and name != ""
