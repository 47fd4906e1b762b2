"""Averages over rows and random effects: against R's fits and integrals, and against simulated populations."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pilot_eval.change.population import interval, means, medians, put, shares
from pilot_eval.mixed import clmm, glmer, lmer
from pilot_eval.mixed.draws import draw_parameters

DATA = Path(__file__).resolve().parents[1] / "mixed" / "reference" / "data"
STORED = json.loads((Path(__file__).parent / "reference" / "marginal.json").read_text("utf-8"))


def read(name, *factors):
    rows = pd.read_csv(DATA / f"{name}.csv", dtype=dict.fromkeys(factors, str))
    return rows.assign(**{factor: pd.Categorical(rows[factor]) for factor in factors})


def estimates(fit, rows, column, values, what):
    """The estimate (no draw) of each value that all rows are given in a column."""
    drawn, known = draw_parameters(fit, 1, seed=1), rows[column]
    found = []
    for value in values:
        at = pd.Categorical([value] * len(rows), categories=known.cat.categories) if hasattr(known, "cat") else value
        found.append(what(drawn, put(fit, rows.assign(**{column: at})))[0])
    return np.array(found)


def test_shares_agree_with_r():
    rows = read("cbpp", "period").assign(rest=lambda d: d["size"] - d["incidence"])
    fit = glmer("cbind(incidence, rest) ~ period + (1 | herd)", rows, "binomial")
    assert estimates(fit, rows, "period", "14", shares) == pytest.approx(STORED["share"], rel=1e-6)


@pytest.mark.filterwarnings("ignore::pilot_eval.mixed.SingularFitWarning")
def test_shares_with_slopes_and_covariates_agree_with_r():
    rows = read("pilot4")
    fit = glmer("hit ~ wave * group + sex + (wave | area) + (1 | resp)", rows, "binomial")
    assert estimates(fit, rows, "wave", [0, 3], shares) == pytest.approx(STORED["slope"], rel=1e-6)


def test_counts_agree_with_r():
    rows = read("grouseticks", "YEAR")
    fit = glmer("TICKS ~ YEAR + cHEIGHT + (1 | BROOD) + (1 | LOCATION)", rows, "negative-binomial")
    assert estimates(fit, rows, "YEAR", ["95", "97"], means) == pytest.approx(STORED["count"], rel=5e-5)


def test_ordered_answers_agree_with_r():
    rows = read("wine", "temp", "contact")
    fit = clmm("rating ~ temp + contact + (1 | judge)", rows)
    assert estimates(fit, rows, "temp", ["cold", "warm"], shares) == pytest.approx(
        np.array(STORED["ordered"]), rel=1e-4
    )


def test_an_exposure_multiplies_counts():
    rows = read("grouseticks", "YEAR")
    fit = glmer("TICKS ~ YEAR + (1 | BROOD)", rows, "negative-binomial")
    drawn, rows = draw_parameters(fit, 1, seed=1), rows.iloc[::40]
    offset = np.log(np.linspace(1, 3, len(rows)))
    with_it, without = (means(drawn, put(fit, rows, off))[0] for off in (offset, None))
    by_row = [means(drawn, put(fit, rows.iloc[[i]]))[0] for i in range(len(rows))]
    assert without == pytest.approx(np.mean(by_row))
    assert with_it == pytest.approx(np.mean(np.array(by_row) * np.exp(offset)))


def test_medians_halve_a_simulated_population():
    rows = read("pilot4").assign(later=lambda d: (d["wave"] > 1) * 1.0)
    fit = lmer("y ~ wave + age + (wave | area) + (1 | school)", rows)
    median = medians(draw_parameters(fit, 1, seed=1), put(fit, rows))[0]
    assert (fit.simulate(300, seed=4).to_numpy() < median).mean() == pytest.approx(0.5, abs=0.02)


def test_rows_that_are_alike_stand_once():
    rows = read("cbpp", "period").assign(rest=lambda d: d["size"] - d["incidence"])
    people = put(glmer("cbind(incidence, rest) ~ period + (1 | herd)", rows, "binomial"), rows)
    assert len(people.share) == 4 and people.share.sum() == pytest.approx(1.0)


def test_an_interval_leaves_the_estimate_out():
    assert interval(np.r_[99.0, np.arange(101.0)]) == pytest.approx((99.0, 2.5, 97.5))
