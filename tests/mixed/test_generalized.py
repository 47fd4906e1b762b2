"""Families, the Laplace objective and its gradient, and what fits of generalised models offer."""

import numpy as np
import pandas as pd
import pytest
from made_data import pilot

from pilot_eval.mixed import ModelError, clmm, glmer
from pilot_eval.mixed.conditional import conditional_covariance
from pilot_eval.mixed.families import Binomial, CumulativeLogit, NegativeBinomial, Poisson


def _data(movers: float = 0.0):
    data = pilot(n_area=8, seed=11, movers=movers)
    rng = np.random.default_rng(0)
    eta = data["y"] - data["y"].mean()
    data["hit"] = (rng.random(len(data)) < 1 / (1 + np.exp(-eta))).astype(float)
    data["count"] = rng.poisson(np.exp(0.4 * eta + 0.5)).astype(float)
    data["rating"] = np.digitize(eta + rng.logistic(size=len(data)), [-2.0, -0.5, 0.6, 2.0]) + 1
    return data


RNG = np.random.default_rng(1)
FAMILIES = [
    (Binomial(RNG.integers(0, 6, 40) / 5.0, np.full(40, 5.0)), []),
    (Poisson(RNG.poisson(3, 40).astype(float)), []),
    (NegativeBinomial(RNG.poisson(3, 40).astype(float)), [0.4]),
    (CumulativeLogit(RNG.integers(0, 5, 40).astype(float), 5), [-2.0, -0.5, 0.7, 2.0]),
]


@pytest.mark.parametrize(("family", "psi"), FAMILIES, ids=lambda v: getattr(v, "name", ""))
def test_derivatives_of_the_families(family, psi) -> None:
    psi, eta, h = np.array(psi), RNG.normal(size=40), 1e-5
    here, up, down = (family.rows(eta + s, psi) for s in (0.0, h, -h))
    assert (up.loglik - down.loglik) / (2 * h) == pytest.approx(here.score, abs=1e-7)
    assert -(up.score - down.score) / (2 * h) == pytest.approx(here.weight, abs=1e-7)
    assert (up.weight - down.weight) / (2 * h) == pytest.approx(here.weight_slope, abs=1e-7)
    own = family.psi_rows(eta, psi)
    for j in range(len(psi)):
        step = h * np.eye(len(psi))[j]
        up, down = family.rows(eta, psi + step), family.rows(eta, psi - step)
        for name in ("loglik", "score", "weight"):
            numeric = (getattr(up, name) - getattr(down, name)) / (2 * h)
            assert numeric == pytest.approx(getattr(own, name)[j], abs=1e-7)


MODELS = [
    ("hit ~ wave + sex + (wave | area) + (1 | resp)", "binomial", 0.0),
    ("count ~ wave + (1 | area) + (1 | school)", "poisson", 0.0),
    ("count ~ wave + (1 | area) + (1 | resp)", "negative-binomial", 0.0),
    ("count ~ wave + (1 | area) + (1 | school) + (1 | resp)", "poisson", 0.3),
    ("rating ~ wave + sex + (1 | area) + (1 | resp)", None, 0.0),
]


@pytest.mark.parametrize(("formula", "family", "movers"), MODELS)
@pytest.mark.filterwarnings("ignore::pilot_eval.mixed.SingularFitWarning")
def test_laplace_gradient_equals_central_differences(formula, family, movers) -> None:
    fit = glmer(formula, _data(movers), family) if family else clmm(formula, _data(movers))
    target = fit.target
    m = target.layout.n_theta
    omega = fit.optimum.omega + 0.05
    omega[:m] = 0.4 + 0.1 * np.arange(m)
    _, gradient = target.value_and_gradient(omega)
    h = 5e-4  # five points: the error falls with h^4, so h can stay clear of rounding

    def slope(e: np.ndarray) -> float:
        near, far = (
            (target.value_and_gradient(omega + s * e)[0] - target.value_and_gradient(omega - s * e)[0]) / (2 * s)
            for s in (h, 2 * h)
        )
        return (4 * near - far) / 3

    numeric = [slope(e) for e in np.eye(len(omega))]
    assert np.abs(numeric - gradient).max() <= 1e-6 * np.abs(gradient).max()
    assert np.abs(fit.optimum.gradient).max() < 1e-3 and fit.converged


def test_many_nodes_and_one_node_are_near() -> None:
    data = _data()
    one, many = (glmer("hit ~ wave + (1 | resp)", data, "binomial", n_agq=k) for k in (1, 15))
    finer = glmer("hit ~ wave + (1 | resp)", data, "binomial", n_agq=25)
    assert many.loglik == pytest.approx(finer.loglik, abs=1e-3)
    assert one.fixef["wave"] == pytest.approx(many.fixef["wave"], abs=0.2 * many.se["wave"])
    with pytest.raises(ModelError, match="one random intercept"):
        glmer("hit ~ wave + (wave | area)", data, "binomial", n_agq=5)


def test_offset_is_exposure() -> None:
    data = _data().assign(hours=2.0)
    plain = glmer("count ~ wave + (1 | area)", data, "poisson")
    with_offset = glmer("count ~ wave + (1 | area) + offset(log(hours))", data, "poisson")
    assert with_offset.fixef["Intercept"] == pytest.approx(plain.fixef["Intercept"] - np.log(2.0), abs=1e-6)
    assert with_offset.loglik == pytest.approx(plain.loglik, abs=1e-7)


def test_shares_with_trials_equal_cbind() -> None:
    data = _data().groupby(["area", "wave"], as_index=False).agg(k=("hit", "sum"), n=("hit", "size"))
    one = glmer("cbind(k, n - k) ~ wave + (1 | area)", data, "binomial")
    two = glmer("share ~ wave + (1 | area)", data.assign(share=data["k"] / data["n"]), "binomial", weights="n")
    assert one.loglik == pytest.approx(two.loglik, abs=1e-9)
    assert one.fixef.to_numpy() == pytest.approx(two.fixef.to_numpy(), abs=1e-7)


def test_thresholds_do_not_depend_on_the_origin_of_covariates() -> None:
    data = _data()
    one = clmm("rating ~ age + (1 | resp)", data)
    two = clmm("rating ~ age + (1 | resp)", data.assign(age=data["age"] - 13.0))
    assert list(one.thresholds.index) == ["1|2", "2|3", "3|4", "4|5"]
    assert one.loglik == pytest.approx(two.loglik, abs=1e-7)
    moved = one.thresholds - 13.0 * one.fixef["age"]
    assert two.thresholds.to_numpy() == pytest.approx(moved.to_numpy(), abs=1e-5)
    assert one.probabilities().sum(axis=1).to_numpy() == pytest.approx(1.0)
    assert list(one.se.index) == ["1|2", "2|3", "3|4", "4|5", "age"]


@pytest.mark.parametrize(("formula", "family", "movers"), MODELS[:2] + MODELS[4:])
@pytest.mark.filterwarnings("ignore::pilot_eval.mixed.SingularFitWarning")
def test_what_a_fit_offers(formula, family, movers) -> None:
    data = _data()
    fit = glmer(formula, data, family) if family else clmm(formula, data)
    assert fit.predict(data, kind="link").to_numpy() == pytest.approx(fit.predict(kind="link").to_numpy(), abs=1e-8)
    table = fit.ranef("area", interval=0.95)
    assert (table["Intercept:se"] >= 0).all()
    assert 0 <= fit.r2()["marginal"] <= fit.r2()["conditional"] <= 1
    assert len(fit.emmeans("wave", at={"wave": [0, 1]}).contrasts("revpairwise")) == 1
    assert fit.tests().loc["wave", "df"] == np.inf and "wave" in fit.summary()
    assert fit.anova().loc["wave", "num_df"] == 1
    judged = fit.diagnostics()
    assert judged.converged and judged.positive_definite and judged.scaled_gradient < 1e-3
    assert len(judged.hessian_eigenvalues) == fit.n_parameters - len(judged.singular_directions)
    assert 1.0 <= judged.condition < 50.0
    assert "largest scaled gradient" in fit.summary()
    with pytest.raises(ModelError, match="normal theory"):
        fit.tests("kenward-roger")


def test_crossed_factors_have_the_dense_answer() -> None:
    rng = np.random.default_rng(6)
    i, j, x = rng.integers(0, 40, 400), rng.integers(0, 12, 400), rng.normal(size=400)
    eta = 0.5 * x + 0.6 * rng.normal(size=(40, 2))[i] @ [1.0, 0.0] + 0.7 * rng.normal(size=12)[j]
    data = pd.DataFrame({"hit": (rng.random(400) < 1 / (1 + np.exp(-eta))) * 1.0, "x": x, "i": i, "j": j})
    fit = glmer("hit ~ x + (x | i) + (1 | j)", data, "binomial")
    target, modes = fit.target, fit.modes
    rows = target.family.rows(modes.eta, fit.psi)
    dense = np.eye(sum(u.size for u in modes.u))
    z_of = []
    for f, t in enumerate(fit.problem.t_internal(fit.optimum.theta)):
        assert target.gather(rows.score, f) @ t == pytest.approx(modes.u[f], abs=1e-6)
        z = np.zeros((400, *modes.u[f].shape))
        z[np.arange(400), target.structure.codes[f]] = target.columns[:, target.z[f]] @ t
        z_of.append(z.reshape(400, -1))
    z = np.hstack(z_of)
    dense += z.T @ (rows.weight[:, None] * z)
    laplace = -2 * rows.loglik.sum() + sum((u**2).sum() for u in modes.u) + np.linalg.slogdet(dense)[1]
    assert fit.criterion == pytest.approx(laplace, abs=1e-8)
    inner = fit.ranef("j", interval=0.95)["Intercept:se"].to_numpy() / fit.varcorr["sdcor"].iloc[-1]
    assert np.sort(inner) == pytest.approx(np.sort(np.sqrt(np.diag(np.linalg.inv(dense))[-12:])), abs=1e-8)


NESTED = [
    "hit ~ wave + (wave | area) + (wave | school) + (1 | resp)",
    "hit ~ wave + (wave | area) + (1 | school) + (1 | area:sex)",
]


@pytest.mark.parametrize("movers", [0.0, 0.2])
@pytest.mark.parametrize("formula", NESTED)
@pytest.mark.filterwarnings("ignore::pilot_eval.mixed.SingularFitWarning")
def test_conditional_covariances_have_the_dense_answer(formula: str, movers: float) -> None:
    fit = glmer(formula, _data(movers), "binomial")
    target, m = fit.target, fit.problem.layout.n_theta
    omega = np.r_[np.full(m, 0.4), fit.optimum.omega[m:]]  # no variance at zero, so that all blocks differ
    modes, ts = target.modes(omega), fit.problem.t_internal(omega[:m])
    blocks, n = [], len(modes.eta)
    for f, t in enumerate(ts):
        z = np.zeros((n, *modes.u[f].shape))
        z[np.arange(n), target.structure.codes[f]] = target.columns[:, target.z[f]] @ t
        blocks.append(z.reshape(n, -1))
    z = np.hstack(blocks)
    weight = fit.family.rows(modes.eta, fit.psi).weight
    dense = np.linalg.inv(np.eye(z.shape[1]) + z.T @ (weight[:, None] * z))
    start = 0
    for f, t in enumerate(ts):
        for got in conditional_covariance(target, modes, f):
            own = slice(start, start + len(t))
            assert got == pytest.approx(t @ dense[own, own] @ t.T, abs=1e-9)
            start += len(t)
