"""A predictor within and between organisations: against R, against a known truth, and what is missing."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pilot_eval.change.planned import Planned
from pilot_eval.model.contracts import CONTRACTS
from pilot_eval.model.separate_levels import BETWEEN, WITHIN, parted, separate_levels

HERE = Path(__file__).parent / "reference"
FORMULA = "{outcome} ~ wave * role + (1 + wave | area) + (1 | organisation) + (1 | respondent)"
OUTCOME = {"outcome": "trust", "column": "score", "roles": ["lead", "staff"], "unit": "points", "digits": 2}
WAVES = ["before", "after"]


def of_file():
    table = pd.read_csv(HERE / "answers.csv")
    return table.assign(_id=[f"i{n}" for n in range(len(table))], unit=table["organisation"], organisation_kind="o",
                        months=table["wave"].map({"before": 0.0, "after": 6.0}), matched=True)  # fmt: skip


def answer(analysis, predictor="contact", formula=FORMULA, outcome=OUTCOME, **asked):
    question = {"question": "q", "outcome": "trust", "predictor": predictor, "roles": [], "matched": False,
                "estimand": "what the question asks"} | asked  # fmt: skip
    found = separate_levels(
        analysis, question, "Question", outcome, formula, True, {"lead": 0.75, "staff": 0.25}, WAVES
    )
    for name in ("part", "faults"):
        CONTRACTS[f"separate_levels.{name}"].validate(found[name])
    return found["part"], found["faults"]


def row(part, group):
    return part.loc[part["group"] == group].set_index("column")["value"].astype("float64")


def parts_of(table, roles=("lead", "staff")):
    planned = Planned({**OUTCOME, "roles": list(roles)}, "", True, {}, WAVES, "q")
    found, _ = parted(table, planned, "contact", lambda rows: rows)
    return found


def test_both_parts_are_those_of_r():
    known = json.loads((HERE / "moderators.json").read_text())["contact"]
    part, _ = answer(of_file())
    for group, name in (("q", "within"), ("q.between", "between"), ("q.difference", "difference")):
        found, expected = row(part, group), known[name]
        for measure in ("estimate", "se", "low", "high"):
            assert found[measure] == pytest.approx(expected[measure], rel=1e-5, abs=1e-7), (name, measure)
        assert (found["df"], found["p"]) == pytest.approx((expected["df"], expected["p"]), rel=1e-3)


def test_the_parts_add_up_and_the_part_within_has_mean_zero_over_the_waves():
    table = of_file()
    found = parts_of(table)
    value = table.set_index("_id")["contact"].reindex(found["_id"])
    assert (found[WITHIN] + found[BETWEEN]).to_numpy() == pytest.approx(value.to_numpy())
    by_wave = found.drop_duplicates(["organisation", "wave"]).groupby("organisation")[WITHIN].mean()
    assert by_wave.to_numpy() == pytest.approx(np.zeros(len(by_wave)), abs=1e-12)


def test_respondents_of_one_organisation_share_its_value_and_waves_count_alike(analysis):
    """Three answers at the first wave do not outweigh the one at the last."""
    table = analysis.loc[analysis["organisation"] == "o00"].assign(contact=1.0)
    after = table["wave"] == "after"
    table = pd.concat([table.loc[~after], table.loc[after].head(1)])
    table.loc[table["wave"] == "after", "contact"] = 4.0
    table.loc[table.index[0], "contact"] = 2.0
    found = parts_of(table)
    before = table.loc[table["wave"] == "before", "contact"].mean()
    assert set(found[BETWEEN].round(9)) == {round((before + 4.0) / 2, 9)}


def test_organisations_seen_once_say_nothing_of_the_part_within():
    table = of_file()
    waves = table.groupby("organisation")["wave"].transform("nunique")
    once = parts_of(table.assign(wave=table["wave"].where(table["organisation"] != "o000", "before")))
    assert (once.loc[once["organisation"] == "o000", WITHIN] == 0).all()
    part, _ = answer(table)
    cells = part.loc[part["column"] == "estimate"].set_index("group")
    assert cells.loc["q", "n"] == table.loc[waves == 2, "respondent"].nunique()
    assert cells.loc["q.between", "n"] == table["respondent"].nunique()


def test_a_trend_that_all_share_is_no_effect_within(make):
    """The predictor rises everywhere by the same step, and so does the outcome: the wave takes that."""
    random = np.random.default_rng(5)
    table = make(areas=10, units=6, people=1)
    level = pd.Series({name: random.normal(0, 1) for name in sorted(set(table["organisation"]))})
    later = (table["wave"] == "after").astype(float)
    noise = pd.Series(random.normal(0, 0.3, len(table)), index=table.index)
    table["contact"] = table["organisation"].map(level) + 2 * later + noise
    part, _ = answer(table)
    found = row(part, "q")
    assert found["low"] < 0 < found["high"] and abs(found["estimate"]) < 0.3, "0.4 of change is not due to it"


@pytest.mark.parametrize(("within", "between"), [(0.3, 0.8), (-0.4, 0.4)])
def test_the_truth_is_recovered(make, within, between):
    truth = {"q": within, "q.between": between, "q.difference": between - within}
    covered, errors = [], []
    for seed in range(8):
        random = np.random.default_rng(seed)
        table = make(seed=seed, areas=8, units=5, people=1)
        level = pd.Series({name: random.normal(0, 1) for name in sorted(set(table["organisation"]))})
        table["contact"] = table["organisation"].map(level) + random.normal(0, 0.7, len(table))
        own = parts_of(table).set_index("_id")
        table["score"] += table["_id"].map(within * own[WITHIN] + between * own[BETWEEN])
        part, _ = answer(table)
        covered += [row(part, group)["low"] < value < row(part, group)["high"] for group, value in truth.items()]
        errors.append([row(part, group)["estimate"] - value for group, value in truth.items()])
    assert np.mean(covered) >= 0.8
    assert np.abs(np.mean(errors, axis=0)).max() < 0.1


@pytest.mark.fault("MOD-11")
@pytest.mark.parametrize(
    ("spoil", "predictor", "outcome", "said"),
    [
        ({}, "nothing", OUTCOME, "the answers have no number nothing"),
        ({}, "phase", OUTCOME, "the answers have no number phase"),
        ({}, "contact", None, "the plan has no model of trust"),
        ({"contact": np.nan}, "contact", OUTCOME, "no answer has outcome"),
        ({"organisation": ""}, "contact", OUTCOME, "no answer has outcome"),
        ({"wave": "before"}, "contact", OUTCOME, "answers at before only"),
    ],
)
def test_what_cannot_be_answered_is_said_in_one_line(spoil, predictor, outcome, said):
    part, faults = answer(of_file().assign(**spoil), predictor, outcome=outcome)
    (fault,) = faults.loc[faults["id"] == "MOD-11"].to_dict("records")
    assert said in fault["saw"] and fault["saw"].endswith("not available")
    assert set(part["status"]) == {"x"} and set(part["group"]) == {"q", "q.between", "q.difference"}


@pytest.mark.fault("MOD-11")
def test_a_predictor_that_never_moves_leaves_the_part_between():
    table = of_file()
    steady = table.assign(contact=table.groupby("organisation")["contact"].transform("first"))
    part, faults = answer(steady)
    assert "differently at two waves" in " ".join(faults.loc[faults["id"] == "MOD-11", "saw"])
    assert row(part, "q").isna().all() and row(part, "q.between").notna().all()


@pytest.mark.fault("SCO-03")
def test_answers_without_an_organisation_or_its_value_are_counted():
    table = of_file()
    table.loc[table.index[:3], ["organisation", "unit"]] = ["", "area:a00"]
    gone = (table["organisation"] == "o110") & (table["wave"] == "after")
    table.loc[gone, "contact"] = np.nan
    _, faults = answer(table)
    told = dict(zip(faults["saw"], faults["count"], strict=True))
    assert told["3 answers lack an organisation and are not in the model"] == 3
    assert any("contact at that wave" in saw and count == gone.sum() for saw, count in told.items())
