"""Tests adjusted for their number."""

import numpy as np
import pandas as pd
import pytest

from pilot_eval.challenge.adjust_tests import adjust, adjust_tests
from pilot_eval.challenge.contracts import CONTRACTS
from pilot_eval.parts import measured, part_of


def question(name, outcome, family="primary", kind="change", contrast="overall", roles=(), smallest=None):
    keys = ("question", "kind", "contrast", "outcome", "roles", "matched", "family", "smallest_change")
    return dict(zip(keys, (name, kind, contrast, outcome, roles, False, family, smallest), strict=True))


def part(outcome, p, se=0.05):
    cells = measured({"estimate": 0.1, "se": se, "df": 20.0, "p": p}, outcome=outcome, n=100, estimand="change")
    later = measured({"p": 0.5}, outcome=outcome, n=100, wave="later")
    return part_of("fit_change", {"change_overall": cells + later})


def test_holm_by_hand():
    assert adjust(np.array([0.01, 0.04, 0.03]), "holm") == pytest.approx([0.03, 0.06, 0.06])
    assert adjust(np.array([0.01, 0.04, 0.03]), "fdr_bh") == pytest.approx([0.03, 0.04, 0.04])
    assert adjust(np.array([0.01, 0.04]), "none") == pytest.approx([0.01, 0.04])


def test_outcomes_without_a_model_do_not_count():
    found = adjust_tests([part("a", 0.01), part("b", None), part("c", 0.02)], [], "holm")
    for name in found:
        CONTRACTS[f"adjust_tests.{name}"].validate(found[name])
    tests = found["tests"].set_index("outcome")
    assert tests.loc["a", "p_adjusted"] == pytest.approx(0.02)
    assert pd.isna(tests.loc["b", "p_adjusted"])
    cells = found["part"].set_index("id")
    assert cells.loc["change_adjusted.c.p_adjusted", "value"] == pytest.approx(0.02)
    assert cells.loc["change_adjusted.b.p", "status"] == "x"


def test_no_outcome_could_be_modelled():
    found = adjust_tests([part("a", None)], [], "holm")
    assert found["tests"]["p_adjusted"].isna().all()


def answer(rule, question, p):
    return part_of(rule, {rule: measured({"p": p}, group=question, n=50, estimand="an association")})


def test_families_are_adjusted_apart_each_by_its_method():
    by_role = part_of("fit_role", {"change_by_role": measured({"p": 0.04}, outcome="a", group="lead", n=9)})
    parts = [part("a", 0.01), part("b", 0.02), part("c", 0.03), by_role, answer("moderate", "size", 0.04)]
    parts.append(answer("relate", "start", 0.5))
    found = adjust_tests(
        parts,
        [
            question("a_rose", "a"), question("b_rose", "b"), question("lead_rose", "a", roles=("lead",)),
            question("size", "a", "exploratory", "moderator", ""), question("start", "a", "exploratory", "start", ""),
        ],
        "holm",
    )  # fmt: skip
    tests = found["tests"].set_index("question")["p_adjusted"]
    assert tests["a_rose"] == pytest.approx(0.03)
    assert tests["b_rose"] == pytest.approx(0.04)
    assert tests["lead_rose"] == pytest.approx(0.04)
    assert tests["size"] == pytest.approx(0.08)
    assert tests["start"] == pytest.approx(0.5)
    assert tests[""] == pytest.approx(0.03)  # the outcome that no question asks about, alone
    cells = found["part"].set_index("id")
    assert cells.loc["questions_adjusted.a.a_rose.p_adjusted", "value"] == pytest.approx(0.03)
    assert cells.loc["change_adjusted.c.p", "value"] == pytest.approx(0.03)


def test_of_two_sides_the_change_in_their_gap_is_tested():
    gap = measured({"p": 0.001}, group="gap", wave="start") + measured({"p": 0.3}, group="gap.change", wave="end")
    part = part_of("fit_sides", {"sides_gap": gap})
    found = adjust_tests([part], [question("gap", "", kind="sides", contrast="")], "holm")["tests"]
    assert found["p"].tolist() == [0.3]


def test_a_question_without_an_answer_does_not_count():
    found = adjust_tests([part("a", 0.01)], [question("a_rose", "a"), question("size", "a", kind="moderator")], "holm")
    assert found["tests"]["p_adjusted"].tolist() == pytest.approx([0.01])


@pytest.mark.parametrize(("se", "inside"), [(0.05, True), (0.3, False)])
def test_equivalence_is_the_ninety_per_cent_interval_inside_the_margins(se, inside):
    found = adjust_tests([part("a", 0.5, se)], [question("a_rose", "a", smallest=0.25)], "holm")["part"].set_index("id")
    row = {name: found.loc[f"equivalence.a.a_rose.{name}", "value"] for name in ("low90", "high90", "p_equivalence")}
    assert (row["low90"] > -0.25 and row["high90"] < 0.25) == inside == (row["p_equivalence"] < 0.05)
    half = 1.7247182429207857 * se  # t(0.95, 20), R: qt(0.95, 20)
    assert row["high90"] == pytest.approx(0.1 + half)


def test_a_refused_model_has_no_equivalence():
    refused = part_of("fit_change", {"change_overall": measured({"estimate": None, "p": None}, outcome="a", n=3)})
    found = adjust_tests([refused], [question("a_rose", "a", smallest=0.25)], "holm")["part"].set_index("id")
    assert found.loc["equivalence.a.a_rose.p_equivalence", "status"] == "x"
