"""Every kind of fault of the catalogue that the codebook finds: the smallest file with it, looked at by `inspect`."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from stranger import Stranger, likert, shown

AGREE = {1: "Strongly disagree", 2: "Disagree", 3: "Neither", 4: "Agree", 5: "Strongly agree"}
SPREAD = ["1", "2", "3", "4", "5"] * 20


@pytest.fixture
def stranger(tmp_path):
    return lambda *items, **more: Stranger(tmp_path / "a study", items, **more)


def one(study, wave="before"):
    """The only finding of a delivery."""
    (fault,) = study.faults(wave)
    return fault


def kinds(study, item="q1", wave="before"):
    """Kinds of missing of an item, in the order of the rows."""
    missing = study.cleaned(wave)["missing"]
    return list(missing.loc[missing["item"] == item, "kind"])


def sav(columns, labels=None, **more):
    """Arguments that deliver columns of text as an SPSS file."""
    numbers = {name: [float(cell) if cell else None for cell in cells] for name, cells in columns.items()}
    return numbers, "sav", {"variable_value_labels": labels or {}, **more}


@pytest.mark.parametrize("form", ["csv", "sav"])
def test_a_clean_file_has_no_finding(stranger, form):
    study = stranger(likert("q1"), likert("q2"), {"item": "n", "label": "N", "type": "count"})
    columns = {"q1": SPREAD, "q2": SPREAD[::-1], "n": [str(number) for number in range(100)]}
    study.deliver("before", *(sav(columns, {"q1": AGREE}) if form == "sav" else (columns,)))
    assert study.faults(quiet=()) == []


@pytest.mark.fault("CLN-01")
@pytest.mark.parametrize(("name", "near"), [("q4_communication", True), ("Q4_COMM", True), ("v17", False)])
def test_a_column_was_renamed(stranger, name, near):
    study = stranger(likert("q4_comm"), likert("q2")).deliver("after", {name: SPREAD, "q2": SPREAD})
    (stop,) = [fault for fault in study.faults("after") if fault.severity == "STOP"]
    assert shown([stop]) == [("STOP", "CLN-01", None, "q4_comm")]
    assert (f'"{name}"' in stop.message) == near
    assert "name.after" in stop.action


@pytest.mark.fault("CLN-01")
def test_a_renamed_column_is_found_by_its_label(stranger):
    columns, form, described = sav(
        {"comms": SPREAD, "q2": SPREAD}, column_labels=["", "Question q1", "Question q2", ""]
    )
    study = stranger(likert("q1"), likert("q2")).deliver("after", columns, form, described)
    assert any('"comms"' in fault.message for fault in study.faults("after") if fault.id == "CLN-01")


@pytest.mark.fault("CLN-02")
def test_columns_in_another_order_are_matched_by_name(stranger):
    study = stranger(likert("q1"), likert("q2"), likert("q3"))
    low, high = ["1", "2"] * 20, ["4", "5"] * 20
    study.deliver("before", {"q1": low, "q2": high, "q3": low}).deliver("after", {"q3": low, "q1": low, "q2": high})
    assert study.faults("after") == []
    (fault,) = study.faults("after", quiet=())
    assert shown([fault]) == [("OK", "CLN-02", None, "q3")]
    cleaned = study.cleaned("after")["cleaned"]
    assert cleaned["q1"].max() == 2 and cleaned["q2"].min() == 4


@pytest.mark.fault("CLN-02")
def test_columns_whose_texts_were_swapped(stranger):
    study = stranger(likert("q1"), likert("q2"))
    columns, form, described = sav(
        {"q1": SPREAD, "q2": SPREAD}, column_labels=["Area", "Question q2", "Question q1", ""]
    )
    study.deliver("after", columns, form, described)
    assert shown(study.faults("after")) == [("WARN", "CLN-02", None, "q1"), ("WARN", "CLN-02", None, "q2")]


@pytest.mark.fault("CLN-34")
def test_a_question_was_reworded(stranger):
    study = stranger(likert("q1"))
    for wave, text in (("before", "I trust them"), ("after", "I trust most of them")):
        study.deliver(wave, *sav({"q1": SPREAD}, column_labels=["Area", text, ""]))
    assert shown(study.faults("after")) == [("WARN", "CLN-34", None, "q1")]


@pytest.mark.fault("CLN-03")
@pytest.mark.parametrize("pair", [(1, 5), (2, 4)])
def test_labels_run_the_other_way(stranger, pair):
    labels = dict(AGREE)
    labels[pair[0]], labels[pair[1]] = labels[pair[1]], labels[pair[0]]
    study = stranger(likert("q1")).deliver("before", *sav({"q1": SPREAD}, {"q1": labels}))
    fault = one(study)
    assert shown([fault]) == [("STOP", "CLN-03", None, "q1")]
    assert f'label of {pair[0]} is "{AGREE[pair[1]]}"' in fault.saw and "reversed" in fault.action


@pytest.mark.fault("CLN-03")
def test_labels_that_no_codebook_gives_run_the_other_way_than_before(stranger):
    study = stranger({"item": "q1", "label": "Q", "type": "ordinal", "low": "1", "high": "3"})
    for wave, labels in (("before", {1: "Low", 3: "High"}), ("after", {1: "High", 3: "Low"})):
        study.deliver(wave, *sav({"q1": ["1", "2", "3"] * 10}, {"q1": labels}))
    assert shown(study.faults("after")) == [("STOP", "CLN-03", None, "q1")]


def scale(seed, turned=(), rows=80):
    """Answers to four items that go together, some of them turned round."""
    random = np.random.default_rng(seed)
    base = random.normal(3, 1, rows)
    answers = {f"q{n}": np.clip(np.round(base + random.normal(0, 0.6, rows)), 1, 5) for n in (1, 2, 3, 4)}
    return {name: [f"{6 - value if name in turned else value:g}" for value in cells] for name, cells in answers.items()}


FOUR = [likert(f"q{n}") for n in (1, 2, 3, 4)]


@pytest.mark.fault("CLN-04")
@pytest.mark.parametrize("item", ["q1", "q4"])
def test_an_item_is_turned_round_at_one_wave(stranger, item):
    study = stranger(*FOUR, scales={"s": ["q1", "q2", "q3", "q4"]})
    study.deliver("before", scale(1)).deliver("after", scale(2, turned=(item,)))
    assert study.faults() == []
    fault = one(study, "after")
    assert shown([fault]) == [("WARN", "CLN-04", None, item)]
    assert "at after, +0." in fault.saw
    assert study.cleaned("after")["cleaned"][item].mean() == np.mean([float(x) for x in scale(2, (item,))[item]])


@pytest.mark.fault("CLN-04")
def test_an_item_that_the_scale_turns_is_not_against_it(stranger):
    study = stranger(*FOUR, scales={"s": ["q1", "q2", "q3", "-q4"]}).deliver("before", scale(1, turned=("q4",)))
    assert study.faults() == []


@pytest.mark.fault("CLN-04")
def test_a_single_item_is_turned_round(stranger):
    study = stranger(likert("q1"))
    study.deliver("before", {"q1": ["1", "1", "2", "3"] * 20}).deliver("after", {"q1": ["5", "5", "4", "3"] * 20})
    assert shown(study.faults("after")) == [("WARN", "CLN-04", None, "q1")]


@pytest.mark.fault("CLN-05")
@pytest.mark.parametrize("form", ["csv", "sav"])
@pytest.mark.parametrize(("cells", "told"), [(["0", "1", "2", "3", "4"] * 4, "values 0 to 4 (no 5"),
                                             (["0", "1", "3"], "values 0 to 4 (no 5"),
                                             (["2", "3", "4", "5", "6"] * 4, "values 2 to 6 (no 1"),
                                             (["0", "1", "5"] * 4, "values 0 to 5"),
                                             ([*"12345"] * 60 + ["0", "0"], "values 0 to 5")])  # fmt: skip
def test_the_base_of_the_codes_has_changed(stranger, form, cells, told):
    study = stranger(likert("q1")).deliver("before", *(sav({"q1": cells}) if form == "sav" else ({"q1": cells},)))
    fault = one(study)
    outside = next(place for place, cell in enumerate(cells) if cell in "06")
    assert shown([fault]) == [("STOP", "CLN-05", outside + (1 if form == "sav" else 2), "q1")]
    assert told in fault.saw and "recode" in fault.action


@pytest.mark.fault("CLN-05")
def test_the_labels_of_the_file_count_from_another_base(stranger):
    moved = {code - 1: label for code, label in AGREE.items()} | {9: "Refused"}
    study = stranger(likert("q1", missing="9=refused"))
    study.deliver("before", *sav({"q1": [*"01234"] * 5}, {"q1": moved}))
    found = shown(study.faults())
    assert found == [("STOP", "CLN-05", None, "q1"), ("STOP", "CLN-05", 1, "q1")]


@pytest.mark.fault("CLN-05")
def test_the_base_has_changed_and_there_is_a_slip_as_well(stranger):
    study = stranger(likert("q1")).deliver("before", {"q1": [*["0", "1", "2", "3", "4"] * 20, "55"]})
    assert shown(study.faults()) == [("STOP", "CLN-05", 2, "q1")]


@pytest.mark.fault("CLN-05")
def test_the_base_has_changed_to_one_that_ends_with_a_usual_missing_code(stranger):
    item = {"item": "q1", "label": "Q", "type": "likert", "low": "0", "high": "6"}
    study = stranger(item).deliver("before", {"q1": ["1", "2", "3", "4", "5", "6", "7"] * 5})
    assert shown(study.faults()) == [("STOP", "CLN-05", 8, "q1")]


@pytest.mark.fault("CLN-05", "CLN-08")
def test_a_single_code_below_a_scale_of_which_all_is_used_is_a_slip(stranger):
    study = stranger(likert("q1")).deliver("before", {"q1": [*SPREAD, "0"]})
    assert shown(study.faults()) == [("WARN", "CLN-08", 102, "q1")]
    assert kinds(study) == ["out_of_range"]


@pytest.mark.fault("CLN-06")
def test_the_questionnaire_has_more_points(stranger):
    seven = {1: "Strongly disagree", 2: "Disagree", 3: "Rather not", 4: "Neither", 5: "Rather", 6: "Agree",
             7: "Strongly agree"}  # fmt: skip
    study = stranger(likert("q1")).deliver("before", *sav({"q1": ["1", "2", "3", "4", "5"]}, {"q1": seven}))
    fault = one(study)
    assert shown([fault]) == [("STOP", "CLN-06", None, "q1")]
    assert fault.saw == "7 labelled values"


@pytest.mark.fault("CLN-06")
def test_more_points_without_labels(stranger):
    study = stranger(likert("q1")).deliver("before", {"q1": [*"1234567"] * 5})
    assert shown(study.faults()) == [("STOP", "CLN-06", 7, "q1")]


@pytest.mark.fault("CLN-06")
def test_fewer_points_in_the_same_order(stranger):
    four = {1: "Strongly disagree", 2: "Disagree", 3: "Agree", 4: "Strongly agree"}
    study = stranger(likert("q1")).deliver("before", *sav({"q1": ["1", "2", "3", "4"]}, {"q1": four}))
    assert shown(study.faults()) == [("STOP", "CLN-06", None, "q1")]


@pytest.mark.fault("CLN-07")
def test_a_label_in_another_language(stranger):
    cells = ["Agree"] * 100 + ["Cytuno"] * 9
    study = stranger(likert("q1")).deliver("before", {"q1": cells})
    fault = one(study)
    assert shown([fault]) == [("STOP", "CLN-07", 102, "q1")]
    assert '"Cytuno" (9 rows)' in fault.saw and "labels.before" in fault.action and fault.count == 9


@pytest.mark.fault("CLN-07")
def test_one_odd_label_is_lost_and_said_to_be(stranger):
    study = stranger(likert("q1")).deliver("before", {"q1": ["Agree"] * 100 + ["Sort of"]})
    assert shown(study.faults()) == [("WARN", "CLN-07", 102, "q1")]
    assert kinds(study) == ["unreadable"]


@pytest.mark.fault("CLN-07")
def test_labels_of_another_case_are_mended(stranger):
    study = stranger(likert("q1")).deliver("before", {"q1": ["Agree", "agree ", "AGREE", "Neither"]})
    fault = one(study)
    assert shown([fault]) == [("FIX", "CLN-07", 3, "q1")] and fault.count == 2
    made = study.cleaned()
    assert list(made["cleaned"]["q1"]) == [4, 4, 4, 3]
    assert list(made["changes"]["from_value"]) == ["Agree", "agree ", "AGREE", "Neither"]


@pytest.mark.fault("CLN-07")
def test_labels_of_the_file_are_reworded(stranger):
    study = stranger(likert("q1")).deliver("before", *sav({"q1": SPREAD}, {"q1": AGREE | {4: "Tend to agree"}}))
    assert shown(study.faults()) == [("STOP", "CLN-07", None, "q1")]


@pytest.mark.fault("CLN-07")
def test_a_wording_that_the_codebook_gives_is_fine(stranger):
    study = stranger(likert("q1", **{"labels.before": "4=Tend to agree"}))
    study.deliver("before", {"q1": ["Tend to agree", "Agree", "Neither"]})
    assert study.faults() == []
    assert list(study.cleaned()["cleaned"]["q1"]) == [4, 4, 3]


@pytest.mark.fault("CLN-08")
@pytest.mark.parametrize(("code", "form"), [("55", "csv"), ("6", "sav"), ("12", "csv")])
def test_a_value_beyond_the_scale(stranger, code, form):
    cells = [*SPREAD[:15], code, *SPREAD]
    study = stranger(likert("q1")).deliver("before", *(sav({"q1": cells}) if form == "sav" else ({"q1": cells},)))
    assert shown(study.faults()) == [("WARN", "CLN-08", 16 if form == "sav" else 17, "q1")]
    assert kinds(study) == ["out_of_range"]


@pytest.mark.fault("CLN-08")
def test_many_values_beyond_the_scale_stop_the_file(stranger):
    study = stranger(likert("q1")).deliver("before", {"q1": [*SPREAD, "55", "44", "55"]})
    fault = one(study)
    assert shown([fault]) == [("STOP", "CLN-08", 102, "q1")] and fault.count == 3


@pytest.mark.fault("CLN-09")
def test_two_boxes_ticked(stranger):
    study = stranger(likert("q1")).deliver("before", *sav({"q1": ["1", "2", "3", "4", "2.5"]}))
    assert shown(study.faults()) == [("WARN", "CLN-09", 5, "q1")]
    assert kinds(study) == ["unreadable"]


@pytest.mark.fault("CLN-09")
def test_a_whole_number_but_for_its_last_digits(stranger):
    study = stranger(likert("q1")).deliver("before", *sav({"q1": ["1", "2", "3.0000001"]}))
    assert shown(study.faults()) == [("FIX", "CLN-09", 3, "q1")]
    made = study.cleaned()
    assert list(made["cleaned"]["q1"]) == [1, 2, 3]
    assert list(made["changes"]["to_value"]) == ["3"]


@pytest.mark.fault("CLN-10")
@pytest.mark.parametrize("code", ["99", "-1", "9", "-99", "999", "8"])
@pytest.mark.parametrize("kind", ["likert", "number"])
def test_a_code_for_missing_that_nobody_declared(stranger, code, kind):
    item = likert("q1") if kind == "likert" else {"item": "q1", "label": "N", "type": "number", "low": "1", "high": "5"}
    study = stranger(item).deliver("before", {"q1": [*SPREAD, code, code, code]})
    fault = one(study)
    assert shown([fault]) == [("STOP", "CLN-10", 102, "q1")]
    assert f"{code} in 3 rows" in fault.saw and f"{code}=KIND" in fault.action


@pytest.mark.fault("CLN-10")
def test_two_codes_for_missing_are_told_together_and_a_declared_one_is_fine(stranger):
    study = stranger(likert("q1")).deliver("before", {"q1": [*SPREAD, *["99"] * 6, "-1", "-1"]})
    assert one(study).saw == "saw -1 in 2 rows and 99 in 6 rows"
    study.lines.clear()
    (study.root / "config/codebook/form.csv").write_text(
        "item,label,type,use,labels,missing\narea,Area,text,area,,\n"
        "q1,Q,likert,,@agree,99=refused|-1=skipped\nother,O,count,,,\n"
    )
    study.deliver("before", {"q1": [*SPREAD, *["99"] * 6, "-1", "-1"]})
    assert study.faults() == []
    assert kinds(study) == ["refused"] * 6 + ["skipped"] * 2


@pytest.mark.fault("CLN-11")
@pytest.mark.parametrize(("code", "others"), [("99", range(70, 120)), ("999", range(980, 1010)), ("-9", range(40))])
def test_a_code_for_missing_among_the_numbers_of_a_count(stranger, code, others):
    kind = "number" if code < "0" else "count"
    study = stranger({"item": "q1", "label": "N", "type": kind})
    cells = [str(number) for number in others if str(number) != code] + [code] * 9
    study.deliver("before", {"q1": cells})
    fault = one(study)
    assert shown([fault]) == [("WARN", "CLN-11", None, "q1")] and fault.count == 9
    assert list(study.cleaned()["cleaned"]["q1"]) == [float(cell) for cell in cells]


@pytest.mark.fault("CLN-12")
@pytest.mark.parametrize("missing", [[{"lo": 5, "hi": 9}], [5.0]])
def test_the_file_declares_a_valid_code_missing(stranger, missing):
    study = stranger(likert("q1"))
    study.deliver("before", *sav({"q1": SPREAD}, {"q1": AGREE}, missing_ranges={"q1": missing}))
    fault = one(study)
    assert shown([fault]) == [("STOP", "CLN-12", None, "q1")]
    assert 'valid code 5 "Strongly agree"' in fault.saw


@pytest.mark.fault("CLN-13")
def test_two_codes_have_one_label(stranger):
    study = stranger(likert("q1")).deliver("before", *sav({"q1": SPREAD}, {"q1": AGREE | {5: "agree "}}))
    assert ("STOP", "CLN-13", None, "q1") in shown(study.faults())
    assert "codes 4 and 5" in next(fault for fault in study.faults() if fault.id == "CLN-13").saw


def boxes(*names, **more):
    return [{"item": name, "label": f"Box {name}", "type": "binary", "set": "topics"} | more for name in names]


@pytest.mark.fault("CLN-14")
@pytest.mark.parametrize("form", ["csv", "sav"])
def test_a_blank_beside_a_tick_is_a_no(stranger, form):
    study = stranger(likert("q1"), *boxes("t1", "t2", "t3"))
    columns = {"q1": ["1", "2", "3"], "t1": ["1", "", ""], "t2": ["", "", "1"], "t3": ["", "", "1"]}
    study.deliver("before", *(sav(columns) if form == "sav" else (columns,)))
    fault = one(study)
    assert shown([fault]) == [("FIX", "CLN-14", 1 if form == "sav" else 2, "t1")] and fault.count == 3
    assert "1 respondents skipped" in fault.action
    cleaned = study.cleaned()["cleaned"]
    np.testing.assert_array_equal(cleaned[["t1", "t2", "t3"]], [[1, 0, 0], [np.nan] * 3, [0, 1, 1]])


@pytest.mark.fault("CLN-14")
def test_a_tick_box_of_no_set(stranger):
    study = stranger(likert("q1"), {"item": "t", "label": "T", "type": "binary"})
    study.deliver("before", {"q1": SPREAD, "t": ["1", ""] * 50})
    assert shown(study.faults()) == [("WARN", "CLN-14", None, "t")]
    assert study.cleaned()["cleaned"]["t"].isna().sum() == 50


OPTIONS = [{"item": f"o{n}", "label": text, "type": "binary", "set": "ways", "name": "ways", "labels": f"0=No|1={text}"}
           for n, text in ((1, "E-mail"), (2, "Phone, or text"), (3, "Letter"))]  # fmt: skip


@pytest.mark.fault("CLN-15")
def test_options_in_one_cell_become_an_indicator_each(stranger):
    study = stranger(likert("q1"), *OPTIONS)
    cells = ["E-mail;Letter", "letter, Phone, or text", "", "e-mail"]
    study.deliver("before", {"q1": ["1"] * 4, "ways": cells})
    assert study.faults() == []
    np.testing.assert_array_equal(
        study.cleaned()["cleaned"][["o1", "o2", "o3"]], [[1, 0, 1], [0, 1, 1], [np.nan] * 3, [1, 0, 0]]
    )


@pytest.mark.fault("CLN-15")
def test_an_option_that_nobody_knows(stranger):
    study = stranger(likert("q1"), *OPTIONS).deliver("before", {"q1": ["1"] * 2, "ways": ["E-mail", "Fax;E-mail"]})
    assert shown(study.faults()) == [("WARN", "CLN-15", 3, "ways")]
    assert list(study.cleaned()["cleaned"]["o1"]) == [1, 1]


def spread(code):
    return {"name": "c1|c2|c3", "recode.before": f"{code}=1"}


@pytest.mark.fault("CLN-15")
@pytest.mark.parametrize("form", ["csv", "sav"])
def test_options_spread_over_several_columns_become_an_indicator_each(stranger, form):
    named = [option | (spread(code) if form == "csv" else {"name": "c1|c2|c3"})
             for code, option in zip((4, 2, 3), OPTIONS, strict=True)]  # fmt: skip
    study = stranger(likert("q1"), *named)
    columns = {"q1": ["1"] * 4, "c1": ["2", "3", "", "4"], "c2": ["", "4", "", "4"], "c3": ["3", "", "", ""]}
    ways = {4: "E-mail", 2: "Phone, or text", 3: "Letter"}
    labels = {"c1": ways, "c2": ways, "c3": ways}
    study.deliver("before", *(sav(columns, labels) if form == "sav" else (columns,)))
    assert study.faults(quiet=()) == []
    made = study.cleaned()
    np.testing.assert_array_equal(made["cleaned"][["o1", "o2", "o3"]], [[0, 1, 1], [1, 0, 1], [np.nan] * 3, [1, 0, 0]])
    log = made["changes"].query("variable == 'o1'")
    assert log[["_row", "from_value", "to_value"]].to_numpy().tolist() == [
        [row + (form == "csv"), *cells] for row, *cells in ([1, "2;3", "0"], [2, "3;4", "1"], [4, "4;4", "1"])
    ]


@pytest.mark.fault("CLN-15")
def test_an_option_of_several_columns_that_nobody_knows_and_one_that_is_missing(stranger):
    named = [option | spread(code) | {"missing": "9=refused"} for code, option in enumerate(OPTIONS, 1)]
    columns = {"q1": ["1"] * 3, "c1": ["7", "9", "1"], "c2": ["2", "", "9"], "c3": ["", "", ""]}
    study = stranger(likert("q1"), *named).deliver("before", columns)
    assert shown(study.faults()) == [("WARN", "CLN-15", 2, "c1|c2|c3")]
    np.testing.assert_array_equal(study.cleaned()["cleaned"][["o1", "o2"]], [[0, 1], [np.nan] * 2, [1, 0]])
    assert kinds(study, "o2") == ["refused"]


@pytest.mark.fault("CLN-01", "CLN-15")
def test_one_of_the_columns_of_a_set_is_missing(stranger):
    named = [option | spread(code) for code, option in enumerate(OPTIONS, 1)]
    study = stranger(likert("q1"), *named).deliver("before", {"q1": ["1"], "c1": ["2"], "c3": [""]})
    assert ("STOP", "CLN-01", None, "c2") in shown(study.faults())


STATE = {"item": "state", "label": "Status", "type": "category", "use": "status"}


@pytest.mark.fault("CLN-16")
@pytest.mark.parametrize("said", ["Survey Preview", "survey test", "Preview", "TEST"])
def test_a_preview_is_no_response(stranger, said):
    study = stranger(STATE, likert("q1"))
    study.deliver("before", {"state": ["IP Address", "", said], "q1": ["1", "2", "3"]})
    assert shown(study.faults()) == [("REJECT", "CLN-16", 4, "")]
    made = study.cleaned()
    assert list(made["cleaned"]["q1"]) == [1, 2]
    assert made["rejects"].to_dict("records")[0]["reason"] == "test_response"


@pytest.mark.fault("CLN-16")
def test_a_codebook_that_lists_all_states_makes_no_preview_count(stranger):
    study = stranger(STATE | {"labels": "0=IP Address|1=Survey Preview|2=Survey Test"}, likert("q1"))
    study.deliver("before", {"state": ["0", "1", "IP Address", "Survey Test", "8"], "q1": [*"12345"]})
    assert shown(study.faults()) == [("REJECT", "CLN-16", row, "") for row in (3, 5, 6)]


@pytest.mark.fault("CLN-16")
def test_a_preview_by_its_code(stranger):
    study = stranger(STATE, likert("q1"))
    study.deliver("before", *sav({"state": ["0", "1"], "q1": ["1", "2"]},
                                 {"state": {0: "IP Address", 1: "Survey Preview"}}))  # fmt: skip
    assert shown(study.faults()) == [("REJECT", "CLN-16", 2, "")]


CALLED = [{"item": use, "label": use, "type": "text", "use": use} for use in ("name", "email")]


@pytest.mark.fault("CLN-16")
@pytest.mark.parametrize(
    ("name", "email", "column"),
    [("Mickey Mouse", "a@b.example", "name"), ("asdfgh", "", "name"), ("Test User 2", "", "name"),
     ("Mouse, Minnie", "", "name"), ("xxx", "", "name"), ("Ann Hill", "test.test@b.example", "email")],
)  # fmt: skip
def test_a_name_by_which_people_try_things_out_is_flagged_kept_and_not_shown(stranger, name, email, column):
    study = stranger(*CALLED, likert("q1"))
    columns = {"name": ["Tess Powers", name, "John Smith III"], "email": ["t@b.example", email, "ann.test@b.example"]}
    study.deliver("before", columns | {"q1": ["1", "2", "3"]})
    fault = one(study)
    assert shown([fault]) == [("WARN", "CLN-16", 3, column)]
    assert name not in fault.message and "test.test" not in fault.message and "qc_test" in fault.action
    assert fault.expected == "that of a respondent"
    made = study.cleaned()
    assert list(made["flags"]["qc_test"]) == [False, True, False] and len(made["cleaned"]) == 3
    study._write("config/study.yaml", (study.root / "config/study.yaml").read_text() + "exclude: [test_names]\n")
    made = study.cleaned()
    assert made["rejects"][["_row", "reason", "rule"]].to_numpy().tolist() == [[3, "test_name", "CLN-16"]]
    assert list(made["cleaned"]["q1"]) == [1, 3]


@pytest.mark.fault("CLN-16")
def test_a_made_up_name_in_two_columns(stranger):
    parts = [{"item": part, "label": part, "type": "text", "use": "name"} for part in ("first", "last")]
    study = stranger(*parts, likert("q1"))
    study.deliver("before", {"first": ["Donald", "Donald"], "last": ["Hill", "DUCK"], "q1": ["1", "2"]})
    assert shown(study.faults()) == [("WARN", "CLN-16", 3, "first")]


TEN = [likert(f"q{n}") for n in range(1, 11)]


def ten(rows=40):
    random = np.random.default_rng(3)
    base = random.normal(0, 1, rows)
    answers = {n: np.clip(np.round(3 + (base if n < 10 else -base) + random.normal(0, 0.7, rows)), 1, 5)
               for n in range(1, 11)}  # fmt: skip
    return {f"q{n}": [f"{cell:g}" for cell in cells] for n, cells in answers.items()}


@pytest.mark.fault("CLN-17")
@pytest.mark.parametrize("form", ["duration", "moments"])
def test_speeders_and_straight_liners_are_flagged_and_kept(stranger, form):
    columns = ten()
    for cells in columns.values():
        cells[4] = "2"
    if form == "duration":
        times = [{"item": "took", "label": "Duration", "type": "number", "use": "duration", "unit": "minutes"}]
        columns |= {"took": ["8"] * 39 + ["0.4"]}
    else:
        times = [{"item": use, "label": use, "type": "date", "use": use} for use in ("started", "completed")]
        columns |= {
            "started": ["2016-03-04T10:00:00"] * 40,
            "completed": ["2016-03-04T10:08:00"] * 39 + ["2016-03-04T10:00:24"],
        }
    study = stranger(*TEN, *times, scales={"s": [*(f"q{n}" for n in range(1, 10)), "-q10"]}).deliver("before", columns)
    fault = one(study)
    assert shown([fault]) == [("WARN", "CLN-17", 6, "")] and fault.count == 2
    assert "1 of 40 answered in under 3 s an item, 1 gave one answer throughout" in fault.saw
    made = study.cleaned()
    assert len(made["cleaned"]) == 40
    assert list(np.flatnonzero(made["flags"]["qc_straight"])) == [4]
    assert list(np.flatnonzero(made["flags"]["qc_speed"])) == [39]
    study._write("config/study.yaml", (study.root / "config/study.yaml").read_text() + "exclude: [speeders]\n")
    made = study.cleaned()
    assert made["rejects"][["_row", "reason", "rule"]].to_numpy().tolist() == [[41, "speeder", "CLN-17"]]
    assert made["balance"] == {"source": "before", "rows_in": 40, "rows_out": 39, "rows_rejected": 1}


def test_flags_stand_beside_responses_without_an_answer(stranger):
    columns = ten()
    for cells in columns.values():
        cells[4], cells[2] = "2", ""
    scales = {"s": [*(f"q{n}" for n in range(1, 10)), "-q10"]}
    study = stranger(*TEN, scales=scales).deliver("before", columns | {"other": ["1", "1", "", *["1"] * 37]})
    assert ("WARN", "CLN-17", 6, "") in shown(study.faults())
    assert "no_answers" in study.cleaned()["rejects"]["reason"].tolist()


@pytest.mark.fault("CLN-17")
def test_one_answer_throughout_a_short_scale_says_nothing(stranger):
    columns = ten()
    for cells in columns.values():
        cells[4] = "2"
    scales = {"s": [f"q{n}" for n in range(1, 10)]}
    assert stranger(*TEN[:9], scales=scales).deliver("before", dict(list(columns.items())[:9])).faults() == []


@pytest.mark.fault("CLN-18")
def test_a_questionnaire_that_was_opened_only(stranger):
    study = stranger(likert("q1"), likert("q2"))
    study.deliver("before", {"q1": ["1", "", "3"], "q2": ["", "", "2"], "other": [""] * 3})
    fault = one(study)
    assert shown([fault]) == [("REJECT", "CLN-18", 3, "")] and "answered 0 of 3 items" in fault.saw
    made = study.cleaned()
    assert list(made["cleaned"]["_row"]) == [2, 4]
    assert list(made["rejects"]["reason"]) == ["no_answers"]


DAY = {"item": "day", "label": "Day", "type": "date", "use": "completed"}


def dated(stranger, cells, form="%d/%m/%Y", **entry):
    study = stranger(DAY, likert("q1"))
    return study.deliver("before", {"day": cells, "q1": ["1"] * len(cells)}, date_format=form, **entry)


@pytest.mark.fault("CLN-19")
@pytest.mark.parametrize(
    ("declared", "cells", "told"),
    [("%m/%d/%Y", ["25/04/2016", "03/04/2016", "26/04/2016", "27/04/2016"], "All fit %d/%m/%Y"),
     ("%d/%m/%Y", ["04/25/2016", "04/26/2016", "04/27/2016"], "All fit %m/%d/%Y"),
     ("%d/%m/%Y", ["2016-04-03", "2016-04-05"], "All fit %Y-%m-%d"),
     ("%d/%m/%Y", ["13/04/16", "15/04/16"], "All fit %d/%m/%y"),
     ("%d/%m/%Y", ["42463", "42464"], "serial numbers")],
)  # fmt: skip
def test_dates_of_another_form(stranger, declared, cells, told):
    fault = one(dated(stranger, cells, declared))
    assert shown([fault]) == [("STOP", "CLN-19", 2, "day")]
    assert told in fault.action


@pytest.mark.fault("CLN-19")
def test_day_and_month_swapped_by_the_days_of_the_wave(stranger):
    study = stranger(DAY | {"low": "2016-01-01", "high": "2016-01-31"}, likert("q1"))
    cells = ["01/09/2016", "01/10/2016", "01/11/2016"]
    study.deliver("before", {"day": cells, "q1": ["1"] * 3}, date_format="%d/%m/%Y")
    fault = one(study)
    assert shown([fault]) == [("STOP", "CLN-19", 2, "day")]
    assert "%m/%d/%Y" in fault.action


@pytest.mark.fault("CLN-19")
def test_dates_that_do_not_tell_day_from_month(stranger):
    cells = ["01/02/2016", "03/04/2016", "05/06/2016", "07/08/2016", "09/10/2016", "11/12/2016"]
    assert shown(dated(stranger, cells).faults()) == [("WARN", "CLN-19", None, "day")]


@pytest.mark.fault("CLN-20")
@pytest.mark.parametrize("cell", ["30/02/2016", "01/01/1900", "00/00/0000", "yesterday"])
def test_a_day_that_is_none(stranger, cell):
    study = dated(stranger, ["13/04/2016", "14/04/2016", cell, "15/04/2016"])
    assert shown(study.faults()) == [("WARN", "CLN-20", 4, "day")]
    made = study.cleaned()
    assert list(made["cleaned"]["completed"]) == ["2016-04-13", "2016-04-14", "", "2016-04-15"]
    assert cell in set(made["changes"]["from_value"])


@pytest.mark.fault("CLN-21")
def test_times_that_clocks_showed_twice_or_never(stranger):
    cells = ["2016-10-30T01:30:00", "2016-03-27 01:30:00", "2016-06-30T23:30:00Z", "2016-06-30T23:30:00"]
    study = dated(stranger, cells, "%Y-%m-%d", timezone="Europe/London")
    fault = one(study)
    assert shown([fault]) == [("FIX", "CLN-21", 2, "day")] and fault.count == 2
    assert list(study.cleaned()["cleaned"]["completed"]) == ["2016-10-30", "2016-03-27", "2016-07-01", "2016-06-30"]


@pytest.mark.fault("CLN-22")
def test_a_day_outside_the_wave(stranger):
    study = dated(stranger, ["13/04/2016", "14/04/2015", "15/04/2016"])
    assert shown(study.faults()) == [("WARN", "CLN-22", 3, "day")]
    assert list(study.cleaned()["cleaned"]["completed"]) == ["2016-04-13", "", "2016-04-15"]


@pytest.mark.fault("CLN-22")
def test_most_days_outside_the_wave(stranger):
    fault = one(dated(stranger, ["13/04/2018"] * 5 + ["13/04/2016"]))
    assert shown([fault]) == [("STOP", "CLN-22", 2, "day")] and "swapped" in fault.action


@pytest.mark.fault("CLN-22")
def test_a_later_wave_is_older_than_the_one_before(stranger):
    study = stranger(DAY, likert("q1"))
    for wave, month in (("before", "09"), ("after", "03")):
        days = [f"2016-{month}-{day:02d}" for day in range(1, 31)]
        study.deliver(wave, {"day": days, "q1": SPREAD[:30]})
    assert shown(study.faults("after")) == [("STOP", "CLN-22", None, "")]


BAND = {"item": "q1", "label": "Contacts", "type": "ordinal", "labels": "0=0|1=1-2|2=3-5|3=6+"}


@pytest.mark.fault("CLN-23")
@pytest.mark.parametrize(("cell", "meant"), [("03-May", "3-5"), ("May-03", "5-3"), ("2016-05-03", "3-5")])
def test_a_spreadsheet_made_a_day_of_an_answer(stranger, cell, meant):
    study = stranger(BAND).deliver("before", {"q1": ["1-2", "3-5", "6+", "0", cell]})
    fault = one(study)
    assert shown([fault]) == [("WARN", "CLN-23", 6, "q1")] and f'"{meant}"' in fault.action
    assert kinds(study) == ["unreadable"]


@pytest.mark.fault("CLN-24")
@pytest.mark.parametrize("cell", ["３", "٣", "৩"])
def test_digits_of_another_script(stranger, cell):
    study = stranger(likert("q1")).deliver("before", {"q1": ["1", cell]})
    fault = one(study)
    assert shown([fault]) == [("FIX", "CLN-24", 3, "q1")] and cell in fault.saw
    made = study.cleaned()
    assert list(made["cleaned"]["q1"]) == [1, 3]
    assert made["changes"][["from_value", "to_value"]].to_numpy().tolist() == [[cell, "3"]]


@pytest.mark.fault("CLN-24")
def test_decimals_of_another_script(stranger):
    study = stranger({"item": "q1", "label": "Weeks", "type": "number"}).deliver("before", {"q1": ["1.5", "٤٫٥"]})
    assert shown(study.faults()) == [("FIX", "CLN-24", 3, "q1")]
    assert list(study.cleaned()["cleaned"]["q1"]) == [1.5, 4.5]


@pytest.mark.fault("CLN-24")
@pytest.mark.parametrize("item", [likert("q1"), {"item": "q1", "label": "N", "type": "count"}])
def test_a_number_in_words(stranger, item):
    study = stranger(item).deliver("before", {"q1": ["1", "four", "2"]})
    assert shown(study.faults()) == [("WARN", "CLN-24", 3, "q1")]
    assert kinds(study) == ["unreadable"]


@pytest.mark.fault("CLN-25")
@pytest.mark.parametrize("cell", ["inf", "-Infinity", "1e400", "NaN"])
def test_what_is_no_finite_number(stranger, cell):
    study = stranger({"item": "q1", "label": "Weeks", "type": "number"}).deliver("before", {"q1": ["2.5", cell, "-0"]})
    assert shown(study.faults()) == [("WARN", "CLN-25", 3, "q1")]
    cleaned = study.cleaned()["cleaned"]["q1"]
    assert cleaned.isna().tolist() == [False, True, False] and not np.signbit(cleaned[2])


LEAD = {"item": "q1", "label": "Lead", "type": "binary", "labels": "0=No|1=Yes"}


@pytest.mark.fault("CLN-26")
@pytest.mark.parametrize(("cells", "told"), [(["0", "1", "2"], "holds 0, 1, 2"), (["1", "2"], "holds 1, 2"),
                                             (["Yes", "0", "2", "1"], "holds 0, 1, 2")])  # fmt: skip
def test_which_code_is_no(stranger, cells, told):
    fault = one(stranger(LEAD).deliver("before", {"q1": cells}))
    assert shown([fault]) == [("STOP", "CLN-26", cells.index("2") + 2, "q1")]
    assert told in fault.saw and "recode" in fault.action


@pytest.mark.fault("CLN-26")
def test_which_code_is_no_by_the_recode(stranger):
    study = stranger(LEAD | {"recode.before": "1=1|2=0"}).deliver("before", {"q1": ["1", "2", "0"]})
    assert shown(study.faults()) == [("STOP", "CLN-26", 4, "q1")]


@pytest.mark.fault("CLN-26")
def test_yes_and_no_in_words(stranger):
    study = stranger(LEAD).deliver("before", {"q1": ["TRUE", "False", "Y", "n", "Yes", "No", "1", "0"]})
    fault = one(study)
    assert shown([fault]) == [("FIX", "CLN-26", 2, "q1")] and fault.count == 4
    assert list(study.cleaned()["cleaned"]["q1"]) == [1, 0] * 4


@pytest.mark.fault("CLN-27")
def test_personal_data_in_free_text(stranger):
    study = stranger(likert("q1"), {"item": "said", "label": "Comments", "type": "text", "use": "free_text"})
    texts = ["fine", "write to a.b@c.example", "ring 020 7946 0958", "943 476 5919 is hers"]
    study.deliver("before", {"q1": ["1"] * 4, "said": texts})
    fault = one(study)
    assert shown([fault]) == [("WARN", "CLN-27", 3, "said")] and fault.count == 3
    assert not any(part in fault.message for part in ("a.b@c", "7946", "5919"))
    assert "said" not in study.cleaned()["cleaned"]


WEIGHT = {"item": "wt", "label": "Weight", "type": "number", "use": "weight"}


@pytest.mark.fault("CLN-28")
@pytest.mark.parametrize("form", ["csv", "sav"])
@pytest.mark.parametrize(
    ("cells", "expected"),
    [(["1", "-0.4", "2"], ("STOP", 2)), (["0", "0", "0"], ("STOP", 1)), (["1", "", "0.5"], ("WARN", 2)),
     (["1", "0", "0.5"], None)],
)  # fmt: skip
def test_weights_that_cannot_be(stranger, form, cells, expected):
    study = stranger(WEIGHT, likert("q1"))
    columns = {"wt": cells, "q1": ["1", "2", "3"]}
    study.deliver("before", *(sav(columns) if form == "sav" else (columns,)))
    found = shown(study.faults())
    assert found == ([] if expected is None else [(expected[0], "CLN-28", expected[1] + (form == "csv"), "wt")])
    if expected is None:
        assert list(study.cleaned()["cleaned"]["wt"]) == [1, 0, 0.5]


@pytest.mark.fault("CLN-29")
def test_a_record_came_twice(stranger):
    study = stranger({"item": "id", "label": "Id", "type": "text", "use": "response"}, likert("q1"))
    study.deliver("before", {"id": ["a", "b", "a"], "q1": ["1", "2", "1"]})
    assert shown(study.faults()) == [("REJECT", "CLN-29", 4, "id")]
    assert list(study.cleaned()["rejects"]["reason"]) == ["duplicate_record"]


@pytest.mark.fault("CLN-30")
def test_a_row_of_no_wave(stranger):
    study = stranger({"item": "wave", "label": "Wave", "type": "category", "use": "wave"}, likert("q1"))
    study.deliver("", {"wave": ["Before", "after", "later"], "q1": ["1", "2", "3"]}, source="all")
    assert shown(study.faults("all")) == [("REJECT", "CLN-30", 4, "wave")]
    assert list(study.cleaned("all")["cleaned"]["wave"]) == ["before", "after"]


@pytest.mark.fault("CLN-31")
def test_durations_that_cannot_be(stranger):
    took = {"item": "took", "label": "Duration", "type": "number", "use": "duration"}
    study = stranger(took, *TEN).deliver("before", ten(5) | {"took": ["600", "-5", "900", "99999999", "0:12:00"]})
    fault = one(study)
    assert shown([fault]) == [("WARN", "CLN-31", 3, "took")] and fault.count == 2
    np.testing.assert_array_equal(study.cleaned()["flags"]["seconds"], [600, np.nan, 900, np.nan, 720])


@pytest.mark.fault("CLN-32")
def test_an_answer_where_the_item_was_not_asked(stranger):
    study = stranger(LEAD | {"item": "lead", "missing": "9=refused"}, likert("q1", asked_if="lead = 1"), likert("q2"))
    study.deliver("before", {"lead": ["1", "1", "0", "0", "", "9"], "q1": ["4", "", "", "5", "", ""], "q2": ["1"] * 6})
    fault = one(study)
    assert shown([fault]) == [("WARN", "CLN-32", 5, "q1")] and fault.expected == "none but where lead = 1"
    assert kinds(study) == ["skipped", "not_asked", "skipped", "skipped"]
    assert study.cleaned()["cleaned"]["q1"][3] == 5


@pytest.mark.fault("CLN-33")
def test_the_answers_jumped(stranger):
    study = stranger({"item": "q1", "label": "Weeks", "type": "number"}, likert("q2"))
    study.deliver("before", {"q1": [str(n) for n in range(90)], "q2": ["3", "4", "5"] * 30})
    study.deliver("after", {"q1": [str(7 * n) for n in range(20, 110)], "q2": ["2", "3", "4"] * 30})
    faults = study.faults("after")
    assert shown(faults) == [("WARN", "CLN-33", None, "q1"), ("WARN", "CLN-33", None, "q2")]
    assert "As if counted -1" in faults[1].action


@pytest.mark.fault("CLN-33")
def test_an_item_lost_its_answers(stranger):
    study = stranger(likert("q1"), likert("q2"))
    study.deliver("before", {"q1": SPREAD, "q2": SPREAD})
    study.deliver("after", {"q1": [*SPREAD[:20], *[""] * 80], "q2": SPREAD})
    assert shown(study.faults("after")) == [("WARN", "CLN-33", None, "q1")]


@pytest.mark.fault("CLN-35")
def test_codings_by_the_day_of_completion(stranger):
    first = likert("q1", until="2016-03-31")
    second = likert("q1", **{"from": "2016-04-01", "reversed": "before"})
    study = stranger(DAY, first, second, likert("q2"))
    days = ["2016-03-31", "2016-04-01", "", ""]
    study.deliver("before", {"day": days, "q1": ["1", "1", "1", ""], "q2": ["1"] * 4})
    assert shown(study.faults()) == [("WARN", "CLN-35", 4, "q1")]
    made = study.cleaned()
    np.testing.assert_array_equal(made["cleaned"]["q1"], [1, 5, np.nan, np.nan])
    assert kinds(study) == ["undated", "skipped"]
    assert made["changes"].query("variable == 'q1'")["rule"].tolist() == ["reverse", "undated"]
