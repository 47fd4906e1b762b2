"""Ordered ratings of areas: counts, and change by the cumulative logit model."""

import numpy as np
import pandas as pd
import pytest

from pilot_eval.faults import Fault
from pilot_eval.model.contracts import CONTRACTS
from pilot_eval.model.fit_ratings import fit_ratings, odds_rows
from pilot_eval.model.rated_change import Estimate

ELEMENTS = [["clear", "Clarity"], ["shared", "Shared plans"], ["data", "Use of data"]]
SCHEME = {"elements": ELEMENTS, "occasions": [["w1", "First"], ["w2", "Second"]],
          "levels": [[1, "No"], [2, "Begun"], [3, "Partly"], [4, "Fully"]]}  # fmt: skip
QUESTION = {"question": "rose", "evidence": "self"}


def drawn(seed=1, areas=24, gain=(0.3, 1.5, 1.5), cuts=(-1.0, 0.5, 2.0)):
    """Ratings with area and place effects and a known gain of each thing rated, on the logit scale."""
    rng = np.random.default_rng(seed)
    rows = []
    for area in range(areas):
        level = rng.normal(0, 0.7)
        for (item, _), own in zip(ELEMENTS, gain, strict=True):
            place = level + rng.normal(0, 0.7)
            for at, occasion in enumerate(("w1", "w2")):
                value = 1 + int(np.searchsorted(cuts, place + at * own + rng.logistic()))
                rows.append(("self", f"area-{area:02}", item, occasion, value))
    frame = pd.DataFrame(rows, columns=["evidence", "area", "item", "occasion", "value"])
    return frame.astype({"value": "Int64"})


RATINGS = drawn()


def fitted(ratings=RATINGS, scheme=SCHEME, question=QUESTION, seed=7):
    found = fit_ratings(ratings, question, scheme, seed)
    CONTRACTS["fit_ratings.part"].validate(found["part"])
    CONTRACTS["fit_ratings.faults"].validate(found["faults"])
    return found


@pytest.fixture(scope="module")
def found():
    return fitted()


def cell(found, identity):
    return found["part"].set_index("id").loc[identity]


def value(found, identity):
    return cell(found, identity)["value"]


def table(found, name):
    own = found["part"].loc[found["part"]["table"] == name]
    return own.pivot(index="group", columns="column", values="value")


def test_levels_are_counted_and_shares_are_of_the_areas_rated(found):
    levels = table(found, "rating_levels")
    assert len(levels) == 3 * 2 * 4
    own = RATINGS.query("item == 'shared' and occasion == 'w2'")["value"]
    row = levels.loc["rose.shared.w2.3"]
    assert row["rated"] == 24 and row["at_level"] == (own == 3).sum() and row["share"] == (own == 3).mean()
    of_one = levels.index.str.rpartition(".").get_level_values(0)
    assert levels["share"].groupby(of_one).sum().to_numpy() == pytest.approx(1)


def test_moves_and_medians_of_areas_rated_twice(found):
    moves = table(found, "rating_moves")
    wide = RATINGS.pivot(index=["area", "item"], columns="occasion", values="value")
    assert moves.loc["rose", "rose"] == (wide["w2"] > wide["w1"]).sum()
    assert (moves[["rose", "same", "fell"]].sum(axis=1) == moves["both"]).all()
    own = wide.xs("clear", level="item")["w1"].astype(int)
    assert moves.loc["rose.clear", "median_first"] == np.sort(own)[(len(own) - 1) // 2]


def test_no_respondent_stands_behind_a_rating(found):
    assert found["part"]["n"].isna().all() and found["part"]["n_organisations"].isna().all()


def test_what_moved_least_is_named_with_intervals(found):
    change = table(found, "rating_change")
    items = change.drop(index="rose")
    assert items["least_of_all"].idxmax() == "rose.clear" and items["least_of_all"].sum() == pytest.approx(1)
    assert ((items["low"] < items["odds_ratio"]) & (items["odds_ratio"] < items["high"])).all()
    assert np.log(items["apart"]).sum() == pytest.approx(0, abs=1e-9)
    assert change.loc["rose", "odds_ratio"] == pytest.approx(np.exp(np.log(items["odds_ratio"]).mean()))
    assert cell(found, "rating_change.rose.apart")["status"] == "z"


def test_probabilities_are_those_of_the_population(found):
    """Averaged over the random effects they lie near the shares that were seen."""
    reached = table(found, "rating_reached")
    for level in (2, 3, 4):
        for end, occasion in (("first", "w1"), ("last", "w2")):
            seen = (RATINGS.loc[RATINGS["occasion"] == occasion, "value"] >= level).mean()
            assert reached.loc[f"rose.{level}", end] == pytest.approx(seen, abs=0.05)
    assert (reached["last"] - reached["first"]).to_numpy() == pytest.approx(reached["shift"].to_numpy())


def test_the_truth_is_recovered():
    """Mean gain of 1.1 on the logit scale of one place: the odds ratio of the population, over six draws."""
    spread = 0.7**2 + 0.7**2
    truth = 1.1 / np.sqrt(1 + (16 * np.sqrt(3) / (15 * np.pi)) ** 2 * spread)
    rows = [table(fitted(drawn(seed, areas=22)), "rating_change").loc["rose"] for seed in range(3, 9)]
    error = [np.log(row["odds_ratio"]) - truth for row in rows]
    assert abs(np.mean(error)) < 0.3
    assert sum(row["low"] < np.exp(truth) < row["high"] for row in rows) >= 4


def test_same_input_same_numbers_whatever_the_order_of_rows(found):
    pd.testing.assert_frame_equal(found["part"], fitted(RATINGS.sample(frac=1, random_state=3))["part"], rtol=1e-6)


def test_three_occasions_are_counted_and_the_ends_compared(found):
    third = RATINGS.assign(occasion=RATINGS["occasion"].replace({"w2": "w3"}))
    middle = RATINGS.loc[RATINGS["occasion"] == "w1"].assign(occasion="w2", value=4)
    scheme = {**SCHEME, "occasions": [["w1", "First"], ["w2", "Second"], ["w3", "Third"]]}
    three = fitted(pd.concat([third, middle.astype({"value": "Int64"})]), scheme)
    assert value(three, "rating_levels.rose-clear-w2-4.share") == 1
    assert value(three, "rating_change.rose.odds_ratio") == pytest.approx(value(found, "rating_change.rose.odds_ratio"))


@pytest.mark.fault("DES-02")
def test_an_area_rated_on_one_occasion_is_counted_there_and_told(found):
    kept = RATINGS.loc[(RATINGS["area"] != "area-03") | (RATINGS["occasion"] == "w1")]
    less = fitted(kept)
    moves = table(less, "rating_moves")
    assert moves.loc["rose.data", ["both", "only_first", "only_last"]].tolist() == [23, 1, 0]
    assert value(less, "rating_levels.rose-data-w2-1.rated") == 23
    (fault,) = less["faults"].query("id == 'DES-02'").to_dict("records")
    assert fault["saw"] == "area area-03: rated at w1 only"
    assert "23 areas" in cell(less, "rating_change.rose.odds_ratio")["estimand"]


def not_available(found, reason, kind):
    told = found["faults"].to_dict("records")
    assert [fault["id"] for fault in told] == [kind] and reason in told[0]["saw"]
    assert all(len(Fault(**{**fault, "row": None}).message) <= 240 for fault in told)
    own = found["part"].loc[found["part"]["table"].isin(["rating_change", "rating_reached"])]
    assert set(own["status"]) == {"x"} and own["value"].isna().all()


@pytest.mark.fault("MOD-03")
def test_two_areas_are_counted_and_not_modelled():
    few = fitted(RATINGS.loc[RATINGS["area"] < "area-02"])
    not_available(few, "2 areas rated at both ends", "MOD-03")
    assert value(few, "rating_moves.rose.both") == 6


@pytest.mark.fault("SCO-02")
def test_one_level_only_is_counted_and_not_modelled():
    flat = fitted(RATINGS.assign(value=pd.array([2] * len(RATINGS), dtype="Int64")))
    not_available(flat, "all ratings are 2", "SCO-02")
    assert value(flat, "rating_moves.rose.same") == 72


@pytest.mark.fault("MOD-10")
@pytest.mark.parametrize(
    ("ratings", "scheme", "reason"),
    [
        (RATINGS, None, "the study has no evidence self"),
        (RATINGS.iloc[:0], SCHEME, "self has no ratings"),
        (RATINGS, {**SCHEME, "occasions": [["w1", "First"]]}, "self was rated at one occasion"),
        (RATINGS, {**SCHEME, "occasions": []}, "self was rated at one occasion"),
    ],
)
def test_a_question_without_data_is_said_in_one_line(ratings, scheme, reason):
    not_available(fitted(ratings, scheme), reason, "MOD-10")


def test_two_levels_are_a_binary_model_and_levels_that_nobody_passes_are_told():
    two = RATINGS.assign(value=RATINGS["value"].clip(2, 3))
    found = fitted(two)
    assert cell(found, "rating_reached.rose-2.first")["status"] == "z", "all reach it"
    seen = (two.query("occasion == 'w1'")["value"] >= 3).mean()
    assert value(found, "rating_reached.rose-3.first") == pytest.approx(seen, abs=0.05)
    assert cell(found, "rating_reached.rose-4.first")["status"] == "x", "nobody does"


@pytest.mark.fault("MOD-05")
def test_a_thing_rated_that_moved_without_exception_leaves_one_change_for_all():
    wide = RATINGS.copy()
    wide.loc[wide["item"] == "data", "value"] = wide["occasion"].map({"w1": 1, "w2": 4})
    found = fitted(wide)
    assert "MOD-05" in set(found["faults"]["id"])
    assert value(found, "rating_change.rose.odds_ratio") > 1
    assert cell(found, "rating_change.rose-data.odds_ratio")["status"] == "x"


def test_one_thing_rated_has_a_change_too():
    one = fitted(RATINGS.query("item == 'shared'"), {**SCHEME, "elements": ELEMENTS[1:2]})
    assert value(one, "rating_change.rose.odds_ratio") == value(one, "rating_change.rose-shared.odds_ratio") > 1
    assert cell(one, "rating_change.rose-shared.least_of_all")["status"] == "z"
    assert "(1 | area)" in cell(one, "rating_change.rose.odds_ratio")["estimand"]


def test_an_odds_ratio_without_bounds_is_not_available():
    estimate = Estimate(3.0, -700.0, 706.0, 0.99)
    cells = {one["column"]: one for one in odds_rows("rose", "All", (estimate, None, None), "odds ratio")}
    assert cells["odds_ratio"]["value"] == pytest.approx(np.exp(3))
    assert cells["low"]["status"] == cells["high"]["status"] == "x"
