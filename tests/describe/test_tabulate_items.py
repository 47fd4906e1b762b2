"""Distributions of answers."""

import pytest

from pilot_eval.describe.tabulate_items import tabulate_items

QUESTION = {"item": "item", "label": "We trust them", "labels": [[code, f"Level {code}"] for code in range(1, 6)]}


def test_codes_add_up_to_those_who_answered(analysis, value):
    part = tabulate_items(analysis, [QUESTION], ["baseline", "followup"])["part"]
    counts = part.loc[(part["column"] == "n") & (part["wave"] == "baseline")]
    assert counts.loc[~counts["total"], "value"].sum() == counts.loc[counts["total"], "value"].item() == 7
    assert value(part, "items", "share", "item-2.baseline")["value"] == pytest.approx(3 / 7)
    assert value(part, "items", "share", "item-2.baseline")["n"] == 7
    assert value(part, "items", "n", "item-5.baseline")["value"] == 0
    assert value(part, "items", "n", "item-2.baseline")["group_label"] == "We trust them: Level 2"


def test_a_wave_in_which_it_was_not_asked_is_left_out(analysis):
    analysis.loc[analysis["wave"] == "baseline", "item"] = float("nan")
    part = tabulate_items(analysis, [QUESTION], ["baseline", "followup"])["part"]
    assert set(part["wave"]) == {"followup"}


def test_a_code_that_the_codebook_lacks_is_an_error(analysis):
    with pytest.raises(ValueError, match="code 5"):
        tabulate_items(analysis, [{**QUESTION, "labels": QUESTION["labels"][:4]}], ["baseline", "followup"])


def test_a_study_without_labelled_questions_has_an_empty_table(analysis):
    assert tabulate_items(analysis, [], ["baseline", "followup"])["part"].empty
