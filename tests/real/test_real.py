"""Real studies by configuration alone, held against R's results; the data stay where they are."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from fitted import paired_as_r, row, same_as_r

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
STUDIES = ROOT.parent / "shared" / "data" / "studies"
SPSS = ROOT.parent / "shared" / "data" / "spss"
needs_data = pytest.mark.skipif(not STUDIES.is_dir(), reason="the real studies are not on this machine")


def run(name, folder):
    """Copy a study's config and the data it names into a folder and run the whole workflow on it."""
    sys.path.insert(0, str(ROOT / "tests" / "workflow"))
    from flow import snakemake

    study = folder / name
    shutil.copytree(HERE / name / "config", study / "config")
    raw = study / "data" / "raw"
    raw.mkdir(parents=True)
    for line in (study / "config" / "sources.csv").read_text("utf-8").splitlines()[1:]:
        file = Path(line.split(",")[4]).name
        shutil.copy(STUDIES / file, raw / file)
        os.chmod(raw / file, 0o644)
    done = snakemake(study, env={f"{name.upper()}_KEY": "a key for tests only"})
    assert done.returncode == 0, done.stderr
    return study


@pytest.fixture(scope="module")
def dart(tmp_path_factory):
    if not STUDIES.is_dir():
        pytest.skip("the real studies are not on this machine")
    return run("dart", tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="module")
def univbct(tmp_path_factory):
    if not STUDIES.is_dir():
        pytest.skip("the real studies are not on this machine")
    return run("univbct", tmp_path_factory.mktemp("real"))


def test_dart_scores_are_those_of_r_exactly(dart):
    ours = pd.read_parquet(dart / "data/processed/score/score_scales/analysis.parquet")
    theirs = pd.read_csv(STUDIES / "dart_scores.csv", dtype={"record_id": str})
    assert (len(ours), len(theirs)) == (797, 798)  # one record has no answer: rejected as such
    for scale in ("confidence", "attitude"):
        for wave in ("pre", "post"):
            mine = np.sort(ours.loc[ours["wave"] == wave, scale].dropna().to_numpy())
            want = np.sort(theirs.loc[theirs["wave"] == wave, scale].dropna().to_numpy())
            np.testing.assert_allclose(mine, want, rtol=0, atol=1e-13)


@pytest.mark.parametrize("scale", ["confidence", "attitude"])
def test_dart_paired_tests_are_those_of_r(dart, scale):
    want = json.loads((STUDIES / "dart_scores.json").read_text("utf-8"))[f"paired_{scale}"]
    paired_as_r(row(dart, "compare_waves", "paired", outcome=scale), want)


def test_dart_items_are_those_of_r_one_by_one(dart):
    want = json.loads((STUDIES / "dart_scores.json").read_text("utf-8"))["item_by_item_paired"]
    assert len(want) >= 35
    for item, theirs in want.items():
        paired_as_r(row(dart, "compare_items", "item_changes", group=item), theirs)


def test_dart_scales_are_as_reliable_as_r_says(dart):
    want = json.loads((STUDIES / "dart_scores.json").read_text("utf-8"))["reliability"]
    table = pd.read_parquet(dart / "data/processed/score/measure_scales/reliability.parquet")
    table = table[table["role"] == "all"].set_index(["scale", "wave"])
    for case, theirs in want.items():
        ours = table.loc[tuple(case.split("_"))]
        assert ours["alpha"] == pytest.approx(theirs["alpha_psych_pairwise"], rel=1e-6)
        assert ours["omega"] == pytest.approx(theirs["omega_total_1factor"], rel=1e-6)
        assert ours["alpha_low"] < ours["alpha"] < ours["alpha_high"]


def test_univbct_paired_tests_are_those_of_r(univbct):
    want = json.loads((STUDIES / "univbct.json").read_text("utf-8"))
    for outcome, name in (("satisfaction", "jsat"), ("readiness", "ready")):
        paired_as_r(row(univbct, "compare_waves", "paired", outcome=outcome), want[f"paired_{name}_t0_t2"])


def test_dart_models_are_those_of_r(dart):
    want = json.loads((STUDIES / "dart_scores.json").read_text("utf-8"))
    same_as_r(dart, "person", "confidence", want["lmer_confidence"])
    same_as_r(dart, "cohort", "confidence", want["lmer_confidence_cohort"])
    same_as_r(dart, "pathway", "confidence", want["lmer_confidence_pathway"])
    same_as_r(dart, "slope", "confidence", want["lmer_confidence_pathway_slope"])
    same_as_r(dart, "person", "attitude", want["lmer_attitude"])


def test_dart_ends_with_a_report_and_a_verdict(dart):
    assert "Confidence" in (dart / "results/report/report.html").read_text("utf-8")
    assert (dart / "results/verify/verdict.json").is_file()


def test_univbct_models_are_those_of_r(univbct):
    want = json.loads((STUDIES / "univbct.json").read_text("utf-8"))
    same_as_r(univbct, "areas", "satisfaction", want["lmer_jsat"])
    same_as_r(univbct, "areas", "readiness", want["lmer_ready"])
    same_as_r(univbct, "trend", "readiness", want["lmer_ready_random_slope"], scale=6.0)
    same_as_r(univbct, "nested", "readiness", want["lmer_nested"], scale=6.0)


def test_univbct_ends_with_a_report_of_three_waves(univbct):
    text = (univbct / "results/report/report.html").read_text("utf-8")
    assert "Second" in text and "Third" in text


@pytest.mark.skipif(not SPSS.is_dir(), reason="the real SPSS files are not on this machine")
def test_every_real_spss_file_is_inspected():
    check = ROOT.parent / "shared" / "check" / "spss.py"
    done = subprocess.run([sys.executable, str(check)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
