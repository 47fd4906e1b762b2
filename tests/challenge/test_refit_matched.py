"""The same change from matched respondents."""

import pytest

from pilot_eval.challenge.contracts import CONTRACTS
from pilot_eval.challenge.refit_matched import refit_matched

FORMULA = "{outcome} ~ wave * role + (1 + wave | area) + (1 | organisation) + (1 | respondent)"
OUTCOME = {"outcome": "trust", "column": "score", "roles": ["lead", "staff"], "unit": "points", "digits": 2}


def refitted(analysis):
    weights = {"lead": 0.5, "staff": 0.5}
    found = refit_matched(analysis, "main", FORMULA, True, OUTCOME, weights, ["before", "after"])
    for name in found:
        CONTRACTS[f"refit_matched.{name}"].validate(found[name])
    return found


def test_those_who_answered_once_do_not_count(analysis):
    counts = analysis.groupby("respondent")["wave"].transform("size")
    once = analysis["respondent"].where(counts == 1)
    moved = analysis.assign(score=analysis["score"] + 5.0 * once.notna())
    one, other = refitted(analysis), refitted(moved)
    assert one["estimates"].equals(other["estimates"])
    assert one["estimates"]["n"].item() == (counts == 2).sum()


def test_the_cells_of_the_ledger(analysis):
    part = refitted(analysis)["part"].set_index("id")
    assert set(part["column"]) == {"estimate", "low", "high"}
    cell = part.loc["challenge.trust.matched.estimate"]
    assert part.loc["challenge.trust.matched.low", "value"] < cell["value"]
    assert cell["unit"] == "points" and cell["n_organisations"] > 3


def test_without_anybody_matched_it_is_not_available(analysis):
    once = analysis.drop_duplicates("respondent")
    found = refitted(once)
    assert set(found["part"]["status"]) == {"x"}
    assert found["estimates"]["reason"].item() == "no answer has outcome, role and area together; not modelled"
    assert found["estimates"]["estimate"].isna().all()
    assert found["part"]["value"].isna().all() and found["part"]["n"].eq(0).all() == pytest.approx(True)
