"""Bad input stops with a typed error that names the variable and says what to do."""

import numpy as np
import pandas as pd
import pytest
from made_data import pilot

from pilot_eval.mixed import ModelError, NestingWarning, RankDeficientWarning, SingularFitWarning, clmm, glmer, lmer


def _data(**changes: object) -> pd.DataFrame:
    return pilot(n_area=5, n_school=3, n_resp=4).assign(**changes)


CASES = [
    ("y ~ wave + (1 | area)", {"y": 2.0}, "'y' is constant"),
    ("y ~ wave + (1 | area)", {"area": "A"}, "'area' has one level"),
    ("y ~ wave + (wave | area)", {"wave": 1.0}, "'wave'"),
    ("y ~ group + (group | area)", {}, r"'group\[T.treat\]' does not vary within any level of 'area'"),
    ("y ~ wave + (1 | row)", {"row": range}, "levels for"),
    ("y ~ wave + (wave | resp)", {}, "random effects for"),
    ("y ~ wavve + (1 | area)", {}, "did you mean 'wave'"),
    ("y ~ sex + (1 | area)", {"y": "good"}, "'y' holds text"),
    ("y ~ wave", {}, "no random term"),
    ("y ~ log(wave) + (1 | area)", {}, r"'log\(wave\)' is not finite"),
    ("y ~ wave + (sex || area)", {}, "a factor in an uncorrelated term"),
    ("y ~ wave + (1 | area) + (wave | area)", {}, "twice"),
    ("y ~ wave + (1 | area)", {"wave": 1}, "'wave' has one value"),
    ("y ~ C(wave) + (1 | area)", {"wave": 1}, "'wave' has one value"),
]


@pytest.mark.parametrize(("formula", "changes", "words"), CASES)
def test_lmer_refuses(formula: str, changes: dict, words: str) -> None:
    data = _data()
    data = data.assign(**{k: (v(len(data)) if v is range else v) for k, v in changes.items()})
    with pytest.raises(ModelError, match=words), np.errstate(all="ignore"):
        lmer(formula, data)


def test_infinite_values_are_refused_and_named() -> None:
    data = _data()
    data.loc[data.index[3], "age"] = np.inf
    with pytest.raises(ModelError, match=r"'age' is infinite in 1 rows \(index 3\)"):
        lmer("y ~ age + (1 | area)", data)


def test_a_category_with_one_row_is_named_with_its_row() -> None:
    data = _data()
    data.loc[data.index[7], "sex"] = "z"
    with pytest.raises(ModelError, match=r"'sex': the category 'z' has one row \(index 7\)"):
        lmer("y ~ sex + (1 | area)", data)


def test_weights_must_be_positive() -> None:
    data = _data()
    weights = np.ones(len(data))
    weights[5] = 0.0
    with pytest.raises(ModelError, match="weights must be positive; 1 are"):
        lmer("y ~ wave + (1 | area)", data, weights=weights)


def test_missing_rows_are_counted_by_variable() -> None:
    data = _data()
    data.loc[data.index[:3], "age"] = np.nan
    data.loc[data.index[2:4], "y"] = np.nan
    fit = lmer("y ~ age + (1 | area)", data)
    assert fit.dropped == {"y": 2, "age": 3}
    assert fit.problem.rows.n_dropped == 4 and fit.nobs == len(data) - 4
    assert "age 3" in fit.summary()


def test_levels_that_lose_their_rows_go() -> None:
    data = _data()
    data["sex"] = pd.Categorical(data["sex"], categories=["f", "m", "x", "z"])
    data.loc[data.sex == "x", "y"] = np.nan
    assert list(lmer("y ~ sex + (1 | area)", data).fixef.index) == ["Intercept", "sex[T.m]"]


def test_rank_deficiency_drops_later_columns_with_a_warning() -> None:
    data = _data()
    data["twice"] = 2.0 * data["age"] + 1.0
    with pytest.warns(RankDeficientWarning, match="'twice'"):
        fit = lmer("y ~ age + twice + wave + (1 | area)", data)
    assert list(fit.fixef.index) == ["Intercept", "age", "wave"]
    assert fit.fixef.to_numpy() == pytest.approx(lmer("y ~ age + wave + (1 | area)", data).fixef.to_numpy())


def test_labels_numbered_anew_in_each_area_bring_a_warning() -> None:
    data = _data()
    data["class_"] = data["school"].str[-1]
    with pytest.warns(NestingWarning, match=r"\(1 \| area/class_\)"):
        lmer("y ~ wave + (1 | area) + (1 | class_)", data)


def test_a_singular_fit_is_a_result_with_a_warning() -> None:
    data = _data(y=np.random.default_rng(5).normal(size=len(_data())))
    with pytest.warns(SingularFitWarning, match="variance of"):
        fit = lmer("y ~ wave + (1 | school) + (1 | resp)", data)
    assert fit.singular and fit.converged and fit.diagnostics().singular_directions
    assert np.isfinite(fit.se).all() and np.isfinite(fit.tests("satterthwaite")["df"]).all()


@pytest.mark.parametrize(
    ("family", "formula", "changes", "words"),
    [
        ("binomial", "z ~ wave + (1 | area)", {"z": 2.0}, "must be 0 or 1"),
        ("binomial", "z ~ wave + (1 | area)", {"z": 1.0}, "is 1 in all"),
        ("poisson", "z ~ wave + (1 | area)", {"z": 0.5}, "must hold counts"),
        ("poisson", "z ~ wave + (1 | area)", {"z": -1.0}, "must hold counts"),
        ("gamma", "y ~ wave + (1 | area)", {}, "is not one of"),
    ],
)
def test_glmer_refuses(family: str, formula: str, changes: dict, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        glmer(formula, _data(**changes), family)


def test_clmm_needs_three_categories() -> None:
    with pytest.raises(ModelError, match="2 categories"):
        clmm("wave ~ age + (1 | area)", _data())
