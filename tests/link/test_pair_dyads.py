import pandas as pd
import pytest

from pilot_eval.link.contracts import CONTRACTS
from pilot_eval.link.pair_dyads import pair_dyads

LINKS = pd.DataFrame({"left": ["s1", "s2", "s3", "s1"], "right": ["t1", "t1", "t2", "t1"]}, dtype="str")


def pair(*rows, without=()):
    placed = pd.DataFrame(rows, columns=["_id", "organisation", "wave"], dtype="str")
    respondents = placed[~placed["_id"].isin(without)][["_id"]]
    made = pair_dyads(placed, respondents, LINKS, ["before", "after"], "data/raw/links.csv")
    for name, frame in made.items():
        CONTRACTS[f"pair_dyads.{name}"].validate(frame, lazy=True)
    return made


def dyads(*rows, without=()):
    return pair(*rows, without=without)["dyads"].to_numpy().tolist()


def test_both_sides_of_a_link():
    found = dyads(("a", "s1", "before"), ("b", "t1", "before"), ("c", "s1", "before"), ("d", "s2", "after"),
                 ("e", "", "before"))  # fmt: skip
    assert found == [
        ["s1", "t1", "before", "a c", "b", "both"],
        ["s2", "t1", "before", "", "b", "right"],
        ["s2", "t1", "after", "d", "", "left"],
    ]


def test_rejected_responses_are_no_side():
    assert dyads(("a", "s1", "before"), ("b", "s3", "before"), without=["a"]) == [
        ["s3", "t2", "before", "b", "", "left"]
    ]


def test_nothing_linked():
    assert dyads() == []


@pytest.mark.fault("LNK-10")
def test_links_seen_from_one_side_are_counted_by_wave():
    faults = pair(("a", "s1", "before"), ("b", "t1", "before"), ("c", "s1", "before"), ("d", "s2", "after"))["faults"]
    assert faults[["id", "severity", "file", "count"]].to_numpy().tolist() == [
        ["LNK-10", severity, "data/raw/links.csv", 1] for severity in ("WARN", "OK", "WARN")
    ]
    assert faults["saw"][0].startswith("1 of 2 links with answers at before")
    assert pair(("a", "s1", "before"), ("b", "t1", "before"), ("c", "s2", "before"))["faults"].empty


@pytest.mark.fault("LNK-10")
def test_several_responses_of_a_side_are_told_and_one_is_not():
    one = [("a", "s1", "after"), ("b", "t1", "after"), ("d", "s2", "after"), ("e", "s3", "after"), ("f", "t2", "after")]
    assert pair(*one)["faults"].empty
    (fault,) = pair(*one, ("c", "t1", "after"))["faults"].to_dict("records")
    assert (fault["id"], fault["severity"], fault["count"]) == ("LNK-10", "OK", 2)
    assert fault["saw"] == "2 of 3 links with answers at after have several responses on a side"
    # a colleague at another wave, or whose response is not used, is none
    assert pair(*one, ("c", "t1", "before"))["faults"]["severity"].tolist() == ["WARN"]
    assert pair(*one, ("c", "t1", "after"), without=["c"])["faults"].empty
