"""Pages of good practice: what their head says, and what may not stand in them."""

import pytest

from pilot_eval.study import load_study

PAGE = "good_practice/rain_barrels.md"


@pytest.fixture
def copy(copy):
    """The mini study as one that publishes its areas by letter."""
    return copy.edit("study.yaml", "areas_public_as: name", "areas_public_as: letter")


def test_a_page_is_read_and_a_study_may_have_none(copy):
    (page,) = load_study(copy.root).good_practice
    assert (page.name, page.about.title, page.about.area) == ("rain_barrels", "Rain barrels that are shared", "B")
    assert page.about.factors == ("water", "paths")
    assert page.text.startswith("Two neighbours") and "---" not in page.text
    (copy.root / "config" / PAGE).unlink()
    assert load_study(copy.root).good_practice == ()


def test_line_ends_and_byte_order_marks_do_not_count(copy):
    file = copy.root / "config" / PAGE
    (before,) = load_study(copy.root).good_practice
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert load_study(copy.root).good_practice == (before,)


@pytest.mark.parametrize(
    ("kind", "old", "new", "row", "column", "said"),
    [
        ("CFG-11", "title: Rain barrels that are shared\n", "", 2, "title", 'key "title" is missing'),
        ("CFG-11", "factors: [water, paths]\n", "", 2, "factors", 'key "factors" is missing'),
        ("CFG-10", "title:", "titel: x\ntitle:", 2, "titel", 'Did you mean "title"'),
        ("CFG-12", "factors: [water, paths]", "factors: water", 3, "factors", "a list"),
        ("CFG-12", "[water, paths]", "[]", 3, "factors", "at least 1"),
        ("CFG-12", "area: B", "area: Elm", 4, "area", 'saw "Elm"'),
        ("CFG-12", "area: B", "area: F", 4, "area", "the letter of one of 5 areas"),
        ("CFG-30", "paths]", "pahts]", 3, "factors.1", 'Did you mean "paths"'),
        ("CFG-02", "---\ntitle", "title", 1, "", "does not begin with a head"),
        ("CFG-01", "[water, paths]", "[water, paths", 4, "", "valid YAML"),
    ],
)  # fmt: skip
def test_a_fault_of_the_head_is_one_message_with_its_line(copy, kind, old, new, row, column, said):
    (fault,) = copy.edit(PAGE, old, new).faults()
    assert (fault.id, fault.file, fault.row, fault.column) == (kind, f"config/{PAGE}", row, column)
    assert said in fault.message


def test_a_head_without_a_text_is_told(copy):
    file = copy.root / "config" / PAGE
    file.write_text(file.read_text("utf-8").partition("Two neigh")[0], encoding="utf-8")
    (fault,) = copy.faults()
    assert fault.id == "CFG-11" and "no text" in fault.saw


@pytest.mark.fault("CFG-44")
@pytest.mark.parametrize(
    ("new", "row"),
    [
        ("Two neighbours in Elm Vale", 6), ("Two of ELM  VALE’s", 6), ("By Tor Hill' gate two", 6),
        ("In St Osyth's\nFields two", 7), ("In Saint Osyths fields two", 6), ("By Osyth Fields: two", 6),
        ("Two at **Broad and Marsh**", 6),
    ],
)  # fmt: skip
def test_an_area_is_never_named_however_it_is_spelt(copy, new, row):
    (fault,) = copy.edit(PAGE, "Two neighbours", new).faults()
    assert (fault.id, fault.file, fault.row) == ("CFG-44", f"config/{PAGE}", row)
    assert fault.saw.startswith("names the area")


def test_neither_title_nor_name_of_the_file_names_an_area(copy):
    (fault,) = copy.edit(PAGE, "title: Rain", "title: Tor Hill rain").faults()
    assert (fault.id, fault.row) == ("CFG-44", 2)
    copy.edit(PAGE, "Tor Hill", "Hill")
    (copy.root / "config" / PAGE).rename(copy.root / "config/good_practice/barrels_tor-hill.md")
    (fault,) = copy.faults()
    assert fault.id == "CFG-44" and fault.row is None and "in the file's name" in fault.saw


def test_where_areas_are_published_by_name_a_page_may_name_them(copy):
    copy.edit("study.yaml", "areas_public_as: letter", "areas_public_as: name")
    assert copy.edit(PAGE, "Two neighbours", "Two in Elm Vale").faults() == ()


@pytest.mark.fault("CFG-44")
def test_an_address_is_refused_and_not_repeated(copy):
    (fault,) = copy.edit(PAGE, "one* barrel", "one* barrel (ask p.hill@allotment.example)").faults()
    assert (fault.id, fault.row) == ("CFG-44", 6)
    assert "allotment.example" not in fault.message


def test_a_name_of_a_file_that_no_page_can_have_is_told(copy):
    (copy.root / "config" / PAGE).rename(copy.root / "config/good_practice/Rain barrels.md")
    (fault,) = copy.faults()
    assert fault.id == "CFG-12" and "Rename the file" in fault.message


def test_bytes_that_are_no_text_are_told(copy):
    (copy.root / "config" / PAGE).write_bytes(b"---\ntitle: Caf\xe9\n---\nx\n")
    (fault,) = copy.faults()
    assert (fault.id, fault.row) == ("CFG-05", 2)


def test_every_fault_of_every_page_is_told_at_once(copy):
    (copy.root / "config/good_practice/second.md").write_text("x@y.example in Elm Vale", encoding="utf-8")
    copy.edit(PAGE, "water", "watr")
    assert sorted(fault.id for fault in copy.faults()) == ["CFG-02", "CFG-30", "CFG-44", "CFG-44"]
