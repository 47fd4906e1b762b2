"""The mini study's deliveries spoilt by sequences of faults: nothing comes out otherwise without a word of it."""

import os
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from accounting import Account, Study
from accounting_registers import Registers
from spoiling import HARMLESS, OPERATORS, TEXT

NIGHTLY = os.environ.get("PILOT_EVAL_NIGHTLY") == "1"
EXAMPLES = int(os.environ.get("PILOT_EVAL_EXAMPLES", "2000" if NIGHTLY else "200"))
STUDY = Study()
REGISTERS = Registers(STUDY)
LAST = {operator.__name__ for operator in TEXT}

faults = st.lists(st.tuples(st.sampled_from(sorted(OPERATORS)), st.integers(0, 9999)), min_size=1, max_size=4)


def hunted(share):
    """Settings of a hunt that makes this share of the examples: the same ones each time, but for a nightly run."""
    return settings(max_examples=int(EXAMPLES * share), deadline=None, derandomize=not NIGHTLY,
                    suppress_health_check=list(HealthCheck))  # fmt: skip


def account(name, sequence):
    """What became of a survey after some faults."""
    with tempfile.TemporaryDirectory() as folder:
        return Account(STUDY, STUDY.sheet(name).spoil(sequence, OPERATORS, LAST), Path(folder))


@hunted(0.4)
@given(st.sampled_from(sorted(STUDY.sources)), faults)
def test_no_survey_is_corrupted_without_a_word(name, sequence):
    told = account(name, sequence)
    assert told.untold() == []
    if {operator for operator, _ in sequence} <= HARMLESS:
        assert told.found is not None, [fault.message for fault in told.stops]


@hunted(0.6)
@given(st.sampled_from(sorted(REGISTERS.sources)), faults)
def test_no_register_is_corrupted_without_a_word(name, sequence):
    with tempfile.TemporaryDirectory() as folder:
        sheet = REGISTERS.sheet(name).spoil(sequence, OPERATORS, LAST)
        assert REGISTERS.untold(sheet, Path(folder) / "spoilt.csv") == []


def kept(frame):
    """Rows that are no response, when nobody looks for responses that came before."""
    return frame["_row"] < 0, "duplicate_record", "CLN-29", frame["_row"].astype("str")


SABOTAGED = {
    "codes beyond the scale count": ("clean.reading.Reading.valid", lambda self, value: True, "junk"),
    "words are guessed": ("clean.values.word_code", lambda text, words: 1, "spoilt_words"),
    "lost cells are not told": ("clean.judged_codes.warnings", lambda *given: [], "junk"),
    "what came before is used again": (
        "clean.rows._twice", lambda answers, wave, codebook, index: kept(answers.reindex(index)), "repeated_rows",
    ),
    "short records are filled up": (
        "readers.sheet.misfits", lambda body, names, file: (fill(body, len(names)), []), "loose_delimiters",
    ),
}  # fmt: skip


def fill(body, width):
    """No rejects: fields that are missing are made up, those beyond the last are cut off."""
    for record in body:
        record.fields[:] = [*record.fields, *[""] * width][:width]
    return ()


@pytest.mark.parametrize("place, instead, operator", SABOTAGED.values(), ids=SABOTAGED)
def test_the_hunt_catches_what_is_done_in_silence(monkeypatch, place, instead, operator):
    monkeypatch.setattr(f"pilot_eval.{place}", instead)
    assert any(account(name, [(operator, seed)]).untold() for seed in range(12) for name in STUDY.sources)
