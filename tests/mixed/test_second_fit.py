"""The second program against R's results for a real study, and at its limits."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pilot_eval.change.rows import answered
from pilot_eval.mixed import lmer
from pilot_eval.mixed.second_fit import NoSecondFit, second_fit

STUDIES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "studies"
MODELS = ("confidence", "confidence_cohort", "confidence_pathway", "confidence_pathway_slope", "attitude")
FORMULA = "score ~ wave * role + (1 + wave | area) + (1 | unit) + (1 | respondent)"


@pytest.fixture
def rows(analysis):
    return answered(analysis, "score", ["lead", "staff"], ["before", "after"])


def variances(table):
    named = zip(table["group"], table["term1"].fillna(""), table["term2"].fillna(""), strict=True)
    return dict(zip(named, table["vcov"], strict=True))


@pytest.mark.skipif(not STUDIES.is_dir(), reason="the real studies are not here")
@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("program", ["second", "kernel"])
def test_a_real_pilot_agrees_with_lme4(program, name, reml):
    expected = json.loads((STUDIES / "dart_scores.json").read_text("utf-8"))[f"lmer_{name}"]
    data = pd.read_csv(STUDIES / "dart_scores.csv", dtype={"record_id": str, "cohort": str})
    data["wave"] = pd.Categorical(data["wave"], ["pre", "post"])
    formula = expected["formula"]
    data = data.dropna(subset=[column for column in data.columns if column in expected["formula"]])
    fit = (second_fit if program == "second" else lmer)(formula, data, reml)
    fixed = expected["fixed" if reml else "ML_fixed"]
    se = np.array([term["se"] for term in expected["fixed"]])
    assert np.abs((fit.fixef.to_numpy() - [term["estimate"] for term in fixed]) / se).max() < 1e-3
    assert fit.loglik == pytest.approx(expected["logLik_REML" if reml else "logLik_ML"], abs=1e-3)
    ours = variances(fit.varcorr)
    for component in expected["variance_components" if reml else "ML_variance_components"]:
        terms = [_as_here(component[key]) for key in ("var1", "var2")]
        assert ours[component["grp"], *terms] == pytest.approx(component["vcov"], rel=0.01)


def _as_here(term):
    return {None: "", "(Intercept)": "Intercept", "wavepost": "wave[T.post]"}[term]


def test_it_gives_what_the_kernel_gives(rows):
    ours, second = lmer(FORMULA, rows), second_fit(FORMULA, rows)
    assert second.loglik == pytest.approx(ours.loglik, abs=1e-4)
    assert second.fixef.to_numpy() == pytest.approx(ours.fixef.to_numpy(), abs=1e-4)
    assert np.sqrt(np.diag(second.vcov)) == pytest.approx(ours.se.to_numpy(), rel=0.04)
    modes = ours.ranef("area")
    assert second.ranef.to_numpy() == pytest.approx(modes.to_numpy(), abs=1e-3)
    assert list(second.ranef.columns) == list(modes.columns)


@pytest.mark.filterwarnings("ignore:singular fit")
def test_a_variance_of_zero_is_a_result(make):
    rows = answered(make(slope=0.0, unit=0.0, areas=5, seed=3), "score", ["lead", "staff"], ["before", "after"])
    ours, second = lmer(FORMULA, rows), second_fit(FORMULA, rows)
    assert second.loglik <= ours.loglik + 1e-4
    assert second.fixef.to_numpy() == pytest.approx(ours.fixef.to_numpy(), abs=0.01)


def test_columns_that_follow_from_others_are_left_out(rows):
    rows["twice"] = rows["months"] * 2
    second = second_fit("score ~ wave + twice + (1 | area)", rows)
    assert list(second.fixef.index) == ["Intercept", "wave[T.after]"]


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("score ~ wave + (wave | area) + (wave | unit)", "slopes below"),
        ("score ~ wave + (1 | area) + (1 | phase2)", "more than one"),
    ],
)
def test_what_it_cannot_fit_it_says(rows, formula, reason):
    rows["phase2"] = [f"p{number % 9}" for number in range(len(rows))]
    with pytest.raises(NoSecondFit, match=reason):
        second_fit(formula, rows)


def test_the_unit_of_a_slope_does_not_matter(rows):
    found = []
    for days in (1.0, 30.0):
        scaled = rows.assign(months=rows["months"] * days)
        found.append(second_fit("score ~ months + (1 + months | area) + (1 | respondent)", scaled))
    one, other = found
    # The REML likelihood has |X'V⁻¹X| in it, which the unit of a column changes by a constant.
    assert one.loglik == pytest.approx(other.loglik + np.log(30.0), abs=1e-6)
    assert one.ranef["months"].to_numpy() == pytest.approx(30 * other.ranef["months"].to_numpy(), rel=1e-3)
    assert one.varcorr["vcov"][1] == pytest.approx(900 * other.varcorr["vcov"][1], rel=1e-3)


@pytest.mark.parametrize(
    "formula",
    [
        "score ~ months + (months || area) + (1 | unit)",
        "score ~ months + (1 | area) + (0 + months | area)",
        "score ~ months * role + (1 | area/unit)",
        "score ~ months + (1 | area) + (months || unit)",
        "score ~ months + role + (0 + months | unit) + (months | area)",
    ],
)
def test_columns_with_variances_of_their_own(rows, formula):
    ours, second = lmer(formula, rows), second_fit(formula, rows)
    assert second.loglik == pytest.approx(ours.loglik, abs=2e-3)
    assert second.fixef.to_numpy() == pytest.approx(ours.fixef.to_numpy(), abs=1e-3)
    mine, theirs = variances(ours.varcorr.fillna("")), variances(second.varcorr)
    assert set(mine) == set(theirs)
    for name, value in mine.items():
        assert theirs[name] == pytest.approx(value, abs=0.02 * ours.sigma**2)


def test_the_verdict_names_who_is_worse(rows, monkeypatch):
    fit = lmer(FORMULA, rows)
    found = fit.agreement()
    assert found.verdict == "agree" and abs(found.loglik) < 1e-3 and found.coefficients < 0.01
    assert {"wave[T.after]", "sd(wave[T.after]|area)", "sigma"} <= set(found.table.index)
    worse = second_fit(FORMULA, rows)
    for gap, verdict in ((0.5, "theirs is worse"), (-0.5, "disagree")):
        moved = dataclasses.replace(worse, loglik=worse.loglik - gap)
        monkeypatch.setattr("pilot_eval.mixed.second_fit.second_fit", lambda *_, moved=moved: moved)
        assert fit.agreement().verdict == verdict


def test_a_refit_is_compared_on_its_own_outcome(rows):
    fit = lmer("score ~ wave + (1 | area)", rows)
    again = fit.refit(fit.simulate(1, seed=3)[0])
    assert again.agreement().verdict == "agree" and abs(again.loglik - fit.loglik) > 1
