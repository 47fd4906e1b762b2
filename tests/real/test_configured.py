"""More real studies by configuration alone, held against R's results: trials, schools over years, scales."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from configured import STUDIES, configure, expected, run
from fitted import model, paired_as_r, row, same_as_r

pytestmark = pytest.mark.skipif(not STUDIES.is_dir(), reason="the real studies are not on this machine")
BOTH = ("describe/compare_waves/part.parquet",)


def fits(*names):
    return [f"model/fit_change/{name}.fit.json" for name in names]


def described_as_r(study, outcome, rows, place):
    """Means and standard deviations of R's groups; ``place`` makes a row's group and wave of one of R's."""
    assert rows
    for theirs in rows:
        ours = row(study, "compare_waves", "means", outcome=outcome, **place(theirs))
        assert ours["n"] == theirs["n"] - theirs["n_missing"]
        assert (ours["mean"], ours["sd"]) == pytest.approx((theirs["mean"], theirs["sd"]), abs=1e-11)


def test_btheb_five_waves_with_drop_out(tmp_path):
    """Depression of 100 patients: no areas, arms as roles, covariates."""
    configure(
        tmp_path, "btheb",
        {"pre": ("pre", 0), "m2": ("2m", 2), "m3": ("3m", 3), "m5": ("5m", 5), "m8": ("8m", 8)},
        {"tau": "TAU", "btheb": "BtheB"}, ["everywhere"],
        [("person", "text", "person", "subject"), ("wave_said", "text", "wave", "wave"),
         ("arm", "text", "role", "treatment"), ("drug", "text", "attribute", "drug"),
         ("duration", "text", "attribute", "length"), ("bdi", "number", "answer", "bdi", "", 0, 63)],
        {"depression": "bdi"},
        {"change": ("{outcome} ~ wave * role + (1 | respondent)", ["depression"]),
         "adjusted": ("{outcome} ~ wave * role + drug + duration + (1 | respondent)", ["depression"])},
    )  # fmt: skip
    study = run(tmp_path, *BOTH, *fits("change/depression", "adjusted/depression"))
    want = expected("btheb")
    short = {"pre": "pre", "2m": "m2", "3m": "m3", "5m": "m5", "8m": "m8"}
    described_as_r(
        study, "depression", want["descriptives"],
        lambda theirs: {"group": f"role:{theirs['treatment'].lower()}", "wave": short[theirs["wave"]]},
    )  # fmt: skip
    for group, theirs in want["paired_pre_vs_2m"].items():
        group = "" if group == "all" else group.lower()
        paired_as_r(row(study, "compare_waves", "paired", outcome="depression", group=group, wave="m2"), theirs)
    same_as_r(study, "change", "depression", want["lmer_wave_by_treatment"])
    same_as_r(study, "adjusted", "depression", want["lmer_adjusted"])


def test_early_three_ages(tmp_path):
    """Test scores of 103 children: the random slope of age lies at a boundary."""
    configure(
        tmp_path, "early", {"a10": ("1", 0), "a15": ("1.5", 6), "a20": ("2", 12)}, {"n": "N", "y": "Y"}, ["everywhere"],
        [("person", "text", "person", "id"), ("wave_said", "text", "wave", "wave"), ("arm", "text", "role", "trt"),
         ("cog", "number", "answer", "cog", "", 0, 200)],
        {"cognition": "cog"},
        {"change": ("{outcome} ~ wave * role + (1 | respondent)", ["cognition"]),
         "growth": ("{outcome} ~ months * role + (months | respondent)", ["cognition"])},
    )  # fmt: skip
    study = run(tmp_path, *BOTH, *fits("change/cognition", "growth/cognition"))
    want = expected("early")
    waves = {"1": "a10", "1.5": "a15", "2": "a20"}
    described_as_r(
        study, "cognition", want["descriptives"],
        lambda theirs: {"group": f"role:{theirs['trt'].lower()}", "wave": waves[str(theirs["wave"])]},
    )  # fmt: skip
    for group, theirs in want["paired_age1_vs_2"].items():
        paired_as_r(row(study, "compare_waves", "paired", outcome="cognition", group=group.lower()), theirs)
    same_as_r(study, "change", "cognition", want["lmer_wave_by_trt"])
    same_as_r(study, "growth", "cognition", want["lmer_slope"], scale=12.0)


def test_respiratory_yes_or_no(tmp_path):
    """Status of 111 patients of two centres at five visits: McNemar, and logistic models on the analysis table."""
    from pilot_eval.mixed import glmer

    configure(
        tmp_path, "respiratory", {f"m{n}": (str(n), n) for n in range(5)},
        {"placebo": "placebo", "treatment": "treatment"}, ["1", "2"],
        [("person", "text", "person", "subject"), ("month", "text", "wave", "month"),
         ("place", "text", "area", "centre"), ("arm", "text", "role", "treatment"),
         ("gender", "text", "attribute", "gender"),
         ("age", "number", "attribute", "age", "", 0, 99), ("good", "binary", "answer", "good", "0=Poor|1=Good")],
        {"status": "good"}, {"change": ("{outcome} ~ wave * role + (1 | respondent)", ["status"])},
    )  # fmt: skip
    study = run(tmp_path, "describe/compare_items/part.parquet")
    want = expected("respiratory")
    ours, theirs = row(study, "compare_items", "share_changes", group="good"), want["mcnemar_month0_vs_4"]
    assert ours["n"] == sum(theirs[name] for name in theirs if name.startswith(("table", "pre")))
    assert ours["mcnemar"] == pytest.approx(theirs["chisq_corrected"], rel=1e-6)
    assert ours["mcnemar_p"] == pytest.approx(theirs["p"], rel=1e-6)
    assert ours["exact_p"] == pytest.approx(theirs["exact_p"], rel=1e-6)
    rows = pd.read_parquet(study / "data/processed/score/score_scales/analysis.parquet")
    described = rows.groupby(["area", "role", "wave"])["good"].agg(["size", "mean", "std"])
    for theirs in want["descriptives"]:
        mine = described.loc[(theirs["centre"], theirs["treatment"], f"m{theirs['month']}")]
        assert tuple(mine) == pytest.approx((theirs["n"], theirs["mean"], theirs["sd"]), abs=1e-11)
    rows["later"] = np.where(rows["wave"] == "m0", "baseline", "post")
    for name, formula, points in (
        ("glmer_wave_by_treatment", "good ~ later * role + area + (1 | respondent)", 1),
        ("glmer_nAGQ10", "good ~ later * role + area + (1 | respondent)", 10),
        ("glmer_month", "good ~ wave + role + area + gender + age + (1 | respondent)", 1),
    ):
        fit = glmer(formula, rows, "binomial", n_agq=points)
        for (term, value), one in zip(fit.fixef.items(), want[name]["fixed"], strict=True):
            assert value == pytest.approx(one["estimate"], abs=1e-3 * one["se"]), (name, term)
            assert fit.se[term] == pytest.approx(one["se"], rel=1e-3), (name, term)
        # R's optimiser stopped up to 1.3e-4 below the maximum: ours may be above it, never below
        assert -1e-5 < fit.loglik - want[name]["logLik"] < 1e-3, name


def test_jsp_schools_over_three_years(tmp_path):
    """1,192 pupils of 49 schools: schools are the areas."""
    schools = sorted(set(pd.read_csv(STUDIES / "jsp.csv", dtype=str)["school"]), key=int)
    configure(
        tmp_path, "jsp", {"y0": ("y0", 0), "y1": ("y1", 12), "y2": ("y2", 24)}, {"boy": "boy", "girl": "girl"}, schools,
        [("person", "text", "person", "id"), ("wave_said", "text", "wave", "wave"), ("place", "text", "area", "school"),
         ("sex", "text", "role", "gender"), ("social", "text", "attribute", "social"),
         ("math", "number", "answer", "math", "", 0, 40), ("english", "number", "answer", "english", "", 0, 100)],
        {"mathematics": "math", "language": "english"},
        {"change": ("{outcome} ~ wave * role + (1 | area) + (1 | respondent)", ["mathematics"]),
         "growth": ("{outcome} ~ months + (months | area) + (1 | respondent)", ["mathematics"]),
         "classes": ("{outcome} ~ wave + social + (1 | area) + (1 | respondent)", ["language"])},
    )  # fmt: skip
    study = run(tmp_path, *BOTH, *fits("change/mathematics", "growth/mathematics", "classes/language"))
    want = expected("jsp")
    described_as_r(study, "mathematics", want["descriptives"], lambda one: {"group": "all", "wave": one["wave"]})
    described_as_r(
        study, "mathematics", want["descriptives_gender"],
        lambda one: {"group": f"role:{one['gender']}", "wave": one["wave"]},
    )  # fmt: skip
    same_as_r(study, "change", "mathematics", want["lmer_wave_gender"])
    same_as_r(study, "growth", "mathematics", want["lmer_slope_school"], scale=12.0)
    same_as_r(study, "classes", "language", want["lmer_english"])


def test_tvsfp_school_trial_whose_score_before_is_a_covariate(tmp_path):
    """1,600 pupils in 135 classes of 28 schools, two by two: no change, but an analysis of covariance."""
    from pilot_eval.mixed import glmer

    schools = sorted(set(pd.read_csv(STUDIES / "tvsfp.csv", dtype=str)["school"]))
    ancova = "{outcome} ~ prior + cc * tv"
    configure(
        tmp_path, "tvsfp", {"pre": ("Before", 0), "post": ("After", 6)}, {"pupil": "Pupil"}, schools,
        [("person", "text", "person", "pupil"), ("place", "text", "area", "school"),
         ("room", "text", "attribute", "class"), ("prior", "number", "attribute", "thkspre", "", 0, 7),
         ("cc", "number", "attribute", "cc", "", 0, 1), ("tv", "number", "attribute", "tv", "", 0, 1),
         ("knowledge", "number", "answer", "thksord", "", 1, 4),
         ("passed", "binary", "answer", "thksbin", "0=No|1=Yes")],
        {"knows": "knowledge"},
        {"change": ("{outcome} ~ wave + (1 | area)", ["knows"]),
         "rooms": (f"{ancova} + (1 | area) + (1 | room)", ["knows"]), "schools": (f"{ancova} + (1 | area)", ["knows"]),
         "empty": ("{outcome} ~ 1 + (1 | area) + (1 | room)", ["knows"])},
        asked=["post"],
    )  # fmt: skip
    study = run(tmp_path, *fits("rooms/knows", "schools/knows", "empty/knows"))
    want = expected("tvsfp")
    same_as_r(study, "rooms", "knows", want["lmer_ancova"])
    same_as_r(study, "schools", "knows", want["lmer_school"])
    same_as_r(study, "empty", "knows", want["lmer_null"])
    fit, _ = model(study, "rooms", "knows")
    assert fit["status"] == "fitted" and fit["answers"] == 1600
    rows = pd.read_parquet(study / "data/processed/score/score_scales/analysis.parquet")
    for name, column in (("descriptives", "knowledge"), ("descriptives_pre", "prior")):
        described = rows.groupby(["cc", "tv"])[column].agg(["size", "mean", "std"])
        for theirs in want[name]:
            mine = described.loc[(theirs["cc"], theirs["tv"])]
            assert tuple(mine) == pytest.approx((theirs["n"], theirs["mean"], theirs["sd"]), abs=1e-11)
    logistic = glmer("passed ~ prior + cc * tv + (1 | area)", rows, "binomial")
    for value, one in zip(logistic.fixef, want["glmer_school"]["fixed"], strict=True):
        assert value == pytest.approx(one["estimate"], abs=1e-3 * one["se"])


def test_bfi_five_scales_with_reversed_items(tmp_path):
    """2,800 persons, one wave: alpha, item-rest correlations and omega through the workflow, scores by a rule."""
    want = expected("bfi")
    items = [
        (f"{letter.lower()}{n}", "number", "answer", f"{letter}{n}", "", 1, 6) for letter in "ACENO" for n in "12345"
    ]
    keys = {
        scale: [("-" if key < 0 else "") + item.lower() for item, key in zip(one["items"], one["keys"], strict=True)]
        for scale, one in want["reliability"].items()
    }
    configure(
        tmp_path, "bfi", {"once": ("Once", 0), "never": ("Never", 12)}, {"person": "Person"}, ["everywhere"],
        [("who", "text", "person", "id"), *items], {scale: scale for scale in keys},
        {"change": ("{outcome} ~ wave + (1 | respondent)", ["agree"])},
        {scale: (own, 4, 1, 6) for scale, own in keys.items()}, asked=["once"],
    )  # fmt: skip
    study = run(tmp_path, "score/measure_scales/part.parquet", *fits("change/agree"))
    score = study / "data/processed/score"
    table = pd.read_parquet(score / "measure_scales/reliability.parquet").query("role == 'all'").set_index("scale")
    single = pd.read_parquet(score / "measure_scales/item_statistics.parquet").query("role == 'all'")
    single = single.set_index(["scale", "item"])
    for scale, theirs in want["reliability"].items():
        assert table.loc[scale, "alpha"] == pytest.approx(theirs["alpha_psych_pairwise"], rel=1e-6)
        assert table.loc[scale, "omega"] == pytest.approx(theirs["omega_total_1factor"], rel=1e-6)
        for one in theirs["item_stats"]:
            mine = single.loc[(scale, one["item"].rstrip("-").lower())]
            assert mine["n"] == one["n"]
            assert tuple(mine[["mean", "sd", "item_rest"]]) == pytest.approx(
                (one["mean"], one["sd"], one["r.drop"]), abs=1e-9
            )
    scores = pd.read_parquet(score / "score_scales/analysis.parquet")
    for one in want["scores"]["mean_if_at_least_4_of_5"]:
        own = scores[one["scale"]].dropna()
        assert (len(own), own.mean(), own.std()) == pytest.approx((one["n"], one["mean"], one["sd"]), abs=1e-11)
    fit, _ = model(study, "change", "agree")
    assert fit["status"] == "refused" and "once only" in fit["reason"]
