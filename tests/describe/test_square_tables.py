"""Tests of categories answered twice, against R and published examples."""

import numpy as np
import pytest

from pilot_eval.describe.square_tables import bowker, cross, mcnemar, stuart_maxwell

#: Answers of 139 persons at two waves; R 4.2: mcnemar.test(m), and Stuart's d'S^-1 d by solve().
TABLE = np.array([[10, 5, 3, 2], [8, 20, 4, 1], [2, 9, 30, 6], [0, 3, 11, 25]])


def test_mcnemar_is_that_of_r():
    """mcnemar.test(matrix(c(40, 12, 21, 38), 2)) and binom.test(21, 33) in R."""
    found = mcnemar(21, 12)
    assert found["mcnemar"] == pytest.approx(1.939393939394, rel=1e-10)
    assert found["mcnemar_p"] == pytest.approx(0.1637343543246, rel=1e-9)
    assert found["exact_p"] == pytest.approx(0.1627556574531, rel=1e-9)
    assert found["odds_low"] < found["odds"] == 21 / 12 < found["odds_high"]


@pytest.mark.parametrize(("up", "down", "exact", "mid"), [(1, 7, 0.0703125, 0.0390625), (3, 3, 1.0, 0.84375)])
def test_exact_and_mid_p_by_hand(up, down, exact, mid):
    """Fagerland's airway example: one child against seven."""
    found = mcnemar(up, down)
    assert (found["exact_p"], found["mid_p"]) == pytest.approx((exact, mid))


def test_nobody_moved_tells_nothing():
    assert set(mcnemar(0, 0).values()) == {None}
    assert set(bowker(np.diag([3, 4])).values()) == {None} == set(stuart_maxwell(np.diag([3, 4])).values())


def test_all_moved_one_way_has_tests_and_no_odds():
    found = mcnemar(5, 0)
    assert found["odds"] is None and found["exact_p"] == pytest.approx(0.0625)


def test_bowker_and_stuart_maxwell_are_those_of_r():
    assert bowker(TABLE)["bowker"] == pytest.approx(7.28597285068, rel=1e-10)
    assert bowker(TABLE)["bowker_df"] == 6
    assert stuart_maxwell(TABLE)["marginal"] == pytest.approx(1.49282245008, rel=1e-10)


def test_categories_that_nobody_entered_or_left_change_nothing():
    wide = np.zeros((6, 6), dtype=int)
    wide[np.ix_([0, 1, 3, 4], [0, 1, 3, 4])] = TABLE
    wide[5, 5] = 7
    assert bowker(wide) == bowker(TABLE)
    assert stuart_maxwell(wide)["marginal_df"] == 3
    assert stuart_maxwell(wide)["marginal"] == pytest.approx(stuart_maxwell(TABLE)["marginal"])


def test_pairs_without_entries_have_no_degree_of_freedom():
    table = np.array([[5, 4, 0], [1, 6, 0], [0, 2, 3]])
    assert bowker(table) == pytest.approx({"bowker": 9 / 5 + 2, "bowker_df": 2, "bowker_p": 0.1495686}, abs=1e-6)


def test_answers_are_crossed_over_the_codes_that_occur():
    table = cross(np.array([1.0, 1, 5, 2]), np.array([5.0, 1, 5, 1]))
    assert table.tolist() == [[1, 0, 1], [1, 0, 0], [0, 0, 1]]
