import pandas as pd

from pilot_eval.link.contracts import CONTRACTS
from pilot_eval.link.pair_dyads import pair_dyads

LINKS = pd.DataFrame({"left": ["s1", "s2", "s3", "s1"], "right": ["t1", "t1", "t2", "t1"]}, dtype="str")


def pair(*rows, without=()):
    placed = pd.DataFrame(rows, columns=["_id", "organisation", "wave"], dtype="str")
    respondents = placed[~placed["_id"].isin(without)][["_id"]]
    made = pair_dyads(placed, respondents, LINKS, ["before", "after"])["dyads"]
    CONTRACTS["pair_dyads.dyads"].validate(made, lazy=True)
    return made.to_numpy().tolist()


def test_both_sides_of_a_link():
    found = pair(("a", "s1", "before"), ("b", "t1", "before"), ("c", "s1", "before"), ("d", "s2", "after"),
                 ("e", "", "before"))  # fmt: skip
    assert found == [
        ["s1", "t1", "before", "a c", "b", "both"],
        ["s2", "t1", "before", "", "b", "right"],
        ["s2", "t1", "after", "d", "", "left"],
    ]


def test_rejected_responses_are_no_side():
    assert pair(("a", "s1", "before"), ("b", "s3", "before"), without=["a"]) == [
        ["s3", "t2", "before", "b", "", "left"]
    ]


def test_nothing_linked():
    assert pair() == []
