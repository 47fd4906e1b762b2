"""Labels that would harm, everywhere in a study: in none of its pages anything runs, loads or breaks the layout."""

import io
import sys
import zipfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "publish"))
sys.path.insert(0, str(Path(__file__).parents[1] / "verify"))
import test_write_index
import test_write_qa
from pages import asset
from seen import faults
from test_publish_faults import areas_with, cells_of, outputs, study_with, wording_of

from pilot_eval.publish.build_workbook import build_workbook

RUNS = "<script>alert('hit')</script>\"'><img src=x onerror=\"alert('hit')\"><svg onload=alert('hit')>"
HOSTILE = {
    "markup": RUNS,
    "template": "{{ 7 * 7 }} {% raw %} ${7 * 7} </style></template></script><script>alert('hit')</script>",
    "a formula": "=cmd|' /C calc'!A0",
    "turned text": "\u202eabc\u200f \u2066def\u061c ‏شرق",
    "emoji": "🏫👩‍👩‍👧‍👦 学校",
    "300 letters": "W" * 300,
    "300 characters": ("Joint working of schools and services " * 8)[:300],
}
ALL = " ".join(HOSTILE.values())


def other_pages(label):
    """The quality page and the way in of a study that is called so."""
    words = {name: label for name in ("title", "short_title", "organisation", "geography", "period")}
    qa = test_write_qa.write(
        wording={**test_write_qa.WORDING, **words, "waves": {"t0": label}}, assumptions=[[label] * 3],
        sources=[{**test_write_qa.SOURCE, "supplier": label, "path": f"data/raw/{label}.csv"}],
        base=asset("base.html.jinja"), style=asset("style.css"),
    )  # fmt: skip
    return [qa["html"], test_write_index.write({**test_write_index.STUDY, **words, "words": {"area": label}})]


@pytest.fixture(scope="module")
def pages():
    """Report, packs, quality page and way in, with everything at once in every label."""
    _, published, _ = outputs(ALL, unit=ALL)
    return [*published, *other_pages(ALL)]


@pytest.mark.fault("PUB-02")
def test_nothing_runs_loads_or_breaks_the_layout(browser, pages, tmp_path):
    for at, html in enumerate(pages):
        file = tmp_path / f"{at}.html"
        file.write_text(html, encoding="utf-8")
        for width in (320, 1280):
            with browser.open(file, width) as page:
                # What the script shows of an area is text too.
                page.run("""document.querySelectorAll("#one-area select").forEach((one) => {
                    one.selectedIndex = 1; one.dispatchEvent(new Event("change")); })""")
                assert faults(page) == [], (at, width)
                assert "alert('hit')" in page.run("document.body.innerText"), "it is there to be read"
                assert page.run("document.querySelectorAll('[onerror], [onload]').length") == 0


def test_no_mark_turns_the_text_around(pages):
    for html in pages:
        assert not set("\u202e\u200f\u2066\u061c") & set(html)


@pytest.mark.fault("PUB-01")
@pytest.mark.parametrize("label", HOSTILE.values(), ids=HOSTILE)
def test_no_cell_of_the_opendocument_workbook_is_a_formula_or_more_than_text(label):
    study = study_with(label, unit=label)
    tables = ["change_overall", "change_by_area", "items"]
    ods = build_workbook(cells_of(study, areas_with(label)), tables, wording_of(study))["ods"]
    with zipfile.ZipFile(io.BytesIO(ods)) as archive:
        content = archive.read("content.xml").decode("utf-8")
    assert "table:formula" not in content and "<script" not in content.lower()
    assert 'office:value-type="string"' in content
