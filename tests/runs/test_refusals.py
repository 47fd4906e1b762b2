"""What the system refuses, in words."""

import errno
import os

import pytest

from pilot_eval.runs.refusals import refusal


@pytest.mark.fault("RUN-05", "RUN-06", "RUN-18")
@pytest.mark.parametrize(
    ("number", "kind", "said"),
    [
        (errno.ENOSPC, "RUN-05", "the disk is full ("),
        (errno.EDQUOT, "RUN-05", "the disk is full ("),
        (errno.EROFS, "RUN-06", "cannot be written or read: it is on a disk that can only be read"),
        (errno.EACCES, "RUN-06", "cannot be written or read: its rights forbid it"),
        (errno.EIO, "RUN-18", "the system could not read or write it ("),
    ],
)
def test_each_has_its_kind_its_file_and_what_to_do(number, kind, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fault = refusal(OSError(number, os.strerror(number), str(tmp_path / "results/a.csv")))
    assert (fault.id, fault.severity, fault.file) == (kind, "STOP", "results/a.csv")
    assert fault.saw.startswith(said) and fault.action
    assert refusal(OSError(number, "x")).file == "."
