"""Rows of an outcome."""

import pandas as pd

from pilot_eval.change.rows import answered, organisations, pairs

WAVES = ["before", "after"]


def test_only_answers_of_roles_asked_in_the_order_of_the_study(analysis):
    analysis.loc[0, "score"] = float("nan")
    rows = answered(analysis, "score", ["staff", "lead"], WAVES)
    assert len(rows) == len(analysis) - 1
    assert list(rows["wave"].cat.categories) == WAVES
    assert list(rows["role"].cat.categories) == ["staff", "lead"]
    assert answered(analysis, "score", ["lead"], WAVES)["role"].unique().tolist() == ["lead"]


def test_row_order_does_not_matter(analysis):
    shuffled = analysis.sample(frac=1, random_state=1)
    rows = [answered(frame, "score", ["lead", "staff"], WAVES) for frame in (analysis, shuffled)]
    assert rows[0].equals(rows[1])


def test_a_column_that_nobody_delivered_has_no_rows(analysis):
    assert answered(analysis, "absent", ["lead"], WAVES).empty


def test_pairs_have_both_answers(analysis):
    rows = answered(analysis, "score", ["lead", "staff"], WAVES)
    both = pairs(rows, "before", "after")
    counts = rows.groupby("respondent").size()
    assert sorted(both["respondent"]) == sorted(counts.index[counts == 2])


def test_two_questionnaires_of_one_person_at_one_wave_count_once(analysis):
    rows = answered(analysis, "score", ["lead", "staff"], WAVES)
    one = pairs(rows, "before", "after").iloc[0]
    again = rows.loc[(rows["respondent"] == one["respondent"]) & (rows["wave"] == "before")]
    more = pd.concat([rows, again.assign(value=again["value"] + 1.0)], ignore_index=True)
    both = pairs(more, "before", "after")
    assert len(both) == len(pairs(rows, "before", "after"))
    assert both.set_index("respondent").loc[one["respondent"], "first"] == one["first"] + 0.5


def test_organisations_behind_rows(analysis):
    assert organisations(analysis) == analysis["organisation"].nunique()
    assert organisations(analysis.assign(organisation="")) is None
