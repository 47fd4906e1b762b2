"""Widths of letters: those of the typeface's own metrics, and never less than a program would need for the text."""

import importlib.util
import re
from pathlib import Path

import pytest

from pilot_eval.publish.letters import SQUARE, width_of, word_of

FONTS = Path(importlib.util.find_spec("matplotlib").origin).parent / "mpl-data" / "fonts" / "pdfcorefonts"
TEXTS = ["Communication", "Lower bound (see unit) [note 2]", "points on a 1 to 5 scale", "Share who know WHOM to ask"]


def metrics(name):
    """Width of each ASCII letter of a typeface that is as wide as Arial, from its own metrics."""
    found = re.findall(r"^C (\d+) ; WX (\d+) ;", (FONTS / f"{name}.afm").read_text("latin-1"), flags=re.MULTILINE)
    return {chr(int(code)): int(width) for code, width in found if 32 <= int(code) < 127}


def test_letters_are_as_wide_as_those_of_the_typeface():
    # The metrics call the curly marks by the places of the straight ones.
    known = {letter: width for letter, width in metrics("Helvetica").items() if letter not in "'`"}
    assert {letter: round(1000 * width_of(letter)) for letter in known} == known


@pytest.mark.parametrize("text", TEXTS)
def test_bold_texts_are_held_for_as_wide_as_they_are_or_a_little_wider(text):
    known = sum(metrics("Helvetica-Bold")[letter] for letter in text) / 1000
    assert known <= width_of(text, bold=True) <= 1.08 * known


def test_other_scripts_and_marks_count_too():
    assert width_of("学校") == 2 * SQUARE / 1000 and width_of("🙂") == SQUARE / 1000
    assert width_of("e\u0301") == width_of("e")
    assert word_of("a longest word") == width_of("longest") and word_of("  ") == 0
