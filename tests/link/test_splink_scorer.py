"""The trained scorer keeps the form of the other, where its packages are installed."""

import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("splink", reason="the extra splink is not installed: pip install 'pilot_eval[splink]'")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
import linkage as benchmark

from pilot_eval.link.people import people
from pilot_eval.link.scorers import SCORED, scorer_of
from pilot_eval.study.model import Weights


def test_pairs_of_one_area_with_their_probability():
    identifiers, placed, truth = benchmark.draw_people(1, 0.05, False, part=4)
    persons = people(identifiers, placed)
    before, after = (persons[persons["wave"] == wave] for wave in ("before", "after"))
    pairs = scorer_of("splink")(before, after, Weights().model_dump(), 0.9)
    assert list(pairs.columns) == list(SCORED)
    area = persons.set_index("_id")["area"]
    assert (area[pairs["_id"]].to_numpy() == area[pairs["other"]].to_numpy()).all()
    assert set(pairs["_id"]) <= set(before["_id"]) and set(pairs["other"]) <= set(after["_id"])
    right = np.array([truth[one] == truth[other] for one, other in zip(pairs["_id"], pairs["other"], strict=True)])
    assert right[pairs["score"] >= 0.99].mean() > 0.9
    again = scorer_of("splink")(before, after, Weights().model_dump(), 0.9)
    assert again.equals(pairs)


def test_one_wave_with_itself_gives_each_pair_once():
    identifiers, placed, _ = benchmark.draw_people(1, 0.05, False, part=4)
    before = people(identifiers, placed).query("wave == 'before'")
    pairs = scorer_of("splink")(before, before, Weights().model_dump(), 0.5)
    assert (pairs["_id"] != pairs["other"]).all()
    assert not {*zip(pairs["_id"], pairs["other"], strict=True)} & {*zip(pairs["other"], pairs["_id"], strict=True)}
