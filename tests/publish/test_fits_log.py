"""The table of models: what was fitted, what was refused, and how near a second program came."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from made import FIT

from pilot_eval.publish import qa_tables


def listed(fit):
    return qa_tables.without_formulas(qa_tables.fits_log([fit], 5)).iloc[0]


def row_of(**more):
    return listed({**FIT, **more})


def test_a_fit_is_told_with_its_respondents_rounded():
    row = row_of()
    assert row[["respondents", "loglik", "converged", "singular", "second_program_agrees"]].tolist() == [
        "45", "-12.346", "yes", "no", "yes",
    ]  # fmt: skip
    assert row["largest_difference_in_se"] == "1.0e-05"


def test_what_was_left_out_and_what_lies_at_its_boundary_is_named():
    limit = {"term": "wave", "group": "unit", "sd": 0.0, "low": 0.0, "high": 0.12345, "p": 0.5}
    row = row_of(left_out=[{"term": "(wave | area)", "reason": "one answer each"}], boundary=[limit])
    assert row["left_out"] == "(wave | area): one answer each"
    assert row["boundary"] == "SD of wave by organisation 0, interval 0 to 0.123, p 0.500"


def test_a_refused_model_has_its_plan_and_the_reason():
    refused = {"model": "m", "outcome": "mood", "planned": "mood ~ wave", "status": "refused", "reason": "no areas"}
    row = listed({**refused, "respondents": 0, "areas": 0})
    assert row[["formula", "reason", "converged"]].tolist() == ["mood ~ wave", "no areas", ""]


def test_no_cell_is_a_formula():
    assert row_of(formula="=cmd|' /C calc'!A0")["formula"].startswith("'=")
