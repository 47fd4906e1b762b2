"""What must not matter: order of rows, labels, units, origins, spelling, reparametrised X, constant weights."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from made_data import FORMULA, pilot

from pilot_eval.mixed import LmmFit, SingularFitWarning, clmm, glmer, lmer

BASE = pilot(n_area=7, seed=2)
FIT = lmer(FORMULA, BASE)
# no shrinking: a failing fit is as telling as the simplest failing fit, and minutes sooner
LIMITS = settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
)


def _same(a: LmmFit, b: LmmFit, criterion: bool = True) -> None:
    if criterion:
        assert a.criterion == pytest.approx(b.criterion, abs=1e-8)
    assert a.sigma == pytest.approx(b.sigma, rel=1e-6)
    assert a.varcorr["vcov"].to_numpy() == pytest.approx(b.varcorr["vcov"].to_numpy(), rel=1e-5, abs=1e-7)


@LIMITS
@given(st.randoms(use_true_random=False))
def test_row_order_and_labels(random) -> None:
    order = list(range(len(BASE)))
    random.shuffle(order)
    names = list(BASE["area"].unique())
    new = dict(zip(names, random.sample([f"zone {i}" for i in range(100)], len(names)), strict=True))
    data = BASE.iloc[order].assign(area=BASE["area"].map(new))
    fit = lmer(FORMULA, data)
    _same(fit, FIT)
    assert fit.fixef.to_numpy() == pytest.approx(FIT.fixef.to_numpy(), abs=1e-7)
    modes = fit.ranef("area").loc[[new[n] for n in FIT.ranef("area").index]]
    assert modes.to_numpy() == pytest.approx(FIT.ranef("area").to_numpy(), abs=1e-6)
    assert fit.fitted.sort_index().to_numpy() == pytest.approx(FIT.fitted.to_numpy(), abs=1e-6)


@LIMITS
@given(st.floats(1e-3, 1e4), st.floats(-2000.0, 2000.0))
def test_units_and_origin_of_covariates(unit: float, origin: float) -> None:
    data = BASE.assign(age=(BASE["age"] + origin) * unit, wave=(BASE["wave"] + origin) * unit)
    fit = lmer(FORMULA, data, reml=False)
    other = lmer(FORMULA, BASE, reml=False)
    assert fit.criterion == pytest.approx(other.criterion, abs=1e-7)
    assert fit.fitted.to_numpy() == pytest.approx(other.fitted.to_numpy(), abs=1e-6)
    assert fit.fixef["wave"] * unit == pytest.approx(other.fixef["wave"], abs=1e-7)
    slopes = other.ranef("area")["wave"].to_numpy()
    assert fit.ranef("area")["wave"].to_numpy() * unit == pytest.approx(slopes, abs=1e-6)
    a, b = fit.tests("satterthwaite").loc["wave"], other.tests("satterthwaite").loc["wave"]
    assert a["df"] == pytest.approx(b["df"], rel=1e-4) and a["p"] == pytest.approx(b["p"], rel=1e-4)


@LIMITS
@given(st.floats(1e-4, 1e5), st.floats(-1e5, 1e5))
def test_units_and_origin_of_the_outcome(unit: float, origin: float) -> None:
    fit = lmer(FORMULA, BASE.assign(y=BASE["y"] * unit + origin))
    assert fit.sigma / unit == pytest.approx(FIT.sigma, rel=1e-6)
    assert fit.fixef["wave"] / unit == pytest.approx(FIT.fixef["wave"], abs=1e-6)
    assert (fit.fixef["Intercept"] - origin) / unit == pytest.approx(FIT.fixef["Intercept"], abs=1e-5)
    assert fit.criterion == pytest.approx(FIT.criterion + 2 * (fit.nobs - 7) * np.log(unit), abs=1e-6)


@LIMITS
@given(st.floats(0.01, 100.0))
def test_a_constant_weight_only_scales_sigma(weight: float) -> None:
    fit = lmer(FORMULA, BASE, weights=np.full(len(BASE), weight))
    assert fit.sigma**2 == pytest.approx(weight * FIT.sigma**2, rel=1e-6)
    assert fit.criterion == pytest.approx(FIT.criterion, abs=1e-7)
    assert fit.se.to_numpy() == pytest.approx(FIT.se.to_numpy(), rel=1e-6)
    assert fit.varcorr["vcov"].to_numpy()[:-1] == pytest.approx(FIT.varcorr["vcov"].to_numpy()[:-1], rel=1e-5, abs=1e-7)


@settings(LIMITS, max_examples=3)
@given(st.integers(0, 10_000), st.permutations(range(4)))
def test_spellings_of_nested_terms(seed: int, order: list[int]) -> None:
    data = pilot(n_area=6, n_school=3, seed=seed).assign(site=lambda d: d["school"].str[-1])
    one = lmer("y ~ wave + sex + (wave | area/site) + (1 | resp)", data)
    terms = ["(1 + wave | area)", "(wave | site:area)", "(1 | resp)", "wave"]
    two = lmer("y ~ sex + " + " + ".join(terms[i] for i in order), data)
    three = lmer("y ~ wave + sex + (wave | area) + (wave | school) + (1 | resp)", data)
    for other in (two, three):
        assert other.criterion == pytest.approx(one.criterion, abs=1e-7)
        assert other.sigma == pytest.approx(one.sigma, rel=1e-5)
        assert other.fixef["wave"] == pytest.approx(one.fixef["wave"], abs=1e-5 * one.se["wave"])
        assert other.fitted.to_numpy() == pytest.approx(one.fitted.to_numpy(), abs=1e-5)
    assert one.ranef("area:site").shape == two.ranef("site:area").shape == three.ranef("school").shape


matrices = st.lists(st.floats(-3.0, 3.0), min_size=4, max_size=4).map(lambda v: np.reshape(v, (2, 2)))


@LIMITS
@given(matrices.filter(lambda a: abs(np.linalg.det(a)) > 0.1), st.floats(-50.0, 50.0))
def test_reparametrised_x_changes_reml_by_its_determinant(a: np.ndarray, origin: float) -> None:
    columns = BASE[["wave", "age"]].to_numpy(float) @ a + origin
    data = BASE.assign(first=columns[:, 0], second=columns[:, 1])
    for reml, change in ((True, 2.0 * np.log(abs(np.linalg.det(a)))), (False, 0.0)):
        one = lmer("y ~ wave + age + (1 | area) + (1 | resp)", BASE, reml=reml)
        two = lmer("y ~ first + second + (1 | area) + (1 | resp)", data, reml=reml)
        assert two.criterion == pytest.approx(one.criterion + change, abs=1e-7)
        assert two.fitted.to_numpy() == pytest.approx(one.fitted.to_numpy(), abs=1e-6)
        assert a @ two.fixef[["first", "second"]].to_numpy() == pytest.approx(
            one.fixef[["wave", "age"]].to_numpy(), abs=1e-6
        )
        assert two.varcorr["vcov"].to_numpy() == pytest.approx(one.varcorr["vcov"].to_numpy(), rel=1e-5)


@settings(LIMITS, max_examples=3)
@given(st.sampled_from(["contr.sum", "contr.helmert"]), st.integers(0, 10_000))
def test_coding_of_factors(coding: str, seed: int) -> None:
    data = pilot(n_area=6, seed=seed)
    one = lmer("y ~ wave * sex + (1 | area) + (1 | resp)", data)
    two = lmer(f"y ~ wave * C(sex, {coding}) + (1 | area) + (1 | resp)", data)
    assert two.fitted.to_numpy() == pytest.approx(one.fitted.to_numpy(), abs=1e-6)
    for df in ("satterthwaite", "kenward-roger"):
        assert two.anova(df)["statistic"].to_numpy() == pytest.approx(one.anova(df)["statistic"].to_numpy(), rel=1e-5)
    means = [fit.emmeans("sex")[["estimate", "se", "df"]].to_numpy() for fit in (one, two)]
    assert means[1] == pytest.approx(means[0], rel=1e-5)


@LIMITS
@given(st.floats(1e-3, 1e4), st.floats(-2000.0, 2000.0))
def test_an_uncorrelated_slope_keeps_its_origin_but_has_any_unit(unit: float, origin: float) -> None:
    formula = "y ~ wave + age + (wave || area) + (1 | resp)"
    one = lmer(formula, BASE, reml=False)
    two = lmer(formula, BASE.assign(wave=BASE["wave"] * unit, age=BASE["age"] + origin), reml=False)
    assert two.criterion == pytest.approx(one.criterion, abs=1e-7)
    assert two.fitted.to_numpy() == pytest.approx(one.fitted.to_numpy(), abs=1e-5)
    moved = lmer(formula, BASE.assign(wave=BASE["wave"] + 1.0), reml=False)
    assert abs(moved.criterion - one.criterion) > 1e-3


def _rated() -> pd.DataFrame:
    data, rng = pilot(n_area=6, n_school=3, n_resp=4, seed=2), np.random.default_rng(5)
    eta = data["y"] - data["y"].mean()
    return data.assign(
        hit=(rng.random(len(data)) < 1.0 / (1.0 + np.exp(-eta))) * 1.0,
        count=rng.poisson(np.exp(0.5 * eta + 0.5)),
        rating=np.digitize(eta + rng.logistic(size=len(data)), [-1.5, 0.0, 1.5]) + 1,
    )


RATED = _rated()
GENERAL = {
    "hit": lambda data: glmer("hit ~ wave * group + age + (1 | area) + (1 | resp)", data, "binomial"),
    "count": lambda data: glmer("count ~ wave * group + age + (wave | area)", data, "poisson"),
    "calls": lambda data: glmer("count ~ wave * group + age + (1 | area)", data, "negative-binomial"),
    "rating": lambda data: clmm("rating ~ wave * group + age + (1 | area) + (1 | school)", data),
}


@pytest.mark.parametrize("outcome", GENERAL)
@pytest.mark.filterwarnings("ignore::pilot_eval.mixed.SingularFitWarning")
@settings(LIMITS, max_examples=2)
@given(st.randoms(use_true_random=False), st.floats(0.01, 1e3), st.floats(-100.0, 2000.0))
def test_generalised_fits_too(outcome: str, random, unit: float, origin: float) -> None:
    order = list(range(len(RATED)))
    random.shuffle(order)
    areas = list(RATED["area"].unique())
    new = dict(zip(areas, random.sample([f"zone {i}" for i in range(100)], len(areas)), strict=True))
    moved = RATED.iloc[order].assign(area=RATED["area"].map(new), age=(RATED["age"] + origin) * unit)
    one, two = GENERAL[outcome](RATED), GENERAL[outcome](moved)
    assert two.loglik == pytest.approx(one.loglik, abs=1e-5)
    for name in ("wave", "wave:group[T.treat]"):
        assert two.fixef[name] == pytest.approx(one.fixef[name], abs=1e-3 * one.se[name])
        assert two.se[name] == pytest.approx(one.se[name], rel=1e-3)
    assert two.fixef["age"] * unit == pytest.approx(one.fixef["age"], abs=1e-3 * one.se["age"])
    back = two.predict(kind="link").sort_index()
    shift = 0.0 if outcome != "rating" else (back - one.predict(kind="link")).mean()  # thresholds take the origin up
    assert back.to_numpy() - shift == pytest.approx(one.predict(kind="link").to_numpy(), abs=1e-3)


def test_a_year_as_covariate_costs_no_digits() -> None:
    years = lmer("y ~ year * group + (year | area) + (1 | resp)", BASE.assign(year=2016 + BASE["wave"]))
    waves = lmer("y ~ year * group + (year | area) + (1 | resp)", BASE.assign(year=BASE["wave"]))
    assert years.fixef["year"] == pytest.approx(waves.fixef["year"], abs=1e-6 * waves.se["year"])
    assert years.sigma == pytest.approx(waves.sigma, rel=1e-6)
    assert years.criterion == pytest.approx(waves.criterion, abs=1e-7)


@LIMITS
@given(st.integers(2, 15), st.integers(2, 8), st.floats(0.0, 2.0), st.integers(0, 10_000))
def test_balanced_one_way_layout_equals_the_closed_form(g: int, n: int, sd: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    y = np.repeat(sd * rng.normal(size=g), n) + rng.normal(size=g * n)
    data = pd.DataFrame({"y": y, "g": np.repeat([f"g{i}" for i in range(g)], n)})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SingularFitWarning)
        fit = lmer("y ~ 1 + (1 | g)", data, reml=False)
    means = data.groupby("g")["y"].mean()
    between = n * ((means - y.mean()) ** 2).sum() / g
    within = ((data["y"] - data["g"].map(means)) ** 2).sum() / (g * (n - 1))
    if between <= within:  # the estimate lies at zero, and all variance is residual
        assert fit.singular and fit.varcorr["vcov"].iloc[0] == pytest.approx(0.0, abs=1e-9)
        within = float(np.var(y))
    else:
        assert fit.varcorr["vcov"].iloc[0] == pytest.approx((between - within) / n, rel=1e-6, abs=1e-9)
    assert fit.sigma**2 == pytest.approx(within, rel=1e-7)
    assert fit.fixef.iloc[0] == pytest.approx(y.mean(), abs=1e-10)


def test_weights_and_offset_as_defined() -> None:
    offset = BASE["age"].to_numpy() / 3
    fit = lmer(FORMULA, BASE.assign(y=BASE["y"] + offset), offset=offset)
    assert fit.criterion == pytest.approx(FIT.criterion, abs=1e-8)
    assert fit.fitted.to_numpy() == pytest.approx(FIT.fitted.to_numpy() + offset, abs=1e-7)
    inside = lmer(FORMULA + " + offset(age / 3)", BASE.assign(y=BASE["y"] + offset))
    assert inside.criterion == pytest.approx(FIT.criterion, abs=1e-8)
