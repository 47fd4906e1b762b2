"""Ratings and attendance in the study's own words."""

import pytest

from pilot_eval.faults import StudyFaults
from pilot_eval.register.contracts import CONTRACTS
from pilot_eval.register.read_evidence import read_evidence
from pilot_eval.study.load import sha256_of

EVIDENCE = [
    {
        "id": "visits", "label": "Visits", "source": "visits", "area": "place", "item": "theme", "value": "mark",
        "occasion": "round", "coder": None, "items": {"water": "Water", "shed": "Shared shed"},
        "occasions": {"first": "First visit"}, "levels": {0: "Absent", 1: "Begun"}, "note": "",
    }
]  # fmt: skip
ATTENDANCE = {"source": "people", "area": "place", "occasion": "round", "group": "who", "count": "n"}
TEXTS = {
    "visits": "place,theme,round,mark\nElm Vale,water,first,1\nelm,Shared Shed,First visit,begun\ntor,water,first,\n",
    "people": "place,round,who,n\nelm,first,staff,12\ntor,first,staff,0\n",
}


@pytest.fixture
def run(registered, parts):
    def read(evidence=EVIDENCE, **changed):
        paths, sources = registered({**TEXTS, **changed}, "evidence")
        found = read_evidence(paths, sources, [sha256_of(path) for path in paths], evidence, ATTENDANCE, parts[0])
        for name, table in found.items():
            CONTRACTS[f"read_evidence.{name}"].validate(table, lazy=True)
        return found

    return read


def test_codes_and_names_mean_the_same(run):
    found = run()
    assert found["ratings"].astype("object").fillna("-").values.tolist() == [
        ["visits", "elm", "water", "first", 1], ["visits", "elm", "shed", "first", 1],
        ["visits", "tor", "water", "first", "-"],
    ]  # fmt: skip
    assert found["attendance"].values.tolist() == [["elm", "first", "staff", 12], ["tor", "first", "staff", 0]]
    assert found["faults"].empty and found["codings"].empty


CODED = {**EVIDENCE[0], "coder": "by", "occasion": None, "occasions": {}}


def test_of_a_case_coded_twice_the_first_coder_counts_and_all_codes_are_kept(run):
    visits = (
        "place,theme,by,mark\nelm,water,Ann,1\ntor,water,Bo,1\ntor,water,ann,\nelm,water,BO,0\ntor,shed,Bo,0\n"
        "elm,shed,Bo,1\nelm,shed,Ann,0\n"
    )
    found = run(evidence=[CODED], visits=visits)
    columns = ["area", "item", "value"]
    assert found["ratings"][columns].values.tolist() == [
        ["elm", "water", 1], ["tor", "water", 1], ["tor", "shed", 0], ["elm", "shed", 0],
    ]  # fmt: skip
    assert found["codings"]["coder"].tolist() == ["Ann", "Bo", "Ann", "Bo", "Bo", "Bo", "Ann"]
    assert found["codings"]["value"].isna().tolist() == [False, False, True, False, False, False, False]


def test_a_coder_codes_a_case_once_and_has_a_name(run):
    visits = "place,theme,by,mark\nelm,water,Ann,1\nelm,water,ann,0\ntor,water,,0\n"
    with pytest.raises(StudyFaults) as caught:
        run(evidence=[CODED], visits=visits)
    assert [(fault.id, fault.row, fault.column) for fault in caught.value.faults] == [
        ("REG-17", 4, "by"), ("REG-04", 3, ""),
    ]  # fmt: skip


def test_a_table_may_have_no_occasions(run):
    entry = {**EVIDENCE[0], "occasion": None, "occasions": {}}
    visits = "place,theme,mark\nelm,water,1\n"
    assert run(evidence=[entry], visits=visits)["ratings"]["occasion"].tolist() == [""]


def test_a_study_may_have_neither(parts):
    found = read_evidence([], [], [], [], None, parts[0])
    for name, table in found.items():
        assert table.empty
        CONTRACTS[f"read_evidence.{name}"].validate(table)


def test_every_word_that_is_none_of_the_studys_is_reported(run):
    visits = "place,theme,round,mark\nelm,watr,first,1\nElm Vail,water,second,7\nelm,water,first,1\nelm,water,first,0\n"
    with pytest.raises(StudyFaults) as caught:
        run(visits=visits, people="place,round,who,n\nelm,first,staff,-3\nelm,first,staff,2.5\n")
    found = [(fault.id, fault.row, fault.column) for fault in caught.value.faults]
    assert found == [
        ("REG-07", 3, "place"), ("REG-17", 2, "theme"), ("REG-17", 3, "round"), ("REG-17", 3, "mark"),
        ("REG-04", 5, ""), ("REG-17", 2, "n"), ("REG-17", 3, "n"),
    ]  # fmt: skip
    assert 'Did you mean "water"?' in str(caught.value)


def test_a_missing_column_names_the_nearest(run):
    with pytest.raises(StudyFaults, match='nearest is "Theme_"'):
        run(visits="place,Theme_,round,mark\nelm,water,first,1\n")


@pytest.mark.fault("REG-17")
@pytest.mark.parametrize("mark", ["-1", "1?", "'1", "1.5", "(1)", "11"])
def test_a_mark_that_is_no_level_is_none_but_for_its_signs(run, mark):
    with pytest.raises(StudyFaults) as caught:
        run(visits=f"place,theme,round,mark\nElm Vale,water,first,{mark}\n")
    (fault,) = caught.value.faults
    assert (fault.id, fault.row, fault.column, fault.saw) == ("REG-17", 2, "mark", f'saw "{mark}"')


@pytest.mark.parametrize("mark", ["1", "1.0", " 1 ", "１", "BEGUN"])
def test_a_level_in_another_form(run, mark):
    assert run(visits=f"place,theme,round,mark\nElm Vale,water,first,{mark}\n")["ratings"]["value"].tolist() == [1]
