"""Which groups are eliminated alone, and which are joined."""

import numpy as np
import pytest
from made_data import pilot

from pilot_eval.mixed import crossprod
from pilot_eval.mixed.structure import analyse


def _codes(data, *names):
    pairs = [np.unique(data[n], return_inverse=True) for n in names]
    return [p[1] for p in pairs], [len(p[0]) for p in pairs]


def test_nested_factors_need_one_plain_stage_each() -> None:
    structure = analyse(*_codes(pilot(), "area", "school", "resp"))
    assert structure.nested and structure.order == [2, 1, 0]
    assert [len(s.slots) for s in structure.stages] == [1, 1, 1]


def test_movers_join_only_what_they_touch() -> None:
    data = pilot(movers=0.05, seed=4)
    structure = analyse(*_codes(data, "area", "school", "resp"))
    assert not structure.nested
    moved = (data.groupby("resp")["school"].nunique() > 1).sum()
    clustered = sum(len(groups) for s in structure.stages if not s.is_plain for f, groups in s.slots if f == 0)
    assert 0 < moved == clustered


def test_every_group_is_eliminated_once() -> None:
    structure = analyse(*_codes(pilot(movers=0.3), "area", "school", "resp"))
    for f, n in enumerate(structure.n_groups):
        seen = np.concatenate([groups for s in structure.stages for h, groups in s.slots if h == f])
        assert sorted(seen) == list(range(n))


def test_fully_crossed_factors_are_one_cluster() -> None:
    a, b = np.divmod(np.arange(12), 3)
    structure = analyse([a, b], [4, 3])
    assert [len(s.slots) for s in structure.stages] == [7]


@pytest.mark.parametrize("columns", [0, 1, 5])
def test_sums_by_group_are_the_same_to_the_bit_however_they_are_made(columns, monkeypatch):
    random = np.random.default_rng(1)
    codes, left, right = random.integers(0, 40, 300), random.normal(size=300), random.normal(size=(300, columns))
    few = crossprod.group_sums(codes, 50, left, right)
    monkeypatch.setattr(crossprod, "SMALL", 0)
    assert few.shape == (50, columns) and np.array_equal(few, crossprod.group_sums(codes, 50, left, right))
