"""Attacks on what is published of many small studies: they fail, and succeed where suppression stops half-way."""

import functools
import os
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from attacker import (
    Sight,
    recovered_by_share,
    recovered_counts,
    recovered_means,
    single_contributors,
    sums_of,
    told_of_everybody,
)
from small_studies import WAVES, answers, letters, parts_of

from pilot_eval.disclose import hide_cells as stage
from pilot_eval.disclose import suppress as suppression
from pilot_eval.disclose.primary import primary
from pilot_eval.parts import part_of

NIGHTLY = os.environ.get("PILOT_EVAL_NIGHTLY") == "1"
LEAST, LEAST_ORGANISATIONS = 5, 3
ORGANISATIONS = ("organisations", "organisations_answered")


@functools.lru_cache(maxsize=2)
def made(seed, areas, most):
    return parts_of(answers(seed, areas, most), areas)


def published(seed, areas, most, base):
    """The published cells of a small study, what adds up in them, and their private side."""
    parts = made(seed, areas, most)
    limits = {"min_respondents": LEAST, "min_organisations": LEAST_ORGANISATIONS, "round_counts_to": base}
    out = stage.hide_cells(parts, letters(areas), limits, "letter", ["mood"])
    public = {f"a{at}": chr(97 + at) for at in range(areas)}
    exact = pd.concat(parts)
    for column in ("id", "row"):
        exact[column] = [
            text.replace(f"area-{area}", f"area-{public[area]}") if area else text
            for text, area in zip(exact[column], exact["area"], strict=True)
        ]
    sight = Sight(out["cells"].to_dict("records"), sums_of([exact]), WAVES[0], WAVES[-1], base)
    return sight, exact.drop_duplicates("id").set_index("id"), out["hidden"].set_index("id")


def insiders(sight, exact, areas):
    """The same reader from outside, and one from each area, who knows its own numbers."""
    yield "", sight
    for at in range(areas):
        own = exact.loc[(exact["area"] == f"a{at}") & exact["value"].notna(), "value"]
        yield chr(65 + at), Sight(sight.cells, sight.sums, sight.first, sight.last, sight.base, own.to_dict())


def recovered(sight, exact, hidden, areas):
    """All that any of the attacks tells, by attacker."""
    found = {}
    for who, seen in insiders(sight, exact, areas):
        told = {
            identity: range_ for identity, range_ in recovered_counts(seen, LEAST).items()
            if not identity.endswith(ORGANISATIONS)
            # An area that knows its own numbers learns of others' only what is hidden for itself.
            and (not who or hidden.loc[identity, "why"] in ("respondents", "all or none"))
        }  # fmt: skip
        found |= {(who, identity): range_ for identity, range_ in told.items()}
    found |= {("share", identity): value for identity, value in recovered_by_share(sight).items()}
    found |= {("mean", identity): value for identity, value in recovered_means(sight).items()}
    found |= {("all", identity): None for identity in told_of_everybody(sight)}
    few = single_contributors(sight, exact.to_dict("index"), LEAST, LEAST_ORGANISATIONS)
    return found | {("few", identity): None for identity in few}


small = given(st.integers(0, 2**31), st.integers(2, 5), st.sampled_from([4, 9, 16]), st.sampled_from([1, 3, 5]))


@small
@settings(deadline=None, max_examples=200 if NIGHTLY else 10, derandomize=not NIGHTLY,
          suppress_health_check=list(HealthCheck))  # fmt: skip
def test_no_hidden_number_of_a_small_study_can_be_recovered(seed, areas, most, base):
    sight, exact, hidden = published(seed, areas, most, base)
    assert recovered(sight, exact, hidden, areas) == {}


@pytest.mark.parametrize(("off", "reached"), [("fewest", ""), ("repeated", "mean"), ("primary", "few")])
def test_the_attacks_see_what_a_missing_rule_lets_through(off, reached, monkeypatch):
    nothing = {"fewest": set, "repeated": list, "primary": dict}[off]
    monkeypatch.setattr(suppression, off, lambda *given: nothing())
    monkeypatch.setattr(stage, "audit", lambda *given: [])
    found = {who for who, _ in recovered(*published(0, 4, 16, 1), 0)}
    assert reached in found


def test_with_primary_suppression_alone_a_subtraction_is_enough(monkeypatch):
    monkeypatch.setattr(stage, "suppress", lambda cells, *least, **known: primary(cells, *least))
    monkeypatch.setattr(stage, "audit", lambda *given: [])
    sight, _, _ = published(2, 4, 16, 1)
    assert any(low == high for low, high in recovered_counts(sight, LEAST).values())


AREAS = {"a0": 6, "a1": 20, "a2": 21, "a3": 22, "a4": 90, "a5": 95}
SMALL, SECOND = (f"response_by_area.area-{letter}.before.responded" for letter in "ab")


def counted(table="response_by_area", column="responded", **changed):
    """A table of respondents by area with their total."""
    sizes = {**AREAS, **changed}
    rows = [
        {"column": column, "kind": "count", "value": n, "n": n, "area": area, "sum": "w", "total": not area,
         "wave": WAVES[0]}
        for area, n in {**sizes, "": sum(sizes.values())}.items()
    ]  # fmt: skip
    return part_of("measure_response", {table: rows})


def gate(*parts, released=()):
    limits = {"min_respondents": LEAST, "min_organisations": 1, "round_counts_to": 1}
    return stage.hide_cells(parts, letters(len(AREAS)), limits, "letter", [], released)


def attacked(out, part, before=None):
    """What a reader recovers who has the older release too, and takes a number of it for today's where it is."""
    public = [text.replace(f"area-{area}", f"area-{chr(97 + int(area[1]))}") if area else text
              for text, area in zip(part["id"], part["area"], strict=True)]  # fmt: skip
    today = dict(zip(public, part["value"], strict=True))
    shown = {} if before is None else dict(zip(before["id"], before["value"], strict=True))
    known = {identity: float(value) for identity, value in shown.items() if value and float(value) == today[identity]}
    sight = Sight(out["cells"].to_dict("records"), sums_of([part.assign(id=public)]), *WAVES, 1, earlier=known)
    return recovered_counts(sight, LEAST)


def ledger(part):
    return gate(part)["ledger"].astype(str)


def test_an_earlier_release_does_not_undo_what_protects_a_small_number():
    before, part = ledger(counted()), counted(a0=3)
    # Forgetting the release, the next smallest are hidden beside it; but the release shows those.
    assert attacked(gate(part), part, before)[SMALL] == (3.0, 3.0)
    out = gate(part, released=[before])
    assert attacked(out, part, before) == {} and attacked(out, part) == {}
    assert dict(zip(out["hidden"]["id"], out["hidden"]["why"], strict=True))[SMALL] == "respondents"


def test_what_a_release_hides_with_a_small_number_stays_hidden():
    before, changed = ledger(counted(a0=3)), counted(a0=3, a1=40)
    assert before.loc[before["id"] == SECOND, "status"].item() == "c"
    assert SECOND not in set(gate(changed)["hidden"]["id"])
    assert SECOND in set(gate(changed, released=[before])["hidden"]["id"])


def test_the_same_number_of_another_table_is_hidden_too(monkeypatch):
    parts = [counted(a0=3), counted("leavers", "n", a0=3)]
    hidden = set(gate(*parts)["hidden"]["id"])
    for area in "abc":
        assert {f"response_by_area.area-{area}.before.responded", f"leavers.area-{area}.before.n"} <= hidden
    assert not any("total" in identity for identity in hidden)
    alone = {"response_by_area.area-d.before.responded", "leavers.area-d.before.n"}
    assert not alone & hidden, "no more than are needed"


def test_a_share_goes_with_its_count_where_the_count_is_needed_for_a_sum(monkeypatch):
    monkeypatch.setattr(stage, "audit", lambda *given: [])
    rates = part_of("measure_response", {"response_by_area": [
        {"column": "rate", "kind": "share", "value": n / 100, "n": 100, "area": area, "wave": WAVES[0]}
        for area, n in {**AREAS, "a0": 3}.items()
    ]})  # fmt: skip
    sight = Sight(gate(counted(a0=3), rates)["cells"].to_dict("records"), {}, *WAVES, 1)
    assert recovered_by_share(sight) == {}
    monkeypatch.setattr(suppression, "linked", lambda *given: [])
    sight = Sight(gate(counted(a0=3), rates)["cells"].to_dict("records"), {}, *WAVES, 1)
    assert SECOND in recovered_by_share(sight)


def test_frozen_again_a_release_changes_nothing():
    parts = parts_of(answers(2, 4, 16), 4)
    limits = {"min_respondents": LEAST, "min_organisations": LEAST_ORGANISATIONS, "round_counts_to": 1}
    told = (parts, letters(4), limits, "letter", ["mood"])
    once = stage.hide_cells(*told)
    twice = stage.hide_cells(*told, [once["ledger"].astype(str)])
    for name in ("ledger", "cells", "hidden"):
        assert twice[name].to_csv() == once[name].to_csv()
    assert len(twice["faults"]) == 0


@pytest.mark.fault("PUB-12")
def test_what_the_last_release_shows_and_is_hidden_now_is_told():
    part = counted()
    limits = {"min_respondents": 10, "min_organisations": 1, "round_counts_to": 1}
    out = stage.hide_cells([part], letters(len(AREAS)), limits, "letter", [], [ledger(part)])
    (fault,) = out["faults"].to_dict("records")
    assert (fault["id"], fault["file"], fault["count"]) == ("PUB-12", "table response_by_area", 1)
    assert SMALL in set(out["hidden"]["id"])
