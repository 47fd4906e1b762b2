"""A study whose every label would do harm, run from its deliveries to its pages: nothing made from it does."""

import csv
import json
import re
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
import yaml
from docx import Document
from lxml import etree, html

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))
from flow import snakemake
from hostile_study import HOSTILE, REFUSED, hostile_study
from seen import faults

from pilot_eval.cli import main
from pilot_eval.spreadsheet import formula
from pilot_eval.template import CONTROLS

NUMBER = re.compile(r"-[\d.,]+(e-?\d+)?%?")
#: Pages of each kind that are opened in a browser.
OPENED = (
    "index.html", "qa/index.html", "verify/index.html", "report/report.html", "report/summary.html",
    "packs/elm-vale.html", "packs/tor-hill.html", "good_practice/rain_barrels.html", "notebooks/tour.html",
)  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The finished results of the study, and the texts that stand in it."""
    study, placed = hostile_study(tmp_path_factory.mktemp("hostile") / "study")
    done = snakemake(study)
    assert done.returncode == 0, done.stderr
    return study / "results", placed


def files(results, end):
    found = sorted(results.rglob(f"*.{end}"))
    assert found, end
    return found


def shape(tree):
    """Of every element its name and those of its attributes, wherever it stands."""
    elements = (one for one in tree.iter() if isinstance(one.tag, str))
    return {(one.tag, *sorted(one.attrib)) for one in elements}


def scripts(tree):
    return [one.text for one in tree.iter("script")]


def page(path):
    return html.document_fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))


def test_every_text_of_the_list_stands_somewhere(made):
    _, placed = made
    assert len(placed) > 3 * len(HOSTILE)
    assert all(any(text.startswith(one) for text in placed.values()) for one in HOSTILE)


def test_pages_have_no_element_and_no_attribute_that_those_of_an_ordinary_study_lack(made, finished):
    results, _ = made
    ordinary = {path.relative_to(finished / "results"): page(path) for path in files(finished / "results", "html")}
    known = set().union(*map(shape, ordinary.values()))
    for path in files(results, "html"):
        tree = page(path)
        assert shape(tree) - known == set(), path
        assert scripts(tree) == scripts(ordinary[path.relative_to(results)]), path
        links = {one.get(name) for name in ("href", "src", "action") for one in tree.iter() if one.get(name)}
        assert not [link for link in links if re.match(r"\s*\w+:", link) and not link.startswith("data:")], path
        assert not CONTROLS.search(path.read_text("utf-8")), f"{path} turns text around"


def test_pages_let_the_texts_be_read(made):
    results, placed = made
    said = " ".join(page(results / "report/report.html").text_content().split())
    for place, text in placed.items():
        if place.startswith("models.outcomes.") and place.endswith(".label"):
            assert " ".join(CONTROLS.sub("", text).split()) in said, place


def test_nothing_breaks_a_rule(made):
    results, _ = made
    for name in ("workbook", "figure", "page"):
        with (results / f"qa/{name}_rules.csv").open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert len(rows) > 20 and [row for row in rows if row["places"] != "0"] == []


@pytest.mark.fault("PUB-01")
def test_no_cell_is_a_formula(made):
    results, _ = made
    for path in files(results, "csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            cells = [cell for row in csv.reader(stream) for cell in row]
        assert [cell for cell in cells if formula(cell) and not NUMBER.fullmatch(cell)] == [], path
        assert not any(line in cell for cell in cells for line in "\r\n\u2028"), path
    book = openpyxl.load_workbook(results / "workbook.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell for cell in cells if cell.data_type == "f"] == []
    assert [cell for cell in cells if isinstance(cell.value, str) and formula(cell.value)] == []
    with zipfile.ZipFile(results / "workbook.ods") as archive:
        content = etree.fromstring(archive.read("content.xml"))
    assert not [one for one in content.iter() if any(name.endswith("}formula") for name in one.attrib)]
    said = ["".join(one.itertext()) for one in content.iter("{*}p")]
    assert said and [text for text in said if formula(text) and not NUMBER.fullmatch(text)] == []
    links = [one.get(name) for one in content.iter("{*}a") for name in one.attrib if name.endswith("}href")]
    assert all(link.startswith("#") for link in links)


def test_pictures_are_valid_and_have_no_element_that_those_of_an_ordinary_study_lack(made, finished):
    results, _ = made
    known = set().union(*(shape(etree.parse(path)) for path in files(finished / "results", "svg")))
    for path in files(results, "svg"):
        tree = etree.parse(path)
        assert {one[0] for one in shape(tree)} <= {one[0] for one in known}, path
        assert not [name for one in shape(tree) for name in one[1:] if name.startswith("on")], path
        assert not CONTROLS.search(path.read_text("utf-8")), f"{path} turns text around"
    for path in files(results, "json"):
        json.loads(path.read_text("utf-8"))


def test_documents_read_back_and_lead_nowhere_else(made):
    results, placed = made
    said = {}
    for path in files(results, "docx"):
        document = Document(path)
        links = [link.target_ref for link in document.part.rels.values() if link.is_external]
        assert not [link for link in links if re.match(r"\s*\w+:", link)], path
        with zipfile.ZipFile(path) as archive:
            text = archive.read("word/document.xml").decode("utf-8")
        assert not re.search(r"w:instrText|w:fldSimple|w:object|w:control", text), path
        said[path.stem] = " ".join("".join(one.itertext()) for one in document.element.body.iter("{*}p"))
    label = placed["models.outcomes.belonging.label"]
    assert all(" ".join(label.split()) in " ".join(text.split()) for text in said.values())


def test_a_browser_runs_nothing_asks_for_nothing_and_scrolls_nothing_sideways(made, browser):
    results, _ = made
    for name in OPENED:
        for width in (320, 1280):
            with browser.open(results / name, width) as page:
                assert faults(page) == [], (name, width)


@pytest.mark.parametrize("name", [f"{text} Town" for text in REFUSED])
def test_area_names_are_refused_that_no_place_has(name, tmp_path, capsys):
    """What they stand in leaves the study: titles, pictures, packs. Other spellings of them may be anything."""
    study, _ = hostile_study(tmp_path / "study")
    file = study / "config/study.yaml"
    config = yaml.safe_load(file.read_text("utf-8"))
    config["areas"][0]["name"] = name
    file.write_text(yaml.safe_dump(config, allow_unicode=True, sort_keys=False), encoding="utf-8")
    assert main(["check", "--study", str(file)]) == 1
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "STOP" in line]
    assert line.startswith("[REG-10] STOP config/study.yaml, column areas: saw ")
    assert line.endswith("expected letters, digits, spaces and & ' ( ) , . - only. Correct the name.")
    assert line.isprintable()
