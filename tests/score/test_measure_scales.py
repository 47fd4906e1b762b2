import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pilot_eval.score.composites import alpha, item_rest, turned
from pilot_eval.score.contracts import CONTRACTS
from pilot_eval.score.measure_scales import measure_scales

NAN = float("nan")
STUDIES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "studies"
with_studies = pytest.mark.skipif(not STUDIES.is_dir(), reason="the real studies are not on this machine")
ROLES = [{"id": "lead", "label": "Lead contacts"}, {"id": "team", "label": "Teams"}]
SCALE = {"label": "S", "items": ["a", "b", "-c"], "minimum": 2, "low": 1, "high": 5}


def measure(rows, scale=SCALE, people=0):
    frame = pd.DataFrame(rows, columns=["wave", "role", "organisation", "a", "b", "c"])
    frame["instrument"] = "form"
    frame["respondent"] = [f"p{row // people if people else row}" for row in range(len(frame))]
    frame["s"] = turned(frame, scale).mean(axis=1)
    made = measure_scales(frame, {"s": scale}, ROLES, ["before", "after"])
    for name, schema in CONTRACTS.items():
        if name.startswith("measure_scales."):
            schema.validate(made[name.split(".")[1]], lazy=True)
    return made


def answers(number, seed=1):
    """Answers of people whose items agree, the third coded the other way."""
    random = np.random.default_rng(seed)
    level = random.integers(1, 6, number)
    noise = random.integers(-1, 2, (number, 3))
    a, b, c = (np.clip(level + noise[:, place], 1, 5) for place in range(3))
    return a, b, 6 - c


def test_reliability_by_wave_and_role():
    a, b, c = answers(60)
    rows = [("before" if n % 2 else "after", "lead" if n < 40 else "team", f"s{n % 7}", a[n], b[n], c[n])
            for n in range(60)]  # fmt: skip
    made = measure(rows)
    table = made["reliability"]
    assert table[["wave", "role", "n"]].to_numpy().tolist() == [
        ["before", "all", 30], ["before", "lead", 20], ["before", "team", 10],
        ["after", "all", 30], ["after", "lead", 20], ["after", "team", 10],
    ]  # fmt: skip
    assert (table["alpha"] > 0.5).all() and (table["n_organisations"] == 7).all()
    assert len(made["faults"]) == 0
    part = made["part"]
    assert set(part["column"]) == {"alpha", "n", "floor", "ceiling"}
    assert part["id"][0] == "reliability.s.all.before.alpha"


def test_floor_and_ceiling_count_the_ends():
    rows = [("before", "lead", "s1", 1, 1, 5), ("before", "lead", "s1", 5, 5, 1), ("before", "lead", "s1", 5, 5, 1),
            ("before", "lead", "s1", 3, 4, 2)]  # fmt: skip
    row = measure(rows)["reliability"].iloc[0]
    assert (row["floor"], row["ceiling"]) == (0.25, 0.5)


def test_an_item_against_the_rest_is_named():
    a, b, c = answers(60)
    made = measure([("before", "lead", "", a[n], b[n], 6 - c[n]) for n in range(60)])
    assert ("CLN-04", "c") in set(zip(made["faults"]["id"], made["faults"]["column"], strict=True))
    assert made["reliability"]["n_organisations"].isna().all()


def test_no_variation_and_a_single_item():
    made = measure([("before", "lead", "", 5, 5, 1)] * 3)
    assert made["faults"]["id"].tolist() == ["SCO-02"]
    assert made["part"].query("column == 'alpha'")["status"].tolist() == ["x", "x"]
    single = measure([("before", "lead", "", n, n, n) for n in (1, 2)], SCALE | {"items": ["a"], "minimum": 1})
    assert single["part"].query("column == 'alpha'")["status"].tolist() == ["z", "z"]


def test_nothing_answered_gives_no_rows():
    made = measure([("before", "lead", "", NAN, NAN, NAN)])
    assert len(made["reliability"]) == 0 and len(made["part"]) == 0


def test_alpha_by_hand():
    items = pd.DataFrame({"a": [1.0, 2, 3, 4], "b": [2.0, 1, 4, 3]})
    covariance = np.cov(items.to_numpy().T)
    assert alpha(items) == pytest.approx(2 * (1 - np.trace(covariance) / covariance.sum()))
    assert np.isnan(alpha(items[["a"]]))


@with_studies
@pytest.mark.parametrize("scale", ["agree", "conscientious", "extraversion", "neuroticism", "openness"])
def test_as_r_computes_it(scale):
    expected = json.loads((STUDIES / "bfi.json").read_text("utf-8"))["reliability"][scale]
    data = pd.read_csv(STUDIES / "bfi.csv")
    names = [("-" if key < 0 else "") + item for item, key in zip(expected["items"], expected["keys"], strict=True)]
    items = turned(data, {"items": names, "low": 1, "high": 6})
    assert alpha(items) == pytest.approx(expected["alpha_psych_pairwise"], abs=1e-10)
    rest = item_rest(items)
    for row in expected["item_stats"]:
        assert rest[row["item"].rstrip("-")] == pytest.approx(row["r.drop"], abs=1e-9)


@with_studies
@pytest.mark.parametrize("case", ["confidence_pre", "confidence_post", "attitude_pre"])
def test_answers_in_words_as_r_computes_them(case):
    study = json.loads((STUDIES / "dart_scores.json").read_text("utf-8"))
    expected, (which, wave) = study["reliability"][case], case.split("_")
    codes = {word: place for place, word in enumerate(study["item_levels"][which], start=1)}
    data = pd.read_csv(STUDIES / f"dart_nih_{wave}.csv")[expected["items"]]
    items = data.apply(lambda column: column.map(codes)).astype("float64")
    assert alpha(items) == pytest.approx(expected["alpha_psych_pairwise"], abs=1e-10)


@pytest.mark.fault("CLN-04")
def test_a_whole_scale_turned_round_shows_in_the_same_persons():
    a, b, c = answers(60)
    rows = []
    for n in range(60):
        rows.append(("before", "lead", f"s{n % 7}", a[n], b[n], c[n]))
        rows.append(("after", "lead", f"s{n % 7}", 6 - a[n], 6 - b[n], 6 - c[n]))
    made = measure(rows, people=2)
    assert made["faults"][["id", "severity", "column"]].to_numpy().tolist() == [
        ["CLN-04", "WARN", item] for item in "abc"
    ]
    assert "of the same 60 persons" in made["faults"]["saw"][0]
    assert (made["reliability"]["alpha"] > 0.5).all()
    assert len(measure(rows)["faults"]) == 0
