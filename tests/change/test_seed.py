"""Seeds by what is drawn for."""

from pilot_eval.change.seed import seed_of


def test_a_seed_depends_on_every_word_and_is_the_same_each_time():
    one = seed_of(1, "relate_start", "trust")
    assert one == seed_of(1, "relate_start", "trust") and 0 <= one < 2**63
    others = {seed_of(2, "relate_start", "trust"), seed_of(1, "other", "trust"), seed_of(1, "relate_start", "hope"),
              seed_of(1, "relate_start", "trust", "splits")}  # fmt: skip
    assert len(others | {one}) == 5
