"""Files are written whole, and the same content gives the same bytes."""

import os
import stat

import pandas as pd
import pytest

from pilot_eval import files


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_a_frame_comes_back(tmp_path, suffix):
    frame = pd.DataFrame({"a": ["x", "NA", ""], "b": ["1", "2", "03"]})
    files.write(tmp_path / f"t{suffix}", frame)
    pd.testing.assert_frame_equal(files.read(tmp_path / f"t{suffix}"), frame)


def test_plain_values_text_and_bytes_come_back(tmp_path):
    for name, content in {"a.json": {"é": [1, None]}, "a.html": "<p>é</p>\n", "a.png": b"\x89PNG"}.items():
        files.write(tmp_path / "deep" / name, content)
        assert files.read(tmp_path / "deep" / name) == content


def test_missing_numbers_in_json_are_refused():
    with pytest.raises(ValueError, match="JSON"):
        files.as_bytes(".json", {"a": float("nan")})


def test_the_index_of_a_frame_does_not_reach_the_file():
    frame = pd.DataFrame({"a": [1.5, 2.5]})
    assert files.as_bytes(".parquet", frame) == files.as_bytes(".parquet", frame.set_axis([7, 3]))


def test_a_failed_write_leaves_the_old_file_and_nothing_beside_it(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    files.write(path, "old")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        files.write(path, "new")
    assert path.read_text("utf-8") == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]


def test_what_a_killed_job_left_half_written_goes_with_the_next_write(tmp_path):
    (tmp_path / ".a.txt.4711").write_text("hal", encoding="utf-8")
    (tmp_path / ".b.txt.4711").write_text("another file's", encoding="utf-8")
    files.write(tmp_path / "a.txt", "whole")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [".b.txt.4711", "a.txt"]


def test_identifiers_are_readable_by_their_owner_only(tmp_path):
    files.write(tmp_path / "s.identifiers.parquet", pd.DataFrame({"value": ["x"]}))
    assert stat.S_IMODE((tmp_path / "s.identifiers.parquet").stat().st_mode) == 0o600
