"""Every sentence of packs, findings, report and figures against the tables that go out beside them."""

import json
import re
import sys
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "publish"))
from said import Tables, read_findings, text_of, wrong_figure, wrong_findings, wrong_headlines, wrong_pack

ROOT = Path(__file__).resolve().parents[2]
#: What a study's tables call its areas, and the least statements of a pack that are worked out anew.
MINI, SHIPPED = ("name", 5), ("letter", 20)


def study_of(which, request):
    """A finished run: the mini study's, or the shipped one's where it has been run here."""
    if which == "mini":
        return request.getfixturevalue("finished"), *MINI
    manifest = ROOT / "results" / "manifest.json"
    if not manifest.is_file() or not (ROOT / "data/processed/register").is_dir():
        pytest.skip("the shipped study has not been run here")
    code = json.loads(manifest.read_text("utf-8"))["code"]
    for path, known in code.items():
        if not (ROOT / path).is_file() or sha256((ROOT / path).read_bytes()).hexdigest() != known["sha256"]:
            pytest.skip(f"the results here were made by other code: {path} has changed since")
    return ROOT, *SHIPPED


@pytest.fixture(scope="module", params=["mini", "shipped"])
def run(request):
    """Folder, tables, findings, waves by label, and the areas as code and public name."""
    folder, public, least = study_of(request.param, request)
    tables = Tables(folder / "results")
    waves = {row["wave_label"]: row["wave"] for identity, row in tables.by_id.items()
             if identity.startswith("response_by_area.") and row["wave"]}  # fmt: skip
    areas = pd.read_parquet(folder / "data/processed/register/read_registers/areas.parquet")
    named = dict(zip(areas["area"], areas[public], strict=True))
    return folder / "results", tables, read_findings(folder / "results"), waves, named, least


def test_findings_say_what_their_cells_say(run):
    _, tables, findings, _, _, _ = run
    assert wrong_findings(tables, findings) == []
    assert all(finding["ids"] or finding["verdict"] in ("too few to say", "not available") for finding in findings)


def test_packs_say_what_the_tables_say(run):
    results, tables, findings, waves, named, least = run
    said = {finding["finding"] for finding in findings}
    for code, public in named.items():
        page = (results / "packs" / f"{code}.html").read_text("utf-8")
        faults, checked = wrong_pack(tables, page, public, said, waves)
        assert faults == [], code
        assert checked >= least, code


def test_the_report_tells_the_findings_as_they_are(run):
    results, _, findings, _, _, _ = run
    report = text_of((results / "report" / "report.html").read_text("utf-8")).replace(" ", "")
    assert [one["finding"] for one in findings if one["finding"].replace(" ", "") not in report] == []


def test_the_report_s_headlines_go_by_interval_and_adjusted_test(run):
    results, tables = run[:2]
    page = (results / "report" / "report.html").read_text("utf-8")
    assert wrong_headlines(tables, page) == []
    label = next(iter(tables.outcomes()))
    turned = re.sub(rf"({re.escape(label)}[^<]*) was higher at", r"\1 was lower at", page)
    assert turned == page or wrong_headlines(tables, turned) != []


def test_words_of_figures_have_the_numbers_that_are_drawn(run):
    results, waves = run[0], run[3]
    figures = sorted(path.stem for path in (results / "figures").glob("*.json"))
    assert figures and [fault for name in figures for fault in wrong_figure(results, name, waves)] == []


@pytest.fixture(scope="module")
def packs(finished):
    """Of the mini study: tables, what its findings say, waves by label, and pages without marks in sentences."""
    tables, findings = Tables(finished / "results"), read_findings(finished / "results")
    waves = {row["wave_label"]: row["wave"] for row in tables.by_id.values() if row["wave"]}
    areas = pd.read_parquet(finished / "data/processed/register/read_registers/areas.parquet")
    pages = {
        name: re.sub(r"</?span[^>]*>", "", (finished / "results/packs" / f"{code}.html").read_text("utf-8"))
        for code, name in zip(areas["area"], areas["name"], strict=True)
    }
    return tables, {finding["finding"] for finding in findings}, waves, pages


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"the change is (?:<[^>]+>)?(\d\.\d\d)", "9.99"),
        (r"estimated to have (risen)", "fallen"),
        (r"(lies within that interval: the two cannot be told apart)", "is another"),
        (r"<td class=\"n\">(\d\.\d\d)", "7.77"),
    ],
)
def test_a_contradiction_planted_in_a_pack_is_found(old, new, packs):
    tables, said, waves, pages = packs
    hits = {name: hit for name, page in pages.items() if (hit := re.search(old, page))}
    assert hits, "nothing to plant it in"
    for name, hit in hits.items():
        page = pages[name][: hit.start(1)] + new + pages[name][hit.end(1) :]
        assert wrong_pack(tables, page, name, said, waves)[0] != []


def test_a_contradiction_planted_in_a_finding_is_found(packs):
    tables = packs[0]
    risen = [
        cells for (table, *_), cells in tables.places.items()
        if table == "change_overall" and cells["low"]["value"] and float(cells["low"]["value"]) > 0
    ]  # fmt: skip
    own = {name: risen[0][name]["shown"] for name in ("estimate", "low", "high")}
    text = "It rose by {estimate} points on a 1 to 5 scale (95% interval {low} to {high})."
    ids = " ".join(risen[0][name]["id"] for name in own)

    def finding(words, **changed):
        return {"question": "q", "verdict": "up", "ids": ids, "finding": words.format(**{**own, **changed})}

    assert wrong_findings(tables, [finding(text)]) == []
    assert wrong_findings(tables, [finding(text, estimate="9.99")]) != []
    assert wrong_findings(tables, [finding(text.replace("rose", "fell"))]) != []
    assert wrong_findings(tables, [finding(text.replace("It rose by", "There was no clear change:"))]) != []
