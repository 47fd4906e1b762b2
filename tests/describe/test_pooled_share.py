"""A pooled share with an interval for clusters."""

import numpy as np
import pytest

from pilot_eval.describe.pooled_share import pooled_share


def test_variance_between_clusters_is_that_of_cr1():
    agree = np.array([1, 1, 0, 1, 0, 0, 1, 1, 1, 0], dtype=bool)
    clusters = np.array(list("aaabbbcccc"))
    sums = np.array([(agree[clusters == name] - 0.6).sum() for name in "abc"])
    variance = (sums**2).sum() * 3 / 2 / 100
    assert pooled_share(agree, clusters)["deff"] == pytest.approx(variance / (0.24 / 10))


def test_alone_each_it_is_wilson_with_t():
    random = np.random.default_rng(1)
    agree = random.random(2000) < 0.3
    found = pooled_share(agree, np.arange(2000).astype(str))
    from scipy import stats

    wilson = stats.binomtest(int(agree.sum()), 2000).proportion_ci(method="wilson")
    assert (found["low"], found["high"]) == pytest.approx((wilson.low, wilson.high), abs=1e-4)


def test_the_interval_holds_the_share_of_clustered_answers():
    """22 clusters of 15 whose shares differ: Wilson's own interval would hold it in about 80 of 100."""
    random = np.random.default_rng(2)
    clusters = np.repeat(np.arange(22), 15).astype(str)
    held = 0
    for _ in range(600):
        share = random.beta(4, 2, 22)
        found = pooled_share(random.random(330) < np.repeat(share, 15), clusters)
        held += found["low"] <= 4 / 6 <= found["high"]
    assert 0.93 <= held / 600 <= 0.98


def test_what_cannot_be_told_is_not_available():
    assert pooled_share(np.array([], dtype=bool), np.array([], dtype=str))["agree"] is None
    assert pooled_share(np.ones(9, dtype=bool), np.array(["a"] * 9))["low"] is None
    all_agree = pooled_share(np.ones(9, dtype=bool), np.array(list("aaabbbccc")))
    assert all_agree["low"] < 0.5 and all_agree["high"] == 1.0
