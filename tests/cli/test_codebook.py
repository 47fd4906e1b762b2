import csv
import io

import pandas as pd
import pyreadstat

from pilot_eval.cli import main
from pilot_eval.study.sheets import read_codebook


def drafted(tmp_path, capsys, frame, **options):
    path = tmp_path / "f.sav"
    pyreadstat.write_sav(frame, path, **options)
    assert main(["codebook", str(path)]) == 0
    text = capsys.readouterr().out
    items, _, faults = read_codebook(text, "codebook/f.csv", ["before", "after"], {})
    assert faults == []
    return {row["name"]: row for row in csv.DictReader(io.StringIO(text))}, {item.item: item for item in items}


def test_labels_and_missing_codes_become_an_item(tmp_path, capsys):
    frame = pd.DataFrame({"Q1": [1.0, 2.0, 3.0, 8.0], "Lead": [0.0, 1.0, 0.0, 9.0]})
    _, items = drafted(
        tmp_path, capsys, frame,
        column_labels={"Q1": "How often?"},
        variable_value_labels={
            "Q1": {1: "Never", 2: "Now | then", 3: "Always", 8: "Don't know"}, "Lead": {0: "No", 1: "Yes"},
        },
        missing_ranges={"Q1": [{"lo": 8, "hi": 9}], "Lead": [9]},
    )  # fmt: skip
    assert items["q1"].label == "How often?"
    assert (items["q1"].type, items["q1"].labels) == ("likert", {1: "Never", 2: "Now / then", 3: "Always"})
    assert items["q1"].missing == {8: "dont_know"}
    assert (items["lead"].type, items["lead"].missing) == ("binary", {9: "missing"})


def test_what_may_identify_is_marked_so(tmp_path, capsys):
    frame = pd.DataFrame({
        "E_Mail": ["a@b.example", ""], "addr": ["c@d.example", "x"], "Contact_Name": ["Ann", "Bo"],
        "more": ["something long that anybody may have written", ""], "band": ["A", "B"], "RespID": ["r1", "r2"],
    })  # fmt: skip
    rows, _ = drafted(tmp_path, capsys, frame, column_labels={"Contact_Name": "Full name"})
    assert {name: row["use"] for name, row in rows.items()} == {
        "E_Mail": "email", "addr": "email", "Contact_Name": "name", "more": "free_text", "band": "attribute",
        "RespID": "response",
    }  # fmt: skip


def test_numbers_days_and_names(tmp_path, capsys):
    frame = pd.DataFrame(
        {"n": [3.0, 4.0], "weeks": [1.5, -2.0], "day": [13e9, None], "Wave": [1.0, 2.0], "n_": [1.0, 1.0]}
    )
    rows, _ = drafted(tmp_path, capsys, frame, variable_format={"day": "DATE11"})
    assert {name: row["type"] for name, row in rows.items()} == {
        "n": "count", "weeks": "number", "day": "date", "Wave": "count", "n_": "count",
    }  # fmt: skip
    assert (rows["Wave"]["item"], rows["n_"]["item"]) == ("wave_2", "n_2")


def test_an_unreadable_file_is_one_line(tmp_path, capsys):
    (tmp_path / "f.sav").write_bytes(b"")
    assert main(["codebook", str(tmp_path / "f.sav")]) == 1
    assert "the file is empty" in capsys.readouterr().err
