"""lmer against lme4, lmerTest, pbkrtest and emmeans, on every stored linear case."""

import warnings
from typing import Any

import numpy as np
import pytest
from reference_cases import FOLDER, SHARED, cases, checker, needs_shared, reference

from pilot_eval.mixed import compare, lmer

pytestmark = needs_shared


def _unboxed(ref: dict[str, Any]) -> dict[str, Any]:
    """R's toJSON turns vectors of length one into scalars; the checker expects lists."""
    for table in (ref.get("ranef") or {}).values():
        if isinstance(table["columns"], str):
            table["columns"] = [table["columns"]]
    return ref


@pytest.mark.parametrize("case", cases("lme4::lmer"))
def test_agrees_with_r(case: str) -> None:
    check = checker("mixed")
    report = check.Report()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check.check_lmm(report, lmer, FOLDER, case, _unboxed(reference(case)))
    assert report.faults == []


@pytest.mark.parametrize("method", ["satterthwaite", "kenward_roger"])
def test_marginal_means_and_their_contrasts(method: str) -> None:
    check = checker("mixed")
    ref = reference(f"pilot2_emmeans_{method}")
    report = check.Report()
    check.check_emmeans(report, lmer, FOLDER, "pilot2", ref)
    assert report.faults == []
    fit = lmer(ref["formula"], check.read(FOLDER, "pilot2", ref))
    means = fit.emmeans(["area", "wave"], df=ref["df_method"])
    change = means.contrasts("revpairwise", within="area").set_index("area")
    for row in ref["contrast_wave1_minus_wave0"]:
        mine = change.loc[row["area"]]
        assert mine["estimate"] == pytest.approx(row["estimate"], abs=1e-6 * row["SE"])
        assert mine["df"] == pytest.approx(row["df"], rel=1e-4)
        # emmeans' fits stopped at lme4's default tolerance
        assert mine["p"] == pytest.approx(row["p.value"], rel=1e-3)
        assert (mine["low"], mine["high"]) == pytest.approx((row["lower.CL"], row["upper.CL"]), abs=1e-5)


def test_profile_intervals() -> None:
    check = checker("mixed")
    report = check.Report()
    check.check_profile(report, lmer, FOLDER, "pilot4", reference("pilot4_profile_theta"))
    assert report.faults == []


# orthodont is left out: R's own profile failed there (its warnings are in the file)
@pytest.mark.parametrize("case", ["dyestuff", "pastes_nested", "sleepstudy_uncorr", "sleepstudy_corr"])
def test_profile_intervals_of_small_models(case: str) -> None:
    check = checker("mixed")
    ref = reference(case)
    got = lmer(ref["formula"], check.read(FOLDER, case, ref)).profile_ci()
    mine = sorted((row[3], row[4]) for row in got.to_numpy())
    rows = zip(ref["profile_ci95"]["rows"], ref["profile_ci95"]["values"], strict=True)
    want = sorted(tuple(v) for r, v in rows if r.startswith(("sd_", "cor_", "sigma")))
    assert np.array(mine) == pytest.approx(np.array(want), rel=2e-3, abs=2e-3)


def test_likelihood_ratio_tests() -> None:
    ref = reference("pilot4_lrt")
    data = checker("mixed").read(FOLDER, "pilot4", ref)
    full = lmer(ref["full"], data)
    slope = compare(lmer(ref["full"].replace(" ", "").replace("(wave|area)", "(1|area)"), data), full)
    assert slope.statistic == pytest.approx(ref["random"]["chisq"], abs=1e-6)
    assert (slope.method, slope.df, slope.weights) == ("mixture", (1, 2), (0.5, 0.5))
    fixed = lmer("y ~ wave + group + age + sex + ses + (wave | area) + (1 | school) + (1 | resp)", data, reml=False)
    test = compare(fixed, full)
    assert test.statistic == pytest.approx(ref["fixed"]["chisq"], abs=1e-6)
    assert test.p == pytest.approx(ref["fixed"]["p"], rel=1e-5) and "ML" in test.note


@pytest.mark.skipif(not (SHARED / "data" / "studies").is_dir(), reason="the real studies are not on this machine")
@pytest.mark.parametrize("study", ["btheb", "dart_scores", "early", "tvsfp"])
def test_real_studies(study: str, capsys: pytest.CaptureFixture[str]) -> None:
    studies = checker("studies")
    assert studies.main([study]) == 0, capsys.readouterr().out
