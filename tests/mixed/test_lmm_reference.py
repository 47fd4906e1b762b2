"""lmer against lme4, lmerTest and pbkrtest, on every stored linear case."""

import warnings

import pytest
from reference_cases import FOLDER, cases, checker, needs_shared, reference

from pilot_eval.mixed import lmer

pytestmark = needs_shared


@pytest.mark.parametrize("case", cases("lme4::lmer"))
def test_agrees_with_r(case: str) -> None:
    check = checker("mixed")
    report = check.Report()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check.check_lmm(report, lmer, FOLDER, case, reference(case))
    assert report.faults == []
