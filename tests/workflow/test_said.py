"""Every sentence of packs, findings, report and figures against the tables that go out beside them."""

import re
import shutil
import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "publish"))
from said import Tables, read_findings, text_of, wrong_figure, wrong_findings, wrong_pack

ROOT = Path(__file__).resolve().parents[2]
#: What a study's tables call its areas, and the least statements of a pack that are worked out anew.
MINI, SHIPPED = ("name", 5), ("letter", 20)


def study_of(which, request):
    """A finished run: the mini study's, or the shipped one's where it has been run here."""
    if which == "mini":
        return request.getfixturevalue("finished"), *MINI
    if not (ROOT / "results" / "packs").is_dir() or not (ROOT / "data/processed/register").is_dir():
        pytest.skip("the shipped study has not been run here")
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
    assert any(finding["ids"] for finding in findings)


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


def test_words_of_figures_have_the_numbers_that_are_drawn(run):
    results = run[0]
    figures = sorted(path.stem for path in (results / "figures").glob("*.json"))
    assert figures and [fault for name in figures for fault in wrong_figure(results, name)] == []


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("pack", r"the change is <?[^<]*?(\d\.\d\d)", "9.99"),
        ("pack", r"estimated to have (risen)", "fallen"),
        ("pack", r"that interval: (the two cannot be told apart)", "nothing"),
        ("pack", r"<td class=\"n\">(\d\.\d\d)", "7.77"),
        ("finding", r"by (\d\.\d\d)", "9.99"),
        ("finding", r"(rose) by", "fell"),
    ],
)
def test_a_planted_contradiction_is_found(part, old, new, finished, tmp_path):
    tables, findings = Tables(finished / "results"), read_findings(finished / "results")
    said = {finding["finding"] for finding in findings}
    waves = {row["wave_label"]: row["wave"] for row in tables.by_id.values() if row["wave"]}
    areas = pd.read_parquet(finished / "data/processed/register/read_registers/areas.parquet")
    found = False
    if part == "finding":
        for finding in findings:
            hit = re.search(old, finding["finding"])
            if hit:
                text = finding["finding"]
                changed = {**finding, "finding": text[: hit.start(1)] + new + text[hit.end(1) :]}
                assert wrong_findings(tables, [changed]) != []
                found = True
    for area in areas.to_dict("records") if part == "pack" else ():
        page = (finished / "results/packs" / f"{area['area']}.html").read_text("utf-8")
        hit = re.search(old, re.sub(r"<span[^>]*>|</span>", "", page))
        page = re.sub(r"<span[^>]*>|</span>", "", page)
        if hit:
            page = page[: hit.start(1)] + new + page[hit.end(1) :]
            assert wrong_pack(tables, page, area["name"], said, waves)[0] != []
            found = True
    assert found, "nothing to plant it in"
    shutil.rmtree(tmp_path, ignore_errors=True)
