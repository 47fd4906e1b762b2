"""One verdict on a change: report, summary, figure and finding say the same of the same numbers."""

import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from test_write_findings import cells

from pilot_eval.publish.answers import SENTENCES
from pilot_eval.publish.figures import change_overall
from pilot_eval.publish.figures.style import styled
from pilot_eval.publish.lookup import Lookup
from pilot_eval.publish.overall import areas_differ
from pilot_eval.publish.write_report import findings

OUTCOME = {
    "id": "calm", "label": "Calm", "unit": "points on a 1 to 5 scale", "higher_is_better": True, "headline": True,
    "asked": "calm_rose", "varied": "calm_varied",
}  # fmt: skip
STUDY = {
    "outcomes": [OUTCOME], "waves": [{"label": "Spring"}, {"label": "Winter"}], "geography": "Valleys",
    "period": "2020", "synthetic": False, "fits": [["main", "calm"]],
}  # fmt: skip
QUESTION = {
    "question": "calm_rose", "kind": "change", "contrast": "overall", "roles": [], "matched": False,
    "outcome": OUTCOME, "label": "Calm", "areas": "areas", "organisations": "schools", "family": "main",
}  # fmt: skip
ROSE, FELL, CHANCE, STILL = (
    ("0.30", "0.10", "0.50"), ("-0.30", "-0.50", "-0.10"), ("0.30", "0.01", "0.50"), ("0.02", "-0.05", "0.09"),
)  # fmt: skip
CASES = {
    "rose": (ROSE, "0.010", "0.900", "up", "Calm rose"),
    "fell": (FELL, "0.010", "0.900", "down", "Calm fell"),
    "by chance": (CHANCE, "0.062", "0.900", "no clear change", "Calm shows no clear change"),
    "open": (STILL, "0.600", "0.900", "no clear change", "Calm shows no clear change"),
    "still": (STILL, "0.600", "0.001", "no change that matters", "Calm shows no change that matters"),
    "hidden": (("[c]", "[c]", "[c]"), "[c]", "[c]", "too few to say", None),
    "absent": (("[x]", "[x]", "[x]"), "[x]", "[x]", "not available", None),
}


def lookup(numbers, p, p_equivalence, spread=None, asked=None):
    tables = {
        "change_overall": (("calm", ""), dict(zip(("estimate", "low", "high"), numbers, strict=True))),
        "change_adjusted": (("calm", ""), {"p_adjusted": p}),
        "equivalence": (("calm", "calm_rose"), {"margin": "0.20", "p_equivalence": p_equivalence}),
    }
    tests = [cells(**tables), cells(questions_adjusted=(("calm", "calm_rose"), {"p_adjusted": p}))]
    tests += [] if spread is None else [cells(change_variation=(("calm", ""), {"p": spread}))]
    tests += [] if asked is None else [cells(questions_adjusted=(("calm", "calm_varied"), {"p_adjusted": asked}))]
    return Lookup(pd.concat(tests, ignore_index=True))


@pytest.mark.parametrize("name", CASES)
def test_report_figure_and_finding_have_one_verdict(name):
    numbers, p, p_equivalence, verdict, title = CASES[name]
    known = lookup(numbers, p, p_equivalence)
    (found,) = findings(known, STUDY)
    sentence = SENTENCES["change"](known, QUESTION)
    assert found["verdict"] == sentence.verdict == verdict
    with styled("made"):
        drawing = change_overall.draw(known, STUDY)
    if title:
        assert drawing.title == title
        assert (found["alone"] != "") == (name == "by chance") == ("among so many tests" in sentence.text)
        assert (name == "by chance") == ("among so many tests" in drawing.description)
    else:
        assert "nothing can be shown" in drawing.title


@pytest.mark.parametrize(
    ("spread", "asked", "differ"),
    [("0.010", None, True), ("0.200", None, False), ("0.010", "0.060", False), ("0.030", "0.040", True),
     (None, None, False), ("[c]", None, False)],
)  # fmt: skip
def test_areas_differ_where_the_test_says_so_the_adjusted_one_where_the_plan_asks(spread, asked, differ):
    assert areas_differ(lookup(*CASES["rose"][:3], spread, asked), OUTCOME) == differ
