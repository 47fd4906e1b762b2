"""Bootstrap, simulation, deletion and likelihood-ratio tests."""

import numpy as np
import pytest
from made_data import FORMULA, pilot

from pilot_eval.mixed import ModelError, compare, lmer
from pilot_eval.mixed.problem import prepare

DATA = pilot(n_area=10, seed=6)
FIT = lmer(FORMULA, DATA)


def test_replicate_k_depends_on_seed_and_k_alone() -> None:
    whole = FIT.bootstrap(n=40, seed=5)
    part = FIT.bootstrap(n=12, seed=5, first=20)
    assert np.array_equal(whole.values.to_numpy()[20:32], part.values.to_numpy())
    assert np.array_equal(FIT.simulate(3, 5)[2], FIT.simulate(7, 5)[2])
    assert not np.array_equal(whole.values.to_numpy(), FIT.bootstrap(n=40, seed=6).values.to_numpy())


def test_replicates_are_fits() -> None:
    draws = FIT.bootstrap(n=6, seed=5)
    y = FIT.simulate(6, 5)
    for k in range(6):
        alone = FIT.refit(y[k])
        assert draws.values.loc[k, "wave"] == pytest.approx(alone.fixef["wave"], abs=1e-5 * alone.se["wave"])
        assert draws.values.loc[k, "sigma"] == pytest.approx(alone.sigma, rel=1e-5)


def test_a_statistic_of_ones_own_and_its_failures() -> None:
    def slope(fit):
        if fit.fixef["wave"] > FIT.fixef["wave"]:
            raise ValueError("too steep")
        return {"slope": fit.fixef["wave"]}

    draws = FIT.bootstrap(slope, n=20, seed=1)
    assert 0 < len(draws.failures) < 20
    assert draws.values["slope"].isna().sum() == len(draws.failures)
    assert "too steep" in next(iter(draws.failures.values()))
    assert draws.interval()["n"].iloc[0] == 20 - len(draws.failures)


def test_intervals() -> None:
    draws = FIT.bootstrap(n=200, seed=2)
    for kind in ("percentile", "basic", "bca"):
        table = draws.interval(kind)
        assert (table["low"] <= table["high"]).all()
        assert table.loc["wave", "low"] < FIT.fixef["wave"] < table.loc["wave", "high"]
    with pytest.raises(ModelError, match="kind"):
        draws.interval("exact")


def test_refit_checks_its_outcome() -> None:
    with pytest.raises(ModelError, match="finite values"):
        FIT.refit(np.ones(3))


def test_leaving_out_an_area_equals_a_fit_without_it() -> None:
    table = FIT.influence("area")
    assert table.attrs["theta"] == "optimised again"
    for area in table.index[:4]:
        alone = lmer(FORMULA, DATA[DATA["area"] != area])
        gap = np.abs(alone.fixef - table.loc[area, alone.fixef.index].astype(float)) / alone.se
        assert gap.max() < 1e-6
        assert table.loc[area, "sigma"] == pytest.approx(alone.sigma, rel=1e-6)


@pytest.mark.parametrize("movers", [0.0, 0.2])
@pytest.mark.parametrize("group", ["school", "resp", "area"])
def test_deletion_at_fixed_theta_is_exact(movers: float, group: str) -> None:
    data = pilot(n_area=10, seed=6, movers=movers)
    fit = lmer(FORMULA, data)
    table = fit.influence(group, refit=False)
    assert "fixed" in table.attrs["theta"]
    for label in table.index[:3]:
        problem = prepare(FORMULA, data[data[group] != label])
        blocks = []
        for back, cov in zip(problem.scaled.z_back, fit.problem.relative_covariances(fit.optimum.theta), strict=True):
            half = np.linalg.inv(back) @ np.linalg.cholesky(cov + 1e-14 * np.eye(len(cov)))
            blocks.append(np.linalg.qr(half.T)[1].T)
        theta = problem.layout.theta_of(blocks)
        from pilot_eval.mixed.solve import solve

        beta = problem.scaled.coefficients(solve(problem.products(problem.design.y), problem.layout, theta).top.beta[0])
        assert table.loc[label, fit.fixef.index].to_numpy(float) == pytest.approx(beta, abs=1e-8)


def test_mixtures_and_bootstrap_by_kind_of_null() -> None:
    no_slope = lmer("y ~ wave * group + sex + age + (1 | area) + (1 | school) + (1 | resp)", DATA)
    slope = compare(no_slope, FIT)
    assert slope.method in ("mixture", "bootstrap")
    no_school = lmer("y ~ wave * group + sex + age + (wave | area) + (1 | resp)", DATA)
    school = compare(no_school, FIT, n=50)
    assert school.df == (0, 1) or school.method == "bootstrap"
    neither = lmer("y ~ wave * group + sex + age + (1 | area) + (1 | resp)", DATA)
    both = compare(neither, FIT, n=50, seed=3)
    assert both.method == "bootstrap" and "several parameters" in both.note and len(both.replicates) == 50
    assert 0.0 < both.p <= 1.0


def test_compare_refuses_what_is_not_nested() -> None:
    with pytest.raises(ModelError, match="not contained"):
        compare(lmer("y ~ age + (1 | area)", DATA), lmer("y ~ sex + (1 | area)", DATA))
    with pytest.raises(ModelError, match="same rows"):
        compare(lmer("y ~ age + (1 | area)", DATA.iloc[1:]), lmer("y ~ age + sex + (1 | area)", DATA))
    with pytest.raises(ModelError, match="groups by 'school'"):
        compare(lmer("y ~ age + (1 | school)", DATA), lmer("y ~ age + (1 | area)", DATA))


def test_parameters_are_recovered() -> None:
    data = pilot(n_area=60, n_school=5, n_resp=6, slope=0.3, seed=9)
    fit = lmer("y ~ wave * group + (wave | area) + (1 | school) + (1 | resp)", data)
    sd = fit.varcorr[fit.varcorr["term2"].isna()]["sdcor"].to_numpy()
    assert sd == pytest.approx([0.6, 0.4, 0.5, 0.3, 0.7], abs=0.12)
    gap = (fit.fixef - [3.0, 0.2, 0.0, 0.3]) / fit.se
    assert np.abs(gap).max() < 3.5
