"""Pages of good practice: the text as it was written, and nothing that a page must not do."""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from made import made_study
from pages import Page, asset, conventions, written_numbers

from pilot_eval.publish.printed import printed
from pilot_eval.publish.write_good_practice import rendered, write_good_practice
from pilot_eval.study import load_study

ROOT = Path(__file__).resolve().parents[2]
CAUSAL = re.compile(r"\b(caus\w+|led to|resulted? in|impact|effects?|due to|thanks to|because of|improved)\b", re.I)
HEAD = "---\ntitle: Open <windows>\nfactors: [light]\n---\n"
FACTORS = [
    {"label": "Light & air", "pages": [{"name": "windows", "title": "Open <windows>"}, {"name": "b", "title": "B"}]},
    {"label": "Doors", "pages": [{"name": "windows", "title": "Open <windows>"}]},
]


def page_of(text, area=None, **changes):
    study = {**made_study(), "good_practice": FACTORS, **changes}
    assets = (asset("base.html.jinja"), asset("good_practice.html.jinja"), asset("style.css"))
    about = [{"name": "windows", "title": "Open <windows>", "area": area}]
    return write_good_practice([HEAD + text], *assets, about, study)["pages"][0]


def test_a_page_has_its_text_its_factors_and_the_ways_on():
    html = page_of("## Done\n\n*Windows* were opened.\n", "K")
    assert conventions(html) == [] and written_numbers(asset("good_practice.html.jinja")) == []
    text = " ".join(Page(html).text.split())
    assert "Critical success factors: Light & air; Doors · District K" in text
    assert "<h2>Done</h2>" in html and "<em>Windows</em>" in html and "title:" not in text
    assert 'href="b.html"' in html and "Open <windows> (this page)" in text
    assert "it does not show what it brought about" in text and "Synthetic data." in text and "Draft." in text


def test_a_letter_means_nothing_where_areas_are_published_by_name():
    assert "District" not in page_of("x", "K", areas_public_as="name")


@pytest.mark.parametrize(
    "nasty",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))",
        "![x](https://elsewhere.example/a.png)", "<!-- -->", "<https://elsewhere.example/><style>p{}</style>",
        "\u202egnikool", "```\n<b>\n```",
    ],
)  # fmt: skip
def test_a_text_cannot_do_anything(nasty):
    html = page_of(f"Before.\n\n{nasty}\n\nAfter.")
    body = html[html.index("<main") :]
    assert not re.search(r"<(script|img|style|b)\b|javascript:[^&<]*\"|<!--", body) and "\u202e" not in html
    assert conventions(html) == [] and "Before." in body and "After." in body


@pytest.mark.parametrize(
    ("text", "levels"),
    [("# a\n# b", "22"), ("#### a\n###### b\n#### c", "232"), ("## a\n\n##### b\n## c\n### d", "2323"),
     ("a\n=\n\nb\n-", "23"), ("###### a\n# b", "22")],
)  # fmt: skip
def test_headings_begin_below_the_page_s_own_and_skip_no_level(text, levels):
    assert "".join(re.findall(r"<h(\d)>", rendered(text))) == levels
    assert conventions(page_of(text)) == []


def test_the_shipped_pages_are_short_synthetic_and_say_nothing_of_causes():
    study = load_study(ROOT)
    assert 3 <= len(study.good_practice) <= 6
    for page in study.good_practice:
        assert "Synthetic example" in page.text.partition("\n\n")[0]
        assert CAUSAL.search(page.text) is None and len(page.text.split()) < 250
    listed = printed(study, "good_practice")["good_practice"]
    assert {page["name"] for factor in listed for page in factor["pages"]} == {
        page.name for page in study.good_practice
    }
    assert [factor["label"] for factor in listed] == sorted(
        (factor["label"] for factor in listed), key=list(study.config.evidence[-1].items.values()).index
    )
