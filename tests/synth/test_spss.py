"""Our SPSS writer, read back by pyreadstat."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilot_eval.synth import spss
from pilot_eval.synth.spss import Variable, write_sav

NAME = Variable("RespondentName", "Naïve label", 20, ("A", 20, 0))
CODE = Variable("Q1", "A question", labels={1: "Né", 2: "No", 8: "Dont know"}, missing=[8, 9])
DAY = Variable("Day", format=("DATE", 11, 0))
BOXES = [Variable(f"tick_{number}", labels={0: "Not ticked", 1: "Ticked"}) for number in (1, 2)]


def read(content: bytes, path: Path) -> tuple[object, object]:
    path.write_bytes(content)
    return pyreadstat.read_sav(str(path), user_missing=True)


def test_text_labels_kinds_of_missing_dates_and_sets_come_back(tmp_path: Path) -> None:
    day = dt.date(2016, 7, 1)
    rows = [["St Zoë’s", 1.0, spss.seconds(day), 1.0, 0.0], ["", 8.0, None, None, 1.0]]
    content = write_sav(
        [NAME, CODE, DAY, *BOXES], rows, "SYNTHETIC", ["a note"], {"why": ("Why é", ["tick_1", "tick_2"])}
    )
    frame, meta = read(content, tmp_path / "a.sav")
    assert list(frame["RespondentName"]) == ["St Zoë’s", ""]
    assert list(frame["Q1"]) == [1, 8]
    assert frame["Day"][0] == day
    assert frame["tick_1"].isna().tolist() == [False, True]
    assert meta.file_encoding == "windows-1252"
    assert meta.file_label == "SYNTHETIC"
    assert meta.notes == ["a note"]
    assert meta.column_names_to_labels["RespondentName"] == "Naïve label"
    assert meta.variable_value_labels["Q1"][1.0] == "Né"
    assert meta.missing_ranges["Q1"] == [{"lo": 8, "hi": 8}, {"lo": 9, "hi": 9}]
    assert meta.mr_sets["why"]["variable_list"] == ["tick_1", "tick_2"]
    assert meta.mr_sets["why"]["label"] == "Why é"


def test_the_header_does_not_hold_the_clock() -> None:
    one, two = (write_sav([CODE], [[1.0]], "t") for _ in range(2))
    assert one == two
    assert one[92:109] == b"01 Sep 1500:00:00"


def test_a_text_too_long_for_its_variable_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        write_sav([Variable("short", width=8)], [["123456789"]], "t")


NUMBERS = st.none() | st.integers(-200, 300).map(float) | st.floats(-1e9, 1e9, allow_nan=False)
TEXTS = st.text(st.sampled_from("aé’ zß€"), max_size=15).map(str.rstrip)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(NUMBERS, TEXTS), min_size=1, max_size=20))
def test_any_values_come_back(rows: list[tuple[float | None, str]], tmp_path_factory: pytest.TempPathFactory) -> None:
    variables = [Variable("n", format=("F", 8, 2)), Variable("t", width=15, format=("A", 15, 0))]
    frame, _ = read(write_sav(variables, rows, "t"), tmp_path_factory.mktemp("sav") / "a.sav")
    assert [None if value != value else value for value in frame["n"]] == [number for number, _ in rows]
    assert list(frame["t"]) == [text for _, text in rows]
