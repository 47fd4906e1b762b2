"""No hidden number may follow from those that are shown, whoever chose what to hide."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilot_eval.disclose import hide_cells as stage
from pilot_eval.disclose.audit import audit
from pilot_eval.disclose.cell import Cell
from pilot_eval.disclose.primary import primary
from pilot_eval.disclose.suppress import suppress
from pilot_eval.faults import StudyFaults
from pilot_eval.ledger import cells


def count(name, value, total=False):
    return Cell(f"t.{name}.n", ("t", name), "count", value, int(value), None, 1.0, "g", total)


def breakdown(values):
    return [*(count(f"p{at}", value) for at, value in enumerate(values)), count("all", sum(values), total=True)]


@pytest.mark.fault("PUB-07")
@pytest.mark.parametrize(
    ("values", "hidden", "solved"),
    [
        ([3, 40, 50], ["p0"], "t.p0.n"),
        ([3, 40, 50], ["p2"], "t.p2.n"),
        ([1, 2, 40], ["p0", "p1"], "t.p0.n"),
        ([20, 40], ["all"], "t.all.n"),
    ],
)
def test_a_hidden_cell_that_the_others_give_away_stops(values, hidden, solved):
    (fault,) = audit(breakdown(values), dict.fromkeys([f"t.{name}.n" for name in hidden], "sum"), 5)
    assert (fault.id, fault.severity, fault.file) == ("PUB-07", "STOP", "table t")
    assert solved in fault.saw and "fault of the program" in fault.action


@pytest.mark.fault("PUB-07")
def test_a_count_that_a_share_and_its_base_give_away_stops():
    row = ("t", "a")
    invited = Cell("t.a.invited", row, "count", 40.0, 40, None, 1.0, "", False)
    responded = Cell("t.a.responded", row, "count", 8.0, 8, None, 1.0, "", False)
    rate = Cell("t.a.rate", row, "share", 8 / 40, 40, None, 1.0, "", False)
    (fault,) = audit([invited, responded, rate], {responded.id: "sum"}, 5)
    assert responded.id in fault.saw and rate.id in fault.saw
    assert audit([invited, responded, rate], {responded.id: "sum", rate.id: "same row"}, 5) == []


def test_what_is_alone_in_its_sum_is_told_by_nobody():
    (alone,) = [cell for cell in breakdown([3]) if not cell.total]
    assert audit([alone], {alone.id: "respondents"}, 5) == []


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), min_size=2, max_size=8), st.integers(2, 10))
def test_what_suppression_chose_passes(values, least):
    made = breakdown(values)
    assert audit(made, suppress(made, least, 3), least) == []


def test_primary_suppression_alone_does_not_pass():
    made = breakdown([3, 40, 50])
    assert [fault.id for fault in audit(made, primary(made, 5, 3), 5)] == ["PUB-07"]


@pytest.mark.fault("PUB-07")
def test_nothing_goes_out_when_a_cell_could_be_solved(monkeypatch):
    values = {"a": 3, "b": 40, "": 43}
    rows = [{"column": "n", "value": float(n), "n": n, "kind": "count", "area": area, "sum": "s", "total": not area}
            for area, n in values.items()]  # fmt: skip
    part = cells("rule", "response_by_area", pd.DataFrame(rows))
    areas = pd.DataFrame({"area": ["a", "b"], "name": ["A", "B"], "letter": ["X", "Y"], "order": [1, 2]})
    given_ = ([part], areas, {"min_respondents": 5, "min_organisations": 3, "round_counts_to": 1}, "letter", [])
    assert set(stage.hide_cells(*given_)["hidden"]["why"]) == {"respondents", "sum"}
    monkeypatch.setattr(stage, "suppress", lambda cells, *least, **known: primary(cells, *least))
    with pytest.raises(StudyFaults) as caught:
        stage.hide_cells(*given_)
    assert [(fault.id, fault.file) for fault in caught.value.faults] == [("PUB-07", "table response_by_area")]
