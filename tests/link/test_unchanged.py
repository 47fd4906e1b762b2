"""Answers of an earlier wave, delivered once more."""

import pytest

from pilot_eval.link.unchanged import numbers_of, unchanged

ROWS = [{"q1": float(n % 5 + 1), "q2": float(n % 3 + 1), "lead": 1.0, "response": str(n)} for n in range(12)]


def delivered(responses, wave, rows, **more):
    return responses(rows, source=wave, wave=wave, items=("q1", "q2", "lead"), **more)


@pytest.mark.fault("REG-13")
def test_a_wave_of_the_same_answers_is_told_whoever_says_whose_they_are(responses):
    first, again = (delivered(responses, wave, ROWS) for wave in ("before", "after"))
    moved = delivered(responses, "after", ROWS[::-1])
    persons = {f"before-{n + 2}": f"r{n}" for n in range(12)} | {f"after-{13 - n}": f"r{n}" for n in range(12)}
    for frames, keys in (([first, again], [numbers_of([first, again])]), ([first, moved], [persons])):
        (fault,) = unchanged(frames, keys, ["before", "after"])
        assert (fault.id, fault.severity, fault.file, fault.count) == ("REG-13", "WARN", "data/raw/after.csv", 12)
        assert fault.saw == "24 of 24 answers of 12 respondents equal those of wave before"


@pytest.mark.fault("REG-13")
def test_answers_that_only_stay_much_alike_are_none(responses):
    first = delivered(responses, "before", ROWS)
    slips = [row | ({"q1": row["q1"] % 5 + 1} if n < 2 else {}) for n, row in enumerate(ROWS)]
    for other, wave in (
        (delivered(responses, "after", slips), "after"),  # 22 of 24
        (delivered(responses, "after", ROWS[:9]), "after"),  # hardly anybody
        (delivered(responses, "after", ROWS, instrument="other"), "after"),  # another questionnaire
    ):
        assert unchanged([first, other], [numbers_of([first, other])], ["before", wave]) == []
    yes = [{"lead": 1.0, "response": str(n)} for n in range(30)]
    frames = [responses(yes, source=wave, wave=wave, items=("lead",)) for wave in ("before", "after")]
    assert unchanged(frames, [numbers_of(frames)], ["before", "after"]) == []
