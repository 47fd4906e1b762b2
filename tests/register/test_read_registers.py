"""Authority tables: keys unique, references resolved, all faults at once."""

import pytest

from pilot_eval.faults import StudyFaults
from pilot_eval.register.contracts import CONTRACTS
from pilot_eval.register.places import letter, letters
from pilot_eval.register.read_registers import read_registers
from pilot_eval.study.load import sha256_of

KEY = b"a key of the tests"


@pytest.fixture
def run(registered, parts):
    areas, registers, texts = parts

    def read(secret=KEY, areas=areas, **changed):
        paths, sources = registered({**texts, **changed})
        found = read_registers(paths, sources, [sha256_of(path) for path in paths], areas, registers, secret)
        for name, table in found.items():
            CONTRACTS[f"read_registers.{name}"].validate(table, lazy=True)
        return found

    return read


@pytest.fixture
def stopped(run):
    def faults(**changed):
        with pytest.raises(StudyFaults) as caught:
            run(**changed)
        return [(f.id, f.row, f.column) for f in caught.value.faults if f.severity == "STOP"], str(caught.value)

    return faults


def test_clean_registers_have_no_faults(run):
    found = run()
    assert found["faults"].empty
    organisations = found["organisations"]
    assert organisations.columns.tolist() == ["organisation", "kind", "name", "area", "soil"]
    assert organisations.values.tolist() == [
        ["00001", "plot", "Lane End", "elm", "clay"],
        ["00002", "plot", "Old Yard", "tor", "loam"],
        ["T1", "team", "First", "tor", ""],
    ]
    assert found["groups"].values.tolist() == [["G1", "Group", "elm"]]
    assert found["links"].values.tolist() == [["00001", "T1", "plot", "team"], ["00002", "T1", "plot", "team"]]
    assert found["predecessors"].values.tolist() == [["00002", "90002"], ["90001", "00001"]]
    assert found["aliases"].values.tolist() == [
        ["elm", "elm"], ["elm vale", "elm"], ["the tor", "tor"], ["tor", "tor"], ["tor hill", "tor"],
    ]  # fmt: skip


def test_a_study_may_have_no_registers(parts):
    none = {"organisations": [], "groups": None, "links": None, "predecessors": None}
    found = read_registers([], [], [], parts[0], none, KEY)
    assert len(found["areas"]) == 2
    for name in ("organisations", "groups", "links", "predecessors"):
        assert found[name].empty
        CONTRACTS[f"read_registers.{name}"].validate(found[name])


def test_letters_depend_on_the_key_only():
    codes = [f"a{number}" for number in range(30)]
    found = letters(codes, KEY)
    assert found == letters(codes[::-1], KEY)
    assert found != letters(codes, b"another")
    assert sorted(place for _, place in found.values()) == list(range(1, 31))
    assert {said for said, _ in found.values()} >= {"A", "Z", "AA", "AD"}
    assert [letter(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


@pytest.mark.fault("REG-04")
def test_a_key_twice_names_both_rows_and_areas(stopped):
    plots = "ref,title,place,soil\n00001,One,Elm Vale,x\n00002,Two,tor,x\n00001,Three,Tor Hill,x\n"
    found, said = stopped(plots=plots)
    assert found == [("REG-04", 4, "ref")]
    assert '"00001" stands in row 2 too (areas "elm" and "tor")' in said


def test_a_key_of_two_kinds_stops(stopped, parts):
    parts[1]["organisations"][1]["pattern"] = r"\w+"
    assert ("REG-04", 2, "code") in stopped(teams="code,title,place\n00001,First,tor\n")[0]


@pytest.mark.fault("REG-08")
@pytest.mark.parametrize("spelling", ["ELM VALE", " elm  vale", "Elm-Vale", "Elm\u00a0Vale"])
def test_spellings_that_mean_nothing_are_mended_and_told(run, spelling):
    found = run(groups=f"code,title,place\nG1,Group,{spelling}\n")
    assert found["groups"]["area"].tolist() == ["elm"]
    assert found["faults"]["id"].tolist() == ([] if spelling == " elm  vale".strip() else ["REG-08"])


@pytest.mark.fault("REG-07")
def test_a_misspelt_area_stops_with_the_nearest(stopped):
    found, said = stopped(groups="code,title,place\nG1,Group,Elm Vail\n")
    assert found == [("REG-07", 2, "place")]
    assert 'nearest "Elm Vale" (' in said


@pytest.mark.fault("REG-01", "REG-02", "REG-03")
def test_what_spreadsheets_do_to_keys(run, stopped):
    mended = run(plots="ref,title,place,soil\n10001.0,One,elm,x\n00002,Two,tor,x\n", links="plot,team\n10001,T1\n",
                 renamed="was,now\n90001,10001\n")  # fmt: skip
    assert mended["organisations"]["organisation"].tolist()[0] == "10001"
    assert mended["faults"]["id"].tolist() == ["REG-03"]
    found, _ = stopped(plots="ref,title,place,soil\n1.00E+05,One,elm,x\n123,Two,tor,x\n")
    assert {("REG-02", 2, "ref"), ("REG-01", 3, "ref")} <= set(found)


@pytest.mark.fault("REG-05")
@pytest.mark.parametrize(
    ("renamed", "said"),
    [
        ("was,now\n90001,00001\n90001,00002\n", 'became "00001" in row 2 and "00002" here'),
        ("was,now\n00001,90001\n90001,00001\n", "comes back to itself"),
        ("was,now\n90001,90002\n", "no register has either"),
        ("was,now\n90001,\n00001,90009\n", "an empty cell"),
    ],
)
def test_changes_of_key_that_cannot_be(stopped, renamed, said):
    found, message = stopped(renamed=renamed)
    assert {fault for fault, _, _ in found} == {"REG-05"}
    assert said in message


@pytest.mark.fault("REG-06")
def test_chains_and_mergers(run):
    found = run(renamed="was,now\n90001,90002\n90002,00001\n90003,00002\n90004,00002\n", links="plot,team\n90001,T1\n")
    assert found["links"]["left"].tolist() == ["00001"]
    assert found["faults"][["id", "severity", "row", "column"]].values.tolist() == [["REG-06", "WARN", 5, "now"]]


@pytest.mark.fault("REG-06")
@pytest.mark.parametrize(
    ("merge", "severity", "said"),
    [("", "WARN", "not comparable"), ("pool", "OK", "2 baselines; pooled"), ("exclude", "OK", "no change of its own")],
)
def test_the_study_says_what_becomes_of_a_merger(run, parts, merge, severity, said):
    parts[1]["predecessors"]["merge"] = merge
    found = run(renamed="was,now\n90003,00002\n90004,00002\n")
    (fault,) = found["faults"].to_dict("records")
    assert (fault["id"], fault["severity"]) == ("REG-06", severity) and said in fault["saw"]
    assert ("Set merge" in fault["action"]) is (merge == "")


@pytest.mark.fault("REG-18")
def test_links_to_nothing_or_to_the_wrong_kind_stop(stopped):
    found, said = stopped(links="plot,team\n00009,T1\n00001,00002\n")
    assert found == [("REG-18", 2, "plot"), ("REG-18", 3, "team")]
    assert "which is a plot" in said


@pytest.mark.fault("REG-04")
def test_a_link_stands_once(run):
    found = run(links="plot,team\n00001,T1\n00001,T1\n")
    assert len(found["links"]) == 1
    assert found["faults"][["id", "severity", "row"]].values.tolist() == [["REG-04", "FIX", 3]]


@pytest.mark.fault("REG-16", "REG-17")
def test_faults_of_all_registers_at_once(stopped):
    found, _ = stopped(plots="ref,title,soil\n00001,One,x\n", teams="code,title,place\nT1,,nowhere\n", links="")
    assert {fault for fault, _, _ in found} == {"REG-16", "REG-17", "REG-07", "ING-22"}


@pytest.mark.fault("REG-09", "REG-10")
@pytest.mark.parametrize(("name", "fault"), [("../../x", "REG-10"), ("/etc/x", "REG-10"), ("Elm/Vale", "REG-09")])
def test_names_of_areas_that_collide_or_mislead(stopped, parts, name, fault):
    areas = [*parts[0], {"code": "new", "name": name, "aliases": []}]
    assert fault in {found for found, _, _ in stopped(areas=areas)[0]}


def test_references_to_a_register_that_cannot_be_read_are_not_reported(stopped):
    assert [fault for fault, _, _ in stopped(plots="ref,title\n1,x\n")[0]] == ["REG-16"] * 2


@pytest.mark.fault("REG-16")
def test_a_register_with_rejected_rows_is_no_register(stopped):
    assert ("REG-16", 3, "") in stopped(groups="code,title,place\nG1,Group,elm\nG2\nG3,Group,elm\n")[0]


@pytest.mark.fault("ING-11")
def test_a_total_below_a_register_is_no_record_of_it(run):
    found = run(plots="ref,title,place,soil\n00001,Lane End,Elm Vale,clay\n00002,Old Yard,tor,loam\nTotal,2,,\n")
    assert found["organisations"]["organisation"].tolist()[:2] == ["00001", "00002"]
    assert found["faults"][["id", "severity", "row"]].values.tolist() == [["ING-11", "REJECT", 4]]


@pytest.mark.fault("REG-11")
def test_a_team_of_several_areas_needs_a_home(run, stopped):
    found = run(teams="code,title,place\nT1,First,\n")
    assert found["faults"][["id", "severity", "row", "column"]].values.tolist() == [["REG-11", "WARN", 2, "place"]]
    assert "serves 2 areas (elm, tor)" in found["faults"]["saw"].iloc[0]
    assert found["organisations"].set_index("organisation").loc["T1", "area"] == ""
    one = stopped(teams="code,title,place\nT1,First,\n", links="plot,team\n00001,T1\n")
    assert one[0] == [("REG-07", 2, "place")]


@pytest.mark.fault("REG-01", "REG-03")
def test_keys_of_links_get_their_zeros_back_where_one_key_fits(run, stopped):
    found = run(links="plot,team\n1,T1\n2.0,T1\n")
    assert found["links"]["left"].tolist() == ["00001", "00002"]
    assert found["faults"][["id", "severity", "row", "count"]].values.tolist() == [
        ["REG-01", "FIX", 2, 2], ["REG-03", "FIX", 3, 1],
    ]  # fmt: skip
    plots = "ref,title,place,soil\n00001,Lane End,elm,x\n00002,Old Yard,tor,x\n"
    assert stopped(plots=plots, links="plot,team\n3,T1\n")[0] == [("REG-18", 2, "plot")]


def test_a_register_of_the_whole_country_gives_the_studys_part(run, parts):
    parts[1]["organisations"][0]["elsewhere"] = "leave_out"
    plots = (
        "ref,title,place,soil\n00001,Lane End,elm,x\n00002,Old Yard,tor,x\n1.00E+05,Far,Leeds,x\n9,Near,Elm Vail,x\n"
    )
    found = run(plots=plots)
    assert found["organisations"]["organisation"].tolist() == ["00001", "00002", "T1"]
    assert found["faults"][["id", "severity", "row"]].fillna(0).values.tolist() == [
        ["REG-07", "WARN", 5], ["REG-07", "OK", 0],
    ]  # fmt: skip


@pytest.mark.fault("REG-08")
def test_words_that_look_alike_are_one_level(run):
    plots = "ref,title,place,soil\n00001,One,elm,clay\n00002,Two,tor,Clay\u200b\n00003,Three\u00a0B,tor,clay\n"
    found = run(plots=plots)
    assert found["organisations"]["soil"].tolist()[:3] == ["clay"] * 3
    assert found["organisations"]["name"].tolist()[2] == "Three B"
    told = found["faults"][["id", "severity", "row", "column", "count"]].values.tolist()
    assert sorted(map(tuple, told), key=str) == [
        ("REG-08", "FIX", 3, "soil", 1), ("REG-08", "FIX", 3, "soil", 1), ("REG-08", "FIX", 4, "title", 1),
    ]  # fmt: skip


@pytest.mark.fault("REG-08")
def test_a_key_with_what_cannot_be_seen_is_the_key(run):
    found = run(renamed="was,now\n90001\u200b,00001\n00002,90002\n")
    assert found["predecessors"]["old"].tolist() == ["00002", "90001"]
    assert found["faults"][["id", "row", "column"]].values.tolist() == [["REG-08", 2, "was"]]
