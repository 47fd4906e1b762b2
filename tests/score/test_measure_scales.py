import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pilot_eval.score.composites import turned
from pilot_eval.score.contracts import CONTRACTS
from pilot_eval.score.measure_scales import measure_scales
from pilot_eval.score.reliability import alpha, congruence, feldt, item_rest, one_factor

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
    made = measure_scales(frame, {"s": scale}, ROLES, ["before", "after"], {"a": "Question A"})
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
    assert set(part["table"]) == {"reliability", "scale_items", "scale_stability"}
    assert part["id"][0] == "reliability.s.all.before.n"
    assert part.set_index("id").loc["scale_items.s.a.before.mean", "group_label"] == "Question A"
    assert part.set_index("id").loc["scale_items.s.a-lead.before.mean", "group_label"] == "Question A (Lead contacts)"


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


@with_studies
@pytest.mark.parametrize("scale", ["agree", "conscientious", "extraversion", "neuroticism", "openness"])
def test_omega_total_is_that_of_r(scale):
    expected = json.loads((STUDIES / "bfi.json").read_text("utf-8"))["reliability"][scale]
    names = [("-" if key < 0 else "") + item for item, key in zip(expected["items"], expected["keys"], strict=True)]
    items = turned(pd.read_csv(STUDIES / "bfi.csv"), {"items": names, "low": 1, "high": 6})
    assert one_factor(items).omega == pytest.approx(expected["omega_total_1factor"], rel=1e-6)


def test_omega_of_known_loadings():
    """Correlations that one factor makes exactly give its loadings back."""
    loadings = np.array([0.9, 0.7, 0.6, 0.5])
    correlations = np.outer(loadings, loadings)
    np.fill_diagonal(correlations, 1)
    raw = np.random.default_rng(3).normal(size=(50, 4))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(np.cov(raw.T))).T
    items = pd.DataFrame(white @ np.linalg.cholesky(correlations).T, columns=list("abcd"))
    fit = one_factor(items)
    np.testing.assert_allclose(fit.loadings, loadings, atol=1e-8)
    assert fit.omega == pytest.approx(loadings.sum() ** 2 / (loadings.sum() ** 2 + (1 - loadings**2).sum()))
    assert congruence(fit.loadings, one_factor(-items).loadings) == pytest.approx(1)


def test_omega_of_two_items_is_their_standardised_alpha_and_of_copies_there_is_none():
    items = pd.DataFrame({"a": [1.0, 2, 3, 4, 3], "b": [2.0, 1, 4, 3, 5]})
    r = items["a"].corr(items["b"])
    assert one_factor(items).omega == pytest.approx(2 * r / (1 + r))
    assert np.isnan(one_factor(items.assign(c=items["a"])).omega)
    assert np.isnan(congruence(one_factor(items).loadings, one_factor(items).loadings))


def test_the_interval_of_alpha_holds_it_in_95_of_100_samples():
    """Feldt's interval, from samples of four parallel items; its bounds by R: 1 - 0.2 * qf(c(.975, .025), 39, 117)."""
    assert feldt(0.8, 40, 4) == pytest.approx((0.6752893512, 0.8848745638), abs=1e-9)
    random = np.random.default_rng(7)
    held = 0
    for _ in range(400):
        level = random.normal(size=(60, 1))
        low, high = feldt(alpha(pd.DataFrame(level + random.normal(size=(60, 4)))), 60, 4)
        held += low <= 0.8 <= high
    assert 0.92 <= held / 400 <= 0.98


@pytest.mark.fault("SCO-07")
@pytest.mark.parametrize("rogue", [0, 1, 2])
def test_an_item_beside_the_scale_is_named(rogue):
    columns = list(answers(200))
    columns[rogue] = np.random.default_rng(5).integers(1, 6, 200)
    made = measure([("before", "lead", "", *(column[n] for column in columns)) for n in range(200)])
    assert made["faults"][["id", "severity", "column"]].to_numpy().tolist() == [["SCO-07", "WARN", "abc"[rogue]]]


@pytest.mark.fault("SCO-08")
def test_an_item_that_loads_otherwise_at_the_second_wave_is_named():
    a, b, c = answers(200)
    rows = [("before", "lead", "", a[n], b[n], c[n]) for n in range(100)]
    rows += [("after", "lead", "", a[n], b[n], 6 - c[n]) for n in range(100, 200)]
    made = measure(rows)
    fault = made["faults"].set_index("id").loc["SCO-08"]
    assert fault["column"] == "s" and "item c differs most" in fault["saw"]
    assert made["stability"]["congruence"].max() < 0.85
    same = measure([(wave, "lead", "", a[n], b[n], c[n]) for n in range(200) for wave in [("before", "after")[n % 2]]])
    assert same["faults"].empty and (same["stability"]["congruence"] > 0.95).all()


@pytest.mark.fault("CLN-04")
def test_a_scale_turned_at_one_wave_shows_beside_the_others_without_linked_persons():
    random = np.random.default_rng(2)
    frame = pd.DataFrame({"wave": ["before", "after"] * 100, "role": "lead", "organisation": "", "instrument": "form"})
    level = random.normal(size=200)
    scales = {name: {"items": [f"{name}{k}" for k in "123"], "minimum": 1, "low": 1, "high": 5} for name in "xyz"}
    for name, scale in scales.items():
        for item in scale["items"]:
            frame[item] = np.clip(np.round(3 + level + random.normal(size=200) * 0.7), 1, 5)
            if name == "y":
                frame.loc[frame["wave"] == "after", item] = 6 - frame[item]
        frame[name] = frame[scale["items"]].mean(axis=1)
    frame["respondent"] = [f"p{n}" for n in range(200)]
    made = measure_scales(frame, scales, ROLES, ["before", "after"], {})
    assert made["faults"][["id", "severity", "column"]].to_numpy().tolist() == [["CLN-04", "WARN", "y"]]
    assert "2 of 2 other scales" in made["faults"]["saw"][0]
