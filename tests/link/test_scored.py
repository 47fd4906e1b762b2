"""Links by likeness: whoever is scored how, nobody comes twice in a wave and no order of rows matters."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pilot_eval.link.persons import Answer, Evidence, Groups
from pilot_eval.link.scored import Thresholds, link_scored

LIMITS = Thresholds(0.92, 0.80, 0.05)
SCORES = st.sampled_from([0.79, 0.80, 0.86, 0.90, 0.92, 0.93, 0.97, 1.0])


@st.composite
def pilots(draw):
    """Responses of three waves, and likenesses of some pairs."""
    waves = draw(st.lists(st.integers(0, 2), min_size=2, max_size=8))
    answers = [
        Answer(f"r{n}", "form", wave, role=draw(st.sampled_from(["", "a", "b"]))) for n, wave in enumerate(waves)
    ]
    pairs = [frozenset((one.row, two.row)) for one in answers for two in answers if one.wave < two.wave]
    return answers, {pair: draw(SCORES) for pair in pairs if draw(st.booleans())}


def partition(answers, scores):
    groups = Groups.of(answers)
    links, doubtful = link_scored(groups, scores, LIMITS, Evidence())
    return {frozenset(one.row for one in group) for group in groups.members.values()}, links, doubtful


@settings(deadline=None)
@given(pilots(), st.randoms(use_true_random=False))
def test_one_to_one_in_any_order(pilot, random):
    answers, scores = pilot
    groups, links, doubtful = partition(answers, scores)
    by_row = {answer.row: answer for answer in answers}
    for group in groups:
        assert len({by_row[row].wave for row in group}) == len(group)
    for pair, score in links.items():
        assert score == scores[pair] >= LIMITS.accept
        assert len({by_row[row].role for row in pair} - {""}) < 2
    for one in doubtful:
        assert one.score >= LIMITS.review and by_row[one.one].wave < by_row[one.other].wave
        assert not any({one.one, one.other} <= group for group in groups)
    shuffled, mixed = list(answers), list(scores.items())
    random.shuffle(shuffled)
    random.shuffle(mixed)
    assert partition(shuffled, dict(mixed))[0] == groups


def test_two_that_are_equally_alike_are_both_left_and_both_listed():
    answers = [Answer("a", "form", 0), Answer("b", "form", 1), Answer("c", "form", 1)]
    groups, links, doubtful = partition(answers, {frozenset("ab"): 1.0, frozenset("ac"): 1.0})
    assert not links and len(groups) == 3
    assert [(one.one, one.other) for one in doubtful] == [("a", "b"), ("a", "c")]
