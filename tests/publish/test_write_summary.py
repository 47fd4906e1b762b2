"""The summary: what was found, in plain words, on one sheet."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))
from devtools import found
from made import kept_cells, made_areas, made_study, without_estimates
from pages import Page, asset, conventions, written_numbers

from pilot_eval.publish.draw_figures import draw_figures
from pilot_eval.publish.figures.plan import SUMMARY, planned_figures
from pilot_eval.publish.lookup import Lookup
from pilot_eval.publish.write_summary import FINDINGS, LETTERS, LIMITS, write_summary

AREAS = made_areas(["east-end", "northam", "south-bank", "westbury", "midmoor"])
STUDY = {**made_study(), "agreements": [{"id": "liked", "label": "We liked it"}]}
BROWSER = found()
LONG = "Aggleton-under-Wychwood and the Fields beyond the River, as people there say it " * 4


def summary_of(study=STUDY, change=lambda cells: cells):
    cells = change(kept_cells(study, AREAS, ("northam",)))
    plan = [one for one in planned_figures(study) if one["name"] == SUMMARY]
    drawn = draw_figures(cells, plan, study)
    assets = [asset(name) for name in ("base.html.jinja", "summary.html.jinja", "style.css", "summary.css")]
    return write_summary(cells, drawn["svg"][0], drawn["words"][0], *assets, study)["summary"]


@pytest.fixture(scope="module")
def html():
    return summary_of()


def told(html):
    return " ".join(Page(html).text.split())


def many(outcomes):
    """A study with so many headline outcomes, whose labels are as long as labels get."""
    one = {**STUDY["outcomes"][0], "scale": None, "item": "speed"}
    found = [{**one, "id": f"calm{at}", "label": f"{LONG[:290]} {at}"} for at in range(outcomes)]
    return {**STUDY, "limits": [LONG] * 3, "outcomes": found, "fits": [["main", outcome["id"]] for outcome in found]}


def test_it_keeps_the_conventions_of_accessible_pages(html):
    assert conventions(html) == []
    assert written_numbers(asset("summary.html.jinja")) == []
    assert "Synthetic data." in html and "Draft." in html


def test_its_numbers_are_published_and_lead_to_the_rows_of_the_report(html):
    cells = Lookup(kept_cells(STUDY, AREAS, ("northam",)))
    published = {(cell.anchor, cell.text) for cell in cells.by_id.values()}
    links = re.findall(r'<a class="num" href="report\.html#([^"]+)">([^<]+)</a>', html)
    assert len(links) >= 9 and set(links) <= published
    assert "78.3% of the nurses who were asked agreed, plausibly between 74.2% and 82.0%" in told(html)


def test_it_says_the_headlines_who_answered_and_what_cannot_be_concluded(html):
    text = told(html)
    assert re.search(r"Calm was higher at Round 3 than at Round 1\. The change is 0\.\d\d, plausibly between", text)
    assert "Speed & $care$ was" not in text  # no headline: the figure has it
    assert re.search(r"Round 1: \d+ nurses\. Round 3: \d+ nurses, of whom −?\d+ had answered at Round 1 too", text)
    assert "Not why." in text and "Nothing was compared with other wards." in text


def test_what_is_not_known_is_said_to_be():
    assert "a change could not be estimated" in told(summary_of(change=without_estimates))

    def hidden(cells):
        own = cells["table"].str.startswith("change_overall")
        return cells.assign(status=cells["status"].mask(own, "c"), value=cells["value"].mask(own))

    assert "too few answered for a change to be shown" in told(summary_of(change=hidden))


def test_it_takes_as_much_as_a_sheet_holds():
    html = summary_of(many(FINDINGS + 2))
    findings = html[html.index('<ul class="findings">') : html.index("<figure")]
    assert findings.count("<li>") == LETTERS // 292
    assert html[html.index('id="limits"') :].count("<li>") == 1
    assert "There are further main findings." in told(html)
    few = summary_of({**STUDY, "limits": [LONG[:100]] * 9})
    assert few[few.index('id="limits"') :].count("<li>") == 1 + LIMITS // 100
    assert "further main findings" not in told(few)


@pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine to print with")
@pytest.mark.parametrize(
    "study", [STUDY, {**many(FINDINGS), "limits": [LONG[:110]] * 9}], ids=["few words", "many words"]
)
def test_it_prints_on_one_sheet_of_a4(study, tmp_path):
    page, printed = tmp_path / "summary.html", tmp_path / "summary.pdf"
    page.write_text(summary_of(study), encoding="utf-8")
    subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={printed}", page.as_uri()],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    content = printed.read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 1
    width, height = map(float, re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", content).groups())
    assert (round(width), round(height)) == (595, 842)
