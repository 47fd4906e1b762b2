"""Tests adjusted for their number."""

import numpy as np
import pandas as pd
import pytest

from pilot_eval.challenge.adjust_tests import adjust, adjust_tests
from pilot_eval.challenge.contracts import CONTRACTS
from pilot_eval.parts import measured, part_of


def part(outcome, p):
    cells = measured({"estimate": 0.1, "p": p}, outcome=outcome, n=100, estimand="change")
    later = measured({"p": 0.5}, outcome=outcome, n=100, wave="later")
    return part_of("fit_change", {"change_overall": cells + later})


def test_holm_by_hand():
    assert adjust(np.array([0.01, 0.04, 0.03]), "holm") == pytest.approx([0.03, 0.06, 0.06])
    assert adjust(np.array([0.01, 0.04, 0.03]), "fdr_bh") == pytest.approx([0.03, 0.04, 0.04])
    assert adjust(np.array([0.01, 0.04]), "none") == pytest.approx([0.01, 0.04])


def test_outcomes_without_a_model_do_not_count():
    found = adjust_tests([part("a", 0.01), part("b", None), part("c", 0.02)], "holm")
    for name in found:
        CONTRACTS[f"adjust_tests.{name}"].validate(found[name])
    tests = found["tests"].set_index("outcome")
    assert tests.loc["a", "p_adjusted"] == pytest.approx(0.02)
    assert pd.isna(tests.loc["b", "p_adjusted"])
    cells = found["part"].set_index("id")
    assert cells.loc["change_adjusted.c.p_adjusted", "value"] == pytest.approx(0.02)
    assert cells.loc["change_adjusted.b.p", "status"] == "x"


def test_no_outcome_could_be_modelled():
    found = adjust_tests([part("a", None)], "holm")
    assert found["tests"]["p_adjusted"].isna().all()
