import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilot_eval.clean.cells import typed
from pilot_eval.faults import StudyFaults

NAN = float("nan")


def equal(series, values):
    np.testing.assert_array_equal(series.to_numpy(dtype=float), np.array(values, dtype=float))


def severities(table):
    return set(zip(table["id"], table["severity"], strict=True))


def stops(call):
    with pytest.raises(StudyFaults) as caught:
        call()
    return {fault.id: fault for fault in caught.value.faults if fault.severity == "STOP"}


def replay(made, codebook, wave="before"):
    """The change log applied to the delivered answers."""
    cleaned = made["cleaned"]
    answers = made["answers"].set_index("_id").loc[cleaned["_id"]]
    log = made["changes"].pivot(index="_id", columns="variable", values="to_value").reindex(cleaned["_id"])
    table = {}
    for entry in codebook:
        if entry["use"] not in ("answer", "attribute", "weight") or not entry["names"].get(wave):
            continue
        name = entry["item"]
        text = answers[entry["names"][wave]]
        if name in log:
            text = log[name].where(log[name].notna(), text)
        floats = pd.api.types.is_float_dtype(cleaned[name])
        values = [typed(one, floats) for one in text]
        table[name] = [NAN if value is None else value for value in values] if floats else [v or "" for v in values]
    return pd.DataFrame(table, index=cleaned.index)


def test_words_and_codes_become_codes(clean, item):
    words = ["Agree", "disagree ", "NEITHER", "3", "", "I couldn’t say"]
    labels = {"1": "Disagree", "2": "Neither", "3": "Agree", "4": "I couldn't say"}
    made = clean({"q": words}, [item("q", labels=labels), item("z", names={"before": None, "after": "z"})])
    equal(made["cleaned"]["q"], [3, 1, 2, 3, 4])
    assert list(made["changes"]["rule"]) == ["label"] * 4
    assert made["cleaned"]["z"].isna().all()
    assert list(made["rejects"]["reason"]) == ["no_answers"]


def test_declared_kinds_of_missing_stay_apart(clean, item):
    codebook = [item("q", missing={"8": "dont_know", "9": "refused"}), item("r")]
    made = clean({"q": ["8", "9", "Don't know", "", "3"], "r": ["1"] * 5}, codebook)
    equal(made["cleaned"]["q"], [NAN, NAN, NAN, NAN, 3])
    assert list(made["missing"]["kind"]) == ["dont_know", "refused", "dont_know", "skipped"]
    assert len(made["faults"]) == 0


def test_missing_codes_that_only_the_file_declares_keep_its_label(clean, item):
    made = clean(
        {"q": ["1", "9", "97"], "r": ["1"] * 3},
        [item("q"), item("r")],
        labels={"q": {"1": "Disagree", "9": "No view"}},
        missing={"q": {"values": [9], "ranges": [[90, None]]}},
    )
    assert list(made["missing"]["kind"]) == ["no_view", "declared"]


def test_reversed_and_recoded_waves(clean, item):
    codebook = [
        item("q", reversed=["before"]),
        item("r", recodes={"before": {"0": 1, "1": 2, "2": 3}}),
        item("s", recodes={"before": {"0": 1, "1": 2, "2": 3}}, reversed=["before"]),
        item("t", "binary", labels={"0": "No", "1": "Yes"}, recodes={"before": {"1": 1, "2": 0}}),
    ]
    made = clean({"q": ["1", "2", "3"], "r": ["0", "1", "2"], "s": ["0", "1", "2"], "t": ["1", "2", "yes"]}, codebook)
    equal(made["cleaned"]["q"], [3, 2, 1])
    equal(made["cleaned"]["r"], [1, 2, 3])
    equal(made["cleaned"]["s"], [3, 2, 1])
    equal(made["cleaned"]["t"], [1, 0, 1])
    # what comes out as it came in is no change
    assert set(made["changes"].query("variable == 'q'")["_id"]) == {"x-2", "x-4"}


def test_a_code_outside_a_complete_recode_is_no_answer(clean, item):
    codebook = [item("q", recodes={"before": {"0": 1, "1": 2, "2": 3}}), item("r")]
    made = clean({"q": ["0", "3"], "r": ["1", "1"]}, codebook)
    equal(made["cleaned"]["q"], [1, NAN])
    assert severities(made["faults"]) == {("CLN-08", "WARN")}


def test_words_are_not_turned_with_the_codes(clean, item):
    made = clean({"q": ["1", "Agree"]}, [item("q", reversed=["before"])])
    equal(made["cleaned"]["q"], [3, 3])


def test_wording_of_a_wave(clean, item):
    worded = {"before": {"1": "No", "2": "Perhaps", "3": "Yes"}}
    made = clean({"q": ["Yes", "perhaps"]}, [item("q", wave_labels=worded, reversed=["before"])])
    equal(made["cleaned"]["q"], [1, 2])


@pytest.mark.parametrize(
    ("text", "kind", "fault"),
    [("55", "out_of_range", "CLN-08"), ("99", "out_of_range", "CLN-10"), ("2.5", "unreadable", "CLN-09"),
     ("2,5", "unreadable", "ING-06"), ("Cytuno", "unreadable", "CLN-07"), ("03-May", "unreadable", "CLN-23"),
     ("inf", "unreadable", "CLN-25"), ("1e400", "unreadable", "CLN-25"), ("1,234", "unreadable", "ING-07"),
     ("50%", "unreadable", "ING-07")],
)  # fmt: skip
def test_bad_cells_are_missing_and_named(clean, item, text, kind, fault):
    made = clean({"q": ["1", text, *["3"] * 60], "r": ["1", "2"] * 31}, [item("q"), item("r")])
    equal(made["cleaned"]["q"], [1, NAN, *[3] * 60])
    assert made["missing"].to_dict("records") == [{"_id": "x-3", "item": "q", "kind": kind}]
    (row,) = made["faults"].to_dict("records")
    assert (row["id"], row["severity"], row["row"], row["column"]) == (fault, "WARN", 3, "q")
    assert text in row["saw"]
    assert made["changes"].to_dict("records")[0]["from_value"] == text


@pytest.mark.parametrize(
    ("text", "fault"), [("99", "CLN-10"), ("7", "CLN-10"), ("6", "CLN-08"), ("0", "CLN-05"), ("Cytuno", "CLN-07")]
)
def test_many_bad_cells_stop_the_file(clean, item, text, fault):
    answers = {"q": ["1", "2"] * 10 + [text] * 5}
    found = stops(lambda: clean(answers, [item("q")]))
    assert fault in found
    assert found[fault].count == 5 and found[fault].column == "q"


def test_numbers_and_counts(clean, item):
    codebook = [item("n", "count", low=0, high=300, missing={"-8": "dont_know"}), item("w", "number", low=0, high=52)]
    made = clean(
        {"n": ["97", "99", "-8", "301", "３"], "w": ["2,5", "0", "52", "0,1", "-2"]},
        codebook,
        decimal=",",
        format="csv",
    )
    equal(made["cleaned"]["n"], [97, 99, NAN, NAN, 3])
    equal(made["cleaned"]["w"], [2.5, 0, 52, 0.1, NAN])
    assert list(made["changes"].query("variable == 'w'")["to_value"]) == ["2.5", "0.1", ""]


def test_spss_numbers_have_a_point_whatever_the_delivery_declares(clean, item):
    made = clean({"w": ["2.5"]}, [item("w", "number")], decimal=",", format="sav")
    equal(made["cleaned"]["w"], [2.5])


def test_dates_are_strict(clean, item):
    codebook = [item("done", "date", use="completed"), item("q")]
    dates = ["03/02/2020", "30/02/2020", "01/01/1900", "", "02/04/2020"]
    made = clean({"done": dates, "q": ["1"] * 5}, codebook, date_format="%d/%m/%Y")
    assert list(made["cleaned"]["completed"]) == ["2020-02-03", "", "", "", ""]
    assert list(zip(made["faults"]["id"], made["faults"]["row"], strict=True)) == [
        ("CLN-20", 3), ("CLN-20", 4), ("CLN-22", 6),
    ]  # fmt: skip


def test_a_column_of_another_date_form_stops_and_names_it(clean, item):
    found = stops(
        lambda: clean({"d": ["25/01/2020"] * 6, "q": ["1"] * 6}, [item("d", "date"), item("q")], date_format="%m/%d/%Y")
    )
    assert "%d/%m/%Y" in found["CLN-19"].action


def test_records_that_came_twice(clean, item):
    codebook = [item("id", "text", use="response"), item("q"), item("r")]
    made = clean({"id": ["a", "b", "a", "", "", "a"], "q": list("112112"), "r": list("122222")}, codebook)
    assert list(made["rejects"]["_row"]) == [4, 7]
    assert set(made["rejects"]["reason"]) == {"duplicate_record"}
    assert all("row 2" in detail for detail in made["rejects"]["detail"])
    assert made["balance"] == {"source": "x", "rows_in": 6, "rows_out": 4, "rows_rejected": 2}


def test_identical_rows_without_any_identifier(clean, item):
    many = {f"q{n}": ["1", "1"] for n in range(10)}
    assert len(clean(many, [item(name) for name in many])["rejects"]) == 1
    few = {"q1": ["1", "1"], "q2": ["2", "2"]}
    assert len(clean(few, [item(name) for name in few])["rejects"]) == 0
    # where persons can be told apart, link decides
    persons = [item("who", "text", use="person"), *(item(name) for name in many)]
    assert len(clean(many, persons)["rejects"]) == 0


def test_test_respondents(clean, item):
    codebook = [
        item("id", "text", use="response"),
        item("state", "category", use="status"),
        item("place", "text", use="organisation_name"),
        item("q"),
    ]
    made = clean(
        {"id": ["1", "test-2", "3", "4", "5"], "state": ["", "", "Survey Preview", "IP Address", ""],
         "place": ["", "", "", "Test Valley School", "TEST school"], "q": ["1"] * 5},
        codebook,
    )  # fmt: skip
    assert list(made["rejects"]["_row"]) == [3, 4, 6]
    assert set(made["rejects"]["reason"]) == {"test_response"}


def test_states_that_the_codebook_labels_are_the_ones_that_count(clean, item):
    codebook = [item("state", "category", use="status", labels={"1": "Live response"}), item("q")]
    made = clean({"state": ["1", "Live response", "2", "Spam", ""], "q": ["1"] * 5}, codebook)
    assert list(made["cleaned"]["_row"]) == [2, 3, 6]


def test_boxes_not_ticked(clean, item):
    boxes = [item(name, "binary", labels={"0": "Not ticked", "1": "Ticked"}, set="m") for name in ("a", "b")]
    made = clean({"a": ["1", "", "0"], "b": ["", "", "0"], "q": ["1", "1", ""]}, [*boxes, item("q")])
    equal(made["cleaned"]["a"], [1, NAN])
    equal(made["cleaned"]["b"], [0, NAN])
    assert made["changes"]["rule"].tolist() == ["tick"]
    # boxes that are all empty or all 0 answer nothing
    assert made["rejects"]["_row"].tolist() == [4]


def test_several_waves_in_one_file(clean, item):
    codebook = [
        item("wave", "category", use="wave", labels={"1": "Before", "2": "After"}),
        item("id", "text", use="response"),
        item("q", names={"before": "q_old", "after": "q_new"}, reversed=["after"]),
    ]
    made = clean(
        {"wave": ["1", "2", "before", "3"], "id": ["a", "a", "b", "c"], "q_old": ["1", "", "2", "1"],
         "q_new": ["", "1", "", "1"]},
        codebook, wave="",
    )  # fmt: skip
    assert made["cleaned"]["wave"].tolist() == ["before", "after", "before"]
    equal(made["cleaned"]["q"], [1, 3, 2])
    assert made["rejects"]["reason"].tolist() == ["unknown_wave"]


def test_a_wide_file_registered_once_per_wave(clean, item):
    codebook = [item("q", names={"before": "q_old", "after": "q_new"})]
    made = clean({"q_old": ["1", "2"], "q_new": ["3", "3"]}, codebook, wave="after")
    equal(made["cleaned"]["q"], [3, 3])
    assert len(made["faults"]) == 0


def test_columns_missing_and_unknown(clean, item):
    found = stops(lambda: clean({"q_comms": ["1"]}, [item("q_comm")]))
    assert 'Is it now "q_comms"?' in found["CLN-01"].action
    made = clean({"q": ["1"], "extra": ["x"]}, [item("q")])
    assert severities(made["faults"]) == {("CLN-01", "WARN")}


def test_labels_of_the_file_must_not_contradict(clean, item):
    turned = {"q": {"1": "Agree", "2": "Neither", "3": "Disagree"}}
    assert "CLN-03" in stops(lambda: clean({"q": ["1"]}, [item("q")], labels=turned))
    made = clean({"q": ["1"]}, [item("q", reversed=["before"])], labels=turned)
    equal(made["cleaned"]["q"], [3])
    same = {"q": {"1": "Disagree", "2": "Agree", "3": "Agree"}}
    assert "CLN-13" in stops(lambda: clean({"q": ["1"]}, [item("q")], labels=same))
    more = {"q": {"1": "Disagree", "7": "Unsure"}}
    assert severities(clean({"q": ["1"]}, [item("q")], labels=more)["faults"]) == {("CLN-06", "WARN")}
    assert "CLN-12" in stops(lambda: clean({"q": ["1"]}, [item("q")], missing={"q": {"ranges": [[3, 9]]}}))


def test_attributes_show_labels_and_places_their_words(clean, item):
    codebook = [
        item("post", "category", use="attribute", labels={"1": "Teacher", "2": "Head"}),
        item("where", "category", use="area"),
        item("kind", "category", labels={"1": "A", "2": "B"}),
        item("said", "text"),
    ]
    made = clean(
        {"post": ["1", "head"], "where": ["7", "Elsewhere"], "kind": ["2", "a"], "said": ["x", "two  words"]},
        codebook, labels={"where": {"7": "Seven Dials"}},
    )  # fmt: skip
    assert made["cleaned"]["post"].tolist() == ["Teacher", "Head"]
    assert made["cleaned"]["area_said"].tolist() == ["Seven Dials", "Elsewhere"]
    assert made["cleaned"]["kind"].tolist() == [2.0, 1.0]
    assert made["cleaned"]["said"].tolist() == ["x", "two words"]


def test_an_attribute_that_is_measured_is_a_number(clean, item):
    codebook = [
        item("age", "number", use="attribute", low=18, high=99),
        item("visits", "count", use="attribute"),
        item("form", "category", use="attribute"),
        item("q"),
    ]
    made = clean({"age": ["30", "x"], "visits": ["2", ""], "form": ["7", "8"], "q": ["1", "2"]}, codebook)
    np.testing.assert_array_equal(made["cleaned"]["age"], [30, float("nan")])
    np.testing.assert_array_equal(made["cleaned"]["visits"], [2, float("nan")])
    assert made["cleaned"]["form"].tolist() == ["7", "8"]


def test_an_instrument_without_answer_items_keeps_its_rows(clean, item):
    made = clean({"post": ["", "x"]}, [item("post", "text", use="attribute")])
    assert len(made["cleaned"]) == 2


def test_no_rows(clean, item):
    made = clean({"q": []}, [item("q")])
    assert made["balance"]["rows_in"] == 0 and len(made["cleaned"]) == 0


TEXTS = st.one_of(
    st.sampled_from(
        ["1", "2", "3", "9", " 2", "3.0", "Agree", "neither", "", " ", "99", "2.5", "2,5", "no idea", "３"]
    ),
    st.text(max_size=8),
)


DAYS = st.sampled_from(["2020-01-31", "2020-02-01", "2020-02-30", "", "2020-01-05T10:30", "1900-01-01", "soon"])
GATES = st.sampled_from(["0", "1", "yes", "", "9"])
TICKS = st.sampled_from(["1", "0", "", " "])
OPTIONS = st.sampled_from(["A, b;C", "c", "", "C;fax", "a, B"])


@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(st.tuples(*[TEXTS] * 4, GATES, TICKS, TICKS, DAYS, TEXTS, OPTIONS), min_size=1, max_size=4),
    turned=st.booleans(),
    decimal=st.sampled_from([".", ","]),
)
def test_the_change_log_replays(rows, turned, decimal):
    item, run = _factories()
    later = item("w", recodes={"before": {"0": 1, "1": 2, "2": 3}}, since="2020-02-01", reversed=["before"])
    shared = {"names": {"before": "o", "after": "o"}, "set": "s"}
    codebook = [
        item("q", missing={"9": "refused"}, reversed=["before"] if turned else []),
        item("n", "number", low=0, high=50),
        item("c", "category", labels={"1": "A", "2": "B"}),
        item("t", "text", use="attribute"),
        item("g", "binary", missing={"9": "refused"}),
        item("x", "binary", set="m", asked_if="g = 1"),
        item("y", "binary", set="m"),
        item("d", "date", use="completed"),
        item("w", until="2020-01-31", later=[later]),
        item("o1", "binary", labels={"0": "No", "1": "A, b"}, **shared),
        item("o2", "binary", labels={"0": "No", "1": "C"}, **shared),
    ]
    # few dirty rows among many sound ones: no kind of fault is so frequent that the file stops
    sound = [["1", "1", "1", "t", "1", "1", "1", "2020-01-31", "1", "C"]] * 150
    columns = {name: [row[n] for row in [*rows, *sound]] for n, name in enumerate("qnctgxydwo")}
    try:
        made = run(columns, codebook, decimal=decimal, checked=False)
    except StudyFaults as error:
        assert all(fault.saw for fault in error.faults if fault.severity == "STOP")
        return
    names = ["q", "n", "c", "t", "g", "x", "y", "w", "o1", "o2"]
    pd.testing.assert_frame_equal(
        replay(made, codebook)[names].reset_index(drop=True), made["cleaned"][names], check_dtype=False
    )
    assert made["balance"]["rows_in"] == len(made["cleaned"]) + len(made["rejects"])
    # every missing cell has its kind
    empty = made["cleaned"][names].isna() | (made["cleaned"][names] == "")
    assert int(empty.sum().sum()) == len(made["missing"])


def _factories():
    """The fixtures as plain functions: hypothesis calls a test many times over one fixture."""
    import importlib.util
    from pathlib import Path

    spec = importlib.util.spec_from_file_location("clean_conftest", Path(__file__).with_name("conftest.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.item.__wrapped__(), module.clean.__wrapped__()


@settings(max_examples=10, deadline=None)
@given(st.lists(st.sampled_from(["1", "2", "3"]), min_size=1, max_size=6))
def test_reversing_twice_changes_nothing(texts):
    item, run = _factories()
    once = run({"q": texts}, [item("q", reversed=["before"])], checked=False)["cleaned"]["q"]
    again = run({"q": [f"{value:g}" for value in once]}, [item("q", reversed=["before"])], checked=False)["cleaned"][
        "q"
    ]
    equal(again, [float(text) for text in texts])
