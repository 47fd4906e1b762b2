"""Kenward-Roger, Satterthwaite, type III tests, contrasts and adjustments."""

import numpy as np
import pytest
from dense import covariance_over_sigma2, design_covariances
from made_data import FORMULA, pilot
from scipy import stats

from pilot_eval.mixed import DegreesOfFreedomWarning, ModelError, lmer
from pilot_eval.mixed.adjust import adjust_p


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("movers", [0.0, 0.2])
def test_kenward_roger_covariance_equals_the_dense_formula(movers: float, weighted: bool) -> None:
    data = pilot(n_area=6, movers=movers, seed=3)
    fit = lmer(FORMULA, data, weights=np.linspace(0.4, 2.0, len(data)) if weighted else None)
    problem = fit.problem
    x = problem.design.x[:, problem.scaled.kept]
    inverse = np.linalg.inv(fit.sigma**2 * covariance_over_sigma2(problem, fit.optimum.theta))
    phi = np.linalg.inv(x.T @ inverse @ x)
    parts = design_covariances(problem)
    p = [x.T @ inverse @ v @ inverse @ x for v in parts]
    m = len(parts)
    q = [[x.T @ inverse @ a @ inverse @ b @ inverse @ x for b in parts] for a in parts]
    info = np.empty((m, m))
    for i in range(m):
        for j in range(m):
            trace = np.sum((inverse @ parts[i] @ inverse) * parts[j])
            info[i, j] = 0.5 * trace - np.trace(phi @ q[i][j]) + 0.5 * np.trace(phi @ p[i] @ phi @ p[j])
    w = np.linalg.inv(info)
    change = sum(w[i, j] * (q[i][j] - p[i] @ phi @ p[j]) for i in range(m) for j in range(m))
    want = phi + 2.0 * phi @ change @ phi
    got = fit.basis("kenward-roger").covariance()
    assert np.abs(got - want).max() <= 1e-8 * np.abs(want).max()


def test_one_way_layout_has_the_textbook_degrees_of_freedom() -> None:
    data = pilot(n_area=9, missing=0.0)
    fit = lmer("y ~ 1 + (1 | school)", data)
    assert fit.tests("kenward-roger")["df"].iloc[0] == pytest.approx(data["school"].nunique() - 1)
    assert fit.tests("satterthwaite")["df"].iloc[0] == pytest.approx(data["school"].nunique() - 1, rel=1e-6)


def test_ml_fits_are_refitted_for_kenward_roger_with_a_note() -> None:
    data = pilot()
    fit = lmer(FORMULA, data, reml=False)
    with pytest.warns(DegreesOfFreedomWarning, match="REML"):
        tests = fit.tests("kenward-roger")
    assert tests.to_numpy() == pytest.approx(lmer(FORMULA, data).tests("kenward-roger").to_numpy())


def test_type_three_hypotheses_do_not_depend_on_the_coding() -> None:
    data = pilot(n_area=10)
    one = lmer("y ~ wave * group * sex + (1 | area) + (1 | resp)", data)
    other = lmer("y ~ wave * C(group, contr.sum) * C(sex, contr.helmert) + (1 | area) + (1 | resp)", data)
    a, b = one.anova("satterthwaite"), other.anova("satterthwaite")
    assert a.to_numpy() == pytest.approx(b.to_numpy(), rel=1e-4)


def test_an_interaction_without_main_effects_is_tested_as_the_cells_it_spans() -> None:
    data = pilot(n_area=10)
    alone = lmer("y ~ group:sex + age + (1 | area) + (1 | resp)", data)
    cells = lmer("y ~ cell + age + (1 | area) + (1 | resp)", data.assign(cell=data["group"] + data["sex"]))
    ours, want = alone.anova("kenward-roger").loc["group:sex"], cells.anova("kenward-roger").loc["cell"]
    assert ours.to_numpy() == pytest.approx(want.to_numpy()) and ours["num_df"] == 5


def test_contrasts_by_name_matrix_and_mapping_agree() -> None:
    fit = lmer(FORMULA, pilot())
    by_name = fit.contrast({"wave": 1.0, "wave:group[T.treat]": 1.0}, df="satterthwaite")
    row = np.zeros(len(fit.fixef))
    row[list(fit.fixef.index).index("wave")] = 1.0
    row[list(fit.fixef.index).index("wave:group[T.treat]")] = 1.0
    assert fit.contrast(row, df="satterthwaite").to_numpy() == pytest.approx(by_name.to_numpy())
    with pytest.raises(ModelError, match="no coefficient 'wav'"):
        fit.contrast({"wav": 1.0})


def test_marginal_means_average_and_slopes() -> None:
    data = pilot(waves=3)
    fit = lmer("y ~ C(wave) * group + sex + age + (1 | area) + (1 | resp)", data)
    means = fit.emmeans(["wave", "group"], df="normal")
    new = data.iloc[:1].assign(wave=2, group="treat", age=data["age"].mean())
    rows = [fit.predict(new.assign(sex=s), re="none").iloc[0] for s in "fmx"]
    got = means[(means.wave == 2) & (means.group == "treat")]["estimate"].iloc[0]
    assert got == pytest.approx(np.mean(rows))
    trends = lmer(FORMULA, data).emtrends("wave", "group", df="normal")
    coefficients = lmer(FORMULA, data).fixef
    assert trends["estimate"].to_numpy() == pytest.approx(
        [coefficients["wave"], coefficients["wave"] + coefficients["wave:group[T.treat]"]], rel=1e-8
    )


def test_contrasts_of_means_by_family() -> None:
    fit = lmer("y ~ C(wave) * group + (1 | area) + (1 | resp)", pilot(waves=3))
    means = fit.emmeans(["wave", "group"])
    table = means.contrasts("consecutive", within="group")
    assert len(table) == 4 and (table["p_adjusted"] >= table["p"]).all()
    tukey = means.contrasts("pairwise", within="group", adjust="tukey")
    assert len(tukey) == 6 and (tukey["p_adjusted"] >= tukey["p"] - 1e-12).all()
    custom = means.contrasts({"last - mean of others": [-0.5, -0.5, 1.0]}, within="group")
    assert list(custom["contrast"]) == ["last - mean of others"] * 2
    with pytest.raises(ModelError, match="2 weights for 3 means"):
        means.contrasts({"bad": [1.0, -1.0]}, within="group")


def test_means_of_empty_cells_are_not_invented() -> None:
    data = pilot()
    data = data[~((data.group == "treat") & (data.sex == "x"))]
    with pytest.warns(match="rank deficient"):
        fit = lmer("y ~ group * sex + (1 | area)", data)
    means = fit.emmeans(["group", "sex"], df="normal").set_index(["group", "sex"])["estimate"]
    assert np.isnan(means["treat", "x"]) and means.drop(("treat", "x")).notna().all()


def test_adjustments() -> None:
    p = np.array([0.01, 0.04, 0.03])
    t, df = np.array([2.0, 2.5, 3.0]), np.full(3, 20.0)
    assert adjust_p(p, "holm", t, df) == pytest.approx([0.03, 0.06, 0.06])
    assert adjust_p(p, "bonferroni", t, df) == pytest.approx([0.03, 0.12, 0.09])
    want = stats.studentized_range.sf(t * np.sqrt(2), 3, 20)
    assert adjust_p(p, "tukey", t, df, 3) == pytest.approx(want)
    with pytest.raises(ModelError, match="tukey"):
        adjust_p(p, "tukey", t, df)
