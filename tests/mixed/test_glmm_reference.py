"""glmer and clmm against lme4, glmmTMB and ordinal, on every stored case."""

import warnings

import pytest
from reference_cases import FOLDER, cases, checker, needs_shared, reference

from pilot_eval.mixed import clmm, glmer

pytestmark = needs_shared


@pytest.mark.parametrize("case", cases("lme4::glmer", "glmmTMB"))
def test_glmer_agrees(case: str) -> None:
    check = checker("mixed")
    report = check.Report()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check.check_glmm(report, glmer, FOLDER, case, reference(case))
    assert report.faults == []


@pytest.mark.parametrize("case", cases("ordinal"))
def test_clmm_agrees(case: str) -> None:
    check = checker("mixed")
    report = check.Report()
    check.check_clmm(report, clmm, FOLDER, case, reference(case))
    assert report.faults == []
