"""The way in."""

import itertools
import re
from pathlib import Path

import pytest

import pilot_eval
from pilot_eval.verify.write_index import size, write_index

ASSETS = Path(pilot_eval.__file__).parent
STUDY = {
    "title": "Small <Trial>", "short_title": "Trial", "organisation": "Us", "geography": "Here", "period": "2020",
    "synthetic": True, "release": "1", "final": False, "areas_public_as": "name", "words": {"area": "valley"},
}  # fmt: skip
FILES = {
    "results/report/report.html": 2_400_000, "results/report/report.docx": 3_300_000,
    "results/packs/north.html": 40_000, "results/packs/north.docx": 70_000, "results/packs/south.docx": 80_000,
    "results/workbook.xlsx": 90_000,
    "results/tables/flow.csv": 1250, "results/tables/catalogue.json": 10, "results/figures/change_by_area.svg": 5000,
    "results/figures/change_by_area.png": 9000, "results/figures/change_by_area.csv": 700, "results/ledger.csv": 999,
    "results/qa/index.html": 5000,
}  # fmt: skip


def write(study):
    return write_index(
        checked={path: {"bytes": count, "sha256": "x"} for path, count in FILES.items()},
        verdict={"verdict": "reproduced", "sentence": "All 12 published numbers came out again."},
        checks=[{"check": "No row is lost", "result": "Passed", "detail": "in 9 steps"}],
        titles={"flow": {"title": "Flow of people"}}, study=study,
        base=(ASSETS / "publish/assets/base.html.jinja").read_text("utf-8"),
        style=(ASSETS / "publish/assets/style.css").read_text("utf-8"),
        page=(ASSETS / "verify/assets/index.html.jinja").read_text("utf-8"),
    )["html"]  # fmt: skip


@pytest.fixture(scope="module")
def html():
    return write(STUDY)


def test_every_output_has_a_link_and_a_size(html):
    links = set(re.findall(r'href="([^"#]+)"', html))
    wanted = {path.removeprefix("results/") for path in FILES if not path.endswith("catalogue.json")}
    assert wanted <= links
    assert {"verify/index.html", "manifest.json"} <= links
    assert "2.4 MB" in html and "999 bytes" in html


def test_it_says_the_verdict_the_checks_and_that_data_are_synthetic(html):
    for text in ("Reproduced.", "No row is lost", "Passed", "Synthetic data", "Draft", "Flow of people"):
        assert text in html
    assert "Small &lt;Trial&gt;" in html and "<Trial>" not in html


def test_where_areas_are_shown_by_letter_no_file_name_names_them():
    html = write({**STUDY, "areas_public_as": "letter"})
    assert "north" not in html
    assert "1 page (40.0 kB) and 2 documents (150.0 kB) in the folder packs" in html and "south" not in html
    assert "its own valley only" in html


def test_headings_do_not_skip_a_level_and_nothing_comes_from_elsewhere(html):
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert not re.search(r'(?:src|href)="https?:', html)


@pytest.mark.parametrize(("count", "text"), [(0, "0 bytes"), (1, "1 byte"), (1000, "1.0 kB"), (3_460_000, "3.5 MB")])
def test_sizes(count, text):
    assert size(count) == text
