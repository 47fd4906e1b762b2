"""Area packs: each speaks of its own area, compares fairly, and gives nothing of another away."""

import math
import re
import sys
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from made import kept_cells, made_areas, made_study, without_estimates
from pages import Page, asset, conventions

from pilot_eval.faults import counted
from pilot_eval.publish.figures.plan import headlines
from pilot_eval.publish.lookup import Lookup, Row
from pilot_eval.publish.questions import ALWAYS, Rating, Standing, questions
from pilot_eval.publish.sentences_change import change_sentence
from pilot_eval.publish.strip import Strip, draw_strip, limits
from pilot_eval.publish.write_packs import pack, write_packs

STUDY = made_study()
AREAS = made_areas(["east-end", "northam", "south-bank", "westbury", "midmoor"])
CELLS = kept_cells(STUDY, AREAS, ("northam",))
CODES = AREAS["area"].tolist()
ASKED = [
    {"question": f"{name}_rose", "kind": "change", "contrast": "overall", "asks": "Did it rise?", "family": "primary",
     "roles": [], "matched": False, "areas": "districts", "label": name,
     "outcome": {key: outcome[key] for key in ("id", "label", "unit")}}
    for outcome in STUDY["outcomes"] for name in [outcome["id"]]
]  # fmt: skip


@pytest.fixture(scope="module")
def packs():
    return written(AREAS)


def written(areas, cells=CELLS):
    args = (asset("base.html.jinja"), asset("pack.html.jinja"), asset("style.css"), CODES, ASKED, STUDY)
    return dict(zip(CODES, write_packs(cells, areas, *args)["packs"], strict=True))


def letter(code):
    return AREAS.set_index("area").loc[code, "letter"]


def test_every_area_has_a_page_that_keeps_the_conventions(packs):
    for code, html in packs.items():
        assert conventions(html) == [], code
        assert "Synthetic data." in html


def test_a_pack_leads_to_good_practice_by_critical_success_factor(packs):
    for html in packs.values():
        listed = html[html.index('id="practice"') : html.index('id="questions"')]
        assert '<li>Light &amp; air: <a href="../good_practice/windows.html">Open &lt;windows&gt;</a>.</li>' in listed
    none = {**STUDY, "good_practice": []}
    args = (asset("base.html.jinja"), asset("pack.html.jinja"), asset("style.css"), CODES, ASKED, none)
    assert all("ood practice" not in html for html in write_packs(CELLS, AREAS, *args)["packs"])


def test_a_pack_names_its_area_and_no_other(packs):
    for code, html in packs.items():
        names = dict(zip(CODES, AREAS["name"], strict=True))
        own = names.pop(code)
        text = Page(html).text
        assert f"{own}: your results" in text
        for other, name in names.items():
            assert name not in html.replace(own, "") and other not in html.replace(code, "")
        assert not re.search(r"\b(area-[a-z]|District [A-Z])\b", html)


def test_the_programme_is_told_in_the_report_s_own_sentences(packs):
    main = [one for one in ASKED if one["outcome"]["id"] in {outcome["id"] for outcome in headlines(STUDY["outcomes"])}]
    said = [change_sentence(Lookup(CELLS), one).text for one in main]
    assert 0 < len(said) < len(ASKED) and all(re.search(r"\d\.\d", sentence) for sentence in said)
    for html in packs.values():
        items = Page(html).text
        assert all(" ".join(sentence.split()) in " ".join(items.split()) for sentence in said)
    others = [change_sentence(Lookup(CELLS), one).text for one in ASKED if one not in main]
    assert not any(sentence in Page(html).text for sentence in others for html in packs.values())


def test_whose_page_it_is_hangs_on_no_order_of_areas(packs):
    assert written(AREAS.sort_values("letter")) == packs
    assert written(AREAS.iloc[::-1]) == packs


def test_its_sentences_agree_with_the_cells(packs):
    lookup = Lookup(CELLS)
    for code in CODES:
        row = lookup.row("change_by_area", outcome="calm", area=letter(code))
        text = " ".join(Page(packs[code]).text.split())
        if not row.known("estimate"):
            continue
        assert row.shown("estimate") in text and f"{row.shown('low')} to {row.shown('high')}" in text
        programme = lookup.change("calm").value("estimate")
        within = row.value("low") <= programme <= row.value("high")
        section = text[text.index("Calm is estimated") if "Calm is estimated" in text else text.index("Calm shows") :]
        assert ("cannot be told apart" in section.split("Change in")[0]) == within


def test_no_area_is_told_that_it_answered_too_little_when_no_model_could_be_fitted():
    for page in written(AREAS, without_estimates(CELLS)).values():
        assert conventions(page) == []
        text = Page(page).text
        assert "No change could be estimated" in text and "Too few answers to show" not in text


def test_too_few_answers_get_a_page_that_says_so(packs):
    text = Page(packs["northam"]).text
    assert "Too few answers to show results" in text
    assert "<svg" not in packs["northam"]
    assert len(re.findall(r"<li>", packs["northam"].split('class="questions"')[1])) == 3


def test_every_pack_has_three_different_questions(packs):
    for html in packs.values():
        asked = re.findall(r"<li>(.*?)</li>", html.split('class="questions"')[1])
        assert len(set(asked)) == 3


def test_the_others_are_dots_in_no_order_but_their_values():
    own = pack(Lookup(CELLS), letter("westbury"), STUDY)["results"][0]
    places = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', own["strip"])]
    assert len(places) == len(CODES) - 2 and places == sorted(places)


def test_it_is_no_league_table(packs):
    for html in packs.values():
        assert not re.search(r"\brank(ed|ing)?\b|\bbest of\b|\bworst\b", Page(html).text)


def standing(lead, way="up", beside="alike", label="Trust"):
    row = Row("t", "r", "", "", "", "", "", "", {})
    return Standing({"label": label, "higher_is_better": True}, row, None, way, beside, lead)


def scores_of(html):
    """Rows of the table of scores: their texts."""
    table = html.partition('id="scores-caption"')[2].partition("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    return [list(map(unescape, re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL))) for row in rows]


def test_scores_stand_wave_by_wave_beside_those_of_all(packs):
    lookup = Lookup(CELLS)
    heads, *rows = scores_of(packs["westbury"])
    assert heads[2:] == [f"{wave['label']}, {who}" for wave in STUDY["waves"] for who in ("here", "all districts")]
    for row, outcome in zip(rows, STUDY["outcomes"], strict=True):
        found = [
            lookup.row(table, outcome["id"], area, group, wave["id"]).shown("mean")
            for wave in STUDY["waves"]
            for table, area, group in (("means_by_area", letter("westbury"), ""), ("means", "", "all"))
        ]
        assert row == [outcome["label"], outcome["unit"], *found]


def test_a_pack_after_the_first_wave_alone_tells_what_there_is():
    first = STUDY["waves"][0]
    early = without_estimates(CELLS)
    early = early.loc[early["wave"].isin(["", first["id"]]) | early["table"].str.startswith("change_")]
    page = written(AREAS, early)["westbury"]
    text = Page(page).text
    assert conventions(page) == []
    assert "No change can be told yet" in text and "Scores so far" in text and "the change above" not in text
    heads, *rows = scores_of(page)
    assert len(heads) == 4 and len(rows) == len(STUDY["outcomes"])


def test_questions_follow_the_results():
    rating = Rating("Light", "Second visit", "Poor", False)
    found = questions(
        [standing(0.4, beside="more"), standing(-0.9, "open", "less", "Pace")], rating, True, STUDY["words"]
    )
    assert found[0].startswith("Trust: the change here is more favourable")
    assert found[1].startswith("Pace: the change here is less favourable")
    assert "“Light” was rated lowest" in found[2]
    assert questions([], None, True, STUDY["words"])[0].startswith("Fewer nurses answered")
    assert questions([], Rating("Light", "", "Good", True), False, STUDY["words"]) == list(ALWAYS)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ((-0.2,), "furthest behind the programme, though not clearly so"),
        ((0.1,), "here the change is clear, and of all your results this one is nearest to the programme's"),
        ((0.0, "up", "unknown"), "Pace: here the change is clear. What would move it further?"),
        ((-0.2, "open"), "here no clear change can be seen"),
    ],
)
def test_the_weakest_result_is_told_as_it_stands(made, said):
    found = questions([standing(0.4), standing(*made, label="Pace")], None, False, STUDY["words"])
    assert said in found[1]


@pytest.mark.parametrize("way", ["open", "down"])
def test_without_the_programme_nothing_stands_beside_it(way):
    (first, *_) = questions([standing(0.0, way, "unknown")], None, False, STUDY["words"])
    assert "programme" not in first and "here" in first
    assert "best beside the programme" in questions([standing(0.0, way)], None, False, STUDY["words"])[0]


def test_what_was_rated_lowest_is_told_alone_among_others_or_as_alike():
    told = [questions([], Rating("Light", "Second visit", "Poor", False, *how), False, STUDY["words"])[0]
            for how in ((True, False), (False, False), (False, True))]  # fmt: skip
    assert "“Light” was rated lowest here" in told[0] and "among what was rated lowest" in told[1]
    assert told[2].startswith("Everything that was rated at “Second visit” was rated alike here: “Poor”.")
    assert "lowest" not in told[2]


def test_a_number_goes_with_its_noun():
    assert [counted(number, "clinic") for number in (0, 1, 2, 1234)] == ["0 clinics", "1 clinic", "2 clinics",
                                                                        "1,234 clinics"]  # fmt: skip
    assert counted(2, "school or service", "schools and services") == "2 schools and services"
    assert (counted(1.0, "month"), counted(2.5, "month")) == ("1 month", "2.5 months")


def test_lower_is_better_counts_the_other_way():
    speed = [result["standing"] for result in pack(Lookup(CELLS), letter("westbury"), STUDY)["results"]][1]
    gap = speed.row.value("estimate") - speed.whole.value("estimate")
    assert math.copysign(1, speed.lead) == -math.copysign(1, gap) or gap == 0


numbers = st.floats(-50, 50).map(lambda value: round(value, 2))


@given(numbers, numbers, st.lists(numbers, max_size=30))
def test_everything_of_a_strip_lies_inside_it(own, whole, others):
    strip = Strip(own, own - 1, own + 1, whole, others)
    svg = draw_strip(strip, limits([strip]), f"Here {own}", f"All {whole}", "words <&>")
    places = [float(x) for x in re.findall(r'(?:cx|x1|x2)="(-?[\d.]+)"', svg)]
    assert all(0 <= place <= 480 for place in places)
    assert "words &lt;&amp;&gt;" in svg
