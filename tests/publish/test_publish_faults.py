"""Labels that harm those who open what is published: the smallest study with them, and every kind of output."""

import io
import re
import sys
import warnings
from pathlib import Path

import openpyxl
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from made import made_areas, made_cells, made_study
from pages import Page, asset, conventions

from pilot_eval.files import as_bytes
from pilot_eval.publish.build_workbook import build_workbook
from pilot_eval.publish.draw_figures import LACKING, draw_figures
from pilot_eval.publish.figures.plan import planned_figures
from pilot_eval.publish.html_tables import html_table
from pilot_eval.publish.lookup import Lookup
from pilot_eval.publish.page import allowed
from pilot_eval.publish.write_packs import write_packs
from pilot_eval.publish.write_report import write_report
from pilot_eval.publish.write_tables import write_tables
from pilot_eval.spreadsheet import formula, plain, plain_column
from pilot_eval.study.model import area_code

FORMULAS = ["=cmd|' /C calc'!A0", "@SUM(1)", "+1", "-1", "\t=1+1", "\r=1+1", "\n=2", " =1+1", "\uff1d1+1"]
MARKUP = '<script>alert(1)</script>"><img src=x onerror=y>'
TABLES = ["change_overall", "change_by_area", "response_by_area", "means", "items"]


def study_with(label, unit="points"):
    """A small study in which this label stands everywhere: areas, questions, answers, waves, outcomes, titles."""
    study = made_study(waves=2, roles=2)
    for kind in ("waves", "roles", "instruments", "outcomes", "scales", "questions", "evidence", "models"):
        study[kind] = [{**one, "label": f"{label} {at}"} for at, one in enumerate(study[kind])]
    study["questions"] = [
        {**one, "labels": [[code, f"{label} {code}"] for code, _ in one["labels"]]} for one in study["questions"]
    ]
    study["outcomes"] = [{**one, "unit": unit} for one in study["outcomes"]]
    return {**study, "title": label, "organisation": label, "background": [label], "areas_public_as": "name"}


def areas_with(label):
    areas = made_areas(["east-end", "northam", "south-bank"])
    return areas.assign(name=[f"{label} {at}" for at in range(3)])


def cells_of(study, areas):
    cells = made_cells(study, areas)
    names = dict(zip(areas["letter"], areas["name"], strict=True))
    return cells.assign(area_label=[names.get(letter, "") for letter in cells["area_letter"]])


def wording_of(study):
    keys = ("title", "short_title", "geography", "period", "organisation", "synthetic", "release", "words",
            "areas_public_as")  # fmt: skip
    return {
        **{key: study[key] for key in keys},
        **{kind: {one["id"]: one["label"] for one in study[kind]} for kind in ("waves", "roles", "scales", "models")},
        "outcomes": {one["id"]: {"label": one["label"], "unit": one["unit"]} for one in study["outcomes"]},
        "names": {}, "final": False,
        "limits": {"min_respondents": 5, "min_organisations": 1, "round_counts_to": 5, "multiplicity": "Holm"},
    }  # fmt: skip


def text_cells(content):
    """Cells of a CSV file, as a spreadsheet program reads them."""
    import csv

    return [cell for row in csv.reader(io.StringIO(content.decode("utf-8"), newline="")) for cell in row]


@pytest.mark.fault("PUB-01")
@pytest.mark.parametrize("label", FORMULAS)
def test_no_label_is_a_formula_in_csv_or_workbook(label):
    study = study_with(label, unit=label)
    cells = cells_of(study, areas_with(label))
    made = write_tables(cells, TABLES, wording_of(study))
    for frame in made["tables"]:
        numbers = set(frame["value"]) | set(frame["shown"])
        found = [cell for cell in text_cells(as_bytes(".csv", frame)) if formula(cell)]
        assert set(found) <= numbers and all(re.fullmatch(r"-[\d.,]+", cell) for cell in found)
        assert any(value.startswith("-") for value in made["tables"][1]["value"]), "negative numbers stay numbers"
    faults = made["faults"]
    assert {("PUB-01", "FIX")} == set(zip(faults["id"], faults["severity"], strict=True))
    first = faults.loc[(faults["file"] == "results/tables/change_by_area.csv") & (faults["column"] == "area")].iloc[0]
    assert first["row"] == 2 and first["count"] == len(made["tables"][1])


@pytest.mark.fault("PUB-01")
def test_the_workbook_has_no_formula():
    study = study_with("=cmd|' /C calc'!A0", unit="=1+1")
    book = build_workbook(cells_of(study, areas_with("=1+1")), TABLES, wording_of(study))["workbook"]
    types = {}
    for sheet in openpyxl.load_workbook(io.BytesIO(book)):
        for row in sheet:
            for cell in row:
                types.setdefault(cell.data_type, []).append(cell.value)
    assert "f" not in types
    assert any(str(value).startswith("'=1+1") for value in types["s"]) and any(
        value < 0 for value in types["n"] if value
    )


def test_ordinary_labels_are_no_fault_and_stay_as_they_are():
    study = study_with("Trust & joint-working (a - b)")
    made = write_tables(cells_of(study, areas_with("St Mary's")), TABLES, wording_of(study))
    assert made["faults"].empty
    assert not any(value.startswith("'") for frame in made["tables"] for value in frame["outcome_label"])
    assert plain_column(["-1.5", "", "<0.001"]) == ["-1.5", "", "<0.001"] and plain("a=b") == "a=b"


def outputs(label, unit="points"):
    """Every figure and page of a study that has this label everywhere."""
    study = study_with(label, unit)
    areas = areas_with(label)
    cells = cells_of(study, areas)
    plan = planned_figures(study)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        drawn = draw_figures(cells, plan, study)
    fits = [{"status": "refused", "reason": label}] * len(study["fits"])
    frame = (asset("base.html.jinja"), asset("report.html.jinja"), asset("style.css"), asset("report.js"))
    said_of = (drawn["svg"], drawn["words"], fits)
    report = write_report(cells, *said_of, *frame, plan, [], [], study, wording_of(study))["report"]
    packs = (asset("base.html.jinja"), asset("pack.html.jinja"), asset("style.css"), areas["area"].tolist(), [], study)
    return drawn, [report, *write_packs(cells, areas, *packs)["packs"]], [str(one.message) for one in said]


@pytest.mark.fault("PUB-02")
def test_markup_is_plain_text_in_pages_pictures_and_their_words():
    drawn, pages, _ = outputs(MARKUP)
    for html in pages:
        assert conventions(html) == []
        page = Page(html)
        assert "<script>alert" not in html.lower() and not [one for one in page.all("img") if "onerror" in one]
        own = [allowed(asset("report.js"))] if page.all("script") else []
        assert html.count("<script") == len(own) and all(f"<script>{one.text}</script>" in html for one in own)
        policy = [one["content"] for one in page.all("meta") if one.get("http-equiv") == "Content-Security-Policy"]
        strict = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        assert policy == [strict + "".join(f"; script-src {one.source}" for one in own)]
    for picture in drawn["svg"]:
        assert "<script" not in picture and "<img" not in picture
    assert any("&lt;script&gt;" in picture for picture in drawn["svg"])
    assert MARKUP in Page(pages[0]).text


@pytest.mark.fault("PUB-03")
@pytest.mark.parametrize("label", ["Area: North/East [1]?*", "x" * 60, "'", "History"])
def test_sheets_are_named_by_code(label):
    study = study_with(label)
    book = build_workbook(cells_of(study, areas_with(label)), TABLES, wording_of(study))["workbook"]
    names = openpyxl.load_workbook(io.BytesIO(book)).sheetnames
    assert names == ["Cover_sheet", "Contents", "Notes", *(f"Table_{at}" for at in range(1, len(TABLES) + 1))]


@pytest.mark.fault("PUB-04")
@pytest.mark.parametrize("name", ["é" * 200, "Area: North/East", "../../etc/x", "a" * 300, "Ŵrexham"])
def test_file_names_are_short_codes(name):
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", area_code(name))


@pytest.mark.fault("PUB-05", "PUB-06")
@pytest.mark.parametrize("label", [r"$5 & 10% _x_ \frac{1} **b** `c` #1 {a} $", "Ŵrexham Łódź Åse €"])
def test_signs_of_other_notations_and_accents_are_drawn_as_they_are(label):
    drawn, pages, said = outputs(label, unit=label)
    assert [text for text in said if "lyph" in text] == []
    assert not any(LACKING in words["note"] for words in drawn["words"])
    spoken = " ".join(re.sub(r"\s+", " ", Page(html).text) for html in pages)
    assert label in spoken
    drawn_text = re.sub(r"<[^>]*>", "", " ".join(drawn["svg"]))
    assert label.split()[0].replace("&", "&amp;") in drawn_text


@pytest.mark.fault("PUB-06")
@pytest.mark.parametrize("label", ["学校", "Café 🏫"])
def test_the_workbook_has_labels_in_any_letters(label):
    study = study_with(label)
    areas = areas_with(label).assign(name=[label, "Ωμέγα", "& <и>"])
    book = build_workbook(cells_of(study, areas), TABLES, wording_of(study))["workbook"]
    texts = {cell.value for sheet in openpyxl.load_workbook(io.BytesIO(book)) for row in sheet for cell in row}
    assert {label, "Ωμέγα", "& <и>", f"{label} 0"} <= texts
    assert not any("\ue000" in str(text) for text in texts)


@pytest.mark.fault("PUB-06")
@pytest.mark.parametrize("label", ["学校", "Café 🏫"])
def test_a_letter_that_the_typeface_lacks_is_a_box_and_the_note_says_so(label):
    drawn, pages, said = outputs(label)
    assert [text for text in said if "lyph" in text] == []
    shown = [(picture, words) for picture, words in zip(drawn["svg"], drawn["words"], strict=True) if "□" in picture]
    assert shown and all(LACKING in words["note"] for _, words in shown)
    assert all(label in Page(html).text for html in pages), "pages have the letters"
    assert any(label in value for value in drawn["data"][0].to_numpy().ravel() if isinstance(value, str)) or any(
        label in " ".join(frame.astype("str").to_numpy().ravel()) for frame in drawn["data"]
    )


@pytest.mark.fault("DES-02")
def test_an_area_whose_change_comes_from_all_others_is_marked_and_not_told_as_its_own():
    study, areas = made_study(), made_areas(["east-end", "northam", "south-bank"])
    cells = made_cells(study, areas)
    letter = areas.set_index("area").loc["northam", "letter"]
    own = (cells["table"] == "change_by_area") & (cells["area_letter"] == letter) & (cells["column"] != "raw")
    cells["status"] = cells["status"].mask(own & cells["value"].notna(), "u")
    table = html_table("change_by_area", Lookup(cells), wording_of(study), study, "calm")
    (entries,) = [numbers for anchor, _, numbers in table.rows if anchor.endswith(f"area-{letter.lower()}")]
    assert any(text.endswith(" [u]") for text in entries) and table.notes[-1].startswith("[u] low reliability")
    figure = next(one for one in planned_figures(study) if one["kind"] == "change_by_area")
    drawn = draw_figures(cells, [figure], study)
    assert f"District {letter}" in drawn["words"][0]["note"] and f"District {letter}<" not in drawn["svg"][0]
    frame = (asset("base.html.jinja"), asset("pack.html.jinja"), asset("style.css"))
    packs = dict(
        zip(areas["area"], write_packs(cells, areas, *frame, areas["area"].tolist(), [], study)["packs"], strict=True)
    )
    assert "<svg" not in packs["northam"] and "<svg" in packs["south-bank"]
