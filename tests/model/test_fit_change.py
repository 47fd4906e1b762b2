"""Change read off a model."""

import numpy as np
import pandas as pd
import pytest

from pilot_eval.model.contracts import CONTRACTS
from pilot_eval.model.fit_change import fit_change

FORMULA = "{outcome} ~ wave * role + (1 + wave | area) + (1 | organisation) + (1 | respondent)"
WAVES = ["before", "after"]
AREAS = [f"area-{a}" for a in range(8)]


def fitted(
    analysis, formula=FORMULA, roles=("lead", "staff"), waves=WAVES, areas=AREAS, primary=True, reml=True, questions=()
):
    outcome = {"outcome": "trust", "column": "score", "roles": list(roles), "unit": "points", "digits": 2}
    weights = {"lead": 0.6, "staff": 0.2}
    found = fit_change(
        analysis, "main", formula, reml, primary, outcome, weights, waves, areas, 0.2, list(questions), 40, 7
    )
    for name, schema in CONTRACTS.items():
        if name.startswith("fit_change."):
            schema.validate(found[name.removeprefix("fit_change.")])
    return found


def value(found, identity):
    return found["part"].set_index("id").loc[identity]


def test_overall_change_is_the_weighted_mean_of_the_roles(analysis):
    found = fitted(analysis)
    lead = value(found, "change_by_role.trust.lead.estimate")["value"]
    staff = value(found, "change_by_role.trust.staff.estimate")["value"]
    assert value(found, "change_overall.trust.estimate")["value"] == pytest.approx(0.75 * lead + 0.25 * staff)
    cell = value(found, "change_overall.trust.estimate")
    assert cell["n"] == analysis["respondent"].nunique() and cell["n_organisations"] == 48


def test_the_truth_is_recovered(make):
    found = fitted(make(areas=30), areas=[f"area-{a}" for a in range(30)])
    estimate, se = (value(found, f"change_overall.trust.{name}")["value"] for name in ("estimate", "se"))
    assert abs(estimate - 0.45) < 3 * se


def test_intervals_know_that_areas_are_few(analysis):
    found = fitted(analysis)
    assert value(found, "change_overall.trust.df")["value"] < 12
    assert found["fit"]["df_method"] == "kenward-roger"


def test_standardised_change_has_the_spread_of_the_first_wave(make):
    """The second wave is spread three times as wide: that must not count."""
    drawn = make(areas=4, units=3, people=3)
    later = drawn["wave"] == "after"
    wide = drawn.assign(score=drawn["score"].where(~later, 3 * drawn["score"] - 6))
    found = fitted(wide, "{outcome} ~ wave + (1 | area) + (1 | respondent)", areas=AREAS[:4])
    start = wide.loc[~later, "score"]
    correction = 1 - 3 / (4 * (len(start) - 1) - 1)
    change = value(found, "change_overall.trust.estimate")["value"]
    standardised = value(found, "change_overall.trust.standardised")["value"]
    assert standardised == pytest.approx(correction * change / start.std(ddof=1), rel=1e-3)


def test_two_programs_agree(analysis):
    second = fitted(analysis)["fit"]["second_fit"]
    assert second["agrees"] and second["largest_fixed_difference"] < 1e-3
    assert abs(second["loglik_difference"]) < 1e-4


def test_areas_are_drawn_towards_the_change_overall(analysis):
    found = fitted(analysis)
    areas = found["areas"]
    overall = value(found, "change_overall.trust.estimate")["value"]
    assert (areas["estimate"] - overall).abs().sum() < (areas["raw"] - overall).abs().sum()
    assert areas["estimate"].corr(areas["raw"]) > 0.9
    assert ((areas["low"] < areas["estimate"]) & (areas["estimate"] < areas["high"])).all()


def test_change_by_area_does_not_depend_on_the_coding_of_roles(analysis):
    one = fitted(analysis)["areas"]
    other = fitted(analysis, roles=("staff", "lead"))["areas"]
    pd.testing.assert_frame_equal(one, other, rtol=1e-4)


def test_an_area_without_answers_and_one_with_one_wave(analysis):
    kept = analysis.loc[(analysis["area"] != "area-3") | (analysis["wave"] == "before")]
    found = fitted(kept, areas=[*AREAS, "far"])
    areas = found["areas"].set_index("area")
    assert areas.loc["far", "status"] == "x" and pd.isna(areas.loc["far", "estimate"])
    assert areas.loc["area-3", "status"] == "u" and pd.notna(areas.loc["area-3", "estimate"])
    assert "DES-02" in list(found["faults"]["id"])
    assert value(found, "change_by_area.trust.area-far.raw")["status"] == "x"


def test_spread_between_areas(analysis):
    found = fitted(analysis)
    low, high = (value(found, f"change_variation.trust.new_{bound}")["value"] for bound in ("low", "high"))
    assert low < value(found, "change_overall.trust.low")["value"]
    assert high > value(found, "change_overall.trust.high")["value"]
    # Higgins, Thompson & Spiegelhalter (2009): the spread of areas and the error of the mean, t with areas - 2
    change, se = (value(found, f"change_overall.trust.{name}")["value"] for name in ("estimate", "se"))
    half = 2.446912 * np.hypot(value(found, "change_variation.trust.sd_change")["value"], se)
    assert (low, high) == pytest.approx((change - half, change + half), rel=1e-5)
    assert 0 < value(found, "change_variation.trust.icc_area")["value"] < 1
    variances = {(row["group"], row["term1"], row["term2"]): row for row in found["fit"]["variances"]}
    assert value(found, "change_variation.trust.sd_change")["value"] == pytest.approx(
        variances["area", "wave[T.after]", None]["sdcor"]
    )


def test_a_raw_change_rests_on_the_thinner_of_its_waves(analysis):
    area = analysis["area"].iloc[0]
    last = analysis["wave"] == analysis["wave"].unique()[-1]
    own = analysis.index[(analysis["area"] == area) & last]
    found = fitted(analysis.drop(own[2:]))
    cell = value(found, f"change_by_area.trust.area-{area}.raw")
    assert cell["n"] == 2 and cell["n_organisations"] <= 2
    assert value(found, f"change_by_area.trust.area-{area}.estimate")["n"] > 2


def test_behind_a_term_of_a_level_stand_those_who_have_it(analysis):
    found = fitted(analysis)
    part = found["part"]
    terms = part[(part["table"] == "model_terms") & (part["column"] == "estimate")].set_index("group")["n"]
    wave = next(name for name in terms.index if "wave[T." in name and "role" not in name)
    both = next(name for name in terms.index if "wave[T." in name and "role[T." in name)
    last = analysis[analysis["wave"] == wave.split("wave[T.")[1].split("]")[0]]
    level = both.split("role[T.")[1].split("]")[0]
    assert terms[wave] == last["respondent"].nunique()
    assert terms[both] == last.loc[last["role"] == level, "respondent"].nunique() < terms[wave]


def test_a_model_without_slopes_has_no_change_by_area(analysis):
    found = fitted(analysis, "{outcome} ~ wave + (1 | area) + (1 | respondent)")
    assert set(found["areas"]["status"]) == {"z"}
    assert value(found, "change_variation.trust.sd_change")["status"] == "x"
    assert value(found, "change_variation.trust.sd_start")["value"] > 0


def test_a_further_model_gives_terms_only(analysis):
    found = fitted(analysis, primary=False)
    assert set(found["part"]["table"]) == {"model_terms"}


def test_three_waves_have_a_change_each(make):
    three = make(waves=("before", "during", "after"))
    found = fitted(three, waves=["before", "during", "after"])
    last = value(found, "change_overall.trust.after.estimate")["value"]
    assert last == value(found, "change_overall.trust.estimate")["value"]
    assert value(found, "change_overall.trust.during.estimate")["value"] != last


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda d: d.assign(score=np.nan), "no answer has outcome"),
        (lambda d: d.loc[d["wave"] == "before"], "answers at before only"),
        (lambda d: d.assign(score=d["score"].where(d["wave"] == "before", 5.0)), "no variation"),
        (lambda d: d.loc[(d["area"] < "area-4") == (d["wave"] == "before")], "no area has answers at both"),
        (lambda d: d.loc[(d["role"] == "lead") == (d["wave"] == "before")], "no role answered at both"),
    ],
)
def test_what_cannot_be_modelled_is_said_and_does_not_stop_the_run(analysis, spoil, reason):
    found = fitted(spoil(analysis))
    assert found["fit"]["status"] == "refused" and reason in found["fit"]["reason"]
    assert found["faults"]["severity"].iloc[-1] == "WARN"
    cells = found["part"]
    assert set(cells.loc[cells["column"] == "estimate", "status"]) == {"x"}
    assert found["coefficients"].empty


def test_terms_that_the_rows_cannot_bear_are_left_out_openly(analysis):
    bare = analysis.assign(organisation="", organisation_kind="", unit="area:" + analysis["area"])
    found = fitted(bare)
    assert found["fit"]["left_out"] == [
        {"term": "(1 | organisation)", "reason": "no respondent answers for an organisation"}
    ]
    assert found["faults"]["id"].iloc[0] == "MOD-04"
    assert value(found, "change_overall.trust.estimate")["n_organisations"] is pd.NA


def test_a_boundary_is_reported_not_hidden(make):
    flat = make(slope=0.0, unit=0.0, seed=3, areas=5)
    found = fitted(flat)
    record = found["fit"]
    assert record["singular"] and "MOD-02" in list(found["faults"]["id"])
    assert record["second_fit"]["done"]


def test_answers_without_an_area_are_counted(analysis):
    lost = analysis.assign(area=analysis["area"].where(analysis.index > 4, ""))
    fault = fitted(lost)["faults"].iloc[0]
    assert (fault["id"], fault["count"]) == ("DES-03", 5)


def test_row_order_does_not_matter(analysis):
    one, other = fitted(analysis), fitted(analysis.sample(frac=1, random_state=2).reset_index(drop=True))
    pd.testing.assert_frame_equal(one["part"], other["part"])


def test_a_model_without_waves_has_terms_and_no_change():
    """An analysis of covariance of one wave: coefficients are told, a change is not, and nothing stops."""
    random = np.random.default_rng(6)
    rows = [
        {"_id": f"r{n}", "respondent": f"p{n}", "wave": "last", "months": 10.0, "role": "pupil", "area": f"a{n % 12}",
         "organisation": "", "unit": f"area:a{n % 12}", "before": float(random.normal())}
        for n in range(240)
    ]  # fmt: skip
    analysis = pd.DataFrame(rows)
    analysis["score"] = 2 + 0.5 * analysis["before"] + random.normal(size=240)
    outcome = {"outcome": "score", "column": "score", "roles": ["pupil"], "unit": "points", "digits": 2}
    made = fit_change(
        analysis, "ancova", "{outcome} ~ before + (1 | area)", True, True, outcome, {"pupil": 1.0}, ["first", "last"],
        [f"a{n}" for n in range(12)], None, [], 50, 1,
    )  # fmt: skip
    terms = made["coefficients"].set_index("term")
    assert abs(terms.loc["before", "estimate"] - 0.5) < 3 * terms.loc["before", "se"]
    assert made["fit"]["status"] == "fitted" and made["fit"]["answers"] == 240
    overall = made["part"].query("table == 'change_overall'")
    assert len(overall) and (overall["status"] == "x").all()
