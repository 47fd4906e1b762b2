import numpy as np
import pandas as pd
import pytest

from pilot_eval.clean.contracts import CONTRACTS
from pilot_eval.clean.report_drift import report_drift
from pilot_eval.faults import StudyFaults

WAVES = ["before", "after"]
ABOUT = pd.DataFrame({"column": ["a", "b", "c"], "label": ["", "", ""], "value_labels": "{}", "missing": "{}"})


def responses(wave, seed, rows=60, **turned):
    random = np.random.default_rng(seed)
    base = random.normal(3, 1, rows)
    answers = {name: np.clip(np.round(base + random.normal(0, 0.6, rows)), 1, 5) for name in "abc"}
    answers |= {name: 6 - answers[name] for name in turned}
    return pd.DataFrame({"wave": wave, "completed": "", **answers})


def drift(item, here, *earlier, scales=None, codebook=None):
    items = codebook or [item(name, labels={str(code): str(code) for code in range(1, 6)}) for name in "abc"]
    made = report_drift(
        here, ABOUT, earlier, [ABOUT] * len(earlier), {"path": "f.csv"}, items, WAVES, scales or {"s": ["a", "b", "c"]}
    )
    for name in ("drift", "faults"):
        CONTRACTS[f"report_drift.{name}"].validate(made[name], lazy=True)
    return made


def test_a_first_wave_is_described_and_compared_with_nothing(item):
    made = drift(item, responses("before", 1))
    assert list(made["drift"]["item"]) == ["a", "b", "c"]
    assert set(made["drift"]["earlier_wave"]) == {""} and made["drift"]["distance"].isna().all()
    assert made["drift"]["item_rest"].gt(0.5).all()
    assert len(made["faults"]) == 0


def test_the_same_questionnaire_again_has_not_drifted(item):
    made = drift(item, responses("after", 2), responses("before", 1))
    assert len(made["faults"]) == 0
    assert (made["drift"]["distance"] < made["drift"]["limit"]).all()


def test_the_statistics_are_those_of_the_answers(item):
    here, before = responses("after", 2), responses("before", 1)
    row = drift(item, here, before)["drift"].set_index("item").loc["a"]
    rest = here[["b", "c"]].mean(axis=1)
    shares = [[(table["a"] <= code).mean() for code in range(1, 6)] for table in (here, before)]
    assert row["item_rest"] == pytest.approx(np.corrcoef(here["a"], rest)[0, 1])
    assert row["distance"] == pytest.approx(np.abs(np.subtract(*shares)).max())
    assert row["limit"] == pytest.approx(1.95 * np.sqrt(2 / 60))
    assert (row["mean"], row["earlier_mean"]) == (here["a"].mean(), before["a"].mean())


def test_outside_scales_an_item_must_have_been_with_the_others_before(item):
    turned = responses("after", 2, c=True)
    assert len(drift(item, turned, scales={"other": ["z"]})["faults"]) == 0
    made = drift(item, turned, responses("before", 1), scales={"other": ["z"]})
    assert list(made["faults"]["id"]) == ["CLN-04"] and list(made["faults"]["column"]) == ["c"]


def test_waves_side_by_side_in_one_file_are_compared_too(item):
    both = pd.concat([responses("before", 1), responses("after", 2, a=True)])
    made = drift(item, both)
    assert list(made["drift"]["wave"]) == ["before"] * 3 + ["after"] * 3
    assert list(made["faults"]["column"]) == ["a"]


def test_items_not_asked_before_are_not_compared(item):
    items = [item(name, labels={"1": "1", "5": "5"}, names={"before": None if name == "a" else name, "after": name})
             for name in "abc"]  # fmt: skip
    made = drift(item, responses("after", 2), responses("before", 1).assign(a=np.nan), codebook=items)
    assert list(made["drift"]["earlier_wave"]) == ["", "before", "before"]


def test_few_answers_say_nothing(item):
    made = drift(item, responses("after", 2, rows=25, a=True), responses("before", 1))
    assert len(made["faults"]) == 0 and made["drift"]["item_rest"].isna().all()


def test_a_delivery_older_than_the_wave_before_stops(item):
    old, new = (responses(wave, 1).assign(completed=day) for wave, day in
                (("after", "2020-01-05"), ("before", "2020-06-05")))  # fmt: skip
    with pytest.raises(StudyFaults, match="swapped"):
        drift(item, old, new)


def test_no_responses(item):
    made = drift(item, responses("before", 1).iloc[:0])
    assert len(made["drift"]) == 0 and len(made["faults"]) == 0
