"""Moderators of change: against R, against a known truth, and what is missing."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pilot_eval.model.contracts import CONTRACTS
from pilot_eval.model.moderate_change import moderate_change, with_moderator
from pilot_eval.model.moderators import moderator_of

HERE = Path(__file__).parent / "reference"
FORMULA = "{outcome} ~ wave * role + (1 + wave | area) + (1 | organisation) + (1 | respondent)"
OUTCOME = {"outcome": "trust", "column": "score", "roles": ["lead", "staff"], "unit": "points", "digits": 2}
RATINGS = pd.DataFrame({name: pd.Series(dtype="str") for name in ("evidence", "area", "item", "occasion")}).assign(
    value=pd.Series(dtype="Int64")
)
GROUPS = pd.DataFrame({name: pd.Series(dtype="str") for name in ("group", "name", "area")})


def of_file():
    """The answers that R has seen, as an analysis table."""
    table = pd.read_csv(HERE / "answers.csv")
    return table.assign(_id=[f"i{n}" for n in range(len(table))], unit=table["organisation"], organisation_kind="o",
                        months=table["wave"].map({"before": 0.0, "after": 6.0}), matched=True)  # fmt: skip


def answer(analysis, moderator, formula=FORMULA, outcome=OUTCOME, ratings=RATINGS, groups=GROUPS, labels=None, **asked):
    question = {"question": "q", "outcome": "trust", "moderator": moderator, "roles": [], "matched": False,
                "estimand": "what the question asks"} | asked  # fmt: skip
    found = moderate_change(
        analysis, ratings, groups, question, "Question", outcome, formula, True, {"lead": 0.75, "staff": 0.25},
        ["before", "after"], {"cascade": ["one", "two"], "cases": []}, labels or {},
    )  # fmt: skip
    for name in ("part", "faults"):
        CONTRACTS[f"moderate_change.{name}"].validate(found[name])
    return found["part"].set_index("id"), found["faults"]


def row(part, table, group):
    own = part.loc[(part["table"] == table) & (part["group"] == group)].set_index("column")
    return own["value"].astype("float64")


@pytest.fixture(scope="module")
def known():
    return json.loads((HERE / "moderators.json").read_text())


def test_change_by_level_and_the_joint_test_are_those_of_r(known):
    part, _ = answer(of_file(), "phase")
    for level, expected in known["phase"]["levels"].items():
        found = row(part, "moderator_levels", f"q.{level}")
        for name in ("estimate", "se", "low", "high"):
            assert found[name] == pytest.approx(expected[name], rel=1e-5), (level, name)
        assert (found["df"], found["p"]) == pytest.approx((expected["df"], expected["p"]), rel=1e-3)
    found, expected = row(part, "moderators", "q"), known["phase"]["test"]
    assert (found["f"], found["num_df"]) == pytest.approx((expected["f"], expected["num_df"]), rel=1e-4)
    assert (found["df"], found["p"]) == pytest.approx((expected["df"], expected["p"]), rel=1e-3)
    own = part.loc[(part["table"] == "moderators") & (part["column"] == "estimate")]
    assert list(own["status"]) == ["z"], "three levels have no one difference"


def test_the_slope_of_a_number_is_that_of_r(known):
    part, _ = answer(of_file(), "rating")
    found, expected = row(part, "moderators", "q"), known["rating"]
    for name in ("estimate", "se", "low", "high"):
        assert found[name] == pytest.approx(expected["slope"][name], rel=1e-5), name
    assert found["per_sd"] == pytest.approx(expected["sd"] * expected["slope"]["estimate"], rel=1e-5)
    assert found["per_sd_low"] == pytest.approx(expected["sd"] * expected["slope"]["low"], rel=1e-5)
    assert (found["f"], found["df"]) == pytest.approx((expected["test"]["f"], expected["test"]["df"]), rel=1e-3)
    below = row(part, "moderator_levels", "q.below")
    for name in ("estimate", "se", "low"):
        assert below[name] == pytest.approx(expected["below"][name], rel=1e-4), name


def test_two_levels_have_a_difference_in_the_order_of_their_labels():
    table = of_file()
    table["big"] = (table["rating"] > 2).astype(float)
    part, _ = answer(table, "big", labels={"0": "Small", "1": "Big"})
    small, big = (row(part, "moderator_levels", f"q.{code}") for code in ("0", "1"))
    found = row(part, "moderators", "q")
    assert found["estimate"] == pytest.approx(big["estimate"] - small["estimate"])
    assert found["f"] == pytest.approx((found["estimate"] / found["se"]) ** 2, rel=1e-6)
    labels = part.loc[part["table"] == "moderator_levels", "group_label"]
    assert set(labels) == {"Question: Small", "Question: Big"}


def test_the_truth_lies_in_the_interval(make):
    """Change is 0.5 greater where a property of the area is one unit greater."""
    covered = []
    for seed in range(6):
        table = make(seed=seed, areas=12, units=4, people=2, slope=0.15)
        rating = table["area"].str.removeprefix("area-").astype(int) % 4
        later = (table["wave"] == "after").astype(float)
        table["score"] += 0.5 * later * rating
        part, _ = answer(table.assign(rating=rating.astype(float)), "rating")
        found = row(part, "moderators", "q")
        covered.append(found["low"] < 0.5 < found["high"])
        assert found["estimate"] == pytest.approx(0.5, abs=0.3)
    assert sum(covered) >= 5


def ratings(areas=8):
    rows = []
    for a in range(areas):
        for item in ("d1", "d2"):
            rows += [("cascade", f"area-{a}", item, "one", 1 + a % 3), ("cascade", f"area-{a}", item, "two", 3 + a % 2)]
    rows.append(("cases", "area-1", "f1", "", 2))
    return pd.DataFrame(rows, columns=["evidence", "area", "item", "occasion", "value"]).astype({"value": "Int64"})


def test_ratings_of_areas_become_properties(analysis):
    groups = pd.DataFrame({"group": ["g1", "g2", "g3"], "name": "x", "area": ["area-0", "area-0", "area-1"]})
    occasions = {"cascade": ["one", "two"], "cases": []}

    def by_area(name):
        found = moderator_of(analysis, name, ratings(), groups, occasions, {})
        return found.values.groupby(analysis["area"]).first().to_dict(), found

    start, gain = by_area("cascade_start")[0], by_area("cascade_gain")[0]
    assert start["area-2"] == 3.0 and gain["area-2"] == 0.0 and gain["area-0"] == 2.0
    coded, found = by_area("cases_coded")
    assert coded["area-1"] == "yes" and coded["area-0"] == "no" and not found.numeric
    several, _ = by_area("several_groups")
    assert several["area-0"] == "yes" and several["area-1"] == "no"
    assert np.isnan(float(several["area-5"])), "an area without a group in the register is not known"
    assert by_area("cases_gain")[1].reason == "there are no data on cases_gain"


def test_a_gain_needs_both_occasions_of_an_item(analysis):
    spoiled = ratings()
    spoiled.loc[(spoiled["area"] == "area-0") & (spoiled["item"] == "d1") & (spoiled["occasion"] == "two"), "value"] = (
        None
    )
    found = moderator_of(analysis, "cascade_gain", spoiled, GROUPS, {"cascade": ["one", "two"]}, {})
    assert found.values[analysis["area"] == "area-0"].iloc[0] == 2.0


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("y ~ wave * role + (1 | area)", "y ~ wave * role + wave * size + (1 | area)"),
        ("y ~ months + (1 + months | area)", "y ~ months + months * size + (1 + months | area)"),
    ],
)
def test_the_product_is_with_the_time_of_the_formula(formula, expected):
    assert with_moderator(formula, "size") == expected


def test_numbers_kept_as_text_are_numbers():
    table = of_file()
    as_text, _ = answer(table.assign(rating=table["rating"].astype(str)), "rating")
    plain, _ = answer(table, "rating")
    assert row(as_text, "moderators", "q")["estimate"] == pytest.approx(row(plain, "moderators", "q")["estimate"])


@pytest.mark.fault("MOD-11")
@pytest.mark.parametrize(
    ("moderator", "outcome", "said"),
    [
        ("nothing", OUTCOME, "the study has no nothing"),
        ("cascade_start", OUTCOME, "there are no data on cascade_start"),
        ("phase", None, "the plan has no model of trust"),
        ("flat", OUTCOME, 'flat is "same" in all rows'),
        ("empty", OUTCOME, "no answer has outcome"),
    ],
)
def test_what_cannot_be_answered_is_said_in_one_line(moderator, outcome, said):
    part, faults = answer(of_file().assign(flat="same", empty=""), moderator, outcome=outcome)
    (fault,) = faults.loc[faults["id"] == "MOD-11"].to_dict("records")
    assert said in fault["saw"] and fault["saw"].endswith("not available") and fault["file"] == "question q"
    own = part.loc[part["table"] == "moderators"]
    assert set(own["status"]) == {"x"} and own["value"].isna().all()


@pytest.mark.fault("SCO-03")
def test_a_moderator_that_half_of_the_organisations_lack_costs_the_others_nothing():
    table = of_file()
    gone = table["organisation"].isin(sorted(set(table["organisation"]))[::2])
    part, faults = answer(table.assign(phase=table["phase"].where(~gone, "")), "phase")
    alone, _ = answer(table.loc[~gone], "phase")
    assert row(part, "moderators", "q")["f"] == pytest.approx(row(alone, "moderators", "q")["f"], rel=1e-6)
    (fault,) = faults.loc[faults["id"] == "SCO-03"].to_dict("records")
    assert fault["count"] == gone.sum() and "phase" in fault["saw"]


def test_roles_that_have_no_such_property_are_no_loss():
    table = of_file()
    own = table.assign(phase=table["phase"].where(table["role"] == "lead", ""))
    part, faults = answer(own, "phase")
    assert not (faults["id"] == "SCO-03").any() and not faults["saw"].str.contains("role is left out").any()
    assert row(part, "moderator_levels", "q.primary").notna().all()


@pytest.mark.fault("MOD-03")
def test_a_level_of_one_wave_has_no_change_of_its_own():
    table = of_file()
    kept = table.loc[(table["phase"] != "special") | (table["wave"] == "before")]
    part, faults = answer(kept, "phase")
    assert any("level special was not seen at both ends" in saw for saw in faults["saw"])
    own = part.loc[part["group"] == "q.special"]
    assert set(own["status"]) == {"x"}
    assert row(part, "moderators", "q")["num_df"] == 1
