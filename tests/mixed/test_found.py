"""What a stranger found by trying to break the kernel: one test for each fault that was mended."""

import datetime as dt
import warnings

import numpy as np
import pandas as pd
import pytest
from made_data import pilot

from pilot_eval.mixed import (
    ModelError,
    NestingWarning,
    RankDeficientWarning,
    SingularFitWarning,
    clmm,
    glmer,
    lmer,
)
from pilot_eval.mixed.families import NegativeBinomial

DATA = pilot(n_area=5, n_school=3, n_resp=4)
N = len(DATA)
PLAIN = "y ~ wave + (1 | area)"


def _first(value: object, column: str = "age") -> pd.Series:
    """A column whose first cell is `value`, as objects."""
    return pd.Series([value, *DATA[column][1:]], index=DATA.index, dtype=object)


FAULTS = {
    "formula is no text": (None, {}, "must be text"),
    "no rows": (PLAIN, lambda d: d.iloc[:0], "no rows"),
    "column twice": (PLAIN, lambda d: pd.concat([d, d[["y"]]], axis=1), "2 columns called 'y'"),
    "other case": ("Y ~ wave + (1 | area)", {}, "did you mean 'y'"),
    "no such function": ("y ~ cut(age, 3) + (1 | area)", {}, "no function 'cut'"),
    "outcome explains itself": ("y ~ wave + y + (1 | area)", {}, "'y' is on the right-hand side too"),
    "outcome as a slope": ("y ~ wave + (y | area)", {}, "'y' is on the right-hand side too"),
    "a column called Intercept": ("y ~ Intercept + (1 | area)", {"Intercept": DATA.age}, "rename it"),
    "infinite group": ("y ~ wave + (1 | g)", {"g": np.r_[np.inf, np.arange(N - 1) % 5]}, r"'g' is infinite .*index 0"),
    "infinity among objects": ("y ~ m + (1 | area)", {"m": _first(np.inf)}, r"'m' is infinite in 1 rows \(index 0\)"),
    "numbers and text": ("y ~ m + (1 | area)", {"m": _first("ten")}, "mixes numbers and text .*row 0 holds 'ten'"),
    "labels 1 and '1'": ("y ~ wave + (1 | m)", {"m": [1, "1", 2, 3] * (N // 4) + [1] * (N % 4)}, "mixes numbers"),
    "lists in cells": ("y ~ m + (1 | area)", {"m": [[1, 2]] * N}, "list values"),
    "complex numbers": ("y ~ m + (1 | area)", {"m": DATA.age + 1j}, "complex"),
    "dates as objects": ("y ~ m + (1 | area)", {"m": [dt.date(2020, 1, 1 + i % 5) for i in range(N)]}, "is a date"),
    "durations": ("y ~ m + (1 | area)", {"m": pd.timedelta_range("1D", periods=N)}, "a date or a duration"),
    "date as outcome": ("m ~ wave + (1 | area)", {"m": pd.date_range("2020", periods=N)}, "is a date"),
    "text as outcome, with its row": ("sex ~ wave + (1 | area)", {}, "'sex' holds text .*in row"),
    "squares overflow": (PLAIN, {"y": DATA.y * 1e200}, "use larger units"),
    "squares vanish": ("y ~ age + (age | area)", {"age": DATA.age * 1e-200}, "use smaller units"),
    "one true": ("y ~ m + (1 | area)", {"m": np.arange(N) == 3}, "the category True has one row .index 3"),
}


@pytest.mark.parametrize(("formula", "change", "words"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_named(formula: object, change: object, words: str) -> None:
    data = change(DATA) if callable(change) else DATA.assign(**change)
    with pytest.raises(ModelError, match=words):
        lmer(formula, data)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        (np.array(["1"] * N), "'weights' holds text"),
        (np.full(N, 1j), "complex"),
        (np.r_[np.inf, np.ones(N - 1)], r"infinite in 1 rows \(index 0\); set"),
        ("agee", "did you mean 'age'"),
        (pd.Series(1.0, index=range(7, 7 + N)), "index of the values"),
        (np.ones((N, 2)), "give one per row"),
    ],
    ids=["text", "complex", "infinite", "misspelt", "another index", "two columns"],
)
def test_weights_and_offsets_are_read_with_care(weights: object, words: str) -> None:
    for argument in ("weights", "offset"):
        with pytest.raises(ModelError, match=words.replace("weights", argument)):
            lmer(PLAIN, DATA, **{argument: weights})


def test_whole_numbers_keep_their_labels_where_some_are_missing() -> None:
    data = DATA.assign(wave=DATA.wave.astype(float), place=DATA.area.str[1:].astype(float))
    data.loc[data.index[0], ["wave", "place"]] = np.nan
    fit = lmer("y ~ C(wave) + (1 | place)", data)
    assert list(fit.fixef.index) == ["Intercept", "C(wave)[T.1]"]
    assert list(fit.ranef("place").index.astype(str)) == ["0", "1", "2", "3", "4"]
    answer = pd.Series(np.arange(N) % 3 + 1.0, index=DATA.index).mask(np.arange(N) < 3)
    assert list(clmm("answer ~ wave + (1 | area)", DATA.assign(answer=answer)).thresholds.index) == ["1|2", "2|3"]


def test_small_integers_do_not_overflow() -> None:
    small = pd.Series(np.arange(N) % 100, index=DATA.index)
    formula = "y ~ x + I(x ** 3) + (1 | area)"
    want = lmer(formula, DATA.assign(x=small.astype(float)))
    got = lmer(formula, DATA.assign(x=small.astype("int8")))
    assert got.criterion == pytest.approx(want.criterion, abs=1e-9)
    new = DATA.assign(x=small.astype("int8")).iloc[:9]
    assert got.predict(new).to_numpy() == pytest.approx(want.predict(new.astype({"x": float})).to_numpy())
    outcome = lmer("I(x * 100) ~ wave + (1 | area)", DATA.assign(x=small.astype("int8")))
    assert outcome.response.max() == 9900


def test_numbers_kept_as_objects_are_numbers() -> None:
    fit = lmer("y ~ age + (1 | area)", DATA.assign(age=DATA.age.astype(object), y=DATA.y.astype(object)))
    assert fit.fixef["age"] == pytest.approx(lmer("y ~ age + (1 | area)", DATA).fixef["age"])


@pytest.mark.parametrize(
    ("formula", "same"),
    [
        ("y ~ sqrt(age) + (1 | area)", "y ~ I(age ** 0.5) + (1 | area)"),
        ("y ~ scale(age, scale=FALSE) + (1 | area)", "y ~ center(age) + (1 | area)"),
        ("y ~ wave + ((1 | area))", PLAIN),
        ("y ~ wave + (1 | `the|area`)", PLAIN),
    ],
)
def test_formulas_are_read(formula: str, same: str) -> None:
    data = DATA.assign(**{"the|area": DATA.area, "1": DATA.age, " ": DATA.age})
    assert lmer(formula, data).criterion == pytest.approx(lmer(same, DATA).criterion, abs=1e-8)


def test_deep_nesting_is_spelt_as_r_spells_it() -> None:
    fit = lmer("y ~ wave + (1 | area / school / resp)", DATA)
    assert list(fit.varcorr["group"]) == ["resp:(school:area)", "school:area", "area", "Residual"]
    for name in ("resp:(school:area)", "resp:school:area", "area:school:resp"):
        assert fit.ranef(name).index[0] == "R0-0-0:S00-0:A00"


def test_predictions_find_whole_numbers_beside_missing_ones() -> None:
    fit = lmer("y ~ wave + (1 | place)", DATA.assign(place=DATA.area.str[1:].astype(int)))
    new = DATA.iloc[:3].assign(place=[0.0, 4.0, np.nan])
    modes = fit.ranef("place")["Intercept"]
    extra = (fit.predict(new) - fit.predict(new, re="none")).to_numpy()
    assert extra == pytest.approx([modes[0], modes[4], 0.0])


def test_a_slope_variable_outside_the_fixed_part_is_asked_for_in_predictions() -> None:
    fit = lmer("y ~ wave + (age | area)", DATA)
    with pytest.raises(ModelError, match="no variable 'age'"):
        fit.predict(DATA.drop(columns="age"))


@pytest.mark.parametrize(
    ("formula", "outcome"),
    [
        ("y ~ age + (1 | area)", 2.0 * DATA.age + 1.0),
        ("y ~ age + (1 | area)", DATA.area.str[1:].astype(float)),
        ("y ~ age + (age | area)", DATA.area.str[1:].astype(float) * DATA.age),
    ],
    ids=["by the fixed part", "by the groups", "by their slopes"],
)
def test_an_outcome_that_is_reproduced_exactly_is_named(formula: str, outcome: pd.Series) -> None:
    with warnings.catch_warnings(), pytest.raises(ModelError, match="reproduces the outcome 'y' exactly"):
        warnings.simplefilter("error")
        lmer(formula, DATA.assign(y=outcome))


@pytest.mark.parametrize("formula", ["y ~ area + (1 | area)", "y ~ wave * area + (wave | area)"])
def test_a_factor_in_both_parts_is_named(formula: str) -> None:
    with pytest.raises(ModelError, match="an effect of 'Intercept' for every level of 'area'"):
        lmer(formula, DATA)
    assert lmer("y ~ area + (1 | area:school) + (0 + wave | area)", DATA).nobs == N


@pytest.mark.parametrize("unit", [1e-14, 1e-9, 1e9, 1e14])
def test_units_of_the_outcome_do_not_matter(unit: float) -> None:
    want, got = lmer("y ~ age + (1 | area)", DATA), lmer("y ~ age + (1 | area)", DATA.assign(y=DATA.y * unit))
    assert (got.fixef / unit).to_numpy() == pytest.approx(want.fixef.to_numpy(), rel=1e-7)
    assert (got.se / unit).to_numpy() == pytest.approx(want.se.to_numpy(), rel=1e-5)


def test_large_counts_do_not_cost_their_size() -> None:
    counts = np.random.default_rng(3).negative_binomial(2, 1e-7, size=N).astype(float)
    fit = glmer("n ~ wave + (1 | area)", DATA.assign(n=counts), "negative-binomial")
    assert counts.max() > 1e7 and 1.0 < fit.dispersion < 4.0
    assert np.exp(fit.fixef["Intercept"]) == pytest.approx(2e7, rel=0.3)
    small = np.minimum(counts, 9_999.0)
    family, psi, eta = NegativeBinomial(small), np.array([0.3]), np.full(N, 8.0)
    beyond = NegativeBinomial(np.r_[small, 20_000.0])
    assert beyond.rows(np.r_[eta, 8.0], psi).loglik[:N] == pytest.approx(family.rows(eta, psi).loglik, rel=1e-9)
    assert beyond.psi_rows(np.r_[eta, 8.0], psi).loglik[:, :N] == pytest.approx(family.psi_rows(eta, psi).loglik)


def test_an_exposure_of_zero_is_named_as_it_was_written() -> None:
    data = DATA.assign(n=np.arange(N) % 4, exposure=np.r_[0.0, np.ones(N - 1)])
    with warnings.catch_warnings(), pytest.raises(ModelError, match=r"'log\(exposure\)' is not finite .*index 0\)"):
        warnings.simplefilter("error")
        glmer("n ~ wave + offset(log(exposure)) + (1 | area)", data, "poisson")


def test_weights_beside_counted_trials_are_refused() -> None:
    data = DATA.assign(k=np.arange(N) % 3, n=3)
    with pytest.raises(ModelError, match="leave the weights out"):
        glmer("cbind(k, n - k) ~ wave + (1 | area)", data, "binomial", weights=np.ones(N))


@pytest.mark.parametrize("formula", ["n ~ wave + age + (1 | area)", "n ~ wave + age + (wave | area) + (1 | school)"])
def test_a_generalised_fit_without_variance_is_the_fit_without_groups(formula: str) -> None:
    import statsmodels.formula.api as smf
    from statsmodels.genmod.families import Poisson

    # fewer than a Poisson distribution would scatter, so that no variance is left for the groups
    data = DATA.assign(n=np.round(np.exp(0.3 * DATA.wave + 0.05 * DATA.age)))
    with pytest.warns(SingularFitWarning):
        fit = glmer(formula, data, "poisson")
    plain = smf.glm("n ~ wave + age", data, family=Poisson()).fit(tol=1e-12)
    assert fit.singular
    assert fit.loglik == pytest.approx(plain.llf, abs=1e-7)
    assert fit.fixef.to_numpy() == pytest.approx(plain.params.to_numpy(), abs=1e-6)
    assert fit.se.to_numpy() == pytest.approx(plain.bse.to_numpy(), rel=1e-4)


def test_contrasts_of_means_in_an_empty_cell_are_missing() -> None:
    data = DATA.assign(phase=np.where(DATA.wave == 1, "post", "pre"))[(DATA.sex != "x") | (DATA.wave != 1)]
    with pytest.warns(RankDeficientWarning):
        fit = lmer("y ~ sex * phase + (1 | area)", data)
    means = fit.emmeans(["sex", "phase"])
    empty = means.index[(means["sex"] == "x") & (means["phase"] == "post")][0]
    assert means["estimate"].isna().to_numpy().nonzero()[0].tolist() == [empty]
    table = means.contrasts("pairwise", within="phase", adjust="none").set_index(["phase", "contrast"])
    assert table.loc[("pre", "f - x"), "se"] > 0 and table.loc[("post", "f - m"), "se"] > 0
    assert (
        table.loc[[("post", "f - x"), ("post", "m - x")], ["estimate", "se", "df", "p", "p_adjusted"]].isna().all(None)
    )


@pytest.mark.parametrize("nodes", [0, 2.5, "3", None, 1000])
def test_numbers_of_nodes_are_checked(nodes: object) -> None:
    with pytest.raises(ModelError, match="a whole number from 1"):
        glmer("z ~ wave + (1 | area)", DATA.assign(z=np.arange(N) % 2), "binomial", n_agq=nodes)


@pytest.mark.parametrize(
    ("formula", "family", "changes", "words"),
    [
        ("n ~ wave + (1 | area)", "poisson", {"n": np.r_[1e15, np.arange(N - 1) % 3]}, r"count 1e\+15 \(row 0\)"),
        ("cbind(k, n - k) ~ wave + (1 | area)", "binomial", {"k": 0, "n": 3}, "'k' is 0 in all"),
        ("cbind(k, n - k) ~ wave + (1 | area)", "binomial", {"k": 3, "n": 3}, "'n - k' is 0 in all"),
    ],
    ids=["a count beyond counting", "no success", "no failure"],
)
def test_counts_without_information_are_named(formula: str, family: str, changes: dict, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        glmer(formula, DATA.assign(**changes), family)


@pytest.mark.parametrize("order", ["(1 | area) + (1 | s)", "(1 | s) + (1 | area)"])
@pytest.mark.parametrize("uneven", [False, True])
def test_the_remedy_for_repeated_labels_nests_numbers_in_names(order: str, uneven: bool) -> None:
    data = DATA.assign(s=DATA.school.str[-1])
    data = data[(data.s != "2") | (data.area < "A02")] if uneven else data
    with pytest.warns(NestingWarning, match=r"'s' is numbered anew within each 'area', write \(1 \| area/s\)"):
        lmer(f"y ~ wave + {order}", data)
