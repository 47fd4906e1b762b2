"""Conditional modes, their uncertainty, area effects and predictions, against the dense mixed-model equations."""

import numpy as np
import pytest
from dense import covariance_over_sigma2
from made_data import FORMULA, pilot

from pilot_eval.mixed import ModelError, lmer
from pilot_eval.mixed.effects import error_covariance


@pytest.mark.parametrize("movers", [0.0, 0.15])
def test_error_covariance_of_every_factor(movers: float) -> None:
    fit = lmer(FORMULA, pilot(n_area=6, movers=movers, seed=3))
    problem = fit.problem
    v = fit.sigma**2 * covariance_over_sigma2(problem, fit.optimum.theta)
    x = problem.design.x[:, problem.scaled.kept]
    inverse = np.linalg.inv(v)
    phi = np.linalg.inv(x.T @ inverse @ x)
    shrunk = inverse - inverse @ x @ phi @ x.T @ inverse
    r = fit.response - x @ fit.beta
    p = x.shape[1]
    for f, grouping in enumerate(problem.groupings):
        z = np.concatenate([t.values for t in grouping.terms], axis=1)
        sigma = fit.covariances[f]
        got, modes = error_covariance(fit, f), fit.ranef(grouping.name).to_numpy()
        for k in range(grouping.n_groups):
            g = sigma @ (z * (grouping.codes == k)[:, None]).T
            assert modes[k] == pytest.approx(g @ inverse @ r, abs=1e-9)
            assert got[k][p:, p:] == pytest.approx(sigma - g @ shrunk @ g.T, abs=1e-9)
            assert got[k][:p, p:] == pytest.approx(-phi @ x.T @ inverse @ g.T, abs=1e-9)
            assert got[k][:p, :p] == pytest.approx(phi, abs=1e-9)


def test_area_effects_add_the_fixed_slope() -> None:
    fit = lmer(FORMULA, pilot())
    own = fit.area_effects("wave")
    assert own["estimate"].to_numpy() == pytest.approx(fit.fixef["wave"] + fit.ranef("area")["wave"].to_numpy())
    assert (own["low"] < own["estimate"]).all() and (own["se"] > 0).all()
    new = fit.area_effects("wave", new=True).iloc[0]
    slope = fit.varcorr.query("group == 'area' and term1 == 'wave'")["vcov"].iloc[0]
    assert new["se"] == pytest.approx(np.sqrt(slope + fit.se["wave"] ** 2))


def test_a_term_without_random_part_is_refused() -> None:
    with pytest.raises(ModelError, match="no random 'age'"):
        lmer(FORMULA, pilot()).area_effects("age")


def test_ranef_intervals_and_unknown_groups() -> None:
    fit = lmer(FORMULA, pilot())
    table = fit.ranef("school", interval=0.9)
    assert list(table.columns) == ["Intercept", "Intercept:se", "Intercept:low", "Intercept:high"]
    with pytest.raises(KeyError, match="area"):
        fit.ranef("region")


def test_predictions_for_new_rows_equal_fitted_values() -> None:
    data = pilot()
    fit = lmer(FORMULA, data)
    assert fit.predict(data).to_numpy() == pytest.approx(fit.fitted.to_numpy())
    assert fit.predict(data, re="none").to_numpy() == pytest.approx(fit.predict(re="none").to_numpy())
    strange = data.assign(area="A99", school="S99", resp="R99")
    assert fit.predict(strange).to_numpy() == pytest.approx(fit.predict(data, re="none").to_numpy())
    with pytest.raises(ModelError, match="'sex' has the level 'q'"):
        fit.predict(data.assign(sex="q"))


def test_residuals_by_kind() -> None:
    data = pilot()
    weights = np.linspace(0.5, 2.0, len(data))
    fit = lmer(FORMULA, data, weights=weights)
    raw = fit.residuals()
    assert raw.to_numpy() == pytest.approx(data["y"].to_numpy() - fit.fitted.to_numpy())
    assert fit.residuals("scaled").to_numpy() == pytest.approx(raw.to_numpy() * np.sqrt(weights) / fit.sigma)
    assert fit.residuals("marginal").to_numpy() == pytest.approx(data["y"] - fit.predict(re="none"))


def test_bootstrap_intervals_of_area_effects_know_theta_is_estimated() -> None:
    fit = lmer(FORMULA, pilot(n_area=8, seed=1))
    plain = fit.area_effects("wave")
    drawn = fit.area_effects("wave", bootstrap=60, seed=4)
    assert drawn.attrs == {"replicates": 60, "failures": 0}
    assert drawn["estimate"].to_numpy() == pytest.approx(plain["estimate"].to_numpy())
    assert drawn["se"].mean() > 0.8 * plain["se"].mean()
    again = fit.area_effects("wave", bootstrap=60, seed=4)
    assert np.array_equal(drawn.to_numpy(), again.to_numpy())
