"""The one form of a fault."""

from hypothesis import given
from hypothesis import strategies as st

from pilot_eval.faults import SHOWN_PER_ID, Fault, StudyFaults, report, veil


def test_a_message_names_place_value_expectation_and_remedy():
    fault = Fault("CLN-08", "WARN", "a.csv", "saw 55", "1-5", "Check the form", row=17, column="q2")
    assert fault.message == "[CLN-08] WARN a.csv, row 17, column q2: saw 55; expected 1-5. Check the form."


def test_a_question_keeps_its_mark():
    fault = Fault("CFG-10", "STOP", "a.yaml", 'unknown key "sead"', '"seed"', 'Did you mean "seed"?', row=1)
    assert fault.message.endswith('Did you mean "seed"?')


@given(st.text(st.characters(exclude_characters="@")), st.text(st.characters(exclude_characters="@")))
def test_a_message_is_one_line_of_signs_that_are_seen(saw, column):
    message = Fault("CLN-20", "WARN", "a.csv", f'saw "{saw}"', column=column).message
    assert message.isprintable()
    assert not saw.isprintable() or saw in message


def test_a_line_end_within_a_cell_is_written_out():
    assert 'saw "1\\n9/03/2021"' in Fault("CLN-20", "WARN", "a.csv", 'saw "1\n9/03/2021"').message


def test_stops_come_first_and_long_lists_are_cut():
    warnings = [Fault("X-1", "WARN", "a.csv", f"saw {i}") for i in range(SHOWN_PER_ID + 7)]
    lines = report([*warnings, Fault("X-2", "STOP", "a.csv", "empty")])
    assert lines[0].startswith("[X-2] STOP")
    assert lines[-1] == "[X-1] and 7 more of this kind."
    assert len(lines) == SHOWN_PER_ID + 2


def test_the_error_carries_all_faults():
    faults = [Fault("X-1", "STOP", "a.csv", "empty"), Fault("X-2", "STOP", "b.csv", "empty")]
    error = StudyFaults(faults)
    assert error.faults == tuple(faults)
    assert "a.csv" in str(error) and "b.csv" in str(error)


@given(st.text(alphabet="abcdefghij", min_size=4), st.sampled_from(["@x.example", " street", ""]))
def test_a_veiled_value_shows_kind_and_length_only(word, tail):
    assert word not in veil(word + tail)
    assert str(len(word + tail)) in veil(word + tail)


@given(st.sampled_from(["saw", "expected", "action", "column"]), st.sampled_from(['saw "{}"', "{}", "a ({}), b"]))
def test_no_message_names_an_address_that_stood_in_a_wrong_column(field, text):
    told = {"saw": "", **{field: text.format("ann.hill@school.example")}}
    fault = Fault("CLN-07", "WARN", "a.csv", **told)
    assert "ann.hill" not in fault.message
    assert "<e-mail, 23 chars>" in fault.message
    assert "ann.hill" not in str(fault.as_dict())


def test_a_set_of_labels_is_no_address():
    assert Fault("CFG-23", "STOP", "a.csv", 'saw "@agree"', action='Did you mean "@agreed"?').saw == 'saw "@agree"'
