"""Integrals over normal random effects: against numerical integration and closed forms."""

import numpy as np
import pytest
from scipy import integrate, special, stats

from pilot_eval.change.integrate import log_normal, logistic_normal, median_of_normals


def by_quadrature(eta, sd):
    def density(z):
        return special.expit(eta + sd * z) * stats.norm.pdf(z)

    turn = np.clip(-eta / sd, -8, 8) if sd else 0.0
    return integrate.quad(density, -10, 10, points=[turn], epsabs=1e-13, limit=400)[0]


@pytest.mark.parametrize("eta", [-6.0, -1.3, 0.0, 0.4, 3.0])
@pytest.mark.parametrize("sd", [0.0, 0.3, 1.0, 3.0, 8.0])
def test_logistic_normal_agrees_with_numerical_integration(eta, sd):
    assert logistic_normal(np.array([eta]), np.array([sd]))[0] == pytest.approx(by_quadrature(eta, sd), abs=1e-7)


def test_logistic_normal_is_symmetric_and_not_the_share_at_zero():
    eta = np.array([0.5, 2.0])
    here = logistic_normal(eta, np.array([1.5, 1.5]))
    assert here + logistic_normal(-eta, np.array([1.5, 1.5])) == pytest.approx(1.0, abs=1e-12)
    assert (here < special.expit(eta)).all()


def test_log_normal_is_the_mean_of_a_lognormal():
    assert log_normal(np.array([0.7]), np.array([0.9]))[0] == pytest.approx(
        stats.lognorm(0.9, scale=np.exp(0.7)).mean()
    )
    assert np.isfinite(log_normal(np.array([1e6]), np.array([1.0]))).all()


def test_the_median_of_one_normal_is_its_mean():
    assert median_of_normals(np.array([[2.0, 2.0]]), np.array([[1.0, 3.0]]), np.array([0.5, 0.5])) == pytest.approx(
        [2.0]
    )


def test_the_median_of_a_mixture_halves_it():
    mean, sd, share = np.array([[0.0, 4.0], [1.0, -2.0]]), np.array([[1.0, 0.5], [2.0, 0.1]]), np.array([0.3, 0.7])
    found = median_of_normals(mean, sd, share)
    assert stats.norm.cdf((found[:, None] - mean) / sd) @ share == pytest.approx([0.5, 0.5], abs=1e-12)
