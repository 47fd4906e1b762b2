"""Faults of scales: the smallest answers that have them."""

import numpy as np
import pandas as pd
import pytest

from pilot_eval.faults import StudyFaults
from pilot_eval.score.composites import turned
from pilot_eval.score.contracts import CONTRACTS
from pilot_eval.score.measure_scales import measure_scales
from pilot_eval.score.score_scales import score_scales

NAN = float("nan")
SCALE = {"label": "S", "items": ["a", "b", "c"], "minimum": 2, "low": 1, "high": 5}


def found(table):
    return [(fault.id, fault.severity, fault.file, fault.column) for fault in table.itertuples()]


def measured(rows, scale=SCALE, wave="before"):
    frame = pd.DataFrame(rows, columns=["a", "b", "c"], dtype="float64")
    frame = frame.assign(wave=wave, role="lead", organisation="", instrument="form")
    frame["s"] = turned(frame, scale).mean(axis=1)
    return measure_scales(frame, {"s": scale}, [{"id": "lead", "label": "Leads"}], ["before", "after"], {})


@pytest.mark.fault("SCO-01")
def test_who_answered_too_little_has_no_score_and_never_zero(chain):
    rows = [{"a": 4, "b": 2, "c": NAN}, {"a": 5, "b": NAN, "c": NAN}, dict.fromkeys("abc", NAN)]
    made = score_scales(**chain(rows), scales={"s": SCALE})
    np.testing.assert_array_equal(made["analysis"]["s"], [3, NAN, NAN])
    assert found(made["faults"]) == [("SCO-01", "OK", "config/scales.yaml", "s")]
    fault = made["faults"].iloc[0]
    assert (fault["saw"], fault["count"]) == ("2 respondents answered fewer than 2 of 3 items", 2)


def test_who_was_not_asked_is_not_counted_as_silent(chain):
    one = chain([{"a": 1.0, "b": 3.0, "c": 2.0}])
    other = chain([{"sector": "police", "respondent": "r00000000ff"}], source="y", instrument="other")
    both = {
        name: [*one[name], *other[name]] if name in ("cleaned", "receipts", "balances") else
        pd.concat([one[name], other[name]]) if name in ("placed", "respondents") else one[name]
        for name in one
    }  # fmt: skip
    assert score_scales(**both, scales={"s": SCALE})["faults"].empty


@pytest.mark.fault("SCO-02")
@pytest.mark.parametrize("value", [1, 3, 5])
def test_everybody_gives_the_same_answer(value):
    made = measured([(value, value, value)] * 4)
    assert found(made["faults"]) == [("SCO-02", "WARN", "config/scales.yaml", "s")]
    assert made["faults"]["saw"][0] == f"scale s, wave before: all 4 scores are {value}"
    cells = made["part"].set_index("id")
    alpha = cells.loc["reliability.s.all.before.alpha"]
    assert alpha["status"] == "x" and np.isnan(alpha["value"])
    assert cells.loc["reliability.s.all.before.n", "value"] == 4


def against(number, seed=1):
    """Two items that go together and one that runs against them."""
    random = np.random.default_rng(seed)
    level = random.integers(1, 6, number)
    return [(x, np.clip(x + random.integers(-1, 2), 1, 5), 6 - x) for x in level]


@pytest.mark.fault("SCO-04")
@pytest.mark.parametrize(
    ("rows", "said", "item"),
    [
        (against(12), "alpha is -", "c"),
        ([(x, 6 - x, NAN) for x in (1, 2, 4, 5)], "alpha has no bound below 0", "a"),
        ([(x, NAN, 6 - x) for x in (1, 2, 4, 5, 2)], "alpha has no bound below 0", "a"),
    ],
)
def test_alpha_below_zero_names_the_item(rows, said, item):
    made = measured(rows)
    fault = made["faults"].set_index("id").loc["SCO-04"]
    assert (fault["severity"], fault["file"], fault["column"]) == ("WARN", "config/scales.yaml", "s")
    assert fault["saw"].startswith(f"scale s, wave before: {said}")
    assert f"item {item} correlates -" in fault["saw"] and fault["action"]


def two_questionnaires(one, other, wave="before"):
    """The items of one scale as two questionnaires have them."""
    parts = [pd.DataFrame(rows, columns=["a", "b", "c"], dtype="float64").assign(instrument=form, role=f"of_{form}")
             for form, rows in (("form", one), ("sheet", other))]  # fmt: skip
    frame = pd.concat(parts, ignore_index=True).assign(wave=wave, organisation="", area="north")
    return frame.assign(respondent=[f"r{n}" for n in frame.index], s=frame[["a", "b", "c"]].mean(axis=1))


ROLES = [{"id": role, "label": role} for role in ("of_form", "of_sheet")]
WITH = [(x, y, 6 - z) for x, y, z in against(200, 2)]


@pytest.mark.fault("CLN-04", "SCO-04")
def test_an_item_turned_in_one_questionnaire_is_not_hidden_by_the_other():
    frame = two_questionnaires(WITH, against(40))
    made = measure_scales(frame, {"s": SCALE}, ROLES, ["before", "after"], {})
    assert found(made["faults"]) == [("CLN-04", "WARN", "config/scales.yaml", "c"),
                                     ("SCO-04", "WARN", "config/scales.yaml", "s")]  # fmt: skip
    assert all("questionnaire sheet" in saw for saw in made["faults"]["saw"])
    sound = two_questionnaires(WITH, WITH[:40])
    assert measure_scales(sound, {"s": SCALE}, ROLES, ["before", "after"], {})["faults"].empty


@pytest.mark.fault("CLN-04")
def test_a_scale_turned_in_one_questionnaire_between_waves_is_not_hidden_by_the_other():
    before = two_questionnaires(WITH, WITH[:40])
    after = before.assign(wave="after")
    sheet = after["instrument"] == "sheet"
    after.loc[sheet, ["a", "b", "c"]] = 6 - after.loc[sheet, ["a", "b", "c"]]
    both = pd.concat([before, after], ignore_index=True)
    faults = measure_scales(both, {"s": SCALE}, ROLES, ["before", "after"], {})["faults"]
    told = faults[faults["saw"].str.contains("questionnaire sheet: . of the same 40 persons")]
    assert list(told["id"]) == ["CLN-04"] * 3 and list(told["column"]) == ["a", "b", "c"]


def test_items_that_agree_are_no_fault():
    assert measured([(x, y, 6 - z) for x, y, z in against(40)])["faults"].empty
    assert measured([(1, NAN, NAN), (4, NAN, NAN), (2, NAN, NAN)])["faults"].empty


@pytest.mark.fault("SCO-05")
@pytest.mark.parametrize("late", ["a", "c"])
def test_an_item_of_one_wave_is_left_out_of_the_score_at_both(chain, late):
    rows = [{"wave": "before", "a": 1, "b": 2, "c": 2}, {"wave": "after", "a": 5, "b": 2, "c": 1}]
    rows[0][late] = NAN
    made = score_scales(**chain(rows), scales={"s": SCALE})
    rest = [item for item in "abc" if item != late]
    assert made["analysis"]["s"].tolist() == [np.mean([row[item] for item in rest]) for row in rows]
    assert made["analysis"][late].notna().sum() == 1, "the answer itself is kept"
    assert found(made["faults"]) == [("SCO-05", "WARN", "config/scales.yaml", "s")]
    assert made["faults"]["saw"][0] == f"scale s, form: {late} at after only"
    row = rows[1]
    both = np.mean([row[item] for item in rest]), np.mean([row[item] for item in "abc"])
    assert made["faults"]["action"][0] == (
        f"Change uses {', '.join(rest)}; with all 3 the mean at after is {both[1]:.2f}, not {both[0]:.2f} (n 1)"
    )
    second = CONTRACTS["score_scales.second"].validate(made["second"]).set_index("wave")
    assert list(second["items_all"]) == [2, 3] and list(second["items_common"]) == [2, 2]
    assert tuple(second.loc["after", ["mean_common", "mean_all"]]) == both
    roles = [{"id": "lead", "label": "Leads"}]
    reliability = measure_scales(made["analysis"], {"s": SCALE | {"label": "S"}}, roles, ["before", "after"], {})
    assert set(reliability["reliability"]["items"]) == {2}, "alpha is that of the items scored"


@pytest.mark.fault("SCO-05")
def test_with_too_few_common_items_the_difference_is_said(chain):
    rows = [{"wave": "before", "a": 1, "b": NAN, "c": NAN}, {"wave": "after", "a": 5, "b": 2, "c": 1}]
    made = score_scales(**chain(rows), scales={"s": SCALE})
    assert made["faults"]["saw"][0] == "scale s, form: b at after only; c at after only"
    assert "waves differ in what they measure" in made["faults"]["action"][0]


@pytest.mark.fault("SCO-05")
def test_the_second_score_is_of_those_who_answered_everything(chain):
    rows = [{"wave": "before", "a": 1, "b": 2, "c": NAN}, {"wave": "after", "a": 5, "b": NAN, "c": 1},
            {"wave": "after", "a": 3, "b": 2, "c": 4}]  # fmt: skip
    second = score_scales(**chain(rows), scales={"s": SCALE | {"minimum": 1}})["second"].set_index("wave")
    assert list(second["n"]) == [1, 1]
    assert tuple(second.loc["after", ["mean_common", "mean_all"]]) == (2.5, 3.0)


@pytest.mark.fault("SCO-06")
def test_one_name_for_two_things_stops_and_names_each(chain):
    with pytest.raises(StudyFaults) as caught:
        score_scales(**chain([{"phase": "x", "unit": 1.0}]), scales={})
    assert [(fault.id, fault.severity, fault.column) for fault in caught.value.faults] == [
        ("SCO-06", "STOP", "phase"), ("SCO-06", "STOP", "unit")]  # fmt: skip
