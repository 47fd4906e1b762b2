"""Both sides of dyads."""

import numpy as np
import pandas as pd
import pytest

from pilot_eval.describe.compare_sides import clustered_interval, compare_sides

PERCEPTION = {"perception": "relation", "column": "score", "unit": "points", "digits": 2}


def dyads(*rows):
    return pd.DataFrame(rows, columns=["left", "right", "wave", "left_id", "right_id", "sided"])


def test_the_gap_is_left_minus_right_over_dyads_with_both_sides(analysis, value):
    pairs = dyads(
        ("s1", "t1", "baseline", "baseline-r1", "baseline-r6 baseline-r7", "both"),
        ("s3", "t1", "baseline", "baseline-r4", "baseline-r6 baseline-r7", "both"),
        ("s2", "t2", "baseline", "baseline-r2", "", "left"),
    )
    part = compare_sides(analysis, pairs, [PERCEPTION], ["baseline", "followup"])["part"]
    assert value(part, "perceptions", "n", "relation.baseline")["value"] == 2
    assert value(part, "perceptions", "gap", "relation.baseline")["value"] == pytest.approx(-1.5)
    cell = value(part, "perceptions", "gap_low", "relation.baseline")
    assert cell["status"] == "x"  # one team only: nothing to tell the spread from
    assert (cell["n"], cell["n_organisations"]) == (4, 1)
    assert value(part, "perceptions", "left_mean", "relation.followup")["status"] == "x"


def test_without_repeats_the_interval_is_the_paired_ones():
    values = np.array([0.1, 0.5, -0.2, 0.4, 0.3])
    low, high = clustered_interval(values, np.arange(5))
    half = 2.776445 * values.std(ddof=1) / np.sqrt(5)
    assert (low, high) == pytest.approx((values.mean() - half, values.mean() + half), rel=1e-6)


def test_repeats_widen_the_interval():
    values = np.repeat([0.1, 0.5, -0.2, 0.4], 5)
    narrow = clustered_interval(values, np.arange(20))
    wide = clustered_interval(values, np.repeat(np.arange(4), 5))
    assert wide[1] - wide[0] > narrow[1] - narrow[0]


def test_a_study_without_dyads(analysis):
    assert compare_sides(analysis, dyads(), [], ["baseline"])["part"].empty
