"""Faults of models: the smallest tables that have them, and what becomes of the outcome."""

import numpy as np
import pandas as pd
import pytest

from pilot_eval.faults import Fault
from pilot_eval.model.fit_change import fit_change

FORMULA = "{outcome} ~ wave * role + (1 + wave | area) + (1 | organisation) + (1 | respondent)"
SIMPLE = "{outcome} ~ wave + (1 + wave | area) + (1 | respondent)"
AREAS = [f"area-{a}" for a in range(5)]
PLACE = "model main, outcome trust"


@pytest.fixture
def small(make):
    return make(areas=5, units=3, people=2, seed=4)


def fitted(analysis, formula=SIMPLE, areas=AREAS, waves=("before", "after")):
    outcome = {"outcome": "trust", "column": "score", "roles": ["lead", "staff"], "unit": "points", "digits": 2}
    shares = {"lead": 0.5, "staff": 0.5}
    return fit_change(analysis, "main", formula, True, True, outcome, shares, list(waves), list(areas), None, [], 20, 7)


def faults(found, kind):
    """Faults of a kind; each must have its place and say what to do."""
    rows = found["faults"].loc[found["faults"]["id"] == kind].to_dict("records")
    for row in rows:
        assert row["file"] == PLACE and row["severity"] == "WARN" and row["expected"] and row["action"]
        assert len(Fault(**{name: None if value is pd.NA else value for name, value in row.items()}).message) <= 240
    return rows


def status(found, identity):
    return found["part"].set_index("id").loc[identity, "status"]


def is_not_available(found, reason):
    assert found["fit"]["status"] == "refused" and found["fit"]["reason"] == reason
    cells = found["part"]
    assert set(cells.loc[cells["table"] == "change_overall", "status"]) == {"x"}


@pytest.mark.fault("DES-02")
@pytest.mark.parametrize(("kept", "counts"), [("before", "at before, 0"), ("after", "0 answers at before")])
def test_an_area_of_one_wave_has_no_change_of_its_own(small, kept, counts):
    found = fitted(small.loc[(small["area"] != "area-2") | (small["wave"] == kept)])
    (fault,) = faults(found, "DES-02")
    assert fault["saw"].startswith("area area-2: ") and counts in fault["saw"]
    assert status(found, "change_by_area.trust.area-area-2.raw") == "x"
    assert status(found, "change_by_area.trust.area-area-2.estimate") == "u", "it comes from all others"
    assert "area-2" in set(found["areas"]["area"])


def yes_or_no(analysis, cut=3.2):
    return analysis.assign(score=(analysis["score"] > cut).astype(float))


@pytest.mark.fault("MOD-01")
@pytest.mark.parametrize(("column", "level"), [("area", "area-1"), ("role", "staff")])
def test_all_of_a_group_say_yes(small, column, level):
    rows = yes_or_no(small)
    rows["score"] = rows["score"].where(rows[column] != level, 1.0)
    found = fitted(rows, FORMULA)
    told = [fault["saw"] for fault in faults(found, "MOD-01")]
    assert f"{column} {level}: all {(rows[column] == level).sum()} answers are 1" in told
    part = found["part"]
    numbers = part.loc[part["table"].isin(["change_overall", "change_by_area", "model_terms"]), "value"].dropna()
    assert np.isfinite(numbers).all() and numbers.abs().max() < 100, "no endless interval"


def test_scores_are_no_yes_or_no(small):
    assert faults(fitted(small), "MOD-01") == []


@pytest.mark.fault("MOD-02")
def test_a_variance_of_zero_is_reported_with_its_interval_and_test(make):
    found = fitted(make(areas=5, units=3, people=4, slope=0.0, unit=0.0, seed=3), FORMULA)
    limits = found["fit"]["boundary"]
    assert found["fit"]["singular"] and limits
    assert all(one["low"] <= one["sd"] <= one["high"] and 0 < one["p"] <= 1 for one in limits)
    zero = [one for one in limits if one["correlation"] is None]
    assert all(one["low"] == 0 and one["p"] == 1 for one in zero)
    *told, last = faults(found, "MOD-02")
    assert len(told) == len(limits)
    assert all("a boundary; interval" in fault["saw"] for fault in told)
    simpler = found["fit"]["off_boundary"]
    assert last["saw"].endswith(f"the change overall is {simpler['estimate']:.2f}")
    assert simpler["dropped"][0] == "the correlation between effects of area" and simpler["formula"]
    beside = found["part"].set_index("id")["value"]
    assert beside["challenge.trust.off_boundary.estimate"] == pytest.approx(simpler["estimate"])
    assert beside["challenge.trust.off_boundary.low"] < simpler["estimate"]
    assert status(found, "change_overall.trust.estimate") == ""


@pytest.mark.fault("MOD-02")
@pytest.mark.parametrize("step", [0.0, 1.0])
def test_answers_that_the_terms_explain_to_the_last_are_no_traceback(small, step):
    begun = small.loc[small["wave"] == "before"]
    later = begun.assign(wave="after", months=6.0, score=begun["score"] + step, _id="after" + begun["_id"])
    found = fitted(pd.concat([begun, later]))
    if found["fit"]["status"] == "refused":
        (fault,) = faults(found, "MOD-02")
        assert "no fit" in fault["saw"]
        is_not_available(found, "the model could not be fitted to these answers")
    else:
        change = found["part"].set_index("id").loc["change_overall.trust.estimate", "value"]
        assert change == pytest.approx(step, abs=1e-6)


@pytest.mark.fault("MOD-03")
@pytest.mark.parametrize("areas", [1, 2])
def test_with_fewer_than_three_areas_there_is_the_change_overall_only(small, areas):
    names = AREAS[:areas]
    found = fitted(small.loc[small["area"].isin(names)], FORMULA, names)
    (fault,) = faults(found, "MOD-03")
    plural = "areas" if areas > 1 else "area"
    assert fault["saw"] == f"{areas} {plural} answered at both before and after; overall change only"
    assert status(found, "change_overall.trust.estimate") == ""
    own = found["part"].query("table == 'change_by_area' and column != 'raw'")
    assert set(own["status"]) == {"z"} and own["value"].isna().all()
    assert found["fit"]["overall_only"] and "area" not in found["fit"]["formula"]


@pytest.mark.fault("MOD-03")
def test_without_areas_the_respondents_stay_in_the_model(small):
    found = fitted(small.loc[small["area"] < "area-2"], "{outcome} ~ wave + (1 + wave | area)", AREAS[:2])
    assert found["fit"]["formula"] == "score ~ wave + (1 | respondent)"


@pytest.mark.fault("MOD-03")
def test_one_wave_left_is_not_modelled(small):
    found = fitted(small.loc[small["wave"] == "after"])
    (fault,) = faults(found, "MOD-03")
    is_not_available(found, "there are answers at after only; not modelled")
    assert fault["saw"] == found["fit"]["reason"]


@pytest.mark.fault("MOD-03")
def test_too_few_respondents_for_an_interval_have_none(small):
    few = small.loc[small["area"] == "area-0"].head(6)
    found = fitted(few, "{outcome} ~ wave * role + (1 | organisation) + (1 | respondent)", AREAS[:1])
    values = found["part"].query("table == 'change_overall'")["value"].dropna()
    assert values.abs().max() < 1e3


@pytest.mark.fault("MOD-04")
@pytest.mark.parametrize(
    ("spoil", "formula", "told"),
    [
        ({"phase": "primary"}, "{outcome} ~ wave * phase + (1 | area) + (1 | respondent)",
         [f'{term} is left out: phase is "primary" in all rows' for term in ("phase", "wave:phase")]),
        ({"phase": ""}, "{outcome} ~ wave + phase + (1 | area) + (1 | respondent)",
         ["phase is left out: phase is not known in any row"]),
        ({"size": 7.0}, "{outcome} ~ wave + size + (1 | area) + (1 | respondent)",
         ['size is left out: size is "7.0" in all rows']),
        ({"phase": lambda d: d["role"].map({"lead": "p", "staff": "s"})},
         "{outcome} ~ wave * role + wave * phase + (1 | area) + (1 | respondent)",
         ["phase is left out: it follows from the terms before it",
          "wave:phase is left out: it follows from the terms before it"]),
        ({"size": lambda d: d["role"].map({"lead": 2.0, "staff": 5.0})},
         "{outcome} ~ wave + role + size + (1 | area) + (1 | respondent)",
         ["size is left out: it follows from the terms before it"]),
        ({"phase": "primary"}, "{outcome} ~ wave + (1 + phase | area) + (1 | respondent)",
         ['phase in (1 + phase | area) is left out: phase is "primary" in all rows']),
    ],
)  # fmt: skip
def test_a_moderator_that_tells_nothing_is_left_out_openly(small, spoil, formula, told):
    found = fitted(small.assign(**spoil), formula)
    assert [fault["saw"] for fault in faults(found, "MOD-04")] == told
    assert [f"{one['term']} is left out: {one['reason']}" for one in found["fit"]["left_out"]] == told
    assert status(found, "change_overall.trust.estimate") == ""
    name = next(iter(spoil))
    assert name not in found["fit"]["formula"]


def test_a_moderator_that_tells_something_stays(small):
    random = np.random.default_rng(2)
    found = fitted(small.assign(size=random.normal(size=len(small))), SIMPLE.replace("wave +", "wave * size +", 1))
    assert faults(found, "MOD-04") == [] and found["fit"]["left_out"] == []


@pytest.mark.fault("SCO-02")
@pytest.mark.parametrize("wave", ["before", "after"])
def test_an_outcome_without_variation_is_not_available_and_says_why(small, wave):
    found = fitted(small.assign(score=small["score"].where(small["wave"] != wave, 5.0)))
    (fault,) = faults(found, "SCO-02")
    number = (small["wave"] == wave).sum()
    assert fault["saw"] == f"all {number} answers at {wave} are 5; no variation at {wave}; not modelled"
    is_not_available(found, f"no variation at {wave}; not modelled")


@pytest.mark.fault("SCO-03")
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ({"role": ""}, "role is missing in"),
        ({"area": ""}, "area is missing in"),
        ({"score": np.nan}, "nobody answered it"),
        ({"size": np.nan}, "size is missing in"),
    ],
)
def test_no_complete_case_is_not_available_and_says_what_is_missing(small, spoil, said):
    formula = SIMPLE.replace("wave +", "wave + size +", 1) if "size" in spoil else SIMPLE
    found = fitted(small.assign(**spoil), formula)
    (fault,) = faults(found, "SCO-03")
    assert fault["saw"].startswith("0 of ") and said in fault["saw"]
    is_not_available(found, "no answer has outcome, role and area together; not modelled")


@pytest.mark.fault("SCO-03", "DES-03")
def test_answers_that_lack_something_are_counted(small):
    spoiled = small.copy()
    spoiled.loc[spoiled.index[:3], "role"] = ""
    spoiled.loc[spoiled.index[5:9], "area"] = ""
    found = fitted(spoiled)
    assert [fault["count"] for fault in faults(found, "SCO-03")] == [3]
    assert [fault["count"] for fault in faults(found, "DES-03")] == [4]
    assert found["fit"]["answers"] == len(small) - 7


@pytest.mark.fault("SCO-03")
@pytest.mark.parametrize("name", ["soil", "role"])
def test_a_category_of_one_row_does_not_cost_the_others_their_model(small, name):
    rows = small.assign(soil=np.where(small["area"] < "area-2", "clay", "sand"))
    if name == "role":
        rows = rows.drop(rows.index[(rows["role"] == "staff").to_numpy()][1:])
    else:
        rows.loc[rows.index[4], "soil"] = ""
    found = fitted(rows, "{outcome} ~ wave + soil + role + (1 | area) + (1 | respondent)")
    (fault,) = faults(found, "SCO-03")
    assert fault["count"] == 1 and f"same category ({name})" in fault["saw"]
    assert found["fit"]["status"] == "fitted" and found["fit"]["answers"] == len(rows) - 1
