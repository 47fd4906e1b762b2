import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilot_eval.study.terms import names_in, wrong_form


@pytest.mark.parametrize(
    ("formula", "names"),
    [
        ("{outcome} ~ wave * role + (wave | area) + (1 | organisation)", ["wave", "role", "area", "organisation"]),
        ("{outcome} ~ C(phase, contr.treatment(base='x')) + I(months**2)", ["phase", "months"]),
        ("{outcome} ~ factor(wave) + log(size_1 + 1) + (1 + wave || a/b)", ["wave", "size_1", "a", "b"]),
        ("{outcome} ~ bs(months, df=3, degree = 2) + `wave`", ["months", "wave"]),
        ('{outcome} ~ C(role, levels=["wave", "x y"]) - 1', ["role"]),
        ("{outcome} ~ 1e3 + TRUE", []),
    ],
)
def test_columns_are_named_and_functions_are_not(formula, names):
    assert list(names_in(formula)) == names


@pytest.mark.parametrize(
    "formula",
    [
        "{outcome} ~ wave",
        "{outcome} ~ wave + (1 | area)",
        "log({outcome} + 1) ~ wave * role + (1 + log(months + 1) | area/organisation) + (0 + wave || respondent)",
        "{outcome} ~ C(role, levels=['(', ')']) + (1|area)",
        "{outcome} ~ (wave + role)**2 - wave:role + I(months ** 2) + -1 + (0 + wave | area:role)",
    ],
)
def test_formulas_of_good_form(formula):
    assert wrong_form(formula) is None


@pytest.mark.parametrize(
    ("formula", "complaint"),
    [
        ("wave + (1 | area)", "no single ~"),
        ("{outcome} ~ wave ~ area", "no single ~"),
        ("{outcome} ~ ", "no single ~"),
        ("communication ~ wave", "no {outcome}"),
        ("{outcome} ~ {outcome}", "no {outcome}"),
        ("{outcome} ~ wave + (1 | area", "brackets"),
        ("{outcome} ~ wave) + (1 | area", "brackets"),
        ("{outcome} ~ wave + ( | area)", "random term without columns"),
        ("{outcome} ~ wave + (1 | )", "random term without columns"),
        ("{outcome} ~ wave + 1 | area", "without its brackets"),
        ("{outcome} ~ wave * * role + (1 | area)", "operator"),
        ("{outcome} ~ wave *** role", "operator"),
        ("{outcome} ~ wave * role:", "operator"),
        ("{outcome} ~ * wave", "operator"),
        ("{outcome} ~ wave + (1 + : wave | area)", "operator"),
    ],
)
def test_formulas_of_bad_form(formula, complaint):
    assert complaint in wrong_form(formula)


@given(st.text("abc ~|()'\"{}+*=.1", max_size=40))
def test_any_text_is_taken_apart_without_an_error(text):
    assert all(name in text for name in names_in(text))
    wrong_form(text)
