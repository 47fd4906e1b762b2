"""The plan's questions about change: of a population, between roles, between areas."""

import pytest

from pilot_eval.change.fitting import fit_planned, overall, read_contrast
from pilot_eval.change.planned import Planned
from pilot_eval.model.fit_change import fit_change

FORMULA = "{outcome} ~ wave * role + (1 + wave | area) + (1 | organisation) + (1 | respondent)"
OUTCOME = {"outcome": "trust", "column": "score", "roles": ["lead", "staff"], "unit": "points", "digits": 2}
PLANNED = Planned(OUTCOME, FORMULA, True, {"lead": 0.6, "staff": 0.2}, ["before", "after"], "main")
AREAS = [f"area-{a}" for a in range(8)]


def question(name, contrast="overall", **changed):
    return {"question": name, "kind": "change", "outcome": "trust", "contrast": contrast, "between": None, "roles": [],
            "matched": False, "estimand": f"what {name} asks", "smallest_change": None} | changed  # fmt: skip


def answers(analysis, *questions, formula=FORMULA):
    found = fit_change(
        analysis, "main", formula, True, True, OUTCOME, {"lead": 0.6, "staff": 0.2}, ["before", "after"], AREAS, None,
        list(questions), 20, 1,
    )  # fmt: skip
    return found["part"].set_index("id"), found["faults"]


QUESTIONS = (
    question("apart", "between_roles", between=["lead", "staff"]), question("vary", "between_areas"), question("rose"),
    question("leads", roles=["lead"]), question("stayed", matched=True), question("both", roles=["lead", "staff"]),
)  # fmt: skip


@pytest.fixture(scope="module")
def asked(make):
    return answers(make(), *QUESTIONS)


def test_the_difference_of_two_roles(analysis, asked):
    part, _ = asked
    row = "change_between_roles.trust.apart."
    lead, staff = (part.loc[f"change_by_role.trust.{role}.estimate", "value"] for role in ("lead", "staff"))
    assert part.loc[row + "estimate", "value"] == pytest.approx(lead - staff)
    fitted = fit_planned(analysis, PLANNED)
    by_hand = read_contrast(fitted.fit, fitted.change.by_role["lead"] - fitted.change.by_role["staff"])
    assert part.loc[row + "p", "value"] == pytest.approx(by_hand["p"])
    term = fitted.fit.tests().loc["wave[T.after]:role[T.staff]"]
    assert part.loc[row + "p", "value"] == pytest.approx(term["p"]), "with two roles it is the interaction"
    assert part.loc[row + "low", "value"] < lead - staff < part.loc[row + "high", "value"]


def test_differences_between_areas_are_told_under_the_question(asked):
    part, _ = asked
    for measure in ("sd_change", "low", "high", "boot_low", "p"):
        asked = part.loc[f"change_between_areas.trust.vary.{measure}", "value"]
        assert asked == part.loc[f"change_variation.trust.{measure}", "value"]


def test_a_change_overall_stands_in_the_row_of_its_outcome(asked):
    part, faults = asked
    assert not part["group"].isin(["rose", "leads"]).any() and faults.empty


def test_matched_respondents_have_a_fit_of_their_own(analysis, asked):
    part, _ = asked
    waves = analysis.groupby("respondent")["wave"].nunique()
    stayed = analysis.loc[analysis["respondent"].isin(waves.index[waves == 2])]
    fitted = fit_planned(stayed, PLANNED)
    row = part.loc["change_of_population.trust.stayed.estimate"]
    assert row["value"] == pytest.approx(overall(fitted)["estimate"])
    assert row["n"] == (waves == 2).sum()


def test_several_roles_are_weighted_by_their_shares(asked):
    part, _ = asked
    row = part.loc["change_of_population.trust.both.estimate", "value"]
    assert row == pytest.approx(part.loc["change_overall.trust.estimate", "value"])


def test_the_only_role_of_an_outcome_has_a_row_where_a_question_is_about_it(analysis):
    alone = analysis.loc[analysis["role"] == "lead"]
    outcome = OUTCOME | {"roles": ["lead"]}
    part = fit_change(
        alone, "main", FORMULA, True, True, outcome, {"lead": 1.0}, ["before", "after"], AREAS, None,
        [question("leads", roles=["lead"])], 20, 1,
    )["part"].set_index("id")["value"]  # fmt: skip
    assert part["change_by_role.trust.lead.p"] == pytest.approx(part["change_overall.trust.p"])


@pytest.mark.fault("MOD-11")
@pytest.mark.parametrize(
    ("asked", "formula", "said"),
    [
        (question("q", "between_roles", between=["lead", "nobody"]), FORMULA, "role nobody was not asked"),
        (question("q", "between_roles"), FORMULA, "no pair of roles is named"),
        (question("q", "between_roles", between=["lead", "staff"]), FORMULA.replace("wave * role", "wave + role"),
         "wave * role is not in its formula"),
        (question("q", "between_areas"), FORMULA.replace("1 + wave", "1"), "no change of their own"),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_answered_is_said_and_costs_nothing_else(analysis, asked, formula, said):
    part, faults = answers(analysis, asked, formula=formula)
    (fault,) = faults.loc[faults["id"] == "MOD-11"].to_dict("records")
    assert fault["file"] == "question q" and said in fault["saw"] and fault["severity"] == "WARN"
    own = part.loc[part["group"] == "q"]
    assert len(own) and set(own["status"]) == {"x"} and own["value"].isna().all()
    assert part.loc["change_overall.trust.estimate", "status"] == ""


@pytest.mark.fault("MOD-11")
def test_a_role_that_left_has_no_difference(analysis):
    kept = analysis.loc[(analysis["role"] == "lead") | (analysis["wave"] == "before")]
    part, faults = answers(kept, question("q", "between_roles", between=["lead", "staff"]))
    assert "role staff did not answer at both ends" in set(
        faults.loc[faults["id"] == "MOD-11", "saw"].str.split(";").str[0]
    )
    assert part.loc["change_between_roles.trust.q.estimate", "status"] == "x"
