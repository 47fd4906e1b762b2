"""lmer and compare against the stored results of R, and whether everything that is stored can be traced."""

import re

import pytest
from r_comparison import differences
from r_results import FOLDER, load, names

from pilot_eval.mixed.formula import parse
from pilot_eval.mixed.frame import variables

CASES = names()
SCRIPT = re.sub(r"\s", "", (FOLDER / "cases.R").read_text("utf-8"))
PROGRAMS = {"linear": "lmerTest", "nested": "lme4", "ordered": "ordinal"}


@pytest.mark.parametrize("name", names("linear", "nested"))
@pytest.mark.filterwarnings("ignore::pilot_eval.mixed.SingularFitWarning")
@pytest.mark.filterwarnings("ignore::pilot_eval.mixed.RankDeficientWarning")
def test_agrees_with_r(name: str) -> None:
    assert differences(name).found == []


@pytest.mark.parametrize("name", CASES)
def test_a_stored_case_says_where_it_comes_from(name: str) -> None:
    case = load(name)
    program = PROGRAMS.get(case.call["kind"]) or ("glmmTMB" if "nb" in name.split("_") else "lme4")
    assert {"R", program} <= set(case.versions)
    assert all(re.fullmatch(r"\d+([.-]\d+)+", version) for version in case.versions.values())
    assert re.search(r" \d+\.\d|^made_data.R$", case.source["version"])
    assert re.sub(r"\s", "", case.source["source"]) in SCRIPT
    columns = list(case.data().columns)
    for formula in filter(None, (case.call["formula"], case.call.get("null"))):
        assert re.sub(r"\s", "", formula) in SCRIPT
        assert variables(parse(formula, columns), columns)  # a variable that is not in the data is an error


def test_cases_of_the_script_and_stored_cases_are_the_same() -> None:
    calls = re.findall(r'\b(linear|general|negative_binomial|ordered_logit|nested)\("(\w+)"', SCRIPT)
    assert sorted(f"nested_{name}" if kind == "nested" else name for kind, name in calls) == CASES
    used = {load(name).source["file"] for name in CASES}
    assert used == {f"data/{path.name}" for path in (FOLDER / "data").iterdir()}


def test_a_constant_weight_scales_the_residual_variance_and_nothing_else_in_r_too() -> None:
    one, four = (load(name).results for name in ("pilot2_weights", "pilot2_weights_times_four"))
    assert four["sigma"] == pytest.approx(2.0 * one["sigma"], rel=1e-7)
    assert four["criterion"] == pytest.approx(one["criterion"], abs=1e-7)
    assert four["coefficients"]["se"] == pytest.approx(one["coefficients"]["se"], rel=1e-6)
    assert four["varcorr"]["vcov"][:-1] == pytest.approx(one["varcorr"]["vcov"][:-1], rel=1e-6)
