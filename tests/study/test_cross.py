import pytest

AREAS = """areas:
  - North Quay
  - Elm Vale
  - {code: osyth, name: St Osyth's Fields, aliases: [Osyth Fields]}
  - Broad & Marsh
  - Tor Hill
"""
S, M, C, D, X = "study.yaml", "models.yaml", "scales.yaml", "codebook/diary.csv", "sources.csv"


@pytest.mark.fault("CFG-30")
@pytest.mark.parametrize(
    ("name", "old", "new", "column", "near"),
    [
        (S, "role: volunteer,", "role: voluntear,", "instruments.0.role", "volunteer"),
        (S, "organisation: allotment}", "organisation: alotment}", "instruments.0.organisation", "allotment"),
        (S, "source: plots", "source: plot", "registers.organisations.0.source", "plots"),
        (S, "{source: renumbered", "{source: renumberd", "registers.predecessors.source", "renumbered"),
        (S, "source: visits", "source: visit", "evidence.0.source", "visits"),
        (X, "diary_spring,survey,diary", "diary_spring,survey,dairy", "instrument", "diary"),
        (X, "survey,diary,winter", "survey,diary,wintr", "wave", "winter"),
        (D, ",summer,,,,printed", ",sumer,,,,printed", "reversed", "summer"),
        (C, "[known, missed", "[knwon, missed", "scales.belonging.items.0", "known"),
        (C, "-alone", "-alon", "scales.belonging.items.3", "alone"),
        (M, "scale: growing", "scale: growings", "outcomes.growing.scale", "growing"),
        (M, "item: hours", "item: hour", "outcomes.hours.item", "hours"),
        (M, "outcomes: [belonging]", "outcomes: [belongings]", "models.soils.outcomes.0", "belonging"),
        (M, "wave * tenure", "wav * tenure", "models.soils.formula", "wave"),
        (M, "+ soil +", "+ soill +", "models.soils.formula", "soil"),
        (M, "item: helped", "item: helpd", "agreements.helped.item", "helped"),
        (M, "wave: winter", "wave: wintre", "agreements.helped.wave", "winter"),
        (M, "[belonging, hours]", "[belonging, hous]", "replications.leaflet.outcomes.1", "hours"),
        (M, "leave_areas_out: [belonging]", "leave_areas_out: [belongng]", "challenges.leave_areas_out.0", "belonging"),
        (M, "challenges:", "challenges:\n  matched: [houers]", "challenges.matched.0", "hours"),
    ],
)
def test_a_misspelt_name_is_found_where_it_stands_with_the_nearest_that_exists(copy, name, old, new, column, near):
    copy.edit(name, old, new)
    (fault,) = [fault for fault in copy.faults() if fault.id == "CFG-30"]
    assert (fault.file, fault.column) == (f"config/{name}", column)
    assert fault.action == f'Did you mean "{near}"?'
    assert fault.row == copy.line(name, new.rpartition("\n")[2])


@pytest.mark.fault(
    "CFG-31", "CFG-32", "CFG-33", "CFG-34", "CFG-35", "CFG-36",
    "CFG-37", "CFG-38", "CFG-39", "CFG-40", "CFG-41", "CFG-42",
)  # fmt: skip
@pytest.mark.parametrize(
    ("kind", "name", "old", "new", "column"),
    [
        # study.yaml against itself
        ("CFG-22", S, "{id: summer", "{id: spring", "waves.1.id"),
        ("CFG-22", S, "roles:\n", "roles:\n  - {id: volunteer, label: Twin}\n", "roles.1.id"),
        ("CFG-31", S, "end: 2021-04-30", "end: 2021-02-28", "waves.0.end"),
        ("CFG-31", S, "months: 0}", "months: 1}", "waves.0.months"),
        ("CFG-31", S, "months: 4}", "months: 0}", "waves.1.months"),
        ("CFG-31", S, "start: 2021-07-01", "start: 2021-02-01", "waves.1.start"),
        ("CFG-32", S, "- Elm Vale", "- Elm Vale\n  - ELM vale", "areas.2"),
        ("CFG-32", S, "aliases: [Osyth Fields]", "aliases: [TOR  HILL]", "areas.4"),
        ("CFG-32", S, "code: osyth", "code: con", "areas.2"),
        ("CFG-36", S, "{0: Absent, 1: Begun", "{1: Begun, 0: Absent", "evidence.0.levels"),
        ("CFG-36", S, "2: Seldom", "2: never", "label_sets.often.1"),
        ("CFG-38", S, "    occasion: round\n", "", "evidence.0.occasions"),
        ("LNK-15", S, "synthetic: true", "synthetic: false", "secret"),
        # sources.csv
        ("CFG-04", X, "data/raw/plots.csv", "data/raw/plot.csv", "path"),
        ("CFG-33", X, "data/raw/plots.csv", "data/raw/../raw/plots.csv", "path"),
        ("CFG-33", X, "data/raw/plots.csv", "/etc/passwd", "path"),
        ("CFG-33", X, "data/raw/plots.csv", "data/raw//plots.csv", "path"),
        ("CFG-34", X, "plots,register,,,", "plots,register,diary,,", "instrument"),
        ("CFG-34", X, "visits,evidence", "visits,register", "evidence.0.source"),
        ("CFG-35", X, "data/raw/plots.csv", "data/raw/visits.csv", "sha256"),
        ("CFG-11", X, "survey,diary,spring", "survey,,spring", "instrument"),
        ("CFG-38", X, "survey,diary,spring", "survey,diary,", "wave"),
        ("CFG-38", X, 'cp1252,;,","', 'cp1252,",",","', "delimiter"),
        # codebooks
        ("CFG-35", D, "answer,B2,,Bel2", "answer,B1,,Bel2", "name"),
        ("CFG-35", D, "text,area", "text,organisation", "use"),
        ("CFG-35", D, "answer,-,-,Helped", "answer,-,-,-", "name"),
        ("CFG-36", D, "8=dont_know|9=refused,,,,,renamed", "5=dont_know|9=refused,,,,,renamed", "missing"),
        ("CFG-36", D, "-1=dont_know", "1=dont_know", "missing"),
        ("CFG-36", D, "1=Under two|2=Two to nine", "1=Under two|2=under TWO", "labels"),
        ("CFG-36", D, "2=A bit", "7=A bit", "labels.summer"),
        ("CFG-37", D, "0,60", "60,0", "low"),
        ("CFG-37", D, "2021-03-01,2022-03-31", "2022-03-31,2021-03-01", "low"),
        ("CFG-37", D, "date,completed,Day,,,,,,,2021-03-01,2022-03-31", "text,completed,Day,,,,,,,,", "type"),
        ("CFG-37", D, "known,People here know me,likert,answer,B1,,Bel1,@often", "known,People here know me,likert,"
         "answer,B1,,Bel1,", "labels"),
        ("CFG-37", D, "-1=dont_know,,0,60", "-1=dont_know,winter,0,", "reversed"),
        ("CFG-39", D, "tenure,Years", "months,Years", "item"),
        ("CFG-39", D, "tenure,Years", "soil,Years", "item"),
        # scales.yaml
        ("CFG-22", C, "[sow, prune", "[sow, sow", "scales.growing.items.1"),
        ("CFG-37", C, "minimum: 3", "minimum: 5", "scales.belonging.minimum"),
        ("CFG-37", C, "high: 6", "high: 5", "scales.growing.items.0"),
        ("CFG-37", C, "high: 6", "high: 1", "scales.growing.low"),
        ("CFG-37", C, "minimum: 2\n    low: 1", "minimum: 2\n    low: 2", "scales.growing.items.0"),
        ("CFG-39", C, "  growing:", "  hours:", "scales.hours"),
        ("CFG-40", C, "[known, missed", "[tenure, missed", "scales.belonging.items.0"),
        ("CFG-40", C, "[known, missed", "[remarks, missed", "scales.belonging.items.0"),
        # models.yaml
        ("CFG-36", M, "agree: [4, 5]", "agree: [4, 6]", "agreements.helped.agree.1"),
        ("CFG-38", M, "item: hours", "item: hours\n    scale: growing", "outcomes.hours"),
        ("CFG-38", M, "    item: hours\n", "", "outcomes.hours"),
        ("CFG-38", M, "agreements:", "perceptions: {p: {label: P, outcome: hours, because: b}}\nagreements:",
         "perceptions.p"),
        ("CFG-40", M, "item: hours", "item: tenure", "outcomes.hours.item"),
        ("CFG-41", M, "item: hours", "item: helped", "outcomes.hours"),
        ("CFG-41", M, "wave: winter", "wave: spring", "agreements.helped.wave"),
        ("CFG-42", M, "(1 | area) + (1", "(1 | area + (1", "models.soils.formula"),
        ("CFG-42", M, "~ wave + (months | area)", "~ (1 | area)", "models.change.formula"),
        ("CFG-42", M, "wave * tenure", "wave * * tenure", "models.soils.formula"),
    ],
)  # fmt: skip
def test_each_contradiction_is_found_where_it_stands(copy, kind, name, old, new, column):
    copy.edit(name, old, new)
    found = [(fault.id, fault.column) for fault in copy.faults()]
    assert (kind, column) in found
    fault = next(fault for fault in copy.faults() if fault.id == kind)
    assert fault.row is not None
    assert fault.saw and fault.expected and fault.action


def test_a_further_model_may_tell_of_one_wave_alone(copy):
    copy.edit(M, "~ wave * tenure + soil", "~ tenure + soil")
    assert not copy.faults()


def test_a_role_that_nobody_asks_is_no_role_of_an_outcome(copy):
    copy.edit(S, "roles:\n", "roles:\n  - {id: mayor, label: Mayor}\n")
    copy.edit(M, "headline: true", "roles: [volunteer, mayor]")
    assert [(fault.id, fault.column) for fault in copy.faults()] == [("CFG-41", "outcomes.belonging.roles.1")]


def test_an_instrument_says_role_and_place(copy):
    copy.edit(S, "role: volunteer, organisation: allotment}", "organisation: allotment}")
    copy.edit(D, "text,organisation,", "text,attribute,", "text,organisation_name,", "text,attribute,")
    copy.edit(D, "text,area,", "text,attribute,", "borough,Bor", "district,Bor")
    faults = [fault for fault in copy.faults() if fault.id == "CFG-38"]
    assert [fault.expected for fault in faults] == [
        "an item of use role, or role: in study.yaml",
        "an item of use organisation, organisation_name or area",
    ]


def test_where_there_is_one_area_no_item_needs_to_name_it(copy):
    copy.edit(D, "text,organisation,", "text,attribute,", "text,organisation_name,", "text,attribute,")
    copy.edit(D, "text,area,", "text,attribute,", "borough,Bor", "district,Bor")
    assert "CFG-38" in {fault.id for fault in copy.faults()}
    copy.edit(S, AREAS, "areas: [Elm Vale]\n")
    assert "CFG-38" not in {fault.id for fault in copy.faults()}


def test_two_instruments_mean_the_same_by_one_item(copy):
    copy.edit(S, "areas:\n  - North", "  - {id: log, label: Log, role: volunteer}\nareas:\n  - North")
    text = (copy.root / "config" / D).read_text(encoding="utf-8")
    (copy.root / "config/codebook/log.csv").write_text(text, encoding="utf-8")
    assert copy.faults() == ()
    copy.edit("codebook/log.csv", "@able", "@often", "sow,I can sow,ordinal", "sow,I can sow,number")
    assert {(fault.id, fault.file, fault.column) for fault in copy.faults()} == {
        ("CFG-40", "config/codebook/log.csv", "labels"),
        ("CFG-40", "config/codebook/log.csv", "type"),
    }


def test_one_file_may_hold_several_waves_but_not_lie_there_twice(copy):
    text = (copy.root / "config" / X).read_text(encoding="utf-8")
    lines = text.splitlines()
    wide = lines[1].replace("diary_spring,survey,diary,spring", "wide,survey,diary,winter")
    kept = [line for line in lines if not line.startswith("diary_winter")]
    (copy.root / "config" / X).write_text("\n".join([*kept, wide]) + "\n", encoding="utf-8")
    assert copy.faults() == ()
    (copy.root / "data/raw/twin.csv").write_bytes((copy.root / "data/raw/diary_spring.csv").read_bytes())
    copy.edit(X, wide, wide.replace("data/raw/diary_spring.csv", "data/raw/twin.csv"))
    (fault,) = copy.faults()
    assert (fault.id, fault.row) == ("REG-13", 7)
    assert "data/raw/diary_spring.csv" in fault.saw


def test_the_public_key_is_refused_for_real_data_wherever_it_comes_from(copy, monkeypatch):
    copy.edit(S, "synthetic: true", "synthetic: false")
    (copy.root / "config/synthetic.key").write_text("6b1f0c\n", encoding="utf-8")
    assert copy.faults() == ()
    monkeypatch.setenv("MINI_KEY", "public-synthetic-other")
    assert [fault.id for fault in copy.faults()] == ["LNK-15"]


def test_waves_of_unknown_days_are_in_the_order_of_their_months(copy):
    text = (copy.root / "config" / S).read_text(encoding="utf-8")
    for day in ("start: 2021-07-01, end: 2021-08-31, ", "start: 2022-01-05, end: 2022-02-28, "):
        text = text.replace(day, "")
    (copy.root / "config" / S).write_text(text, encoding="utf-8")
    assert copy.faults() == ()
    copy.edit(S, "months: 10", "months: 4")
    assert [(fault.id, fault.column) for fault in copy.faults()] == [("CFG-31", "waves.2.months")]


@pytest.mark.parametrize(
    ("asked", "kind", "near"),
    [("missd = 1", "CFG-30", 'Did you mean "missed"?'), ("helped = 1", "CFG-30", "Move its line up, or correct it"),
     ("missed = 7", "CFG-36", "Correct the code"), ("missed is 1", "CFG-12", "Correct it")],
)  # fmt: skip
def test_what_decides_whether_an_item_is_asked_must_be_known(copy, asked, kind, near):
    copy.edit(D, "unit,note", "unit,note,asked_if")
    text = (copy.root / "config" / D).read_text()
    lines = [line if line.startswith("item,") else f"{line}," for line in text.splitlines()]
    lines = [f"{line}{asked}" if line.startswith("mentor,") else line for line in lines]
    (copy.root / "config" / D).write_text("\n".join(lines) + "\n")
    (fault,) = [fault for fault in copy.faults() if fault.column == "asked_if"]
    assert (fault.id, fault.action) == (kind, near)
    assert fault.row == copy.line(D, "mentor,")
