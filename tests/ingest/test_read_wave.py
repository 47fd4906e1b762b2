"""One delivered file: parted, counted, and stopped with all its faults at once."""

import hashlib
import time

import pandas as pd
import pyreadstat
import pytest

from pilot_eval.faults import StudyFaults
from pilot_eval.ingest.cells import PERSONAL
from pilot_eval.ingest.contracts import CONTRACTS
from pilot_eval.ingest.read_wave import read_wave
from pilot_eval.study.load import sha256_of

TEXT = """Id,Mail,Q1,Wait,Other,Said
S1,a@b.example,3,2.5,x,
S2,,4,,y,"ring 01234 567 890,
or write"
S3,c@d.example,5
S4,e@f.example,NA,3,z,fine
"""


def item(name, column, use="answer", kind="likert", **waves):
    return {"item": name, "use": use, "type": kind, "names": {"before": column, "after": column, **waves}}


CODEBOOK = [
    item("response", "Id", "response", "text"),
    item("mail", "Mail", "email", "text"),
    item("trust", "Q1", after="Q1_new"),
    item("wait", "Wait", kind="number"),
    item("said", "Said", "free_text", "text"),
    item("later", None, after="Later"),
]


def delivered(tmp_path, text=TEXT, **changes):
    path = tmp_path / "f.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    content = path.read_bytes()
    source = {
        "source": "club_before", "kind": "survey", "instrument": "club", "wave": "before",
        "path": "data/raw/f.csv", "format": "csv", "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content), "rows": 4, **changes,
    }  # fmt: skip
    return path, source


def run(tmp_path, text=TEXT, codebook=CODEBOOK, **changes):
    path, source = delivered(tmp_path, text, **changes)
    found = read_wave(path, source, codebook, sha256_of(path))
    for name, table in found.items():
        if name != "receipt":
            CONTRACTS[f"read_wave.{name}"].validate(table, lazy=True)
    return found


def stopped(tmp_path, text=TEXT, codebook=CODEBOOK, **changes):
    with pytest.raises(StudyFaults) as caught:
        run(tmp_path, text, codebook, **changes)
    return {fault.id: fault for fault in caught.value.faults}


def test_answers_are_as_delivered_with_their_physical_rows(tmp_path):
    answers = run(tmp_path)["answers"]
    assert list(answers.columns) == ["_file", "_row", "_id", "_made_up", "Id", "Q1", "Wait"]
    assert answers["_row"].tolist() == [2, 3, 6]
    assert answers["_id"].tolist() == ["club_before-2", "club_before-3", "club_before-6"]
    assert answers["Q1"].tolist() == ["3", "4", "NA"]
    assert answers["Wait"].tolist() == ["2.5", "", "3"]


def test_identifiers_are_apart_and_nowhere_else(tmp_path):
    found = run(tmp_path)
    identifiers = found["identifiers"]
    assert identifiers[["_row", "kind", "column"]].values.tolist() == [
        [2, "email", "Mail"], [3, "free_text", "Said"], [6, "email", "Mail"], [6, "free_text", "Said"],
    ]  # fmt: skip
    elsewhere = "".join(found[name].to_csv() for name in ("answers", "variables", "rejects", "faults"))
    assert not any(value in elsewhere for value in identifiers["value"])


def test_rows_add_up_and_rejects_say_why(tmp_path):
    found = run(tmp_path)
    receipt = found["receipt"]
    assert (receipt["rows_delivered"], receipt["rows_read"], receipt["rows_rejected"]) == (4, 3, 1)
    assert found["rejects"][["_row", "rule"]].values.tolist() == [[5, "ING-14"]]


def test_columns_of_no_item_go_no_further_and_are_told(tmp_path):
    found = run(tmp_path)
    faults = found["faults"].set_index("id")
    assert '"Other"' in faults.loc["ING-33", "saw"]
    variables = found["variables"].set_index("column")
    assert variables["identifying"].to_dict() == {
        "Id": False, "Mail": True, "Q1": False, "Wait": False, "Other": True, "Said": True,
    }  # fmt: skip


def test_personal_data_in_free_text_is_counted_not_shown(tmp_path):
    faults = run(tmp_path)["faults"].set_index("id")
    assert faults.loc["CLN-27", "row"] == 3
    assert "01234" not in faults.loc["CLN-27", "saw"]


@pytest.mark.parametrize(("use", "stops"), [("attribute", True), ("answer", True), ("area", False)])
def test_an_address_in_a_text_that_may_be_published_stops(tmp_path, use, stops):
    codebook = [*CODEBOOK, item("group", "Other", use, "text")]
    text = TEXT.replace(",x,", ",ann.hill@school.example,")
    if not stops:
        assert "ING-34" not in set(run(tmp_path, text, codebook)["faults"]["id"])
        return
    fault = stopped(tmp_path, text, codebook)["ING-34"]
    assert (fault.severity, fault.column, fault.row) == ("STOP", "Other", 2)
    assert "ann.hill" not in fault.message


@pytest.mark.parametrize("text", ["x" * 1_000_000, "1(" * 1_000_000, "@" * 1_000_000])
def test_a_very_long_text_takes_no_longer_for_want_of_spaces(text):
    begun = time.perf_counter()
    PERSONAL.search(text)
    assert time.perf_counter() - begun < 2


def test_a_missing_column_names_the_nearest(tmp_path):
    fault = stopped(tmp_path, TEXT.replace("Q1", "Q1_a"))["CLN-01"]
    assert (fault.severity, fault.column) == ("STOP", "Q1")
    assert 'nearest is "Q1_a"' in fault.expected
    assert "name.before of item trust" in fault.action


def test_columns_of_other_waves_are_known(tmp_path):
    found = run(tmp_path, TEXT.replace("Other", "Later"))
    assert "ING-33" not in set(found["faults"]["id"])
    assert "Later" not in found["answers"]


def test_a_file_that_says_the_wave_itself_may_use_any_name(tmp_path):
    found = run(tmp_path, TEXT.replace("Q1", "Q1_new").replace("Other", "Later"), wave="")
    assert {"Q1_new", "Later"} <= set(found["answers"].columns)


def test_all_faults_at_once(tmp_path):
    found = stopped(tmp_path, TEXT.replace("Wait", "Weight"), sha256="0" * 64, rows=9)
    assert {"ING-27", "CLN-01"} <= set(found)


def test_a_count_that_differs_is_told_where_the_checksum_does_not_tell_already(tmp_path):
    assert stopped(tmp_path, TEXT, rows=9)["ING-24"].saw == "4 records"
    assert "ING-24" not in stopped(tmp_path, TEXT, rows=9, sha256="0" * 64)


def test_why_a_file_cannot_be_read_says_more_than_its_checksum(tmp_path):
    assert set(stopped(tmp_path, b"$FL2...", sha256="0" * 64)) == {"ING-25"}


def test_the_other_decimal_mark_stops(tmp_path):
    fault = stopped(tmp_path, TEXT.replace("2.5", '"2,5"'))["ING-06"]
    assert (fault.row, fault.column) == (2, "Wait")
    assert 'Set decimal to ","' in fault.action


def test_both_decimal_marks_stop(tmp_path):
    text = TEXT.replace("S4,e@f.example,NA,3", 'S4,e@f.example,NA,"3,5"')
    assert "mixes" in stopped(tmp_path, text)["ING-06"].action


def test_our_own_names_are_reserved(tmp_path):
    assert "ours" in stopped(tmp_path, TEXT.replace("Other", "_row"))["ING-13"].expected


def test_spss_metadata_becomes_a_table(tmp_path):
    path = tmp_path / "f.sav"
    frame = pd.DataFrame({"Id": ["S1", "S2"], "Q1": [1.0, 9.0], "Mail": ["a@b.example", ""]})
    pyreadstat.write_sav(
        frame, path, column_labels={"Q1": "Trust"}, variable_value_labels={"Q1": {1: "Low", 9: "Refused"}},
        missing_ranges={"Q1": [9]},
    )  # fmt: skip
    _, source = delivered(tmp_path, path.read_bytes(), path="data/raw/f.sav", format="sav", rows=2)
    found = read_wave(path, source, CODEBOOK[:3], sha256_of(path))
    q1 = found["variables"].set_index("column").loc["Q1"]
    assert (q1["label"], q1["value_labels"]) == ("Trust", '{"1": "Low", "9": "Refused"}')
    assert q1["missing"] == '{"values": ["9"], "ranges": []}'
    assert found["answers"]["Q1"].tolist() == ["1", "9"]


def test_an_identifying_use_wins_over_every_other(tmp_path):
    codebook = [item("copy", "Mail"), *CODEBOOK]
    assert "Mail" not in run(tmp_path, codebook=codebook)["answers"]


@pytest.mark.fault("REG-02")
def test_a_key_in_scientific_notation_is_rejected_and_many_stop(tmp_path):
    codebook = [item("response", "id", "response", "text"), item("unit", "urn", "organisation", "text")]
    rows = [f"S{n},{100_000 + n}" for n in range(40)]
    rows[7] = "S7,1.00E+05"
    found = run(tmp_path, "\n".join(["id,urn", *rows]), codebook, rows=40)
    assert found["rejects"][["_row", "rule"]].values.tolist() == [[9, "REG-02"]]
    assert (found["receipt"]["rows_read"], found["receipt"]["rows_rejected"]) == (39, 1)
    fault = stopped(tmp_path, "\n".join(["id,urn", *(f"S{n},1.00E+05" for n in range(40))]), codebook, rows=40)[
        "REG-02"
    ]
    assert (fault.severity, fault.row, fault.column, fault.count) == ("STOP", 2, "urn", 40)
