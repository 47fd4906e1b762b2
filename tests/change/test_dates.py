"""Time in months from the days of the answers."""

import numpy as np
import pandas as pd
import pytest

from pilot_eval.change.dates import DAYS, months_between
from pilot_eval.change.fitting import Planned, fit_planned, overall
from pilot_eval.mixed import lmer


def table(days, waves=None, months=(0.0, 10.0)):
    waves = waves or ["before"] * 3 + ["after"] * (len(days) - 3)
    nominal = [months[wave == "after"] for wave in waves]
    return pd.DataFrame({"wave": waves, "months": nominal, "completed": days})


def test_months_run_from_the_middle_day_of_the_first_wave():
    found = months_between(table(["2015-09-10", "2015-09-20", "2015-10-01", "2016-07-20"]), ["before", "after"])
    assert found.tolist() == pytest.approx([-10 / DAYS, 0.0, 11 / DAYS, 304 / DAYS])


def test_an_answer_without_a_day_has_the_middle_one_of_its_wave():
    days = ["2015-09-10", "", "2015-09-20", "2016-07-01", "", "2016-07-03"]
    found = months_between(table(days), ["before", "after"])
    assert found[1] == 0.0 and found[4] == pytest.approx((found[3] + found[5]) / 2)


def test_without_days_time_is_nominal():
    assert months_between(table([""] * 4), ["before", "after"]).tolist() == [0, 0, 0, 10]
    some = months_between(table(["2015-09-10"] * 3 + [""]), ["before", "after"])
    assert some.tolist() == [0, 0, 0, 10], "a wave without any day stands at its nominal months"
    assert months_between(table(["x"] * 4).drop(columns="completed"), ["before", "after"]).tolist() == [0, 0, 0, 10]


def test_a_formula_that_says_months_has_the_change_between_the_middle_days(make):
    drawn = make(waves=("before", "during", "after"), areas=6)
    random = np.random.default_rng(3)
    first = {"before": "2015-09-01", "during": "2016-01-01", "after": "2016-07-01"}
    late = pd.to_timedelta(random.integers(0, 40, len(drawn)), unit="D")
    drawn["completed"] = (pd.to_datetime(drawn["wave"].map(first)) + late).dt.strftime("%Y-%m-%d")
    outcome = {"outcome": "trust", "column": "score", "roles": ["lead", "staff"], "unit": "points", "digits": 2}
    formula = "{outcome} ~ months + (1 + months | area) + (1 | respondent)"
    waves = ["before", "during", "after"]
    fitted = fit_planned(drawn, Planned(outcome, formula, True, {"lead": 0.5, "staff": 0.5}, waves, "main"))
    timed = drawn.assign(months=months_between(drawn, waves))
    by_hand = lmer(formula.replace("{outcome}", "score"), timed)
    middle = timed.groupby("wave")["months"].median()
    assert middle["after"] == pytest.approx(10, abs=0.6)
    expected = by_hand.fixef["months"] * (middle["after"] - middle["before"])
    assert overall(fitted)["estimate"] == pytest.approx(expected, rel=1e-6)
