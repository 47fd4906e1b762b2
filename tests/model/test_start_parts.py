"""Change by parts of the start, start and change from different organisations."""

import numpy as np
import pandas as pd
import pytest

from pilot_eval.change.rows import answered
from pilot_eval.model.start_parts import add_up, change_by_parts, halved

WAVES = ["before", "after"]
WEIGHTS = {"lead": 0.6, "staff": 0.2}


def rows_of(drawn):
    return answered(drawn, "score", list(WEIGHTS), WAVES)


def parts_of(drawn, parts=3, splits=20, replicates=50, seed=1):
    return change_by_parts(rows_of(drawn), WAVES, WEIGHTS, parts, splits, replicates, seed)


def changes(drawn, **asked):
    return parts_of(drawn, **asked).table.set_index("part")["change"]


def by_observed_start(drawn):
    """What a person does who sorts areas by their observed start: change of the lowest and of the highest third."""
    means = drawn.groupby(["area", "wave"])["score"].mean().unstack()
    third = pd.qcut(means["before"], 3, labels=False)
    change = (means["after"] - means["before"]).groupby(third).mean()
    return change[2] - change[0]


def test_alike_areas_seem_to_differ_when_sorted_by_their_start_and_do_not_here(make):
    alike = [make(seed=seed, areas=15, units=6, people=2, area=0.0, slope=0.0, roles=("lead",)) for seed in range(12)]
    naive = np.mean([by_observed_start(drawn) for drawn in alike])
    ours = [changes(drawn, replicates=2)["difference"] for drawn in alike]
    assert naive < -0.15
    assert abs(np.mean(ours)) < 4 * np.std(ours) / np.sqrt(len(ours)) and abs(np.mean(ours)) < 0.08


def test_halves_part_organisations_and_differ_by_one_at_most():
    area = np.repeat([0, 1, 2, 3], [2, 3, 6, 7])
    for seed in range(20):
        half = halved(area, np.random.default_rng(seed))
        own = [half[area == one].sum() for one in range(4)]
        assert own[0] == 1 and own[1] in (1, 2) and own[2] == 3 and own[3] in (3, 4)
    assert len({tuple(halved(area, np.random.default_rng(seed))) for seed in range(20)}) > 10


def test_sums_count_every_answer_of_the_two_ends_once(make):
    three = make(waves=("before", "during", "after"))
    sums = add_up(rows_of(three), WAVES)
    ends = three.loc[three["wave"] != "during"]
    assert sums.number.sum() == len(ends) and sums.total.sum() == pytest.approx(ends["score"].sum())
    assert sums.number[:, 0].sum() == (ends["role"] == "lead").sum()


def test_a_role_that_answers_higher_changes_nothing(make):
    """Areas differ in the roles that answered: that is no difference of their start."""
    drawn = make(areas=10)
    drawn = drawn.loc[(drawn["area"] > "area-4") | (drawn["role"] == "lead") | (drawn["wave"] == "after")]
    higher = drawn.assign(score=drawn["score"] + 2.0 * (drawn["role"] == "staff"))
    pd.testing.assert_series_equal(changes(drawn), changes(higher), atol=1e-9)


def test_with_no_error_parts_are_the_areas_own(make):
    drawn = make(areas=6, drop=0.0, roles=("lead",), area=0.0, slope=0.0, unit=0.0, person=0.0, error=0.0)
    own = drawn["area"].str.removeprefix("area-").astype(float)
    exact = drawn.assign(score=own + 0.5 * own * (drawn["wave"] == "after"))
    table = parts_of(exact, replicates=2).table.set_index("part")
    assert table["start"].iloc[:3].tolist() == pytest.approx([0.5, 2.5, 4.5])
    assert table["change"].tolist() == pytest.approx([0.25, 1.25, 2.25, 2.0])
    assert table["areas"].tolist() == [2, 2, 2, 4]


def test_an_area_that_lacks_an_end_counts_in_no_part(make):
    drawn = make(areas=9)
    kept = drawn.loc[(drawn["area"] != "area-0") | (drawn["wave"] == "before")]
    assert np.isfinite(changes(kept)).all()


def test_too_few_areas_for_the_parts_are_refused(make):
    found = parts_of(make(areas=5))
    assert found.table.empty and found.refused == "5 areas have two organisations or more; 3 parts need 6"
