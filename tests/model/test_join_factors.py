"""The joint display of critical factors: correlations of ranks over few areas, and agreement of coders."""

import math
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilot_eval.faults import Fault
from pilot_eval.model.coder_agreement import agreement, alpha, kappa
from pilot_eval.model.contracts import CONTRACTS
from pilot_eval.model.join_factors import join_factors
from pilot_eval.model.rank_correlation import correlations, interval, orders_of

QUESTION = {"question": "why", "evidence": "codes", "outcome": "trust", "permutations": 2000}
OUTCOME = {"outcome": "trust", "unit": "points", "digits": 2}
SCHEME = {
    "elements": [["lead", "A lead"], ["paths", "Clear paths"]],
    "occasions": [],
    "levels": [[0, "No"], [3, "Yes"]],
}
AREAS = [f"area-{at}" for at in range(10)]
COUNTS = ("n", "n_first", "n_last", "n_organisations", "n_organisations_least", "n_least")
LEAD = [0, 0, 1, 1, 2, 1, 2, 3, 3, 3]
PATHS = [2, 3, 0, 1, 2, 1, 3, 0, 1, 2]


def coded(lead=LEAD, paths=PATHS, areas=AREAS):
    rows = [("codes", area, item, "", code) for item, codes in (("lead", lead), ("paths", paths))
            for area, code in zip(areas, codes, strict=True)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["evidence", "area", "item", "occasion", "value"])
    return frame.astype({"value": "Int64"})


def changes(estimates=tuple(at / 10 for at in range(1, 11)), areas=AREAS, status=""):
    n = len(areas)
    return pd.DataFrame({
        "area": areas, "n": 20, "n_first": 20, "n_last": 20, "n_organisations": 6, "n_organisations_least": 6,
        "n_least": 20, "dominance": 80.0,
        "raw": estimates, "estimate": estimates, "se": 0.1, "low": np.subtract(estimates, 0.2),
        "high": np.add(estimates, 0.2), "status": [status] * n,
    }).astype(dict.fromkeys(COUNTS, "Int64"))  # fmt: skip


NO_CODERS = coded().iloc[:0].assign(coder="")


def joined(ratings=None, codings=NO_CODERS, modelled=None, scheme=SCHEME, outcome=OUTCOME):
    ratings = coded() if ratings is None else ratings
    found = join_factors(
        ratings, codings, [changes()] if modelled is None else modelled, QUESTION, outcome, scheme, seed=5
    )
    CONTRACTS["join_factors.part"].validate(found["part"])
    CONTRACTS["join_factors.faults"].validate(found["faults"])
    for fault in found["faults"].to_dict("records"):
        assert len(Fault(**{**fault, "row": None}).message) <= 240
    return found


def cell(found, identity):
    return found["part"].set_index("id").loc[identity]


def test_correlations_are_those_of_scipy():
    from scipy.stats import kendalltau, spearmanr

    found = joined()
    change = np.linspace(0.1, 0.9, 10)
    for item, codes in (("lead", LEAD), ("paths", PATHS)):
        assert cell(found, f"factor_ranks.trust.why-{item}.rho")["value"] == pytest.approx(spearmanr(codes, change)[0])
        assert cell(found, f"factor_ranks.trust.why-{item}.tau")["value"] == pytest.approx(kendalltau(codes, change)[0])


def test_intervals_are_those_of_bonett_and_wright():
    """Their equations 4 and 5 by hand, for rho = 0.6 and tau = 0.4 of 20 pairs."""
    half = 1.959964 * math.sqrt((1 + 0.36 / 2) / 17)
    assert interval(0.6, (1 + 0.36 / 2) / 17) == pytest.approx(
        (math.tanh(math.atanh(0.6) - half), math.tanh(math.atanh(0.6) + half)), rel=1e-6
    )
    rho, tau = correlations(np.array(LEAD, float), np.linspace(0, 1, 10), orders_of(10, 99, 1))
    for found, variance in ((rho, (1 + rho.value**2 / 2) / 7), (tau, 0.437 / 6)):
        width = math.atanh(found.high) - math.atanh(found.low)
        assert width == pytest.approx(2 * 1.959964 * math.sqrt(variance), rel=1e-6)


def test_p_values_of_few_pairs_are_exact():
    """All 120 orders of five pairs, ties included, counted one by one."""
    from scipy.stats import kendalltau, spearmanr

    x, y = np.array([0.0, 1, 1, 2, 3]), np.array([0.2, 0.1, 0.4, 0.3, 0.9])
    rho, tau = correlations(x, y, orders_of(5, 200, 1))
    for found, function in ((rho, spearmanr), (tau, kendalltau)):
        seen = abs(function(x, y)[0])
        far = [abs(function(x, y[list(order)])[0]) >= seen - 1e-9 for order in permutations(range(5))]
        assert found.p == np.mean(far)


def test_p_values_are_drawn_from_the_seed_and_never_zero():
    orders = orders_of(10, 500, 4)
    assert len(orders) == 501 and (orders[0] == np.arange(10)).all()
    assert (np.sort(orders, axis=1) == np.arange(10)).all()
    rho, _ = correlations(np.arange(10.0), np.arange(10.0), orders)
    assert rho.p == pytest.approx(1 / 501) and (rho.low, rho.high) == (1.0, 1.0)
    assert (orders_of(10, 500, 4) == orders).all() and (orders_of(10, 500, 5) != orders).any()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(5, 12))
def test_correlations_know_ranks_only(seed, n):
    """A monotone change of scale changes nothing; a turned scale turns the sign."""
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 4, n).astype(float), rng.normal(size=n)
    if np.ptp(x) == 0:
        return
    orders = orders_of(n, 50, seed)
    one, other = correlations(x, y, orders), correlations(x, np.exp(3 * y), orders)
    turned = correlations(x, -y, orders)
    for a, b, c in zip(one, other, turned, strict=True):
        assert (a.value, a.p) == pytest.approx((b.value, b.p)) and c.value == pytest.approx(-a.value)
        assert c.p == pytest.approx(a.p) and -1 <= a.low <= a.value <= a.high <= 1


def test_all_factors_are_one_family():
    found = joined()
    p = [cell(found, f"factor_ranks.trust.why-{item}.p")["value"] for item in ("lead", "paths")]
    adjusted = [cell(found, f"factor_ranks.trust.why-{item}.p_adjusted")["value"] for item in ("lead", "paths")]
    assert p[0] < p[1] and adjusted == pytest.approx([min(2 * p[0], p[1]), p[1]])


def test_what_stands_behind_the_numbers():
    found = joined()
    assert cell(found, "joint_display.trust.area-area-3.why.estimate")["n"] == 20
    strength = cell(found, "joint_display.trust.area-area-3.why.strength_lead")
    assert strength["value"] == 1 and strength["n"] is pd.NA
    areas = cell(found, "factor_ranks.trust.why-lead.areas")
    assert areas["value"] == 10 and areas["unit"] == "areas" and areas["n"] is pd.NA
    rho = cell(found, "factor_ranks.trust.why-lead.rho")
    assert rho["n"] == 200 and rho["n_organisations"] == 60


def test_areas_without_a_change_of_their_own_are_shown_and_not_correlated():
    own = changes()
    own.loc[9, "status"] = "u"
    found = joined(modelled=[own])
    assert cell(found, "factor_ranks.trust.why-lead.areas")["value"] == 9
    assert cell(found, "joint_display.trust.area-area-9.why.estimate")["status"] == "u"
    assert "1 of 10 areas" in found["faults"]["saw"].iloc[0]


def test_a_case_without_a_code_is_missing_in_its_factor_only():
    found = joined(coded().drop(index=0))
    assert cell(found, "factor_ranks.trust.why-lead.areas")["value"] == 9
    assert cell(found, "factor_ranks.trust.why-paths.areas")["value"] == 10
    assert cell(found, "joint_display.trust.area-area-0.why.strength_lead")["status"] == "x"


@pytest.mark.fault("MOD-03")
@pytest.mark.parametrize(
    ("ratings", "modelled", "reason"),
    [
        (coded(LEAD[:2], PATHS[:2], AREAS[:2]), [changes()], "A lead: 2 areas with evidence and change, fewer than 5"),
        (coded(lead=[2] * 10), [changes()], "A lead: the evidence is 2 in all 10 areas"),
        (coded(), [changes([0.4] * 10)], "A lead: the modelled change is the same in all 10 areas"),
        (coded(), [changes(status="u")], "10 of 10 areas with evidence have no modelled change of their own"),
    ],
)
def test_what_cannot_be_correlated_is_said(ratings, modelled, reason):
    found = joined(ratings, modelled=modelled)
    assert set(found["faults"]["id"]) == {"MOD-03"} and found["faults"]["saw"].iloc[0].startswith(reason)
    assert cell(found, "factor_ranks.trust.why-lead.rho")["status"] == "x"
    assert (found["part"]["table"] == "joint_display").any()


@pytest.mark.fault("MOD-10")
@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"scheme": None}, "the study has no evidence codes"),
        ({"ratings": coded().iloc[:0]}, "the study has no evidence codes"),
        ({"outcome": None, "modelled": []}, "no model of the plan has the outcome trust"),
        ({"modelled": [changes([np.nan] * 10, status="x")]}, "trust has no modelled change by area"),
    ],
)
def test_a_question_without_data_is_said_in_one_line(changed, reason):
    found = joined(**changed)
    (fault,) = found["faults"].to_dict("records")
    assert fault["id"] == "MOD-10" and fault["saw"] == f"{reason}; not available"
    assert set(found["part"]["status"]) == {"x"}


ANXIETY = np.array([
    [3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3],
    [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4],
], dtype=float).T  # fmt: skip


def test_kappa_is_that_of_r_and_of_its_definition():
    """irr::kappa2(anxiety[, 1:2], "squared") prints 0.297."""
    assert round(kappa(ANXIETY), 3) == 0.297
    left, right = ANXIETY.T
    chance = np.mean([(a - b) ** 2 for a in left for b in right])
    assert kappa(ANXIETY) == pytest.approx(1 - np.mean((left - right) ** 2) / chance, rel=1e-12)


def test_alpha_is_that_of_krippendorffs_example():
    """Krippendorff (2011), "Computing Krippendorff's alpha-reliability": four observers, 12 units, ordinal 0.815."""
    x = np.nan
    codes = np.array([
        [1, 2, 3, 3, 2, 1, 4, 1, 2, x, x, x], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, x, 3],
        [x, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, x], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, x],
    ]).T  # fmt: skip
    assert round(alpha(codes), 3) == 0.815


def test_agreement_at_its_ends():
    same = np.column_stack([LEAD, LEAD]).astype(float)
    assert agreement(same, 1).kappa == (1.0, 1.0, 1.0) and agreement(same, 1).alpha[0] == 1.0
    flat = agreement(np.full((8, 2), 2.0), 1)
    assert flat.same == 1 and math.isnan(flat.kappa[0]) and math.isnan(flat.alpha[0])
    few = agreement(same[:3], 1)
    assert few.cases == 3 and math.isnan(few.kappa[1])
    assert agreement(np.full((4, 2), np.nan), 1).cases == 0


def test_chance_agreement_is_zero_and_the_interval_holds_it():
    rng = np.random.default_rng(2)
    found = agreement(rng.integers(0, 4, (60, 2)).astype(float), 1)
    for value, low, high in (found.kappa, found.alpha):
        assert abs(value) < 0.3 and low < 0 < high and low < value < high


def test_cases_coded_twice_are_told_and_others_are_not_counted():
    second = coded().assign(coder="two").query("area < 'area-4'")
    second["value"] = second["value"].replace({2: 3})
    found = joined(codings=pd.concat([coded().assign(coder="one"), second]))
    assert cell(found, "coding_agreement.why.cases")["value"] == 8
    assert cell(found, "coding_agreement.why.coders")["value"] == 2
    assert cell(found, "coding_agreement.why.same_code")["value"] == pytest.approx(7 / 8)
    assert 0 < cell(found, "coding_agreement.why.kappa")["value"] < 1
    alone = joined()
    assert cell(alone, "coding_agreement.why.cases")["value"] == 0
    assert cell(alone, "coding_agreement.why.kappa")["status"] == "x"
