"""Numbers published elsewhere."""

import pandas as pd
import pytest

from pilot_eval.verify.contracts import CONTRACTS
from pilot_eval.verify.meet_claims import meet_claims

# id, value, shown, n, kind, unit, status
CELLS = [
    ("flow.schools.n", 255.0, "255", 200, "count", "", ""),
    ("flow.areas.n", 22.0, "22", None, "count", "areas", ""),
    ("seats.first.n", 270.0, "270", 270, "count", "", ""),
    ("seats.second.n", 1300.0, "1,300", 1300, "count", "", ""),
    ("seats.few.n", float("nan"), "[c]", None, "count", "", "c"),
    ("agreement.better.agree", 0.782, "0.782", 365, "share", "", ""),
    ("paired.trust.change", -0.04, "-0.04", 100, "mean", "points", ""),
    ("paired.trust.t", float("nan"), "[x]", None, "statistic", "", "x"),
    ("ratings.trust.n", 21.0, "21", None, "count", "", ""),
]


def meet(value, *ids, rounding="1", kind="result"):
    cells = pd.DataFrame(CELLS, columns=["id", "value", "shown", "n", "kind", "unit", "status"])
    cells["table"] = cells["id"].str.partition(".")[0]
    cells["n"] = cells["n"].astype("Int64")
    claim = {"id": "one", "page": "", "quantity": "ones", "value": value, "rounding": rounding, "kind": kind}
    out = meet_claims(cells, [{**claim, "ledger": list(ids)}], round_counts_to=5)["claims"]
    CONTRACTS["meet_claims.claims"].validate(out)
    return tuple(out.loc[0, ["found", "verdict"]])


@pytest.mark.parametrize(("value", "verdict"), [("253", "met"), ("257", "met"), ("258", "differs"), ("252", "differs")])
def test_a_rounded_count_meets_what_rounds_to_it(value, verdict):
    assert meet(value, "flow.schools.n") == ("255", verdict)


def test_a_claim_rounded_more_coarsely_than_the_count_is_met_by_all_it_can_mean():
    assert meet("260", "flow.schools.n", rounding="10") == ("255", "met")
    assert meet("270", "flow.schools.n", rounding="10") == ("255", "differs")


@pytest.mark.parametrize("name", ["flow.areas.n", "ratings.trust.n"])
def test_counts_that_are_published_exactly_must_be_equal(name):
    exact = {"flow.areas.n": "22", "ratings.trust.n": "21"}[name]
    assert meet(exact, name)[1] == "met"
    assert meet("20", name)[1] == "differs"


def test_other_numbers_are_rounded_as_the_claim_is():
    assert meet("0.78", "agreement.better.agree", rounding="0.01") == ("0.782", "met")
    assert meet("0.79", "agreement.better.agree", rounding="0.01") == ("0.782", "differs")


def test_of_a_sign_only_the_sign_counts():
    assert meet("-1", "paired.trust.change", kind="sign") == ("-0.04", "met")
    assert meet("1", "paired.trust.change", kind="sign") == ("-0.04", "differs")


def test_several_numbers_are_added_up():
    assert meet("1574", "seats.first.n", "seats.second.n") == ("1,570", "met")
    assert meet("1576", "seats.first.n", "seats.second.n") == ("1,570", "differs")


def test_what_is_hidden_or_not_there_is_said():
    assert meet("2", "seats.few.n") == ("[c]", "hidden")
    assert meet("272", "seats.first.n", "seats.few.n") == ("[c]", "hidden")
    for names in ((), ("flow.gone.n",), ("flow.schools.n", "flow.gone.n"), ("paired.trust.t",)):
        assert meet("255", *names) == ("", "not in the ledger")


def test_a_study_without_claims_has_an_empty_table():
    cells = pd.DataFrame(columns=["id", "table", "value", "shown", "n", "kind", "unit", "status"])
    out = meet_claims(cells, [], 5)["claims"]
    CONTRACTS["meet_claims.claims"].validate(out)
    assert len(out) == 0
