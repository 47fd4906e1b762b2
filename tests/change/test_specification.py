"""What of a planned formula the rows can bear."""

import pytest

from pilot_eval.change.rows import answered
from pilot_eval.change.specification import fit_to_rows, read_formula

PLANNED = "score ~ wave * role + (1 + wave | area) + (1 | organisation) + (1 | respondent)"


@pytest.fixture
def rows(analysis):
    return answered(analysis, "score", ["lead", "staff"], ["before", "after"])


def test_a_formula_is_taken_apart():
    found = read_formula("y ~ wave * (a + b) + (1 + wave || area) + log(x) + (1 | unit)")
    assert found.fixed.replace(" ", "") == "wave*(a+b)+log(x)"
    assert found.random == (("1 + wave", "||", "area"), ("1", "|", "unit"))
    assert found.columns_of("area") == "1 + wave" and found.columns_of("school") is None
    assert read_formula(found.formula).random == found.random
    assert read_formula("y ~ (1 | area)").fixed == "1"


@pytest.mark.parametrize("formula", ["score", "score ~ wave + ((1 | area)"])
def test_what_is_no_formula_is_an_error(formula):
    with pytest.raises(ValueError):
        read_formula(formula)


def test_the_plan_stands_when_the_rows_can_bear_it(rows):
    found = fit_to_rows(PLANNED, rows)
    assert found.dropped == ()
    assert found.formula == PLANNED.replace("organisation", "unit")


def test_a_constant_column_is_left_out_openly(rows):
    found = fit_to_rows(PLANNED.replace("role", "role + wave:phase + phase"), rows)
    assert [term for term, _ in found.dropped] == ["phase", "wave:phase"]
    assert found.dropped[0][1] == 'phase is "x" in all rows'
    assert "phase" not in found.formula and "wave:role" in found.formula


def test_one_role_only(rows):
    found = fit_to_rows(PLANNED, rows.loc[rows["role"] == "lead"])
    assert found.fixed == "1 + wave"


def test_without_organisations_their_term_goes(rows):
    found = fit_to_rows(PLANNED, rows.assign(organisation="", unit="area:" + rows["area"]))
    assert found.dropped == (("(1 | organisation)", "no respondent answers for an organisation"),)
    assert [group for _, _, group in found.random] == ["area", "respondent"]


def test_respondents_met_once_cannot_be_told_from_chance(rows):
    once = rows.drop_duplicates("respondent")
    dropped = dict(fit_to_rows(PLANNED, once).dropped)
    assert dropped["(1 | respondent)"] == "no respondent has more than one row"


def test_one_respondent_per_organisation(rows):
    single = rows.loc[rows["respondent"].str.endswith("-0")]
    dropped = dict(fit_to_rows(PLANNED, single).dropped)
    assert dropped["(1 | respondent)"] == "each respondent is a whole organisation"
