from pilot_eval.study.draft import Draft, valid_part
from pilot_eval.study.model import StudyConfig
from pilot_eval.study.plan import ScalesConfig

SCALE = {"label": "A", "items": ["a"], "minimum": 1, "low": 1, "high": 5}


def test_a_faulty_entry_of_a_mapping_is_left_out():
    part = valid_part(ScalesConfig, {"scales": {"good": SCALE, "bad": {**SCALE, "minimum": "x"}}})
    assert list(part.scales) == ["good"]


def test_an_unknown_key_costs_only_itself():
    part = valid_part(ScalesConfig, {"scales": {"good": {**SCALE, "lo": 1}}, "more": 1})
    assert list(part.scales) == ["good"]


def test_a_list_with_a_faulty_entry_is_left_out_whole_so_that_places_stay():
    part = valid_part(StudyConfig, {"areas": ["A", {"code": "X Y", "name": "B"}], "seed": 1})
    assert part.areas is None
    assert part.seed == 1
    assert part.title is None


def test_a_part_of_nothing_but_faults_is_empty():
    assert valid_part(ScalesConfig, {"scale": 1}).scales is None


def test_names_count_as_declared_though_their_entries_are_faulty(tmp_path):
    draft = Draft(
        tmp_path, raw={"study.yaml": {"roles": [{"id": "a", "x": 1}, "b", {}], "label_sets": {"s": 1}, "n": 1}}
    )
    assert draft.declared("study.yaml", "roles") == {"a"}
    assert draft.declared("study.yaml", "label_sets") == {"s"}
    assert draft.declared("study.yaml", "waves") is None
    assert draft.declared("study.yaml", "n") is None
    assert draft.declared("models.yaml", "outcomes") is None
