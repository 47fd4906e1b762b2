"""Paired tests against R's results for a real study, and against what can be worked out by hand."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pilot_eval.describe.pair_tests import independent, mean_interval, paired

STUDIES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "studies"


@pytest.mark.skipif(not STUDIES.is_dir(), reason="the real studies are not here")
@pytest.mark.parametrize("score", ["confidence", "attitude"])
def test_a_real_pilot_agrees_with_r(score):
    expected = json.loads((STUDIES / "dart_scores.json").read_text("utf-8"))[f"paired_{score}"]
    data = pd.read_csv(STUDIES / "dart_scores.csv", dtype={"record_id": str})
    # The file has 15 digits; R ranked the means themselves, whose last bits decide what is a tie.
    data[score] = [float(Fraction(x).limit_denominator(40)) if x == x else x for x in data[score]]
    wide = data.pivot(index="record_id", columns="wave", values=score).dropna()
    found = paired(wide["pre"].to_numpy(), wide["post"].to_numpy())
    names = {
        "n": "n_pairs", "mean_first": "mean_pre", "mean_last": "mean_post", "change": "mean_change",
        "sd_change": "sd_change", "t": "t", "df": "df", "p": "p", "d_z": "d_z",
    }  # fmt: skip
    for ours, theirs in names.items():
        assert found[ours] == pytest.approx(expected[theirs], rel=1e-9), ours
    assert [found["low"], found["high"]] == pytest.approx(expected["ci95"], rel=1e-9)
    assert found["wilcoxon"] == expected["wilcoxon"]["V"]
    assert found["wilcoxon_p"] == pytest.approx(expected["wilcoxon"]["p"], rel=1e-9)


def test_the_same_change_for_all_has_no_test():
    found = paired(np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 4.0]))
    assert (found["change"], found["sd_change"]) == (1.0, 0.0)
    assert found["t"] is None and found["p"] is None


@pytest.mark.parametrize("n", [0, 1])
def test_too_few_pairs_give_no_numbers_and_no_error(n):
    found = paired(np.ones(n), np.ones(n))
    assert found["n"] == n and found["sd_change"] is None


def test_nobody_changed():
    assert paired(np.ones(5), np.ones(5))["wilcoxon_p"] is None


def test_interval_of_a_mean_is_students():
    found = mean_interval(np.array([1.0, 2.0, 3.0, 4.0]))
    assert found["low"] == pytest.approx(2.5 - 3.182446 * found["sd"] / 2, rel=1e-6)
    assert mean_interval(np.array([]))["mean"] is None


def test_the_interval_of_d_z_inverts_the_noncentral_t():
    from scipy import stats

    random = np.random.default_rng(4)
    first = random.normal(size=40)
    found = paired(first, first + random.normal(0.4, 1, 40))
    for end, tail in (("d_z_low", 0.975), ("d_z_high", 0.025)):
        assert stats.nct.cdf(found["t"], 39, found[end] * 40**0.5) == pytest.approx(tail, abs=1e-5)
    mirrored = paired(first, first - random.normal(0.4, 1, 40) * 0 - 0.4 * np.arange(40) / 20)
    assert mirrored["d_z_low"] < mirrored["d_z"] < mirrored["d_z_high"] < 0


def test_waves_as_if_of_different_people():
    found = independent(np.array([1.0, 2, 3, 4]), np.array([2.0, 4, 6]))
    assert found["change"] == 1.5 and found["df"] == pytest.approx(3.2, abs=0.5)
    assert found["low"] < 1.5 < found["high"]
    assert independent(np.array([1.0]), np.array([2.0]))["p"] is None
