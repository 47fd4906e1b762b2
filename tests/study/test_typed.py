import datetime as dt

import pytest

from pilot_eval.study.model import StudyConfig, area_code
from pilot_eval.study.typed import nearest, typed

GOOD = {
    "title": "T", "short_title": "T", "geography": "G", "period": "P", "organisation": "O", "synthetic": True,
    "waves": [{"id": name, "label": "W", "start": dt.date(2020, 1, 1), "end": dt.date(2020, 1, 9), "months": month}
              for name, month in (("a", 1), ("b", 2))], "seed": 1,
    "roles": [{"id": "r", "label": "R"}], "instruments": [{"id": "i", "label": "I"}], "areas": ["East & West"],
    "disclosure": {"because": "b"},
}  # fmt: skip
WAVE = GOOD["waves"][0]


def faults(**changes):
    return typed(StudyConfig, {**GOOD, **changes}, "f", lambda path: (7, ".".join(map(str, path))))[1]


def test_a_good_value_is_typed():
    config, found = typed(StudyConfig, GOOD, "f", lambda path: (None, ""))
    assert not found
    assert config.areas[0].code == "east-west"


@pytest.mark.parametrize(
    ("changes", "kind", "column", "expected"),
    [
        ({"title": 1}, "CFG-12", "title", "text"),
        ({"release": 0.1}, "CFG-12", "release", "text"),
        ({"title": " "}, "CFG-12", "title", "some text"),
        ({"seed": "x"}, "CFG-12", "seed", "a whole number"),
        ({"seed": None}, "CFG-12", "seed", "a whole number"),
        ({"synthetic": "maybe"}, "CFG-12", "synthetic", "true or false"),
        ({"waves": "x"}, "CFG-12", "waves", "a list"),
        ({"waves": GOOD["waves"][:1]}, "CFG-12", "waves", "at least 2"),
        ({"waves": [{**WAVE, "start": "2020-13-01"}]}, "CFG-12", "waves.0.start", "a date such as 2015-09-30"),
        ({"waves": [{**WAVE, "months": float("nan")}]}, "CFG-12", "waves.0.months", "a finite number"),
        ({"roles": [{"id": "R 1", "label": "R"}]}, "CFG-12", "roles.0.id", "a short name: a-z, 0-9 and _, beginning "
         "with a letter, 40 characters at most"),
        ({"roles": ["r"]}, "CFG-12", "roles.0", "a mapping of 'key: value' lines"),
        ({"disclosure": {}}, "CFG-11", "disclosure.because", "a value"),
        ({"linkage": {"duplicates": "x"}}, "CFG-12", "linkage.duplicates",
         "'most_complete', 'latest_complete', 'latest' or 'first'"),
        ({"thresold": 5}, "CFG-10", "thresold", None),
        ({"label_sets": {"Bad one": {1: "x"}}}, "CFG-12", "label_sets.Bad one", None),
    ],
)  # fmt: skip
def test_each_wrong_value_is_one_fault_in_words(changes, kind, column, expected):
    (fault,) = faults(**changes)
    assert (fault.id, fault.column, fault.row) == (kind, column, 7)
    if expected:
        assert fault.expected == expected


@pytest.mark.parametrize(
    ("changes", "action"),
    [
        ({"disclosure": {"because": "b", "min_respondent": 5}}, 'Did you mean "min_respondents"?'),
        ({"linkage": {"duplicates": "lastest"}}, 'Did you mean "latest"?'),
        ({"release": 0.1}, 'Put it in quotation marks: "0.1"'),
        ({"registers": {"organisations": [{"kind": "k", "source": "s", "key": "k", "name": "n", "area": "a",
                                           "atributes": []}]}}, 'Did you mean "attributes"?'),
    ],
)  # fmt: skip
def test_the_action_names_the_nearest_word(changes, action):
    assert faults(**changes)[0].action == action


def test_a_pattern_must_be_a_regular_expression():
    register = {"kind": "k", "source": "s", "key": "k", "name": "n", "area": "a", "pattern": "("}
    (fault,) = faults(registers={"organisations": [register]})
    assert "regular expression" in fault.expected


def test_nearest_is_none_when_nothing_is_near():
    assert nearest("zzz", ["wave", "role"]) is None


@pytest.mark.parametrize(
    ("name", "code"), [("East & West (North)", "east-west-north"), ("Ynys Môn", "ynys-mon"), ("  A--B ", "a-b")]
)
def test_the_code_of_an_area_is_fit_for_a_file_name(name, code):
    assert area_code(name) == code
