"""Simpler models in place of one that cannot be fitted, or lies at a boundary."""

import warnings

import numpy as np
import pandas as pd
import pytest

from pilot_eval.change.fitting import Planned, fit_planned, overall
from pilot_eval.change.ladder import descend, fit_down, regular, rungs
from pilot_eval.change.specification import read_formula
from pilot_eval.mixed import ModelError, SingularFitWarning, lmer

FORMULA = "score ~ wave * role + (1 + wave | area) + (1 | unit) + (1 | respondent)"
LATER = "(0 + I((wave == 'after') * 1.0) | area)"


@pytest.fixture
def rows(make):
    return ordered(make(areas=6, units=4))


def ordered(table):
    waves = [wave for wave in ("before", "during", "after") if wave in set(table["wave"])]
    return table.assign(wave=pd.Categorical(table["wave"], waves))


def quietly(formula, rows):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SingularFitWarning)
        return lmer(formula, rows)


def test_each_rung_leaves_out_one_thing_and_the_coarsest_level_stays(rows):
    found = [(rung.dropped, rung.specification.formula.partition("role + ")[2]) for rung in rungs(read(), rows)]
    assert found == [
        ("the correlation between effects of area", f"(1 | area) + {LATER} + (1 | unit) + (1 | respondent)"),
        ("slopes by area", "(1 | area) + (1 | unit) + (1 | respondent)"),
        ("the level of respondent", "(1 | area) + (1 | unit)"),
        ("the level of organisation", "(1 | area)"),
    ]


def read(formula=FORMULA):
    return read_formula(formula)


def test_nested_groups_and_uncorrelated_terms_have_rungs_too(rows):
    found = [rung.specification.formula for rung in rungs(read("score ~ wave + (months || area/unit)"), rows)]
    assert found == [
        "score ~ wave + (months || area) + (1 | unit:area)",
        "score ~ wave + (1 | area) + (1 | unit:area)",
        "score ~ wave + (1 | area)",
    ]


def test_what_can_be_fitted_takes_no_step(rows):
    fit, steps = fit_down(FORMULA, rows, quietly)
    assert steps == [] and fit.criterion == pytest.approx(lmer(FORMULA, rows).criterion)


@pytest.mark.parametrize(
    ("fails", "steps"), [(["1 + wave"], 1), (["1 + wave", "I("], 2), (["1 + wave", "I(", "respondent"], 3)]
)
def test_a_fit_that_fails_goes_down_until_one_holds(rows, fails, steps):
    def fit(formula, given):
        if any(word in formula for word in fails):
            raise ModelError(f"{formula}: it did not converge")
        return quietly(formula, given)

    found, specification, taken = descend(read(), rows, fit)
    assert len(taken) == steps and all("did not converge" in step.why for step in taken)
    assert not any(word in specification.formula for word in fails)
    assert found.criterion == pytest.approx(quietly(specification.formula, rows).criterion)
    assert taken[0].formula == FORMULA


def test_where_nothing_can_be_fitted_the_first_reason_counts(rows):
    def fit(formula, given):
        raise ModelError(f"no: {formula}")

    with pytest.raises(ModelError, match=r"no: score ~ wave \* role \+ \(1 \+ wave \| area\)"):
        fit_down(FORMULA, rows, fit)


def test_independent_effects_are_those_of_the_kernel_with_a_numeric_wave(rows):
    apart = next(iter(rungs(read(), rows))).specification.formula
    numeric = rows.assign(later=(rows["wave"] == "after") * 1.0)
    plain = FORMULA.replace("(1 + wave | area)", "(1 + later || area)")
    assert quietly(apart, rows).criterion == pytest.approx(quietly(plain, numeric).criterion, abs=1e-7)


def test_what_lies_at_a_boundary_is_dropped_and_nothing_else(make):
    flat = ordered(make(areas=5, slope=0.0, unit=0.0, seed=3))
    fit = quietly(FORMULA, flat)
    assert fit.singular
    simpler, specification, steps = regular(read(), flat, fit, quietly)
    assert not simpler.singular and specification.formula == "score ~ wave * role + (1 | area) + (1 | respondent)"
    assert [step.dropped for step in steps] == [
        "the correlation between effects of area", "slopes by area", "the level of organisation",
    ]  # fmt: skip
    b, c = fit.contrast({"wave[T.after]": 1.0}).iloc[0], simpler.contrast({"wave[T.after]": 1.0}).iloc[0]
    assert b["estimate"] == pytest.approx(c["estimate"], abs=0.2 * b["se"])


def test_a_level_of_no_spread_goes_alone(make):
    found = ordered(make(areas=8, unit=0.0, seed=7))
    fit = quietly(FORMULA, found)
    zero = fit.varcorr.set_index(["group", "term1"])["sdcor"]["unit", "Intercept"]
    assert zero == 0 and fit.singular
    simpler, specification, steps = regular(read(), found, fit, quietly)
    assert [step.dropped for step in steps] == ["the level of organisation"]
    assert "(1 + wave | area)" in specification.formula
    assert simpler.criterion == pytest.approx(fit.criterion, abs=1e-6)


def planned(formula="{outcome} ~ wave + (1 + wave | area) + (1 | respondent)"):
    outcome = {"outcome": "trust", "column": "score", "roles": ["lead", "staff"], "unit": "points", "digits": 2}
    return Planned(outcome, formula, True, {"lead": 0.5, "staff": 0.5}, ["before", "after"], "main")


@pytest.mark.fault("MOD-05")
def test_an_optimiser_that_stops_early_is_a_step_not_a_crash(make, monkeypatch):
    import pilot_eval.mixed

    def stubborn(formula, rows, reml=True):
        if "wave | area" in formula:
            raise np.linalg.LinAlgError("singular matrix")
        if "== 'after'" in formula:
            raise ModelError(
                f"{formula!r} did not converge: criterion 12.3, largest gradient 45; simplify the random part"
            )
        return lmer(formula, rows, reml=reml)

    monkeypatch.setattr(pilot_eval.mixed, "lmer", stubborn)
    table = make()
    fitted = fit_planned(table, planned())
    assert fitted.specification.formula == "score ~ wave + (1 | area) + (1 | respondent)"
    assert overall(fitted)["estimate"] == pytest.approx(lmer(fitted.specification.formula, fitted.rows).fixef.iloc[1])
    told = [fault for fault in fitted.faults if fault.id == "MOD-05"]
    assert [fault.saw for fault in told] == [
        "no fit (singular matrix); fitted without the correlation between effects of area",
        "no fit (it did not converge: criterion 12.3, largest gradient ...); fitted without slopes by area",
    ]
    assert all(fault.severity == "WARN" and len(fault.message) <= 240 for fault in told)
