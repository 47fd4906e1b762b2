"""Change against the start, regression to the mean taken out."""

import numpy as np
import pandas as pd
import pytest

from pilot_eval.model.contracts import CONTRACTS
from pilot_eval.model.relate_start import relate_start

FORMULA = "{outcome} ~ wave * role + (1 + wave | area) + (1 | organisation) + (1 | respondent)"
AREAS = [f"area-{a}" for a in range(12)]
OUTCOME = {"outcome": "trust", "column": "score", "roles": ["lead", "staff"], "unit": "points", "digits": 2}


def answer(analysis, formula=FORMULA, waves=("before", "after"), areas=AREAS, outcome=OUTCOME, **asked):
    question = {"question": "weak", "outcome": "trust", "roles": [], "matched": False, "parts": 3, "splits": 10,
                "replicates": 60} | asked  # fmt: skip
    found = relate_start(analysis, question, outcome, formula, {"lead": 0.6, "staff": 0.2}, list(waves), areas, 7)
    for name in ("part", "faults"):
        CONTRACTS[f"relate_start.{name}"].validate(found[name])
    return found


def value(found, table, row, column):
    return found["part"].set_index("id").loc[f"{table}.trust.{row}.{column}", "value"]


def status(found, table):
    part = found["part"]
    return set(part.loc[part["table"] == table, "status"])


def saw(found):
    return list(found["faults"]["saw"])


def related(make, slope, seed=1, areas=12, **sizes):
    """Answers in which an area's change is ``slope`` times its start, and nothing else of its own."""
    drawn = make(seed=seed, areas=areas, slope=0.0, area=0.0, **({"units": 10, "people": 1, "drop": 0.1} | sizes))
    start = dict(zip(sorted(drawn["area"].unique()), np.random.default_rng(seed).normal(0, 0.6, areas), strict=True))
    own = drawn["area"].map(start)
    return drawn.assign(score=drawn["score"] + own * (1 + slope * (drawn["wave"] == drawn["wave"].unique()[-1])))


@pytest.mark.parametrize("slope", [-0.8, 0.0, 0.6])
def test_the_true_slope_is_recovered_where_the_naive_one_is_biased(make, slope):
    found = answer(related(make, slope))
    low, estimate, high = (value(found, "start_slope", "weak", name) for name in ("low", "estimate", "high"))
    assert low < slope < high and abs(estimate - slope) < 0.2
    naive, bias = (value(found, "start_slope", "weak", name) for name in ("naive", "bias"))
    assert (bias < 0) == (slope >= 0), "the error of the start draws the naive slope towards -1"
    assert naive - bias == pytest.approx(estimate, abs=0.1)
    assert value(found, "start_slope", "weak", "zero_share") == 0
    assert (value(found, "start_slope", "weak", "p") < 0.05) == (not low < 0 < high)


def test_parts_of_the_start_rise_alike_where_there_is_no_relation(make):
    found = answer(related(make, 0.0), splits=30)
    rise = [value(found, "start_parts", f"weak-part-{part}-of-3", "change") for part in (1, 2, 3)]
    assert max(rise) - min(rise) < 0.2
    low, high = (value(found, "start_parts", "weak-difference", name) for name in ("low", "high"))
    assert low < 0 < high
    start = [value(found, "start_parts", f"weak-part-{part}-of-3", "mean_first") for part in (1, 2, 3)]
    assert start[0] < min(start[1:]) - 0.3


def test_parts_of_the_start_rise_apart_where_there_is_one(make):
    names = [f"area-{a}" for a in range(24)]
    found = answer(related(make, -0.8, areas=24, units=8), parts=2, areas=names)
    assert value(found, "start_parts", "weak-difference", "high") < 0
    changes = [
        value(found, "start_parts", f"weak-{part}", "change") for part in ("part-1-of-2", "part-2-of-2", "difference")
    ]
    assert changes[2] == pytest.approx(changes[1] - changes[0])


def test_the_origin_is_the_first_wave_and_the_unit_of_time_the_study(make):
    """Three waves: months are a share of those to the last wave, so that the slope is of change over the study."""
    drawn = related(make, 0.0, waves=("before", "during", "after"))
    moved = drawn.assign(months=drawn["months"] * 7)
    one, other = (answer(rows, waves=("before", "during", "after")) for rows in (drawn, moved))
    name = ("start_slope", "weak", "estimate")
    assert value(one, *name) == pytest.approx(value(other, *name), abs=1e-6)


def test_same_rows_same_numbers_in_any_order(make):
    drawn = related(make, 0.0)
    one, other = answer(drawn), answer(drawn.sample(frac=1.0, random_state=3))
    pd.testing.assert_frame_equal(one["part"], other["part"], rtol=1e-5)


def test_roles_and_the_matched_alone_may_be_asked(make):
    drawn = related(make, 0.0, drop=0.3)
    everybody, leads, matched = answer(drawn), answer(drawn, roles=["lead"]), answer(drawn, matched=True)
    people = [found["part"].set_index("id").loc["start_slope.trust.weak.estimate", "n"]
              for found in (everybody, leads, matched)]  # fmt: skip
    assert people[0] == drawn["respondent"].nunique()
    assert people[1] == drawn.loc[drawn["role"] == "lead", "respondent"].nunique()
    assert people[2] == (drawn.groupby("respondent")["wave"].nunique() == 2).sum()


def test_an_outcome_without_a_model_has_the_usual_levels(make):
    drawn = related(make, 0.0)
    assert value(answer(drawn, ""), "start_slope", "weak", "estimate") == pytest.approx(
        value(answer(drawn), "start_slope", "weak", "estimate"), abs=1e-6
    )


def test_areas_have_their_observed_and_modelled_start(make):
    drawn = related(make, 0.0)
    part = answer(drawn, areas=[*AREAS, "far"])["part"].query("table == 'start_by_area'").set_index(["area", "column"])
    begun = drawn.loc[drawn["wave"] == "before"].groupby("area")["score"].mean()
    assert part.loc[("area-3", "mean_first"), "value"] == pytest.approx(begun["area-3"])
    modelled = part.xs("start", level="column")["value"].dropna()
    assert modelled.corr(begun) > 0.95 and modelled.std() < begun.std()
    assert part.loc[("far", "start"), "status"] == "x"


@pytest.mark.fault("MOD-06")
def test_starts_that_do_not_differ_give_no_slope_and_say_so(make):
    found = answer(make(seed=4, areas=12, area=0.0, slope=0.3))
    assert any("starts differ too little to say" in text for text in saw(found))
    cells = found["part"].set_index("column").query("table == 'start_slope' and group == 'weak'")
    assert cells.loc[["estimate", "low", "high", "p", "bias"], "status"].tolist() == ["x"] * 5
    assert cells.loc["zero_share", "value"] > 0.1 and np.isfinite(cells.loc[["naive", "sd_start"], "value"]).all()
    assert status(found, "start_parts") == {"x"}


@pytest.mark.fault("MOD-06")
def test_starts_that_differ_give_no_such_fault(make):
    assert "MOD-06" not in list(answer(related(make, 0.0))["faults"]["id"])


@pytest.mark.fault("MOD-03")
def test_three_areas_have_a_slope_perhaps_but_no_parts(make):
    found = answer(related(make, 0.0, areas=3), areas=AREAS[:3])
    assert any("3 areas have two organisations or more; 3 parts need 6" in text for text in saw(found)) or any(
        "too little to say" in text for text in saw(found)
    )
    assert status(found, "start_parts") == {"x"}


@pytest.mark.fault("MOD-03")
def test_two_areas_have_neither(make):
    found = answer(make(areas=2), areas=AREAS[:2])
    assert any("2 areas answered at both before and after" in text for text in saw(found))
    assert status(found, "start_slope") == {"x"}


@pytest.mark.fault("MOD-03")
def test_an_area_with_one_organisation_cannot_be_halved(make):
    drawn = related(make, 0.0)
    kept = drawn.loc[(drawn["area"] != "area-2") | (drawn["unit"] == "o20")]
    found = answer(kept)
    assert "area area-2: one organisation, which cannot be halved" in saw(found)
    assert status(found, "start_parts") == {""}


@pytest.mark.fault("MOD-02")
def test_organisations_have_a_slope_only_from_a_regular_model(make):
    """Organisations that change apart from one another, in a way that a model can tell; and some that do not."""
    drawn = make(seed=3, areas=8, units=8, people=8, area=0.6, unit=0.5, error=0.2, drop=0.0)
    own = drawn["unit"].map(dict(zip(sorted(drawn["unit"].unique()), np.random.default_rng(3).normal(0, 0.4, 64),
                                     strict=True)))  # fmt: skip
    moving = drawn.assign(score=drawn["score"] + own * (drawn["wave"] == "after"))
    found = answer(moving, areas=AREAS[:8])
    assert value(found, "start_slope", "weak-organisations", "low") < 0
    assert value(found, "start_slope", "weak-organisations", "high") > 0
    still = answer(make(seed=3, areas=8, units=4, people=2), areas=AREAS[:8])
    told = "the model with start and change of organisations is singular; no slope between organisations"
    assert told in saw(still)
    cells = still["part"].query("group == 'weak.organisations'")
    assert set(cells["status"]) == {"x"}
    lone = answer(related(make, 0.0))
    assert any("organisations needs two answers of one organisation at one wave" in text for text in saw(lone))


@pytest.mark.fault("MOD-03")
def test_one_wave_is_not_answered(make):
    drawn = make(areas=4)
    found = answer(drawn.loc[drawn["wave"] == "before"], areas=AREAS[:4])
    assert saw(found) == ["there are answers at before only; not modelled"]
    assert status(found, "start_slope") == status(found, "start_parts") == {"x"}


@pytest.mark.fault("MOD-03")
def test_an_outcome_that_the_plan_lacks_is_said_in_one_line(make):
    found = answer(make(areas=4), "", outcome=None, areas=AREAS[:4])
    assert saw(found) == ["the plan has no outcome trust; not answered"]
    assert status(found, "start_slope") == {"x"}


@pytest.mark.fault("SCO-02")
def test_an_outcome_without_variation_is_said_in_one_line(make):
    found = answer(make(areas=4).assign(score=3.0), areas=AREAS[:4])
    assert len(saw(found)) == 1 and "no variation at before; not modelled" in saw(found)[0]
