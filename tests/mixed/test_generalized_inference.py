"""Generalised fits compared, refitted and drawn from anew, and their groups' own coefficients."""

import warnings

import numpy as np
import pandas as pd
import pytest
from made_data import pilot
from scipy.special import chdtrc, expit

from pilot_eval.mixed import ModelError, clmm, compare, glmer, lmer
from pilot_eval.mixed.effects_general import mode_slopes

pytestmark = pytest.mark.filterwarnings("ignore::pilot_eval.mixed.SingularFitWarning")


def _data() -> pd.DataFrame:
    data = pilot(n_area=12, n_school=3, n_resp=6, slope=0.7, seed=11)
    rng = np.random.default_rng(0)
    eta = 1.5 * (data["y"] - data["y"].mean())
    data["hit"] = (rng.random(len(data)) < expit(eta)).astype(float)
    data["count"] = rng.poisson(np.exp(0.4 * eta + 0.5)).astype(float)
    data["rating"] = np.digitize(eta + rng.logistic(size=len(data)), [-2.0, -0.5, 0.6, 2.0]) + 1
    return data


DATA = _data()
HIT = glmer("hit ~ wave + sex + (1 + wave | area)", DATA, "binomial")
RATING = clmm("rating ~ wave + (1 + wave | area)", DATA)


def test_fixed_terms_are_compared_by_a_chi_square() -> None:
    null = glmer("hit ~ wave + (1 + wave | area)", DATA, "binomial")
    found = compare(null, HIT)
    assert (found.method, found.df) == ("chi-square", (2,))
    assert found.statistic == pytest.approx(2 * (HIT.loglik - null.loglik), abs=1e-9)
    assert found.p == pytest.approx(chdtrc(2, found.statistic))


@pytest.mark.parametrize("full", [HIT, RATING], ids=["binomial", "ordinal"])
def test_a_slope_is_compared_by_the_mixture(full) -> None:
    formula = full.formula.replace("(1 + wave | area)", "(1 | area)")
    null = glmer(formula, DATA, "binomial") if full is HIT else clmm(formula, DATA)
    found = compare(null, full)
    assert (found.method, found.df, found.weights) == ("mixture", (1, 2), (0.5, 0.5))
    assert found.p == pytest.approx(0.5 * chdtrc(1, found.statistic) + 0.5 * chdtrc(2, found.statistic))


def test_unlike_fits_are_not_compared() -> None:
    count = glmer("count ~ wave + sex + (1 + wave | area)", DATA, "poisson")
    with pytest.raises(ModelError, match="binomial with n_agq=1, the other poisson"):
        compare(HIT, count)
    with pytest.raises(ModelError, match="one fit is linear"):
        compare(lmer("y ~ wave + (1 | area)", DATA), count)
    with pytest.raises(ModelError, match="same rows"):
        compare(glmer("hit ~ wave + (1 + wave | area)", DATA.iloc[2:], "binomial"), HIT)


def test_the_bootstrap_stands_in_where_no_mixture_is_known() -> None:
    null = glmer("hit ~ wave + sex + (1 | area)", DATA, "binomial")
    full = glmer("hit ~ wave + sex + (1 + wave | area) + (1 | school)", DATA, "binomial")
    found = compare(null, full, n=3, seed=2)
    assert found.method == "bootstrap" and "3 of 3" in found.note and found.replicates is not None
    used = np.sort(found.replicates)
    assert found.p == pytest.approx((1 + (used >= found.statistic - 1e-8).sum()) / 4)


@pytest.mark.parametrize("fit", [HIT, RATING], ids=["binomial", "ordinal"])
def test_a_refit_equals_a_fit_to_the_same_outcome(fit) -> None:
    y = fit.simulate(1, seed=4)[0]
    again = fit.refit(y.to_numpy())
    alone = DATA.assign(hit=y, rating=y)
    fresh = glmer(fit.formula, alone, "binomial") if fit is HIT else clmm(fit.formula, alone)
    assert again.loglik == pytest.approx(fresh.loglik, abs=1e-6)
    assert again.fixef.to_numpy() == pytest.approx(fresh.fixef.to_numpy(), abs=1e-4)
    assert again.singular == fresh.singular


def test_a_refit_says_what_it_cannot_fit() -> None:
    with pytest.raises(ModelError, match="finite values"):
        HIT.refit(np.ones(3))
    with pytest.raises(ModelError, match="is 1 in all"):
        HIT.refit(np.ones(HIT.nobs))
    few = np.minimum(RATING.simulate(1, seed=1)[0].to_numpy(), 3.0)
    with pytest.raises(ModelError, match="no row has category 5 of 5"):
        RATING.refit(few)


def test_replicates_of_a_generalised_fit() -> None:
    whole = HIT.bootstrap(n=4, seed=5)
    part = HIT.bootstrap(n=1, seed=5, first=3)
    assert np.array_equal(whole.values.to_numpy()[3:4], part.values.to_numpy())
    assert {"wave", "sd(wave|area)", "cor(Intercept,wave|area)"} <= set(whole.values.columns)
    assert not whole.failures and whole.interval()["n"].eq(4).all()
    assert set(RATING.bootstrap(n=1, seed=5).values.columns) >= {"1|2", "4|5", "sd(Intercept|area)"}


def test_failed_replicates_are_counted() -> None:
    rare = DATA.assign(hit=0.0)
    rare.loc[rare.index[[3, 40, 90, 200, 280]], "hit"] = 1.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        draws = glmer("hit ~ wave + sex + (1 | area)", rare, "binomial").bootstrap(n=12, seed=1)
    assert draws.failures and all("separation" in why or "in all" in why for why in draws.failures.values())
    assert draws.values["wave"].isna().sum() == len(draws.failures)


@pytest.mark.parametrize("fit", [HIT, RATING], ids=["binomial", "ordinal"])
def test_modes_move_with_the_fixed_part_as_their_slopes_say(fit) -> None:
    m, omega = fit.problem.layout.n_theta, fit.optimum.omega
    slopes = mode_slopes(fit, 0)
    for k in range(slopes.shape[2]):
        step = 1e-5 * np.eye(len(omega))[m + k]
        up, down = (fit.target.modes(omega + s).effects[0] for s in (step, -step))
        assert (up - down) / 2e-5 == pytest.approx(slopes[:, :, k], abs=1e-6)


def test_a_groups_own_coefficient_holds_both_uncertainties() -> None:
    table = HIT.area_effects("wave")
    modes = HIT.ranef("area", interval=0.95)
    assert table["estimate"].to_numpy() == pytest.approx(HIT.fixef["wave"] + modes["wave"].to_numpy())
    new = HIT.area_effects("wave", new=True)
    sd = float(HIT.varcorr.set_index("term1").loc["wave", "sdcor"])
    assert new["se"].iloc[0] == pytest.approx(np.hypot(sd, HIT.se["wave"]))
    # a group of many rows tells its own slope; the prediction for one that was not seen is less certain
    assert (table["se"] < new["se"].iloc[0]).all()
    with pytest.raises(ModelError, match="no random 'sex'"):
        HIT.area_effects("sex")


def test_intervals_of_groups_cover_their_truth() -> None:
    rng = np.random.default_rng(3)
    area = np.repeat(np.arange(40), 60)
    wave = np.tile([0.0, 1.0], 1200)
    hits = []
    for _ in range(4):
        own = rng.normal(size=(40, 2)) * [0.7, 0.8]
        y = rng.random(2400) < expit(-0.2 + 0.5 * wave + own[area, 0] + own[area, 1] * wave)
        data = pd.DataFrame({"y": y * 1.0, "wave": wave, "area": area.astype(str)})
        table = glmer("y ~ wave + (1 + wave | area)", data, "binomial").area_effects("wave")
        truth = 0.5 + own[table.index.astype(int), 1]
        hits.append((table["low"] < truth) & (truth < table["high"]))
    assert np.mean(hits) == pytest.approx(0.95, abs=0.04)
