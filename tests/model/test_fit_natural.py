"""Change on natural scales: truth recovered, columns of the part, and input that cannot be used."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from pilot_eval.faults import Fault
from pilot_eval.model.contracts import CONTRACTS
from pilot_eval.model.fit_natural import fit_natural
from pilot_eval.model.natural_fit import fit_form, read_change
from pilot_eval.model.natural_rows import Answers, answers_of
from pilot_eval.model.waiting import waits_at

WAVES = ["before", "after"]
ROLES = {"lead": "Leads", "staff": "Staff"}
ASKED = {
    "share": {"item": "bad", "trials": "sent"},
    "yes_no": {"item": "contact"},
    "count": {"item": "sent"},
    "weeks": {"item": "wait", "came": "came"},
    "ordered": {"item": "often"},
}


def question(form, **changed):
    named = {"question": "asked", "form": form, "trials": None, "exposure": None, "came": None, "matched": False}
    return named | {"estimand": "change"} | ASKED[form] | changed


def draw(seed=1, areas=7, units=6, people=2, waves=WAVES, roles=("lead",), step=1.0):
    """Answers of every form with effects of area (start and change), organisation and respondent."""
    random = np.random.default_rng(seed)
    rows = []
    for a in range(areas):
        start, slope = random.normal(0, [0.3, 0.2])
        for u in range(units):
            unit = random.normal(0, 0.3)
            for p in range(people):
                person = random.normal(0, 0.2)
                for w, wave in enumerate(waves):
                    if random.random() < 0.1:
                        continue
                    effect = start + unit + person + w * slope
                    sent = random.poisson(np.exp(1.5 + 0.2 * step * w + effect))
                    latent = np.exp(2.0 - 0.3 * step * w + effect + random.normal(0, 0.4))
                    until = random.uniform(3, 30)
                    often = 0.8 * step * w + effect + random.logistic()
                    rows.append(
                        {
                            "_file": "f", "_row": len(rows), "_id": f"{a}-{u}-{p}-{w}", "wave": wave, "months": 6.0 * w,
                            "role": roles[p % len(roles)], "area": f"a{a}", "organisation": f"o{a}-{u}",
                            "unit": f"o{a}-{u}", "respondent": f"r{a}-{u}-{p}", "sent": float(sent),
                            "bad": float(random.binomial(sent, expit(-0.5 - 0.5 * step * w + effect))),
                            "contact": float(random.random() < expit(-0.4 + 1.0 * step * w + effect)),
                            "wait": min(latent, until), "came": float(latent <= until),
                            "often": float(np.searchsorted([-1.0, 0.5, 2.0], often) + 1), "pupils": 100.0 + 50 * p,
                        }
                    )  # fmt: skip
    return pd.DataFrame(rows)


@cache
def plain():
    return draw()


def fitted(form, rows=None, waves=WAVES, roles=ROLES, **changed):
    rows = plain() if rows is None else rows
    found = fit_natural(
        rows, question(form, **changed), "Asked", [(1.0, "never"), (4.0, "daily")], roles, waves, seed=1
    )
    for name in ("part", "faults"):
        CONTRACTS[f"fit_natural.{name}"].validate(found[name])
    return found


@cache
def of_plain(form):
    return fitted(form)


def usable(form, rows, **changed):
    return answers_of(rows, question(form, **changed), list(ROLES), WAVES)


def value(found, identity):
    return found["part"].set_index("id").loc[identity]


def told(found, kind):
    """What faults of a kind saw; each is one line with a place and what to do."""
    faults = found.faults if isinstance(found, Answers) else list(map(as_fault, found["faults"].to_dict("records")))
    own = [fault for fault in faults if fault.id == kind]
    for fault in own:
        assert fault.file == "question asked" and fault.severity == "WARN" and fault.expected and fault.action
        assert len(fault.message) <= 240
    return [fault.saw for fault in own]


def as_fault(row):
    return Fault(**{name: None if cell is pd.NA else cell for name, cell in row.items()})


def is_not_available(found, kind, reason):
    assert any(reason in saw for saw in told(found, kind)), told(found, kind)
    cells = found["part"]
    assert len(cells) and set(cells["table"]) == {"natural_change"} and set(cells["status"]) == {"x"}


# --- what comes out ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "columns"),
    [
        ("share", ["level_first", "level_last", "change", "low", "high", "statistic", "p"]),
        ("yes_no", ["level_first", "level_last", "change", "low", "high", "statistic", "p"]),
        ("count", ["level_first", "level_last", "change", "low", "high", "ratio", "ratio_low", "ratio_high",
                   "statistic", "p"]),
        ("ordered", ["ratio", "ratio_low", "ratio_high", "statistic", "p"]),
    ],
)  # fmt: skip
def test_each_form_has_its_columns_and_honest_counts(form, columns):
    cells = of_plain(form)["part"].query("table == 'natural_change' and group == 'asked'")
    assert list(cells["column"]) == columns and (cells["status"] == "").all()
    assert (cells["n"] <= plain()["respondent"].nunique()).all() and cells["n_organisations"].notna().all()
    by = cells.set_index("column")["value"]
    for low, estimate, high in (("low", "change", "high"), ("ratio_low", "ratio", "ratio_high")):
        if estimate in by:
            assert by[low] < by[estimate] < by[high]
    if "change" in by:
        assert by["level_last"] - by["level_first"] == pytest.approx(by["change"])


def test_shares_are_in_per_cent_and_changes_in_percentage_points():
    found = of_plain("share")
    assert value(found, "natural_change.asked.level_first")["unit"] == "%"
    assert value(found, "natural_change.asked.change")["unit"] == "percentage points"


def test_shares_of_answers_add_up_and_changes_to_nothing():
    cells = of_plain("ordered")["part"].query("table == 'natural_levels'").pivot(
        index="group", columns="column", values="value"
    )  # fmt: skip
    assert len(cells) == 4
    assert cells[["given_first", "given_last"]].sum().to_numpy() == pytest.approx([100.0, 100.0])
    assert cells["change"].sum() == pytest.approx(0.0, abs=1e-9)
    assert cells["reached_first"].iloc[-1] == pytest.approx(cells["given_first"].iloc[-1])
    first = value(of_plain("ordered"), "natural_levels.asked-4.given_first")
    assert first["n"] == plain().query("wave == 'before'")["respondent"].nunique()
    assert value(of_plain("ordered"), "natural_levels.asked-4.change")["group_label"] == "Asked: daily"


def test_waits_not_over_are_counted_and_stand_beside_those_taken_as_over():
    found, rows = of_plain("weeks"), plain()
    for wave in WAVES:
        own = rows[rows["wave"] == wave]
        assert value(found, f"natural_waits.asked.{wave}.open")["value"] == pytest.approx(1 - own["came"].mean())
        cell = value(found, f"natural_waits.asked.{wave}.median")
        assert (
            cell["n"] == own["respondent"].nunique() and cell["value"] == waits_at(own.assign(weeks=own["wait"])).median
        )
    ours, stated = (value(found, f"natural_change.{row}.level_first")["value"] for row in ("asked", "asked-stated"))
    assert stated < ours, "waits cut off by the survey are too short"


def test_a_wait_that_is_over_for_all_is_the_plain_linear_model():
    found = fitted("weeks", came=None)
    assert "asked.stated" not in set(found["part"]["group"])
    waits = found["part"].query("table == 'natural_waits' and wave == 'before'")
    assert list(waits["column"]) == ["n", "median", "median_low", "median_high"], "none is known not to be over"


def test_kaplan_and_meier_by_hand():
    found = waits_at(pd.DataFrame({"weeks": [1.0, 2, 2, 3, 4, 5], "came": [1.0, 1, 0, 1, 1, 0]}))
    # survival 5/6, 4/6, 4/9, 2/9: below one half at 3 weeks
    assert found.median == 3.0 and found.open == pytest.approx(2 / 6) and found.low <= 3.0 and np.isnan(found.high)


def test_a_median_that_is_not_reached_has_no_number():
    found = waits_at(pd.DataFrame({"weeks": [1.0, 2, 3, 4], "came": [1.0, 0, 0, 0]}))
    assert np.isnan([found.median, found.high]).all() and found.open == 0.75


def test_roles_have_rows_of_their_own():
    found = fitted("yes_no", draw(roles=("lead", "staff")))
    cells = found["part"].query("column == 'change'").set_index("group")
    assert list(cells.index) == ["asked", "asked.lead", "asked.staff"]
    assert min(cells["value"].iloc[1:]) < cells["value"].iloc[0] < max(cells["value"].iloc[1:])
    assert cells.loc["asked.lead", "group_label"] == "Asked: Leads"
    assert cells["n"].iloc[1:].sum() == cells["n"].iloc[0]


def test_three_waves_have_a_change_each():
    waves = ["before", "during", "after"]
    found = fitted("count", draw(waves=waves), waves)
    during, after = (value(found, f"natural_change.asked.{wave}.change")["value"] for wave in waves[1:])
    assert after == value(found, "natural_change.asked.change")["value"] != during


def test_an_exposure_takes_out_what_it_explains():
    rows = plain()
    rows = rows.assign(pupils=np.where(rows["wave"] == "after", 2.0, 1.0) * rows["pupils"])
    without = value(of_plain("count"), "natural_change.asked.ratio")["value"]
    with_it = value(fitted("count", rows, exposure="pupils"), "natural_change.asked.ratio")["value"]
    assert with_it == pytest.approx(without / 2, rel=0.05)


def test_matched_are_those_of_both_ends():
    rows = plain()
    both = rows.groupby("respondent")["wave"].nunique() == 2
    assert set(answers_of(rows, question("yes_no", matched=True), ["lead"], WAVES).rows["respondent"]) == set(
        both.index[both]
    )


def test_row_order_and_reruns_change_nothing():
    again = fitted("share", plain().sample(frac=1, random_state=1).reset_index(drop=True))
    one = of_plain("share")
    pd.testing.assert_frame_equal(one["part"], again["part"])


# --- truth ---------------------------------------------------------------------------------------------------------


def test_averages_over_random_effects_are_those_of_a_simulated_population():
    answers = usable("yes_no", plain())
    found = fit_form(answers.rows, "yes_no", "", seed=1)
    change = read_change(found, *WAVES, ["lead"])
    simulated = found.fit.simulate(400, seed=2).to_numpy().mean(axis=1)
    by_wave = [100 * simulated[(answers.rows["wave"] == wave).to_numpy()].mean() for wave in WAVES]
    assert [change.first, change.last] == pytest.approx(by_wave, abs=1.5)


def truth(form, step):
    """Change that the generator of ``draw`` has: effects of SD sqrt(0.09 + 0.09 + 0.04) and, later, 0.04 more."""
    z = np.random.default_rng(0).normal(size=400_000)
    first, last = np.sqrt([0.22, 0.26])
    if form == "share":
        return 100 * (expit(-0.5 - 0.5 * step + last * z).mean() - expit(-0.5 + first * z).mean())
    if form == "yes_no":
        return 100 * (expit(-0.4 + step + last * z).mean() - expit(-0.4 + first * z).mean())
    return {"count": np.exp(0.2 * step + 0.02), "weeks": np.exp(-0.3 * step)}[form]


@pytest.mark.parametrize("form", ["share", "yes_no", "count", "weeks"])
def test_the_truth_lies_within_three_standard_errors(form):
    cells = (
        fitted(form, draw(seed=3, areas=20))["part"]
        .query("table == 'natural_change' and group == 'asked'")
        .set_index("column")["value"]
    )
    names = ("change", "low", "high") if form in ("share", "yes_no") else ("ratio", "ratio_low", "ratio_high")
    estimate, low, high = cells[list(names)]
    assert abs(estimate - truth(form, 1.0)) < 3 * (high - low) / (2 * 1.96)


# --- bad input -----------------------------------------------------------------------------------------------------


@pytest.mark.fault("MOD-20")
@pytest.mark.parametrize(
    ("form", "changed", "reason"),
    [
        ("yes_no", {"item": "gone"}, "have no gone"),
        ("share", {"trials": "gone"}, "have no gone"),
        ("weeks", {"came": "gone"}, "have no gone"),
        ("share", {"trials": None}, "needs trials"),
    ],
)
def test_a_question_without_its_data_is_not_available(form, changed, reason):
    is_not_available(fitted(form, **changed), "MOD-20", reason)


@pytest.mark.fault("MOD-21")
@pytest.mark.parametrize(
    ("form", "column", "wrong", "said"),
    [
        ("share", "bad", 1e3, "are greater than sent"),
        ("share", "bad", 0.5, "are no counts (0, 1, 2, and so on)"),
        ("share", "sent", -1.0, "have sent that are no counts"),
        ("count", "sent", -2.0, "are no counts (0, 1, 2, and so on)"),
        ("yes_no", "contact", 2.0, "are neither 0 nor 1"),
        ("weeks", "wait", -1.0, "are waits below zero"),
        ("weeks", "came", 3.0, "have came that is neither 0 nor 1"),
    ],
)
def test_a_number_that_cannot_be_is_left_out_and_counted(form, column, wrong, said):
    rows = plain().copy()
    rows.loc[rows.index[:3], column] = wrong
    found, left = usable(form, rows), usable(form, rows.drop(rows.index[:3]))
    assert told(found, "MOD-21") == [f"3 answers {said} and are not in the model"]
    pd.testing.assert_frame_equal(found.rows, left.rows)


@pytest.mark.fault("MOD-20")
def test_text_is_no_number():
    is_not_available(fitted("yes_no", plain().assign(contact="yes")), "MOD-20", "are no numbers")


@pytest.mark.fault("SCO-03")
def test_an_exposure_may_be_an_attribute_as_text():
    rows = plain().assign(pupils=plain()["pupils"].astype(str))
    pd.testing.assert_series_equal(
        usable("count", rows, exposure="pupils").rows["log_exposure"],
        usable("count", plain(), exposure="pupils").rows["log_exposure"],
    )
    rows.loc[rows.index[:2], "pupils"] = "about a hundred"
    assert told(usable("count", rows, exposure="pupils"), "SCO-03") == [
        "2 answers lack pupils, or a number in it, and are not in the model"
    ]


@pytest.mark.fault("MOD-21")
def test_an_exposure_of_nothing_is_left_out():
    rows = plain().copy()
    rows.loc[rows.index[:2], "pupils"] = 0.0
    assert told(usable("count", rows, exposure="pupils"), "MOD-21") == [
        "2 answers have pupils that is not above zero and are not in the model"
    ]


@pytest.mark.fault("SCO-03", "DES-03")
def test_answers_that_lack_something_are_counted():
    rows = plain().copy()
    rows.loc[rows.index[:2], "area"] = ""
    rows.loc[rows.index[4:7], "sent"] = np.nan
    found = usable("share", rows)
    assert told(found, "DES-03") == ["2 answers lack a known area and are not in the model"]
    assert told(found, "SCO-03") == ["3 answers lack sent, or a number in it, and are not in the model"]


def test_clean_answers_have_no_fault_but_of_their_fit():
    for form in ASKED:
        assert set(of_plain(form)["faults"]["id"]) <= {"MOD-02"}


@pytest.mark.fault("MOD-01")
@pytest.mark.parametrize("wave", [None, "after"])
@pytest.mark.parametrize(
    ("form", "change", "reason"),
    [
        ("yes_no", {"contact": 0.0}, "all answers are 0"),
        ("yes_no", {"contact": 1.0}, "all answers are 1"),
        ("share", {"bad": 0.0}, "no event was counted"),
        ("share", {"bad": lambda d: d["sent"]}, "all were events"),
        ("count", {"sent": 0.0}, "all counts are 0"),
        ("weeks", {"came": 0.0}, "no wait was over"),
    ],
)
def test_all_alike_has_no_interval(form, change, reason, wave):
    rows = plain()
    spoilt = rows.assign(**change)
    rows = spoilt if wave is None else spoilt.where(rows["wave"] == wave, rows)
    is_not_available(fitted(form, rows), "MOD-01", reason)


@pytest.mark.fault("MOD-01")
def test_a_role_that_only_says_yes_is_a_separation():
    rows = draw(roles=("lead", "staff"))
    rows["contact"] = rows["contact"].where(rows["role"] == "lead", 1.0)
    is_not_available(fitted("yes_no", rows), "MOD-01", "follow from the wave or role")


@pytest.mark.fault("SCO-02")
def test_one_level_of_an_ordered_item_tells_nothing():
    is_not_available(fitted("ordered", plain().assign(often=3.0)), "SCO-02", "all answers are the same")


def test_two_levels_of_an_ordered_item_are_a_binary_model():
    found = fitted("ordered", plain().assign(often=plain()["contact"] + 1))
    assert found["part"].query("table == 'natural_levels'")["group"].nunique() == 2
    assert value(found, "natural_change.asked.ratio")["value"] > 1


@pytest.mark.fault("MOD-03")
@pytest.mark.parametrize("form", sorted(ASKED))
def test_one_wave_is_not_modelled(form):
    is_not_available(fitted(form, plain().query("wave == 'after'")), "MOD-03", "answers at after only")


@pytest.mark.fault("SCO-03")
@pytest.mark.parametrize("form", sorted(ASKED))
def test_nobody_is_not_modelled(form):
    is_not_available(fitted(form, plain().query("area == ''")), "SCO-03", "nobody gave an answer")
    is_not_available(fitted(form, roles={"other": "Others"}), "SCO-03", "nobody gave an answer")


@pytest.mark.fault("SCO-03")
def test_trials_of_nothing_are_nobody():
    is_not_available(fitted("share", plain().assign(sent=0.0, bad=0.0)), "SCO-03", "nobody gave an answer")


@pytest.mark.fault("MOD-03")
def test_a_role_of_one_wave_has_no_change_and_does_not_stop_the_other():
    rows = draw(roles=("lead", "staff"))
    rows = rows[(rows["role"] == "lead") | (rows["wave"] == "before")]
    found = fitted("yes_no", rows)
    assert told(found, "MOD-03") == ["role staff did not answer at both waves; no change of its own"]
    assert set(found["part"]["group"]) == {"asked"} and (found["part"]["status"] == "").all()


@pytest.mark.fault("MOD-03")
def test_waves_of_different_roles_are_not_compared():
    rows = draw(roles=("lead", "staff"))
    rows = rows[(rows["role"] == "lead") == (rows["wave"] == "before")]
    is_not_available(fitted("count", rows), "MOD-03", "no role answered at both")


@pytest.mark.fault("MOD-03")
@pytest.mark.parametrize(("form", "areas"), [("share", 1), ("weeks", 2), ("ordered", 2)])
def test_with_few_areas_they_have_no_change_of_their_own(form, areas):
    found = fitted(form, plain()[plain()["area"].isin([f"a{number}" for number in range(areas)])])
    assert any("areas have no change of their own" in saw for saw in told(found, "MOD-03"))
    assert value(found, "natural_change.asked.p")["status"] == ""


@pytest.mark.fault("MOD-04")
def test_groups_that_tell_nothing_are_left_out_openly():
    rows = plain().assign(organisation="", unit="area:" + plain()["area"])
    assert "(1 | organisation) is left out: no respondent answers for an organisation" in told(
        fitted("count", rows), "MOD-04"
    )


@pytest.mark.fault("MOD-02")
def test_answers_of_which_none_is_repeated_are_no_traceback():
    rows = plain().drop_duplicates("area").assign(area=lambda d: d.index.astype(str))
    found = fitted("yes_no", rows)
    assert set(found["part"]["status"]) == {"x"} and len(found["faults"])
