import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilot_eval.faults import StudyFaults
from pilot_eval.score.composites import mean_score, turned
from pilot_eval.score.contracts import CONTRACTS
from pilot_eval.score.score_scales import score_scales

NAN = float("nan")
SCALE = {"items": ["a", "b", "-c"], "minimum": 2, "low": 1, "high": 5}


def score(given, scales):
    made = score_scales(**given, scales=scales)
    for name in ("analysis", "balance", "faults"):
        CONTRACTS[f"score_scales.{name}"].validate(made[name], lazy=True)
    return made


def test_scores_need_enough_answers_and_turn_items(chain):
    rows = [
        {"a": 1, "b": 2, "c": 3},
        {"a": 4, "b": NAN, "c": 1},
        {"a": 4, "b": NAN, "c": NAN},
        dict.fromkeys("abc", NAN),
    ]
    made = score(chain(rows), {"s": SCALE})
    np.testing.assert_allclose(made["analysis"]["s"], [2, 4.5, NAN, NAN])
    assert made["faults"][["id", "count"]].to_numpy().tolist() == [["SCO-01", 2]]


def test_the_analysis_table(chain):
    rows = [
        {"wave": "after", "respondent": "r000000000b", "organisation": "s1", "a": 1.0, "post": "head"},
        {"wave": "before", "respondent": "r000000000b", "organisation": "s1", "a": 2.0, "post": "head"},
        {"wave": "before", "respondent": "r000000000a", "area": "south", "a": 3.0, "post": ""},
    ]
    table = score(chain(rows), {"s": SCALE | {"items": ["a"], "minimum": 1}})["analysis"]
    assert table["_row"].tolist() == [4, 3, 2]
    assert table["unit"].tolist() == ["area:south", "s1", "s1"]
    assert table["phase"].tolist() == ["", "primary", "primary"]
    assert table["months"].tolist() == [0, 0, 12]
    assert table["matched"].tolist() == [False, True, True]
    assert table["s"].tolist() == [3, 2, 1]
    assert table["post"].tolist() == ["", "head", "head"]


@pytest.mark.fault("REG-06")
@pytest.mark.parametrize(
    ("merge", "units"), [("", ["s1"] * 2), ("pool", ["s1"] * 2), ("exclude", ["s1:before", "s1:after"])]
)
def test_an_organisation_that_several_became(chain, merge, units):
    rows = [{"wave": wave, "respondent": f"r000000000{key}", "organisation": key, "a": 1.0}
            for key in ("s1", "s2") for wave in ("before", "after")]  # fmt: skip
    # s1 followed one that three became; s2 only changed its own key
    steps = [("o1", "o9"), ("o2", "o9"), ("o3", "o9"), ("o9", "s1"), ("o4", "s2")]
    given = chain(rows, predecessors=pd.DataFrame(steps, columns=["old", "new"], dtype="str"), merge=merge)
    table = score(given, {"s": SCALE | {"items": ["a"], "minimum": 1}})["analysis"]
    assert table["unit"].tolist() == [*units, "s2", "s2"]
    assert table["organisation"].tolist() == ["s1", "s1", "s2", "s2"]


def test_rejected_rows_are_not_in_it_and_the_balance_says_so(chain):
    given = chain([{"a": 1.0}, {"a": 2.0}, {"a": 3.0}])
    given["placed"] = given["placed"].iloc[1:]
    given["respondents"] = given["respondents"].iloc[2:]
    given["rejects"] = [pd.DataFrame({"source": ["x"]}, dtype="str")] * 2
    given["receipts"][0] |= {"rows_rejected": 1}
    made = score(given, {"s": SCALE | {"items": ["a"], "minimum": 1}})
    assert made["analysis"]["_row"].tolist() == [4]
    assert made["balance"].iloc[:, 1:].to_numpy().tolist() == [
        ["ingest", 4, 3, 1], ["clean", 3, 3, 0], ["link_places", 3, 2, 1], ["link_persons", 2, 1, 1], ["score", 1, 1, 0]
    ]  # fmt: skip


def test_a_lost_row_is_noticed(chain):
    given = chain([{"a": 1.0}, {"a": 2.0}])
    given["respondents"] = given["respondents"].iloc[1:]
    with pytest.raises(AssertionError, match="rows are lost at link_persons"):
        score(given, {"s": SCALE})


def test_items_of_several_questionnaires(chain):
    one = chain([{"a": 1.0, "b": 3.0}], source="x")
    two = chain([{"a": 2.0, "sector": "police", "respondent": "r00000000ff"}], source="y", instrument="other")
    both = {
        name: [*one[name], *two[name]] if name in ("cleaned", "receipts", "balances") else
        pd.concat([one[name], two[name]]) if name in ("placed", "respondents") else one[name]
        for name in one
    }  # fmt: skip
    table = score(both, {"s": {"items": ["a", "b"], "minimum": 1, "low": 1, "high": 5}})["analysis"]
    assert table["s"].tolist() == [2, 2]
    assert np.isnan(table["b"][1]) and table["sector"].tolist() == ["", "police"]


def test_an_item_asked_at_one_wave_is_left_out_of_the_composite(chain):
    rows = [{"wave": "before", "a": 1, "b": 2, "c": NAN}, {"wave": "after", "a": 1, "b": 2, "c": 1}]
    made = score(chain(rows), {"s": SCALE})
    assert made["analysis"]["s"].tolist() == [1.5, 1.5]
    assert made["faults"]["id"].tolist() == ["SCO-05"]
    # with too few items in common all are scored
    made = score(chain(rows), {"s": SCALE | {"minimum": 3}})
    np.testing.assert_allclose(made["analysis"]["s"], [NAN, 8 / 3])


def test_one_name_for_two_things_stops(chain):
    with pytest.raises(StudyFaults) as caught:
        score(chain([{"phase": "x", "unit": 1.0}]), {})
    assert [fault.column for fault in caught.value.faults] == ["phase", "unit"]


ANSWERS = st.lists(
    st.tuples(*[st.one_of(st.none(), st.integers(1, 5)) for _ in range(3)]), min_size=1, max_size=5
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(ANSWERS, st.integers(1, 3))
def test_scores_stay_within_the_scale_and_turn_with_it(rows, minimum):
    items = pd.DataFrame(rows, columns=list("abc"), dtype="float64")
    scale = SCALE | {"minimum": minimum}
    scores = mean_score(turned(items, scale), minimum)
    assert scores.dropna().between(1, 5).all()
    assert (scores.notna() == (items.notna().sum(axis=1) >= minimum)).all()
    against = scale | {"items": ["-a", "-b", "c"]}
    np.testing.assert_allclose(mean_score(turned(items, against), minimum), 6 - scores)
