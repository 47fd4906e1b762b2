"""Linked and unlinked responses compared."""

import numpy as np
import pandas as pd
import pytest

from pilot_eval.challenge.compare_linked import compare_linked
from pilot_eval.challenge.contracts import CONTRACTS

ANALYSIS = pd.DataFrame(
    {
        "wave": ["before"] * 6 + ["after"] * 2,
        "matched": [True, True, True, False, False, False, True, True],
        "role": ["lead", "lead", "staff", "staff", "staff", "", "lead", "staff"],
        "score": [1.0, 2.0, 3.0, 2.0, 4.0, np.nan, 1.0, 2.0],
    }
)


def compared():
    found = compare_linked(ANALYSIS, [{"outcome": "trust", "column": "score"}, {"outcome": "no", "column": "absent"}],
                           ["role", "phase"], ["before", "after"])["differences"]  # fmt: skip
    CONTRACTS["compare_linked.differences"].validate(found)
    return found.set_index(["wave", "what", "level"])


def test_means_and_shares_in_standard_deviations():
    found = compared()
    row = found.loc[("before", "trust", "")]
    # variances 1 and 2, so that one standard deviation is the root of 1.5
    assert row["difference"] == pytest.approx((2 - 3) / np.sqrt(1.5))
    assert row["flagged"] and row[["n_linked", "n_unlinked"]].tolist() == [3, 2]
    assert found.loc[("before", "role", "lead"), "linked"] == pytest.approx(2 / 3)


def test_without_two_groups_there_is_no_difference():
    row = compared().loc[("after", "trust", "")]
    assert pd.isna(row["difference"]) and not row["flagged"] and row["n_unlinked"] == 0
    assert not (compared().index.get_level_values("what") == "no").any()
