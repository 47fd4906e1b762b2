"""A planned model fitted, or refused with a reason."""

import numpy as np
import pytest

from pilot_eval.change.fitting import Planned, fit_planned, overall

FORMULA = "{outcome} ~ wave * role + (1 + wave | area) + (1 | organisation) + (1 | respondent)"


def planned(formula=FORMULA, **changed):
    outcome = {"outcome": "trust", "column": "score", "roles": ["lead", "staff"], "unit": "points", "digits": 2}
    return Planned(outcome | changed, formula, True, {"lead": 0.5, "staff": 0.5}, ["before", "after"], "main")


def test_the_overall_change_is_a_contrast_of_the_fit(analysis):
    fitted = fit_planned(analysis, planned())
    change = overall(fitted)
    b = fitted.fit.fixef
    assert change["estimate"] == pytest.approx(b["wave[T.after]"] + 0.5 * b["wave[T.after]:role[T.staff]"])
    assert change["low"] < change["estimate"] < change["high"] and change["df"] < 20
    wider = change["high"] - change["estimate"]
    assert wider > 2.05 * change["se"], "few areas: wider than by the normal distribution"


@pytest.mark.parametrize("reml", [True, False])
def test_the_plan_says_by_which_likelihood(analysis, reml):
    from dataclasses import replace

    from pilot_eval.mixed import lmer

    formula = "{outcome} ~ wave + (1 | area) + (1 | respondent)"
    fit = fit_planned(analysis, replace(planned(formula), reml=reml)).fit
    assert fit.reml == reml
    assert fit.sigma == pytest.approx(lmer(formula.replace("{outcome}", "score"), analysis, reml=reml).sigma)


def test_a_variable_that_moves_with_the_wave_hides_the_change(analysis):
    analysis["again"] = (analysis["wave"] == "after") * 2.0
    fitted = fit_planned(analysis, planned("{outcome} ~ wave + again + (1 + wave | area)"))
    assert "another variable moves just as the wave does" in fitted.refused


def test_columns_that_follow_from_others_change_nothing(analysis):
    analysis["same"] = (analysis["role"] == "staff") * 2.0
    plain, doubled = (
        fit_planned(analysis, planned()),
        fit_planned(analysis, planned(FORMULA.replace("role", "role + same"))),
    )
    assert {fault.id for fault in doubled.faults} == {"MOD-04"}
    assert doubled.faults[0].saw == "same is left out: it follows from the terms before it"
    assert overall(doubled)["estimate"] == pytest.approx(overall(plain)["estimate"], rel=1e-6)


def test_answers_that_lack_a_variable_are_counted(analysis):
    analysis["size"] = np.where(analysis.index < 7, np.nan, 1.0 + analysis.index % 5)
    fitted = fit_planned(analysis, planned(FORMULA.replace("role", "role + size")))
    assert len(fitted.rows) == len(analysis) - 7 == fitted.fit.nobs
    assert (fitted.faults[0].id, fitted.faults[0].count) == ("SCO-03", 7)


def test_only_some_rows(analysis):
    fitted = fit_planned(analysis, planned(), lambda rows: rows.loc[rows["area"] != "area-0"])
    assert fitted.fit.ngroups["area"] == 7


def test_a_term_with_an_empty_cell_is_not_left_out_as_a_whole(analysis):
    """Else the change of a role that was seen once would follow from the other's."""
    kept = analysis.loc[(analysis["role"] == "lead") | (analysis["wave"] == "before")]
    fitted = fit_planned(kept, planned())
    assert "wave * role" in fitted.specification.formula and fitted.change.left_out == ("staff",)


def test_a_role_of_one_wave_is_told(analysis):
    kept = analysis.loc[(analysis["role"] == "lead") | (analysis["wave"] == "before")]
    fitted = fit_planned(kept, planned())
    assert fitted.change.left_out == ("staff",)
    assert any("role staff did not answer at both waves" in fault.saw for fault in fitted.faults)
    assert overall(fitted)["estimate"] == pytest.approx(fitted.fit.fixef["wave[T.after]"])


def test_a_model_that_the_kernel_refuses_is_a_reason_not_a_crash(analysis):
    endless = analysis.assign(score=analysis["score"].where(analysis.index != 3, np.inf))
    fitted = fit_planned(endless, planned())
    assert fitted.fit is None and fitted.refused and fitted.faults[-1].id == "MOD-02"


def test_independent_slopes_of_the_wave_are_written_out_for_the_kernel(analysis):
    fitted = fit_planned(analysis, planned("{outcome} ~ wave + (wave || area)"))
    assert fitted.specification.columns_of("area") == "1 + I((wave == 'after') * 1.0)" and len(fitted.steps) == 1


def test_an_outcome_that_was_not_delivered(analysis):
    assert "no answer has outcome" in fit_planned(analysis, planned(column="absent")).refused
    assert "no answer has outcome" in fit_planned(analysis.assign(score=np.nan), planned()).refused
