"""The goal that fails on a difference."""

import pytest

from pilot_eval.faults import StudyFaults
from pilot_eval.verify.verified import verified


def test_it_passes_when_all_numbers_came_out_again():
    assert verified({"equal": True, "sentence": "All."}, []) == {}


@pytest.mark.fault("VER-01", "VER-02")
@pytest.mark.parametrize(("equal", "kind"), [(False, "VER-01"), (None, "VER-02")])
def test_it_fails_otherwise(equal, kind):
    with pytest.raises(StudyFaults) as error:
        verified({"equal": equal, "sentence": "3 of 4 numbers came out again."}, [])
    assert [(fault.id, fault.severity) for fault in error.value.faults] == [(kind, "STOP")]


@pytest.mark.fault("RUN-17")
def test_other_versions_than_the_locks_verify_nothing():
    with pytest.raises(StudyFaults) as error:
        verified({"equal": False, "sentence": "3 of 4."}, ["pandas 3.2.0 is installed, the lock says 3.1.1"])
    assert [(fault.id, fault.severity) for fault in error.value.faults] == [("RUN-17", "STOP"), ("VER-01", "STOP")]
