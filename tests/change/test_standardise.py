"""Standardised change."""

import numpy as np
import pytest

from pilot_eval.change.standardise import standardised


def test_hedges_correction_shrinks_small_samples_only():
    start = np.arange(5.0)
    assert standardised(1.0, start) == pytest.approx(0.7979 / start.std(ddof=1), rel=1e-3)
    large = np.tile(start, 1000)
    assert standardised(1.0, large) == pytest.approx(1 / large.std(ddof=1), rel=1e-3)
    assert standardised(1.0, np.ones(9)) is None
    assert standardised(None, start) is None
