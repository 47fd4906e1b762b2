from hypothesis import given, settings
from hypothesis import strategies as st

from pilot_eval.link.persons import Answer, Evidence, followed, repeated

KEYS = ("person", "email", "name_organisation")
WORDS = st.sampled_from(["", "", "x", "y", "z"])


@st.composite
def pilots(draw):
    """Responses with few different keys, so that they clash in every way."""
    rows = draw(st.lists(st.tuples(st.integers(0, 2), WORDS, WORDS, WORDS, WORDS), max_size=9))
    return [
        Answer(f"r{n}", "form", wave, person, email, name, frozenset(name.split()), place)
        for n, (wave, person, email, name, place) in enumerate(rows)
    ]


@settings(deadline=None)
@given(pilots())
def test_nobody_is_twice_in_a_wave_and_nobody_is_lost(answers):
    groups, links = followed(answers, KEYS, Evidence())
    persons, passes = list(groups.members.values()), {row for pair in links for row in pair}
    assert sorted(answer.row for person in persons for answer in person) == sorted(answer.row for answer in answers)
    for person in persons:
        assert len({answer.wave for answer in person}) == len(person)
        assert len({answer.person for answer in person} - {""}) <= 1
        assert all((answer.row in passes) == (len(person) > 1) for answer in person)


@settings(deadline=None)
@given(pilots())
def test_responses_without_keys_stay_alone(answers):
    for group in repeated(answers, KEYS, Evidence()):
        assert all(any(answer.key(which) for which in KEYS) for answer in group)
        assert len({answer.wave for answer in group}) == 1
    for person in followed(answers, KEYS, Evidence())[0].members.values():
        assert len(person) == 1 or all(any(answer.key(which) for which in KEYS) for answer in person)


@settings(deadline=None)
@given(pilots(), st.randoms(use_true_random=False))
def test_who_is_one_person_does_not_depend_on_the_order_of_rows(answers, random):
    def partition(rows):
        return {
            frozenset(answer.row for answer in person)
            for person in followed(rows, KEYS, Evidence())[0].members.values()
        }

    shuffled = list(answers)
    random.shuffle(shuffled)
    assert partition(shuffled) == partition(answers)
