"""Simulated residuals: uniform where the model holds, and tests that find what does not."""

import numpy as np
import pandas as pd
import pytest

from pilot_eval.mixed import ModelError, clmm, glmer


def _counts(extra: float) -> pd.DataFrame:
    """Counts by area with a random intercept; `extra` is the variance that a Poisson model does not know."""
    rng = np.random.default_rng(8)
    area = np.repeat(np.arange(15), 30)
    x = rng.normal(size=len(area))
    mean = np.exp(0.8 + 0.3 * x + 0.4 * rng.normal(size=15)[area])
    spread = rng.gamma(1 / extra, extra, len(area)) if extra else 1.0
    return pd.DataFrame({"y": rng.poisson(mean * spread).astype(float), "x": x, "area": area})


def test_the_right_model_passes_and_the_same_seed_gives_the_same() -> None:
    fit = glmer("y ~ x + (1 | area)", _counts(0.0), "poisson")
    made = fit.simulated_residuals(n=200, seed=3)
    assert made.values.between(0, 1).all() and (made.tests()["p"] > 0.05).all()
    assert np.array_equal(made.values, fit.simulated_residuals(n=200, seed=3).values)
    assert not np.array_equal(made.values, fit.simulated_residuals(n=200, seed=4).values)


def test_overdispersion_and_too_many_zeros_are_found_and_mended_by_the_right_family() -> None:
    data = _counts(1.0)
    poisson = glmer("y ~ x + (1 | area)", data, "poisson").simulated_residuals().tests()
    assert poisson.loc["dispersion", "statistic"] > 1.5 and (poisson["p"] < 0.02).all()
    assert poisson.loc["zeros", "statistic"] > 1.5
    right = glmer("y ~ x + (1 | area)", data, "negative-binomial").simulated_residuals().tests()
    assert (right["p"] > 0.05).all() and 0.8 < right.loc["zeros", "statistic"] < 1.2


def test_sums_by_group_show_what_single_answers_hide() -> None:
    rng = np.random.default_rng(5)
    area, school = np.repeat(np.arange(10), 40), np.repeat(np.arange(80), 5)
    eta = 0.3 + 0.3 * rng.normal(size=10)[area] + 1.5 * rng.normal(size=80)[school]
    data = pd.DataFrame({"hit": (rng.random(400) < 1 / (1 + np.exp(-eta))) * 1.0, "area": area, "school": school})
    made = glmer("hit ~ 1 + (1 | area)", data, "binomial").simulated_residuals()
    assert made.tests().loc["dispersion", "p"] > 0.05
    schools = made.by_group(school)
    assert len(schools.values) == 80 and schools.tests().loc["dispersion", "p"] < 0.02
    with pytest.raises(ModelError, match="one group for each of the 400 rows"):
        made.by_group(school[:-1])


def test_ordered_answers_count_from_their_lowest_category() -> None:
    data = _counts(0.0)
    data["rating"] = np.minimum(data["y"], 4.0) + 1.0
    made = clmm("rating ~ x + (1 | area)", data).simulated_residuals(n=200)
    assert made.observed.min() == 0.0 and (made.tests()["p"] > 0.05).all()
    with pytest.raises(ModelError, match="n=1 simulations"):
        clmm("rating ~ x + (1 | area)", data).simulated_residuals(n=1)
