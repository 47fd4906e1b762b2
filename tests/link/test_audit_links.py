import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from made_links import WAVES, link, people, scored, settings

from pilot_eval.link.agreement import kappa
from pilot_eval.link.audit_links import _reviewers, audit_links
from pilot_eval.link.contracts import CONTRACTS
from pilot_eval.link.intervals import none_of, wilson
from pilot_eval.link.sample import drawn


def audit(pairs=(), decoys=(), decide=None, **rows):
    made = link(pairs, **rows)
    placed, pseudonyms, cleaned = people(**rows)
    tried = pd.DataFrame(decoys, columns=["kind", "n_tried", "n_accepted"])
    decisions = (
        [{"case": case, "decision": decide(place)} for place, case in enumerate(made["links"]["case"])]
        if decide
        else []
    )
    found = audit_links(placed, pseudonyms, scored(*pairs), tried, made["respondents"], made["links"], cleaned,
                        settings(), decisions, WAVES, 7)["audit"]  # fmt: skip
    CONTRACTS["audit_links.audit"].validate(found, lazy=True)
    return found.set_index(["method", "measure", "by", "level"])


def person(name, mail, **more):
    return {"name": name, "email": mail} | more


def test_links_by_address_are_made_again_without_it():
    # a is found again by name, b by likeness, c not at all
    before = [person("ann hill", "a"), person("bo dale", "b", role="head"), person("cy wood", "c", area="south")]
    after = [person("ann hill", "a"), person("bob dale", "b", role="head"), person("cy moor", "c", area="south")]
    found = audit([("form_before-3", "form_after-3", 0.95)], before=before, after=after)
    whole = found.loc["hidden_key", "recall", "", ""]
    assert (whole["n"], whole["n_events"]) == (3, 2)
    assert (whole["low"], whole["high"]) == pytest.approx(wilson(2, 3))
    assert found.loc["hidden_key", "recall", "role", "head"]["share"] == 1
    assert found.loc["hidden_key", "recall", "area", "south"]["share"] == 0
    assert found.loc["hidden_key", "precision", "", ""]["n"] == 2


def test_a_false_link_shows_when_the_key_is_hidden():
    # without addresses the two Ann Hills of one school look like one
    before = [person("ann hill", "a"), person("bo dale", "b")]
    after = [person("ann moor", "a"), person("bo dale", "b"), {"name": "ann hill"}]
    found = audit(before=before, after=after)
    assert found.loc["hidden_key", "precision", "", ""][["n", "n_events"]].tolist() == [2, 1]
    assert found.loc["hidden_key", "recall", "", ""][["n", "n_events"]].tolist() == [2, 1]


def test_no_address_no_audit():
    found = audit(before=[{"name": "ann hill"}], after=[{"name": "ann hill"}])
    assert "hidden_key" not in found.index.get_level_values("method")


def test_decoys_that_were_linked_are_false():
    found = audit(decoys=[("made_up", 500, 5), ("other_area", 100, 0)], before=[{}], after=[{}])
    assert found.loc["decoys", "false_share", "kind", "made_up"]["share"] == 0.01
    assert found.loc["decoys", "false_share", "kind", "other_area"]["low"] == 0


def test_links_that_contradict_themselves():
    before = [person("ann hill", "a", birth_year="1980", day="2020-03-01"), person("bo dale", "b", day="2020-01-01")]
    after = [person("ann hill", "a", birth_year="1981", day="2020-02-01"), person("bo dale", "b", role="head")]
    found = audit(before=before, after=after)
    told = {what: found.loc["impossible", "false_share", "what", what][["n", "n_events"]].tolist()
            for what in ("birth_year", "date", "role")}  # fmt: skip
    assert told == {"birth_year": [1, 1], "date": [1, 1], "role": [2, 1]}


def test_a_checked_sample_is_weighted_to_its_strata():
    names = [f"n{number} m{number}" for number in range(40)]
    rows = {wave: [person(name, name) if place < 20 else {"name": name} for place, name in enumerate(names)]
            for wave in ("before", "after")}  # fmt: skip
    whole = audit(decide=lambda place: "same", **rows).loc["sample", "precision", "", ""]
    assert (whole["n"], whole["share"], whole["high"]) == (40, 1, 1)
    assert whole["low"] == pytest.approx(1 - 3 / 40)
    # links in the order of rows: one of twenty by address is wrong, of those by name half were checked
    odd = audit(decide=lambda place: "different" if place == 0 else "same" if place % 2 else "", **rows)
    strata = odd.sort_index().loc["sample", "precision", "stratum"]
    assert odd.loc["sample", "precision", "", ""]["share"] == pytest.approx(strata["share"].mean())
    assert strata["n_events"].sum() == 20 and strata["n"].sum() == 21


def test_the_interval_is_of_what_a_sample_weighted_to_its_strata_is_worth():
    names = [f"n{number} m{number}" for number in range(40)]
    rows = {wave: [person(name, name) if place < 20 else {"name": name} for place, name in enumerate(names)]
            for wave in ("before", "after")}  # fmt: skip
    chosen = link(**rows)["links"]["link_pass"] == "email"
    few = [place for place, by_mail in enumerate(chosen) if not by_mail][:4]
    checked = {*few, *np.flatnonzero(chosen)}
    # all twenty by address and four of twenty by name
    worth = 1 / (0.5**2 / 20 + 0.5**2 / 4)
    whole = audit(decide=lambda place: "same" if place in checked else "", **rows).loc["sample", "precision", "", ""]
    assert (whole["n"], whole["low"]) == (24, pytest.approx(1 - 3 / worth))
    odd = audit(decide=lambda place: "different" if place == few[0] else "same" if place in checked else "", **rows)
    whole = odd.loc["sample", "precision", "", ""]
    assert whole["share"] == pytest.approx((1 + 0.75) / 2)
    assert (whole["low"], whole["high"]) == pytest.approx(wilson(worth * 0.875, worth))


SAID = [("same", "same")] * 20 + [("same", "different")] * 5 + [("different", "same")] * 10 + [("different",) * 2] * 15


def test_two_reviewers_agree_by_more_than_chance():
    decisions = [{"case": f"k{number}", "decision": one, "second": other} for number, (one, other) in enumerate(SAID)]
    agreed, beyond = _reviewers([*decisions, {"case": "x", "decision": "same", "second": ""}])
    assert (agreed["n"], agreed["n_events"], agreed["share"]) == (50, 35, 0.7)
    assert (beyond["measure"], beyond["share"]) == ("kappa", pytest.approx(0.4))
    assert _reviewers([{"case": "x", "decision": "same"}]) == []


def test_the_interval_of_kappa_is_that_of_the_delta_method():
    words = ("different", "same", "unsure")
    counts = np.array([[14.0, 3, 2], [4, 30, 1], [1, 2, 5]])
    pairs = [(words[i], words[j]) for i in range(3) for j in range(3) for _ in range(int(counts[i, j]))]

    def of(shares):
        chance = shares.sum(axis=1) @ shares.sum(axis=0)
        return (np.trace(shares) - chance) / (1 - chance)

    n, shares = counts.sum(), counts / counts.sum()
    slopes = np.empty((3, 3))
    for place in np.ndindex(3, 3):
        step = np.zeros((3, 3))
        step[place] = 1e-6
        slopes[place] = (of(shares + step) - of(shares - step)) / 2e-6
    spread = 1.959964 * np.sqrt(((slopes**2 * shares).sum() - (slopes * shares).sum() ** 2) / n)
    value, low, high = kappa(*zip(*pairs, strict=True))
    assert (value, low, high) == pytest.approx((of(shares), of(shares) - spread, of(shares) + spread), abs=1e-6)


def test_kappa_of_those_who_never_differ():
    assert kappa(["same"] * 9, ["same"] * 9) is None and kappa([], []) is None
    value, low, high = kappa(["same", "different"] * 25, ["same", "different"] * 25)
    assert (value, low, high) == pytest.approx((1, 1 - 0.06 / 0.5, 1))


def test_the_sample_holds_on_to_its_links():
    names = [f"n{number} m{number}" for number in range(60)]
    rows = [person(name, name if place < 45 else "") for place, name in enumerate(names)]
    links = link(before=rows, after=rows)["links"]
    chosen = drawn(links, 30, 7)
    assert len(chosen) == 30 and chosen["stratum"].value_counts().min() >= 10
    assert chosen["weight"].sum() == pytest.approx(60)
    fewer = links[~links["case"].isin(chosen["case"][:3])]
    assert len(set(chosen["case"][3:]) & set(drawn(fewer, 30, 7)["case"])) >= 25
    assert len(drawn(links, 300, 7)) == 60 and len(drawn(links, 5, 7)) == 5
    assert drawn(links.iloc[:0], 30, 7).empty


@pytest.mark.parametrize(
    ("events", "tried", "low", "high"), [(0, 10, 0, 0.2775), (10, 10, 0.7225, 1), (5, 10, 0.2366, 0.7634)]
)
def test_wilson(events, tried, low, high):
    # the same as R: prop.test(events, tried, correct = FALSE)
    assert wilson(events, tried) == pytest.approx((low, high), abs=1e-4)


def test_none_of_three_hundred():
    assert none_of(300) == 0.01 and none_of(2) == 1
