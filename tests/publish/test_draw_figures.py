"""Figures: which ones a study has, what they draw, and the conventions that they keep."""

import re
import sys
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from made import kept_cells, made_areas, made_study

from pilot_eval.publish.draw_figures import draw_figures
from pilot_eval.publish.figures import say, style
from pilot_eval.publish.figures.plan import planned_figures
from pilot_eval.publish.figures.style import ink_on, plain, width, wrap
from pilot_eval.publish.lookup import Lookup

STUDY = made_study()
AREAS = made_areas(["east-end", "northam", "south-bank", "westbury", "midmoor"])
HIDDEN = AREAS.set_index("area").loc["northam", "letter"]
CELLS = kept_cells(STUDY, AREAS, ("northam",))
PLAN = planned_figures(STUDY)


@pytest.fixture(scope="module")
def drawn():
    results = draw_figures(CELLS, PLAN, STUDY)
    assert set(results.pop("kept")["places"]) == {"0"}
    return {planned["name"]: {key: values[at] for key, values in results.items()} for at, planned in enumerate(PLAN)}


def test_the_study_alone_says_which_figures_there_are():
    assert [planned["name"] for planned in PLAN] == [
        "flow", "response", "change_overall", "means", "slopes", "change_by_area_calm", "answers_calm",
        "ratings_walks", "challenge", "missing_items",
    ]  # fmt: skip
    two_roles = {**STUDY, "roles": STUDY["roles"] * 2, "perceptions": [{"id": "both"}], "evidence": []}
    names = [planned["name"] for planned in planned_figures(two_roles)]
    assert "change_by_role" in names and "two_sides" in names and "ratings_walks" not in names


def test_same_cells_same_bytes(drawn):
    again = draw_figures(CELLS, PLAN, STUDY)
    assert again["png"] == [figure["png"] for figure in drawn.values()]
    assert again["svg"] == [figure["svg"] for figure in drawn.values()]


def test_svg_is_valid_with_text_as_text_large_enough(drawn):
    for name, figure in drawn.items():
        root = ElementTree.fromstring(figure["svg"])
        assert root.get("role") == "img" and root.get("aria-label") == figure["words"]["alt"]
        assert "<text" in figure["svg"], name
        sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", figure["svg"])]
        assert sizes and min(sizes) >= 12, name
        assert "dc:date" not in figure["svg"] and "Synthetic data" in figure["svg"]


def test_ids_are_unique_over_all_figures_of_a_page(drawn):
    found = [identity for figure in drawn.values() for identity in re.findall(r' id="([^"]+)"', figure["svg"])]
    assert len(found) == len(set(found))
    for name, figure in drawn.items():
        used = re.findall(r'(?:url\(#|xlink:href="#)([^)"]+)', figure["svg"])
        assert set(used) <= set(found) and all(one.startswith(name) for one in used)


def test_only_colours_of_the_palette(drawn):
    for name, figure in drawn.items():
        assert {colour.upper() for colour in re.findall(r"#[0-9a-fA-F]{6}\b", figure["svg"])} <= style.COLOURS, name


def test_png_says_what_it_is_and_nothing_of_the_machine(drawn):
    for figure in drawn.values():
        assert figure["png"].startswith(b"\x89PNG") and b"Synthetic data" in figure["png"]
        assert b"matplotlib" not in figure["png"].lower()


def test_changes_have_a_labelled_zero_line(drawn):
    for name in ("change_overall", "change_by_area_calm", "challenge"):
        assert "No change" in drawn[name]["svg"]


def test_data_are_published_cells_and_no_other(drawn):
    lookup = Lookup(CELLS)
    for name, figure in drawn.items():
        data = figure["data"]
        assert len(data) or name == "missing_items", name  # whose cells test_missing_figure.py makes
        assert not (data == "").any(axis=None) and not data.isna().any(axis=None)
        for record in data.to_dict("records"):
            cell = lookup[record["id"]]
            assert record["shown"] == cell.shown and float(record["value"]) == pytest.approx(cell.value)


def test_a_confidential_area_is_not_drawn_and_the_note_says_so(drawn):
    figure = drawn["change_by_area_calm"]
    assert f"District {HIDDEN}<" not in figure["svg"]
    assert f"District {HIDDEN}" in figure["words"]["note"] and "[c]" in figure["words"]["note"]
    assert f"District {HIDDEN}" not in set(figure["data"]["area"])


def test_words_name_highest_lowest_and_overall_from_the_numbers_drawn(drawn):
    words, data = drawn["change_by_area_calm"]["words"], drawn["change_by_area_calm"]["data"]
    own = data[(data["column"] == "estimate") & data["area"].str.match("District .$")]
    values = own["value"].astype(float)
    top, least = own.loc[values.idxmax()], own.loc[values.idxmin()]
    text = words["description"]
    assert f"highest change is {minus(top['shown'])} ({top['area']})" in text
    assert f"lowest {minus(least['shown'])} ({least['area']})" in text
    whole = Lookup(CELLS).change("calm")
    assert f"All districts: {whole.shown('estimate')}" in text
    assert words["alt"] and len(words["alt"]) < len(words["description"])


def test_every_number_in_the_words_was_drawn(drawn):
    for name in ("change_overall", "means", "challenge", "slopes"):
        words, data = drawn[name]["words"], drawn[name]["data"]
        numbers = re.findall(r"−?\d+\.\d+", words["title"] + words["description"])
        assert numbers and set(numbers) <= {minus(shown) for shown in data["shown"]}, name


def minus(shown):
    return shown.replace("-", "−")


def test_headlines_stand_in_words_not_in_the_picture(drawn):
    for figure in drawn.values():
        assert figure["words"]["title"] and figure["words"]["subtitle"].endswith("Synthetic data.")
        assert f">{figure['words']['title']}</text>" not in figure["svg"]


def test_dollars_and_angles_are_plain_text(drawn):
    assert "Speed &amp; $care$" in drawn["change_overall"]["svg"]
    assert "&lt;noisy&gt;" in drawn["answers_calm"]["svg"]


def test_questions_that_count_the_other_way_say_so(drawn):
    assert "counts the other way" in drawn["answers_calm"]["svg"].replace("\n", " ")


def test_three_waves_are_three_marks(drawn):
    for wave in STUDY["waves"]:
        assert f">{wave['label']}<" in drawn["slopes"]["svg"].replace("> ", ">").replace(" <", "<")


def test_extremes_are_said_of_something():
    known, none = ("A", SimpleNamespace(known=True, value=1.0, text="1.00")), ("B", SimpleNamespace(known=False))
    assert say.extremes([none]) == "No number can be shown."
    assert say.extremes([none], " share at Spring") == "No share at Spring can be shown."
    assert say.extremes([known, none], " share at Spring") == "The only share at Spring is 1.00 (A)."


def test_highest_and_lowest_name_what_they_are_of(drawn):
    found = [re.findall(r"The (?:highest|only) (\w+)", figure["words"]["description"]) for figure in drawn.values()]
    assert {word for words in found for word in words} & {"at", "is"} == set()


def test_nothing_to_show_is_a_figure_that_says_so():
    hidden = CELLS.assign(value=float("nan"), shown="[c]", status="c")
    results = draw_figures(hidden, PLAN, STUDY)
    for planned, words, data, svg in zip(PLAN, results["words"], results["data"], results["svg"], strict=True):
        if planned["kind"] != "flow":
            assert "nothing can be shown" in words["title"] and len(data) == 0
            assert "nothing" in svg


def test_a_study_without_cells_still_has_its_figures():
    results = draw_figures(CELLS.iloc[:0], PLAN, STUDY)
    assert len(results["svg"]) == len(PLAN) and all("nothing" in words["title"] for words in results["words"])


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=120), st.floats(0.5, 4.0))
def test_wrapped_text_fits_and_keeps_its_letters(text, inches):
    lines = wrap(text, inches, 400)
    assert all(width(line) <= inches for line in lines)
    assert "".join("".join(lines).split()) == "".join(plain(text).split())


def test_long_text_ends_in_an_ellipsis():
    assert len(lines := wrap("word " * 300, 2.0, 3)) == 3 and lines[-1].endswith("…")


def test_ink_can_be_read_on_every_fill():
    assert ink_on("#12436D") == "#FFFFFF" and ink_on("#6BACE6") == style.INK and ink_on("#FFFFFF") == style.INK


def test_between_two_waves_of_the_flow_only_those_leave_who_were_there():
    from pilot_eval.publish.figures.flow import _steps

    rows = list(Lookup(CELLS).rows("flow"))
    before, first, second = (step.exits for step in _steps(rows, "respondents", STUDY["waves"])[:3])
    assert before == []
    assert [text.partition(":")[0] for text in first] == ["Did not respond"]
    assert [text.partition(",")[0] for text in second] == [f"Answered at {STUDY['waves'][0]['id']}"]


def test_organisations_leave_the_flow_too():
    from pilot_eval.publish.figures.flow import _steps

    wave = STUDY["waves"][1]["id"]
    boxes = [SimpleNamespace(group=f"organisations.farm.{wave}.{box}", wave=wave, group_label=box, shown=lambda _: "35")
             for box in ("responded", "followed", "new", "lost")]  # fmt: skip
    step = _steps(boxes, "organisations.farm", STUDY["waves"])[2]
    assert (step.exits, step.there) == (["lost: 35"], ["responded: 35", "followed: 35", "new: 35"])
