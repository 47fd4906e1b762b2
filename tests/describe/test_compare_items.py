"""Each question before and after."""

import numpy as np
import pandas as pd
import pytest

from pilot_eval.describe.compare_items import compare_items, paired_difference
from pilot_eval.ledger import PART

WAVES = ["baseline", "followup"]
ROLES = ["teacher", "nurse"]
SCALE = {"item": "item", "label": "How much?", "labels": [[n, str(n)] for n in range(1, 6)]}
YES_NO = {"item": "lead", "label": "A lead?", "labels": [[0, "No"], [1, "Yes"]]}


def compared(analysis, *questions):
    return compare_items(analysis, questions, ROLES, WAVES)["part"]


def test_an_ordered_question_has_means_and_tests_of_categories(analysis, value):
    part = compared(analysis, SCALE)
    assert list(part.columns) == list(PART)
    change = np.array([1, 0, 2, 0, 2])
    assert value(part, "item_changes", "n", "item")["value"] == 5
    assert value(part, "item_changes", "change", "item")["value"] == pytest.approx(change.mean())
    assert value(part, "item_changes", "bowker_df", "item")["value"] == 3
    low, high = (value(part, "item_changes", f"d_z_{end}", "item")["value"] for end in ("low", "high"))
    assert low < change.mean() / change.std(ddof=1) < high
    assert set(part["table"]) == {"item_changes"}


def people(up, down, both, neither):
    """Rows of so many respondents of a question of two answers."""
    answers = [(0, 1)] * up + [(1, 0)] * down + [(1, 1)] * both + [(0, 0)] * neither
    rows = [
        {"_id": f"{wave}-{n}", "wave": wave, "role": "nurse", "area": "", "organisation": f"o{n}",
         "respondent": f"r{n:03}", "lead": float(answer)}
        for n, pair in enumerate(answers) for wave, answer in zip(WAVES, pair, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_a_question_of_two_answers_has_shares_and_mcnemar(value):
    part = compared(people(21, 12, 38, 40), YES_NO)
    found = {row["column"]: row for row in part.to_dict("records")}
    assert found["share_first"]["value"] == pytest.approx(50 / 111)
    assert found["change"]["value"] == pytest.approx(9 / 111)
    assert found["mcnemar_p"]["value"] == pytest.approx(0.1637343543246, rel=1e-9)
    assert (found["odds"]["n"], found["odds"]["n_organisations"], found["n"]["n"]) == (12, 12, 111)


@pytest.mark.parametrize(
    ("cells", "interval"), [((36, 12, 2, 0), (0.0569, 0.3404)), ((20, 12, 2, 16), (0.0562, 0.3292))]
)
def test_the_interval_of_a_difference_is_that_of_newcombe(cells, interval):
    """Table II of Newcombe (1998), method 10."""
    both, up, down, neither = cells
    assert paired_difference(up, down, both, sum(cells)) == pytest.approx(interval, abs=5e-5)
    low, high = paired_difference(down, up, both, sum(cells))
    assert both + neither >= 0 and (-high, -low) == pytest.approx(interval, abs=5e-5)


def test_a_question_of_one_wave_is_left_out(analysis):
    once = analysis.assign(lead=np.where(analysis["wave"] == "followup", 1.0, np.nan))
    assert compared(once, YES_NO, SCALE | {"item": "never_asked"}).empty
