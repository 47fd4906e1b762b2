"""Change by marginal standardisation."""

import numpy as np
import pytest

from pilot_eval.change.contrasts import change_contrasts, estimable, slope, start
from pilot_eval.change.rows import answered

ROLES = ["lead", "staff"]
WEIGHTS = {"lead": 0.75, "staff": 0.25}


@pytest.fixture
def rows(analysis):
    return answered(analysis, "score", ROLES, ["before", "after"])


def test_roles_have_their_own_change_and_the_overall_is_their_weighted_mean(rows):
    found = change_contrasts("wave * role", rows, "before", "after", WEIGHTS)
    assert found.by_role["lead"].to_dict() == {
        "Intercept": 0, "wave[T.after]": 1, "role[T.staff]": 0, "wave[T.after]:role[T.staff]": 0
    }  # fmt: skip
    assert found.by_role["staff"]["wave[T.after]:role[T.staff]"] == 1
    assert found.overall["wave[T.after]:role[T.staff]"] == pytest.approx(0.25)
    assert found.left_out == ()


def test_the_coding_of_roles_does_not_matter(rows):
    y = rows["value"].to_numpy()
    turned = rows.assign(role=rows["role"].cat.reorder_categories(["staff", "lead"]))
    from formulaic import model_matrix

    found = []
    for frame in (rows, turned):
        x = np.asarray(model_matrix("wave * role", frame), dtype=float)
        change = change_contrasts("wave * role", frame, "before", "after", WEIGHTS)
        found.append(change.overall.to_numpy() @ np.linalg.lstsq(x, y, rcond=None)[0])
    assert found[0] == pytest.approx(found[1])


def test_time_in_months_moves_with_the_wave(rows):
    found = change_contrasts("months", rows, "before", "after", WEIGHTS)
    assert found.overall["months"] == pytest.approx(6.0)
    assert slope("1 + months", rows, "before", "after").to_dict() == {"Intercept": 0.0, "months": 6.0}


def test_a_covariate_is_averaged_over_the_rows_of_the_role(rows):
    rows["size"] = np.where(rows["role"] == "lead", 1.0, 3.0)
    found = change_contrasts("wave * size", rows, "before", "after", WEIGHTS)
    assert found.by_role["staff"]["wave[T.after]:size"] == pytest.approx(3.0)
    assert found.overall["wave[T.after]:size"] == pytest.approx(0.75 * 1 + 0.25 * 3)


def test_a_role_seen_once_only_has_no_change_and_no_weight(rows):
    kept = rows.loc[(rows["role"] == "lead") | (rows["wave"] == "before")]
    found = change_contrasts("wave * role", kept, "before", "after", WEIGHTS)
    assert found.left_out == ("staff",) and found.weights == {"lead": 1.0}
    assert found.overall["wave[T.after]:role[T.staff]"] == 0


def test_nobody_seen_at_both_waves(rows):
    kept = rows.loc[(rows["role"] == "lead") == (rows["wave"] == "before")]
    assert change_contrasts("wave * role", kept, "before", "after", WEIGHTS).overall is None


def test_what_a_group_adds(rows):
    assert slope("wave", rows, "before", "after").to_dict() == {"Intercept": 0.0, "wave[T.after]": 1.0}
    assert slope("1", rows, "before", "after").to_dict() == {"Intercept": 0.0}
    assert start("wave", rows, "before").to_dict() == {"Intercept": 1.0, "wave[T.after]": 0.0}


def test_estimable_does_not_depend_on_units():
    x = np.column_stack([np.ones(6), [0, 0, 0, 1, 1, 1], np.arange(6) * 1e6])
    assert estimable(np.array([0.0, 1.0, 0.0]), x)
    twice = np.column_stack([x, x[:, 1]])
    assert not estimable(np.array([0.0, 1.0, 0.0, 0.0]), twice)
    assert estimable(np.array([0.0, 1.0, 0.0, 1.0]), twice)
