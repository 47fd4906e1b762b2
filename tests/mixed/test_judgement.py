"""Diagnostics, shares of variance, summary, restarts, and the second fit by statsmodels."""

import numpy as np
import pytest
from made_data import FORMULA, pilot
from r_results import load

from pilot_eval.mixed import ModelError, lmer
from pilot_eval.mixed.fitting import optimise

DATA = pilot(n_area=10, seed=6)
FIT = lmer(FORMULA, DATA)


def test_diagnostics_of_a_good_fit() -> None:
    d = FIT.diagnostics()
    assert d.converged and d.scaled_gradient < 1e-5 and d.positive_definite
    assert d.condition < 20 and d.residual_quantiles["50%"] == pytest.approx(0.0, abs=0.3)


def test_shares_of_variance() -> None:
    icc = FIT.icc()
    assert icc["share"].sum() == pytest.approx(1.0)
    assert list(icc.index) == ["resp", "school", "area", "Residual"]
    plain = lmer("y ~ 1 + (1 | area) + (1 | resp)", DATA)
    v = plain.varcorr.set_index("group")["vcov"]
    assert plain.icc().loc["area", "correlation"] == pytest.approx(v["area"] / v.sum())
    assert plain.icc().loc["resp", "correlation"] == pytest.approx((v["area"] + v["resp"]) / v.sum())
    assert plain.r2()["marginal"] == pytest.approx(0.0, abs=1e-12)


def test_summary_names_what_lme4_leaves_out() -> None:
    text = FIT.summary()
    for words in ("REML criterion", "kenward-roger", "scaled gradient", "Rows dropped: none", "Number of obs"):
        assert words in text


def test_statsmodels_agrees() -> None:
    found = FIT.agreement()
    assert found.verdict == "agree" and abs(found.loglik) < 1e-3
    assert "sigma" in found.table.index


def test_agreement_says_what_it_cannot_fit() -> None:
    with pytest.raises(ModelError, match="in more than one area"):
        lmer(FORMULA, pilot(movers=0.3)).agreement()


@pytest.mark.parametrize("name", ["two_optima", "three_optima", "sleepstudy"])
@pytest.mark.filterwarnings("ignore::pilot_eval.mixed.SingularFitWarning")
def test_the_best_optimum_is_found_from_every_boundary(name: str) -> None:
    case = load(name)
    fit = lmer(case.call["formula"], case.data())
    layout = fit.problem.layout
    for held in [*np.flatnonzero(layout.diagonal)[:, None], np.flatnonzero(layout.diagonal)]:
        start = layout.start()
        start[held] = 0.0
        assert optimise(fit.objective, start).value == pytest.approx(case.results["criterion"], abs=1e-7)


def test_one_standard_deviation_can_be_profiled_alone() -> None:
    whole = FIT.profile_ci().set_index(["group", "term1"])
    one = FIT.profile_ci(group="area", term="wave")
    assert len(one) == 1 and one["term2"].isna().all()
    row = whole.loc[[("area", "wave")]]
    assert (one["low"].iloc[0], one["high"].iloc[0]) == pytest.approx((row["low"].iloc[0], row["high"].iloc[0]))
