"""Means, paired change, replications and agreement."""

import numpy as np
import pandas as pd
import pytest

from pilot_eval.describe.compare_waves import compare_waves
from pilot_eval.ledger import PART

WAVES = ["baseline", "followup"]


def compared(analysis, outcome, replications=(), agreements=()):
    return compare_waves(analysis, [outcome], WAVES, list(replications), list(agreements))["part"]


def test_paired_change_is_that_of_respondents_with_both_answers(analysis, outcome, value):
    part = compared(analysis, outcome)
    assert list(part.columns) == list(PART)
    assert value(part, "paired", "n", "trust")["value"] == 5
    assert value(part, "paired", "change", "trust")["value"] == pytest.approx(np.mean([1, 0, 2, 0.5, 2]))
    assert value(part, "paired", "mean_first", "trust")["value"] == pytest.approx(np.mean([2, 3, 2, 4, 3]))
    assert value(part, "paired", "df", "trust")["value"] == 4


def test_the_test_is_that_of_pairs(analysis, outcome, value):
    """Means do not tell who belongs to whom: the spread of the change does."""
    change = np.array([1, 0, 2, 0.5, 2])
    part = compared(analysis, outcome)
    assert value(part, "paired", "sd_change", "trust")["value"] == pytest.approx(change.std(ddof=1))
    t = change.mean() / (change.std(ddof=1) / np.sqrt(5))
    assert value(part, "paired", "t", "trust")["value"] == pytest.approx(t)
    assert value(part, "paired", "d_z", "trust")["value"] == pytest.approx(change.mean() / change.std(ddof=1))


def test_cells_say_how_many_respondents_and_organisations_stand_behind_them(analysis, outcome, value):
    cell = value(compared(analysis, outcome), "paired", "change", "trust")
    assert (cell["n"], cell["n_organisations"], cell["unit"]) == (5, 4, "points")


def test_roles_add_up_to_all(analysis, outcome, value):
    part = compared(analysis, outcome)
    counts = part.loc[(part["table"] == "paired") & (part["column"] == "n")]
    assert set(counts["sum"]) == {"trust"}
    assert counts.loc[~counts["total"], "value"].sum() == counts.loc[counts["total"], "value"].item()


def test_means_tell_matched_from_unmatched(analysis, outcome, value):
    part = compared(analysis, outcome)
    assert value(part, "means", "mean", "trust.unmatched.baseline")["value"] == pytest.approx(1.5)
    assert value(part, "means", "n", "trust.all.baseline")["value"] == 7
    assert value(part, "means", "mean", "trust.role-nurse.followup")["value"] == pytest.approx(4.75)
    single = value(part, "means", "sd", "trust.unmatched.followup")
    assert pd.isna(single["value"]) and single["status"] == "x"


def test_standardised_by_all_answers_at_the_start(analysis, outcome, value):
    start = np.array([2, 3, 1, 2, 4, 3, 2.0])
    part = compared(analysis, outcome)
    found = value(part, "paired", "standardised", "trust")["value"]
    assert found == pytest.approx(1.1 / start.std(ddof=1) * (1 - 3 / (4 * 6 - 1)), rel=0.01)


def test_a_replication_keeps_to_its_role(analysis, outcome, value):
    part = compared(analysis, outcome, [{"replication": "report", "outcomes": ["trust"], "role": "nurse"}])
    assert value(part, "replication", "change", "trust.report")["value"] == pytest.approx(1.25)


def test_agreement_is_pooled_over_surveys(analysis, outcome, value):
    asked = {"agreement": "helped", "column": "item", "wave": "followup", "agree": [4, 5]}
    part = compared(analysis, outcome, agreements=[asked])
    assert value(part, "agreement", "agree", "helped")["value"] == pytest.approx(4 / 6)
    low, high = (value(part, "agreement", end, "helped")["value"] for end in ("low", "high"))
    assert 0 <= low < 4 / 6 < high <= 1


def test_an_outcome_without_answers_gives_empty_cells_and_no_error(analysis, outcome, value):
    part = compared(analysis.assign(score=np.nan), outcome)
    cell = value(part, "paired", "change", "trust")
    assert cell["status"] == "x" and pd.isna(cell["value"])
    assert value(part, "paired", "n", "trust")["value"] == 0


def test_means_of_areas_stand_wave_by_wave_and_never_tell_what_each_person_said(analysis, outcome):
    def by_area(frame):
        part = compared(frame, outcome)
        return part.loc[part["table"] == "means_by_area"].set_index(["area", "wave"])

    column, asked = outcome["column"], analysis["role"].isin(outcome["roles"])
    known = analysis.loc[asked & analysis[column].notna() & (analysis["area"] != "")]
    found = by_area(analysis)
    for place, own in known.groupby(["area", "wave"])[column]:
        cell = found.loc[place]
        assert cell["n"] == len(own) and cell["value"] == pytest.approx(own.mean())
        assert cell["status"] == ("" if own.nunique() > 1 else "c")
    assert (found["status"] == "").any()
    here = (analysis["area"] == known["area"].iloc[0]) & (analysis["wave"] == WAVES[0])
    alike = by_area(analysis.assign(**{column: analysis[column].mask(here & analysis[column].notna(), 4.0)}))
    assert alike.loc[(known["area"].iloc[0], WAVES[0]), "status"] == "c"
    two = by_area(analysis.assign(**{column: (analysis[column] > 2).astype(float).where(analysis[column].notna())}))
    assert two.empty
