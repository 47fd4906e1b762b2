import pytest

from pilot_eval.faults import StudyFaults
from pilot_eval.link.contracts import CONTRACTS
from pilot_eval.link.place_respondents import place_respondents

INSTRUMENTS = [
    {"id": "form", "role": "lead", "organisation": "school"},
    {"id": "team", "role": "nurse", "organisation": "team"},
    {"id": "other", "role": None, "organisation": None},
]
ROLES = [{"id": "lead", "label": "Lead contact"}, {"id": "nurse", "label": "School nurse"}]


@pytest.fixture
def place(registers, responses):
    def run(*rows, **more):
        cleaned = responses([dict(zip(("organisation_said", "organisation_name_said", "area_said"), row, strict=False))
                             for row in rows], **more)  # fmt: skip
        made = place_respondents([cleaned], **registers, instruments=INSTRUMENTS, roles=ROLES,
                                 patterns={"school": r"1\d{5}"}, typed_names=[],
                                 said={"x": {"organisation": "URN"}})  # fmt: skip
        for name, schema in CONTRACTS.items():
            if name.startswith("place_respondents."):
                schema.validate(made[name.split(".")[1]], lazy=True)
        assert len(made["placed"]) + len(made["rejects"]) == len(rows)
        return made

    return run


def where(made):
    return list(made["placed"][["organisation", "area", "placed_by"]].itertuples(index=False, name=None))


def test_by_key_and_by_the_key_of_before(place):
    made = place(("100001",), ("100400",), ("100500",))
    assert where(made) == [("100001", "north", "key"), ("100500", "south", "predecessor"), ("100500", "south", "key")]
    assert made["placed"]["role"].tolist() == ["lead"] * 3
    assert made["changes"][["from_value", "to_value", "rule"]].to_numpy().tolist() == [
        ["100400", "100500", "predecessor"]
    ]


def test_keys_that_a_spreadsheet_spoiled(place):
    made = place(("100001.0",), (" 100002 ",))
    assert where(made) == [("100001", "north", "key"), ("100002", "north", "key")]
    assert made["faults"]["id"].tolist() == ["REG-03"]


def test_lost_leading_zeros(place, registers):
    registers["organisations"].loc[0:2, "organisation"] = ["00123", "00124", "10123"]
    assert where(place(("123",)))[0][0] == "00123"


def test_where_there_is_one_area_nobody_needs_to_say_so(place, registers):
    registers["areas"] = registers["areas"].iloc[:1]
    made = place(("", "", ""), ("", "", "North Vale"))
    assert [area for _, area, _ in where(made)] == ["north", "north"]
    assert made["changes"].empty


def test_by_name_within_the_area(place):
    made = place(("", "OAK primary school", "North Vale"), ("", "Saint Anns", ""), ("", "Oak Primary School", "south"))
    assert where(made)[:2] == [("100001", "north", "name"), ("100002", "north", "name")]
    assert where(made)[2] == ("", "south", "area")
    assert made["faults"]["id"].tolist() == ["LNK-09"]


@pytest.mark.fault("LNK-09")
@pytest.mark.parametrize("name", ["Oak Primry School", "the oak prim. sch", "OAK PRIMARY SCHOLL", "Oak  Primary  Sch"])
def test_a_name_typed_with_a_slip_is_the_one_of_its_area(place, name):
    made = place(("", name, "North Vale"))
    assert where(made)[0][:2] == ("100001", "north")
    for change, fault in zip(made["changes"].itertuples(), made["faults"].itertuples(), strict=True):
        assert (change.from_value, change.to_value, change.rule) == (name, "100001", "typed_name")
        assert (fault.id, fault.severity, fault.row, fault.column) == ("LNK-09", "FIX", 2, "organisation_name")


@pytest.mark.fault("LNK-09")
@pytest.mark.parametrize(
    ("name", "area"),
    [
        ("Oak Primry School", ""),  # no area is stated
        ("Oak Primry School", "South Vale"),  # the school of another area
        ("Ash Primary School", "North Vale"),  # another tree
        ("Oak Academy", "North Vale"),  # a word of another school
        ("Oak", "North Vale"),
    ],
)
def test_a_name_that_is_only_alike_goes_to_the_review_list(place, name, area):
    made = place(("", name, area))
    assert where(made)[0][0] == ""
    assert made["review"]["column"].tolist() and set(made["review"]["value"]) == {name}
    assert made["faults"][["id", "severity"]].to_numpy().tolist() == [["LNK-09", "WARN"]]


@pytest.mark.fault("LNK-09")
def test_of_two_names_that_are_alike_none_is_taken(place, registers):
    registers["organisations"].loc[4] = ["100003", "school", "Oak Primary Schools", "north"]
    made = place(("", "Oak Primry School", "North Vale"))
    assert where(made) == [("", "north", "area")]
    assert made["review"]["candidate"].tolist()[:2] == ["100001", "100003"]


def test_services_are_known_by_name_and_alias_only(registers, responses):
    exact = [{"kind": "team", "accept": "exact", "aliases": {"CAMHS in town": "T1"}}]

    def placed(name):
        rows = responses([{"organisation_name_said": name, "area_said": "north"}], instrument="team")
        made = place_respondents([rows], **registers, instruments=INSTRUMENTS, roles=ROLES, patterns={},
                                 typed_names=exact, said={})  # fmt: skip
        return made["placed"]["organisation"].item()

    assert [placed(name) for name in ("town team", "CAMHS in Town", "Twon Team")] == ["T1", "T1", ""]


@pytest.mark.fault("LNK-08")
@pytest.mark.parametrize("key", ["100011", "010001", "10001", "1000012"])
def test_a_mistyped_key_waits_for_a_person(place, key):
    made = place((key, "Oak primary school", "North Vale"))
    assert where(made) == [("", "north", "area")]
    row = made["review"].iloc[0]
    assert (row["column"], row["value"], row["candidate"]) == ("URN", key, "100001")
    assert made["faults"][["id", "severity", "column"]].to_numpy().tolist() == [["LNK-08", "WARN", "URN"]]


@pytest.mark.fault("LNK-08")
def test_a_school_outside_the_pilot_is_rejected(place):
    made = place(("199999", "Far School", "North Vale"), ("100003", "Far School", ""))
    assert len(made["placed"]) == 0
    assert made["rejects"]["reason"].tolist() == ["outside_pilot"] * 2
    assert made["faults"][["id", "severity", "file", "row", "column"]].to_numpy().tolist() == [
        ["LNK-08", "REJECT", "data/raw/x.csv", row, "URN"] for row in (2, 3)
    ]


def test_a_key_that_is_none_keeps_the_row(place):
    assert where(place(("unsure", "", "S.V."))) == [("", "south", "area")]


@pytest.mark.fault("REG-07")
def test_spellings_of_an_area(place):
    made = place(("", "", " NORTH  vale "), ("", "", "S.V."), ("", "", "North of here"), ("", "", ""))
    assert where(made) == [("", "north", "area"), ("", "south", "area"), ("", "", "none"), ("", "", "none")]
    assert made["review"].query("value == 'North of here'")["candidate"].tolist() == ["north"]
    assert made["faults"][["id", "severity", "row", "count"]].values.tolist() == [
        ["REG-08", "FIX", 2, 1], ["REG-07", "WARN", 4, 1]
    ]  # fmt: skip


@pytest.mark.fault("REG-07")
def test_a_slip_in_an_area_is_never_mended_and_waits_for_a_person(place):
    made = place(("", "", "north"), ("", "", "Norht Vale"), ("100001", "", "South Vael"))
    assert where(made) == [("", "north", "area"), ("", "", "none"), ("100001", "north", "key")]
    assert made["faults"][["id", "severity", "row"]].values.tolist() == [["REG-07", "WARN", 3], ["REG-07", "WARN", 4]]
    assert 'Nearest: "North Vale" (90)' in made["faults"]["action"][0]
    assert made["review"]["candidate"].tolist() == ["north", "south"]


@pytest.mark.fault("ING-21")
@pytest.mark.parametrize("word", ["NA", "n/a", "None", "null", "NaN", "#N/A", "-", "?"])
def test_words_for_no_answer_are_no_places(place, word):
    made = place(("", "", word), (word, "Oak Primary School", "north"), (word, word, "south"))
    assert where(made) == [("", "", "none"), ("100001", "north", "name"), ("", "south", "area")]
    assert made["faults"][["id", "severity", "row", "column"]].values.tolist() == [
        ["ING-21", "WARN", 4, "URN"], ["ING-21", "WARN", 4, "organisation_name"], ["ING-21", "WARN", 2, "area"]
    ]  # fmt: skip
    assert made["review"].empty and made["rejects"].empty


@pytest.mark.fault("ING-21")
def test_a_place_may_be_called_so(place, registers):
    registers["aliases"].loc[len(registers["aliases"])] = ["na", "south"]
    registers["organisations"].loc[0, "name"] = "None"
    made = place(("", "", "NA"), ("", "None", "north"))
    assert where(made) == [("", "south", "area"), ("100001", "north", "name")]
    assert made["faults"].empty


@pytest.mark.fault("REG-05")
def test_a_key_of_an_organisation_that_seems_to_have_another_now(registers, responses):
    def made(*rows):
        said = [dict(zip(("organisation_said", "organisation_name_said", "area_said", "school_postcode"), row,
                         strict=True)) for row in rows]  # fmt: skip
        return place_respondents([responses(said)], **registers, instruments=INSTRUMENTS, roles=ROLES,
                                 patterns={"school": r"1\d{5}"}, typed_names=[],
                                 said={"x": {"organisation": "URN"}})  # fmt: skip

    registers["organisations"]["postcode"] = ["NV1 1AA", "NV1 2BB", "SV3 3CC", ""]
    one = made(*[("140010", "Oak Primary Sch.", "north", "nv11aa")] * 3, ("100002", "", "", ""))
    (fault,) = one["faults"].to_dict("records")
    assert (fault["id"], fault["severity"], fault["row"], fault["column"], fault["count"]) == (
        "REG-05", "WARN", 2, "URN", 3
    )  # fmt: skip
    assert fault["saw"] == 'saw "140010" (3 rows), not in the register'
    assert 'Same name and postcode as 100001: add "100001,140010"' in fault["action"]
    assert where(one)[0] == ("", "north", "area") and len(one["review"]) == 3
    # Of the same name only: another school where the postcode says so, or perhaps the same where nobody does.
    assert made(("140010", "Oak Primary School", "north", "ZZ9 9ZZ"))["faults"]["id"].tolist() == ["LNK-08"]
    assert "Same name as 100001" in made(("140010", "Oak Primary School", "", ""))["faults"]["action"].item()
    # A slip in the key is no other key, and a school of another name is outside.
    assert made(("100007", "Oak Primary School", "north", "NV1 1AA"))["faults"]["id"].tolist() == ["LNK-08"]
    assert made(("140010", "Birch School", "north", "NV1 1AA"))["faults"]["severity"].tolist() == ["REJECT"]


@pytest.fixture
def stated(registers, responses):
    """Places responses that state a postcode, as the register does."""

    def run(*rows):
        names = ("organisation_said", "organisation_name_said", "area_said", "school_postcode")
        cleaned = responses([dict(zip(names, row, strict=True)) for row in rows])
        return place_respondents([cleaned], **registers, instruments=INSTRUMENTS, roles=ROLES,
                                 patterns={"school": r"1\d{5}"}, typed_names=[],
                                 said={"x": {"organisation": "URN"}})  # fmt: skip

    registers["organisations"]["postcode"] = ["NV1 1AA", "NV1 2BB", "SV3 3CC", ""]
    return run


OAK = ("Oak Primary School", "north", "NV1 1AA")


@pytest.mark.fault("REG-05")
@pytest.mark.parametrize(("listed", "said"), [("100010", "140010"), ("140010", "100010"), ("100002", "100009")])
def test_the_older_key_of_two_stands_first_though_they_are_a_digit_apart(stated, registers, listed, said):
    registers["organisations"].loc[0:1, "organisation"] = [listed, "100777"]
    (fault,) = stated(*[(said, *OAK)] * 2, ("100777", "", "", ""))["faults"].to_dict("records")
    assert (fault["id"], fault["row"], fault["count"]) == ("REG-05", 2, 2)
    assert f'add "{min(listed, said)},{max(listed, said)}" (older key first)' in fault["action"]
    # once, or beside the key of the register in the same delivery, it is a slip
    assert stated((said, *OAK))["faults"]["id"].tolist() == ["LNK-08"]
    assert stated(*[(said, *OAK)] * 2, (listed, *OAK))["faults"]["id"].tolist() == ["LNK-08"] * 2


@pytest.mark.fault("REG-05")
def test_who_gives_the_other_key_without_the_name_is_not_outside(stated):
    made = stated(
        ("140011", "", "north", ""), ("140011", *OAK), ("140011", "Oak Primary", "", ""), ("199999", "", "", "")
    )
    assert made["faults"][["id", "severity", "row", "count"]].to_numpy().tolist() == [
        ["REG-05", "WARN", 2, 3], ["LNK-08", "REJECT", 5, 1]
    ]  # fmt: skip
    assert made["review"]["candidate"].tolist() == ["100001"] * 3 and where(made)[0] == ("", "north", "area")


@pytest.mark.fault("REG-05")
@pytest.mark.parametrize(("others", "told"), [(1, "REG-05"), (2, "LNK-08")])
def test_the_postcode_that_most_state_tells(stated, others, told):
    rows = [("140011", *OAK[:2], "ZZ9 9ZZ")] * others + [("140011", *OAK)]
    assert set(stated(*rows)["faults"]["id"]) == {told}
    assert set(stated(*rows[::-1])["faults"]["id"]) == {told}


@pytest.mark.fault("LNK-08")
@pytest.mark.parametrize("key", ["'100001", '="100001"'])
def test_a_key_marked_as_text_for_a_spreadsheet(place, key):
    made = place((key, "", "north"))
    assert where(made) == [("100001", "north", "key")]
    assert made["faults"][["id", "severity", "column"]].to_numpy().tolist() == [["REG-08", "FIX", "URN"]]


@pytest.mark.fault("LNK-08")
def test_a_key_among_other_words_is_a_candidate(place):
    made = place(("URN 100001", "", "north"), ("100002/100001;", "", ""), ("1000\u200b01", "", ""), ("100 1", "", ""))
    assert where(made)[2] == ("100001", "north", "key")
    assert made["faults"][["id", "severity", "row"]].to_numpy().tolist() == [["LNK-08", "WARN", n] for n in (2, 3, 5)]
    assert made["review"][["_row", "candidate"]].to_numpy().tolist() == [[2, "100001"], [3, "100001"], [3, "100002"]]


@pytest.mark.fault("LNK-09")
@pytest.mark.parametrize("name", ["100002", "Oak Primary School (100002)", "Saint Anns Schol urn:100002"])
def test_a_key_in_the_column_of_the_name_waits_for_a_person(place, name):
    made = place(("", name, "North Vale"))
    assert where(made) == [("", "north", "area")] and made["review"]["candidate"].tolist() == ["100002"]
    assert made["faults"][["id", "severity", "column"]].to_numpy().tolist() == [["LNK-09", "WARN", "organisation_name"]]


@pytest.mark.fault("LNK-09")
@pytest.mark.parametrize(
    ("listed", "said", "severity"),
    [("Kingsbrook", "Kingsbrool", "FIX"), ("Kingsbury", "Kingsburx", "WARN"), ("Kingsbury", "KINGSBURY.", "")],
)
def test_a_name_is_accepted_from_ninety_in_a_hundred_on(place, registers, listed, said, severity):
    registers["organisations"].loc[0, "name"] = listed
    made = place(("", said, "North Vale"))
    assert made["faults"]["severity"].tolist() == [severity] * bool(severity)
    assert (where(made)[0][0] == "100001") == (severity != "WARN")


@pytest.mark.fault("LNK-11")
def test_the_register_wins_over_the_stated_area(place):
    made = place(
        ("100500", "", "North Vale"), ("100001", "", "south"), ("100002", "", "north"), ("100002", "", "south")
    )
    assert [area for _, area, _ in where(made)] == ["south", "north", "north", "north"]
    assert made["faults"]["id"].tolist() == ["LNK-11"] * 3
    assert set(made["faults"]["severity"]) == {"WARN"} and set(made["faults"]["column"]) == {"area"}
    assert made["changes"]["rule"].tolist().count("register") == 3


def test_a_team_may_state_any_area_it_serves(place):
    made = place(("T1", "", "South Vale"), instrument="team")
    assert where(made) == [("T1", "north", "key")]
    assert len(made["faults"]) == 0


@pytest.mark.fault("LNK-11")
def test_many_contradictions_stop(place):
    with pytest.raises(StudyFaults) as caught:
        place(*[("100500", "", "North Vale")] * 5)
    assert caught.value.faults[0].id == "LNK-11"


@pytest.mark.fault("LNK-11")
@pytest.mark.parametrize(("wrong", "right", "stops"), [(4, 0, False), (5, 95, False), (6, 94, True), (5, 94, True)])
def test_contradictions_stop_beyond_a_share_and_a_number(place, wrong, right, stops):
    rows = [("100001", "", "north")] * right + [("100001", "", "South Vale")] * wrong + [("100001", "", "")] * 9
    if not stops:
        assert place(*rows)["faults"]["severity"].tolist() == ["WARN"] * wrong
        return
    with pytest.raises(StudyFaults) as caught:
        place(*rows)
    (fault,) = caught.value.faults
    assert (fault.id, fault.row, fault.column, fault.count) == ("LNK-11", right + 2, "area", wrong)


def test_areas_that_the_study_does_not_have_stop_without_showing_them(responses, registers):
    def made(unknown, known):
        said = [f"Ann Hill {place}" for place in range(unknown)] + ["north"] * known
        rows = [{"area_said": area, "role_said": "lead"} for area in said]
        return place_respondents([responses(rows, instrument="other")], **registers, instruments=INSTRUMENTS,
                                 roles=ROLES, patterns={}, typed_names=[], said={"x": {"area": "Region"}})  # fmt: skip

    with pytest.raises(StudyFaults) as caught:
        made(6, 5)
    (fault,) = caught.value.faults
    assert (fault.id, fault.severity, fault.column, fault.row) == ("REG-07", "STOP", "Region", 2)
    assert fault.saw.startswith("6 of 11") and "Ann" not in fault.message
    assert made(5, 5)["faults"]["severity"].tolist().count("WARN") >= 5
    assert made(4, 1)["placed"]["area"].tolist().count("") == 4


@pytest.mark.fault("LNK-16")
def test_roles_that_respondents_state(responses, registers):
    rows = [{"role_said": "School Nurse", "area_said": "north"}, {"role_said": "lead"}, {"role_said": "cook"}]
    made = place_respondents([responses(rows, instrument="other")], **registers, instruments=INSTRUMENTS, roles=ROLES,
                             patterns={}, typed_names=[], said={})  # fmt: skip
    assert made["placed"]["role"].tolist() == ["nurse", "lead", ""]
    assert made["faults"]["id"].tolist() == ["LNK-16"]


@pytest.mark.fault("LNK-16")
def test_roles_in_other_spellings_and_none(responses, registers):
    roles = [" LEAD  contact\u200b", "Lead-contact", "lead; nurse", "", "N/A", "a@b.uk"]
    rows = [{"role_said": role, "area_said": "north"} for role in roles]
    made = place_respondents([responses(rows, instrument="other")], **registers, instruments=INSTRUMENTS, roles=ROLES,
                             patterns={}, typed_names=[], said={"x": {"role": "Job"}})  # fmt: skip
    assert made["placed"]["role"].tolist() == ["lead", "lead", "", "", "", ""]
    assert made["faults"][["id", "row", "column"]].to_numpy().tolist() == [["LNK-16", n, "Job"] for n in (4, 5, 6, 7)]
    assert "a@b.uk" not in str(made["faults"]["saw"].tolist())
    fixed = place_respondents([responses(rows)], **registers, instruments=INSTRUMENTS, roles=ROLES, patterns={},
                              typed_names=[], said={})  # fmt: skip
    assert fixed["faults"].empty and set(fixed["placed"]["role"]) == {"lead"}


def test_a_study_without_registers(responses, registers):
    empty = {name: frame.iloc[:0] if name not in ("areas", "aliases") else frame for name, frame in registers.items()}
    made = place_respondents([responses([{"area_said": "north"}], instrument="other")], **empty,
                             instruments=INSTRUMENTS, roles=ROLES, patterns={}, typed_names=[], said={})  # fmt: skip
    assert where(made) == [("", "north", "area")]


def test_successors_of_a_chain_and_of_a_merger(place, registers):
    registers["predecessors"].loc[1] = ["100300", "100400"]
    registers["predecessors"].loc[2] = ["100001", "100777"]
    made = place(("100300",), ("100777",), ("100001",))
    assert [key for key, _, _ in where(made)] == ["100500", "100001", "100001"]


@pytest.mark.fault("LNK-22")
def test_a_key_beside_the_name_of_another_organisation(place):
    made = place(
        ("100001", "Saint Anns", "north"), ("100001", "Oak Primary School", "north"), ("100001", "Elsewhere", "")
    )
    assert [key for key, _, _ in where(made)] == ["100001"] * 3
    (fault,) = made["faults"].to_dict("records")
    assert (fault["id"], fault["severity"], fault["row"], fault["column"]) == ("LNK-22", "WARN", 2, "URN")
    assert "100001" in fault["saw"] and "100002" in fault["saw"]


@pytest.mark.fault("LNK-22")
def test_a_column_of_keys_that_was_sorted_alone_stops(place):
    with pytest.raises(StudyFaults) as caught:
        place(*[("100001", "Saint Anns", "north")] * 5)
    (fault,) = caught.value.faults
    assert (fault.id, fault.severity, fault.row, fault.column) == ("LNK-22", "STOP", 2, "URN")
