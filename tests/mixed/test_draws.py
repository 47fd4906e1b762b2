"""Draws of all parameters: their covariance against glmmTMB and ordinal, and what is drawn."""

import json
import warnings
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pilot_eval.mixed import clmm, glmer, lmer, tobit
from pilot_eval.mixed.draws import draw_parameters, omega_covariance
from pilot_eval.mixed.lmm import LmmFit

FOLDER = Path(__file__).resolve().parent / "reference"


def data(name, *factors):
    rows = pd.read_csv(FOLDER / "data" / f"{name}.csv")
    return rows.assign(**{factor: pd.Categorical(rows[factor]) for factor in factors})


def share():
    rows = data("cbpp", "period").assign(rest=lambda d: d["size"] - d["incidence"])
    return glmer("cbind(incidence, rest) ~ period + (1 | herd)", rows, "binomial")


FITS = {
    "share": share,
    "count": lambda: glmer("TICKS ~ YEAR + cHEIGHT + (1 | BROOD) + (1 | LOCATION)", data("grouseticks", "YEAR"),
                           "negative-binomial"),
    "linear": lambda: lmer("Reaction ~ Days + (1 | Subject)", data("sleepstudy"), reml=False),
    "rating": lambda: clmm("rating ~ temp + contact + (1 | judge)", data("wine", "temp", "contact")),
}  # fmt: skip


@cache
def fitted(name):
    return FITS[name]()


def as_r_has_it(fit):
    """Covariance in R's parameters: fixed effects, thresholds or log dispersion, log of each standard deviation."""
    inner, m, p = omega_covariance(fit), fit.problem.layout.n_theta, len(fit.beta)
    moved = np.diag(1 / fit.optimum.theta)
    if isinstance(fit, LmmFit):
        # R has log(sigma^2) and log(sigma theta)
        to = np.zeros((p + 1 + m, len(inner)))
        to[:p, m + 1 :] = fit.to_data
        to[p, m] = 2.0
        to[p + 1 :, :m], to[p + 1 :, m] = moved, 1.0
        return to @ inner @ to.T
    own = fit.back.shape[0]
    to = np.zeros((own + m, len(inner)))
    order = np.r_[p:own, :p] if fit.family.name == "cumulative-logit" else np.arange(own)
    to[:own, m:] = fit.back[order]
    to[own:, :m] = moved
    return to @ inner @ to.T


@pytest.mark.parametrize("name", sorted(FITS))
def test_covariance_of_all_parameters_agrees_with_r(name):
    stored = json.loads((FOLDER / "joint" / f"{name}.json").read_text("utf-8"))
    theirs, ours = np.array(stored["covariance"]), as_r_has_it(fitted(name))
    assert ours.shape == theirs.shape, stored["names"]
    scale = np.sqrt(np.outer(np.diag(theirs), np.diag(theirs)))
    assert np.abs((ours - theirs) / scale).max() < 1e-3


@pytest.mark.parametrize("name", sorted(FITS))
def test_draws_have_the_estimate_first_and_its_covariance(name):
    fit = fitted(name)
    drawn = draw_parameters(fit, 4000, seed=7)
    assert drawn.beta[0] == pytest.approx(fit.fixef.to_numpy())
    for found, estimate in zip(drawn.covariances, fit.covariances, strict=True):
        assert found[0] == pytest.approx(estimate)
        assert (np.linalg.eigvalsh(found) >= -1e-9 * np.abs(found).max()).all(), "each draw is a covariance"
    spread = np.cov(drawn.beta[1:].T)
    scale = np.sqrt(np.outer(np.diag(fit.covariance), np.diag(fit.covariance)))
    assert np.abs((spread - fit.covariance) / scale).max() < 0.06
    again = draw_parameters(fit, 4000, seed=7)
    assert np.array_equal(again.beta, drawn.beta) and np.array_equal(again.psi, drawn.psi)


def test_own_parameters_come_in_the_units_of_the_data():
    rating, linear = fitted("rating"), fitted("linear")
    assert draw_parameters(rating, 3, seed=1).psi[0] == pytest.approx(rating.thresholds.to_numpy())
    assert draw_parameters(linear, 3, seed=1).sigma[0] == pytest.approx(linear.sigma)


@pytest.mark.parametrize("name", sorted(FITS))
def test_variances_are_drawn_with_their_own_standard_error(name):
    fit = fitted(name)
    drawn, inner = draw_parameters(fit, 4000, seed=7), omega_covariance(fit)
    for f, found in enumerate(drawn.covariances):
        at = fit.problem.layout.templates[f].index[0]
        relative = np.sqrt(inner[at, at]) / fit.optimum.theta[at]
        if isinstance(fit, LmmFit):  # the variance is that of theta times sigma squared
            m = fit.problem.layout.n_theta
            to = np.r_[1 / fit.optimum.theta[at], 1.0]
            relative = np.sqrt(to @ inner[np.ix_([at, m], [at, m])] @ to)
        low, high = np.quantile(found[1:, 0, 0], [0.16, 0.84])
        assert (high - low) / 2 == pytest.approx(2 * relative * found[0, 0, 0], rel=0.08)


@pytest.mark.filterwarnings("ignore::pilot_eval.mixed.SingularFitWarning")
def test_a_variance_at_its_boundary_is_drawn_as_a_variance():
    rows = pd.DataFrame({"g": np.repeat(np.arange(8), 6), "t": np.tile([0.0, 1.0], 24)})
    rows["k"] = np.tile([3, 4, 2, 5, 3, 4], 8)
    rows["rest"] = 10 - rows["k"]
    fit = glmer("cbind(k, rest) ~ t + (1 | g)", rows, "binomial")
    assert fit.singular
    drawn = draw_parameters(fit, 500, seed=3).covariances[0]
    assert (drawn == 0).all(), "it is held there"


def simulated_waits(seed=5, groups=40, rows=12):
    random = np.random.default_rng(seed)
    frame = pd.DataFrame({"g": np.repeat(np.arange(groups), rows), "t": np.tile([0.0, 1.0], groups * rows // 2)})
    latent = 2.0 - 0.3 * frame["t"] + random.normal(0, 0.4, groups)[frame["g"]] + random.normal(0, 0.5, len(frame))
    until = random.uniform(1.0, 3.0, len(frame))
    return frame.assign(latent=latent, y=np.minimum(latent, until), came=(latent <= until) * 1.0)


def test_tobit_without_censored_rows_is_the_linear_model():
    rows = simulated_waits().assign(came=1)
    one, other = tobit("latent ~ t + (1 | g)", rows, "came"), lmer("latent ~ t + (1 | g)", rows, reml=False)
    assert one.criterion == pytest.approx(other.criterion, abs=1e-6)
    assert one.fixef.to_numpy() == pytest.approx(other.fixef.to_numpy(), abs=1e-6)
    assert one.sigma == pytest.approx(other.sigma, rel=1e-5)
    assert one.varcorr["sdcor"].iloc[0] == pytest.approx(other.varcorr["sdcor"].iloc[0], rel=1e-5)


def test_tobit_recovers_what_censoring_hides():
    rows = simulated_waits(groups=150)
    assert 0.3 < 1 - rows["came"].mean() < 0.6
    fit = tobit("y ~ t + (1 | g)", rows, "came")
    naive = lmer("y ~ t + (1 | g)", rows, reml=False)
    truth = np.array([2.0, -0.3])
    assert (np.abs(fit.fixef.to_numpy() - truth) < 3 * fit.se.to_numpy()).all()
    assert naive.fixef.iloc[0] < 1.8, "waits that are not over taken as they stand are too short"
    assert fit.sigma == pytest.approx(0.5, abs=0.05) and fit.varcorr["sdcor"].iloc[0] == pytest.approx(0.4, abs=0.08)


def test_tobit_by_laplace_is_close_to_quadrature():
    rows = simulated_waits(groups=12)
    one, other = (tobit("y ~ t + (1 | g)", rows, "came", n_agq=n) for n in (1, 25))
    assert np.abs((one.fixef - other.fixef) / other.se).max() < 0.01


def test_derivatives_of_a_censored_row():
    from pilot_eval.mixed.censored import CensoredNormal

    random = np.random.default_rng(1)
    family = CensoredNormal(random.normal(size=8), np.arange(8) < 3)
    eta, psi, h = 3 * random.normal(size=8), np.array([0.3]), 1e-5
    here, up, down = (family.rows(eta + step, psi) for step in (0.0, h, -h))
    assert (up.loglik - down.loglik) / (2 * h) == pytest.approx(here.score, abs=1e-7)
    assert -(up.score - down.score) / (2 * h) == pytest.approx(here.weight, abs=1e-7)
    assert (up.weight - down.weight) / (2 * h) == pytest.approx(here.weight_slope, abs=1e-7)
    own, up, down = family.psi_rows(eta, psi), family.rows(eta, psi + h), family.rows(eta, psi - h)
    for name in ("loglik", "score", "weight"):
        assert (getattr(up, name) - getattr(down, name)) / (2 * h) == pytest.approx(getattr(own, name)[0], abs=1e-7)


@pytest.mark.parametrize(
    ("came", "said"),
    [(0, "no outcome was seen"), (2, "must be 1 .seen. or 0 .censored."), (None, "no variable 'came'")],
)
def test_what_tobit_cannot_use_is_said(came, said):
    rows = simulated_waits(groups=5)
    rows = rows.drop(columns="came") if came is None else rows.assign(came=came)
    with pytest.raises(ValueError, match=said):
        tobit("y ~ t + (1 | g)", rows, "came")


def test_rows_that_only_censored_answers_tell_are_a_separation():
    rows = simulated_waits(groups=10)
    rows.loc[rows["t"] == 1, "came"] = 0.0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match="perfect separation"):
            tobit("y ~ t + (1 | g)", rows, "came")
