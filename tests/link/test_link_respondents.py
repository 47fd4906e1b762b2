import pandas as pd
import pytest

from pilot_eval.faults import StudyFaults
from pilot_eval.link.contracts import CONTRACTS
from pilot_eval.link.link_respondents import link_respondents

WAVES = ["before", "after", "later"]
KEYS = ("person", "email", "name_organisation")


def people(**waves):
    """Placed rows, pseudonyms and cleaned rows from persons by wave: mappings of keys, place and answers."""
    placed, pseudonyms, cleaned = [], [], []
    for wave, rows in waves.items():
        for number, row in enumerate(rows, start=2):
            _id = f"{row.get('instrument', 'form')}_{wave}-{number}"
            place = {"_id": _id, "_file": f"data/raw/{wave}.csv", "_row": number, "source": f"form_{wave}",
                     "instrument": "form", "wave": wave, "role": "lead", "organisation": "s1",
                     "organisation_kind": "school", "area": "north", "placed_by": "key"}  # fmt: skip
            placed.append(place | {key: row[key] for key in place if key in row})
            pseudonyms += [(_id, kind, row[kind]) for kind in ("person", "email", "name") if row.get(kind)]
            pseudonyms += [(_id, "name_part", part) for part in row.get("name", "").split()]
            answers = row.get("answers", [1, 2])
            cleaned.append({"_id": _id, "completed": row.get("day", ""), "q1": answers[0], "q2": answers[1]})
    cleaned = pd.DataFrame(cleaned, columns=["_id", "completed", "q1", "q2"])
    return (
        pd.DataFrame(placed).astype({"_row": "Int64"}),
        pd.DataFrame(pseudonyms, columns=["_id", "kind", "hash"], dtype="str"),
        [cleaned.astype({"q1": "float64", "q2": "float64", "completed": "str"})],
    )


def link(keys=KEYS, duplicates="most_complete", **waves):
    placed, pseudonyms, cleaned = people(**waves)
    made = link_respondents(placed, pseudonyms, cleaned, {"keys": keys, "duplicates": duplicates}, WAVES)
    for name, schema in CONTRACTS.items():
        if name.startswith("link_respondents."):
            schema.validate(made[name.split(".")[1]], lazy=True)
    assert len(made["respondents"]) + len(made["rejects"]) == len(placed)
    # nobody twice in a wave
    waves_of = made["respondents"].merge(placed, on="_id")
    assert not waves_of.duplicated(["respondent", "wave", "instrument"]).any()
    return made


def passes(made):
    return made["respondents"]["link_pass"].tolist()


def test_each_pass_links_what_the_stricter_ones_left():
    made = link(
        before=[{"person": "p1", "name": "ann hill"}, {"email": "e2"}, {"name": "bo dale"}, {"name": "cy"}],
        after=[{"name": "bo dale"}, {"person": "p1", "name": "ann moo"}, {"email": "e2"}, {"name": "di"}],
    )  # fmt: skip
    assert passes(made) == ["person", "email", "name_organisation", "", "name_organisation", "person", "email", ""]
    ids = made["respondents"]["respondent"]
    assert ids[0] == ids[5] and ids[1] == ids[6] and ids[2] == ids[4]
    assert made["respondents"]["matched"].sum() == 6
    rates = made["match_rates"][["wave", "n", "n_matched"]].to_numpy().tolist()
    assert rates == [["before", 4, 3], ["after", 4, 3]]


def test_missing_keys_never_join():
    made = link(before=[{}, {}], after=[{}, {}])
    assert made["respondents"]["respondent"].nunique() == 4
    assert made["faults"]["id"].tolist() == ["LNK-04", "LNK-04"]
    assert made["faults"]["count"].tolist() == [2, 2]


def test_a_replaced_lead_contact_is_another_person():
    shared = [{"email": "office", "name": "ann hill"}], [{"email": "office", "name": "bo dale"}]
    assert passes(link(before=shared[0], after=shared[1])) == ["", ""]
    # a name with a slip in one part, or no name, still agrees
    assert passes(link(before=shared[0], after=[{"email": "office", "name": "ann hil"}])) == ["email"] * 2
    assert passes(link(before=shared[0], after=[{"email": "office"}])) == ["email"] * 2


def test_a_mailbox_of_two_persons_does_not_link():
    made = link(
        before=[{"email": "office", "name": "ann hill"}, {"email": "office", "name": "bo dale"}],
        after=[{"email": "office", "name": "ann hill"}],
    )
    assert passes(made) == ["name_organisation", "", "name_organisation"]
    assert made["faults"]["id"].tolist() == ["LNK-03"]


def test_a_shared_first_name_behind_a_shared_mailbox_rejects_nobody():
    office = [{"email": "office", "name": name} for name in ("ann hill", "ann dale", "ann beck")]
    made = link(before=office, after=[])
    assert len(made["rejects"]) == 0
    assert made["respondents"]["respondent"].nunique() == 3
    # the same name, in whole or shortened, is one person who answered twice
    twice = link(before=[*office, {"email": "office", "name": "hill"}], after=[])
    assert twice["rejects"]["reason"].tolist() == ["duplicate_person"]


def test_one_name_at_two_schools_is_two_persons():
    made = link(before=[{"name": "ann hill"}], after=[{"name": "ann hill", "organisation": "s2"}])
    assert made["respondents"]["respondent"].nunique() == 2


def test_ids_that_differ_forbid_a_link_by_name():
    made = link(before=[{"person": "p1", "name": "ann hill"}], after=[{"person": "p2", "name": "ann hill"}])
    assert passes(made) == ["", ""]


def test_ids_of_two_questionnaires_may_coincide():
    made = link(before=[{"person": "1"}], after=[{"person": "1", "instrument": "other"}])
    assert made["respondents"]["respondent"].nunique() == 2


def test_a_respondent_without_organisation_links_by_name_and_area():
    nowhere = {"name": "ann hill", "organisation": "", "organisation_kind": ""}
    assert passes(link(before=[nowhere], after=[nowhere])) == ["name_organisation"] * 2
    assert passes(link(before=[nowhere], after=[nowhere | {"area": "south"}])) == ["", ""]


@pytest.mark.parametrize(
    ("policy", "used"), [("most_complete", "form_before-3"), ("first", "form_before-2"), ("latest", "form_before-4")]
)
def test_of_two_answers_of_a_person_one_is_used(policy, used):
    nan = float("nan")
    made = link(
        duplicates=policy,
        before=[
            {"email": "e", "answers": [1, nan], "day": "2020-01-02"},
            {"email": "e", "answers": [1, 2], "day": "2020-01-01"},
            {"email": "e", "answers": [nan, 2], "day": "2020-01-03"},
        ],
    )
    assert made["respondents"]["_id"].tolist() == [used]
    assert made["rejects"]["reason"].tolist() == ["duplicate_person"] * 2
    assert all(f"row {used[-1]}" in detail for detail in made["rejects"]["detail"])
    assert made["faults"]["id"].tolist() == ["LNK-02"] * 2


def test_the_same_answers_twice():
    made = link(before=[{"name": "ann hill"}, {"name": "ann hill"}])
    assert made["respondents"]["_id"].tolist() == ["form_before-2"]
    assert made["rejects"]["rule"].tolist() == ["LNK-01"]


def test_the_used_answer_keeps_the_keys_of_the_other():
    made = link(
        before=[{"name": "ann hill", "email": "e"}, {"name": "ann hill", "answers": [1, 2], "day": "2020-02-01"}],
        after=[{"email": "e"}],
    )
    assert passes(made) == ["email", "email"]


def test_three_waves_and_a_gap():
    made = link(before=[{"email": "a"}, {"email": "b"}], after=[{"email": "a"}], later=[{"email": "a"}, {"email": "b"}])
    assert made["respondents"]["respondent"].nunique() == 2


def test_moves_keep_both_places():
    made = link(before=[{"email": "e"}], after=[{"email": "e", "organisation": "s2", "role": "other"}])
    assert made["moved"][["what", "from", "to"]].to_numpy().tolist() == [["organisation", "s1", "s2"],
                                                                         ["role", "lead", "other"]]  # fmt: skip
    assert sorted(made["faults"]["id"]) == ["LNK-05", "LNK-06"]


def test_ids_issued_anew_stop():
    def rows(prefix):
        return [{"person": f"{prefix}{n}", "name": f"n{n} m{n}"} for n in range(20)]

    with pytest.raises(StudyFaults) as caught:
        link(before=rows("a"), after=rows("b"))
    assert caught.value.faults[0].id == "LNK-12"
    assert passes(link(keys=("name_organisation",), before=rows("a"), after=rows("b")))[0] == "name_organisation"


def test_pseudonyms_do_not_depend_on_the_order_of_rows_or_a_later_wave():
    waves = {"before": [{"email": "a"}, {"name": "bo dale"}, {}], "after": [{"email": "a"}, {"name": "bo dale"}]}
    placed, pseudonyms, cleaned = people(**waves)
    linkage = {"keys": KEYS, "duplicates": "first"}

    def ids(placed, pseudonyms):
        made = link_respondents(placed, pseudonyms, cleaned, linkage, WAVES)["respondents"]
        return dict(zip(made["_id"], made["respondent"], strict=True))

    expected = ids(placed, pseudonyms)
    assert ids(placed.iloc[::-1], pseudonyms.iloc[::-1]) == expected
    early = placed[placed["wave"] == "before"]
    assert ids(early, pseudonyms) == {row: name for row, name in expected.items() if "before" in row}


def test_nobody_answered():
    placed, pseudonyms, cleaned = people(before=[{}])
    made = link_respondents(placed.iloc[:0], pseudonyms, [cleaned[0].iloc[:0]],
                            {"keys": KEYS, "duplicates": "first"}, WAVES)  # fmt: skip
    assert len(made["respondents"]) == 0
    CONTRACTS["link_respondents.respondents"].validate(made["respondents"])
