"""How well the areas' own changes are known, against the mixed-model equations written out."""

import warnings

import numpy as np
import pytest
from scipy.stats import norm

from pilot_eval.change.fitting import Planned, fit_planned, overall
from pilot_eval.model.area_errors import Draws, area_errors
from pilot_eval.model.areas import area_changes
from pilot_eval.model.spread import spread, variances_at

FORMULA = "{outcome} ~ wave * role + (1 + wave | area) + (1 | organisation) + (1 | respondent)"
AREAS = [f"area-{a}" for a in range(8)]
ENDS = ("before", "after")


def fitted_of(table, formula=FORMULA):
    outcome = {"outcome": "trust", "column": "score", "roles": ["lead", "staff"], "unit": "points", "digits": 2}
    return fit_planned(table, Planned(outcome, formula, True, {"lead": 0.5, "staff": 0.5}, list(ENDS), "main"))


def dense(fitted):
    """Var(b + u - u_true) of (fixed effects, effects of areas), from Henderson's equations with dense matrices."""
    from formulaic import model_matrix

    fit, rows = fitted.fit, fitted.rows
    x = np.asarray(model_matrix("wave * role", rows), dtype=float)
    later = (rows["wave"] == "after").to_numpy(dtype=float)
    blocks, inverse = [], []
    for group in ("area", "unit", "respondent"):
        labels = sorted(set(rows[group]))
        member = (rows[group].to_numpy()[:, None] == np.array(labels)).astype(float)
        covariance = fit.covariances[[g.name for g in fit.problem.groupings].index(group)]
        if group == "area":
            blocks.append(np.stack([member, member * later[:, None]], axis=2).reshape(len(rows), -1))
        else:
            blocks.append(member)
        inverse.append(np.kron(np.eye(len(labels)), np.linalg.inv(covariance)))
    z = np.concatenate(blocks, axis=1)
    g = np.zeros((z.shape[1], z.shape[1]))
    at = 0
    for part in inverse:
        g[at : at + len(part), at : at + len(part)] = part
        at += len(part)
    w = np.concatenate([x, z], axis=1)
    left = w.T @ w / fit.sigma**2
    left[x.shape[1] :, x.shape[1] :] += g
    return np.linalg.inv(left), x.shape[1]


def test_standard_errors_are_those_of_the_mixed_model_equations(analysis):
    fitted = fitted_of(analysis)
    errors = area_errors(fitted, *ENDS, Draws(4, 1))
    covariance, p = dense(fitted)
    fixed = fitted.change.overall.to_numpy()
    for place in range(8):
        weight = np.zeros(len(covariance))
        weight[:p] = fixed
        weight[p + 2 * place + 1] = 1.0
        assert errors.se_known[place] == pytest.approx(np.sqrt(weight @ covariance @ weight), rel=1e-6)


def test_probabilities_rest_on_the_errors_of_what_they_are_about(make):
    """With many areas the published errors are those of the equations, so that they can be written out."""
    fitted = fitted_of(make(areas=30, units=2, people=2, seed=5))
    errors = area_errors(fitted, *ENDS, Draws(4, 1))
    table = area_changes(fitted, sorted(set(fitted.rows["area"])), *ENDS, errors, 0.2).set_index("area")
    covariance, p = dense(fitted)
    change = overall(fitted)["estimate"]
    for place, area in enumerate(sorted(set(fitted.rows["area"]))):
        row = table.loc[area]
        assert row["above_zero"] == pytest.approx(norm.cdf(row["estimate"] / row["se"]), rel=1e-9)
        assert row["above_smallest"] == pytest.approx(norm.cdf((row["estimate"] - 0.2) / row["se"]), rel=1e-9)
        own = np.sqrt(covariance[p + 2 * place + 1, p + 2 * place + 1])
        assert row["above_mean"] == pytest.approx(norm.cdf((row["estimate"] - change) / own), abs=1e-6)
        assert (row["high"] - row["low"]) / row["se"] == pytest.approx(2 * 1.959964, rel=1e-6)


def test_of_few_areas_the_intervals_know_that_the_spread_is_estimated(analysis):
    errors = area_errors(fitted_of(analysis), *ENDS, Draws(200, 1))
    assert errors.se.mean() > errors.se_known.mean()
    assert (errors.low < errors.estimate).all() and (errors.estimate < errors.high).all()
    assert 0 <= errors.spread_low < errors.spread_high


def test_the_same_seed_gives_the_same_numbers(analysis):
    fitted = fitted_of(analysis)
    one, again, other = (area_errors(fitted, *ENDS, Draws(20, seed)) for seed in (1, 1, 2))
    assert (one.low == again.low).all() and (one.low != other.low).any()


def test_a_spread_of_zero_does_not_make_areas_known(make):
    flat = make(areas=8, slope=0.0, unit=0.0, seed=6)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = fitted_of(flat, "{outcome} ~ wave + (1 | area) + (0 + I((wave == 'after') * 1.0) | area)")
    errors = area_errors(fitted, *ENDS, Draws(200, 1))
    assert errors is not None and errors.deviation == pytest.approx(np.zeros(8), abs=1e-6)
    table = area_changes(fitted, AREAS, *ENDS, errors, 0.2)
    assert (errors.se > errors.se_known * 0.99).all() and errors.se.mean() > 1.02 * errors.se_known.mean()
    assert table["above_mean"].to_numpy() == pytest.approx(np.full(8, 0.5), abs=1e-6), "nobody can say"


def test_without_slopes_areas_have_no_change_of_their_own(analysis):
    fitted = fitted_of(analysis, "{outcome} ~ wave + (1 | area) + (1 | respondent)")
    assert area_errors(fitted, *ENDS, Draws(4, 1)) is None
    assert set(area_changes(fitted, AREAS, *ENDS)["status"]) == {"z"}


def test_the_spread_has_its_profile_and_the_test_that_knows_the_boundary(analysis):
    from pilot_eval.mixed import compare, lmer

    fitted = fitted_of(analysis)
    found = spread(fitted, *ENDS, area_errors(fitted, *ENDS, Draws(20, 1)), Draws(20, 1))
    profile = fitted.fit.profile_ci(group="area", term="wave[T.after]").iloc[0]
    assert (found.values["low"], found.values["high"]) == pytest.approx((profile["low"], profile["high"]))
    null = lmer("score ~ wave * role + (1 | area) + (1 | unit) + (1 | respondent)", fitted.rows)
    assert found.values["p"] == pytest.approx(compare(null, fitted.fit).p)
    assert "mixture: 0.5 chi2(1) + 0.5 chi2(2)" in found.test


def test_the_slope_of_time_in_months_gives_the_spread_of_change(analysis):
    by_wave = fitted_of(analysis, "{outcome} ~ wave + (1 + wave | area) + (1 | respondent)")
    by_month = fitted_of(analysis, "{outcome} ~ months + (1 + months | area) + (1 | respondent)")
    one, other = (spread(fitted, *ENDS, None, Draws(4, 1)).values for fitted in (by_wave, by_month))
    for name in ("sd_change", "low", "high", "p", "new_low"):
        assert one[name] == pytest.approx(other[name], rel=1e-3), name


def test_shares_of_variance_are_those_of_an_answer_at_the_first_wave(analysis):
    fitted = fitted_of(analysis)
    found = variances_at(fitted, "before")
    known = {(row["group"], row["term1"]): row["vcov"] for row in fitted.fit.varcorr.to_dict("records")
             if not isinstance(row["term2"], str)}  # fmt: skip
    assert found["area"] == pytest.approx(known["area", "Intercept"])
    assert found["unit"] == pytest.approx(known["unit", "Intercept"])
    assert sum(found.values()) == pytest.approx(sum(v for (_, t), v in known.items() if t != "wave[T.after]"))
