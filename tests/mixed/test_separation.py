"""Outcomes that the fixed part tells apart without error are refused, and the columns concerned named."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_data import pilot

from pilot_eval.mixed import ModelError, clmm, glmer
from pilot_eval.mixed.separation import rows_of_binomial, rows_of_categories, rows_of_counts, separating_direction


def _data():
    data = pilot(n_area=5, n_school=3, n_resp=4)
    rng = np.random.default_rng(0)
    data["hit"] = rng.integers(0, 2, len(data)).astype(float)
    data["count"] = rng.poisson(2.0, len(data)).astype(float)
    data["rating"] = rng.integers(1, 5, len(data))
    data["row"] = range(len(data))
    return data


def _fit(outcome: str, fixed: str, data, group: str = "area"):
    formula = f"{outcome} ~ {fixed} + (1 | {group})"
    if outcome == "rating":
        return clmm(formula, data)
    return glmer(formula, data, "poisson" if outcome == "count" else "binomial")


@pytest.mark.parametrize("outcome", ["hit", "count", "rating"])
def test_a_small_category_with_one_answer_is_named_alone(outcome: str) -> None:
    data = _data()
    few = data.index[:8]
    data.loc[few, "sex"] = "z"
    data.loc[few, outcome] = data[outcome].min()
    with pytest.raises(ModelError, match=r"perfect separation: 'sex\[T\.z\]' tell\(s\)"):
        _fit(outcome, "age + sex + wave", data)
    data.loc[few[0], outcome] = data[outcome].max()
    assert _fit(outcome, "age + sex + wave", data).converged


def test_negative_binomial_counts_too() -> None:
    data = _data()
    data.loc[data["group"] == "treat", "count"] = 0.0
    with pytest.raises(ModelError, match=r"'group\[T\.treat\]' tell\(s\) zeros from other counts"):
        glmer("count ~ wave + group + (1 | area)", data, "negative-binomial")


def test_complete_separation_by_one_variable_and_by_two_together() -> None:
    data = _data()
    data["hit"] = (data["wave"] == 1).astype(float)
    with pytest.raises(ModelError, match=r"separation: 'wave' tell\(s\) the outcomes"):
        _fit("hit", "wave + age", data)
    data["other"] = np.random.default_rng(4).normal(size=len(data))
    data["hit"] = (data["age"] - data["age"].mean() + data["other"] > 0).astype(float)
    with pytest.raises(ModelError, match="separation: 'age', 'other' tell"):
        _fit("hit", "wave + age + other", data)


def test_shares_that_hold_both_outcomes_are_not_separated() -> None:
    data = _data().groupby(["area", "wave"], as_index=False).agg(k=("hit", "sum"), n=("hit", "size"))
    assert glmer("cbind(k, n - k) ~ wave + (1 | area)", data, "binomial").converged
    data["k"] = np.where(data["wave"] == 1, data["n"], data["k"])
    with pytest.raises(ModelError, match="'wave'"):
        glmer("cbind(k, n - k) ~ wave + (1 | area)", data, "binomial")


@pytest.mark.parametrize("outcome", ["hit", "rating"])
def test_one_answer_per_level_is_refused(outcome: str) -> None:
    with pytest.raises(ModelError, match=r"'row' has .* no level has a repeated row.*leave the term out"):
        _fit(outcome, "wave", _data(), "row")


@pytest.mark.filterwarnings("ignore::pilot_eval.mixed.SingularFitWarning")
def test_counts_may_have_an_effect_per_row() -> None:
    assert _fit("count", "wave", _data(), "row").converged


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.integers(5, 60), st.integers(1, 4))
def test_a_direction_found_is_one(seed: int, n: int, p: int) -> None:
    rng = np.random.default_rng(seed)
    x = np.c_[np.ones(n), rng.normal(size=(n, p)).round(1)]
    y = rng.integers(0, 3, n).astype(float)
    sets = [rows_of_binomial(x, y > 0, y < 2), rows_of_counts(x, y), rows_of_categories(x[:, 1:], y, 3)]
    for signed, held in sets:
        d = separating_direction(signed, held)
        if d is not None:
            assert (signed @ d).min() > -1e-5 and (signed @ d).max() > 1e-4
            assert np.abs(held @ d).max(initial=0.0) < 1e-8


def test_many_rows_agree_with_all_rows_at_once() -> None:
    rng = np.random.default_rng(2)
    x = np.c_[np.ones(4000), rng.normal(size=(4000, 3)), np.arange(4000) >= 3995]
    y = (rng.random(4000) < 1 / (1 + np.exp(-x[:, 1]))).astype(float)
    y[-5:] = [1, 0, 1, 1, 0]
    assert separating_direction(*rows_of_binomial(x, y > 0, y < 1)) is None
    y[-5:] = 1
    direction = separating_direction(*rows_of_binomial(x, y > 0, y < 1))
    assert direction is not None and np.flatnonzero(np.abs(direction) > 1e-6).tolist() == [4]
