import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from made_links import KEYS, WAVES, link, passes, people, scored, settings

from pilot_eval.faults import StudyFaults
from pilot_eval.link.answers import answers_of, case_of, identities
from pilot_eval.link.contracts import CONTRACTS
from pilot_eval.link.link_respondents import link_respondents


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


@pytest.mark.fault("LNK-04")
def test_missing_keys_never_join():
    made = link(before=[{}, {}], after=[{}, {}])
    assert made["faults"][["severity", "file", "row"]].to_numpy().tolist() == [
        ["WARN", "data/raw/after.csv", 2], ["WARN", "data/raw/before.csv", 2]
    ]  # fmt: skip
    assert made["respondents"]["respondent"].nunique() == 4
    assert made["faults"]["id"].tolist() == ["LNK-04", "LNK-04"]
    assert made["faults"]["count"].tolist() == [2, 2]


def test_a_replaced_lead_contact_is_another_person():
    shared = [{"email": "office", "name": "ann hill"}], [{"email": "office", "name": "bo dale"}]
    assert passes(link(before=shared[0], after=shared[1])) == ["", ""]
    # a name with a slip in one part, or no name, still agrees
    assert passes(link(before=shared[0], after=[{"email": "office", "name": "ann hil"}])) == ["email"] * 2
    assert passes(link(before=shared[0], after=[{"email": "office"}])) == ["email"] * 2


@pytest.mark.fault("LNK-03")
def test_a_mailbox_of_two_persons_does_not_link():
    made = link(
        before=[{"email": "office", "name": "ann hill"}, {"email": "office", "name": "bo dale"}],
        after=[{"email": "office", "name": "ann hill"}],
    )
    assert passes(made) == ["name_organisation", "", "name_organisation"]
    fault = made["faults"].iloc[0]
    assert (fault["id"], fault["severity"], fault["file"], fault["row"]) == ("LNK-03", "WARN", "data/raw/before.csv", 2)
    assert "rows 2 and 3" in fault["saw"] and "office" not in fault["saw"]
    assert len(made["faults"]) == 1 and len(made["rejects"]) == 0


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


@pytest.mark.fault("LNK-02")
@pytest.mark.parametrize(
    ("policy", "used"),
    [
        ("most_complete", "form_before-3"),
        ("first", "form_before-2"),
        ("latest", "form_before-4"),
        ("latest_complete", "form_before-3"),
    ],
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
    faults = made["faults"]
    assert set(zip(faults["id"], faults["severity"], faults["file"], strict=True)) == {
        ("LNK-02", "REJECT", "data/raw/before.csv")
    }
    assert sorted(faults["row"]) == sorted({2, 3, 4} - {int(used[-1])})


@pytest.mark.fault("LNK-02")
def test_of_two_complete_answers_the_latest():
    days = [{"email": "e", "day": f"2020-01-0{day}", "answers": answers}
            for day, answers in ((1, [1, 2]), (3, [2, 3]), (4, [2, float("nan")]))]  # fmt: skip
    assert link(duplicates="latest_complete", before=days)["respondents"]["_id"].tolist() == ["form_before-3"]


@pytest.mark.fault("LNK-02")
def test_a_slip_in_the_name_behind_one_address_is_one_person():
    twice = [{"email": "e", "name": "ann hill"}, {"email": "e", "name": "anne hil", "answers": [1, float("nan")]}]
    alike = ("form_before-2", "form_before-3", 0.9, {"first": 0.94, "last": 0.93})
    assert link(before=twice)["rejects"].empty
    made = link([alike], before=twice)
    assert made["rejects"][["_row", "rule"]].to_numpy().tolist() == [[3, "LNK-02"]]


@pytest.mark.fault("LNK-12")
@pytest.mark.parametrize(("kept", "told"), [(15, True), (21, False)])
def test_a_part_of_the_ids_was_issued_anew(kept, told):
    before = [{"person": f"p{n}", "name": f"n{n} m{n}"} for n in range(25)]
    after = [row if n < kept else row | {"person": f"q{n}"} for n, row in enumerate(before)]
    made = link(before=before, after=after)
    faults = made["faults"][["id", "severity", "file", "row", "count"]].to_numpy().tolist()
    assert faults == ([["LNK-12", "WARN", "data/raw/after.csv", kept + 2, 25 - kept]] if told else [])
    assert made["respondents"]["matched"].sum() == 2 * kept


SLIP = [{"name": "ann hill", "birth_year": "1980", "day": "2020-01-01"},
        {"name": "anne hill", "birth_year": "1980", "day": "2020-01-02", "answers": [2, 2]}]  # fmt: skip
NEAR = ("form_before-2", "form_before-3", 0.96, {"first": 0.94, "last": 1.0})


@pytest.mark.fault("LNK-02")
def test_a_slip_in_the_name_without_any_address_is_one_person_where_that_is_certain():
    made = link([NEAR], before=SLIP, duplicates="latest_complete")
    assert made["rejects"][["_row", "rule"]].to_numpy().tolist() == [[2, "LNK-02"]]
    assert made["review"].empty and made["respondents"]["_id"].tolist() == ["form_before-3"]
    assert link(before=SLIP)["rejects"].empty, "without a likeness there are two names"


@pytest.mark.fault("LNK-01")
def test_a_slip_in_the_name_and_all_answers_the_same():
    placed, pseudonyms, (cells,) = people(before=[{"name": "ann hill"}, {"name": "anne hil"}, {"name": "bo dale"}])
    cells = cells.assign(**{f"a{n}": 3.0 for n in range(10)})
    pair = ("form_before-2", "form_before-3", 0.96, {"first": 0.94, "last": 0.95})
    made = link([pair], people_of=(placed, pseudonyms, [cells]))
    assert made["rejects"][["_row", "rule"]].to_numpy().tolist() == [[3, "LNK-01"]]


@pytest.mark.fault("LNK-02")
@pytest.mark.parametrize("change", [{"birth_year": ""}, {"email": "f"}])
def test_a_slip_in_the_name_that_may_be_two_persons_awaits_a_decision(change):
    rows = [SLIP[0] | {"email": "e"}, SLIP[1] | change]
    made = link([NEAR], before=rows)
    fault = made["faults"].iloc[0]
    assert (fault["id"], fault["severity"], fault["file"], fault["row"]) == ("LNK-02", "WARN", "data/raw/before.csv", 3)
    assert "row 2" in fault["saw"] and "ann" not in fault["saw"]
    assert made["rejects"].empty and made["respondents"]["respondent"].nunique() == 2
    case = made["review"].iloc[0]
    assert (case["one_row"], case["other_row"]) == (2, 3) and case["case"] in fault["action"]
    said = {name: case[name] for name in ("case", "one", "other")} | {"line": 2, "key_id": "0123abcd"}
    decide = lambda what: link([NEAR], [said | {"decision": what}], before=rows)  # noqa: E731
    same = decide("same")
    assert same["rejects"]["_row"].tolist() == [2] and same["faults"]["severity"].tolist() == ["REJECT"]
    other = decide("different")
    assert other["rejects"].empty and other["faults"].empty and other["review"].empty


@pytest.mark.parametrize("change", [{"organisation": "s2"}, {"role": "nurse"}, {"birth_year": "1981"}, {"person": "q"}])
def test_alike_names_of_two_persons_are_no_finding(change):
    made = link([NEAR], before=[SLIP[0] | {"person": "p"}, SLIP[1] | change])
    assert made["faults"].empty and made["review"].empty and made["rejects"].empty


@pytest.mark.fault("LNK-01")
def test_the_same_answers_twice():
    made = link(before=[{"name": "ann hill"}, {"name": "ann hill"}])
    fault = made["faults"].iloc[0]
    assert (fault["id"], fault["severity"], fault["file"], fault["row"]) == (
        "LNK-01",
        "REJECT",
        "data/raw/before.csv",
        3,
    )
    assert made["rejects"]["detail"].item().startswith("same respondent and answers as row 2")
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


@pytest.mark.fault("LNK-05", "LNK-06")
def test_moves_keep_both_places():
    made = link(before=[{"email": "e"}], after=[{"email": "e", "organisation": "s2", "role": "other"}])
    assert made["moved"][["what", "from", "to"]].to_numpy().tolist() == [["organisation", "s1", "s2"],
                                                                         ["role", "lead", "other"]]  # fmt: skip
    faults = made["faults"].sort_values("id")
    assert faults[["id", "severity", "file", "row", "column"]].to_numpy().tolist() == [
        ["LNK-05", "WARN", "data/raw/after.csv", 2, "organisation"], ["LNK-06", "WARN", "data/raw/after.csv", 2, "role"]
    ]  # fmt: skip


@pytest.mark.fault("LNK-12")
def test_ids_issued_anew_stop():
    def rows(prefix):
        return [{"person": f"{prefix}{n}", "name": f"n{n} m{n}"} for n in range(20)]

    with pytest.raises(StudyFaults) as caught:
        link(before=rows("a"), after=rows("b"))
    (fault,) = caught.value.faults
    assert (fault.id, fault.severity, fault.column) == ("LNK-12", "STOP", "linkage")
    assert "0 of 20 ids of after occur at before, but 20 persons" in fault.saw
    assert passes(link(keys=("name_organisation",), before=rows("a"), after=rows("b")))[0] == "name_organisation"


def test_pseudonyms_do_not_depend_on_the_order_of_rows_or_a_later_wave():
    waves = {"before": [{"email": "a"}, {"name": "bo dale"}, {}], "after": [{"email": "a"}, {"name": "bo dale"}]}
    placed, pseudonyms, cleaned = people(**waves)
    linkage = settings(duplicates="first")

    def ids(placed, pseudonyms):
        made = link_respondents(placed, pseudonyms, scored(), cleaned, linkage, [], WAVES)["respondents"]
        return dict(zip(made["_id"], made["respondent"], strict=True))

    expected = ids(placed, pseudonyms)
    assert ids(placed.iloc[::-1], pseudonyms.iloc[::-1]) == expected
    early = placed[placed["wave"] == "before"]
    assert ids(early, pseudonyms) == {row: name for row, name in expected.items() if "before" in row}


def test_nobody_answered():
    placed, pseudonyms, cleaned = people(before=[{}])
    made = link_respondents(placed.iloc[:0], pseudonyms, scored(), [cleaned[0].iloc[:0]], settings(), [], WAVES)
    assert len(made["respondents"]) == 0
    CONTRACTS["link_respondents.respondents"].validate(made["respondents"])


@pytest.mark.fault("LNK-20")
def test_one_person_at_two_schools_in_a_wave_answers_for_both():
    ann = [{"email": "e", "name": "ann hill", "organisation": place} for place in ("s1", "s2")]
    made = link(before=ann, after=ann)
    assert made["rejects"].empty and made["respondents"]["respondent"].nunique() == 2
    ids = made["respondents"]["respondent"].tolist()
    assert ids[:2] == ids[2:] and ids[0] != ids[1]
    assert made["faults"][["id", "severity", "row"]].to_numpy().tolist() == [
        ["LNK-20", "WARN", 2], ["LNK-20", "WARN", 3], ["LNK-20", "WARN", 2], ["LNK-20", "WARN", 3]
    ]  # fmt: skip


def test_one_address_at_two_schools_links_within_each():
    office = [{"email": "e", "organisation": place} for place in ("s1", "s2")]
    assert passes(link(before=office, after=office)) == ["email"] * 4


def test_a_year_of_birth_stands_in_for_what_changed():
    keys = ("email", "name_organisation", "last_organisation_year", "first_organisation_year", "name_year")
    one = {"name": "ann hill", "birth_year": "1980"}
    for other, which in (
        ({"name": "nan hill"}, "last_organisation_year"),
        ({"name": "ann dale"}, "first_organisation_year"),
        ({"organisation": "s2", "area": "south"}, "name_year"),
    ):
        assert passes(link(keys=keys, before=[one], after=[one | other])) == [which] * 2
    # another year under one name and place is another person
    assert passes(link(keys=keys, before=[one], after=[one | {"birth_year": "1981"}])) == ["", ""]


class TestLikeness:
    """Links of what no key has linked."""

    BEFORE, AFTER = "form_before-2", "form_after-2"

    def linked(self, score, role="lead", **more):
        return link([(self.BEFORE, self.AFTER, score, more)], before=[{"name": "ann hill"}],
                    after=[{"name": "an hil", "role": role}])  # fmt: skip

    def test_from_the_threshold_on(self):
        assert passes(self.linked(0.92)) == ["likeness"] * 2
        made = self.linked(0.919)
        assert passes(made) == ["", ""]
        assert made["links"].empty and len(made["review"]) == 1

    @pytest.mark.fault("LNK-07")
    def test_the_grey_zone_awaits_a_decision(self):
        made = self.linked(0.85, first=0.9, last=1.0, organisation=1.0)
        row = made["review"].iloc[0]
        assert (row["one_id"], row["other_id"], row["one_file"], row["one_row"], row["score"]) == (
            self.BEFORE, self.AFTER, "data/raw/before.csv", 2, 0.85
        )  # fmt: skip
        assert row["pattern"] == "last=same email=missing first=typo organisation=same birth_year=missing role=same"
        fault = made["faults"].iloc[0]
        assert (fault["id"], fault["severity"], fault["column"], fault["count"]) == ("LNK-07", "WARN", "decision", 1)
        assert self.linked(0.799)["review"].empty

    def test_another_role_is_never_linked_by_likeness_alone(self):
        made = self.linked(0.99, role="head")
        assert passes(made) == ["", ""] and len(made["review"]) == 1

    def test_nobody_is_linked_whose_second_is_near(self):
        pairs = [(self.BEFORE, self.AFTER, 0.97), (self.BEFORE, "form_after-3", 0.93)]
        before, after = [{"name": "ann hill"}], [{"name": "an hill"}, {"name": "ann hil"}]
        made = link(pairs, before=before, after=after)
        assert passes(made) == ["", "", ""]
        assert len(made["review"]) == 2
        pairs[1] = (self.BEFORE, "form_after-3", 0.91)
        assert passes(link(pairs, before=before, after=after)) == ["likeness", "likeness", ""]

    def test_who_is_linked_is_no_rival_any_more(self):
        pairs = [
            (self.BEFORE, self.AFTER, 0.99),
            (self.BEFORE, "form_after-3", 0.93),
            ("form_before-3", "form_after-3", 0.93),
        ]
        names = [{"name": "ann hill"}, {"name": "anna hill"}]
        assert passes(link(pairs, before=names, after=[{"name": "an hill"}, {"name": "ana hill"}])) == ["likeness"] * 4

    def test_over_three_waves_a_person_comes_once_in_each(self):
        pairs = [
            (self.BEFORE, self.AFTER, 0.97),
            (self.BEFORE, "form_later-2", 0.96),
            (self.AFTER, "form_later-2", 0.99),
        ]
        made = link(pairs, before=[{"name": "ann hill"}], after=[{"name": "an hill"}], later=[{"name": "an hil"}])
        assert made["respondents"]["respondent"].nunique() == 1

    def test_ids_that_differ_forbid(self):
        made = link([(self.BEFORE, self.AFTER, 0.99)], before=[{"person": "1", "name": "ann hill"}],
                    after=[{"person": "2", "name": "an hill"}])  # fmt: skip
        assert passes(made) == ["", ""] and made["review"].empty

    def test_variants_are_stricter_and_looser(self):
        made = self.linked(0.93)
        persons = made["variants"].groupby("variant")["respondent"].nunique().to_dict()
        assert persons == {"default": 1, "loose": 1, "tight": 2}


class TestDecisions:
    """What a person decided."""

    KEY = "0123abcd"

    def decide(self, decision="same", score=0.85, key=KEY, **changed):
        before, after = [{"name": "ann hill"}], [{"name": "sam dale"}]
        pair = [("form_before-2", "form_after-2", score)]
        listed = link(pair, before=before, after=after)
        row = (listed["review"] if len(listed["review"]) else listed["links"]).iloc[0]
        line = {"line": 2, "case": row["case"], "one": row["one"], "other": row["other"], "key_id": key,
                "decision": decision} | changed  # fmt: skip
        return link(pair, [line], before=before, after=after)

    def test_same_links(self):
        made = self.decide()
        assert passes(made) == ["decision"] * 2
        assert made["review"].empty and made["faults"].empty
        assert made["links"][["used", "automatic"]].to_numpy().tolist() == [[True, False]]

    def test_same_holds_against_ids_and_areas(self):
        before, after = [{"person": "1"}], [{"person": "2", "organisation": "s9", "area": "south"}]
        placed, pseudonyms, _ = people(before=before, after=after)
        one, other = identities(answers_of(placed, pseudonyms, KEYS, WAVES), WAVES).values()
        line = {"line": 2, "case": case_of(one, other), "one": one, "other": other, "key_id": self.KEY,
                "decision": "same"}  # fmt: skip
        assert passes(link((), [line], before=before, after=after)) == ["decision"] * 2

    def test_different_and_unsure_part_and_are_asked_no_more(self):
        for decision in ("different", "unsure"):
            made = self.decide(decision, score=0.99)
            assert passes(made) == ["", ""] and made["review"].empty
            assert made["links"][["used", "automatic"]].to_numpy().tolist() == [[False, True]]

    def test_nothing_decided_changes_nothing(self):
        assert len(self.decide("")["review"]) == 1

    def test_they_survive_a_delivery_in_another_order(self):
        pair = [("form_before-3", "form_after-2", 0.85)]
        row = link([("form_before-2", "form_after-2", 0.85)], before=[{"name": "ann hill"}],
                   after=[{"name": "sam dale"}])["review"].iloc[0]  # fmt: skip
        line = {"line": 2, **row[["case", "one", "other"]], "key_id": self.KEY, "decision": "same"}
        made = link(pair, [line], before=[{"name": "bo moor"}, {"name": "ann hill"}], after=[{"name": "sam dale"}])
        assert passes(made) == ["", "decision", "decision"]

    def test_same_within_a_wave_is_a_duplicate(self):
        pair = [("form_before-2", "form_before-3", 0.9)]
        rows = [{"name": "ann hill"}, {"name": "hill ann-marie"}]
        whose = link(pair, before=rows, after=[])["links"]
        assert whose.empty
        placed, pseudonyms, _ = people(before=rows)
        one, other = identities(answers_of(placed, pseudonyms, ["name"], WAVES), WAVES).values()
        line = {"line": 2, "case": case_of(one, other), "one": one, "other": other, "key_id": self.KEY,
                "decision": "same"}  # fmt: skip
        assert len(link(pair, [line], before=rows)["rejects"]) == 1
        same = [{"name": "ann hill"}, {"name": "ann hill", "email": "e"}]
        placed, pseudonyms, _ = people(before=same)
        one, other = identities(answers_of(placed, pseudonyms, ["name", "email"], WAVES), WAVES).values()
        line |= {"case": case_of(one, other), "one": one, "other": other, "decision": "different"}
        assert len(link((), [], before=same)["rejects"]) == 1
        assert link((), [line], before=same)["rejects"].empty

    @pytest.mark.fault("LNK-13")
    def test_made_with_another_key_stops(self):
        with pytest.raises(StudyFaults) as caught:
            self.decide(key="ffffffff")
        (fault,) = caught.value.faults
        assert (fault.id, fault.severity, fault.file, fault.row, fault.column) == (
            "LNK-13", "STOP", "config/link_decisions.csv", 2, "key_id"
        )  # fmt: skip

    @pytest.mark.fault("LNK-17")
    def test_a_line_that_is_not_its_case_stops(self):
        with pytest.raises(StudyFaults) as caught:
            self.decide(one="p0123456789")
        (fault,) = caught.value.faults
        assert (fault.id, fault.row, fault.column) == ("LNK-17", 2, "case")

    @pytest.mark.fault("LNK-18")
    def test_a_response_that_is_gone_is_named(self):
        gone = "p0123456789"
        row = link([("form_before-2", "form_after-2", 0.85)], before=[{"name": "ann hill"}],
                   after=[{"name": "sam dale"}])["review"].iloc[0]  # fmt: skip
        line = {"line": 7, "case": case_of(gone, row["other"]), "one": gone, "other": row["other"],
                "key_id": self.KEY, "decision": "same"}  # fmt: skip
        faults = link((), [line], before=[{"name": "ann hill"}], after=[{"name": "sam dale"}])["faults"]
        assert faults[["id", "severity", "row"]].to_numpy().tolist() == [["LNK-18", "WARN", 7]]

    @pytest.mark.fault("LNK-19")
    @pytest.mark.parametrize(
        ("said", "line"),
        [
            ([("a", "b", "same"), ("b", "c", "same"), ("a", "c", "different")], 4),
            ([("a", "b", "same"), ("a", "d", "same")], 3),  # b and d answered in one wave
            ([("a", "e", "same")], 2),  # of another questionnaire
            ([("a", "b", "same"), ("b", "e", "same")], 3),
            ([("a", "b", "same"), ("b", "c", "same"), ("a", "c", "unsure")], 4),
            ([("a", "b", "same"), ("a", "b", "unsure")], 3),  # one case, two decisions
            ([("a", "b", "unsure"), ("b", "a", "different"), ("a", "d", "same")], 3),
            ([("a", "b", "different"), ("a", "b", "different"), ("a", "b", "same")], 4),
        ],
    )
    def test_decisions_that_contradict_stop(self, said, line):
        rows = {"before": [{"name": "ann hill"}], "after": [{"name": "sam dale"}, {"name": "bo moor"},
                {"name": "cy wood", "instrument": "other"}], "later": [{"name": "di king"}]}  # fmt: skip
        placed, pseudonyms, _ = people(**rows)
        whose = identities(answers_of(placed, pseudonyms, ["name"], WAVES), WAVES)
        called = dict(zip("abdec", whose.values(), strict=True))
        lines = [{"line": number, "case": case_of(called[one], called[other]), "one": called[one],
                  "other": called[other], "key_id": self.KEY, "decision": decision}
                 for number, (one, other, decision) in enumerate(said, start=2)]  # fmt: skip
        with pytest.raises(StudyFaults) as caught:
            link((), lines, **rows)
        assert [(fault.id, fault.severity, fault.row) for fault in caught.value.faults] == [("LNK-19", "STOP", line)]

    @pytest.mark.fault("LNK-17", "LNK-18")
    def test_the_column_that_is_wrong_is_named(self):
        rows = {"before": [{"name": "ann hill"}], "after": [{"name": "sam dale"}]}
        placed, pseudonyms, _ = people(**rows)
        one, other = identities(answers_of(placed, pseudonyms, ["name"], WAVES), WAVES).values()

        def linked(*pairs):
            return link((), [{"line": line, "case": case_of(*pair), "one": pair[0], "other": pair[1],
                              "key_id": self.KEY, "decision": "different"}
                             for line, pair in enumerate(pairs, start=2)], **rows)["faults"]  # fmt: skip

        gone = linked(("p0123456789", other), (one, "pffffffffff"), (one, other))
        assert gone[["id", "row", "column"]].to_numpy().tolist() == [["LNK-18", 2, "one"], ["LNK-18", 3, "other"]]
        assert linked((one, other), (one, other)).empty
        with pytest.raises(StudyFaults) as caught:
            linked((one, other), (one, one))
        assert [(fault.id, fault.row, fault.column) for fault in caught.value.faults] == [("LNK-17", 3, "other")]


@pytest.mark.fault("LNK-13")
def test_pseudonyms_of_two_keys_stop():
    placed, pseudonyms, cleaned = people(before=[{"name": "ann hill"}], after=[{"name": "ann hill"}])
    pseudonyms.loc[pseudonyms["_id"] == "form_after-2", "key_id"] = "ffff0000"
    with pytest.raises(StudyFaults) as caught:
        link(people_of=(placed, pseudonyms, cleaned))
    (fault,) = caught.value.faults
    assert (fault.id, fault.severity) == ("LNK-13", "STOP")
    assert "of before with key 0123abcd" in fault.saw and "of after with key ffff0000" in fault.saw
