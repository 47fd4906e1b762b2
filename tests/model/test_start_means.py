"""The naive slope, and what the model expects of it."""

import numpy as np
import pandas as pd
import pytest

from pilot_eval.mixed import lmer
from pilot_eval.model.start_means import naive_slope
from pilot_eval.model.start_model import with_time

pytestmark = pytest.mark.filterwarnings("ignore::pilot_eval.mixed.SingularFitWarning")
WAVES = "before", "after"
FORMULA = "score ~ wave * role + (1 + elapsed | area) + (1 | unit) + (1 | respondent)"


def prepared(drawn):
    rows = with_time(drawn, WAVES).assign(value=drawn["score"])
    return rows.assign(wave=pd.Categorical(rows["wave"], WAVES), role=pd.Categorical(rows["role"]))


def by_hand(rows):
    means = rows.groupby(["area", "wave"], observed=True)["value"].mean().unstack()
    change = means["after"] - means["before"]
    return np.polyfit(means["before"], change, 1)[0]


def test_the_naive_slope_is_that_of_least_squares(make):
    rows = prepared(make(areas=9))
    fit = lmer(FORMULA, rows)
    assert naive_slope(fit, rows, "area", *WAVES).slope == pytest.approx(by_hand(rows), rel=1e-9)


def test_the_model_expects_of_it_what_its_own_draws_show(make):
    """Areas of unlike size and mix of roles; persons and organisations that answer twice, or once."""
    drawn = make(seed=2, areas=30, units=4, people=3, drop=0.35)
    drawn = drawn.loc[(drawn["area"] != "area-1") | (drawn["role"] == "lead")]
    rows = prepared(drawn).reset_index(drop=True)
    fit = lmer(FORMULA, rows)
    found = naive_slope(fit, rows, "area", *WAVES)
    again = [by_hand(rows.assign(value=values.to_numpy())) for _, values in fit.simulate(300, seed=5).items()]
    assert found.expected == pytest.approx(np.mean(again), abs=4 * np.std(again) / np.sqrt(300) + 0.01)
    true = fit.covariances[-1]
    assert found.expected < true[0, 1] / true[0, 0]


def test_the_sampling_variance_of_a_balanced_start_is_the_textbook_one(make):
    rows = prepared(make(areas=6, units=4, people=2, unit=0.5, drop=0.0))
    fit = lmer(FORMULA, rows)
    unit, person = (float(fit.varcorr.set_index("group").loc[name, "vcov"]) for name in ("unit", "respondent"))
    expected = unit / 4 + (person + fit.sigma**2) / 8
    assert naive_slope(fit, rows, "area", *WAVES).sampling == pytest.approx(expected, rel=1e-9)
    within = naive_slope(fit, rows, "unit", *WAVES).sampling
    assert within == pytest.approx((person + fit.sigma**2) / 2, rel=1e-9)


def test_two_areas_have_no_slope(make):
    rows = prepared(make(areas=3, drop=0.0))
    rows = rows.loc[(rows["area"] != "area-2") | (rows["wave"] == "before")].reset_index(drop=True)
    found = naive_slope(lmer(FORMULA, rows), rows, "area", *WAVES)
    assert np.isnan(found.slope) and np.isnan(found.expected) and found.sampling > 0
