"""What is hidden, and an attacker who knows all that is not."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pilot_eval.disclose.cell import Cell, by_row, by_sum
from pilot_eval.disclose.primary import primary, ratio_of
from pilot_eval.disclose.relations import woven
from pilot_eval.disclose.suppress import suppress, with_total


def count(name, value, group="g", total=False, **more):
    return Cell(f"t.{name}.n", ("t", name), "count", value, int(value), None, 1.0, group, total, **more)


def breakdown(values):
    """Counts that add up, with their total."""
    return [*(count(f"p{place}", value) for place, value in enumerate(values)), count("all", sum(values), total=True)]


def solved(cells, hidden):
    """Hidden counts that the published sums give away: unknowns fixed by the equations, or all zero by subtraction."""
    found = set()
    for group in by_sum(cells).values():
        parts = [cell for cell in group if not cell.total]
        unknown = [cell for cell in group if cell.id in hidden]
        if not unknown:
            continue
        equation = np.array([[1.0 if not cell.total else -1.0 for cell in unknown]])
        free = np.linalg.matrix_rank(equation)
        for place, cell in enumerate(unknown):
            unit = np.eye(len(unknown))[place]
            if np.linalg.matrix_rank(np.vstack([equation, unit])) == free:
                found.add(cell.id)
        whole = sum(cell.value for cell in parts)
        if not any(cell.total for cell in unknown) and whole == sum(c.value for c in parts if c.id not in hidden):
            found |= {cell.id for cell in unknown}
    return found


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), min_size=2, max_size=8), st.integers(2, 10))
def test_no_hidden_count_can_be_solved(values, least):
    cells = breakdown(values)
    hidden = suppress(cells, least, 3)
    assert solved(cells, hidden) == set()


def test_without_secondary_suppression_it_can():
    cells = breakdown([3, 40, 50])
    hidden = primary(cells, 5, 3)
    assert set(hidden) == {"t.p0.n"}
    assert solved(cells, hidden) == {"t.p0.n"}
    assert suppress(cells, 5, 3) == {"t.p0.n": "respondents", "t.p1.n": "sum"}


def test_the_smallest_next_goes_and_ties_by_id():
    assert suppress(breakdown([3, 20, 20, 90]), 5, 3) == {"t.p0.n": "respondents", "t.p1.n": "sum"}


def test_the_threshold_itself_is_shown_and_one_less_is_not():
    assert suppress(breakdown([10, 40, 50]), 10, 3) == {}
    assert set(suppress(breakdown([9, 40, 50]), 10, 3)) == {"t.p0.n", "t.p1.n"}
    mean = Cell("t.a.mean", ("t", "a"), "mean", 3.2, 10, None, 1.0, "", False)
    assert suppress([mean], 10, 3) == {} and set(suppress([replace(mean, n=9)], 10, 3)) == {"t.a.mean"}


def test_hidden_cells_that_are_small_together_need_a_third():
    assert set(suppress(breakdown([1, 2, 20, 90]), 5, 3)) == {"t.p0.n", "t.p1.n", "t.p2.n"}


def test_a_sum_without_a_cell_for_its_total_counts_as_known():
    cells = [cell for cell in breakdown([3, 40, 50]) if not cell.total]
    assert set(suppress(cells, 5, 3)) == {"t.p0.n", "t.p1.n"}


def test_where_no_part_is_left_the_total_goes_and_takes_along_what_shows_it_as_n():
    mean = Cell("t.p0.mean", ("t", "p0"), "mean", 3.1, 40, None, 1.0, "", False)
    part, total = breakdown([40])
    assert suppress([part, total, mean], 5, 3) == {}, "the only part of a sum is no group of its own"
    hidden = suppress([replace(part, n_organisations=2), total, mean], 5, 3)
    assert hidden == {"t.p0.n": "organisations", "t.all.n": "sum", "t.p0.mean": "same row"}


def test_what_shows_a_hidden_total_as_its_n_goes_in_the_rows_of_its_parts():
    cells = breakdown([30, 40])
    share, other = (Cell(f"t.p0.{name}", ("t", "p0"), "share", 0.4, n, None, 1.0, "", False) for name, n in
                    (("of_all", 70), ("of_its_own", 30)))  # fmt: skip
    web, rows = woven([*cells, share, other], 5, 3), by_row([*cells, share, other])
    assert list(with_total(web, web.relations, rows, {"t.all.n": "sum"})) == [share]
    assert list(with_total(web, web.relations, rows, {"t.p1.n": "sum"})) == []


def test_all_or_none_of_a_group():
    cells = breakdown([40, 0, 0])
    hidden = suppress(cells, 5, 3)
    assert hidden["t.p0.n"] == "all or none"
    assert len(hidden) >= 2
    everybody = Cell("t.q.share", ("t", "q"), "share", 100.0, 60, None, 100.0, "", False)
    assert suppress([everybody], 5, 3) == {everybody.id: "all or none"}


def test_too_few_organisations():
    mean = Cell("t.a.mean", ("t", "a"), "mean", 3.2, 40, 2, 1.0, "", False)
    assert suppress([mean], 5, 3) == {"t.a.mean": "organisations"}
    assert suppress([replace(mean, n_organisations=3)], 5, 3) == {}
    assert suppress([replace(mean, n=None, n_organisations=None)], 5, 3) == {}


def test_a_row_goes_with_its_n():
    n = Cell("t.a.n", ("t", "a"), "count", 8.0, 8, None, 1.0, "g", False)
    mean = Cell("t.a.mean", ("t", "a"), "mean", 3.2, 8, None, 1.0, "", False)
    others = [count("b", 2), count("c", 50), count("all", 60, total=True)]
    hidden = suppress([n, mean, *others], 5, 3)
    assert hidden == {"t.b.n": "respondents", "t.a.n": "sum", "t.a.mean": "same row"}


def test_a_share_goes_with_its_count_and_the_count_with_its_share():
    row = ("t", "a")
    invited = Cell("t.a.invited", row, "count", 40.0, 40, None, 1.0, "", False)
    responded = Cell("t.a.responded", row, "count", 3.0, 3, None, 1.0, "", False)
    rate = Cell("t.a.rate", row, "share", 3 / 40, 40, None, 1.0, "", False)
    assert set(suppress([invited, responded, rate], 5, 3)) == {responded.id, rate.id}
    none = [replace(responded, value=0.0, n=40), replace(rate, value=0.0)]
    assert set(suppress([invited, *none], 5, 3)) == {responded.id, rate.id}


def test_a_lone_share_of_few_is_hidden_and_its_bounds_with_it():
    share = Cell("t.a.agree", ("t", "a"), "share", 0.05, 40, None, 1.0, "", False)
    low = Cell("t.a.low", ("t", "a"), "bound", 0.0, 40, None, 1.0, "", False)
    assert suppress([share, low], 5, 3) == {share.id: "respondents", low.id: "same row"}


def test_it_does_not_depend_on_the_order_of_rows():
    cells = breakdown([3, 20, 20, 90, 0])
    one = suppress(cells, 5, 3)
    assert all(suppress([*cells[place:], *cells[:place]], 5, 3) == one for place, _ in pairwise(range(5)))


def test_rows_hold_cells_with_a_number_only():
    absent = Cell("t.a.x", ("t", "a"), "mean", float("nan"), 2, None, 1.0, "", False)
    assert by_row([absent]) == {} and suppress([absent], 5, 3) == {}


def waves(begun, followed):
    """One area: who answered at the first wave; who of them came back at the second, as count and as share."""
    place = ("t", "", "a", "")
    return [
        Cell("t.a.one.n", ("t", "a.one"), "count", begun, begun, None, 1.0, "one", False, place),
        Cell("t.a.two.followed", ("t", "a.two"), "count", followed, followed, None, 1.0, "two", False, place),
        Cell("t.a.two.retention", ("t", "a.two"), "share", followed / begun, begun, None, 1.0, "", False, place),
    ]


def test_a_hidden_count_is_not_the_n_of_another_wave():
    first = [
        *(count(name, n, "one", place=("t", "", name, "")) for name, n in (("b", 4), ("c", 90))),
        count("all", 106, "one", total=True),
    ]
    second = [count("d", 60, "two"), count("every", 68, "two", total=True)]
    hidden = suppress([*waves(12, 8), *first, *second], 5, 3)
    assert hidden["t.a.one.n"] == "sum"
    assert hidden["t.a.two.retention"] == "other wave"
    assert hidden["t.a.two.followed"] == "same row", "the share would follow from it"


def test_a_share_that_rounding_makes_all_is_all():
    assert suppress(waves(40, 39), 5, 3) == {}
    hidden = suppress(waves(12, 9), 5, 3, base=5)
    assert hidden["t.a.two.retention"] == "all or none"
    assert suppress(waves(40, 30), 5, 3, base=5) == {}


def organisations(registered, answered, respondents=40):
    """A row with respondents and organisations; the share of those who came back is the organisations' too."""
    row = ("t", "r")

    def cell(name, kind, value, n, units):
        return Cell(f"t.r.{name}", row, kind, value, n, units, 1.0, "", False)

    return [
        cell("responded", "count", respondents, respondents, registered),
        cell("followed", "count", respondents * answered / registered, respondents, registered),
        cell("registered", "count", registered, None, registered),
        cell("answered", "count", answered, None, answered),
        cell("share", "share", answered / registered, None, registered),
    ]


def test_a_share_of_organisations_belongs_to_the_organisations():
    row = organisations(20, 10)
    above, base, below = ratio_of(row[-1], row)
    assert (above.id, base.id, below) == ("t.r.answered", "t.r.registered", 20)
    assert suppress(row, 10, 3, 5) == {}


def test_all_none_or_few_organisations_are_not_told():
    gone = {"t.r.answered", "t.r.share"}
    assert gone <= set(suppress(organisations(20, 20), 10, 3))
    assert gone <= set(suppress(organisations(20, 0), 10, 3))
    assert gone <= set(suppress(organisations(20, 2), 10, 3))
    assert gone <= set(suppress(organisations(6, 5), 10, 3, 5))
