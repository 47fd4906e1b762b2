"""Kinds of fault of the codebook in other dress: near their thresholds, in other columns, beside a clean neighbour."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from stranger import Stranger, likert, shown

SPREAD = ["1", "2", "3", "4", "5"] * 20
TEN = [likert(f"a{n}") for n in range(10)]
ID = {"item": "id", "label": "Id", "type": "text", "use": "response"}
WAVE = {"item": "wave", "label": "Wave", "type": "category", "use": "wave"}
TOOK = {"item": "took", "label": "Duration", "type": "number", "use": "duration"}
BEGUN = {"item": "begun", "label": "Begun", "type": "date", "use": "started"}
DAY = {"item": "day", "label": "Day", "type": "date", "use": "completed"}
LEAD = {"item": "lead", "label": "Lead", "type": "binary", "labels": "0=No|1=Yes"}


@pytest.fixture
def stranger(tmp_path):
    return lambda *items, **more: Stranger(tmp_path / "a study", items, **more)


def ten(rows):
    return {f"a{n}": [str((row * 7 + n * 3) % 5 + 1) for row in range(rows)] for n in range(10)}


def sav(columns, **more):
    numbers = {name: [float(cell) if cell else None for cell in cells] for name, cells in columns.items()}
    return numbers, "sav", more


@pytest.mark.fault("CLN-29")
@pytest.mark.parametrize(
    ("ids", "rows"),
    [
        (["a", "b", "a ", "a\u200b", "A"], [4, 5]),
        (["12", "13", "12.0", "012", "1.2"], [4]),
        (["a", "a", "", " ", "a"], [3, 6]),
        (["a", "b", "c", "d", "e"], []),
    ],
)
def test_one_id_in_several_spellings(stranger, ids, rows):
    study = stranger(ID, likert("q1")).deliver("before", {"id": ids, "q1": ["1", "2", "3", "4", "5"]})
    assert shown(study.faults()) == [("REJECT", "CLN-29", row, "id") for row in rows]


@pytest.mark.fault("CLN-29")
def test_one_id_at_two_waves_of_a_file_is_one_record_of_each(stranger):
    study = stranger(ID, WAVE, likert("q1"))
    columns = {"id": ["a", "b", "a", "b", "b"], "wave": ["before", "before", "after", "after", "After "]}
    study.deliver("", columns | {"q1": ["1", "2", "1", "2", "3"]}, source="all")
    assert shown(study.faults("all")) == [("REJECT", "CLN-29", 6, "id")]


@pytest.mark.fault("CLN-29")
@pytest.mark.parametrize(("answered", "blank", "found"), [(7, "", False), (7, "  ", False), (8, "", True)])
def test_rows_without_an_id_are_one_record_from_ten_cells_on(stranger, answered, blank, found):
    cells = {f"a{n}": [str(n % 5 + 1) if n < answered else blank] * 2 for n in range(10)}  # and area, and another
    study = stranger(*TEN).deliver("before", cells | {"other": ["1", "1"]})
    assert shown(study.faults()) == [("REJECT", "CLN-29", 3, "")] * found


@pytest.mark.fault("CLN-30")
def test_waves_by_codes_of_the_codebook_or_of_the_file(stranger, tmp_path):
    cells = ["1", "2", "3", "1.0", ""]
    study = stranger(WAVE | {"labels": "1=Before|2=After"}, likert("q1"))
    study.deliver("", {"wave": cells, "q1": ["1", "2", "3", "4", "5"]}, source="all")
    assert shown(study.faults("all")) == [("REJECT", "CLN-30", 4, "wave"), ("REJECT", "CLN-30", 6, "wave")]
    other = Stranger(tmp_path / "another", [WAVE, likert("q1")])
    labels = {"wave": {1: "Before", 2: "After", 3: "Later"}}
    other.deliver(
        "", *sav({"wave": cells, "q1": ["1", "2", "3", "4", "5"]}, variable_value_labels=labels), source="all"
    )
    assert shown(other.faults("all")) == [("REJECT", "CLN-30", 3, "wave"), ("REJECT", "CLN-30", 5, "wave")]
    assert list(other.cleaned("all")["cleaned"]["wave"]) == ["before", "after", "before"]


@pytest.mark.fault("CLN-30")
def test_a_column_of_waves_that_the_study_does_not_have(stranger):
    study = stranger(WAVE, likert("q1")).deliver("", {"wave": ["", "W1", "w2"], "q1": ["1", "2", "3"]}, source="all")
    (fault,) = study.faults("all")
    assert shown([fault]) == [("STOP", "CLN-30", 3, "wave")] and fault.count == 3 and '"W1"' in fault.saw


@pytest.mark.fault("CLN-31")
@pytest.mark.parametrize(
    ("unit", "longest", "longer"),
    [("minutes", "44640", "44641"), ("hours", "744", "744.5"), ("", "744:00:00", "744:00:01"),
     ("milliseconds", "2678400000", "2678400001")],
)  # fmt: skip
def test_durations_of_a_month_at_most_in_any_unit(stranger, unit, longest, longer):
    study = stranger(TOOK | {"unit": unit}, *TEN).deliver("before", ten(3) | {"took": [longest, longer, longest]})
    (fault,) = study.faults()
    assert shown([fault]) == [("WARN", "CLN-31", 3, "took")] and fault.saw.startswith("1 response took")
    np.testing.assert_array_equal(study.cleaned()["flags"]["seconds"].isna(), [False, True, False])


@pytest.mark.fault("CLN-31")
def test_an_end_before_the_start_is_told_beside_a_duration_too(stranger):
    study = stranger(TOOK, BEGUN, DAY, *TEN)
    days = {"begun": ["2016-03-02 10:00", "2016-03-02 11:00"], "day": ["2016-03-02 10:20", "2016-03-02 10:59"]}
    study.deliver("before", ten(2) | days | {"took": ["600", "700"]}, date_format="%Y-%m-%d %H:%M")
    assert shown(study.faults()) == [("WARN", "CLN-31", 3, "begun")]
    assert list(study.cleaned()["flags"]["seconds"]) == [600, 700]


@pytest.mark.fault("CLN-31")
def test_an_hour_that_clocks_showed_twice_makes_no_impossible_duration(stranger):
    days = {"begun": ["2016-10-30 01:50", "2016-10-30 01:10", "2016-03-27 00:55"],
            "day": ["2016-10-30 01:10", "2016-10-30 01:50", "2016-03-27 02:05"]}  # fmt: skip
    study = stranger(BEGUN, DAY, *TEN)
    study.deliver("before", ten(3) | days, date_format="%Y-%m-%d %H:%M", timezone="Europe/London")
    assert {fault.id for fault in study.faults()} == {"CLN-21"}
    assert list(study.cleaned()["flags"]["seconds"]) == [1200, 2400, 600]


@pytest.mark.fault("CLN-32")
def test_items_of_every_type_that_were_not_asked(stranger):
    only = {"asked_if": "lead = 1"}
    study = stranger(
        LEAD, {"item": "n", "label": "N", "type": "count"} | only, {"item": "t", "label": "T", "type": "text"} | only,
        {"item": "c", "label": "C", "type": "category", "labels": "1=A|2=B"} | only, likert("q1", missing="9=refused",
        **only), likert("q2", asked_if="n > 2 and lead = 1"),
    )  # fmt: skip
    study.deliver("before", {"lead": ["Yes", "No", "No"], "n": ["3", "", "0"], "t": ["x", "y", ""],
                             "c": ["1", "", "2"], "q1": ["1", "9", ""], "q2": ["4", "", ""]})  # fmt: skip
    assert shown(study.faults()) == [
        ("WARN", "CLN-32", 4, "n"), ("WARN", "CLN-32", 3, "t"), ("WARN", "CLN-32", 4, "c")
    ]  # fmt: skip
    assert study.faults()[0].saw == "1 answer where the item was not asked"


def shares(*pairs):
    return [cell for cell, number in pairs for _ in range(number)]


@pytest.mark.fault("CLN-33")
@pytest.mark.parametrize(("moved", "found"), [(30, False), (31, True)])
def test_shares_may_move_by_three_tenths(stranger, moved, found):
    study = stranger(likert("q1")).deliver("before", {"q1": shares(("2", 50), ("4", 50)) * 3})
    study.deliver("after", {"q1": shares(("2", 50 - moved), ("4", 50 + moved)) * 3})
    assert shown(study.faults("after")) == [("WARN", "CLN-33", None, "q1")] * found


@pytest.mark.fault("CLN-33")
@pytest.mark.parametrize(("yes", "found"), [(65, False), (66, True)])
def test_a_yes_may_rise_by_six_tenths_and_no_rounding_adds_to_it(stranger, yes, found):
    study = stranger(LEAD).deliver("before", {"lead": shares(("1", 5), ("0", 95)) * 2})
    study.deliver("after", {"lead": shares(("1", yes), ("0", 100 - yes)) * 2})
    assert [fault.id for fault in study.faults("after")] == (["CLN-33"] if found else [])


@pytest.mark.fault("CLN-33")
@pytest.mark.parametrize("use", ["answer", "attribute"])
@pytest.mark.parametrize(("lost", "found"), [(30, False), (31, True), (99, True)])
def test_texts_that_were_lost(stranger, use, lost, found):
    text = {"item": "t", "label": "T", "type": "text", "use": use}
    study = stranger(text, likert("q2")).deliver("before", {"t": list("abcd") * 25, "q2": SPREAD})
    study.deliver("after", {"t": [*"abcd" * 24, *"abcd"][: 100 - lost] + [""] * lost, "q2": SPREAD})
    faults = [fault for fault in study.faults("after") if fault.id != "CLN-36"]
    assert shown(faults) == [("WARN", "CLN-33", None, "t")] * found
    assert not found or faults[0].count == lost


@pytest.mark.fault("CLN-33")
@pytest.mark.parametrize(("answered", "found"), [(36, False), (34, True)])
def test_answers_lost_among_those_who_were_asked(stranger, answered, found):
    study = stranger(LEAD, likert("q1", asked_if="lead = 1"), likert("q2"))
    asked = {"lead": ["1"] * 50 + ["0"] * 50, "q2": SPREAD}
    study.deliver("before", asked | {"q1": SPREAD[:50] + [""] * 50})
    study.deliver("after", asked | {"q1": SPREAD[:answered] + [""] * (100 - answered)})
    faults = study.faults("after")
    assert shown(faults) == [("WARN", "CLN-33", None, "q1")] * found
    assert not found or faults[0].saw.startswith("32% of those asked")


@pytest.mark.fault("CLN-34")
@pytest.mark.parametrize(
    ("early", "late", "found"),
    [
        ("I trust them", "<p>I&nbsp;trust <b>them</b>.</p>", False), ("Q1. Caf\u00e9", "Q1 - cafe\u0301 ", False),
        ("I trust them", "", False), (">5 visits", "<5 visits", True), ("10 % or more", "10 or more", True),
        ("I trust them", "I do not trust them", True),
    ],
)  # fmt: skip
def test_another_wording_or_other_signs_only(stranger, early, late, found):
    study = stranger(likert("q1"))
    for wave, text in (("before", early), ("after", late)):
        study.deliver(wave, *sav({"q1": SPREAD}, column_labels=["Area", text, ""]))
    assert shown(study.faults("after")) == [("WARN", "CLN-34", None, "q1")] * found


@pytest.mark.fault("CLN-35")
def test_cells_of_no_day_by_any_of_the_codings(stranger):
    first = likert("q1", until="2016-03-31", missing="9=refused")
    second = likert("q1", **{"from": "2016-04-03", "missing": "8=refused", "recode.before": "11=1|12=2|13=3|14=4|15=5"})
    study = stranger(DAY, first, second, likert("q2"))
    days = ["2016-03-31", "2016-04-03", "2016-04-01", "", "", "", ""]
    study.deliver("before", {"day": days, "q1": ["2", "12", "1", "15", "8", "9", ""], "q2": ["1"] * 7})
    (fault,) = study.faults()
    assert shown([fault]) == [("WARN", "CLN-35", 4, "q1")] and fault.saw.startswith("2 answers")
    made = study.cleaned()
    np.testing.assert_array_equal(made["cleaned"]["q1"], [2, 2] + [np.nan] * 5)
    assert list(made["missing"]["kind"]) == ["undated", "undated", "refused", "refused", "skipped"]


@pytest.mark.fault("CLN-35")
def test_the_day_counts_where_the_study_is(stranger):
    spans = [likert("q1", until="2016-03-31"), likert("q1", **{"from": "2016-04-01", "reversed": "before"})]
    days = ["2016-03-31 23:59", "2016-04-01 00:00", "2016-04-01 00:01"]
    study = stranger(DAY, *spans).deliver("before", {"day": days, "q1": ["1"] * 3}, date_format="%Y-%m-%d %H:%M",
                                          timezone="Europe/London")  # fmt: skip
    assert study.faults() == [] and list(study.cleaned()["cleaned"]["q1"]) == [1, 5, 5]
