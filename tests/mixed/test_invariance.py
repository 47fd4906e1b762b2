"""What must not matter: order of rows, labels, units, origins, spelling, reparametrised X, constant weights."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from made_data import FORMULA, pilot

from pilot_eval.mixed import LmmFit, lmer

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


def test_spellings_of_nested_terms() -> None:
    data = BASE.assign(class_=BASE["school"].str[-1])
    one = lmer("y ~ wave + (1 | area/class_)", data)
    two = lmer("y ~ wave + (1 | area) + (1 | class_:area)", data)
    three = lmer("y ~ wave + (1 | area) + (1 | school)", data)
    _same(one, two)
    _same(one, three)
    assert one.ranef("area:class_").shape == three.ranef("school").shape


def test_reparametrised_x_changes_reml_by_its_determinant() -> None:
    data = BASE.assign(half=BASE["wave"] / 2 + 3 * BASE["age"])
    one = lmer("y ~ wave + age + (1 | area)", data)
    two = lmer("y ~ half + age + (1 | area)", data)
    # (1, half, age) = (1, wave, age) A with |det A| = 1/2
    assert two.criterion == pytest.approx(one.criterion + 2 * np.log(0.5), abs=1e-8)
    assert two.fitted.to_numpy() == pytest.approx(one.fitted.to_numpy(), abs=1e-7)


def test_a_year_as_covariate_costs_no_digits() -> None:
    years = lmer("y ~ year * group + (year | area) + (1 | resp)", BASE.assign(year=2016 + BASE["wave"]))
    waves = lmer("y ~ year * group + (year | area) + (1 | resp)", BASE.assign(year=BASE["wave"]))
    assert years.fixef["year"] == pytest.approx(waves.fixef["year"], abs=1e-6 * waves.se["year"])
    assert years.sigma == pytest.approx(waves.sigma, rel=1e-6)
    assert years.criterion == pytest.approx(waves.criterion, abs=1e-7)


def test_balanced_one_way_layout_equals_the_closed_form() -> None:
    rng = np.random.default_rng(8)
    g, n = 12, 5
    y = np.repeat(rng.normal(size=g), n) + rng.normal(size=g * n) * 0.8
    data = pd.DataFrame({"y": y, "g": np.repeat([f"g{i}" for i in range(g)], n)})
    fit = lmer("y ~ 1 + (1 | g)", data, reml=False)
    means = data.groupby("g")["y"].mean()
    between = n * ((means - y.mean()) ** 2).sum() / g
    within = ((data["y"] - data["g"].map(means)) ** 2).sum() / (g * (n - 1))
    assert fit.sigma**2 == pytest.approx(within, rel=1e-8)
    assert fit.varcorr["vcov"].iloc[0] == pytest.approx((between - within) / n, rel=1e-7)
    assert fit.fixef.iloc[0] == pytest.approx(y.mean(), abs=1e-10)


def test_weights_and_offset_as_defined() -> None:
    offset = BASE["age"].to_numpy() / 3
    fit = lmer(FORMULA, BASE.assign(y=BASE["y"] + offset), offset=offset)
    assert fit.criterion == pytest.approx(FIT.criterion, abs=1e-8)
    assert fit.fitted.to_numpy() == pytest.approx(FIT.fitted.to_numpy() + offset, abs=1e-7)
    inside = lmer(FORMULA + " + offset(age / 3)", BASE.assign(y=BASE["y"] + offset))
    assert inside.criterion == pytest.approx(FIT.criterion, abs=1e-8)
