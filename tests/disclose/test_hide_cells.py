"""The gate as a whole: parts in, public cells and private log out."""

import pandas as pd
import pytest

from pilot_eval.disclose.contracts import CONTRACTS
from pilot_eval.disclose.hide_cells import hide_cells
from pilot_eval.ledger import LEDGER, cells

AREAS = pd.DataFrame(
    {
        "area": ["ash", "birch", "cedar"],
        "name": ["Ash", "Birch", "Cedar"],
        "letter": ["C", "A", "B"],
        "order": [0, 1, 2],
    }
)
LIMITS = {"min_respondents": 5, "min_organisations": 3, "round_counts_to": 5}


def response():
    """Two columns for three areas and all; one area has three respondents."""
    rows = []
    for area, invited, responded in (("ash", 42, 3), ("birch", 51, 33), ("cedar", 60, 48), ("", 153, 84)):
        shared = {"area": area, "kind": "count", "total": not area, "wave": "first"}
        rows.append({**shared, "column": "invited", "value": invited, "n": invited, "sum": "invited"})
        rows.append({**shared, "column": "responded", "value": responded, "n": responded, "sum": "responded"})
        rate = {"column": "rate", "kind": "share", "value": responded / invited, "n": invited}
        rows.append({**shared, **rate, "total": False, "sum": ""})
    return cells("measure_response", "response_by_area", pd.DataFrame(rows))


def estimates(**more):
    row = {"column": "estimate", "kind": "estimate", "value": -0.125, "n": 57, "outcome": "mood", **more}
    return cells("fit_change", "change_overall", pd.DataFrame([row]))


def gate(*parts, public_as="letter"):
    return hide_cells(parts=list(parts), areas=AREAS, thresholds=LIMITS, public_as=public_as, outcomes=["mood", "ease"])


def test_contracts_hold():
    out = gate(response(), estimates())
    CONTRACTS["hide_cells.cells"].validate(out["cells"])
    CONTRACTS["hide_cells.hidden"].validate(out["hidden"])
    assert list(out["ledger"].columns) == list(LEDGER)


def test_areas_by_letter_in_an_order_of_letters():
    table = gate(response())["cells"]
    codes = table[["id", "row", "area_letter", "area_label"]].to_csv()
    assert not any(code in codes for code in AREAS["area"])
    assert list(dict.fromkeys(table["area_letter"])) == ["", "A", "B", "C"]
    assert "response_by_area.area-c.first.responded" in set(table["id"])


def test_areas_by_name_where_the_study_says_so():
    table = gate(response(), public_as="name")["cells"]
    assert "response_by_area.area-ash.first.responded" in set(table["id"])
    assert list(dict.fromkeys(table["area_label"])) == ["", "Ash", "Birch", "Cedar"]
    assert list(dict.fromkeys(table["area_letter"])) == ["", "C", "A", "B"]


def test_hidden_cells_show_nothing_outside_and_all_in_the_log():
    out = gate(response())
    public = out["cells"].set_index("id")
    hidden = public.loc["response_by_area.area-c.first.responded"]
    assert (hidden["shown"], hidden["status"]) == ("[c]", "c")
    assert pd.isna(hidden["value"]) and pd.isna(hidden["n"])
    gone = public[public["status"] == "c"]
    assert sorted(gone["column"] + gone["area_letter"]) == ["rateA", "rateC", "respondedA", "respondedC"]
    log = out["hidden"].set_index("id")
    assert log.loc[hidden.name, "value"] == 3 and log.loc[hidden.name, "why"] == "respondents"
    line = out["ledger"].set_index("id").loc[hidden.name]
    assert line["value"] == "" and pd.isna(line["n"])


def test_counts_and_n_are_rounded_and_shares_follow_from_rounded_counts():
    public = gate(response())["cells"].set_index("id")
    assert public.loc["response_by_area.area-b.first.responded", ["value", "n"]].tolist() == [50, 50]
    assert public.loc["response_by_area.area-b.first.rate", "value"] == 0.83
    assert public.loc["response_by_area.area-b.first.rate", "n"] == 60


def test_what_nobody_stands_behind_is_counted_exactly():
    rows = {"column": ["n", "mean"], "kind": ["count", "mean"], "value": [1, 3], "n": [None, None], "group": "water"}
    ratings = cells("summarise_ratings", "ratings", pd.DataFrame(rows))
    assert gate(ratings)["cells"]["shown"].tolist() == ["1", "3.00"]


def test_areas_are_counted_exactly_among_people():
    rows = {"column": "n", "kind": "count", "value": [22, 409], "n": [None, 409], "group": ["areas", "people"]}
    flow = cells("count_flow", "flow", pd.DataFrame(rows).assign(unit=["areas", ""]))
    assert gate(flow)["cells"]["shown"].tolist() == ["22", "410"]


def test_degrees_of_freedom_do_not_give_the_exact_n_away():
    part = estimates(column="df", kind="df", value=56)
    assert gate(part)["cells"]["shown"].tolist() == ["54.0"]


def test_status_of_what_is_not_there():
    part = estimates(value=float("nan"), status="z", n=2)
    cell = gate(part)["cells"].iloc[0]
    assert (cell["shown"], cell["status"]) == ("[z]", "z") and pd.isna(cell["n"])
    unreliable = gate(estimates(status="u"))["cells"].iloc[0]
    assert (unreliable["shown"], unreliable["status"], unreliable["value"]) == ("-0.13", "u", -0.13)


def test_the_ledger_is_the_same_whatever_the_order_of_parts():
    one, two = gate(response(), estimates()), gate(estimates(), response())
    assert one["ledger"].to_csv() == two["ledger"].to_csv()
    assert one["cells"].to_csv() == two["cells"].to_csv()
    assert one["ledger"]["id"].is_monotonic_increasing


def test_outcomes_come_as_the_plan_has_them_whatever_the_order_of_parts():
    mood, ease, scale = estimates(), estimates(outcome="ease"), estimates(outcome="zest")
    one, two = gate(scale, ease, mood), gate(mood, ease, scale)
    assert one["cells"]["outcome"].tolist() == ["mood", "ease", "zest"]
    assert one["cells"].to_csv() == two["cells"].to_csv()
    assert one["ledger"].to_csv() == two["ledger"].to_csv()


def test_two_parts_with_one_id_are_refused():
    with pytest.raises(ValueError, match=r"change_overall\.mood\.estimate"):
        gate(estimates(), estimates())


def test_what_a_rule_calls_confidential_shows_nothing_and_stands_in_the_log():
    found = gate(estimates(status="c", n=40))
    CONTRACTS["hide_cells.hidden"].validate(found["hidden"])
    (cell,) = found["cells"].to_dict("records")
    assert (cell["shown"], cell["status"]) == ("[c]", "c") and pd.isna(cell["value"]) and pd.isna(cell["n"])
    assert found["hidden"]["why"].tolist() == ["all or none"]
