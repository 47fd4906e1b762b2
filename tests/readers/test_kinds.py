"""A file is what its bytes are, not what its name says."""

import zipfile

import pytest

from pilot_eval.faults import StudyFaults
from pilot_eval.readers.kinds import kind_of
from pilot_eval.readers.read import read_delivery


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"$FL2@(#)", "sav"),
        (b"$FL3@(#)", "zsav"),
        (b"\x1c" + b"\0" * 7 + b"ENCRYPTEDSAV", "an encrypted SPSS file"),
        (b"ASCII SPSS PORT FILE", "por"),
        ("ASCII SPSS PORT FILE".encode("cp500"), "por"),
        (b"PK\x03\x04 xl/workbook.xml", "xlsx"),
        (b"PK\x03\x04 data.sav", "a ZIP archive"),
        (b"%PDF-1.4", "a PDF document"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html>", "a web page"),
        (b"id,a\n1,2\n", "csv"),
    ],
)
def test_kinds(content, kind):
    assert kind_of(content) == kind


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("f.sav", b"", "the file is empty (0 bytes)"),
        ("f.csv", b"", "the file is empty (0 bytes)"),
        ("f.sav", b"id,a\n1,2\n", "this is text, not SPSS data"),
        ("f.sav", b"PK\x03\x04 data.sav", "Unpack it"),
        ("f.csv", b"<html><body>Log in</body></html>", "this is a web page, not a text table"),
        ("f.csv", b"$FL2@(#) xxxx", "this is SPSS data, not a text table"),
        ("f.xlsx", b"id,a\n1,2\n", "not an Excel workbook"),
        ("f.xlsx", bytes.fromhex("d0cf11e0a1b11ae1"), "with a password"),
        ("f.sav", b"$FL2@(#) and then nothing", "ends early or is damaged"),
        ("f.xlsx", b"PK\x03\x04 xl/workbook.xml and nothing", "ends early or is damaged"),
    ],
)
def test_each_unreadable_file_has_one_clear_message(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(StudyFaults) as caught:
        read_delivery(path, f"data/raw/{name}")
    (fault,) = caught.value.faults
    assert said in fault.message
    assert f"data/raw/{name}" in fault.message


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(StudyFaults, match="there is no such file"):
        read_delivery(tmp_path / "f.sav", "f.sav")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(StudyFaults, match="cannot be read"):
        read_delivery(tmp_path, "raw")


def test_spss_kinds_may_lie_under_either_suffix_but_archives_may_not(tmp_path):
    path = tmp_path / "f.sav"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("f.sav", b"$FL2")
    with pytest.raises(StudyFaults, match="ZIP archive"):
        read_delivery(path, "f.sav")
